// Curves of a task on one device by one strategy, and where they cross.

// Stands for the logarithm of infinitely many seconds between two sizes.
const NEVER = 1e4;

function logarithm(seconds) {
  return Number.isFinite(seconds) ? Math.log(seconds) : NEVER;
}

/** Curves of all solvers; quantum ones without bills, and classical ones without laws, are out. */
function curvesOf(study, task, choice) {
  const device = study.devices[choice.device];
  const quantum = task.quantum.map((solver, index) => ({
    kind: 'quantum',
    key: `quantum ${index}`,
    label: solver.label,
    measured: [],
    points: solver.bills.map((bill) => {
      const answer = answerOf(study, bill, device, choice.strategy, choice.assumed);
      return {size: bill.size, seconds: answer ? answer.seconds : Infinity, answer};
    }),
  }));
  const classical = task.classical.map((solver, index) => ({
    kind: 'classical',
    key: `classical ${index}`,
    label: solver.label,
    formula: solver.law ? solver.law.formula : null,
    whole: solver.output === null || solver.output === 'vector',
    measured: solver.points.map(({size, cpu_seconds, wall_seconds, error}) => (
      {size, seconds: cpu_seconds ?? wall_seconds, error}
    )),
    points: solver.curve.map(({size, low, seconds, high}) => (
      {size, low, seconds: seconds ?? Infinity, high: high ?? Infinity}
    )),
  }));
  return [...quantum, ...classical]
    .map((curve, place) => ({...curve, place}))
    .filter((curve) => curve.points.length || curve.measured.length);
}

/** From which size on the first is faster, up to the end; null if it is slower there. */
function crossing(points, rivals, field = 'seconds') {
  const gaps = points.map(({seconds}, place) => (
    logarithm(seconds) - logarithm(rivals[place][field])
  ));
  if (!(gaps.at(-1) < 0)) return null;
  const slower = gaps.findLastIndex((gap) => gap >= 0);
  if (slower < 0) return points[0].size;
  const share = gaps[slower] / (gaps[slower] - gaps[slower + 1]);
  const [low, high] = [Math.log(points[slower].size), Math.log(points[slower + 1].size)];
  return Math.exp(low + share * (high - low));
}

/**
 * The rival that is overtaken last, or never, and the interval of sizes by its band.
 *
 * Of several that are never overtaken it is the fastest at the end of the range.
 */
function hardestRival(curve, curves) {
  const end = curve.points.length - 1;
  const found = curves
    .filter((rival) => rival.kind === 'classical' && rival.points.length > end)
    .map((rival) => ({
      rival,
      size: crossing(curve.points, rival.points),
      // A rival slower than thought is overtaken sooner.
      low: crossing(curve.points, rival.points, 'high'),
      high: crossing(curve.points, rival.points, 'low'),
    }));
  const difficulty = ({size}) => size ?? Infinity;
  const last = ({rival}) => rival.points[end].seconds;
  found.sort((a, b) => (
    difficulty(a) === difficulty(b) ? last(a) - last(b) : difficulty(b) - difficulty(a)
  ));
  return found[0] ?? null;
}

/** Seconds between two sizes of a curve, as of a power law. */
function secondsAt(points, size) {
  const right = Math.max(1, points.findIndex((point) => point.size >= size));
  const [a, b] = [points[right - 1], points[right] ?? points[right - 1]];
  if (a.size === b.size) return a.seconds;
  const share = Math.log(size / a.size) / Math.log(b.size / a.size);
  return Math.exp(logarithm(a.seconds) * (1 - share) + logarithm(b.seconds) * share);
}

/** Crossings of all quantum curves with their hardest rivals. */
function crossingsOf(curves) {
  return curves.filter((curve) => curve.kind === 'quantum').map((curve) => {
    const hardest = hardestRival(curve, curves);
    const size = hardest && hardest.size;
    return {curve, ...hardest, seconds: size ? secondsAt(curve.points, size) : null};
  });
}

function dominating(study, answer) {
  return study.lines[answer.lines.indexOf(Math.max(...answer.lines))];
}

/** What a crossing comes to, in one line. */
function crossingSentence(study, task, found) {
  const {curve, rival} = found;
  const end = curve.points.at(-1);
  if (!rival) return `${curve.label}: no rival has a law, so none is met.`;
  if (found.size) {
    const place = curve.points.find((point) => point.size >= found.size * (1 - 1e-9)) ?? end;
    return `${curve.label} would be faster than ${rival.label} from ${sizeText(found.size)} `
      + `${task.size_of} ${intervalText(found)} on, after ${secondsText(found.seconds)}, most of it `
      + `for ${dominating(study, place.answer)}.`;
  }
  if (!Number.isFinite(end.seconds)) {
    const why = end.answer ? ` ${end.answer.execution.reason}` : '';
    return `${curve.label} does not overtake ${rival.label} below 1e30 ${task.size_of}.${why}`;
  }
  const times = numberText(end.seconds / rival.points[curve.points.length - 1].seconds);
  return `${curve.label} does not overtake ${rival.label}: at ${sizeText(end.size)} ${task.size_of} `
    + `it takes ${times} times as long, most of it for ${dominating(study, end.answer)}.`;
}

function intervalText({low, high}) {
  return `[${low ? sizeText(low) : 'none'}, ${high ? sizeText(high) : 'none'}]`;
}
