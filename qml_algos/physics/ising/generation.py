"""Configurations of the classical Ising model in two dimensions, with what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits
from qml_algos.physics.ising.autocorrelation import autocorrelation_time
from qml_algos.physics.ising.lattices import IsingLattice, ising_lattice
from qml_algos.physics.ising.swendsen_wang import SwendsenWang
from qml_algos.validation import numeric_array, require_count, seed_from

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class IsingConfigurations:
    """Equilibrium configurations at several temperatures.

    Attributes
    ----------
    bits
        Row by row of the lattice, bit 1 for a spin that points down; shape ``(samples, L * L)``.
    temperatures
        Of each sample, in units of the coupling, in ascending order; shape ``(samples,)``.
    lattice
        With its exact critical temperature.
    length
        Sites along each direction, L.
    grid
        Different temperatures; shape ``(T,)``.
    mean_energies, energy_errors
        Energy per site and its standard error, autocorrelation included, from every sweep after
        the thermalisation, not only from those kept; shape ``(T,)``, in units of the coupling.
    autocorrelation_times
        Integrated, of the energy, in sweeps; shape ``(T,)``. Independent sweeps have 1/2.
    spacing
        Sweeps between two samples of one replica.
    """

    bits: Bits = field(repr=False)
    temperatures: NDArray[np.float64] = field(repr=False)
    lattice: IsingLattice
    length: int
    grid: NDArray[np.float64]
    mean_energies: NDArray[np.float64]
    energy_errors: NDArray[np.float64]
    autocorrelation_times: NDArray[np.float64]
    spacing: int

    def __repr__(self) -> str:
        slowest = self.autocorrelation_times.max()
        return (
            f"IsingConfigurations({len(self.bits):,} of the {self.length} x {self.length} "
            f"{self.lattice.name} lattice at {len(self.grid)} temperatures from "
            f"{self.grid[0]:.4g} to {self.grid[-1]:.4g}, every {self.spacing} sweeps; "
            f"autocorrelation time at most {slowest:.1f} sweeps)"
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the lattice, as `SpinAugmenter` takes them."""
        return self.length, self.length

    @property
    def independent_samples(self) -> NDArray[np.float64]:
        """How many independent samples those of each temperature are worth, for the energy."""
        samples = len(self.bits) / len(self.grid)
        worth: NDArray[np.float64] = samples * self.spacing / (2 * self.autocorrelation_times)
        return np.minimum(samples, worth)


def make_ising_configurations(
    length: int,
    temperatures: ArrayLike,
    n_samples: int,
    *,
    lattice: str = "square",
    replicas: int = 10,
    thermalisation: int = 50,
    spacing: int = 5,
    random_state: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> IsingConfigurations:
    """Draw configurations of ``-sum s s'`` on a periodic lattice from the canonical ensemble.

    Parameters
    ----------
    length
        Sites along each of the two directions, at least 3.
    temperatures
        Different ones, in units of the coupling; Boltzmann's constant is 1.
    n_samples
        Configurations at each temperature.
    lattice
        ``"square"`` or ``"triangular"``.
    replicas
        Independent Markov chains at each temperature, at most.
    thermalisation, spacing
        Sweeps before the first sample, and between two samples of one chain.
    random_state
        Seed, generator, or ``None`` for a fresh one.
    progress
        Told the sweeps done and those in all.

    Returns
    -------
    IsingConfigurations
        Sorted by temperature; its autocorrelation times say whether the spacing was enough.

    Raises
    ------
    InvalidProblemError, UnknownNameError, TooLargeError
        If a number is out of range, a temperature repeats, the lattice is unknown, or the graph of
        all replicas is too large.

    Notes
    -----
    O(L^2 * temperatures * (replicas * thermalisation + n_samples * spacing)) time, some 70 ns for
    each site and sweep, and O(L^2 * temperatures * n_samples) bytes. See `SwendsenWang`.
    """
    kind = ising_lattice(lattice)
    _require(length, n_samples, replicas, thermalisation, spacing)
    grid = _require_temperatures(temperatures)
    replicas = min(replicas, n_samples)
    moves = SwendsenWang(
        kind, length, np.repeat(grid, replicas), np.random.default_rng(seed_from(random_state))
    )
    kept, energies = _run(
        moves, -(-n_samples // replicas), thermalisation, spacing, progress or _silent
    )
    series = energies.reshape(-1, len(grid), replicas)
    times = np.array([autocorrelation_time(series[:, k]) for k in range(len(grid))])
    variances = series.var(axis=(0, 2)) * 2 * times / (len(series) * replicas)
    rows = kept.reshape(-1, len(grid), replicas, length**2).swapaxes(0, 1)
    rows = rows.reshape(len(grid), -1, length**2)[:, :n_samples]
    return IsingConfigurations(
        bits=rows.reshape(-1, length**2).astype(np.int8),
        temperatures=np.repeat(grid, n_samples),
        lattice=kind,
        length=length,
        grid=grid,
        mean_energies=series.mean(axis=(0, 2)),
        energy_errors=np.sqrt(variances),
        autocorrelation_times=times,
        spacing=spacing,
    )


def _run(
    moves: SwendsenWang, samples: int, thermalisation: int, spacing: int, progress: Progress
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Keep a sample of every replica every so often, and the energies of all sweeps between."""
    total = thermalisation + samples * spacing
    kept = np.empty((samples, *moves.spins.shape), dtype=bool)
    energies = np.empty((samples * spacing, len(moves.spins)))
    for sweep in range(thermalisation):
        moves.sweep()
        progress(sweep + 1, total)
    for sweep in range(samples * spacing):
        if sweep % spacing == 0:
            kept[sweep // spacing] = moves.spins
        energies[sweep] = moves.sweep()
        progress(thermalisation + sweep + 1, total)
    return kept, energies


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _require(length: int, n_samples: int, replicas: int, thermalisation: int, spacing: int) -> None:
    for name, value in (
        ("length", length),
        ("n_samples", n_samples),
        ("replicas", replicas),
        ("thermalisation", thermalisation),
        ("spacing", spacing),
    ):
        require_count(name, value)
    if length < 3:
        raise InvalidProblemError(f"length = {length}: a periodic lattice needs at least 3")


def _require_temperatures(given: ArrayLike) -> NDArray[np.float64]:
    grid = np.atleast_1d(numeric_array(given, "temperatures"))
    if grid.ndim != 1 or not grid.size or grid.dtype.kind == "c" or np.any(grid <= 0):
        raise InvalidProblemError("temperatures must be numbers above 0, at least one of them")
    grid = np.sort(grid)
    if np.any(np.diff(grid) == 0):
        raise InvalidProblemError("temperatures must differ from one another")
    return grid
