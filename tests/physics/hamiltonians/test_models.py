"""Models: what they are, and their references, by dense diagonalisation and published energies."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import SparsePauliOp

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.hamiltonians import (
    Lattice,
    SpinHamiltonian,
    bethe_energy,
    chain,
    free_fermion_energy,
    haldane_shastry,
    heisenberg,
    plaquettes,
    square,
    stars,
    toric_code,
    transverse_field_ising,
)

MODELS = (
    transverse_field_ising(5, 0.7),
    transverse_field_ising(chain(4, "open"), -0.4, -1.3),
    transverse_field_ising(square(3), 2.0),
    heisenberg(6),
    heisenberg(7, "open"),
    heisenberg(square(2, 4, "open")),
    heisenberg(5),
    haldane_shastry(8),
    toric_code(2),
)


def lowest(hamiltonian: SpinHamiltonian) -> tuple[float, Any]:
    energies, vectors = np.linalg.eigh(hamiltonian.to_sparse().toarray())
    return energies[0], vectors[:, 0]


def differ(a: SparsePauliOp, b: SparsePauliOp) -> bool:
    return bool(np.any(np.abs((a - b).simplify().coeffs) > 1e-12))


@pytest.mark.parametrize("hamiltonian", MODELS, ids=lambda model: model.name)
def test_layers_are_sums_of_commuting_terms_that_add_up(hamiltonian: SpinHamiltonian) -> None:
    assert not differ(SparsePauliOp.sum(hamiltonian.layers), hamiltonian.operator)
    for layer in hamiltonian.layers:
        assert all(layer.paulis.commutes(pauli).all() for pauli in layer.paulis)


@pytest.mark.parametrize("hamiltonian", MODELS, ids=lambda model: model.name)
def test_symmetries_leave_it_unchanged(hamiltonian: SpinHamiltonian) -> None:
    assert hamiltonian.symmetries is not None
    np.testing.assert_array_equal(hamiltonian.symmetries[0], np.arange(hamiltonian.qubits))
    for permutation in hamiltonian.symmetries:
        moved = hamiltonian.operator.apply_layout(permutation.tolist())
        assert not differ(moved, hamiltonian.operator)


@pytest.mark.parametrize("hamiltonian", MODELS, ids=lambda model: model.name)
def test_reference_is_the_ground_energy(hamiltonian: SpinHamiltonian) -> None:
    if hamiltonian.reference is not None:
        assert hamiltonian.reference.energy == pytest.approx(lowest(hamiltonian)[0], abs=1e-10)


@pytest.mark.parametrize("hamiltonian", [MODELS[k] for k in (0, 1, 2, 3, 7)], ids=str)
def test_turned_by_its_signs_the_ground_state_has_no_negative_amplitude(
    hamiltonian: SpinHamiltonian,
) -> None:
    _, state = lowest(hamiltonian.without_signs())
    assert np.min(state * np.sign(state.sum())) > -1e-10


def test_references_are_where_closed_forms_are() -> None:
    sources = [model.reference and model.reference.source for model in MODELS]
    assert sources == [
        *("free fermions", "free fermions", None, "Bethe ansatz", "Bethe ansatz", None, None),
        *("Haldane and Shastry", "all terms commute"),
    ]


def test_an_odd_ring_has_no_rule_for_signs() -> None:
    assert heisenberg(5).sign_qubits is None
    assert heisenberg(square(3, 4)).sign_qubits is None
    with pytest.raises(InvalidProblemError, match="no rule for the signs"):
        heisenberg(5).without_signs()


@pytest.mark.parametrize(
    ("sites", "field", "boundary", "energy"),
    [
        (10, 1.0, "periodic", -12.784906442999),
        (10, 1.0, "open", -12.381489999655),
        (32, 1.0, "periodic", -40.760032494192),
        (32, 0.5, "periodic", -34.033421119168),
    ],
)
def test_free_fermions_give_the_energies_of_varbench(
    sites: int, field: float, boundary: Any, energy: float
) -> None:
    assert free_fermion_energy(sites, field, boundary=boundary) == pytest.approx(energy, abs=1e-11)


def test_the_bethe_ansatz_gives_the_energy_of_varbench() -> None:
    assert bethe_energy(20) == pytest.approx(-35.617546119506, abs=1e-11)


def test_long_rings_reach_the_energy_of_hulthen() -> None:
    """Corrections fall with the inverse square of the length."""
    assert bethe_energy(400) / 400 == pytest.approx(1 - 4 * np.log(2), abs=4e-5)


@settings(deadline=None, max_examples=30)
@given(
    sites=st.integers(3, 7),
    field=st.floats(-2, 2),
    coupling=st.floats(-2, 2),
    boundary=st.sampled_from(["periodic", "open"]),
)
def test_free_fermions_hold_for_every_sign(
    sites: int, field: float, coupling: float, boundary: Any
) -> None:
    model = transverse_field_ising(sites, field, coupling, boundary)
    assert free_fermion_energy(sites, field, coupling, boundary) == pytest.approx(
        lowest(model)[0], abs=1e-9
    )


def test_the_bethe_ansatz_holds_for_open_chains_of_any_length() -> None:
    for sites in range(2, 9):
        expected = lowest(heisenberg(sites, "open"))[0]
        assert bethe_energy(sites, "open") == pytest.approx(expected, abs=1e-10)


def test_stars_and_plaquettes_share_no_qubit_or_two() -> None:
    for rows, columns in ((2, 2), (3, 4)):
        a, b = stars(rows, columns), plaquettes(rows, columns)
        assert a.shape == b.shape == (rows * columns, 4)
        assert np.all(np.bincount(a.ravel()) == 2)
        assert np.all(np.bincount(b.ravel()) == 2)
        shared = {len(set(star) & set(face)) for star in a.tolist() for face in b.tolist()}
        assert shared <= {0, 2, 4 if rows == 2 else 2}


def test_it_says_what_it_is() -> None:
    assert repr(heisenberg(4)) == (
        "SpinHamiltonian(Heisenberg ring 4: 4 qubits, 12 terms, ground energy -8)"
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: transverse_field_ising(4, float("nan")), "field = nan: must be a finite number"),
        (lambda: transverse_field_ising(4, 1, float("inf")), "coupling = inf: must be a finite"),
        (lambda: transverse_field_ising(2), "periodic lattices need at least 3"),
        (lambda: transverse_field_ising(0), "sites = 0: must be a positive integer"),
        (lambda: heisenberg(1, "open"), "open lattices need at least 2"),
        (lambda: haldane_shastry(7), "sites = 7: must be even, at least 4"),
        (lambda: toric_code(1), "rows = 1: a toric code needs at least 2"),
        (lambda: toric_code(3, 1), "columns = 1: a toric code needs at least 2"),
        (lambda: stars(1), "rows = 1"),
        (lambda: plaquettes(2, 0), "columns = 0"),
        (lambda: bethe_energy(7), "sites = 7: on a ring they must be even"),
        (lambda: bethe_energy(1, "open"), "an open chain needs at least 2"),
        (lambda: free_fermion_energy(2), "periodic chains need at least 3"),
        (lambda: free_fermion_energy(1, boundary="open"), "open chains need at least 2"),
        (lambda: free_fermion_energy(4, True), "field = True: must be a finite number"),
    ],
)
def test_what_cannot_be_is_named(make: Any, words: str) -> None:
    with pytest.raises(InvalidProblemError, match=words):
        make()


@pytest.mark.parametrize("make", [transverse_field_ising, heisenberg, chain, bethe_energy])
def test_an_unknown_boundary_is_named(make: Any) -> None:
    with pytest.raises(UnknownNameError, match="unknown boundary 'twisted'; known: open, periodic"):
        make(4, boundary="twisted")
    with pytest.raises(UnknownNameError, match="boundary"):
        free_fermion_energy(4, boundary="twisted")  # type: ignore[arg-type]


def test_a_lattice_has_its_own_boundary() -> None:
    place: Lattice = chain(4, "open")
    assert heisenberg(place).terms == 9
