"""Matrix-product ground states against closed forms and exact diagonalisation."""

from typing import Any

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp, random_pauli_list
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.ground_states.mps import MPSGroundState
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    exact_ground_state,
    haldane_shastry,
    heisenberg,
    square,
    toric_code,
    transverse_field_ising,
)
from qml_algos.physics.states import entropy_profile
from qml_algos.physics.states.fidelities import fidelity


def solved(hamiltonian: SpinHamiltonian, bond_dimension: int = 64) -> MPSGroundState:
    return MPSGroundState(bond_dimension, random_state=0).fit(hamiltonian)


def relative_error(found: MPSGroundState, hamiltonian: SpinHamiltonian) -> float:
    assert hamiltonian.reference is not None
    return abs(found.energy_ / hamiltonian.reference.energy - 1)


def test_the_open_chain_of_forty_spins_is_exact_to_ten_digits() -> None:
    """The issue asks for 1e-8."""
    hamiltonian = transverse_field_ising(40, boundary="open")
    found = solved(hamiltonian)
    assert relative_error(found, hamiltonian) < 1e-10
    assert found.converged_
    assert found.v_score_ < 1e-10


def test_the_ring_of_thirty_two_spins_has_the_energy_of_varbench() -> None:
    hamiltonian = transverse_field_ising(32, 0.5)
    assert solved(hamiltonian, 32).energy_ == pytest.approx(-34.033421119168, abs=1e-6)


@pytest.mark.parametrize(
    "hamiltonian",
    [
        heisenberg(9),
        heisenberg(10, "open"),
        haldane_shastry(10),
        toric_code(2, 3),
        transverse_field_ising(square(3), 2.5),
    ],
    ids=lambda model: model.name,
)
def test_small_models_are_solved_exactly(hamiltonian: SpinHamiltonian) -> None:
    expected = exact_ground_state(hamiltonian).energies[0]
    assert solved(hamiltonian).energy_ == pytest.approx(expected, rel=1e-8)


def test_any_pauli_sum_has_a_ground_state_complex_or_not() -> None:
    paulis = random_pauli_list(6, 30, seed=3, phase=False)
    hamiltonian = SpinHamiltonian(
        SparsePauliOp(paulis, np.random.default_rng(1).normal(size=30)), name="random"
    )
    exact = exact_ground_state(hamiltonian)
    found = solved(hamiltonian)
    assert found.energy_ == pytest.approx(exact.energies[0], rel=1e-8)
    assert fidelity(found.state_, exact.states[0]) > 1 - 1e-8
    assert np.iscomplexobj(found.state_.cores[0])


def test_spins_at_both_ends_of_a_ring_find_each_other() -> None:
    """No pair of neighbours connects them; without mixing the energy stays 1.6e-6 too high."""
    hamiltonian = transverse_field_ising(12, 0.1)
    for seed in range(3):
        found = MPSGroundState(random_state=seed).fit(hamiltonian)
        assert relative_error(found, hamiltonian) < 1e-9


def test_entropies_of_haldane_and_shastry_are_those_of_the_exact_state() -> None:
    hamiltonian = haldane_shastry(12)
    expected = entropy_profile(exact_ground_state(hamiltonian).states[0])
    np.testing.assert_allclose(entropy_profile(solved(hamiltonian).state_), expected, atol=1e-6)


def test_a_seed_gives_the_same_state_and_progress_is_told() -> None:
    told: list[Any] = []
    first = clone(MPSGroundState(16, random_state=3)).fit(
        heisenberg(8), progress=lambda *given: told.append(given)
    )
    second = MPSGroundState(16, random_state=3).fit(heisenberg(8))
    np.testing.assert_array_equal(first.state_.statevector(), second.state_.statevector())
    assert told == [(k + 1, 20) for k in range(len(first.energies_))]
    assert first.energies_[-1] == pytest.approx(first.energy_)
    assert first.energy_error_ == 0
    assert first.parameters_ == first.state_.parameters


def test_bonds_are_no_larger_than_allowed_and_the_discarded_weight_is_told() -> None:
    found = solved(heisenberg(12), 6)
    assert max(found.state_.bond_dimensions) == 6
    assert 1e-6 < found.truncation_weight_ < 1e-1
    assert found.variance_ > 1e-3


def test_too_few_sweeps_are_warned_of() -> None:
    with pytest.warns(ConvergenceWarning, match="still changed after 1 sweeps"):
        found = MPSGroundState(16, max_sweeps=1, random_state=0).fit(heisenberg(8))
    assert not found.converged_


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"bond_dimension": 0}, "bond_dimension = 0: must be a positive integer"),
        ({"max_sweeps": 1.5}, "max_sweeps = 1.5"),
        ({"tolerance": 0}, "tolerance = 0"),
        ({"truncation": -1e-9}, "truncation = -1e-09"),
        ({"truncation": 1.0}, "truncation = 1.0: must be below 1"),
        ({"random_state": "x"}, "random_state = 'x'"),
    ],
)
def test_bad_parameters_are_named(given: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MPSGroundState(**given).fit(heisenberg(4))


def test_what_cannot_be_solved_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="hamiltonian is of type str"):
        MPSGroundState().fit("ising")  # type: ignore[arg-type]
    with pytest.raises(InvalidProblemError, match="hamiltonian has 1 qubit"):
        MPSGroundState().fit(SpinHamiltonian(SparsePauliOp("X")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hamiltonian", "bond_dimension", "error"),
    [
        (transverse_field_ising(100, boundary="open"), 64, 1e-10),
        (transverse_field_ising(32), 64, 1e-9),
        (heisenberg(40), 128, 2e-6),
        (haldane_shastry(16), 128, 1e-8),
    ],
    ids=lambda given: getattr(given, "name", None),
)
def test_long_chains_reach_their_closed_forms(
    hamiltonian: SpinHamiltonian, bond_dimension: int, error: float
) -> None:
    assert relative_error(solved(hamiltonian, bond_dimension), hamiltonian) < error
