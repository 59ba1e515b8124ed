"""Backends: the same circuit gives the same answer everywhere, and limits hold."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import SparsePauliOp, Statevector, random_unitary

import qml_algos
from circuits import fourier_design, qft
from qml_algos.backends.base import target_of
from qml_algos.backends.noisy import NoisyBackend
from qml_algos.errors import NotExactError, TooLargeError

SHOTS = 20_000
# Of a total variation distance between sampled and exact distribution over k outcomes the mean is
# below sqrt(k / (2 pi shots)) and P(distance > mean + 0.03) < exp(-2 * shots * 0.03**2) = 2e-16.
TOLERANCE = 0.03


def random_circuit(qubits: int, seed: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    for layer in range(2):
        for low in range(layer % 2, qubits - 1, 2):
            gate = UnitaryGate(random_unitary(4, seed=seed + 10 * layer + low))
            circuit.append(gate, [low, low + 1])
    return circuit


def total_variation(counts: dict[str, int], exact: np.ndarray) -> float:
    found = np.zeros(exact.size)
    for key, count in counts.items():
        found[int(key, 2)] = count
    return float(np.abs(found / found.sum() - exact).sum() / 2)


@pytest.mark.parametrize("qubits", [1, 3, 5])
def test_exact_statevector_equals_an_independent_one(qubits: int) -> None:
    circuit = random_circuit(qubits, 3)
    circuit.global_phase = 0.7
    backend = qml_algos.backend("aer")
    [compiled] = backend.compile([circuit])
    assert set(compiled.count_ops()) <= {"cx", "rz", "sx", "x"}
    assert np.allclose(backend.statevector(compiled), Statevector(circuit).data, atol=1e-10)


def test_statevector_is_in_the_callers_qubit_order_when_the_compiler_renames_qubits() -> None:
    circuit = random_circuit(3, 1)
    circuit.swap(0, 2)
    circuit.swap(1, 2)
    backend = qml_algos.backend("aer")
    [compiled] = backend.compile([circuit])
    assert np.allclose(backend.statevector(compiled), Statevector(circuit).data, atol=1e-10)


@pytest.mark.parametrize("name", ["aer", "aer_shots", "aer_mps"])
def test_samplers_follow_the_exact_distribution(name: str) -> None:
    circuit = random_circuit(4, 5)
    exact = Statevector(circuit).probabilities()
    circuit.measure_all()
    backend = qml_algos.backend(name)
    [compiled] = backend.compile([circuit])
    result = backend.sampler(seed=1).run([compiled], shots=SHOTS).result()[0]
    expected = np.sqrt(16 / (2 * np.pi * SHOTS))
    assert total_variation(result.data.meas.get_counts(), exact) < expected + TOLERANCE


@pytest.mark.parametrize("name", ["aer_shots", "aer_mps", "heron_r3"])
def test_the_circuits_of_one_job_do_not_share_their_random_numbers(name: str) -> None:
    """Two fair coins thrown 400 times agree in every count with a probability below 1e-3."""
    circuit = QuantumCircuit(2)
    circuit.h([0, 1])
    circuit.measure_all()
    backend = qml_algos.backend(name)
    first, second = backend.sampler(seed=5).run(backend.compile([circuit] * 2), shots=400).result()
    assert first.data.meas.get_counts() != second.data.meas.get_counts()


def test_compiled_circuits_obey_the_devices_connectivity() -> None:
    backend = qml_algos.backend("heron_r3")
    assert isinstance(backend, NoisyBackend)
    [compiled] = backend.compile([random_circuit(4, 2)])
    target = backend.device.target
    for instruction in compiled.data:
        places = tuple(compiled.find_bit(qubit).index for qubit in instruction.qubits)
        assert target.instruction_supported(instruction.operation.name, places)
    assert target.num_qubits == 156


@pytest.mark.parametrize("name", ["aer", "aer_shots", "heron_r3"])
def test_estimators_broadcast_and_agree(name: str) -> None:
    """Five standard errors: error probability 6e-7 a value, seven values."""
    angle = Parameter("angle")
    circuit = QuantumCircuit(2)
    circuit.ry(angle, 0)
    circuit.cx(0, 1)
    first = SparsePauliOp.from_list([("ZZ", 1.0), ("XX", 0.5), ("II", 0.25), ("IY", 1.0)])
    observables = [[first], [SparsePauliOp("ZI")]]
    angles = np.array([0.3, 1.0, 2.0])
    backend = qml_algos.backend(name)
    [compiled] = backend.compile([circuit])
    if compiled.layout is not None:
        observables = [[o.apply_layout(compiled.layout) for o in row] for row in observables]
    pub = (compiled, observables, angles[:, None])
    data = backend.estimator(seed=3).run([pub], precision=0.02).result()[0].data
    expected = np.array([1.25 + 0.5 * np.sin(angles), np.cos(angles)])
    noise = 0.1 if backend.noisy else 0.0
    assert data.evs.shape == (2, 3)
    assert np.all(np.abs(data.evs - expected) < 5 * data.stds + noise)


def test_exact_estimator_is_exact_by_default() -> None:
    backend = qml_algos.backend("aer")
    circuit = QuantumCircuit(1)
    circuit.ry(0.4, 0)
    data = backend.estimator().run([(circuit, SparsePauliOp("Z"))]).result()[0].data
    assert data.evs == pytest.approx(np.cos(0.4), abs=1e-12)


@pytest.mark.parametrize("name", ["aer_shots", "aer_mps", "heron_r3"])
def test_statevector_is_refused_where_there_is_none(name: str) -> None:
    with pytest.raises(NotExactError, match=f"'{name}' returns shots"):
        qml_algos.backend(name).statevector(QuantumCircuit(1))


@pytest.mark.parametrize(("name", "limit"), [("aer", 26), ("aer_mps", 1000), ("heron_r3", 30)])
def test_too_many_qubits_are_refused_with_both_numbers(name: str, limit: int) -> None:
    backend = qml_algos.backend(name)
    with pytest.raises(TooLargeError, match=rf"needs {limit + 1} qubits.*at most {limit}"):
        backend.compile([QuantumCircuit(limit + 1)])


def test_memory_is_named_where_it_is_the_limit() -> None:
    with pytest.raises(TooLargeError, match="30 qubits \\(16 GiB of memory\\)"):
        qml_algos.backend("aer").compile([QuantumCircuit(30)])


def test_repr_says_which_backend_it_is() -> None:
    assert "aer_shots" in repr(qml_algos.backend("aer_shots"))


def test_circuits_are_made_to_the_measure_of_a_backend() -> None:
    """Its target is what `circuits.qft` takes; simulators restrict nothing."""
    assert target_of(qml_algos.backend("aer")) is None
    assert qft(5, qml_algos.backend("aer")).count_ops()["h"] == 5
    heron = qml_algos.backend("heron_r3")
    design = fourier_design(5, heron)
    assert design.layout is not None
    coupled = {frozenset(pair) for pair in target_of(heron).build_coupling_map()}  # type: ignore[union-attr]
    for item in design.circuit.data:
        places = [design.layout[design.circuit.find_bit(qubit).index] for qubit in item.qubits]
        assert len(places) == 1 or frozenset(places) in coupled
