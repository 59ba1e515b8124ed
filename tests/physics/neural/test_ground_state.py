"""Ground states by variational Monte Carlo, against exact ones. Seeded; bounds are wide."""

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp
from sklearn.base import clone

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    exact_ground_state,
    haldane_shastry,
    heisenberg,
    square,
    transverse_field_ising,
)
from qml_algos.physics.neural.ground_state import RBMGroundState
from qml_algos.physics.states.fidelities import fidelity

QUICK = {"chains": 500, "iterations": 80, "final_samples": 5000, "random_state": 0}


def relative_error(model: RBMGroundState, energy: float) -> float:
    # Five standard errors below the ground energy are no statistics any more, unless they come of
    # configurations too rare to be sampled, of large local energies.
    assert model.energy_ > energy - 5 * model.energy_error_ - 1e-5 * abs(energy)
    return (model.energy_ - energy) / abs(energy)


def reference(hamiltonian: SpinHamiltonian) -> float:
    assert hamiltonian.reference is not None
    return hamiltonian.reference.energy


@pytest.mark.parametrize(
    "hamiltonian",
    [
        transverse_field_ising(8),
        transverse_field_ising(8, -1.0),
        transverse_field_ising(6, boundary="open"),
        heisenberg(8),
        haldane_shastry(8),
    ],
    ids=repr,
)
def test_finds_ground_states_in_the_basis_of_the_hamiltonian(hamiltonian: SpinHamiltonian) -> None:
    model = RBMGroundState(**QUICK).fit(hamiltonian)
    exact = exact_ground_state(hamiltonian)
    assert relative_error(model, exact.energies[0]) < 5e-4
    assert fidelity(model.state_, exact.states[0]) > 0.998


def test_finds_complex_states_where_no_rule_for_signs_is_known() -> None:
    operator = SparsePauliOp(["XYII", "IXYI", "IIXY", "ZIII", "IIIX"], [1.0, 0.7, 1.0, 0.5, 0.4])
    hamiltonian = SpinHamiltonian(operator)
    model = RBMGroundState(chains=200, iterations=80, final_samples=2000, random_state=0)
    model.fit(hamiltonian)
    assert model.state_.is_complex
    assert relative_error(model, exact_ground_state(hamiltonian).energies[0]) < 1e-2


def test_ising_ring_of_20_reaches_the_figure() -> None:
    hamiltonian = transverse_field_ising(20)
    model = RBMGroundState(iterations=80, final_samples=5000, random_state=0).fit(hamiltonian)
    assert abs(relative_error(model, reference(hamiltonian))) < 3e-4
    assert model.parameters_ == 40


@pytest.mark.slow
def test_variance_falls_with_alpha() -> None:
    """Energies of alpha 2 and 4 differ by less than their standard errors."""
    hamiltonian = transverse_field_ising(20)
    models = [RBMGroundState(alpha, random_state=0).fit(hamiltonian) for alpha in (1, 2, 4)]
    scores = [model.v_score_ for model in models]
    assert scores[0] > 5 * scores[1] > 25 * scores[2]
    assert relative_error(models[2], reference(hamiltonian)) < 5e-5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hamiltonian", "bound"),
    [
        (transverse_field_ising(40, 0.5), 1e-4),
        (transverse_field_ising(40), 4e-4),
        (transverse_field_ising(40, 2.0), 1e-5),
        (heisenberg(20), 1e-4),
        (heisenberg(40), 2e-4),
        (haldane_shastry(16), 1e-4),
    ],
    ids=repr,
)
def test_large_systems_reach_the_figures(hamiltonian: SpinHamiltonian, bound: float) -> None:
    model = RBMGroundState(random_state=0).fit(hamiltonian)
    assert abs(relative_error(model, reference(hamiltonian))) < bound


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_critical_ring_does_not_run_away_once_it_is_near(seed: int) -> None:
    """With a first rate of 0.3 chains fell behind, and energies rose by a tenth or more."""
    hamiltonian = transverse_field_ising(40)
    model = RBMGroundState(iterations=60, random_state=seed).fit(hamiltonian)
    assert model.energies_[30:] == pytest.approx(reference(hamiltonian), rel=0.02)


@pytest.mark.slow
def test_square_of_36_spins_reaches_the_figure() -> None:
    """The exact energy is that of varbench."""
    model = RBMGroundState(4, random_state=0).fit(heisenberg(square(6)))
    assert relative_error(model, -97.757589597236) < 5e-3


def test_attributes_of_the_common_interface() -> None:
    told: list[tuple[int, int]] = []
    model = clone(RBMGroundState(1, chains=32, iterations=3, final_samples=64, random_state=1))
    model.fit(heisenberg(6), progress=lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert model.energies_.shape == model.energy_errors_.shape == (3,)
    assert model.energy_error_ > 0
    assert model.variance_ > 0
    assert model.v_score_ == pytest.approx(6 * model.variance_ / model.energy_**2)
    assert model.parameters_ == len(model.coefficients_) == 6
    assert model.state_.magnetisation == 0
    assert model.seconds_ > 0


def test_a_seed_makes_fits_equal() -> None:
    model = RBMGroundState(chains=32, iterations=3, final_samples=64, random_state=4)
    first = model.fit(transverse_field_ising(6)).energy_
    assert model.fit(transverse_field_ising(6)).energy_ == first


def test_goes_on_from_the_last_fit() -> None:
    model = RBMGroundState(**QUICK).fit(transverse_field_ising(6))
    model.set_params(iterations=1, warm_start=True).fit(transverse_field_ising(6))
    exact = reference(transverse_field_ising(6))
    assert model.energies_[0] == pytest.approx(exact, rel=1e-2)
    with pytest.raises(UnsuitableSolverError, match="warm_start"):
        model.fit(transverse_field_ising(8))


def test_an_interrupt_keeps_what_is_trained() -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    model = RBMGroundState(chains=32, iterations=5, final_samples=64, random_state=0)
    with pytest.raises(KeyboardInterrupt):
        model.fit(transverse_field_ising(6), progress=interrupt)
    assert model.energies_.shape == (2,)
    assert model.energy_ == model.energies_[-1]
    assert model.state_.qubits == 6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alpha", 0),
        ("alpha", "2"),
        ("chains", 15),
        ("chains", 100.0),
        ("iterations", 0),
        ("moves", -1),
        ("final_samples", 0),
        ("learning_rate", 0.0),
        ("final_learning_rate", np.inf),
    ],
)
def test_bad_parameters_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidProblemError, match=name):
        RBMGroundState(**{name: value}).fit(transverse_field_ising(6))


def test_what_is_no_hamiltonian_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="SpinHamiltonian"):
        RBMGroundState().fit(SparsePauliOp("XX"))
