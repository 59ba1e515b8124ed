"""Circuits reach the ground states that they can hold, and are measured with honest errors."""

import re

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector
from sklearn.base import clone

from circuits.costs import count_gates
from circuits.costs.hamiltonian_variational import hamiltonian_variational_cost
from qml_algos import backend
from qml_algos.backends import Ledger, Recorder
from qml_algos.backends.noisy import NoisySampler
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    energy_and_variance,
    exact_ground_state,
    heisenberg,
    transverse_field_ising,
)
from qml_algos.physics.states.fidelities import fidelity
from qml_algos.physics.variational import VariationalCircuitGroundState, measured_energy

FIELDS = np.linspace(0.2, 2.0, 19)


def test_half_as_many_layers_as_qubits_hold_the_ground_state_of_a_ring():
    for field in FIELDS[::6]:
        model = transverse_field_ising(8, field)
        solver = VariationalCircuitGroundState().fit(model)
        assert abs(solver.energy_ / model.reference.energy - 1) < 1e-10
        assert solver.energy_error_ == 0
        assert solver.v_score_ < 1e-12


def test_at_a_critical_ring_all_that_is_promised_is_there():
    model = transverse_field_ising(6, 1.0)
    calls = []
    solver = VariationalCircuitGroundState(starts=2).fit(model, progress=lambda *a: calls.append(a))
    assert fidelity(solver.state_, exact_ground_state(model).states[0]) > 1 - 1e-9
    assert solver.parameters_ == len(solver.angles_) == 6
    np.testing.assert_allclose(
        abs(np.vdot(Statevector(solver.circuit_).data, solver.state_.statevector())), 1
    )
    assert solver.exact_energy_ == pytest.approx(solver.energy_, abs=1e-9)
    assert calls[-1] == (2, 2)
    reference = QuantumCircuit(6)
    cost = hamiltonian_variational_cost(model.layers, 3, count_gates(reference))
    assert solver.resources_.two_qubit_gates <= cost.two_qubit_gates
    assert solver.resources_.shots is None
    assert solver.seconds_ > 0


def test_a_heisenberg_ring_is_nearly_reached_from_singlets():
    model = heisenberg(8)
    solver = VariationalCircuitGroundState(starts=2).fit(model)
    assert 0 <= 1 - solver.energy_ / model.reference.energy < 1e-4


def test_more_layers_are_not_worse_and_one_layer_is_no_eigenstate():
    model = transverse_field_ising(8, 1.0)
    energies = [VariationalCircuitGroundState(p).fit(model).energy_ for p in (1, 2, 4)]
    assert energies[0] > energies[1] + 0.01 > energies[2] + 0.02


def test_shots_give_energy_and_variance_within_their_standard_errors():
    """Twelve runs of three Hamiltonians: five standard errors each, error probability 1e-5."""
    for model in (transverse_field_ising(6, 1.0), heisenberg(4), _with_y_terms()):
        solver = VariationalCircuitGroundState(1, starts=1).fit(model)
        exact = energy_and_variance(model, solver.state_.statevector())
        for seed in range(4):
            found = measured_energy(
                solver.circuit_,
                model,
                backend("aer"),
                2000,
                seed,
                with_variance=True,
                mitigated=False,
            )
            for estimate, value in zip((found.energy, found.variance), exact, strict=True):
                assert abs(estimate.value - value) < 5 * estimate.standard_error


def test_standard_errors_are_the_spread_of_repetitions():
    """Thirty repetitions: their spread is within 40 % of the error, 3.1 of its own deviations."""
    model = transverse_field_ising(4, 1.0)
    circuit = VariationalCircuitGroundState(1, starts=1).fit(model).circuit_
    aer = backend("aer")
    runs = [
        measured_energy(circuit, model, aer, 200, seed, with_variance=True, mitigated=False)
        for seed in range(30)
    ]
    for name in ("energy", "variance"):
        values = np.array([getattr(run, name).value for run in runs])
        errors = np.array([getattr(run, name).standard_error for run in runs])
        assert np.std(values) == pytest.approx(errors.mean(), rel=0.4)


def _with_y_terms():
    first = SparsePauliOp(["YYI", "III"], [0.4, 1.5])
    second = SparsePauliOp(["ZIZ", "IZI"], [-1.0, 0.6])
    return SpinHamiltonian(first + second, layers=(first, second))


def test_a_noisy_device_raises_the_energy_and_readout_is_corrected():
    """The correction lowers the energy by more than 0.05, three standard errors."""
    model = transverse_field_ising(4, 1.0)
    raw, mitigated = (
        VariationalCircuitGroundState(
            backend="heron_r3", shots=20_000, mitigate_readout=corrected, random_state=0
        ).fit(model)
        for corrected in (False, True)
    )
    exact = model.reference.energy
    assert raw.exact_energy_ == pytest.approx(exact, rel=1e-10)
    assert exact < mitigated.energy_ < raw.energy_ - 2 * raw.energy_error_
    assert raw.energy_ < 0.93 * exact
    assert raw.variance_ > 5 * raw.variance_error_ > 0
    assert raw.resources_.shots % 20_000 == 0


def test_on_a_recorded_backend_a_fit_is_run_once(tmp_path, monkeypatch):
    model = transverse_field_ising(3, 1.0)
    opened = backend("heron_r3", recorder=Recorder(Ledger(tmp_path / "ledger.sqlite")))
    solver = VariationalCircuitGroundState(
        backend=opened, shots=100, mitigate_readout=True, random_state=0
    )
    first = solver.fit(model).energy_
    monkeypatch.setattr(NoisySampler, "run", lambda *_, **__: pytest.fail("simulated again"))
    assert clone(solver).fit(model).energy_ == first


def test_without_the_variance_only_two_bases_of_a_ring_are_measured():
    solver = VariationalCircuitGroundState(shots=1000, measure_variance=False, random_state=0).fit(
        transverse_field_ising(4, 1.0)
    )
    assert solver.resources_.shots == 2000
    assert solver.variance_ is None
    assert solver.v_score_ is None


def test_a_field_of_zero_leaves_one_layer():
    solver = VariationalCircuitGroundState().fit(transverse_field_ising(4, 0.0))
    assert solver.energy_ == pytest.approx(-4)
    assert solver.parameters_ == 2


RING = transverse_field_ising(4, 1.0)


@pytest.mark.parametrize(
    ("options", "model", "error", "message"),
    [
        ({}, RING.operator, InvalidProblemError, "hamiltonian is of type SparsePauliOp"),
        ({"layers": 0}, RING, InvalidProblemError, "layers = 0"),
        ({"starts": 0}, RING, InvalidProblemError, "starts = 0"),
        ({"max_iterations": 1.5}, RING, InvalidProblemError, "max_iterations = 1.5"),
        ({"shots": 1}, RING, InvalidProblemError, "shots = 1: at least 2"),
        ({"shots": 0}, RING, ValueError, "shots = 0"),
        ({"random_state": "x"}, RING, ValueError, "random_state = 'x'"),
        ({"reference": QuantumCircuit(3)}, RING, InvalidProblemError, "reference has 3 qubits"),
        ({}, transverse_field_ising(21, 1.0), TooLargeError, "21 qubits"),
        ({}, SpinHamiltonian(RING.operator), InvalidProblemError, "has no layers"),
        (
            {},
            SpinHamiltonian(RING.operator, layers=RING.layers[:1]),
            InvalidProblemError,
            "its layers do not add up to it",
        ),
        (
            {},
            SpinHamiltonian(SparsePauliOp("II"), layers=(SparsePauliOp("II"),)),
            InvalidProblemError,
            "has no term besides the identity",
        ),
        (
            {},
            SpinHamiltonian(RING.operator, layers=(RING.operator,)),
            ValueError,
            "terms of a layer do not commute",
        ),
    ],
)
def test_what_cannot_be_solved_is_refused_by_name(options, model, error, message):
    with pytest.raises(error, match=re.escape(message)):
        VariationalCircuitGroundState(**options).fit(model)


@pytest.mark.slow
def test_sixteen_sites_are_reached_too():
    model = transverse_field_ising(16, 1.0)
    solver = VariationalCircuitGroundState().fit(model)
    assert abs(solver.energy_ / model.reference.energy - 1) < 1e-9
