"""Circuits as deep Boltzmann machines: the same amplitudes, norm and global phase included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import CCXGate, RXXGate, iSwapGate
from qiskit.quantum_info import Statevector, random_unitary

from circuits.feature_maps import IQPMap, ZZMap
from circuits.fourier import qft
from circuits.hamiltonian_variational import hamiltonian_variational
from qml_algos.errors import InvalidProblemError, UnsupportedCircuitError
from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.hamiltonians import transverse_field_ising
from qml_algos.physics.neural.deep import boltzmann_machine_from_circuit

ONE = ("h", "s", "t", "x", "y", "z", "sx", "sdg")
TURN = ("rx", "ry", "rz", "p")
TWO = ("cx", "cz", "swap", "cy", "ch")
TWO_TURN = ("cp", "rzz", "crx", "rxx")
QUBITS = st.permutations(range(4))
ANGLE = st.floats(-7, 7)
GATE = st.one_of(
    st.tuples(st.sampled_from(ONE), st.none(), QUBITS.map(lambda q: q[:1])),
    st.tuples(st.sampled_from(TURN), ANGLE, QUBITS.map(lambda q: q[:1])),
    st.tuples(st.sampled_from(TWO), st.none(), QUBITS.map(lambda q: q[:2])),
    st.tuples(st.sampled_from(TWO_TURN), ANGLE, QUBITS.map(lambda q: q[:2])),
)


def assert_same(circuit: QuantumCircuit) -> None:
    machine = boltzmann_machine_from_circuit(circuit)
    found = np.exp(machine.log_amplitudes(every_configuration(circuit.num_qubits)))
    np.testing.assert_allclose(found, Statevector(circuit).data, atol=1e-11)
    fidelity = abs(np.vdot(machine.statevector(), Statevector(circuit).data)) ** 2
    assert fidelity > 1 - 1e-10


@settings(max_examples=20, deadline=None)
@given(gates=st.lists(GATE, max_size=12))
def test_any_circuit_keeps_its_amplitudes(gates) -> None:
    circuit = QuantumCircuit(4, global_phase=0.3)
    for name, angle, qubits in gates:
        getattr(circuit, name)(*([] if angle is None else [angle]), *qubits)
    assert_same(circuit)


def test_gates_of_three_qubits_and_unitaries_are_translated() -> None:
    circuit = QuantumCircuit(4)
    circuit.h(range(4))
    circuit.append(CCXGate(), [0, 2, 3])
    circuit.unitary(random_unitary(4, seed=3), [1, 3])
    circuit.append(iSwapGate(), [0, 1])
    circuit.append(RXXGate(0.4), [2, 0])
    assert_same(circuit)


def variational() -> QuantumCircuit:
    reference = QuantumCircuit(6)
    reference.h(range(6))
    circuit = hamiltonian_variational(transverse_field_ising(6).layers, 2, reference)
    return circuit.assign_parameters(np.linspace(0.2, 0.9, circuit.num_parameters))


def mapped(feature_map) -> QuantumCircuit:
    circuit = feature_map.circuit(4)
    angles = feature_map.angles(np.array([[0.2, 0.7, 1.1, 0.4]]))[0]
    return circuit.assign_parameters(angles)


def transformed() -> QuantumCircuit:
    circuit = QuantumCircuit(6)
    for qubit in range(6):
        circuit.ry(0.4 + qubit, qubit)
    return circuit.compose(qft(6))


@pytest.mark.parametrize(
    "circuit",
    [variational(), mapped(ZZMap()), mapped(IQPMap()), transformed()],
    ids=["variational", "ZZ map", "IQP map", "Fourier transform"],
)
def test_the_library_s_own_circuits_keep_their_amplitudes(circuit) -> None:
    assert_same(circuit)


def test_a_fourier_transform_of_forty_qubits_costs_a_width_of_one() -> None:
    qubits = 40
    angles = 0.3 + np.arange(qubits) / 7
    circuit = QuantumCircuit(qubits)
    for qubit, angle in enumerate(angles):
        circuit.ry(2 * angle, qubit)
    machine = boltzmann_machine_from_circuit(circuit.compose(qft(qubits)))
    assert machine.U.shape[1] >= 39
    assert machine.width <= 2
    bits = np.random.default_rng(0).integers(2, size=(5, qubits), dtype=np.int8)
    for row, found in zip(bits, machine.log_amplitudes(bits), strict=True):
        number = sum(int(bit) << place for place, bit in enumerate(row))
        turns = [(number << place) % 2**qubits / 2**qubits for place in range(qubits)]
        factors = np.cos(angles) + np.sin(angles) * np.exp(2j * np.pi * np.array(turns))
        assert np.exp(found - np.log(factors / np.sqrt(2)).sum()) == pytest.approx(1, abs=1e-8)


def test_parities_and_diagonal_gates_take_no_deep_unit() -> None:
    circuit = QuantumCircuit(5)
    circuit.h(range(3))
    circuit.cx(0, 3)
    circuit.cx(1, 3)
    circuit.cx(3, 4)
    circuit.cz(0, 1)
    circuit.rzz(0.4, 1, 2)
    circuit.x(4)
    circuit.swap(0, 2)
    machine = boltzmann_machine_from_circuit(circuit)
    assert machine.U.shape[1] == 0
    assert_same(circuit)


def test_measurements_at_the_end_are_left_away() -> None:
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.barrier()
    circuit.cx(0, 1)
    measured = circuit.copy()
    measured.measure_all()
    machine = boltzmann_machine_from_circuit(measured)
    bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
    np.testing.assert_allclose(machine.statevector(), bell, atol=1e-12)


def with_reset() -> QuantumCircuit:
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.reset(0)
    return circuit


def with_condition() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(0)
    return circuit


def with_parameter() -> QuantumCircuit:
    circuit = QuantumCircuit(1)
    circuit.rx(Parameter("angle"), 0)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "error", "message"),
    [
        ("H", InvalidProblemError, "type str"),
        (QuantumCircuit(), InvalidProblemError, "no qubits"),
        (with_parameter(), InvalidProblemError, "parameters angle"),
        (with_reset(), UnsupportedCircuitError, "circuit holds reset"),
        (with_condition(), UnsupportedCircuitError, "circuit holds"),
    ],
)
def test_what_is_no_circuit_of_gates_is_refused(circuit, error, message) -> None:
    with pytest.raises(error, match=message):
        boltzmann_machine_from_circuit(circuit)
