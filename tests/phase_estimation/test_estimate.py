"""Five methods on circuits: the same phases, mixed states, noise, refusals."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from circuits import DiagonalisedEvolution
from circuits.unitary_evolution import UnitaryEvolution
from qml_algos.errors import InvalidProblemError, UnknownNameError, UnsuitableSolverError
from qml_algos.phase_estimation import METHODS, estimate_phases

CLOCKS = ("standard", "semiclassical", "iterative")
EVOLUTION = DiagonalisedEvolution.of_hermitian(np.array([0.7, -1.9]), np.eye(2))


def rotated(qubits):
    circuit = QuantumCircuit(qubits)
    circuit.ry(1.2, 0)
    if qubits > 1:
        circuit.cx(0, 1)
    return circuit


@pytest.mark.parametrize("method", METHODS)
def test_eigenphase_is_found_within_five_standard_errors(method):
    found = estimate_phases(
        QuantumCircuit(1), EVOLUTION, method=method, clock_qubits=5, shots=600, random_state=1
    )
    assert found.phases.shape == (1,)
    assert abs(found.phases[0] - 0.7) <= 5 * found.standard_errors[0] < 0.1
    [[low, high]] = found.interval(0.9999)
    assert low <= 0.7 <= high
    assert 580 <= found.resources.shots <= 600
    assert found.resources.classically_diagonalised is True
    assert found.total_evolution <= 600 * found.longest_evolution


@pytest.mark.parametrize("method", CLOCKS)
@pytest.mark.parametrize("qubits", [1, 2])
def test_weights_of_superpositions_and_mixtures_are_found(method, qubits):
    found = estimate_phases(
        rotated(qubits), EVOLUTION, method=method, clock_qubits=5, shots=4000, random_state=2
    )
    np.testing.assert_allclose(found.phases, [0.7, -1.9], atol=0.02)
    assert found.weights[0] == pytest.approx(np.cos(0.6) ** 2, abs=0.04)


@pytest.mark.parametrize("method", ["robust", "bayesian"])
def test_methods_for_one_eigenphase_refuse_several(method):
    with pytest.raises(UnsuitableSolverError, match="not those of one eigenphase"):
        estimate_phases(
            rotated(1), EVOLUTION, method=method, clock_qubits=5, shots=2000, random_state=3
        )


@pytest.mark.parametrize("unitary", ["matrix", "circuit"])
def test_unitary_takes_the_place_of_an_evolution(unitary):
    circuit = QuantumCircuit(1)
    circuit.p(0.7, 0)
    given = circuit if unitary == "circuit" else np.diag([1, np.exp(0.7j)])
    state = QuantumCircuit(1)
    state.x(0)
    found = estimate_phases(state, given, clock_qubits=4, shots=2000, random_state=4)
    assert found.phases[0] == pytest.approx(0.7, abs=0.02)
    assert found.resources.classically_diagonalised is False


def test_semiclassical_transform_takes_no_two_qubit_gate():
    gates = [
        estimate_phases(
            QuantumCircuit(1), EVOLUTION, method=method, clock_qubits=5, shots=50, random_state=0
        ).resources.two_qubit_gates
        for method in CLOCKS
    ]
    assert gates[0] > gates[1] >= gates[2] == 2 * 5


@pytest.mark.parametrize("method", ["standard", "semiclassical"])
def test_guard_qubit_tells_a_phase_from_its_mirror_image(method):
    """0.7 lies 0.13 cells off an outcome of 6 clock qubits; its image is 0.675."""
    found = estimate_phases(
        QuantumCircuit(1),
        EVOLUTION,
        method=method,
        clock_qubits=6,
        guard_qubits=1,
        shots=600,
        random_state=1,
    )
    assert abs(found.phases[0] - 0.7) <= 5 * found.standard_errors[0] < 0.02


def test_precision_sets_the_clock():
    found = estimate_phases(
        QuantumCircuit(1), EVOLUTION, precision=2 * np.pi / 16, shots=100, random_state=0
    )
    assert found.longest_evolution == 15


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clock_qubits": 0}, "clock_qubits = 0"),
        ({"clock_qubits": 17}, "clock_qubits = 17: from 1 to 16"),
        ({"clock_qubits": 3, "precision": 0.1}, "both given"),
        ({"precision": -1.0}, "precision = -1.0"),
        ({"method": "iterative", "guard_qubits": 1}, "guard_qubits = 1: method 'iterative'"),
        ({"guard_qubits": -1}, "guard_qubits = -1"),
        ({"shots": 0}, "shots = 0"),
        ({"time": 0.0}, r"time = 0\.0"),
        ({"method": "robust", "shots": 100}, "shots = 100: the robust method needs at least 128"),
        ({"preparation": QuantumCircuit(0)}, "preparation acts on 0 qubits"),
        ({"preparation": "x"}, "preparation is a str"),
        ({"evolution": np.ones((2, 2))}, "evolution: unitary is not unitary"),
        ({"evolution": np.eye(3)}, r"evolution: unitary has shape \(3, 3\)"),
        ({"evolution": 3}, "evolution is a int"),
        ({"evolution": np.eye(2), "time": 0.5}, r"time = 0\.5: a unitary has whole powers"),
        ({"evolution": QuantumCircuit(1, 1)}, "evolution has classical bits"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(arguments, message):
    given = {"preparation": QuantumCircuit(1), "evolution": EVOLUTION} | arguments
    with pytest.raises(ValueError, match=message):
        estimate_phases(given.pop("preparation"), given.pop("evolution"), **given)


def test_unknown_method_is_refused():
    with pytest.raises(UnknownNameError, match="kitaev"):
        estimate_phases(QuantumCircuit(1), EVOLUTION, method="kitaev")


def test_unitary_with_nan_is_refused():
    with pytest.raises(InvalidProblemError, match="NaN"):
        estimate_phases(QuantumCircuit(1), [[np.nan, 0], [0, 1]])


def test_powers_of_a_unitary_are_whole():
    with pytest.raises(ValueError, match=r"time = 0\.5"):
        UnitaryEvolution.of_matrix(np.eye(2)).controlled_powers(1, 0.5)
