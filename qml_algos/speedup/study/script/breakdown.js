// What the seconds of one answer are spent on, and what moves the crossover.

const SHOWN_ORDERS = 10;

/** A bar of the lines of an answer, and its table; a sentence where there is no answer. */
function drawBreakdown(target, study, answer) {
  target.replaceChildren();
  if (!answer || !Number.isFinite(answer.seconds)) {
    const why = answer ? answer.execution.reason : 'This strategy does not apply.';
    target.append(element('p', {class: 'quiet'}, why ?? 'It would take more than 1e308 s.'));
    return;
  }
  const bar = element('div', {class: 'stack', 'aria-hidden': 'true'});
  const rows = study.lines.map((line, place) => {
    const seconds = answer.lines[place];
    const share = answer.seconds ? seconds / answer.seconds : 0;
    const part = element('span', {class: `part part-${place}`});
    part.style.flexGrow = share;
    bar.append(part);
    const name = element('span', {}, element('i', {class: `key part-${place}`}), line);
    return tableRow(name, secondsText(seconds), `${(100 * share).toFixed(1)} %`);
  });
  rows.push(tableRow('in all', secondsText(answer.seconds), ''));
  target.append(bar, element('table', {}, element('tbody', {}, ...rows)));
}

/** One bar for each assumption: orders of magnitude that it alone moves the crossover by. */
function drawSensitivity(target, lines) {
  const rows = lines.map((line) => {
    const bar = element('span', {class: `shift ${direction(line)}`});
    bar.style.width = `${50 * Math.min(1, reach(line) / SHOWN_ORDERS)}%`;
    const axis = element('div', {class: 'axis', 'aria-hidden': 'true'}, bar);
    const heading = element('span', {}, line.assumption,
      element('small', {}, line.changed_by));
    return tableRow(heading, axis, shiftText(line));
  });
  target.replaceChildren(element('tbody', {}, ...rows));
}

// In the document, null stands for a crossover that appears or disappears.
function reach(line) {
  return line.orders === null ? SHOWN_ORDERS : Math.abs(line.orders);
}

function direction(line) {
  if (line.orders === null) return line.size === null ? 'later' : 'sooner';
  return line.orders < 0 ? 'sooner' : 'later';
}

function shiftText(line) {
  if (line.size === null) return line.orders === null ? 'none is left' : 'none either way';
  const size = sizeText(line.size);
  if (line.orders === null) return `appears at ${size}`;
  const sign = line.orders < 0 ? '−' : '+';
  return `${size} (${sign}${Math.abs(line.orders).toFixed(1)} orders)`;
}
