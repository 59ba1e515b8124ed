"""States and their derivatives, against Qiskit, Aer, finite differences and PennyLane."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Gate, Parameter
from qiskit.circuit.library import (
    DiagonalGate,
    PauliEvolutionGate,
    PermutationGate,
    UnitaryGate,
    real_amplitudes,
    zz_feature_map,
)
from qiskit.quantum_info import Pauli, SparsePauliOp, Statevector, random_unitary
from simulated_circuits import random_circuit

import qml_algos
from circuits.feature_maps import PauliMap, ZZMap
from qml_algos.backends.gradients import AdjointGradient
from qml_algos.errors import InvalidProblemError, TooLargeError, UnsupportedCircuitError
from qml_algos.kernels.states import state_program
from qml_algos.kernels.states.phases import PhasePolynomial


def error(circuit, rows=2, dtype=np.complex128):
    """Largest distance to Qiskit's states over a few rows, phases removed."""
    program = state_program(circuit)
    angles = np.random.default_rng(0).normal(size=(rows, program.parameters))
    states = program.states(angles, dtype)
    assert states.shape == (rows, 2**circuit.num_qubits)
    assert states.dtype == dtype
    # Qiskit's matrix exponential warns.
    reference = circuit.decompose("PauliEvolution")
    worst = 0.0
    for state, row in zip(states, angles, strict=True):
        exact = Statevector(reference.assign_parameters(row)).data
        overlap = np.vdot(state, exact)
        worst = max(worst, np.linalg.norm(state * overlap / abs(overlap) - exact))
    return worst


@pytest.mark.parametrize("seed", range(18))
def test_states_of_random_circuits_are_those_of_qiskit(seed):
    qubits = 2 + seed % 6
    assert error(random_circuit(qubits, 12 * qubits, seed)) < 1e-12


@pytest.mark.parametrize("qubits", [9, 10])
def test_states_of_more_qubits_than_one_group_are_those_of_qiskit(qubits):
    assert error(random_circuit(qubits, 80, qubits)) < 1e-12


@pytest.mark.parametrize("entanglement", ["full", "linear", "circular"])
@pytest.mark.parametrize("qubits", [2, 7])
def test_states_of_library_maps_are_those_of_qiskit(qubits, entanglement):
    assert error(real_amplitudes(qubits, entanglement=entanglement)) < 1e-12
    circuit = ZZMap(entanglement=entanglement).circuit(qubits)
    assert error(circuit) < 1e-12


def test_states_of_a_zz_map_are_those_of_qiskits_zz_feature_map():
    X = np.random.default_rng(1).uniform(0, 2 * np.pi, (3, 6))
    feature_map, library = ZZMap(), zz_feature_map(6)
    states = state_program(feature_map.circuit(6)).states(feature_map.angles(X))
    for row, state in zip(X, states, strict=True):
        assert abs(np.vdot(Statevector(library.assign_parameters(row)), state)) > 1 - 1e-12


def test_states_are_those_of_aer():
    circuit = random_circuit(8, 90, 3)
    angles = np.random.default_rng(2).normal(size=(1, circuit.num_parameters))
    [state] = state_program(circuit).states(angles)
    aer = qml_algos.backend("aer")
    [compiled] = aer.compile([circuit.assign_parameters(angles[0])])
    exact = np.asarray(aer.statevector(compiled))
    assert abs(np.vdot(exact, state)) == pytest.approx(1, abs=1e-12)


def test_fixed_gates_on_several_qubits_are_exact():
    circuit = QuantumCircuit(5)
    circuit.ry(Parameter("t"), 2)
    circuit.append(UnitaryGate(random_unitary(8, seed=1)), [4, 0, 2])
    circuit.append(DiagonalGate(np.exp(1j * np.arange(8)).tolist()), [3, 1, 0])
    circuit.append(PermutationGate([2, 0, 1]), [0, 2, 4])
    circuit.append(UnitaryGate(random_unitary(2, seed=2)), [1])
    circuit.append(PauliEvolutionGate(Pauli("XYZ"), Parameter("time")), [1, 2, 3])
    circuit.append(PauliEvolutionGate(SparsePauliOp(["ZZ", "XI"], [0.3, 0.7]), 1.1), [0, 4])
    assert error(circuit) < 1e-12


def test_circuits_without_parameters_or_gates_are_states_too():
    plain = QuantumCircuit(2)
    assert np.array_equal(state_program(plain).states(np.empty((3, 0))), [[1, 0, 0, 0]] * 3)
    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    assert error(bell) < 1e-15
    assert state_program(bell).pullback(np.empty((2, 0)), np.ones((2, 4))).shape == (2, 0)


def test_single_precision_errs_by_about_1e_6():
    assert error(random_circuit(7, 120, 5), dtype=np.complex64) < 3e-6


def test_more_rows_than_are_simulated_at_a_time_are_all_right():
    circuit = random_circuit(6, 40, 8)
    program = state_program(circuit)
    angles = np.random.default_rng(4).normal(size=(1500, program.parameters))
    states = program.states(angles)
    for rows in (slice(0, 3), slice(1023, 1026), slice(1499, 1500)):
        assert np.allclose(states[rows], program.states(angles[rows]), atol=1e-14)


def test_equal_layers_are_computed_once_and_zz_maps_need_no_permutation():
    layers = state_program(ZZMap(repetitions=3).circuit(5)).layers
    phases = [layer for layer in layers if isinstance(layer, PhasePolynomial)]
    assert len(layers) == 6
    assert len(set(phases)) == 1
    assert len(phases) == 3
    layers = state_program(PauliMap(paulis=("Z", "ZZ")).circuit(5)).layers
    assert len(layers) == 4


@pytest.mark.parametrize("seed", range(8))
def test_pullback_agrees_with_finite_differences(seed):
    circuit = random_circuit(2 + seed % 4, 30, 100 + seed)
    program = state_program(circuit)
    rng = np.random.default_rng(seed)
    angles = rng.normal(size=(2, program.parameters))
    size = 2**program.qubits
    observable = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    observable += observable.conj().T

    def values(given):
        states = program.states(given)
        return np.einsum("ra,ab,rb->r", states.conj(), observable, states).real

    gradient = program.pullback(angles, 2 * program.states(angles) @ observable.T)
    for k in range(program.parameters):
        step = np.zeros_like(angles)
        step[:, k] = 1e-4
        # Fourth order.
        near = values(angles + step) - values(angles - step)
        far = values(angles + 2 * step) - values(angles - 2 * step)
        assert gradient[:, k] == pytest.approx((8 * near - far) / 12e-4, abs=1e-8)


def test_pullback_agrees_with_pennylanes_adjoint_gradient():
    qubits = 5
    circuit = QuantumCircuit(qubits)
    for k in range(3 * qubits):
        (circuit.rx, circuit.ry, circuit.rz)[k % 3](Parameter(f"t{k:02}"), k % qubits)
        circuit.cx(k % qubits, (k + 2) % qubits)
        circuit.h(k * 2 % qubits)
    operator = SparsePauliOp(["XZIYI", "IZZIX"], [0.7, -0.4]).to_matrix()
    angles = np.random.default_rng(6).normal(size=(1, circuit.num_parameters))
    program = state_program(circuit)
    ours = program.pullback(angles, 2 * program.states(angles) @ operator.T)
    _, theirs = AdjointGradient(circuit, [operator])(angles[0])
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_pullback_is_linear_in_the_number_of_rows():
    program = state_program(ZZMap().circuit(6))
    rng = np.random.default_rng(7)
    angles = rng.normal(size=(1100, program.parameters))
    left = rng.normal(size=(1100, 64)) + 1j * rng.normal(size=(1100, 64))
    whole = program.pullback(angles, left)
    assert np.allclose(whole[1020:1030], program.pullback(angles[1020:1030], left[1020:1030]))


def measured_circuit():
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    return circuit


def gated(gate):
    circuit = QuantumCircuit(2)
    circuit.append(gate, [0, 1])
    return circuit


@pytest.mark.parametrize(
    ("circuit", "named"),
    [
        (measured_circuit(), "'measure' on qubits"),
        (gated(Gate("mystery", 2, [])), "'mystery'"),
        (gated(Gate("turning", 2, [Parameter("t")])), "'turning'"),
    ],
)
def test_what_cannot_be_simulated_is_refused_by_name(circuit, named):
    with pytest.raises(UnsupportedCircuitError, match=named):
        state_program(circuit)


def test_expressions_that_are_not_linear_are_refused_by_name():
    a, b = Parameter("a"), Parameter("b")
    circuit = QuantumCircuit(1)
    circuit.rx(a * b, 0)
    with pytest.raises(UnsupportedCircuitError, match=r"'rx' turns by .*linear"):
        state_program(circuit)


def test_too_many_qubits_are_refused_before_work():
    with pytest.raises(TooLargeError, match="50 qubits"):
        state_program(QuantumCircuit(50))
    circuit = QuantumCircuit(24)
    circuit.rx(Parameter("t"), 0)
    with pytest.raises(TooLargeError, match="100000 states of 24 qubits"):
        state_program(circuit).states(np.zeros((10**5, 1)))


@pytest.mark.parametrize(
    "angles", [np.zeros((2, 4)), np.zeros(3), np.full((1, 3), np.nan), np.zeros((1, 3), complex)]
)
def test_wrong_angles_are_refused(angles):
    program = state_program(ZZMap().circuit(2))
    assert program.parameters == 3
    with pytest.raises(InvalidProblemError, match="angles"):
        program.states(angles)


def test_wrong_cotangents_and_types_are_refused():
    program = state_program(ZZMap().circuit(2))
    with pytest.raises(InvalidProblemError, match="cotangents have shape"):
        program.pullback(np.zeros((2, 3)), np.zeros((2, 8)))
    with pytest.raises(InvalidProblemError, match="cotangents"):
        program.pullback(np.zeros((1, 3)), np.full((1, 4), np.nan))
    with pytest.raises(ValueError, match="complex64 or complex128"):
        program.states(np.zeros((1, 3)), float)
    with pytest.raises(InvalidProblemError, match="no qubits"):
        state_program(QuantumCircuit(0))
