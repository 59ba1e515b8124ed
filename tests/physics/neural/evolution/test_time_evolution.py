"""Time evolution of machines against exact evolution, by sums and by samples."""

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp
from scipy.sparse.linalg import expm_multiply
from sklearn.base import clone

from qml_algos.errors import InvalidProblemError, NotConvergedError
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    exact_ground_state,
    heisenberg,
    transverse_field_ising,
)
from qml_algos.physics.neural.constructions import random_rbm, symmetric_rbm
from qml_algos.physics.neural.evolution import TimeEvolution
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.states.fidelities import fidelity

TIMES = np.linspace(0, 2, 21)


def local(letter: str, site: int, qubits: int) -> SparsePauliOp:
    return SparsePauliOp.from_sparse_list([(letter, [site], 1.0)], qubits)


def prepared(qubits: int, filters: int, seed: int) -> RBMState:
    """Ground state in half the critical field, by imaginary time."""
    before = transverse_field_ising(qubits, 0.5)
    start = symmetric_rbm(before.symmetries, filters, random_state=seed)
    return TimeEvolution().evolve(start, before, [0, -4j]).states[-1]


def quench_errors(qubits: int, filters: int, seed: int) -> tuple[float, float]:
    """Largest error of the magnetisation along the field to t = 2, and fidelity then."""
    start, after = prepared(qubits, filters, seed), transverse_field_ising(qubits, 1.0)
    ground = exact_ground_state(transverse_field_ising(qubits, 0.5)).states[0]
    assert fidelity(start, ground) > 0.99999
    x = local("X", 3, qubits)
    found = TimeEvolution().evolve(start, after, TIMES, {"x": x})
    exact = expm_multiply(-1j * after.to_sparse(), ground.astype(complex), 0, TIMES[-1], len(TIMES))
    matrix = x.to_matrix(sparse=True)
    values = [np.vdot(state, matrix @ state).real for state in exact]
    assert np.ptp(found.expectations["energy"]) < 0.02
    return np.abs(found.expectations["x"] - values).max(), fidelity(found.states[-1], exact[-1])


def test_a_quench_of_eight_spins_follows_exact_evolution() -> None:
    error, overlap = quench_errors(8, 3, 0)
    assert error < 1e-3
    assert overlap > 0.9999


@pytest.mark.slow
def test_a_quench_of_ten_spins_follows_exact_evolution() -> None:
    error, overlap = quench_errors(10, 6, 0)
    assert error < 0.002
    assert overlap > 0.999


def test_samples_lead_where_sums_lead() -> None:
    start, after = prepared(6, 2, 0), transverse_field_ising(6, 1.0)
    times = [0.0, 0.1, 0.2]
    observables = {"x": local("X", 0, 6)}
    exact = TimeEvolution().evolve(start, after, times, observables)
    sampled = TimeEvolution(exact_qubits=5, samples=400, step=0.05, random_state=0).evolve(
        start, after, times, observables
    )
    assert fidelity(exact.states[-1], sampled.states[-1]) > 0.999
    deviation = np.abs(sampled.expectations["x"] - exact.expectations["x"])
    assert np.all(deviation < 6 * sampled.errors["x"])
    assert np.all(sampled.errors["x"] < 0.02)
    assert np.all(exact.errors["x"] == 0)


def test_machines_without_symmetries_follow_any_hamiltonian() -> None:
    """Random couplings, fields in X, Y and Z, and as many hidden units as it takes."""
    generator = np.random.default_rng(1)
    letters = ["ZZI", "IXX", "YIY", "XII", "IYI", "IIZ"]
    hamiltonian = SpinHamiltonian(SparsePauliOp(letters, generator.normal(size=6)))
    start = random_rbm(3, 4, scale=0.3, random_state=0)
    start = RBMState(start.W * 0.2, start.a * 0.2, start.b * 0.2)
    found = TimeEvolution(cutoff=1e-8, tolerance=1e-7).evolve(start, hamiltonian, [0, 0.1, 0.3])
    exact = expm_multiply(-0.3j * hamiltonian.to_sparse(), start.statevector())
    assert fidelity(found.states[-1], exact) > 1 - 1e-8
    assert found.residuals.max() < 1e-6


def test_imaginary_time_finds_the_ground_state_and_the_residual_says_so() -> None:
    hamiltonian = transverse_field_ising(6, 1.0)
    start = symmetric_rbm(hamiltonian.symmetries, 2, random_state=0)
    told = []
    found = TimeEvolution().evolve(
        start, hamiltonian, -1j * np.arange(4), progress=lambda *done: told.append(done)
    )
    energies = found.expectations["energy"]
    assert np.all(np.diff(energies) < 0)
    assert energies[-1] == pytest.approx(exact_ground_state(hamiltonian).energies[0], abs=2e-4)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(found.states) == 4
    assert repr(found).startswith("EvolvedStates(4 times from 0")


def test_an_observable_without_the_symmetry_is_read_at_its_own_site() -> None:
    start = prepared(6, 2, 0)
    pair = SparsePauliOp.from_sparse_list([("ZXZ", [0, 1, 3], 1.0)], 6)
    found = TimeEvolution().evolve(start, transverse_field_ising(6, 1.0), [0.0], {"pair": pair})
    state = start.statevector()
    exact = np.vdot(state, pair.to_matrix(sparse=True) @ state).real
    assert found.expectations["pair"][0] == pytest.approx(exact, abs=1e-10)


def test_a_conserved_magnetisation_stays() -> None:
    hamiltonian = heisenberg(6)
    plain = random_rbm(6, 12, random_state=0)
    start = RBMState(plain.W * 0.05, plain.a * 0.05, plain.b * 0.05, 0)
    found = TimeEvolution().evolve(start, hamiltonian, [0, 0.05])
    exact = expm_multiply(-0.05j * hamiltonian.to_sparse(), start.statevector())
    assert found.states[-1].magnetisation == 0
    assert fidelity(found.states[-1], exact) > 0.9999


def test_parameters_are_kept_untouched_and_cloned() -> None:
    evolution = TimeEvolution(samples=50, cutoff=0.1)
    assert clone(evolution).get_params() == evolution.get_params()


RING = transverse_field_ising(4)
START = symmetric_rbm(RING.symmetries, 1, random_state=0)


@pytest.mark.parametrize(
    ("parameters", "arguments", "message"),
    [
        ({"samples": 0}, (START, RING, [0, 1]), "samples = 0"),
        ({"exact_qubits": 21}, (START, RING, [0, 1]), "exact_qubits = 21"),
        ({"step": 0}, (START, RING, [0, 1]), "step = 0"),
        ({"tolerance": -1}, (START, RING, [0, 1]), "tolerance = -1"),
        ({"cutoff": 0}, (START, RING, [0, 1]), "cutoff = 0"),
        ({}, (START.statevector(), RING, [0, 1]), "state must be an RBMState"),
        ({}, (START, RING.operator, [0, 1]), "SpinHamiltonian"),
        ({}, (START, transverse_field_ising(5), [0, 1]), "5 qubits, state 4"),
        ({}, (START, RING, [[0, 1]]), "times has shape"),
        ({}, (START, RING, []), "times has shape"),
        ({}, (START, RING, [0, np.nan]), "times contains NaN"),
        ({}, (START, RING, [0], {"x": local("X", 0, 3)}), "x has 3 qubits"),
        ({}, (START, RING, [0], {"x": 1j * local("X", 0, 4)}), "complex coefficients"),
        ({}, (START, RING, [0], {"energy": RING}), 'the name "energy"'),
    ],
)
def test_bad_input_is_refused_by_name(parameters, arguments, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        TimeEvolution(**parameters).evolve(*arguments)


def test_steps_far_too_long_are_told() -> None:
    evolution = TimeEvolution(exact_qubits=1, samples=20, step=1e6, cutoff=1e-9, random_state=0)
    with np.errstate(all="ignore"), pytest.raises(NotConvergedError, match="step = 1e"):
        evolution.evolve(START, RING, [0, 1e9])
