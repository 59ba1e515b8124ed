"""The circuit of a fidelity: right for any preparation, and shorter than twice the preparation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterExpression, ParameterVector
from qiskit.quantum_info import Statevector

from circuits import IQPMap
from qml_algos import backend
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.sampled.overlap import overlap_circuit
from qml_algos.results import two_qubit_gates

QUBITS = 3
FIXED = ["h", "x", "s", "sx", "cx", "cz", "swap", "barrier"]
TURNED = ["rx", "ry", "rz", "p", "u", "rzz", "rxx", "crx", "crz", "cp"]


def zz_map(qubits: int, repetitions: int) -> QuantumCircuit:
    """Hadamards, phases and ZZ rotations between all qubits, each angle a parameter."""
    pairs = [(a, b) for a in range(qubits) for b in range(a)]
    angles = ParameterVector("angle", qubits + len(pairs))
    circuit = QuantumCircuit(qubits)
    for _ in range(repetitions):
        circuit.h(range(qubits))
        for qubit in range(qubits):
            circuit.p(angles[qubit], qubit)
        for (a, b), angle in zip(pairs, angles[qubits:], strict=True):
            circuit.cx(a, b)
            circuit.p(angle, b)
            circuit.cx(a, b)
    return circuit


@st.composite
def preparations(draw: st.DrawFn) -> QuantumCircuit:
    circuit = QuantumCircuit(QUBITS)
    angles = ParameterVector("angle", 5)
    circuit.ry(angles[0], 0)
    for name in draw(st.lists(st.sampled_from(FIXED + TURNED), min_size=3, max_size=14)):
        places = draw(st.permutations(range(QUBITS)))
        if name == "barrier":
            circuit.barrier()
            continue
        free = 3 if name == "u" else int(name in TURNED)
        turns = [draw(st.sampled_from([*angles, 0.7])) for _ in range(free)]
        two = name in ("cx", "cz", "swap", "rzz", "rxx", "crx", "crz", "cp")
        getattr(circuit, name)(*turns, *places[: 1 + two])
    return circuit


def fidelity(circuit: QuantumCircuit, x: np.ndarray, y: np.ndarray) -> float:
    states = [Statevector(circuit.assign_parameters(values)) for values in (x, y)]
    return abs(states[0].inner(states[1])) ** 2


def probability_of_zeros(circuit: QuantumCircuit, x: np.ndarray, y: np.ndarray) -> float:
    overlap = overlap_circuit(circuit)
    [values] = overlap.values(x[None], y[None])
    bare = overlap.circuit.remove_final_measurements(inplace=False)
    return abs(Statevector(bare.assign_parameters(values)).data[0]) ** 2


@settings(max_examples=25, deadline=None, derandomize=True)
@given(preparations(), st.integers(0, 1000))
def test_the_probability_of_zeros_is_the_fidelity_of_any_preparation(circuit, seed) -> None:
    x, y = np.random.default_rng(seed).uniform(-3, 3, (2, circuit.num_parameters))
    found = probability_of_zeros(circuit, x, y)
    assert found == pytest.approx(fidelity(circuit, x, y), abs=1e-10)


@pytest.mark.parametrize(("repetitions", "gates"), [(1, 11), (2, 36), (3, 60)])
def test_the_last_layer_of_a_zz_map_is_run_once_by_the_difference(repetitions, gates) -> None:
    circuit = zz_map(4, repetitions)
    assert two_qubit_gates(circuit) == 12 * repetitions
    assert two_qubit_gates(overlap_circuit(circuit).circuit) == gates


def test_of_a_layer_of_rotations_one_by_the_difference_is_left() -> None:
    circuit = QuantumCircuit(2)
    x, y = ParameterVector("angle", 2)
    circuit.ry(x, 0)
    circuit.rx(y, 1)
    circuit.cx(0, 1)
    overlap = overlap_circuit(circuit)
    assert overlap.circuit.count_ops() == {"ry": 1, "rx": 1, "measure": 2}
    assert np.allclose(overlap.values(np.array([[1.0, 2.0]]), np.array([[0.25, 0.5]])), [0.75, 1.5])


def test_a_permutation_that_ends_a_preparation_is_taken_back() -> None:
    circuit = QuantumCircuit(3)
    circuit.h([0, 1])
    circuit.sx(2)
    for qubit, angle in enumerate(ParameterVector("angle", 3)):
        circuit.rz(angle, qubit)
        circuit.cx(qubit, (qubit + 1) % 3)
    circuit.rz(circuit.parameters[0], 1)
    x, y = np.array([0.3, 1.1, -0.4]), np.array([1.3, 0.2, 0.9])
    found = probability_of_zeros(circuit, x, y)
    assert found == pytest.approx(fidelity(circuit, x, y), abs=1e-12)


def test_a_permutation_of_a_uniform_superposition_is_left() -> None:
    feature_map = IQPMap()
    circuit = feature_map.circuit(4)
    x, y = feature_map.angles(np.random.default_rng(0).normal(size=(2, 4)))
    assert probability_of_zeros(circuit, x, y) == pytest.approx(fidelity(circuit, x, y), abs=1e-12)
    assert two_qubit_gates(overlap_circuit(circuit).circuit) == feature_map.two_qubit_gates(4) == 6


def test_the_phase_of_the_compiled_circuit_is_no_formula() -> None:
    [compiled] = backend("aer").compile([overlap_circuit(zz_map(3, 2)).circuit])
    assert not isinstance(compiled.global_phase, ParameterExpression)


def test_what_has_no_inverse_is_refused_by_its_name() -> None:
    circuit = zz_map(2, 1)
    circuit.reset(0)
    with pytest.raises(InvalidProblemError, match="'reset', which has no inverse"):
        overlap_circuit(circuit)


def test_a_circuit_without_parameters_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="no parameters"):
        overlap_circuit(QuantumCircuit(2))
