"""Families of linear systems at any size: spectra in closed form, and how b is loaded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal

import numpy as np

from circuits.costs import GateCounts
from circuits.costs.state_preparation import product_state_cost, state_preparation_cost
from qml_algos.errors import UnknownNameError
from qml_algos.linear_systems.families import SPD_CONDITION_NUMBER, make_system

Access = Literal["path", "circulant", "entries"]
"""How a circuit gets at the matrix: two matchings of a path, shifts, or all entries."""

_DRAWN = 256
_SUMMED = 4096
"""Up to this size means over a spectrum are sums; beyond it they are their limits."""


@dataclass(frozen=True)
class Spectrum:
    """Singular values of a matrix.

    Attributes
    ----------
    smallest, largest
        Of them.
    mean_inverse_square
        Mean of ``1 / s**2`` over all of them: ``||x||**2 / ||b||**2`` in the mean over random b.
    """

    smallest: float
    largest: float
    mean_inverse_square: float

    @property
    def condition_number(self) -> float:
        """Ratio of the largest to the smallest."""
        return self.largest / self.smallest


@dataclass(frozen=True)
class SystemFamily:
    """Systems of one kind and any size, with a random b whose entries are uncorrelated.

    Attributes
    ----------
    spectrum
        From the number of unknowns to the spectrum.
    access
        How a circuit gets at the matrix.
    diagonal, neighbour
        Entries of the matrix on and beside the diagonal, where these are all.
    nonzeros
        Entries in a row that are not zero; ``None`` for all.
    loading
        From the number of qubits to the gates that load b.
    """

    spectrum: Callable[[int], Spectrum]
    access: Access
    diagonal: float = 1.0
    neighbour: float = 0.0
    nonzeros: int | None = None
    loading: Callable[[int], GateCounts] = state_preparation_cost


def family_named(name: str) -> SystemFamily:
    """Return a family.

    Raises
    ------
    UnknownNameError
        If there is none of this name.
    """
    if name not in SYSTEM_FAMILIES:
        raise UnknownNameError("family with bills", name, SYSTEM_FAMILIES)
    return SYSTEM_FAMILIES[name]


def qubits_for(size: int) -> int:
    """Qubits that hold so many unknowns, at least one."""
    return max(1, (size - 1).bit_length())


def path_spectrum(size: int, diagonal: float, neighbour: float) -> Spectrum:
    r"""Spectrum of a tridiagonal Toeplitz matrix, ``diagonal >= 2 |neighbour|``.

    Eigenvalues :math:`d - 2 |c| + 4 |c| \sin^2(\pi k / (2 N + 2))`. Beyond 4,096 unknowns the
    mean inverse square is its limit, :math:`d (d^2 - 4 c^2)^{-3/2}`, or, for d = 2 |c|, where the
    smallest eigenvalues are all that counts, :math:`(N + 1)^4 / (90\, c^2 N)`.
    """
    reach, gap = abs(neighbour), diagonal - 2 * abs(neighbour)
    step = math.pi / (2 * (size + 1))
    smallest = gap + 4 * reach * math.sin(step) ** 2
    largest = gap + 4 * reach * math.cos(step) ** 2
    if size <= _SUMMED:
        values = gap + 4 * reach * np.sin(step * np.arange(1, size + 1)) ** 2
        return Spectrum(smallest, largest, float(np.mean(values**-2.0)))
    if gap > 0:
        mean = diagonal * (diagonal**2 - 4 * reach**2) ** -1.5
    else:
        mean = (size + 1.0) ** 4 / (90 * reach**2 * size)
    return Spectrum(smallest, largest, mean)


def ring_spectrum(size: int, diagonal: float, neighbour: float) -> Spectrum:
    r"""Spectrum of the circulant matrix of an even number of rows; ``diagonal > 2 |neighbour|``.

    Eigenvalues :math:`d + 2 c \cos(2 \pi k / N)`; the mean is summed up to 4,096, its limit beyond.
    """
    reach = abs(neighbour)
    mean = diagonal * (diagonal**2 - 4 * reach**2) ** -1.5
    if size <= _SUMMED:
        values = diagonal + 2 * neighbour * np.cos(2 * np.pi * np.arange(size) / size)
        mean = float(np.mean(values**-2.0))
    return Spectrum(diagonal - 2 * reach, diagonal + 2 * reach, mean)


@cache
def _drawn_spectrum() -> Spectrum:
    """Spectrum of the sparse matrix of condition number 10 that is drawn at 256 unknowns.

    Its singular values are spread alike at all sizes, in units of the smallest.
    """
    matrix = make_system("spd", _DRAWN, np.random.default_rng(0)).dense()
    values = np.linalg.eigvalsh(matrix)
    mean = float(np.mean((values / values[0]) ** -2.0))
    return Spectrum(1.0, SPD_CONDITION_NUMBER, mean)


SYSTEM_FAMILIES: dict[str, SystemFamily] = {
    "tridiagonal": SystemFamily(
        partial(path_spectrum, diagonal=1.0, neighbour=-1 / 3), "path", 1.0, -1 / 3, 3
    ),
    "walsh": SystemFamily(
        partial(path_spectrum, diagonal=1.0, neighbour=-1 / 3),
        "path",
        1.0,
        -1 / 3,
        3,
        product_state_cost,
    ),
    "poisson": SystemFamily(
        partial(path_spectrum, diagonal=2.0, neighbour=-1.0), "path", 2.0, -1.0, 3
    ),
    "spd": SystemFamily(lambda _: _drawn_spectrum(), "entries"),
    "circulant": SystemFamily(
        partial(ring_spectrum, diagonal=1.0, neighbour=-1 / 3), "circulant", 1.0, -1 / 3, 3
    ),
}
"""By name: those of `qml_algos.linear_systems.families`, and the circulant matrix of the first."""
