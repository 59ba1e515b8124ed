// Bills under assumptions, and the circuits they come to: the formulas of
// qml_algos/speedup/projection/assumptions.py and answer.py, held to them by a test.

const COUNTS = ['two_qubit_gates', 'toffolis', 't_gates', 'rotations', 'measurements', 'resets',
  'two_qubit_depth', 'rotation_depth'];
const AS_BILLED = {preparation: 1, readout: 1, kappaGrowth: 0, gateTime: 1};
const LEAST_SUCCESS = 1e-280;

// Counts of 0 are left out of the document, and what is not finite is null there.
function count(counts, name) {
  const value = counts[name];
  return value === undefined ? 0 : value ?? Infinity;
}

/** Adds up circuits done one after another, each so many times, on the same qubits. */
function sequence(...parts) {
  const total = {qubits: Math.max(...parts.map(([part]) => count(part, 'qubits')))};
  for (const name of COUNTS) {
    total[name] = parts.reduce((sum, [part, times]) => sum + product(count(part, name), times), 0);
  }
  return total;
}

// None of something, infinitely often, is none.
function product(value, times) {
  return value === 0 || times === 0 ? 0 : value * times;
}

/** Changes a bill as Assumptions.of does; the gate time is no part of it. */
function assume(bill, assumed) {
  const growth = bill.size ** (assumed.kappaGrowth * bill.kappa_exponent);
  const success = bill.success_probability / growth ** 2;
  const uses = bill.estimation_uses;
  return {
    ...bill,
    preparation: sequence([bill.preparation, assumed.preparation]),
    algorithm: sequence([bill.algorithm, growth]),
    success_probability: Math.min(1, Math.max(LEAST_SUCCESS, success)),
    shots: (bill.shots ?? Infinity) * assumed.readout,
    estimation_uses: uses === null ? null : Math.max(1, uses * growth * assumed.readout),
  };
}

// Python rounds halves to even, and the success probability 1/2 is one.
function roundToEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

function amplificationRounds(bill) {
  const angle = Math.asin(Math.sqrt(bill.success_probability));
  return Math.max(0, roundToEven(Math.PI / (4 * angle) - 0.5));
}

/** The longest coherent circuit of a read-out strategy, and how often it is run, or null. */
function coherentRun(bill, strategy, reflection) {
  const parts = [bill.preparation, bill.algorithm, bill.readout];
  if (strategy === 'sampling') {
    const run = sequence(...parts.map((part) => [part, 1]));
    return {run, runs: bill.circuits * bill.shots / bill.success_probability};
  }
  if (strategy === 'estimation') {
    const uses = bill.estimation_uses;
    if (uses === null) return null;
    return {run: coherent(parts, uses, uses, reflection), runs: bill.circuits};
  }
  const rounds = amplificationRounds(bill);
  const uses = 2 * rounds + 1;
  const angle = uses * Math.asin(Math.sqrt(bill.success_probability));
  return {
    run: coherent(parts, uses, 2 * rounds, reflection),
    runs: bill.circuits * bill.shots / Math.sin(angle) ** 2,
  };
}

// What is measured and reset is so once, at the end of the whole circuit.
function coherent(parts, uses, reflections, reflection) {
  const qubits = Math.max(...parts.map((part) => count(part, 'qubits')));
  const pair = sequence([reflection.each, Math.max(0, qubits - 2)], [reflection.once, 1]);
  const total = sequence(...parts.map((part) => [part, uses]), [pair, reflections]);
  const readout = parts[2];
  return {
    ...total, qubits, measurements: count(readout, 'measurements'), resets: count(readout, 'resets'),
  };
}

/** Seconds of one answer on a device, shared among its lines; null where there is none. */
function answerOf(study, bill, device, strategy, assumed) {
  const changed = assume(bill, assumed);
  const found = coherentRun(changed, strategy, study.reflection);
  if (found === null) return null;
  const execution = execute(device, found.run, found.runs);
  const seconds = execution.reason ? Infinity : assumed.gateTime * execution.seconds;
  const classical = [bill.preprocessing_seconds, bill.postprocessing_seconds];
  const lines = shares(changed, device).map((share) => product(seconds, share));
  return {
    seconds: seconds + classical[0] + classical[1],
    lines: [...lines, ...classical],
    run: found.run,
    runs: found.runs,
    bill: changed,
    execution,
  };
}

/** Shares of loading, algorithm and reading: as long as a run of each alone would take. */
function shares(bill, device) {
  const parts = [bill.preparation, bill.algorithm, bill.readout];
  const qubits = sequence(...parts.map((part) => [part, 1])).qubits;
  const seconds = [sequence([{qubits}, 1]), ...parts.map((part) => sequence([part, 1]))]
    .map((part) => execute(device, part, 1).secondsPerRun);
  const weights = [
    Math.max(0, seconds[1] - seconds[0]), Math.max(0, seconds[2] - seconds[0]), seconds[3],
  ];
  const total = weights[0] + weights[1] + weights[2];
  return total > 0 && total < Infinity ? weights.map((weight) => weight / total) : [0, 1, 0];
}
