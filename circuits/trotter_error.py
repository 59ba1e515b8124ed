"""Rigorous bounds on the error of the steps of product formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np
from qiskit.quantum_info import SparsePauliOp

from circuits.pauli_algebra import commutator, hermitian_sum, norm_bound
from circuits.splitting import Splitting, Stage

_EXACT_DEGREES = 2
"""Taylor coefficients of the error that are bounded as one operator each."""

MAX_GROUPS = 3
"""Nested commutators of more than three letters are taken of at most so many groups."""

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


def step_error(groups: Sequence[SparsePauliOp], splitting: Splitting) -> StepError:
    r"""Bound the error :math:`\|S(t) - e^{iHt}\|` of one step by nested commutators.

    Suzuki's orders 1 and 2 by the bounds of Childs et al., Propositions 9 and 10:

    .. math:: \frac{t^2}{2} \sum_a \Big\| \big[ \textstyle\sum_{b>a} H_b, H_a \big] \Big\|,
              \qquad
              t^3 \sum_a \Big( \frac{1}{12} \big\| [T_a, [T_a, H_a]] \big\|
              + \frac{1}{24} \big\| [H_a, [H_a, T_a]] \big\| \Big),
              \quad T_a = \textstyle\sum_{b>a} H_b.

    Any other splitting of order p, and that of order 2 as well where it gives less, by the method
    of their Theorem 5. With S cut in the middle, ``S = L R``, one has ``S' = i L G R``, and
    :math:`\|S(t) - e^{iHt}\| \le \int_0^t \|G - L^{-1} H L\|`. The integrand is a sum of groups
    conjugated by some stages each; its Taylor coefficients below ``t**p`` vanish, those of
    ``t**p`` and ``t**(p+1)`` are bounded as one operator each, with all that cancels in it, and
    the remainder of every conjugation, of degree p + 2, by the triangle inequality.

    Norms of Pauli sums are bounded in turn by `pauli_algebra.norm_bound`.

    Parameters
    ----------
    groups
        Hermitian sums, each of which is evolved exactly.
    splitting
        The formula.

    Raises
    ------
    ValueError
        If there are more than ``MAX_GROUPS`` groups and the splitting is not of order 1 or 2.

    Notes
    -----
    Takes up to ``len(groups)**(p + 3)`` nested commutators: 0.1 s for two groups at order 4, 1 s
    for three.

    References
    ----------
    A. Childs, Y. Su, M. Tran, N. Wiebe, S. Zhu, Phys. Rev. X 11, 011020 (2021),
    arXiv:1912.08854.
    """
    plain = splitting.is_suzuki and splitting.order <= 2
    if len(groups) > MAX_GROUPS and not plain:
        raise ValueError(
            f"order = {splitting.order}: the error is bounded for at most {MAX_GROUPS} groups of "
            f"commuting terms, there are {len(groups)}; take order 1 or 2"
        )
    if len(groups) < 2:
        return StepError(({},))
    if splitting.order == 1:
        return StepError(({2: _first_order(groups)},))
    bounds = [{3: _second_order(groups)}] if plain else []
    if len(groups) <= MAX_GROUPS:
        bounds.append(_taylor(groups, splitting))
    return StepError(tuple(bounds))


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


def _taylor(groups: Sequence[SparsePauliOp], splitting: Splitting) -> dict[int, float]:
    order = splitting.order

    @cache
    def nested(word: Word) -> SparsePauliOp:
        if len(word) == 1:
            return groups[word[0]]
        return commutator(groups[word[0]], nested(word[1:]))

    last = order + _EXACT_DEGREES
    exact: defaultdict[Word, float] = defaultdict(float)
    remainder: defaultdict[Word, float] = defaultdict(float)
    for sign, chain, head in _conjugations(list(splitting.stages), len(groups)):
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
