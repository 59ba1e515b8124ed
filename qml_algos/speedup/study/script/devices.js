// Runs of a circuit on a device: the formulas of qml_algos/speedup/devices/, held to them by a
// test. What cannot be done has a reason, as a whole sentence.

// Rounding of floats must not add a factory where the quotient is whole.
const SLACK = 1e-14;
const LARGEST_EXPONENT = 700;

/** Seconds, runs done, physical qubits and code distance of so many runs. */
function execute(device, run, runs) {
  if (![count(run, 'qubits'), ...COUNTS.map((name) => run[name])].every(Number.isFinite)) {
    return impossible('The counts are beyond the range of floating-point numbers.');
  }
  if (device.kind === 'idealised') return executeIdealised(device, run, runs);
  return device.kind === 'today' ? executeToday(device, run, runs) : executeCoded(device, run, runs);
}

function impossible(reason) {
  return {secondsPerRun: Infinity, seconds: Infinity, runs: Infinity, qubits: Infinity, reason};
}

// Layers that operations on single qubits fill, all qubits at a time.
function layersOf(operations, qubits) {
  return operations ? Math.ceil(operations / qubits) : 0;
}

function executeIdealised(device, run, runs) {
  const layers = run.two_qubit_depth + run.rotation_depth
    + Math.min(run.t_gates, run.two_qubit_depth + 1)
    + layersOf(run.measurements, run.qubits) + layersOf(run.resets, run.qubits);
  const secondsPerRun = Math.max(1, layers) / device.gates.rate;
  const most = device.limits.logical_qubits;
  const reason = run.qubits > most
    ? `It needs ${numberText(run.qubits)} logical qubits; ${device.name} has ${numberText(most)}.`
    : null;
  return {secondsPerRun, seconds: product(secondsPerRun, runs), runs, qubits: run.qubits, reason};
}

function executeToday(device, run, runs) {
  const {timing, limits} = device;
  const layers = run.two_qubit_depth + 5 * Math.min(run.two_qubit_depth, run.toffolis);
  const gates = layers * (timing.two_qubit_gate + 2 * timing.one_qubit_gate)
    + run.rotation_depth * timing.one_qubit_gate;
  const secondsPerRun = gates + layersOf(run.measurements, run.qubits) * timing.measure
    + layersOf(run.resets, run.qubits) * (timing.reset ?? 0) + timing.repetition_delay;
  const exponent = logFidelity(device, run, gates);
  const done = -2 * exponent > LARGEST_EXPONENT ? Infinity : runs * Math.exp(-2 * exponent);
  const seconds = done * secondsPerRun + Math.ceil(done / limits.max_executions) * timing.per_job;
  const reason = whyNotToday(device, run, exponent, seconds);
  return {secondsPerRun, seconds, runs: done, qubits: run.qubits, reason};
}

/** Natural logarithm of the probability that a run has no error. */
function logFidelity({timing, errors}, run, gates) {
  const cx = run.two_qubit_gates + 6 * run.toffolis;
  const pulses = run.rotations + 2 * cx;
  const busy = 2 * cx * timing.two_qubit_gate + pulses * timing.one_qubit_gate;
  const idle = Math.max(0, run.qubits * gates - busy);
  const decay = (errors.t1 ? 0.25 / errors.t1 : 0) + (errors.t2 ? 0.5 / errors.t2 : 0);
  return product(cx, Math.log1p(-errors.two_qubit_gate))
    + product(pulses, Math.log1p(-errors.one_qubit_gate))
    + product(run.measurements, Math.log1p(-errors.readout)) - idle * decay;
}

function whyNotToday(device, run, exponent, seconds) {
  if (run.qubits > device.limits.qubits) {
    return `It needs ${numberText(run.qubits)} qubits; ${device.name} has ${device.limits.qubits}.`;
  }
  if (run.resets > 0 && device.timing.reset === null) {
    return `It needs a reset, which ${device.name} does not have.`;
  }
  if (seconds > device.longest_seconds) {
    const power = numberText(exponent / Math.LN10);
    return `A run has no error with probability 10^${power}: the runs would last over a century.`;
  }
  return null;
}

function executeCoded(device, run, runs) {
  const work = logicalWork(device, run);
  const plan = planOf(device, work);
  if (plan === null) {
    return impossible(`The circuit is too long: no T factory of ${device.name} is good enough.`);
  }
  const cycle = cycleSeconds(device, plan.distance);
  const secondsPerRun = plan.cycles * cycle;
  const patches = work.qubits * device.code.patch * plan.distance ** 2;
  const done = runs / (1 - device.budget.error) ** 2;
  return {
    secondsPerRun,
    seconds: product(secondsPerRun, done),
    runs: done,
    qubits: patches + factoryQubits(plan, work, secondsPerRun),
    distance: plan.distance,
    reason: null,
  };
}

/** Logical qubits, cycles and T states, and the error allowed to each kind of failure. */
function logicalWork(device, run) {
  const {layout, synthesis} = device;
  const hasT = run.t_gates > 0 || run.toffolis > 0 || run.rotations > 0;
  const share = device.budget.error / (1 + Number(hasT) + Number(run.rotations > 0));
  let perRotation = 0;
  if (run.rotations > 0) {
    const bits = Math.log2(run.rotations) - Math.log2(share);
    perRotation = Math.ceil(synthesis.slope * bits + synthesis.offset);
  }
  const layers = Math.min(run.rotation_depth, run.rotations);
  return {
    qubits: 2 * run.qubits + Math.ceil(Math.sqrt(8 * run.qubits)) + 1,
    cycles: Math.max(1, run.measurements + run.rotations + run.t_gates
      + layout.cycles_per_toffoli * run.toffolis + perRotation * layers),
    states: run.t_gates + layout.t_states_per_toffoli * run.toffolis + perRotation * run.rotations,
    share,
  };
}

function logicalError(device, halves) {
  return device.code.prefactor * (device.errors.clifford / device.code.threshold) ** halves;
}

/** The smallest odd distance of at most this logical error. */
function codeDistance(device, error) {
  const ratio = device.errors.clifford / device.code.threshold;
  const start = Math.floor(Math.log(error / device.code.prefactor) / Math.log(ratio));
  let halves = Math.max(1, start);
  while (logicalError(device, halves) > error) halves += 1;
  return 2 * halves - 1;
}

function cycleSeconds({code, timing}, distance) {
  const step = code.two_qubit_gates * timing.two_qubit_gate + code.measurements * timing.measure;
  return step * distance;
}

/** Distance, cycles and factory that go together; null where no factory is good enough. */
function planOf(device, work) {
  const error = work.states > 0 ? work.share / work.states : Infinity;
  let cycles = work.cycles;
  let least = 1;
  for (;;) {
    const distance = Math.max(least, codeDistance(device, work.share / (work.qubits * cycles)));
    if (work.states === 0) return {distance, cycles, factory: null};
    const known = knownFactories(device, error, distance);
    if (known === null) return null;
    const cycle = cycleSeconds(device, distance);
    const fast = bestFactory(known, error, cycles * cycle * (1 + SLACK), distance);
    if (fast) return {distance, cycles, factory: fast};
    // None is as fast as the whole circuit, which then waits for the best one.
    const allowed = Math.floor(work.share / (work.qubits * logicalError(device, (distance + 1) / 2)));
    const slow = bestFactory(known, error, allowed * cycle * (1 + SLACK), distance);
    if (slow) return {distance, cycles: Math.ceil(slow.seconds / cycle * (1 - SLACK)), factory: slow};
    cycles = allowed + 1;
    least = distance + 2;
  }
}

function knownFactories(device, error, distance) {
  if (error > device.errors.t_gate) {
    const qubits = device.code.patch * distance ** 2;
    const seconds = cycleSeconds(device, distance);
    return [{error: device.errors.t_gate, qubits, seconds, distance}];
  }
  return device.factories.some((factory) => factory.error <= error) ? device.factories : null;
}

// They are in order of qubits times seconds.
function bestFactory(known, error, seconds, distance) {
  return known.find((factory) => factory.error <= error && factory.seconds <= seconds
    && factory.distance <= distance);
}

function factoryQubits(plan, work, seconds) {
  if (plan.factory === null) return 0;
  const rounds = Math.floor(seconds / plan.factory.seconds * (1 + SLACK));
  return Math.ceil(work.states / rounds) * plan.factory.qubits;
}
