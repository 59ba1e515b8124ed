"""Better measurements for a state, and the best ones for a Bell operator, in turns with states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.physics.nonlocality.bell import BellOperator, Directions, extreme_eigenpair
from qml_algos.physics.nonlocality.sectors import PAULIS
from qml_algos.validation import require_count, seed_from

MOST_PARTIES = 12
_CONVERGED = 1e-12


def optimal_measurements(
    bell: BellOperator,
    *,
    rounds: int = 200,
    random_state: int | np.random.Generator | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Directions, float]:
    """Search the measurements of the largest violation, from random ones.

    The best state for the measurements, by diagonalisation, and the best measurements for the
    state, party by party in closed form, take turns; the value never becomes worse. It may be a
    local optimum: start again with another ``random_state``. For parties who are all to measure the
    same, see `inequalities.best_plane`.

    Parameters
    ----------
    bell
        The inequality; its own measurements are not used.
    rounds
        At most.
    random_state
        Of the measurements at the start.
    progress
        Called with the rounds done and all.

    Returns
    -------
    measurements, value
        Directions, shape ``(parties, settings, 3)``, and what the best state reaches with them.

    Raises
    ------
    TooLargeError
        Above 12 parties.

    Notes
    -----
    A round takes O(2^parties * terms * parties).

    References
    ----------
    R. F. Werner, M. M. Wolf, Quantum Inf. Comput. 1, 1 (2001).
    """
    require_count("rounds", rounds)
    if bell.parties > MOST_PARTIES:
        raise TooLargeError(f"{bell.parties} parties: at most {MOST_PARTIES}")
    generator = np.random.default_rng(seed_from(random_state))
    directions = generator.normal(size=bell.measurements.shape)
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    value, before = -np.inf, -np.inf
    for done in range(rounds):
        value, state = extreme_eigenpair(bell.sign * bell.operator(directions))
        if value - before < _CONVERGED * abs(value):
            break
        directions, before = improved(bell, directions, state), value
        if progress is not None:
            progress(done + 1, rounds)
    return directions, bell.quantum_maximum(directions)


def improved(bell: BellOperator, directions: Directions, state: NDArray[Any]) -> Directions:
    """Turn the measurements of one party after the other to where a state reaches most.

    The value is linear in each direction, with the others fixed: the best one is along the
    gradient.

    Parameters
    ----------
    bell, directions
        The operator and where to start.
    state
        Normalised amplitudes, shape ``(2^parties,)``.
    """
    found = directions.copy()
    for party in range(bell.parties):
        gradient = bell.sign * _gradient(bell, found, state, party)
        lengths = np.linalg.norm(gradient, axis=1, keepdims=True)
        # A setting that does not matter keeps its direction.
        found[party] = np.where(
            lengths > _CONVERGED, gradient / np.maximum(lengths, _CONVERGED), found[party]
        )
    return found


def _gradient(
    bell: BellOperator, directions: Directions, state: NDArray[Any], party: int
) -> NDArray[np.float64]:
    """Return the derivatives by the directions of one party; shape ``(settings, 3)``."""
    n, settings = bell.parties, bell.measurements.shape[1]
    axis = n - 1 - party
    tensor = state.reshape((2,) * n)
    observables = np.einsum("pmv,vst->pmst", directions, PAULIS)
    gradient = np.zeros((settings, 3))
    for row, coefficient in zip(bell.settings, bell.coefficients, strict=True):
        if row[party] < 0:
            continue
        applied = tensor
        for other in np.flatnonzero(row >= 0):
            if other != party:
                turned = np.tensordot(observables[other, row[other]], applied, (1, n - 1 - other))
                applied = np.moveaxis(turned, 0, n - 1 - other)
        # <state| sigma_v |applied> with sigma_v on the party alone.
        pair = np.tensordot(
            np.moveaxis(tensor, axis, 0).reshape(2, -1).conj(),
            np.moveaxis(applied, axis, 0).reshape(2, -1),
            (1, 1),
        )
        gradient[row[party]] += coefficient * np.einsum("vst,st->v", PAULIS, pair).real
    return gradient
