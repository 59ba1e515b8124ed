"""Exact ground states, the Hamiltonian applied to vectors, energies and V-scores."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp, random_pauli_list

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    energy_and_variance,
    exact_ground_state,
    haldane_shastry,
    heisenberg,
    square,
    toric_code,
    transverse_field_ising,
    v_score,
)
from qml_algos.physics.hamiltonians.action import action_of
from qml_algos.physics.hamiltonians.hamiltonian import require_hamiltonian
from qml_algos.physics.hamiltonians.sectors import sector_states


def random_sum(qubits: int, terms: int, seed: int) -> SpinHamiltonian:
    weights = np.random.default_rng(seed).normal(size=terms)
    paulis = random_pauli_list(qubits, terms, seed=seed, phase=False)
    return SpinHamiltonian(SparsePauliOp(paulis, weights))


def shifted(hamiltonian: SpinHamiltonian, by: float) -> SpinHamiltonian:
    identity = SparsePauliOp("I" * hamiltonian.qubits, by)
    return SpinHamiltonian(hamiltonian.operator + identity)


@settings(deadline=None, max_examples=20)
@given(qubits=st.integers(1, 8), terms=st.integers(1, 20), seed=st.integers(0, 1000))
def test_it_acts_as_its_matrix(qubits: int, terms: int, seed: int) -> None:
    hamiltonian = random_sum(qubits, terms, seed)
    vector = np.random.default_rng(seed).normal(size=(2**qubits, 2)) @ [1, 1j]
    expected = hamiltonian.to_sparse() @ vector
    np.testing.assert_allclose(action_of(hamiltonian)(vector), expected, atol=1e-12)


def test_the_ring_of_twenty_spins_has_the_energy_of_varbench() -> None:
    spectrum = exact_ground_state(heisenberg(20))
    assert spectrum.energies[0] == pytest.approx(-35.617546119506, abs=1e-10)


def test_the_square_of_sixteen_spins_has_the_energy_of_varbench() -> None:
    spectrum = exact_ground_state(heisenberg(square(4)))
    assert spectrum.energies[0] == pytest.approx(-44.9139328, abs=1e-7)


def test_ground_states_of_large_models_are_eigenstates() -> None:
    """Found in the whole space: no magnetisation is conserved."""
    for hamiltonian in (transverse_field_ising(12, 0.5), transverse_field_ising(10, -1.2)):
        spectrum = exact_ground_state(hamiltonian)
        assert hamiltonian.reference is not None
        assert spectrum.energies[0] == pytest.approx(hamiltonian.reference.energy, abs=1e-10)
        energy, variance = energy_and_variance(hamiltonian, spectrum.states[0])
        assert energy == pytest.approx(spectrum.energies[0])
        assert variance < 1e-18


@pytest.mark.slow
def test_twenty_qubits_without_conserved_magnetisation() -> None:
    hamiltonian = transverse_field_ising(20, 0.5)
    assert hamiltonian.reference is not None
    found = exact_ground_state(hamiltonian).energies[0]
    assert found == pytest.approx(hamiltonian.reference.energy, abs=1e-9)


@pytest.mark.parametrize(
    "hamiltonian", [heisenberg(10), shifted(transverse_field_ising(10), 50.0), random_sum(3, 9, 2)]
)
def test_excited_states_are_those_of_the_matrix(hamiltonian: SpinHamiltonian) -> None:
    expected = np.linalg.eigvalsh(hamiltonian.to_sparse().toarray())[:4]
    spectrum = exact_ground_state(hamiltonian, 4)
    np.testing.assert_allclose(spectrum.energies, expected, atol=1e-9)
    np.testing.assert_allclose(spectrum.states.conj() @ spectrum.states.T, np.eye(4), atol=1e-9)
    for energy, state in zip(spectrum.energies, spectrum.states, strict=True):
        image = hamiltonian.to_sparse() @ state
        np.testing.assert_allclose(image, energy * state, atol=1e-6)


def test_the_toric_code_has_four_ground_states() -> None:
    energies = exact_ground_state(toric_code(2), 5).energies
    np.testing.assert_allclose(energies, [-8, -8, -8, -8, -4], atol=1e-9)


def test_the_same_vectors_are_found_each_time() -> None:
    unsigned = SpinHamiltonian(transverse_field_ising(10).operator)
    first, second = (exact_ground_state(unsigned).states for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_v_score_is_zero_for_eigenstates_and_one_hundredth_where_expected() -> None:
    hamiltonian = shifted(heisenberg(4), 5.0)
    assert hamiltonian.mean_energy == 5
    assert v_score(-3.0, 0.0, hamiltonian) == 0
    assert v_score(-3.0, 0.16, hamiltonian) == pytest.approx(0.01)
    assert v_score(5.0, 1.0, hamiltonian) == np.inf


def test_energy_and_variance_of_a_product_state() -> None:
    """All up: each bond of the ring has -1, each field the variance h^2."""
    up = np.zeros(32)
    up[0] = 7.0
    found = energy_and_variance(transverse_field_ising(5, 0.5), up)
    np.testing.assert_allclose(found, [-5, 5 * 0.25])


def test_sectors_hold_all_states_of_a_magnetisation() -> None:
    assert sector_states(4, 2).tolist() == [1, 2, 4, 8]
    with pytest.raises(InvalidProblemError, match=r"magnetisation = 1: 4 spins have -4, -2 \.\. 4"):
        sector_states(4, 1)


def test_bad_input_is_named() -> None:
    small, large = heisenberg(4), transverse_field_ising(25)
    with pytest.raises(InvalidProblemError, match="states = 0"):
        exact_ground_state(small, 0)
    with pytest.raises(InvalidProblemError, match="states = 17: 4 qubits have 16"):
        exact_ground_state(small, 17)
    with pytest.raises(TooLargeError, match="25 qubits: exact states are held for at most 24"):
        exact_ground_state(large)
    with pytest.raises(InvalidProblemError, match=r"shape \(8,\): 4 qubits have \(16,\)"):
        energy_and_variance(small, np.ones(8))
    with pytest.raises(InvalidProblemError, match="statevector is zero"):
        energy_and_variance(small, np.zeros(16))
    with pytest.raises(InvalidProblemError, match="statevector contains NaN"):
        energy_and_variance(small, np.full(16, np.nan))
    with pytest.raises(InvalidProblemError, match="variance = -1"):
        v_score(0.0, -1.0, small)
    with pytest.raises(InvalidProblemError, match="energy = nan"):
        v_score(float("nan"), 1.0, small)
    with pytest.raises(InvalidProblemError, match="hamiltonian is of type SparsePauliOp"):
        require_hamiltonian(small.operator)


def test_a_magnetisation_that_is_not_conserved_is_refused() -> None:
    wrong = SpinHamiltonian(transverse_field_ising(4).operator, magnetisation=0)
    with pytest.raises(InvalidProblemError, match="magnetisation is not conserved"):
        exact_ground_state(wrong)


def test_haldane_and_shastry_are_met_in_the_sector() -> None:
    hamiltonian = haldane_shastry(12)
    assert hamiltonian.reference is not None
    found = exact_ground_state(hamiltonian).energies[0]
    assert found == pytest.approx(hamiltonian.reference.energy, abs=1e-10)
