// Reading the curves point by point, with the pointer or the keyboard.

const REACH = 60;

/** Points of a curve that can be pointed at: those measured, and those of the curve. */
function stops(curve) {
  return [
    ...curve.measured.map((point) => ({...point, measured: true})),
    ...curve.points.filter(({seconds}) => Number.isFinite(seconds)),
  ].sort((a, b) => a.size - b.size);
}

/** The nearest point to a place in the picture, or null if none is near. */
function nearest(scale, curves, x, y) {
  let best = {distance: REACH, stop: null};
  curves.forEach((curve, row) => stops(curve).forEach((point, column) => {
    const distance = Math.hypot(scale.across(point.size) - x, scale.down(point.seconds) - y);
    if (distance < best.distance) best = {distance, stop: {row, column}};
  }));
  return best.stop;
}

/** Where a key leads from a point; along the curve, or to the next one at about this size. */
function walk(curves, from, key) {
  const lengths = curves.map((curve) => stops(curve).length);
  const start = from ?? {row: 0, column: -1};
  const end = lengths[start.row] - 1;
  const along = {ArrowLeft: start.column - 1, ArrowRight: start.column + 1, Home: 0, End: end}[key];
  if (along !== undefined) {
    return {row: start.row, column: Math.min(end, Math.max(0, along))};
  }
  const step = {ArrowUp: -1, ArrowDown: 1}[key];
  if (step === undefined) return undefined;
  const row = (start.row + step + curves.length) % curves.length;
  const size = stops(curves[start.row])[Math.max(0, start.column)]?.size ?? 1;
  const gaps = stops(curves[row]).map((point) => Math.abs(Math.log(point.size / size)));
  return {row, column: Math.max(0, gaps.indexOf(Math.min(...gaps)))};
}

/** Marks a point and tells all about it beside it. */
function showStop(view, stop) {
  const curve = stop && view.curves[stop.row];
  const point = curve && stops(curve)[stop.column];
  view.tooltip.hidden = !point;
  const cursor = view.svg.querySelector('.cursor');
  cursor.replaceChildren();
  if (!point) return;
  const {scale} = view;
  const [x, y] = [scale.across(point.size), scale.down(point.seconds)];
  cursor.append(
    drawn('line', {x1: x, x2: x, y1: scale.frame.top, y2: scale.frame.bottom}),
    drawn('circle', {cx: x, cy: y, r: 5, class: `series colour-${curve.place % 7}`}),
  );
  view.tooltip.replaceChildren(...description(view, curve, point));
  placeTooltip(view, x, y);
}

function placeTooltip({tooltip, scale, svg}, x, y) {
  const shown = svg.getBoundingClientRect().width / scale.width;
  const {offsetWidth: width, offsetHeight: height} = tooltip;
  const right = x * shown + 16 + width < scale.width * shown;
  const left = right ? x * shown + 16 : Math.max(0, x * shown - 16 - width);
  tooltip.style.left = `${left}px`;
  tooltip.style.top = `${Math.max(0, Math.min(y * shown - 20, scale.height * shown - height))}px`;
}

/** All lines of a point, as a heading and a table. */
function description({study, task, choice}, curve, point) {
  const heading = element('strong', {}, `${curve.label}, N = ${sizeText(point.size)}`);
  const rows = [tableRow('in all', secondsText(point.seconds))];
  if (point.answer) rows.push(...billRows(study, point.answer));
  if (point.low !== undefined) {
    const band = `${secondsText(point.low)} to ${secondsText(point.high)}`;
    rows.push(tableRow(`${Math.round(task.confidence * 100)} % band`, band));
  }
  if (point.measured) rows.push(tableRow('measured, error', numberText(point.error)));
  const where = curve.kind === 'quantum' ? `on ${choice.device} by ${choice.strategy}`
    : point.measured ? 'measured, processor time' : `law ${curve.formula}`;
  return [heading, element('span', {}, where), element('table', {}, element('tbody', {}, ...rows))];
}

function billRows(study, answer) {
  const {run, execution} = answer;
  return [
    ...study.lines.map((line, place) => tableRow(line, secondsText(answer.lines[place]))),
    tableRow('success probability', numberText(answer.bill.success_probability)),
    tableRow('runs', numberText(execution.runs)),
    tableRow('logical qubits of a run', numberText(run.qubits)),
    tableRow('two-qubit gates', numberText(run.two_qubit_gates)),
    tableRow('Toffoli gates', numberText(run.toffolis)),
    tableRow('T gates', numberText(run.t_gates)),
    tableRow('rotations', numberText(run.rotations)),
    tableRow('two-qubit depth', numberText(run.two_qubit_depth)),
    tableRow('physical qubits', numberText(execution.qubits)),
    ...(execution.distance ? [tableRow('code distance', String(execution.distance))] : []),
  ];
}

/** Follows the pointer and the arrow keys. */
function makeExplorable(view) {
  const {svg} = view;
  let stop = null;
  const show = (next) => {
    stop = next;
    showStop(view, stop);
  };
  const follow = (event) => {
    const box = svg.getBoundingClientRect();
    const shown = view.scale.width / box.width;
    const [x, y] = [(event.clientX - box.left) * shown, (event.clientY - box.top) * shown];
    show(nearest(view.scale, view.curves, x, y));
  };
  svg.addEventListener('pointermove', follow);
  svg.addEventListener('pointerdown', follow);
  svg.addEventListener('pointerleave', (event) => {
    // A finger that is lifted has left, but the reader has only just begun.
    if (event.pointerType !== 'touch') show(null);
  });
  svg.addEventListener('blur', () => show(null));
  svg.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(null);
    if (!view.curves.length) return;
    const next = walk(view.curves, stop, event.key);
    if (!next) return;
    event.preventDefault();
    show(next);
  });
}
