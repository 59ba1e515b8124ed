"""PennyLane devices: gates, dynamic circuits and registers as Qiskit defines them."""

import subprocess
import sys
from collections.abc import Callable
from unittest import mock

import numpy as np
import pennylane as qml
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import (
    AnnotatedOperation,
    Clbit,
    Gate,
    InverseModifier,
    Parameter,
    Qubit,
    library,
)
from qiskit.circuit.classical import expr, types
from qiskit.primitives.containers import BitArray, SamplerPubResult
from qiskit.quantum_info import Operator, Statevector, random_unitary
from qiskit_aer.primitives import SamplerV2

import qml_algos
from qml_algos.backends.config import PennyLaneConfig, load_config
from qml_algos.backends.pennylane import PennyLaneBackend
from qml_algos.backends.pennylane_execution import operator
from qml_algos.backends.pennylane_translation import elementary, translate
from qml_algos.errors import (
    ConfigError,
    NotExactError,
    TooLargeError,
    UnsupportedCircuitError,
)

SHOTS = 20_000


def backend(**changes: object) -> PennyLaneBackend:
    config = load_config("lightning")
    assert isinstance(config, PennyLaneConfig)
    return PennyLaneBackend(config.model_copy(update=changes))


LIGHTNING = backend()
DEVICES = {
    "lightning.qubit, tree-traversal": LIGHTNING,
    "lightning.qubit, deferred": backend(mcm_method="deferred"),
    "default.qubit, tree-traversal": backend(device="default.qubit"),
    "default.qubit, unspecified": backend(device="default.qubit", mcm_method=None),
    "default.mixed, deferred": backend(device="default.mixed", mcm_method="deferred"),
}


def sample(
    circuit: QuantumCircuit, on: PennyLaneBackend = LIGHTNING, shots: int = SHOTS
) -> SamplerPubResult:
    return on.sampler(seed=7).run([circuit], shots=shots).result()[0]


def joint_counts(result: SamplerPubResult, circuit: QuantumCircuit) -> np.ndarray:
    """Counts of all registers together, the first the least significant."""
    arrays = [result.data[r.name].to_bool_array(order="little") for r in circuit.cregs]
    bits = np.concatenate(arrays, axis=-1)
    return np.bincount(bits @ (1 << np.arange(bits.shape[-1])), minlength=2 ** bits.shape[-1])


def assert_distribution(counts: np.ndarray, exact: np.ndarray) -> None:
    """Total variation distance of sampled from exact.

    Its mean is below sqrt(k / (2 pi shots)) for k outcomes, and it exceeds that by 0.03 with a
    probability below exp(-2 * 20000 * 0.03**2) = 2e-16.
    """
    shots = counts.sum()
    assert shots >= SHOTS
    distance = np.abs(counts / shots - exact).sum() / 2
    assert distance < np.sqrt(np.count_nonzero(exact > 1e-12) / (2 * np.pi * shots)) + 0.03
    assert np.all(counts[exact < 1e-12] == 0)


def assert_agrees_with_aer(circuit: QuantumCircuit, on: PennyLaneBackend = LIGHTNING) -> None:
    """Total variation distance of two samples of n shots.

    Its mean is below 2 sqrt(k / (2 pi n)) for k outcomes, and it exceeds that by 0.06 with a
    probability below exp(-5000 * 0.06**2) = 2e-8.
    """
    shots = 5000
    ours = joint_counts(sample(circuit, on, shots), circuit)
    reference = SamplerV2(seed=11).run([circuit], shots=shots).result()[0]
    theirs = joint_counts(reference, circuit)
    outcomes = np.count_nonzero(ours + theirs)
    distance = np.abs(ours - theirs).sum() / 2 / shots
    assert distance < 2 * np.sqrt(outcomes / (2 * np.pi * shots)) + 0.06


ANGLES = iter(np.random.default_rng(5).uniform(-4, 4, 200))


def angle() -> float:
    return float(next(ANGLES))


FIXED = [
    *[library.HGate, library.XGate, library.YGate, library.ZGate, library.IGate],
    *[library.SGate, library.SdgGate, library.TGate, library.TdgGate],
    *[library.SXGate, library.SXdgGate, library.CSXGate, library.C3SXGate],
    *[library.CXGate, library.CYGate, library.CZGate, library.CHGate, library.CSGate],
    *[library.CSdgGate, library.CCXGate, library.CCZGate, library.CSwapGate],
    *[library.SwapGate, library.iSwapGate, library.ECRGate],
]
TURNING = [
    *[library.RXGate, library.RYGate, library.RZGate, library.PhaseGate, library.U1Gate],
    *[library.CRXGate, library.CRYGate, library.CRZGate, library.CPhaseGate, library.CU1Gate],
    *[library.RXXGate, library.RYYGate, library.RZZGate],
]
GATES = [
    *[gate() for gate in FIXED],
    *[gate(angle()) for gate in TURNING],
    library.U2Gate(angle(), angle()),
    library.UGate(angle(), angle(), angle()),
    library.U3Gate(angle(), angle(), angle()),
    library.CU3Gate(angle(), angle(), angle()),
    library.UnitaryGate(random_unitary(2, seed=1)),
    library.UnitaryGate(random_unitary(8, seed=2)),
    library.MCXGate(4),
    library.MCPhaseGate(angle(), 2),
    *[library.CXGate(ctrl_state=0), library.CCXGate(ctrl_state=1), library.CCXGate(ctrl_state=2)],
    library.RYGate(angle()).control(3, ctrl_state=5),
    library.SXdgGate().control(1, ctrl_state=0),
    library.ECRGate().control(1),
    library.iSwapGate().control(2, ctrl_state=1),
    library.U2Gate(angle(), angle()).control(1),
    library.UnitaryGate(random_unitary(4, seed=3)).control(2, ctrl_state=2),
]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_gate_is_the_same_matrix_as_in_qiskit_phase_included(gate: Gate) -> None:
    assert elementary(gate) is not None
    ours = operator(gate, range(gate.num_qubits))
    matrix = qml.matrix(ours, wire_order=range(gate.num_qubits)[::-1])
    assert np.allclose(matrix, Operator(gate).data, atol=1e-12)


COMPOSITES = [
    library.CUGate(0.3, 0.4, 0.5, 0.6),
    library.RZXGate(0.4),
    library.RGate(0.2, 0.3),
    library.XXPlusYYGate(0.4, 0.2),
    library.QFTGate(3),
    library.QFTGate(2).control(1, ctrl_state=0),
    library.PauliGate("XYZ"),
    library.DCXGate(),
    library.RCCXGate(),
    library.StatePreparation([0.5, 0.5j, -0.5, 0.5]),
]


@pytest.mark.parametrize("gate", [*GATES, *COMPOSITES], ids=lambda gate: gate.name)
def test_a_gate_under_a_condition_is_undone_by_its_inverse_and_else_is_not_applied(
    gate: Gate,
) -> None:
    """Exact: every shot ends in 0. The random state before makes any other gate show."""
    n = gate.num_qubits
    state = library.UnitaryGate(random_unitary(2**n, seed=9))
    circuit = QuantumCircuit(QuantumRegister(n + 1), ClassicalRegister(1), ClassicalRegister(n))
    circuit.h(n)
    circuit.measure(n, 0)
    circuit.append(state, range(n))
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.append(gate, range(n))
    inverse = library.UnitaryGate(Operator(gate).adjoint())
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.append(inverse, range(n))
    circuit.append(library.UnitaryGate(Operator(state).adjoint()), range(n))
    circuit.measure(range(n), circuit.cregs[1])
    ends = sample(circuit, shots=400).data[circuit.cregs[1].name].get_counts()
    assert ends == {"0" * n: 400}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", DEVICES)
def test_random_circuits_follow_the_exact_distribution(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    circuit = QuantumCircuit(4)
    for index in rng.integers(len(GATES), size=12):
        if GATES[index].num_qubits <= 4:
            wires = rng.permutation(4)[: GATES[index].num_qubits]
            circuit.append(GATES[index], wires.tolist())
    exact = Statevector(circuit).probabilities()
    circuit.measure_all()
    on = DEVICES[name]
    assert_distribution(joint_counts(sample(circuit, on), circuit), exact)
    [compiled] = on.compile([circuit])
    assert set(compiled.count_ops()) <= {"cx", "rz", "sx", "x", "measure", "barrier"}
    assert_distribution(joint_counts(sample(compiled, on), compiled), exact)


def test_a_users_own_gate_is_what_its_definition_says_whatever_its_name() -> None:
    definition = QuantumCircuit(1, name="x")
    definition.h(0)
    circuit = QuantumCircuit(1, 1)
    circuit.append(definition.to_gate(), [0])
    circuit.measure(0, 0)
    assert_distribution(joint_counts(sample(circuit), circuit), np.array([0.5, 0.5]))


def teleport() -> QuantumCircuit:
    """P(last bit = 1) = sin(0.5)**2 = 0.23, whatever the first two are."""
    circuit = QuantumCircuit(3, 3)
    circuit.ry(1.0, 0)
    circuit.h(1)
    circuit.cx(1, 2)
    circuit.cx(0, 1)
    circuit.h(0)
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(2)
    circuit.measure(2, 2)
    return circuit


@pytest.mark.parametrize("name", DEVICES)
def test_feed_forward_follows_the_exact_distribution(name: str) -> None:
    p = np.sin(0.5) ** 2
    exact = np.concatenate([np.full(4, (1 - p) / 4), np.full(4, p / 4)])
    circuit = teleport()
    on = DEVICES[name]
    for version in (circuit, *on.compile([circuit])):
        assert_distribution(joint_counts(sample(version, on), circuit), exact)


def test_the_one_shot_method_agrees_too() -> None:
    """300 shots: P(|error of a probability| > 0.12) < 2 exp(-2 * 300 * 0.12**2) = 4e-4."""
    counts = joint_counts(sample(teleport(), backend(mcm_method="one-shot"), 300), teleport())
    assert abs(counts[4:].sum() / 300 - np.sin(0.5) ** 2) < 0.12
    assert np.all(counts[:4] + counts[4:] > 0)


def measured_reset_reused() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 3)
    circuit.ry(1.0, 0)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.ry(0.7, 0)
    circuit.measure(0, 1)
    circuit.ry(0.4, 0)
    circuit.measure(0, 1)  # the last value wins
    circuit.measure(1, 2)
    return circuit


def reset_in_a_branch() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2)
    circuit.ry(1.0, 0)
    circuit.h(1)
    circuit.cx(1, 0)
    circuit.measure(1, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.reset(0)
        circuit.ry(0.3, 0)
    with otherwise:
        circuit.h(0)
    circuit.measure(0, 1)
    return circuit


def measurement_in_a_branch() -> QuantumCircuit:
    """Where the branch is not taken, qubit 1 stays in superposition: interference shows it."""
    circuit = QuantumCircuit(2, 3)
    circuit.ry(1.2, 0)
    circuit.h(1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.measure(1, 1)
        with circuit.if_test((circuit.clbits[1], 0)):
            circuit.reset(0)
            circuit.measure(0, 0)  # the bit of the outer condition
    circuit.h(1)
    circuit.measure(1, 2)
    return circuit


def condition_on_a_register() -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    low, high = ClassicalRegister(2, "low"), ClassicalRegister(2, "high")
    circuit.add_register(low, high)
    circuit.h([0, 1])
    circuit.measure([0, 1], low)
    for value in range(4):
        with circuit.if_test((low, value)):
            circuit.ry(0.4 * value, 2)
    circuit.measure(2, high[1])
    with circuit.if_test((high, 2)) as otherwise:
        circuit.x(0)
    with otherwise:
        circuit.h(0)
    circuit.measure(0, high[0])
    return circuit


def test_classical_expressions_mean_what_they_mean_for_integers() -> None:
    """A turn for each expression that holds, for every value of a register of three bits."""
    a, b = ClassicalRegister(3, "a"), ClassicalRegister(3, "b")
    terms: list[tuple[expr.Expr, Callable[[int], bool], float]] = [
        (expr.logic_and(a[0], expr.logic_not(a[1])), lambda v: v & 3 == 1, 0.3),
        (expr.logic_or(expr.bit_xor(a[0], a[1]), a[2]), lambda v: v & 3 in (1, 2) or v > 3, 0.5),
        (expr.less(a, 3), lambda v: v < 3, 0.7),
        (expr.greater(expr.bit_and(a, 6), 2), lambda v: v & 6 > 2, 1.1),
        (expr.equal(expr.bit_or(a, b), 5), lambda v: v == 5, 1.3),
        (expr.not_equal(expr.shift_left(a, 1), 4), lambda v: v << 1 & 7 != 4, 1.7),
        (expr.less_equal(expr.shift_right(a, 1), expr.bit_not(b)), lambda v: v >> 1 <= 7, 1.9),
        (expr.greater_equal(expr.bit_xor(a, 5), a), lambda v: v ^ 5 >= v, 2.3),
        (expr.index(a, 2), lambda v: v > 3, 2.9),
        (expr.cast(expr.bit_and(a, 3), types.Bool()), lambda v: v & 3 != 0, 3.1),
    ]
    circuit = QuantumCircuit(QuantumRegister(4), a, b)
    circuit.h([0, 1, 2])
    circuit.measure([0, 1, 2], a)
    for condition, _, turn in terms:
        with circuit.if_test(condition):
            circuit.ry(turn, 3)
    circuit.measure(3, b[0])
    turns = [sum(turn for _, holds, turn in terms if holds(value)) for value in range(8)]
    ones = np.sin(np.array(turns) / 2) ** 2 / 8
    exact = np.concatenate([1 / 8 - ones, ones, np.zeros(48)])
    assert_distribution(joint_counts(sample(circuit), circuit), exact)


def cases_and_counted_loops() -> QuantumCircuit:
    circuit = QuantumCircuit(3, 3)
    circuit.h([0, 1])
    circuit.measure([0, 1], [0, 1])
    with circuit.switch(circuit.cregs[0]) as case:
        with case(0, 2):
            circuit.ry(0.8, 2)
        with case(1):
            circuit.reset(0)
            circuit.ry(1.4, 2)
        with case(case.DEFAULT):
            circuit.h(2)
    with circuit.for_loop(range(3)) as value:
        circuit.rx(0.2 * value, 2)
        circuit.measure(0, 0)
        circuit.h(0)
    with circuit.for_loop([1, 2]):
        circuit.t(2)
    circuit.measure(2, 2)
    return circuit


DYNAMIC = [
    measured_reset_reused,
    reset_in_a_branch,
    measurement_in_a_branch,
    condition_on_a_register,
    cases_and_counted_loops,
]


@pytest.mark.parametrize("build", DYNAMIC, ids=lambda build: build.__name__)
def test_dynamic_circuits_agree_with_aer(build: Callable[[], QuantumCircuit]) -> None:
    circuit = build()
    assert_agrees_with_aer(circuit)
    [compiled] = LIGHTNING.compile([circuit])
    assert_agrees_with_aer(compiled)


@pytest.mark.parametrize("build", DYNAMIC[:4], ids=lambda build: build.__name__)
@pytest.mark.parametrize("name", list(DEVICES)[1:4])
def test_dynamic_circuits_agree_with_aer_on_other_devices(
    name: str, build: Callable[[], QuantumCircuit]
) -> None:
    assert_agrees_with_aer(build(), DEVICES[name])


def random_dynamic_circuit(rng: np.random.Generator) -> QuantumCircuit:
    circuit = QuantumCircuit(
        QuantumRegister(3), ClassicalRegister(2, "a"), ClassicalRegister(2, "b")
    )

    def grow(depth: int) -> None:
        for _ in range(rng.integers(3, 6)):
            qubit, other = (int(q) for q in rng.permutation(3)[:2])
            kind = rng.integers(7 if depth < 2 else 5)
            if kind == 0:
                circuit.measure(qubit, int(rng.integers(4)))
            elif kind == 1:
                circuit.reset(qubit)
            elif kind == 2:
                circuit.cry(float(rng.uniform(-3, 3)), qubit, other)
            elif kind < 5:
                circuit.u(*rng.uniform(-3, 3, size=3).tolist(), qubit)
            else:
                register = circuit.cregs[rng.integers(2)]
                bit = circuit.clbits[rng.integers(4)]
                pair = (
                    (register, int(rng.integers(4))) if kind == 5 else (bit, int(rng.integers(2)))
                )
                with circuit.if_test(pair) as otherwise:
                    grow(depth + 1)
                with otherwise:
                    grow(depth + 1)

    circuit.h([0, 1, 2])
    circuit.measure([0, 1], [0, 2])
    grow(0)
    grow(0)
    circuit.measure(2, 3)
    return circuit


@pytest.mark.parametrize("seed", range(8))
def test_random_dynamic_circuits_agree_with_aer(seed: int) -> None:
    assert_agrees_with_aer(random_dynamic_circuit(np.random.default_rng(seed)))


def test_rare_branches_keep_their_shots_together() -> None:
    """Branches of a single shot: middle and final measurements must stay shot by shot.

    Exact: qubit 2 is a copy of what was measured, in every shot.
    """
    circuit = QuantumCircuit(3, 3)
    circuit.ry(0.06, 0)
    circuit.ry(0.04, 1)
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test(expr.bit_xor(circuit.clbits[0], circuit.clbits[1])):
        circuit.x(2)
    circuit.measure(2, 2)
    circuit.h([0, 1])
    for shots in (1, 2, 20_000):
        bits = sample(circuit, shots=shots).data.c.to_bool_array(order="little")
        assert np.array_equal(bits[:, 2], bits[:, 0] ^ bits[:, 1])
        assert bits.shape == (shots, 3)
    assert bits[:, 0].any()


def test_many_shots_are_run_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qml_algos.backends.pennylane_execution.SAMPLES_AT_ONCE", 3000)
    circuit = teleport()
    p = np.sin(0.5) ** 2
    exact = np.concatenate([np.full(4, (1 - p) / 4), np.full(4, p / 4)])
    assert_distribution(joint_counts(sample(circuit), circuit), exact)


def test_registers_may_share_bits_be_unwritten_or_lie_in_any_order() -> None:
    bits = [Clbit() for _ in range(4)]
    circuit = QuantumCircuit([Qubit() for _ in range(3)], bits)
    circuit.add_register(ClassicalRegister(bits=[bits[2], bits[0]], name="mixed"))
    circuit.add_register(ClassicalRegister(bits=[bits[0], bits[1], bits[2]], name="all"))
    circuit.add_register(ClassicalRegister(2, "unwritten"))
    circuit.x([0, 1])
    circuit.measure([0, 1, 2], [0, 1, 2])
    data = sample(circuit, shots=5).data
    assert data.mixed.get_counts() == {"10": 5}
    assert data["all"].get_counts() == {"011": 5}
    assert data.unwritten.get_counts() == {"00": 5}


def test_a_circuit_that_measures_nothing_gives_zeros() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    assert sample(circuit, shots=5).data.c.get_counts() == {"00": 5}


def test_idle_qubits_take_no_memory() -> None:
    circuit = QuantumCircuit(24, 1)
    circuit.x(23)
    circuit.measure(23, 0)
    assert translate(circuit).wires == 1
    assert sample(circuit, shots=5).data.c.get_counts() == {"1": 5}


def test_parameter_sets_keep_their_shape_and_order() -> None:
    """Five standard errors: error probability 6e-7 a value, six values."""
    theta = Parameter("theta")
    circuit = QuantumCircuit(1, 1)
    circuit.ry(theta, 0)
    circuit.measure(0, 0)
    angles = np.linspace(0, np.pi, 6).reshape(2, 3)
    [compiled] = LIGHTNING.compile([circuit])
    for version in (circuit, compiled):
        pub = (version, angles[..., None])
        bits = LIGHTNING.sampler(seed=1).run([pub], shots=SHOTS).result()[0].data.c
        assert isinstance(bits, BitArray)
        assert (bits.shape, bits.num_shots) == ((2, 3), SHOTS)
        found = bits.to_bool_array().mean(axis=-2)[..., 0]
        exact = np.sin(angles / 2) ** 2
        assert np.all(np.abs(found - exact) <= 5 * np.sqrt(exact * (1 - exact) / SHOTS) + 1e-12)


def coins(dynamic: bool) -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.rz(Parameter("nothing"), 0)
    circuit.measure(0, 0)
    if dynamic:
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.h(1)
    else:
        circuit.h(1)
    circuit.measure(1, 1)
    return circuit


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("name", DEVICES)
def test_seeds_reproduce_and_nothing_shares_random_numbers(name: str, dynamic: bool) -> None:
    """Two runs of 400 throws agree shot by shot with a probability below 2**-400."""
    job = [(coins(dynamic), [[0.0], [0.0]])] * 2

    def run(seed: int | None) -> np.ndarray:
        result = DEVICES[name].sampler(seed).run(job, shots=400).result()
        return np.stack([pub.data.c.array for pub in result]).reshape(4, -1)

    first = run(3)
    assert np.array_equal(first, run(3))
    everything = np.concatenate([first, run(4), run(None), run(None)])
    assert len(np.unique(everything, axis=0)) == 16


def test_fresh_random_numbers_do_not_come_from_numpys_global_seed() -> None:
    runs = []
    for _ in range(2):
        np.random.seed(0)  # noqa: NPY002
        runs.append(LIGHTNING.sampler().run([(coins(False), [0.0])], shots=400).result()[0])
    assert not np.array_equal(runs[0].data.c.array, runs[1].data.c.array)


def endless() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    with circuit.while_loop((circuit.clbits[0], 0)):
        circuit.h(0)
        circuit.measure(0, 0)
    return circuit


def leaving() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    with circuit.for_loop(range(3)):
        circuit.h(0)
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.break_loop()
    return circuit


def variables() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.add_var("flag", expr.lift(True))
    return circuit


def arithmetic() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 2)
    with circuit.if_test(expr.equal(expr.add(circuit.cregs[0], 1), 2)):
        circuit.x(0)
    return circuit


def opaque() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.append(Gate("oracle", 1, []), [0])
    return circuit


def annotated() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.append(AnnotatedOperation(library.SGate(), InverseModifier()), [0])
    return circuit


def saved() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.save_statevector()
    return circuit


def never_reached() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.append(Gate("oracle", 1, []), [0])
    return circuit


REFUSED = [
    (endless, "while_loop"),
    (leaving, "break_loop"),
    (variables, "store"),
    (arithmetic, "ADD"),
    (opaque, "gate 'oracle'"),
    (annotated, "annotated"),
    (saved, "save_statevector"),
    (never_reached, "oracle"),
]


@pytest.mark.parametrize(("build", "word"), REFUSED, ids=[build.__name__ for build, _ in REFUSED])
def test_what_cannot_be_translated_is_refused_by_name_before_anything_runs(
    build: Callable[[], QuantumCircuit], word: str
) -> None:
    circuit = build()
    circuit.name = "mine"
    with (
        mock.patch("qml_algos.backends.pennylane_execution.sample") as runs,
        pytest.raises(UnsupportedCircuitError, match=f"'mine'.*{word}"),
    ):
        LIGHTNING.sampler().run([teleport(), circuit]).result()
    assert not runs.called


def test_what_the_device_refuses_is_refused_before_anything_runs() -> None:
    mixed = backend(device="default.mixed")  # has no tree traversal
    gaussian = backend(device="default.gaussian")
    plain = QuantumCircuit(1, 1)
    plain.h(0)
    plain.measure(0, 0)
    for on, circuit in [(mixed, teleport()), (gaussian, plain)]:
        with (
            mock.patch("qml_algos.backends.pennylane_execution.sample") as runs,
            pytest.raises(UnsupportedCircuitError, match=on.config.device),
        ):
            on.sampler().run([circuit]).result()
        assert not runs.called


def test_an_unknown_device_is_refused_when_the_backend_is_opened() -> None:
    with pytest.raises(ConfigError, match=r"'magic.qubit'.*known: .*lightning.qubit"):
        backend(device="magic.qubit")


def test_a_device_whose_plugin_cannot_be_loaded_is_refused() -> None:
    circuit = teleport()
    with (
        mock.patch.object(qml, "device", side_effect=ImportError("needs abacus")),
        pytest.raises(ConfigError, match=r"'lightning.qubit'.*needs abacus"),
    ):
        LIGHTNING.sampler().run([circuit])


def test_a_seed_is_refused_where_the_device_takes_none() -> None:
    with pytest.raises(ConfigError, match=r"'null.qubit'.*takes no seed"):
        backend(device="null.qubit").sampler(seed=1).run([teleport()])


def test_too_many_qubits_are_refused_with_both_numbers() -> None:
    circuit = QuantumCircuit(25, 1)
    with pytest.raises(TooLargeError, match=r"needs 25 qubits.*at most 24"):
        LIGHTNING.compile([circuit])
    circuit.h(range(25))
    circuit.measure(0, 0)
    with pytest.raises(TooLargeError, match=r"needs 25 qubits.*at most 24"):
        LIGHTNING.sampler().run([circuit])


def test_qubits_of_deferred_measurements_count() -> None:
    limits = LIGHTNING.config.limits.model_copy(update={"max_qubits": 2})
    small = backend(mcm_method="deferred", limits=limits)
    with pytest.raises(TooLargeError, match=r"a qubit for each measurement, needs \d qubits"):
        small.sampler().run([measured_reset_reused()])


def test_memory_for_the_tree_of_measurements_is_refused_before_anything_runs() -> None:
    circuit = QuantumCircuit(24, 1)
    circuit.h(range(24))
    for _ in range(20_000):
        circuit.measure(0, 0)
    with pytest.raises(TooLargeError, match=r"GiB of memory: 20000 states of 24 qubits"):
        LIGHTNING.sampler().run([circuit])


def test_shots_above_the_limit_are_refused() -> None:
    with pytest.raises(TooLargeError, match="10,000,001"):
        LIGHTNING.sampler().run([teleport()], shots=10_000_001)


def test_estimator_measures_what_aer_computes() -> None:
    """Five standard errors: error probability 6e-7."""
    circuit = QuantumCircuit(2)
    circuit.ry(0.4, 0)
    circuit.cx(0, 1)
    exact = Statevector(circuit).expectation_value(Operator.from_label("XX")).real
    data = LIGHTNING.estimator(seed=1).run([(circuit, "XX")], precision=0.02).result()[0].data
    assert abs(data.evs - exact) < 5 * data.stds


def test_the_members_of_a_backend() -> None:
    assert isinstance(LIGHTNING, qml_algos.backends.Backend)
    assert (LIGHTNING.exact, LIGHTNING.noisy, LIGHTNING.calibrated) == (False, False, None)
    assert LIGHTNING.seconds(QuantumCircuit(1)) is None
    assert "lightning" in repr(LIGHTNING)
    with pytest.raises(NotExactError, match="'lightning' returns shots"):
        LIGHTNING.statevector(QuantumCircuit(1))


def test_pennylane_is_imported_only_to_run_something() -> None:
    code = (
        "import sys, qml_algos; from qiskit import QuantumCircuit\n"
        "backend = qml_algos.backend('lightning')\n"
        "backend.compile([QuantumCircuit(1)]); backend.sampler(); backend.estimator()\n"
        "assert 'pennylane' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_linear_system_is_solved_as_with_aers_shots() -> None:
    """Root mean square within five standard errors of the same by Aer."""
    from qml_algos.linear_systems import HHL, LinearSystem, solve

    system = LinearSystem(np.array([[1, -1 / 3], [-1 / 3, 1]]), [1, 0.5])
    ours, theirs = (
        solve(system, HHL(epsilon=5e-2), backend=name, random_state=0)
        for name in ("lightning", "aer_shots")
    )
    errors = np.hypot(ours.standard_errors, theirs.standard_errors)
    assert np.all(np.abs(ours.x - theirs.x) < 5 * errors)


def test_boxes_empty_registers_and_no_parameter_sets_are_no_trouble() -> None:
    circuit = QuantumCircuit(2)
    circuit.add_register(ClassicalRegister(0, "nothing"), ClassicalRegister(2, "c"))
    with circuit.box():
        circuit.rx(Parameter("turn"), 0)
        circuit.x(1)
        circuit.measure(1, 1)
    circuit.delay(5, 0)
    bound = circuit.assign_parameters([0.0])
    pubs = [(bound,), (circuit, np.zeros((0, 1)))]
    full, empty = (pub.data for pub in LIGHTNING.sampler(1).run(pubs, shots=3).result())
    assert full.c.get_counts() == {"10": 3}
    assert (full.nothing.num_bits, full.nothing.num_shots) == (0, 3)
    assert empty.c.shape == (0,)
    assert len(LIGHTNING.sampler(1).run([]).result()) == 0


def test_jobs_at_the_same_time_do_not_disturb_each_other() -> None:
    """Exact: the two bits of every shot of every job are equal."""
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    jobs = [LIGHTNING.sampler(seed).run([circuit] * 2, shots=50) for seed in range(8)]
    for job in jobs:
        for pub in job.result():
            assert set(pub.data.c.get_counts()) == {"00", "11"}
