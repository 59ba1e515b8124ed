// The curves, on axes that are logarithmic both ways.

const HIGHEST = 1e20;
const MARKS = [[60, '1 min'], [3600, '1 hour'], [86400, '1 day'], [3.15576e7, '1 year'],
  [3.15576e9, '1 century'], [4.35e17, 'age of the universe']];
const MARKER_SIZE = 4.5;

/** Where sizes and seconds are in a picture so wide. */
function scaleOf(curves, width) {
  const narrow = width < 560;
  const height = Math.round(Math.min(540, Math.max(340, width * 0.56)));
  const frame = {left: narrow ? 44 : 58, right: width - 14, top: 30, bottom: height - 46};
  const points = curves.flatMap(({points, measured}) => [...points, ...measured]);
  const seconds = points.map((point) => point.seconds).filter((value) => value > 0
    && Number.isFinite(value));
  const sizes = points.map(({size}) => size);
  const least = Math.floor(Math.log10(Math.min(1, ...seconds)));
  const most = Math.ceil(Math.log10(Math.min(HIGHEST, Math.max(10, ...seconds))));
  const x = [Math.floor(Math.log10(Math.min(10, ...sizes))), 30];
  const across = (frame.right - frame.left) / (x[1] - x[0]);
  const down = (frame.bottom - frame.top) / (most - least);
  return {
    width, height, frame, narrow, x, y: [least, most],
    across: (size) => frame.left + (Math.log10(size) - x[0]) * across,
    // What is beyond the picture is drawn beyond it, but not at infinity.
    down: (value) => Math.max(-height, frame.bottom
      - (Math.log10(Math.min(value, 1e300)) - least) * down),
  };
}

/** Draws everything: axes, bands, curves, crossings; an earlier picture is replaced. */
function drawChart(svg, curves, crossings, task, width) {
  const scale = scaleOf(curves, width);
  const {frame} = scale;
  const clip = `${svg.id}-clip`;
  svg.setAttribute('viewBox', `0 0 ${scale.width} ${scale.height}`);
  svg.setAttribute('height', scale.height);
  const box = {x: frame.left, y: frame.top, width: frame.right - frame.left,
    height: frame.bottom - frame.top};
  svg.replaceChildren(
    drawn('defs', {}, drawn('clipPath', {id: clip}, drawn('rect', box))),
    drawn('rect', {...box, class: 'ground'}),
    ...gridLines(scale),
    ...axisTitles(scale, task),
    drawn('g', {'clip-path': `url(#${clip})`},
      ...crossings.flatMap((found) => crossingBand(scale, found)),
      ...curves.flatMap((curve) => curveParts(scale, curve)),
      ...crossings.flatMap((found) => crossingMark(scale, found)),
      drawn('g', {class: 'cursor'})),
    ...crossings.flatMap((found, place) => crossingLabel(scale, found, place)),
  );
  return scale;
}

function gridLines(scale) {
  const {frame, x, y} = scale;
  const lines = [];
  const stepX = (x[1] - x[0]) > 12 ? (scale.narrow ? 6 : 3) : 1;
  for (let power = x[0]; power <= x[1]; power += 1) {
    const at = scale.across(10 ** power);
    const named = power % stepX === 0;
    lines.push(drawn('line', {class: named ? 'grid' : 'grid faint', x1: at, x2: at,
      y1: frame.top, y2: frame.bottom}));
    if (named) lines.push(powerLabel(power, {x: at, y: frame.bottom + 18, 'text-anchor': 'middle'}));
  }
  const stepY = Math.max(1, Math.ceil((y[1] - y[0]) / 12));
  for (let power = y[0]; power <= y[1]; power += 1) {
    if (power % stepY) continue;
    const at = scale.down(10 ** power);
    lines.push(drawn('line', {class: 'grid', x1: frame.left, x2: frame.right, y1: at, y2: at}));
    lines.push(powerLabel(power, {x: frame.left - 6, y: at + 4, 'text-anchor': 'end'}));
  }
  return [...lines, ...timeMarks(scale)];
}

function powerLabel(power, place) {
  const exponent = drawn('tspan', {dy: '-0.4em', class: 'exponent'},
    String(power).replace('-', '−'));
  return drawn('text', {class: 'tick', ...place}, '10', exponent);
}

/** Times that one has a feeling for, at the right. */
function timeMarks({frame, y, down}) {
  let above = Infinity;
  return MARKS.filter(([seconds]) => {
    const at = down(seconds);
    const fits = seconds < 10 ** y[1] && at < above - 15 && at > frame.top + 14;
    if (fits) above = at;
    return fits;
  }).flatMap(([seconds, name]) => [
    drawn('line', {class: 'landmark', x1: frame.left, x2: frame.right, y1: down(seconds),
      y2: down(seconds)}),
    drawn('text', {class: 'landmark', x: frame.right - 5, y: down(seconds) - 3,
      'text-anchor': 'end'}, name),
  ]);
}

function axisTitles({frame, height}, task) {
  return [
    drawn('text', {class: 'title', x: (frame.left + frame.right) / 2, y: height - 6,
      'text-anchor': 'middle'}, `size N, ${task.size_of}`),
    drawn('text', {class: 'title', x: 0, y: 16}, 'seconds for one answer'),
  ];
}

function pathOf(scale, points) {
  return points.map(({size, seconds}, place) => (
    `${place ? 'L' : 'M'}${scale.across(size).toFixed(1)} ${scale.down(seconds).toFixed(1)}`
  )).join('');
}

/** A curve: solid where it is a quantum bill or was measured, dashed where a law goes beyond. */
function curveParts(scale, curve) {
  const colour = `series colour-${curve.place % 7}`;
  const finite = curve.points.filter(({seconds}) => Number.isFinite(seconds));
  if (curve.kind === 'quantum') {
    return [drawn('path', {class: `${colour} quantum`, d: pathOf(scale, finite)})];
  }
  const last = Math.max(...curve.measured.map(({size}) => size));
  const within = finite.filter(({size}) => size <= last);
  const beyond = finite.filter(({size}) => size >= (within.at(-1)?.size ?? 0));
  return [
    drawn('path', {class: `${colour} band`, d: bandPath(scale, curve.points)}),
    drawn('path', {class: `${colour} classical`, d: pathOf(scale, within)}),
    drawn('path', {class: `${colour} classical beyond`, d: pathOf(scale, beyond)}),
    ...curve.measured.map(({size, seconds}) => drawn('path', {
      class: `${colour} measured`,
      d: markerPath(curve.place, scale.across(size), scale.down(seconds)),
    })),
  ];
}

function bandPath(scale, points) {
  const known = points.filter(({low, high}) => low > 0 && high > 0);
  const upper = known.map(({size, high}) => ({size, seconds: high}));
  const lower = known.map(({size, low}) => ({size, seconds: low})).reverse();
  return known.length ? `${pathOf(scale, [...upper, ...lower])}Z` : '';
}

/** A circle, a square, a diamond or a triangle, so that colours need not be told apart. */
function markerPath(place, x, y) {
  const r = MARKER_SIZE;
  switch (place % 4) {
    case 0: return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    case 1: return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`;
    case 2: return `M${x} ${y - 1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}Z`;
    default: return `M${x} ${y - 1.2 * r}l${1.2 * r} ${2.2 * r}h${-2.4 * r}Z`;
  }
}

function crossingBand(scale, {curve, size, low, high}) {
  if (!size) return [];
  const [left, right] = [low ?? size, high ?? 1e30].map(scale.across);
  const {frame} = scale;
  return [drawn('rect', {class: `series colour-${curve.place % 7} interval`, x: left, y: frame.top,
    width: Math.max(1, right - left), height: frame.bottom - frame.top})];
}

function crossingMark(scale, {curve, size, seconds}) {
  if (!size) return [];
  const x = scale.across(size);
  const colour = `series colour-${curve.place % 7}`;
  return [
    drawn('line', {class: `${colour} crossing`, x1: x, x2: x, y1: scale.frame.top,
      y2: scale.frame.bottom}),
    drawn('circle', {class: `${colour} crossing`, cx: x, cy: scale.down(seconds), r: 6}),
  ];
}

function crossingLabel(scale, {curve, size}, place) {
  if (!size) return [];
  const x = scale.across(size);
  const left = x > (scale.frame.left + scale.frame.right) / 2;
  return [drawn('text', {class: `series colour-${curve.place % 7} crossing`, x: x + (left ? -6 : 6),
    y: scale.frame.top + 16 + 16 * place, 'text-anchor': left ? 'end' : 'start'},
  `${curve.label} faster from ${sizeText(size)}`)];
}
