// The data as files, made by the page itself.

const BILL_FIELDS = ['qubits', ...COUNTS];

function csv(header, rows) {
  const cell = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** All curves as they are shown, with the lines of the bill; as many digits as there are. */
function curvesCsv({study, curves, choice}) {
  const header = ['kind', 'solver', 'device', 'strategy', 'size', 'seconds', 'low', 'high',
    ...study.lines, 'runs', 'physical_qubits', 'code_distance', ...BILL_FIELDS];
  const finite = (value) => (Number.isFinite(value) ? value : null);
  const rows = curves.flatMap((curve) => [
    ...curve.measured.map(({size, seconds}) => ['measured', curve.label, '', '', size, seconds]),
    ...curve.points.map(({size, seconds, low, high, answer}) => {
      if (curve.kind === 'classical') {
        return ['classical', curve.label, '', '', size, finite(seconds), low, finite(high)];
      }
      const billed = answer ? [...answer.lines.map(finite), finite(answer.execution.runs),
        finite(answer.execution.qubits), answer.execution.distance,
        ...BILL_FIELDS.map((name) => finite(answer.run[name]))] : [];
      return ['quantum', curve.label, choice.device, choice.strategy, size, finite(seconds), '', '',
        ...billed];
    }),
  ]);
  return csv(header, rows);
}

function measuredCsv(task) {
  const header = Object.keys(task.rows[0]);
  return csv(header, task.rows.map((row) => header.map((name) => (
    row[name] !== null && typeof row[name] === 'object' ? JSON.stringify(row[name]) : row[name]
  ))));
}

/** Lets a link hand out a file, made when it is asked for. */
function offer(link, name, kind, text) {
  link.addEventListener('click', () => {
    const address = URL.createObjectURL(new Blob([text()], {type: kind}));
    link.href = address;
    link.download = name;
    // The browser has read it by then.
    setTimeout(() => URL.revokeObjectURL(address), 1e4);
  });
}

/** Offers the figures measured, and all that is known of a comparison. */
function offerMeasured(task, find) {
  offer(find('measured-csv'), `${task.name}-measured.csv`, 'text/csv', () => measuredCsv(task));
  offer(find('json'), `${task.name}.json`, 'application/json', () => JSON.stringify(task, null, 1));
}
