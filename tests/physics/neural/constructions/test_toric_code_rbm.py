"""The toric code's eigenstates as machines: exact energies, stars, faces and excitations."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import plaquettes, stars, toric_code
from qml_algos.physics.hamiltonians.pauli_sums import pauli_sum
from qml_algos.physics.neural.constructions import toric_code_rbm, toric_loops
from qml_algos.physics.neural.local_values import local_values


@pytest.mark.parametrize(
    ("rows", "columns", "charges", "fluxes"),
    [
        (2, 2, (), ()),
        (3, 3, (), ()),
        (2, 3, (), ()),
        (2, 3, (1, 4), ()),
        (2, 3, (0, 5), (2, 3)),
        (3, 2, (), (0, 2, 3, 5)),
    ],
)
def test_it_is_an_eigenstate_with_an_energy_of_two_for_each_excitation(
    rows, columns, charges, fluxes
) -> None:
    state = toric_code_rbm(rows, columns, charges=charges, fluxes=fluxes).statevector()
    energy = 2.0 * (len(charges) + len(fluxes) - rows * columns)
    matrix = toric_code(rows, columns).to_sparse()
    np.testing.assert_allclose(matrix @ state, energy * state, atol=1e-12)


def test_the_excitations_are_on_the_stars_and_faces_that_were_named() -> None:
    state = toric_code_rbm(2, 3, charges=(1, 5), fluxes=(0, 4)).statevector()
    for letter, groups, excited in (("X", stars(2, 3), (1, 5)), ("Z", plaquettes(2, 3), (0, 4))):
        for number, group in enumerate(groups):
            matrix = pauli_sum(letter, [group], 1.0, 12).to_matrix(sparse=True)
            value = np.vdot(state, matrix @ state).real
            assert value == pytest.approx(-1 if number in excited else 1, abs=1e-12)


@pytest.mark.parametrize(("charges", "fluxes"), [((), ()), ((3, 77), (12, 99))])
def test_two_hundred_qubits_have_the_exact_local_energy_in_every_sample(charges, fluxes) -> None:
    state = toric_code_rbm(10, charges=charges, fluxes=fluxes)
    generator = np.random.default_rng(0)
    loops = toric_loops(10, count=50, generator=generator, fluxes=fluxes)
    assert len(np.unique(loops, axis=0)) == 50
    energies = local_values(state, toric_code(10).connections, loops)
    np.testing.assert_allclose(energies, 2 * (len(charges) + len(fluxes)) - 200, atol=1e-9)
    assert np.count_nonzero(state.W) == 2 * state.qubits


def test_loops_are_drawn_uniformly_from_all_that_the_machine_lets_pass() -> None:
    """A false alarm has probability below 1e-9: chi-squared, 31 degrees of freedom."""
    loops = toric_loops(2, count=8000, generator=np.random.default_rng(1), fluxes=(0, 3))
    found, counts = np.unique(loops, axis=0, return_counts=True)
    weights = np.abs(toric_code_rbm(2, fluxes=(0, 3)).statevector()) ** 2
    assert len(found) == np.count_nonzero(weights > 1e-9) == 32
    assert np.all(weights[found @ (1 << np.arange(8))] > 1e-3)
    assert np.sum((counts - 250) ** 2 / 250) < 115


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"charges": (0,)}, "charges: there are 1, but they come in pairs"),
        ({"fluxes": (0, 9)}, "fluxes = .* from 0 to 8"),
        ({"fluxes": (2, 2)}, "fluxes = .* different numbers"),
    ],
)
def test_excitations_that_cannot_be_are_refused(given, message) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        toric_code_rbm(3, **given)


def test_a_torus_too_small_and_no_loops_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="rows = 1"):
        toric_code_rbm(1)
    with pytest.raises(InvalidProblemError, match="count = 0"):
        toric_loops(2, count=0, generator=np.random.default_rng(0))
