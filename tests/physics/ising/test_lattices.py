import numpy as np
import pytest

from qml_algos.errors import UnknownNameError
from qml_algos.physics.ising import LATTICES, ising_lattice


@pytest.mark.parametrize(("name", "degree"), [("square", 4), ("triangular", 6)])
def test_every_site_has_its_neighbours_once(name: str, degree: int) -> None:
    later = ising_lattice(name).neighbours(5)
    bonds = [(a, int(b)) for a, row in enumerate(later) for b in row]
    bonds += [(b, a) for a, b in bonds]
    assert len(set(bonds)) == len(bonds) == 25 * degree


@pytest.mark.parametrize("name", LATTICES)
def test_equal_neighbours_are_those_of_the_list(name: str) -> None:
    lattice = ising_lattice(name)
    spins = np.random.default_rng(0).integers(2, size=(3, 4, 4)) == 1
    flat = spins.reshape(3, 16)
    expected = flat[:, lattice.neighbours(4)] == flat[:, :, None]
    assert np.array_equal(lattice.equal_neighbours(spins).reshape(expected.shape), expected)


def test_critical_temperatures_obey_their_equations() -> None:
    assert np.sinh(2 / LATTICES["square"].critical_temperature) == pytest.approx(1)
    assert np.exp(4 / LATTICES["triangular"].critical_temperature) == pytest.approx(3)


def test_an_unknown_lattice_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="kagome"):
        ising_lattice("kagome")
