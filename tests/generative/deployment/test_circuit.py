"""Circuits of models: the right distribution, read as the right variables, at the cost stated."""

import itertools

import numpy as np
import pytest
from qiskit import transpile
from qiskit.quantum_info import Statevector
from qiskit.transpiler import CouplingMap, Target
from sklearn.exceptions import NotFittedError

from qml_algos import backend
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.deployment import circuit as module
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.results import two_qubit_gates

LINE = Target.from_configuration(["cz", "rz", "sx", "x"], 5, CouplingMap.from_line(5))


def bits_of_all(qubits: int) -> np.ndarray:
    """Every pattern, in the order of a statevector; that of qubit 0 first in a row."""
    return np.arange(2**qubits)[:, None] >> np.arange(qubits) & 1


def probability(model: MPSBornMachine, row: np.ndarray) -> float:
    """Multiplied out."""
    product = np.ones((1, 1))
    for core, variable in zip(model.cores_, model.order_, strict=True):
        product = product @ core[:, row[variable]]
    return float(np.abs(product[0, 0]) ** 2)


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize(
    ("sizes", "order"),
    [((2, 2, 2, 2), (0, 1, 2, 3)), ((3, 2, 4), (2, 0, 1)), ((5, 2, 3), (1, 2, 0)), ((3,), (0,))],
)
def test_an_exact_circuit_has_the_distribution_of_the_model(
    machine, sizes, order, complex_entries
) -> None:
    model = machine(sizes, order=order, complex_entries=complex_entries)
    prepared = model.to_circuit(fidelity=1.0)
    assert prepared.fidelity == pytest.approx(1, abs=1e-9)
    X, valid = prepared.decode(bits_of_all(prepared.qubits))
    found = np.abs(Statevector(prepared.circuit).data) ** 2
    assert found[~valid] == pytest.approx(0, abs=1e-9)
    assert sorted(map(tuple, X[valid])) == sorted(itertools.product(*map(range, sizes)))
    expected = [probability(model, row) for row in X[valid]]
    assert found[valid] == pytest.approx(expected, abs=1e-7)


def test_bits_are_read_along_the_chain_from_the_most_significant_qubit(machine) -> None:
    """Variable 1 has the first qubit of three, variable 0 of three categories the others."""
    prepared = machine((3, 2), order=(1, 0)).to_circuit()
    X, valid = prepared.decode([[0, 1, 1], [1, 0, 0], [1, 1, 0], [0, 0, 1]])
    assert X.tolist() == [[2, 1], [1, 0], [3, 0], [0, 1]]
    assert valid.tolist() == [True, True, False, True]


def test_a_lower_fidelity_costs_fewer_gates_and_is_the_squared_overlap(machine) -> None:
    model = machine((3, 2, 4))
    exact, rough = model.to_circuit(fidelity=1.0), model.to_circuit(fidelity=0.95)
    overlap = np.vdot(Statevector(exact.circuit).data, Statevector(rough.circuit).data)
    assert 0.95 <= rough.fidelity == pytest.approx(abs(overlap) ** 2, abs=1e-6)
    p, q = (np.abs(Statevector(found.circuit).data) ** 2 for found in (exact, rough))
    assert rough.distances.total_variation == pytest.approx(np.abs(p - q).sum() / 2, abs=1e-6)
    assert exact.distances.kl_divergence == pytest.approx(0, abs=1e-9)
    assert rough.two_qubit_gates < exact.two_qubit_gates


def test_depth_can_be_the_objective(machine) -> None:
    """A model of independent variables has no layer of two-qubit gates."""
    model = machine((2,) * 5, bond=1)
    assert model.to_circuit(objective="depth").two_qubit_depth == 0


def test_a_limit_of_gates_goes_before_the_fidelity(machine) -> None:
    prepared = machine((2,) * 5).to_circuit(fidelity=0.999, max_two_qubit_gates=0)
    assert prepared.two_qubit_gates == 0
    assert prepared.fidelity < 0.999


def test_gates_are_counted_as_the_backend_runs_them(machine) -> None:
    device = backend("heron_r3")
    prepared = machine((3, 2, 2), bond=2).to_circuit(device)
    [compiled] = device.compile([prepared.circuit])
    assert prepared.two_qubit_gates == two_qubit_gates(compiled)
    assert prepared.depth == compiled.depth()
    assert "3 variables on 4 qubits" in repr(prepared)


def test_gates_are_counted_as_a_target_of_qiskit_has_them(machine) -> None:
    prepared = machine((2,) * 5, bond=2).to_circuit(LINE)
    compiled = transpile(prepared.circuit, target=LINE, optimization_level=2, seed_transpiler=0)
    assert prepared.two_qubit_gates == compiled.count_ops()["cz"]
    assert prepared.two_qubit_gates >= prepared.two_qubit_depth > 0


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"fidelity": 0}, InvalidProblemError, "fidelity = 0: must be a number above 0"),
        ({"fidelity": 1.01}, InvalidProblemError, "fidelity = 1.01"),
        ({"fidelity": float("nan")}, InvalidProblemError, "fidelity = nan"),
        ({"fidelity": "high"}, InvalidProblemError, "fidelity = 'high'"),
        ({"fidelity": True}, InvalidProblemError, "fidelity = True"),
        ({"max_two_qubit_gates": -1}, InvalidProblemError, "max_two_qubit_gates = -1"),
        ({"max_two_qubit_gates": 1.5}, InvalidProblemError, "max_two_qubit_gates = 1.5"),
        ({"objective": "speed"}, UnknownNameError, "objective 'speed'"),
        ({"target": 5}, InvalidProblemError, "target: int given"),
        ({"target": "heron"}, UnknownNameError, "'heron'"),
        ({"target": "aer"}, TooLargeError, "needs 28 qubits.*at most 26"),
        ({"target": LINE}, TooLargeError, "needs 28 qubits; target has 5"),
    ],
)
def test_bad_wishes_are_refused_before_a_circuit_is_sought(
    machine, monkeypatch, changed, error, message
) -> None:
    monkeypatch.setattr(module, "prepare_mps", lambda *_, **__: pytest.fail("it is sought"))
    with pytest.raises(error, match=message):
        machine((3,) * 14, bond=1).to_circuit(**changed)


def test_a_model_that_is_not_fitted_has_no_circuit() -> None:
    with pytest.raises(NotFittedError):
        MPSBornMachine().to_circuit()


@pytest.mark.parametrize("bits", [[0, 1, 1], [[0, 1]], [[0, 2, 1]], [[0.5, 0, 1]]])
def test_what_are_no_bits_of_the_circuit_is_not_read(machine, bits) -> None:
    with pytest.raises(InvalidProblemError, match="bits"):
        machine((3, 2)).to_circuit().decode(bits)
