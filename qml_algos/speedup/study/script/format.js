// Numbers in words, as qml_algos/speedup/wording.py writes them.

const LONG_TIMES = [['years', 3.15576e7], ['days', 86400], ['h', 3600], ['min', 60]];

function scientific(value, digits = 1) {
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return `${mantissa.replace(/\.0+$/, '')}e${Number(exponent)}`;
}

function sizeText(size) {
  return size < 1e6 ? Math.round(size).toLocaleString('en') : scientific(size);
}

function numberText(value) {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return 'none';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 999.5) return String(Number(value.toPrecision(3)));
  if (magnitude >= 999.5 && magnitude < 1e5) return Math.round(value).toLocaleString('en');
  return scientific(value);
}

function secondsText(value) {
  if (!Number.isFinite(value)) return 'cannot be done';
  if (value === 0) return '0 s';
  if (value < 1e-3) return `${numberText(value * 1e6)} µs`;
  if (value < 1) return `${numberText(value * 1e3)} ms`;
  const long = LONG_TIMES.find(([, seconds]) => value >= 2 * seconds);
  return long ? `${numberText(value / long[1])} ${long[0]}` : `${numberText(value)} s`;
}

function factorText(value) {
  return value === 0 ? 'free' : `× ${numberText(value)}`;
}
