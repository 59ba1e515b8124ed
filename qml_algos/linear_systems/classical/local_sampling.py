"""Observables of a solution from randomly chosen entries, each solved for locally."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, NotConvergedError, UnsuitableSolverError
from qml_algos.linear_systems.classical.local_green import GreenRows, green_rows
from qml_algos.linear_systems.classical.local_neighbourhood import neighbourhood
from qml_algos.linear_systems.classical.local_observables import Observable
from qml_algos.linear_systems.classical.local_right_hand_side import entries_of
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.validation import require_epsilon, seed_from

Indices = NDArray[np.int64]

_TRUNCATION = 0.05
"""Part of epsilon that one entry may be off by, relative to the largest."""
_SAMPLING = 0.8
"""Part of epsilon that is left to chance."""
_PILOT = 256
"""Strata of the first round; two stretches are drawn from each."""
_MARGIN = 1.1
_LEAST_GROWTH = 1.5
_ROUNDS = 6
_MAX_STRATA = 2**21
_AT_ONCE = 2**20
"""Entries of b that are held at once."""
_STRAY = 5.0
"""Standard errors by which the norm of b may be missed before it counts as concentrated."""
_NORM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class SampledObservable:
    """An observable of the solution, estimated from a random part of its entries.

    Attributes
    ----------
    value
        The estimate.
    standard_error
        Of it, from the differences within strata.
    truncation
        Every entry that went into it is off by at most this times the largest entry of x.
    entries
        How many were solved for.
    radius
        How far windows reach, the largest.
    windows
        Different windows that were factorised.
    flops
        Floating-point operations; those of evaluating b are not in it.
    seconds
        Time it took.
    """

    value: float
    standard_error: float
    truncation: float
    entries: int
    radius: int
    windows: int
    flops: float
    seconds: float


def sample_observable(
    problem: LinearSystem,
    observable: Observable,
    *,
    epsilon: float = 1e-2,
    confidence: float = 0.95,
    random_state: int | np.random.Generator | None = None,
) -> SampledObservable:
    r"""Estimate an observable of x without solving for all of x.

    Stretches of unknowns are drawn, two from each of many equal parts of the system, and solved for
    on windows as in `local_entry`; windows that differ in their place only share one
    factorisation. The estimate is the ratio of the sums over what was drawn.

    Parameters
    ----------
    problem
        As for `local_entry`.
    observable
        What is asked for: `NeighbourCorrelation` or `SquareShare`.
    epsilon
        Absolute error allowed.
    confidence
        Probability with which it is kept to.
    random_state
        Seed.

    Raises
    ------
    InvalidProblemError
        If the confidence is not between 0 and 1.
    UnsuitableSolverError
        As `local_entry` does; or if it would take more than half of all entries, or b (its norm is
        known) or x is concentrated in so few places that random ones miss them.
    TooLargeError
        As `local_entry` does.

    Notes
    -----
    Cost: independent of N; :math:`O(1 / \epsilon^2)` stretches, fewer where b is smooth. One takes
    :math:`2 k w` operations for k entries on a window of w. Only the check of the norm of b reads
    all of a b that is stored.

    The error of entries enters through :math:`\|R x\|`, see `GreenRows`, which is at most
    :math:`\sqrt{\|R\|_1 \|R\|_\infty} \|x\|`. The truncation is :math:`\|R\|_\infty`, and
    epsilon / 20 at most.

    References
    ----------
    W. Cochran, Sampling Techniques, 3rd ed. (1977), chapters 5 and 6 (unverified): strata of two,
    and ratio estimates.
    """
    require_epsilon(epsilon)
    if not 0 < confidence < 1:
        raise InvalidProblemError(f"confidence = {confidence!r}: must lie between 0 and 1")
    rng = np.random.default_rng(seed_from(random_state))
    start = time.perf_counter()
    stretches = _Stretches(problem, observable, _TRUNCATION * epsilon)
    wanted = _SAMPLING * epsilon / NormalDist().inv_cdf((1 + confidence) / 2)
    value, standard_error = _estimate(stretches, wanted, rng)
    return SampledObservable(
        value=value,
        standard_error=standard_error,
        truncation=stretches.worst,
        entries=stretches.entries,
        radius=stretches.radius,
        windows=stretches.windows,
        flops=stretches.flops,
        seconds=time.perf_counter() - start,
    )


def _estimate(
    stretches: _Stretches, wanted: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Draw from more and more strata until the standard error is as wanted."""
    strata = _PILOT
    for _ in range(_ROUNDS):
        if 4 * strata > stretches.number or strata > _MAX_STRATA:
            raise UnsuitableSolverError(
                f"a standard error of {wanted:.1e} takes {2 * strata:,} stretches of "
                f"{stretches.length} unknowns, and there are {stretches.number:,}; at most half of "
                f"them and {2 * _MAX_STRATA:,} are drawn: use Direct or FastTransform"
            )
        sums = stretches.sums(_drawn(stretches.number, strata, rng))
        stretches.require_spread(sums[..., 2])
        ratio, error = _ratio(sums[..., 0], sums[..., 1])
        if error <= wanted:
            return ratio, error
        strata = math.ceil(strata * max(_LEAST_GROWTH, _MARGIN * (error / wanted) ** 2))
    raise NotConvergedError(
        f"the standard error is {error:.1e} after {_ROUNDS} rounds of sampling, {wanted:.1e} is "
        "needed: a few entries of x decide on the observable"
    )


def _drawn(number: int, strata: int, rng: np.random.Generator) -> Indices:
    """Two stretches from each stratum; shape ``(2, strata)``."""
    # In Python's integers: the products exceed 64 bits.
    edges = np.array([place * number // strata for place in range(strata + 1)], dtype=np.int64)
    return rng.integers(edges[:-1], edges[1:], size=(2, strata))


def _ratio(upper: NDArray[np.float64], lower: NDArray[np.float64]) -> tuple[float, float]:
    """Ratio of two means, and its standard error from the differences within strata."""
    mean = float(lower.mean())
    if not mean > 0:
        raise UnsuitableSolverError(
            "all sampled entries of x are 0: x is concentrated in places that random ones miss"
        )
    ratio = float(upper.mean()) / mean
    return ratio, _standard_error(upper - ratio * lower) / mean


def _standard_error(values: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(values[0] - values[1])) / (2 * values.shape[1])


class _Stretches:
    """Stretches of unknowns that together are all of them, and what solving for some has cost."""

    def __init__(self, problem: LinearSystem, observable: Observable, truncation: float) -> None:
        self._place = neighbourhood(problem.structure)
        self._b, self._size = problem.right_hand_side, problem.size
        self._observable, self._truncation = observable, truncation
        self._line = self._place.shape[-1]
        middle = np.ravel_multi_index([n // 2 for n in self._place.shape], self._place.shape)
        self.radius = green_rows(self._place, int(middle), 1, truncation).radius
        # As long as what a window needs beside it: half of the work is then for entries sought.
        self.length = min(self.radius, self._line)
        self._in_line = -(-self._line // self.length)
        self.number = problem.size // self._line * self._in_line
        self._known: dict[tuple[int, ...], GreenRows] = {}
        self.entries, self.windows, self.flops, self.worst = 0, 0, 0.0, 0.0

    def sums(self, numbers: Indices) -> NDArray[np.float64]:
        """Terms of the observable, of the norm of x and of that of b, of each stretch."""
        lines, places = np.divmod(numbers.ravel(), self._in_line)
        first = lines * self._line + places * self.length
        counts = np.minimum(self.length, self._line - places * self.length)
        found = np.empty((first.size, 3))
        radius = -1
        # Kinds are told apart for one radius: where one takes a larger one, all start anew.
        while radius < self.radius:
            radius = self.radius
            for count in np.unique(counts):
                members = np.flatnonzero(counts == count)
                found[members] = self._of_length(first[members], int(count))
        self.entries += int(counts.sum())
        return found.reshape((*numbers.shape, 3))

    def require_spread(self, squares: NDArray[np.float64]) -> None:
        """Refuse a b whose norm the sampled stretches do not account for."""
        scale = self.number / self._b.norm() ** 2
        missed = abs(scale * float(squares.mean()) - 1)
        if missed > _STRAY * scale * _standard_error(squares) + _NORM_TOLERANCE:
            raise UnsuitableSolverError(
                f"sampled entries of b account for {scale * float(squares.mean()):.1%} of its "
                "squared norm: b is concentrated in places that random ones miss"
            )

    def _of_length(self, first: Indices, count: int) -> NDArray[np.float64]:
        found = np.empty((first.size, 3))
        # The last stretch of a line has nothing beyond it.
        ends = first % self._line + count == self._line
        for end in np.unique(ends):
            members = np.flatnonzero(ends == end)
            reach = 0 if end else self._observable.reach
            found[members] = self._alike(first[members], count, count + reach)
        return found

    def _alike(self, first: Indices, count: int, solved: int) -> NDArray[np.float64]:
        found, radius = np.zeros((first.size, 3)), self.radius
        kinds = self._place.kinds(first, solved, radius)
        _, leaders, which = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
        greens = [
            self._green(int(first[leader]), solved, (radius, solved, *kinds[leader].tolist()))
            for leader in leaders
        ]
        if self._place.uniform and self.radius > radius:
            return found
        groups = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
        for green, members in zip(greens, groups, strict=True):
            found[members] = self._solved(green, first[members], count)
        return found

    def _green(self, first: int, solved: int, kind: tuple[int, ...]) -> GreenRows:
        green = self._known.get(kind)
        if green is None:
            green = green_rows(self._place, first, solved, self._truncation, radius=self.radius)
            self.windows, self.flops = self.windows + 1, self.flops + green.flops
            self.worst = max(self.worst, green.truncation)
            if self._place.uniform:
                self._known[kind] = green
                self.radius = max(self.radius, green.radius)
        return green

    def _solved(self, green: GreenRows, members: Indices, count: int) -> NDArray[np.float64]:
        unknowns, weights = green.window.unknowns, green.weights.T
        first = int(unknowns[green.window.centre[0]])
        found = np.empty((members.size, 3))
        step = max(1, _AT_ONCE // unknowns.size)
        for low in range(0, members.size, step):
            starts = members[low : low + step]
            b = entries_of(self._b, self._place.moved(unknowns, first, starts))
            x, own = b @ weights, starts[:, None] + np.arange(count)
            part = found[low : low + step]
            part[:, 0] = self._observable.terms(x, own, self._size)
            part[:, 1] = np.sum(np.abs(x[:, :count]) ** 2, axis=1)
            part[:, 2] = np.sum(np.abs(b[:, green.window.centre[:count]]) ** 2, axis=1)
        self.flops += 2.0 * weights.size * members.size
        return found
