"""Exact ground energy of the antiferromagnetic Heisenberg chain, by the Bethe ansatz."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, NotConvergedError, UnknownNameError
from qml_algos.physics.hamiltonians.lattice import BOUNDARIES, Boundary
from qml_algos.validation import require_count

_STEPS = 50


def bethe_energy(sites: int, boundary: Boundary = "periodic") -> float:
    r"""Return the ground energy of ``sum X X + Y Y + Z Z`` over the bonds of a chain.

    The rapidities solve Bethe's equations in logarithmic form; each lowers the energy of the
    ferromagnetic state by ``2 / (lambda^2 + 1/4)``.

    Parameters
    ----------
    sites
        Even and at least 4 on a ring; at least 2 on an open chain.
    boundary
        ``"periodic"`` or ``"open"``.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, a ring's number is odd (its ground state has other quantum
        numbers), or there is no such boundary.

    Notes
    -----
    Newton's method from the density of an infinite ring; O(n^3) for each of a few steps. H. Bethe,
    Z. Physik 71, 205 (1931). Open ends: F. C. Alcaraz et al., J. Phys. A 20, 6397 (1987).
    """
    require_count("sites", sites)
    if boundary not in BOUNDARIES:
        raise UnknownNameError("boundary", boundary, BOUNDARIES)
    if boundary == "periodic" and (sites % 2 or sites < 4):
        raise InvalidProblemError(f"sites = {sites}: on a ring they must be even and at least 4")
    if sites < 2:
        raise InvalidProblemError(f"sites = {sites}: an open chain needs at least 2")
    if boundary == "periodic":
        numbers = np.arange(sites // 2) - (sites // 2 - 1) / 2
        rapidities = _solved(sites, 1, numbers, mirrored=False)
        return sites - float(np.sum(2 / (rapidities**2 + 0.25)))
    rapidities = _solved(sites, 2, np.arange(1, sites // 2 + 1), mirrored=True)
    return sites - 1 - float(np.sum(2 / (rapidities**2 + 0.25)))


def _solved(
    sites: int, passes: int, numbers: NDArray[Any], *, mirrored: bool
) -> NDArray[np.float64]:
    r"""Solve Bethe's equations for given quantum numbers.

    ``p n 2 atan(2 l_j) = 2 pi I_j + sum_k 2 atan(l_j - l_k)``, for open ends with ``p = 2`` (a
    magnon goes there and back) and the sum over the mirror images ``-l_k`` too, k not j.
    """
    length = passes * sites + (2 if mirrored else 0)
    found = np.arcsinh(np.tan(2 * np.pi * numbers / length)) / np.pi
    others = 1 - np.eye(len(found))
    images = others * (1 if mirrored else 0)
    for _ in range(_STEPS):
        differences, sums = found[:, None] - found, found[:, None] + found
        scattered = 2 * others * np.arctan(differences) + 2 * images * np.arctan(sums)
        missing = passes * sites * 2 * np.arctan(2 * found) - 2 * np.pi * numbers
        missing -= scattered.sum(axis=1)
        direct, mirror = 2 * others / (1 + differences**2), 2 * images / (1 + sums**2)
        slope = passes * sites * 4 / (1 + 4 * found**2) - (direct + mirror).sum(axis=1)
        step = scipy.linalg.solve(direct - mirror + np.diag(slope), missing)
        found = found - step
        if np.max(np.abs(step), initial=0.0) < 1e-13 * max(1.0, np.max(np.abs(found))):
            return found
    raise NotConvergedError(f"Bethe's equations of {sites} sites: no solution in {_STEPS} steps")
