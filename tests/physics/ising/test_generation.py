from typing import Any

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.hamiltonians.onsager import onsager_energy
from qml_algos.physics.ising import (
    LATTICES,
    IsingConfigurations,
    SwendsenWang,
    ising_lattice,
    make_ising_configurations,
)


def energies_per_site(bits: np.ndarray, lattice: str, length: int) -> np.ndarray:
    s = spins(bits)
    bonds = s[:, :, None] * s[:, ising_lattice(lattice).neighbours(length)]
    return -bonds.sum(axis=(1, 2)) / length**2


@pytest.mark.parametrize("lattice", LATTICES)
@pytest.mark.parametrize("temperature", [1.5, 2.5, 5.0])
def test_small_lattices_follow_the_canonical_ensemble(lattice: str, temperature: float) -> None:
    """Against all 512 states; each of the two figures errs by 4 sigma once in 15,000 runs."""
    bits = every_configuration(9)
    energy = energies_per_site(bits, lattice, 3)
    weights = np.exp(-9 * (energy - energy.min()) / temperature)
    weights /= weights.sum()
    found = make_ising_configurations(
        3, temperature, 4000, lattice=lattice, replicas=500, thermalisation=20, random_state=2
    )
    assert abs(found.mean_energies[0] - weights @ energy) < 4 * found.energy_errors[0]
    squares = spins(found.bits).mean(axis=1) ** 2
    error = squares.std() / np.sqrt(found.independent_samples[0])
    assert abs(squares.mean() - weights @ spins(bits).mean(axis=1) ** 2) < 4 * error


def test_energies_are_onsagers_within_4_sigma_at_48() -> None:
    found = make_ising_configurations(48, [2.0, 2.2, 2.6], 200, replicas=5, random_state=1)
    deviations = np.abs(found.mean_energies - onsager_energy(found.grid)) / found.energy_errors
    assert deviations.max() < 4
    assert found.energy_errors.max() < 0.006


def test_mean_energies_are_those_of_the_samples() -> None:
    found = make_ising_configurations(8, [2.0, 3.0], 200, spacing=1, random_state=3)
    energies = energies_per_site(found.bits, "square", 8).reshape(2, -1)
    assert energies.mean(axis=1) == pytest.approx(found.mean_energies, abs=1e-12)


@pytest.fixture(scope="module")
def small() -> IsingConfigurations:
    return make_ising_configurations(6, [3.0, 1.5], 7, replicas=3, random_state=0)


def test_samples_are_sorted_by_temperature(small: IsingConfigurations) -> None:
    assert small.bits.shape == (14, 36)
    assert small.bits.dtype == np.int8
    assert set(np.unique(small.bits)) == {0, 1}
    assert np.array_equal(small.temperatures, np.repeat([1.5, 3.0], 7))
    assert small.shape == (6, 6)


def test_both_signs_of_the_ordered_phase_are_drawn() -> None:
    found = make_ising_configurations(6, 1.5, 100, random_state=0)
    up = spins(found.bits).mean(axis=1) > 0
    # A fair coin falls below 20 or above 80 times in 100 once in 10^9.
    assert 20 < up.sum() < 80


def test_samples_are_worth_no_more_than_their_number(small: IsingConfigurations) -> None:
    assert np.all(small.independent_samples <= 7)
    assert np.all(small.autocorrelation_times >= 0.5)


def test_the_seed_decides(small: IsingConfigurations) -> None:
    again = make_ising_configurations(6, [3.0, 1.5], 7, replicas=3, random_state=0)
    other = make_ising_configurations(6, [3.0, 1.5], 7, replicas=3, random_state=1)
    assert np.array_equal(small.bits, again.bits)
    assert not np.array_equal(small.bits, other.bits)


def test_it_reads_well(small: IsingConfigurations) -> None:
    assert repr(small).startswith("IsingConfigurations(14 of the 6 x 6 square lattice at 2 temper")


def test_progress_counts_sweeps() -> None:
    told: list[tuple[int, int]] = []
    make_ising_configurations(
        3, 2.0, 4, replicas=2, thermalisation=3, spacing=2, progress=lambda *a: told.append(a)
    )
    assert told == [(k, 7) for k in range(1, 8)]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"length": 2}, "length = 2"),
        ({"length": 4.0}, "length"),
        ({"n_samples": 0}, "n_samples"),
        ({"replicas": 0}, "replicas"),
        ({"thermalisation": -1}, "thermalisation"),
        ({"spacing": 0}, "spacing"),
        ({"temperatures": []}, "temperatures"),
        ({"temperatures": [2.0, 0.0]}, "temperatures"),
        ({"temperatures": [2.0, np.nan]}, "temperatures"),
        ({"temperatures": [2.0, 2.0]}, "differ"),
        ({"temperatures": [[2.0]]}, "temperatures"),
    ],
)
def test_bad_arguments_are_refused_by_name(changed: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"length": 4, "temperatures": [2.0], "n_samples": 3} | changed
    with pytest.raises(InvalidProblemError, match=message):
        make_ising_configurations(**arguments)


def test_an_unknown_lattice_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="cubic"):
        make_ising_configurations(4, [2.0], 3, lattice="cubic")


def test_a_graph_beyond_32_bits_is_refused_before_it_is_made() -> None:
    with pytest.raises(TooLargeError, match="fewer replicas"):
        SwendsenWang(LATTICES["square"], 40_000, np.array([2.0]), np.random.default_rng(0))
