"""Exact ground energy of the transverse-field Ising chain, as free fermions."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.hamiltonians.lattice import BOUNDARIES, Boundary
from qml_algos.validation import is_number, require_count


def free_fermion_energy(
    sites: int, field: float = 1.0, coupling: float = 1.0, boundary: Boundary = "periodic"
) -> float:
    r"""Return the ground energy of ``-J sum Z Z - h sum X`` on a chain.

    A string of X turns spins into fermions (Jordan and Wigner), of which the Hamiltonian is
    quadratic: on an open chain the energy is minus the sum of the singular values of the matrix
    with h on its diagonal and J beside it. A ring splits by the parity of the fermions: the even
    ones have antiperiodic momenta, the odd ones periodic momenta. The lower of both is taken.

    Parameters
    ----------
    sites
        At least 3 on a ring, 2 on an open chain.
    field, coupling
        h and J, of either sign.
    boundary
        ``"periodic"`` or ``"open"``.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If there are too few sites, a number is not finite, or there is no such boundary.

    Notes
    -----
    Cost: O(n) on a ring, O(n^3) on an open chain. E. Lieb, T. Schultz, D. Mattis, Annals of Physics
    16, 407 (1961); P. Pfeuty, Annals of Physics 57, 79 (1970).
    """
    require_count("sites", sites)
    for name, value in (("field", field), ("coupling", coupling)):
        require_number(name, value)
    if boundary not in BOUNDARIES:
        raise UnknownNameError("boundary", boundary, BOUNDARIES)
    least = 3 if boundary == "periodic" else 2
    if sites < least:
        raise InvalidProblemError(f"sites = {sites}: {boundary} chains need at least {least}")
    if boundary == "open":
        beside = np.full(sites - 1, float(coupling))
        matrix = np.diag(np.full(sites, float(field))) + np.diag(beside, 1)
        return -float(scipy.linalg.svdvals(matrix).sum())
    return min(_sector(sites, field, coupling, odd) for odd in (False, True))


def require_number(name: str, value: object) -> None:
    """Refuse what is no finite real number.

    Raises
    ------
    InvalidProblemError
        Naming the parameter and what is accepted.
    """
    if not is_number(value) or not np.isfinite(value):  # type: ignore[call-overload]
        raise InvalidProblemError(f"{name} = {value!r}: must be a finite number")


def _sector(sites: int, field: float, coupling: float, odd: bool) -> float:
    """Lowest energy on a ring with an odd or an even number of fermions."""
    momenta = 2 * np.arange(sites) + (0 if odd else 1)  # In units of pi / sites.
    paired = momenta[(momenta > 0) & (momenta < sites)]
    alone = np.isin([0, sites], momenta)
    bare = 2 * field - 2 * coupling * _cosines(paired, sites)
    # h^2 + J^2 - 2 h J cos k, written so that nothing cancels where the gap closes.
    halves = 4 * field * coupling * np.sin(paired * np.pi / (2 * sites)) ** 2
    gaps = 2 * np.sqrt((field - coupling) ** 2 + halves)
    single = 2 * np.array([field - coupling, field + coupling])[alone]
    energy = -field * sites + float(np.sum(bare - gaps) + np.minimum(single, 0).sum())
    if np.sum(single < 0) % 2 == odd:
        return energy
    # A fermion more or fewer, where it costs least.
    return energy + float(np.min(np.concatenate([gaps, np.abs(single)])))


def _cosines(momenta: NDArray[np.int64], sites: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.cos(momenta * np.pi / sites)
    return found
