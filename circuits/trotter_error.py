"""Product formulas as sequences of stages, and rigorous bounds on the error of their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from circuits.pauli_algebra import commutator, hermitian_sum, norm_bound

_EXACT_DEGREES = 2
"""Taylor coefficients of the error that are bounded as one operator each."""

MAX_GROUPS = 3
"""Nested commutators of orders above 2 are taken of at most so many groups."""

Stage = tuple[int, float]
"""A group of terms, by its index, and the part of the step's time that it is evolved for."""

Word = tuple[int, ...]
"""Groups of a nested commutator: (a, b, c) for [H_a, [H_b, H_c]]."""


@dataclass(frozen=True)
class StepError:
    """Bounds on the spectral norm of the error of one step, polynomials in its time.

    Attributes
    ----------
    polynomials
        Each a bound of its own: coefficients by power of the time's absolute value.
    """

    polynomials: tuple[Mapping[int, float], ...]

    def __call__(self, time: float) -> float:
        """Smallest bound for a step of this time."""
        return min(
            sum(value * abs(time) ** power for power, value in polynomial.items())
            for polynomial in self.polynomials
        )


def suzuki_stages(groups: int, order: int) -> list[Stage]:
    r"""Stages of a step of the Lie-Trotter-Suzuki formula, neighbours of one group merged.

    Order 1 evolves the groups one after another, order 2 there and back for half the time each,
    and order 2k is made of five steps of order 2k - 2, of times u, u, 1 - 4u, u, u with
    :math:`u = 1 / (4 - 4^{1/(2k - 1)})`.

    Raises
    ------
    ValueError
        If the order is neither 1 nor even and positive.

    References
    ----------
    M. Suzuki, J. Math. Phys. 32, 400 (1991).
    """
    if order < 1 or (order > 1 and order % 2):
        raise ValueError(f"order = {order}: product formulas have order 1, 2, 4, 6, ...")
    if order == 1:
        return [(group, 1.0) for group in range(groups)]
    return merged(_symmetric(groups, order, 1.0))


def merged(stages: Sequence[Stage]) -> list[Stage]:
    """Join neighbours of the same group."""
    joined: list[Stage] = []
    for group, part in stages:
        if joined and joined[-1][0] == group:
            joined[-1] = (group, joined[-1][1] + part)
        else:
            joined.append((group, part))
    return joined


def step_error(groups: Sequence[SparsePauliOp], order: int) -> StepError:
    r"""Bound the error :math:`\|S(t) - e^{iHt}\|` of one step by nested commutators.

    Orders 1 and 2 by the bounds of Childs et al., Propositions 9 and 10:

    .. math:: \frac{t^2}{2} \sum_a \Big\| \big[ \textstyle\sum_{b>a} H_b, H_a \big] \Big\|,
              \qquad
              t^3 \sum_a \Big( \frac{1}{12} \big\| [T_a, [T_a, H_a]] \big\|
              + \frac{1}{24} \big\| [H_a, [H_a, T_a]] \big\| \Big),
              \quad T_a = \textstyle\sum_{b>a} H_b.

    Order p > 2, and 2 as well where it gives less, by the method of their Theorem 5. With S cut
    in the middle, ``S = L R``, one has ``S' = i L G R``, and
    :math:`\|S(t) - e^{iHt}\| \le \int_0^t \|G - L^{-1} H L\|`. The integrand is a sum of groups
    conjugated by some stages each; its Taylor coefficients below ``t**p`` vanish, those of
    ``t**p`` and ``t**(p+1)`` are bounded as one operator each, with all that cancels in it, and
    the remainder of every conjugation, of degree p + 2, by the triangle inequality.

    Norms of Pauli sums are bounded in turn by `pauli_algebra.norm_bound`.

    Parameters
    ----------
    groups
        Hermitian sums, each of which is evolved exactly.
    order
        Of the formula; see `suzuki_stages`.

    Raises
    ------
    ValueError
        If the order is above 2 and there are more than ``MAX_GROUPS`` groups.

    Notes
    -----
    Takes up to ``len(groups)**(order + 3)`` nested commutators: 0.1 s for two groups at order 4,
    1 s for three.

    References
    ----------
    A. Childs, Y. Su, M. Tran, N. Wiebe, S. Zhu, Phys. Rev. X 11, 011020 (2021),
    arXiv:1912.08854.
    """
    if order > 2 and len(groups) > MAX_GROUPS:
        raise ValueError(
            f"order = {order}: the error is bounded for at most {MAX_GROUPS} groups of commuting "
            f"terms, there are {len(groups)}; take order 1 or 2"
        )
    if len(groups) < 2:
        return StepError(({},))
    if order == 1:
        return StepError(({2: _first_order(groups)},))
    bounds = [{3: _second_order(groups)}] if order == 2 else []
    if len(groups) <= MAX_GROUPS:
        bounds.append(_taylor(groups, order))
    return StepError(tuple(bounds))


def _symmetric(groups: int, order: int, part: float) -> list[Stage]:
    if order == 2:
        there = [(group, part / 2) for group in range(groups)]
        return there + there[::-1]
    outer = 1 / (4 - 4 ** (1 / (order - 1)))
    parts = [outer, outer, 1 - 4 * outer, outer, outer]
    return [stage for piece in parts for stage in _symmetric(groups, order - 2, part * piece)]


def _first_order(groups: Sequence[SparsePauliOp]) -> float:
    pairs = ((head, hermitian_sum(groups[a + 1 :])) for a, head in enumerate(groups[:-1]))
    return sum(norm_bound(commutator(tail, head)) for head, tail in pairs) / 2


def _second_order(groups: Sequence[SparsePauliOp]) -> float:
    total = 0.0
    for a, head in enumerate(groups[:-1]):
        tail = hermitian_sum(groups[a + 1 :])
        inner = commutator(tail, head)
        total += norm_bound(commutator(tail, inner)) / 12
        total += norm_bound(commutator(head, inner)) / 24
    return total


def _taylor(groups: Sequence[SparsePauliOp], order: int) -> dict[int, float]:
    @cache
    def nested(word: Word) -> SparsePauliOp:
        if len(word) == 1:
            return groups[word[0]]
        return commutator(groups[word[0]], nested(word[1:]))

    last = order + _EXACT_DEGREES
    exact: defaultdict[Word, float] = defaultdict(float)
    remainder: defaultdict[Word, float] = defaultdict(float)
    for sign, chain, head in _conjugations(suzuki_stages(len(groups), order), len(groups)):
        for word, value in _expansion(chain, head, last - 1).items():
            exact[word] += sign * value
        sizes = [(group, abs(part)) for group, part in chain]
        for word, value in _expansion(sizes, head, last).items():
            remainder[word] += abs(sign) * value
    bounds: dict[int, float] = {}
    for degree in range(order, last):
        terms = [value * nested(word) for word, value in exact.items() if len(word) == degree + 1]
        bounds[degree + 1] = norm_bound(hermitian_sum(terms)) / (degree + 1)
    longest = ((word, value) for word, value in remainder.items() if len(word) == last + 1)
    rest = sum(value * norm_bound(nested(word)) for word, value in longest)
    return {**bounds, last + 1: rest / (last + 1)}


def _conjugations(stages: list[Stage], groups: int) -> list[tuple[float, list[Stage], int]]:
    """Terms of ``G - L^-1 H L``: weight, stages that conjugate from the outside in, and group."""
    left, right = stages[: len(stages) // 2], stages[len(stages) // 2 :]
    undone = [(group, -part) for group, part in reversed(left)]
    terms = [(-1.0, undone, group) for group in range(groups)]
    for place, (group, part) in enumerate(left):
        terms.append((part, undone[: len(left) - 1 - place], group))
    for place, (group, part) in enumerate(right):
        terms.append((part, right[:place], group))
    return terms


def _expansion(chain: list[Stage], head: int, degree: int) -> dict[Word, float]:
    """Taylor coefficients of a conjugated group up to a degree; the powers of i are left out."""
    words: dict[Word, float] = {(head,): 1.0}
    for group, part in reversed(chain):
        extended: defaultdict[Word, float] = defaultdict(float)
        for word, value in words.items():
            # A group commutes with itself.
            most = 0 if word == (group,) else degree + 1 - len(word)
            for power in range(most + 1):
                longer = (group,) * power + word
                extended[longer] += value * part**power / factorial(power)
        words = dict(extended)
    return words


def effective_deviation(error: float, angle: float) -> float:
    r"""Bound how far the generator of a step is from that of the exact evolution, both times time.

    Two unitaries with eigenphases in :math:`[-a, a]`, :math:`a < \pi`, at a distance e have
    logarithms at a distance of at most :math:`e\, a / \sin a`.

    Parameters
    ----------
    error
        Distance e of the two unitaries.
    angle
        Largest eigenphase of the exact one; that of the other is at most ``2 arcsin(e / 2)`` more.

    Returns
    -------
    float
        Infinite where the phases may reach :math:`\pi` and the logarithm is not unique.

    Notes
    -----
    Between eigenspaces of phases x and y the difference of the logarithms is that of the unitaries
    times, up to phases, :math:`\varphi(x - y)`, :math:`\varphi(u) = (u/2) / \sin(u/2)`. Continued
    from [-2a, 2a] with period 4a, the convex :math:`\varphi` has a Fourier series with positive
    coefficients around 2a; their sum :math:`\varphi(2a)` bounds the norm of this Schur product.
    """
    if error >= 2:
        return float("inf")
    largest = angle + 2 * np.arcsin(error / 2)
    if largest >= np.pi:
        return float("inf")
    return float(error / np.sinc(largest / np.pi))
