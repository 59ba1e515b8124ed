"""Well-known Bell inequalities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.nonlocality.bell import UNMEASURED, BellOperator, Directions
from qml_algos.validation import require_count

MOST_MERMIN_PARTIES = 16
"""Mermin's operator has half as many correlations as a register of the parties has states."""


def in_plane(angles: Sequence[float] | NDArray[np.float64], parties: int) -> Directions:
    """Directions in the x-z plane, the same for all parties: ``cos(angle) Z + sin(angle) X``.

    Parameters
    ----------
    angles
        In radians, from the z axis; one for each setting.
    parties
        How many.
    """
    angles = np.asarray(angles, dtype=float)
    vectors = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], axis=1)
    return np.tile(vectors, (parties, 1, 1))


def chsh() -> BellOperator:
    """Return ``A0 B0 + A0 B1 + A1 B0 - A1 B1``, at most 2 classically.

    Its measurements are those of the largest violation, ``2 sqrt(2)``: Z and X of one party, (Z +-
    X) / sqrt(2) of the other.

    References
    ----------
    J. F. Clauser, M. A. Horne, A. Shimony, R. A. Holt, Phys. Rev. Lett. 23, 880 (1969).
    """
    measurements = np.concatenate(
        [in_plane([0, np.pi / 2], 1), in_plane([np.pi / 4, -np.pi / 4], 1)]
    )
    settings = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return BellOperator("CHSH", settings, np.array([1.0, 1.0, 1.0, -1.0]), measurements)


def mermin(n: int) -> BellOperator:
    """Return Mermin's operator, the real part of a product over the parties of ``M0 + i M1``.

    The measurements are X and Y, with which the state (|0...0> + |1...1>) / sqrt(2) reaches
    ``2^(n-1)``; classically at most ``2^floor(n/2)``.

    Parameters
    ----------
    n
        Parties, 2 to 16: there are ``2^(n-1)`` correlations.

    References
    ----------
    N. D. Mermin, Phys. Rev. Lett. 65, 1838 (1990).
    """
    _require_parties(n)
    if n > MOST_MERMIN_PARTIES:
        raise TooLargeError(f"n = {n}: at most {MOST_MERMIN_PARTIES} parties")
    settings = every_configuration(n)
    second = settings.sum(axis=1)
    settings, second = settings[second % 2 == 0], second[second % 2 == 0]
    measurements = np.tile(np.eye(3)[:2], (n, 1, 1))
    return BellOperator(f"Mermin ({n})", settings, 1.0 - second % 4, measurements)


def two_body_symmetric(n: int, angles: Sequence[float] | None = None) -> BellOperator:
    r"""Return the inequality of one- and two-body correlations that prefers no party.

    ``-2 S_0 + S_00 / 2 - S_01 + S_11 / 2 >= -2 n``, with ``S_k`` the sum of ``<M_k>`` over the
    parties, and ``S_kl`` the sum of ``<M_k M_l>`` over ordered pairs of different parties.

    Parameters
    ----------
    n
        Parties, at least 2; up to 100 or so, as there are ``2 n (n - 1)`` correlations.
    angles
        Of M0 and M1 in the x-z plane, in radians from the z axis, the same for all parties;
        ``None`` for those of the largest violation, found by diagonalisation for each total spin
        (seconds for 100 parties). They are then turned such that the ground state of the operator
        has no negative amplitude.

    References
    ----------
    J. Tura et al., Science 344, 1256 (2014), arXiv:1306.6860.
    """
    _require_parties(n)
    i, j = np.nonzero(~np.eye(n, dtype=bool))
    ordered = np.full((len(i), n), UNMEASURED)
    ordered[np.arange(len(i)), i], ordered[np.arange(len(i)), j] = 0, 1
    pairs = np.flatnonzero(i < j)
    equal = [np.where(ordered[pairs] >= 0, setting, UNMEASURED) for setting in range(2)]
    single = np.where(np.eye(n, dtype=bool), 0, UNMEASURED)
    found = BellOperator(
        f"two-body symmetric ({n})",
        np.concatenate([single, *equal, ordered]),
        np.repeat([-2.0, 1.0, -1.0], [n, 2 * len(pairs), len(ordered)]),
        in_plane([0, 1] if angles is None else _two(angles), n),
        violated_below=True,
    )
    if angles is not None:
        return found
    return BellOperator(
        found.name, found.settings, found.coefficients, best_plane(found), violated_below=True
    )


def best_plane(bell: BellOperator) -> Directions:
    """Best directions where all parties measure the same two, with M0 - M1 along the z axis.

    Only the angle between them matters. M0 + M1 is along the x axis; for `two_body_symmetric` no
    off-diagonal element has the wrong sign then.

    Raises
    ------
    InvalidProblemError
        If the operator prefers some party.
    """
    if bell.symmetric is None:
        raise InvalidProblemError(f"{bell.name}: prefers some party, which then needs its own")

    def directions(half: float) -> Directions:
        return in_plane([np.pi / 2 - half, np.pi / 2 + half], bell.parties)

    def loss(half: float) -> float:
        return -bell.sign * bell.quantum_maximum(directions(half))

    coarse = np.linspace(0, np.pi / 2, 13)
    best = int(np.argmin([loss(half) for half in coarse]))
    bounds = coarse[max(best - 1, 0)], coarse[min(best + 1, len(coarse) - 1)]
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    return directions(float(found.x))


def _require_parties(n: object) -> None:
    require_count("n", n)
    if n == 1:
        raise InvalidProblemError("n = 1: it takes two parties at the least")


def _two(angles: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(angles, dtype=float)
    if array.shape != (2,) or not np.all(np.isfinite(array)):
        raise InvalidProblemError(f"angles = {angles!r}: two finite numbers are needed")
    return array
