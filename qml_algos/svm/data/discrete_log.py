"""Residues labelled by their discrete logarithm, and the kernel that sees it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.feature_maps.discrete_log import DiscreteLogMap
from circuits.feature_maps.discrete_log.residues import logarithms
from qml_algos.errors import InvalidProblemError
from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    generator_of,
    halves,
    require_at_least,
    require_sizes,
    shuffled,
)


def make_discrete_logarithm(
    n_samples: int = 240,
    *,
    prime: int = 251,
    generator: int | None = None,
    start: int | None = None,
    random_state: RandomState = None,
) -> Drawn:
    r"""Draw residues modulo a prime, labelled by which half their logarithm lies in.

    .. math:: y = +1 \text{ if } \log_g x \in [s, s + (p - 3) / 2] \text{ modulo } p - 1,
              \text{ else } -1

    As a number, x says nothing of the label that a classical computer is known to find in
    polynomial time.

    Parameters
    ----------
    n_samples
        Number of residues, all different, half of each class; at most ``prime - 1``.
    prime
        p, from 5 to below 2**31.
    generator
        g, of order ``prime - 1`` modulo the prime. ``None`` for the smallest.
    start
        s, from 0 to ``prime - 2``. ``None`` to draw it too: samples of two calls then belong to
        different problems, unless the seeds are the same.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, 1) float64, whole numbers from 1 to ``prime - 1``.
    y : (n_samples,) int64, -1 and +1.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, ``prime`` is not prime, or ``generator`` does not generate
        all residues.

    References
    ----------
    Y. Liu, S. Arunachalam, K. Temme, Nat. Phys. 17, 1013 (2021), arXiv:2010.02174, Definition 1.
    """
    orbit = _feature_map(prime, generator).orbit
    require_sizes(n_samples, 1)
    if n_samples > orbit.order:
        raise InvalidProblemError(
            f"n_samples = {n_samples}: there are {orbit.order} residues modulo {prime}"
        )
    if start is not None:
        require_at_least("start", start, 0)
        if start >= orbit.order:
            raise InvalidProblemError(f"start = {start}: at most {orbit.order - 1}")
    rng = generator_of(random_state)
    first = int(rng.integers(orbit.order)) if start is None else int(start)
    y = halves(n_samples)
    half = orbit.order // 2
    inside, outside = (
        rng.choice(half, size=int(np.sum(y == label)), replace=False) for label in (1, -1)
    )
    places = np.empty(n_samples, dtype=np.int64)
    places[y == 1], places[y == -1] = inside, outside + half
    drawn = [pow(orbit.generator, first + int(place), prime) for place in places]
    return shuffled(np.array(drawn, dtype=np.float64)[:, np.newaxis], y, rng)


def discrete_logarithm_kernel(
    X: ArrayLike,
    Y: ArrayLike | None = None,
    *,
    prime: int,
    generator: int | None = None,
    k: int | None = None,
) -> NDArray[np.float64]:
    r"""Fidelity kernel of the discrete-logarithm map, from a table of all logarithms.

    Two arcs of :math:`2^k` residues on a circle of ``p - 1``, whose starts are d apart, have
    :math:`\max(0, 2^k - d) + \max(0, 2^k - (p - 1 - d))` residues in common. The entry is that
    over :math:`2^k`, squared. It solves the problem by brute force, in p steps: it is what quantum
    kernels are checked against, and no quantum computation.

    Parameters
    ----------
    X, Y
        Shapes ``(N, 1)`` and ``(M, 1)``, whole numbers from 1 to ``prime - 1``. ``None`` for X.
    prime, generator, k
        As for `circuits.feature_maps.discrete_log.DiscreteLogMap`.

    Returns
    -------
    NDArray[np.float64]
        Shape ``(N, M)``.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, or X or Y hold anything but residues.
    """
    feature_map = _feature_map(prime, generator, k)
    orbit = feature_map.orbit
    table = logarithms(orbit.generator, prime)
    try:
        rows = table[feature_map.residues(X)]
        columns = rows if Y is None else table[feature_map.residues(Y)]
    except ValueError as error:
        raise InvalidProblemError(str(error)) from None
    apart = np.abs(rows[:, np.newaxis] - columns)
    length = 2**orbit.k
    common = np.maximum(0, length - apart) + np.maximum(0, length - (orbit.order - apart))
    shares: NDArray[np.float64] = (common / length) ** 2
    return shares


def _feature_map(prime: int, generator: int | None, k: int | None = None) -> DiscreteLogMap:
    try:
        return DiscreteLogMap(prime, generator, k)
    except (TypeError, ValueError) as error:
        raise InvalidProblemError(str(error)) from None
