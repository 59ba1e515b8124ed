"""Aer's backends: sweeps, dynamic circuits, Clifford circuits, and what is refused beforehand."""

from pathlib import Path

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter, ParameterVector
from qiskit.circuit.library import QFTGate, get_standard_gate_name_mapping, real_amplitudes
from qiskit.primitives.containers import BindingsArray
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.quantum_info import SparsePauliOp, Statevector, random_clifford
from qiskit_aer import AerSimulator

import qml_algos
from qml_algos.backends import aer_sampler
from qml_algos.errors import NotCompiledError, TooLargeError, UnsupportedCircuitError
from qml_algos.speedup import compare

NAMES = ["aer_shots", "aer_mps", "aer_stabilizer"]
SHOTS = 20_000
# Of a total variation distance between sampled and exact distribution over k outcomes the mean is
# below sqrt(k / (2 pi shots)) and P(distance > mean + 0.03) < exp(-2 * shots * 0.03**2) = 2e-16.
TOLERANCE = 0.03


def total_variation(bits, exact) -> float:
    """Distance between samples, a BitArray without shape, and probabilities of outcomes."""
    found = np.zeros(len(exact))
    for outcome, count in bits.get_int_counts().items():
        found[outcome] = count / bits.num_shots
    return float(np.abs(found - exact).sum() / 2)


def allowed(outcomes: int) -> float:
    return float(np.sqrt(outcomes / (2 * np.pi * SHOTS))) + TOLERANCE


def sample(name: str, circuit: QuantumCircuit, values=None, shots: int = SHOTS, seed: int = 1):
    backend = qml_algos.backend(name)
    [compiled] = backend.compile([circuit])
    return backend.sampler(seed).run([(compiled, values, shots)]).result()[0].data


def no_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args, **kwargs):
        raise AssertionError("something was simulated")

    monkeypatch.setattr(AerSimulator, "run", refuse)


def throwing_coins(dynamic: bool) -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    circuit.h([0, 1, 2])
    circuit.measure_all()
    if dynamic:
        circuit.reset(0)
    return circuit


@pytest.mark.parametrize("name", ["aer", "aer_shots", "aer_mps"])
def test_every_set_of_a_sweep_follows_its_own_distribution(name: str) -> None:
    circuit = real_amplitudes(4, reps=1)
    values = np.random.default_rng(0).uniform(0, 2 * np.pi, (2, 3, circuit.num_parameters))
    measured = circuit.measure_all(inplace=False)
    bits = sample(name, measured, values).meas
    assert bits.shape == (2, 3)
    for index in np.ndindex(2, 3):
        exact = Statevector(circuit.assign_parameters(values[index])).probabilities()
        assert total_variation(bits[index], exact) < allowed(16)


def test_a_sweep_of_a_circuit_that_has_all_cores_for_itself_is_right_too() -> None:
    qubits = aer_sampler._OPENMP_QUBITS + 1
    angle = Parameter("angle")
    circuit = QuantumCircuit(qubits, 2)
    circuit.ry(angle, 0)
    for low in range(qubits - 1):
        circuit.cx(low, low + 1)
    circuit.measure([0, qubits - 1], [0, 1])
    bits = sample("aer_shots", circuit, np.array([[0.0], [1.0]])).c
    assert bits[0].get_int_counts() == {0: SHOTS}
    p = np.sin(0.5) ** 2
    assert total_variation(bits[1], np.array([1 - p, 0, 0, p])) < allowed(4)


def test_aer_binds_the_parameters_of_every_gate_it_knows_at_run_time() -> None:
    """Probabilities after two random states around each gate, against another simulator."""
    known = aer_sampler.known_instructions("statevector")
    gates = [
        gate
        for name, gate in get_standard_gate_name_mapping().items()
        if name in known and getattr(gate, "params", None) and name not in ("delay", "global_phase")
    ]
    assert len(gates) >= 18
    rng = np.random.default_rng(3)
    for gate in gates:
        parameters = ParameterVector("t", len(gate.params) + 1)
        circuit = QuantumCircuit(gate.num_qubits, global_phase=parameters[-1])
        for turn in (0.4, 0.9):
            for qubit in range(gate.num_qubits):
                circuit.u(turn + qubit, 0.3 - qubit, 0.8, qubit)
            if turn == 0.4:
                operation = gate.base_class(*(2 * p + 0.1 for p in parameters[:-1]))
                circuit.append(operation, range(gate.num_qubits))
        values = BindingsArray({tuple(parameters): rng.uniform(0, 6, (3, len(parameters)))})
        pub = SamplerPub(circuit.measure_all(inplace=False), values)
        gates = aer_sampler._final_measurements(pub.circuit).gates
        saved = aer_sampler.with_visible_parameters(gates)
        saved.save_probabilities()
        simulator = AerSimulator(method="statevector", **aer_sampler._options(saved))
        assert simulator.options.runtime_parameter_bind_enable
        results = aer_sampler._run(simulator, saved, pub, range(3)).results
        found = [result.data.probabilities for result in results]
        exact = [Statevector(bound).probabilities() for bound in values.bind_all(circuit)]
        assert np.allclose(found, exact, atol=1e-12), gate.name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dynamic", [False, True])
def test_same_seed_same_shots_but_pubs_and_sets_share_none(name: str, dynamic: bool) -> None:
    """Three coins thrown 400 times agree in every throw with a probability below 1e-300."""
    backend = qml_algos.backend(name)
    [compiled] = backend.compile([throwing_coins(dynamic)])
    pubs = [(compiled, BindingsArray({}, shape=(3,)), 400)] * 2

    def run(seed: int):
        return [p.data.meas.array for p in backend.sampler(seed).run(pubs).result()]

    once, again, other = run(5), run(5), run(6)
    assert np.array_equal(once, again)
    different = [*once[0], *once[1], *other[0], *other[1]]
    assert len({shots.tobytes() for shots in different}) == 12


@pytest.mark.parametrize("dynamic", [False, True])
def test_equal_parameter_sets_share_no_shots(dynamic: bool) -> None:
    angle = Parameter("angle")
    circuit = QuantumCircuit(2, 2)
    circuit.ry(angle, [0, 1])
    circuit.measure([0, 1], [0, 1])
    if dynamic:
        circuit.reset(0)
    for name in ("aer_shots", "aer_mps"):
        array = sample(name, circuit, np.full((4, 1), 1.0), shots=400).c.array
        assert len({shots.tobytes() for shots in array}) == 4


def test_shots_that_follow_each_other_are_independent() -> None:
    """The first half of the shots has the distribution of all: five standard errors, 6e-7."""
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.measure_all()
    ones = sample("aer_shots", circuit).meas.to_bool_array()[: SHOTS // 2]
    assert abs(ones.mean() - 0.5) < 5 * 0.5 / np.sqrt(SHOTS // 2)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dynamic", [False, True])
def test_bits_land_in_the_registers_they_were_measured_into(name: str, dynamic: bool) -> None:
    first, second = ClassicalRegister(2, "first"), ClassicalRegister(9, "second")
    circuit = QuantumCircuit(QuantumRegister(4), first, second)
    circuit.x([1, 3])
    circuit.barrier()
    circuit.measure(0, first[0])
    circuit.measure(3, first[0])  # the last one counts
    circuit.measure(3, second[8])
    circuit.measure(1, second[2])
    circuit.measure(2, second[1])
    if dynamic:
        circuit.reset(0)
    data = sample(name, circuit, shots=3)
    assert data.first.get_counts() == {"01": 3}
    assert data.second.get_counts() == {"100000100": 3}


@pytest.mark.parametrize("name", NAMES)
def test_bits_never_written_are_zero(name: str) -> None:
    circuit = QuantumCircuit(1, 2)
    circuit.h(0)
    assert sample(name, circuit, shots=5).c.get_counts() == {"00": 5}
    circuit.reset(0)
    assert sample(name, circuit, shots=5).c.get_counts() == {"00": 5}


def test_a_measurement_whose_bit_is_overwritten_still_disturbs_the_qubit() -> None:
    """Without the first measurement the last would always give 0: error probability 2**-200."""
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.measure(1, 0)
    circuit.h(0)
    circuit.measure(0, 1)
    for name in NAMES:
        assert "10" in sample(name, circuit, shots=200).c.get_counts()


def test_many_qubits_and_many_sets_give_the_distribution_that_few_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    circuit = real_amplitudes(3, reps=1)
    values = np.random.default_rng(1).uniform(0, 6, (5, circuit.num_parameters))
    measured = circuit.measure_all(inplace=False)
    whole = sample("aer_shots", measured, values).meas
    monkeypatch.setattr(aer_sampler, "_MAX_PROBABILITIES", 16)
    in_pieces = sample("aer_shots", measured, values).meas
    assert np.array_equal(whole.array, in_pieces.array)
    monkeypatch.setattr(aer_sampler, "_MAX_PROBABILITY_QUBITS", 2)
    by_aer = sample("aer_shots", measured, values).meas
    for index in range(5):
        exact = Statevector(circuit.assign_parameters(values[index])).probabilities()
        assert total_variation(by_aer[index], exact) < allowed(8)


def test_parameters_of_controlled_gates_are_not_overlooked() -> None:
    """By Aer they are, at every setting."""
    angle = Parameter("angle")
    circuit = QuantumCircuit(2)
    circuit.x(0)
    circuit.crx(angle, 0, 1)
    angles = np.array([[0.0], [np.pi]])
    backend = qml_algos.backend("aer")
    values = backend.estimator().run([(circuit, SparsePauliOp("ZI"), angles)]).result()[0].data.evs
    assert np.allclose(values, [1, -1], atol=1e-12)
    circuit.measure_all()
    bits = backend.sampler(1).run([(circuit, angles)], shots=20).result()[0].data.meas
    assert [bits[index].get_counts() for index in range(2)] == [{"01": 20}, {"11": 20}]


def test_a_parameter_that_only_the_phase_has_changes_nothing() -> None:
    circuit = QuantumCircuit(1, 1, global_phase=Parameter("phase"))
    circuit.x(0)
    circuit.measure(0, 0)
    bits = sample("aer_shots", circuit, np.ones((3, 1)), shots=10).c
    assert bits.shape == (3,)
    assert bits.get_counts() == {"1": 30}


@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_sets_give_an_empty_result(name: str) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.ry(Parameter("angle"), 0)
    circuit.measure(0, 0)
    assert sample(name, circuit, np.zeros((0, 1)), shots=7).c.array.shape == (0, 7, 1)


def dynamic_circuit() -> QuantumCircuit:
    """Registers: ``copy`` repeats ``coin``; ``calm`` ends as 0; ``choice`` is 2 - coin."""
    coin, copy = ClassicalRegister(1, "coin"), ClassicalRegister(1, "copy")
    calm, choice = ClassicalRegister(1, "calm"), ClassicalRegister(2, "choice")
    circuit = QuantumCircuit(QuantumRegister(4), coin, copy, calm, choice)
    circuit.h(0)
    circuit.measure(0, coin)
    with circuit.if_test((coin, 1)) as otherwise:
        circuit.x(1)
    with otherwise:
        circuit.z(1)
    circuit.measure(1, copy)
    circuit.x(2)
    circuit.measure(2, calm)
    with circuit.while_loop((calm, 1)):
        circuit.h(2)
        circuit.measure(2, calm)
    circuit.reset([0, 1])
    with circuit.switch(coin) as case:
        with case(1):
            circuit.x(0)
        with case(case.DEFAULT):
            circuit.x(1)
    with circuit.for_loop(range(3)):
        circuit.x(3)
    circuit.measure([0, 1], choice)
    return circuit


@pytest.mark.parametrize("name", NAMES)
def test_control_flow_reset_and_measurements_within_a_circuit_run(name: str) -> None:
    """Of 200 throws of a coin none or all are 1 with a probability of 1e-60."""
    data = sample(name, dynamic_circuit(), shots=200)
    coin = data.coin.to_bool_array()[:, 0]
    assert 0 < coin.sum() < 200
    assert np.array_equal(data.copy.to_bool_array()[:, 0], coin)
    assert not data.calm.to_bool_array().any()
    choice = data.choice.to_bool_array(order="little")
    assert np.array_equal(choice, np.column_stack([coin, ~coin]))


@pytest.mark.parametrize("name", ["aer_shots", "aer_mps"])
def test_parameters_within_control_flow_are_swept(name: str) -> None:
    first, second = Parameter("first"), Parameter("second")
    circuit = QuantumCircuit(2, 2, global_phase=first)
    circuit.ry(first, 0)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.ry(2 * second + first, 1)
    circuit.measure(1, 1)
    values = np.array([[0.5, 0.2], [1.0, 1.1], [2.0, 0.4]])
    bits = sample(name, circuit, values).c
    one = np.sin(values[:, 0] / 2) ** 2
    both = one * np.sin(values[:, 1] + values[:, 0] / 2) ** 2
    for index in range(3):
        exact = np.array([1 - one[index], one[index] - both[index], 0, both[index]])
        assert total_variation(bits[index], exact) < allowed(4)


def test_circuits_that_cannot_run_are_refused_before_anything_is_simulated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_simulation(monkeypatch)
    fine = QuantumCircuit(1, 1)
    fine.measure(0, 0)
    uncompiled, saving, boxed = (QuantumCircuit(3, 1) for _ in range(3))
    uncompiled.append(QFTGate(3), range(3))
    saving.save_statevector()
    with boxed.box():
        boxed.x(0)
    sampler = qml_algos.backend("aer_shots").sampler()
    for circuit, what in ((uncompiled, "qft"), (saving, "save_statevector"), (boxed, "box")):
        with pytest.raises(NotCompiledError, match=rf"no '{what}'.*compile circuits"):
            sampler.run([fine, circuit])
    with pytest.raises(TooLargeError, match="27 qubits"):
        sampler.run([fine, QuantumCircuit(27, 1)])
    with pytest.raises(TooLargeError, match="shots = 10,000,001"):
        sampler.run([fine], shots=10_000_001)
    with pytest.raises(ValueError, match="shots = 0"):
        sampler.run([fine], shots=0)
    with pytest.raises(ValueError, match="no classical bits"):
        sampler.run([QuantumCircuit(1)])


def test_gates_that_only_some_methods_simulate_are_refused_by_the_others() -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.crx(0.3, 0, 1)
    qml_algos.backend("aer_shots").sampler().run([circuit]).result()
    for name in ("aer_mps", "aer_stabilizer"):
        with pytest.raises(NotCompiledError, match="'crx'"):
            qml_algos.backend(name).sampler().run([circuit])


def test_a_cat_state_of_500_qubits_is_all_zero_or_all_one() -> None:
    """Five standard errors of its fair coin: error probability 6e-7."""
    circuit = QuantumCircuit(500)
    circuit.h(0)
    for low in range(499):
        circuit.cx(low, low + 1)
    circuit.measure_all()
    bits = sample("aer_stabilizer", circuit, shots=2000).meas
    counts = bits.get_counts()
    assert set(counts) == {"0" * 500, "1" * 500}
    assert abs(counts["1" * 500] / 2000 - 0.5) < 5 * 0.5 / np.sqrt(2000)


@pytest.mark.parametrize("seed", range(6))
def test_clifford_circuits_follow_the_exact_distribution(seed: int) -> None:
    """The whole of it, and that of three qubits in another order."""
    gates = random_clifford(5, seed=seed).to_circuit()
    whole = gates.measure_all(inplace=False)
    exact = Statevector(gates).probabilities()
    assert total_variation(sample("aer_stabilizer", whole).meas, exact) < allowed(32)
    part = QuantumCircuit(5, 3)
    part.compose(gates, inplace=True)
    part.measure([3, 0, 4], [0, 1, 2])
    exact = Statevector(gates).probabilities([3, 0, 4])
    assert total_variation(sample("aer_stabilizer", part).c, exact) < allowed(8)


def test_every_way_to_write_a_clifford_gate_is_compiled() -> None:
    circuit = QuantumCircuit(3)
    circuit.t(0)
    circuit.t(0)
    circuit.rx(np.pi / 2, 1)
    circuit.ry(-3 * np.pi / 2 + 1e-13, 2)
    circuit.u(np.pi / 2, np.pi, -np.pi / 2, 0)
    circuit.iswap(0, 1)
    circuit.rzz(np.pi / 2, 1, 2)
    circuit.sxdg(0)
    exact = Statevector(circuit).probabilities()
    circuit.measure_all()
    assert total_variation(sample("aer_stabilizer", circuit).meas, exact) < allowed(8)


def test_a_gate_that_is_not_clifford_is_named_with_its_angle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_simulation(monkeypatch)
    backend = qml_algos.backend("aer_stabilizer")
    inner = QuantumCircuit(3, 1)
    inner.measure(0, 0)
    with inner.if_test((0, 1)):
        inner.rz(0.3, 2)
    words = r"rz\(0\.3\) on qubits \(2,\) is no Clifford gate.*'aer_stabilizer'"
    with pytest.raises(UnsupportedCircuitError, match=words):
        backend.compile([inner])
    with pytest.raises(UnsupportedCircuitError, match=words):
        backend.sampler().run([inner])


def test_all_clifford_gates_that_aer_takes_need_no_compiling() -> None:
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.ecr(0, 1)
    circuit.pauli("XYZ", [0, 1, 2])
    circuit.cy(1, 2)
    circuit.rz(np.pi / 2, 2)
    circuit.sx(2)
    exact = Statevector(circuit).probabilities()
    circuit.measure_all()
    sampler = qml_algos.backend("aer_stabilizer").sampler(2)
    bits = sampler.run([circuit], shots=SHOTS).result()[0].data.meas
    assert total_variation(bits, exact) < allowed(8)


def test_gates_of_any_configured_basis_are_named(tmp_path) -> None:
    shipped = Path(aer_sampler.__file__).parents[2] / "hardware_configs" / "aer_stabilizer.toml"
    own = tmp_path / "own.toml"
    own.write_text(shipped.read_text().replace('"rz", "sx", "x"', '"u", "t"'))
    backend = qml_algos.backend(own)
    for build, words in (
        (lambda c: c.t(0), "t on qubits"),
        (lambda c: c.u(0.1, 0.2, 0.3, 0), r"u\(0.1, 0.2, 0.3\) on qubits"),
    ):
        circuit = QuantumCircuit(1)
        build(circuit)
        with pytest.raises(UnsupportedCircuitError, match=words):
            backend.compile([circuit])


def test_parameters_are_clifford_or_not_once_they_have_values() -> None:
    angle = Parameter("angle")
    circuit = QuantumCircuit(1)
    circuit.ry(angle, 0)
    circuit.measure_all()
    turns = np.array([[0.0], [np.pi], [2 * np.pi]])
    bits = sample("aer_stabilizer", circuit, turns, shots=9).meas
    assert [bits[index].get_counts() for index in range(3)] == [{"0": 9}, {"1": 9}, {"0": 9}]
    with pytest.raises(UnsupportedCircuitError, match="rz"):
        sample("aer_stabilizer", circuit, np.array([[np.pi], [0.7]]))


def test_a_comparison_reports_that_hhl_is_not_clifford() -> None:
    solvers = ("hhl", "direct", "cg")
    rows = compare("linear-systems", sizes=[2], solvers=solvers, backend="aer_stabilizer").rows
    failures = {row.solver: row.failure for row in rows}
    assert "is no Clifford gate" in failures.pop("hhl")
    assert set(failures.values()) == {None}


@pytest.mark.parametrize("name", ["aer", *NAMES])
def test_a_simulator_has_no_calibration_and_takes_no_quantum_time(name: str) -> None:
    backend = qml_algos.backend(name)
    assert backend.calibrated is None
    assert backend.seconds(QuantumCircuit(1)) is None


def test_noise_of_exact_values_is_seeded_and_no_two_pubs_share_it() -> None:
    """Five standard deviations: error probability 6e-7 a value."""
    circuit = QuantumCircuit(1)
    circuit.ry(0.4, 0)
    backend = qml_algos.backend("aer")
    pubs = [(circuit, [SparsePauliOp("Z"), SparsePauliOp("X")])] * 2

    def run(seed: int):
        result = backend.estimator(seed).run(pubs, precision=0.01).result()
        assert all(np.all(pub.data.stds == 0.01) for pub in result)
        return np.array([pub.data.evs for pub in result])

    assert np.array_equal(run(3), run(3))
    assert np.unique([run(3), run(4)]).size == 8
    assert np.all(np.abs(run(3) - [np.cos(0.4), np.sin(0.4)]) < 0.05)


@pytest.mark.parametrize("precision", [float("nan"), float("inf")])
def test_the_exact_estimator_names_a_precision_that_is_no_number(precision: float) -> None:
    with pytest.raises(ValueError, match="precision = "):
        qml_algos.backend("aer").estimator().run(
            [(QuantumCircuit(1), SparsePauliOp("Z"))], precision=precision
        )
