"""Splittings of an evolution into stages under one group of terms each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Stage = tuple[int, float]
"""A group of terms, by its index, and the part of the step's time that it is evolved for."""


@dataclass(frozen=True)
class Splitting:
    """One step of a product formula.

    Attributes
    ----------
    stages
        In the order of the matrix product; neighbours belong to different groups.
    order
        p: the error of a step of time t is of order ``t**(p + 1)``. Even ones are symmetric:
        steps backwards undo those forwards.
    is_suzuki
        Whether it is a Lie-Trotter-Suzuki formula.
    """

    stages: tuple[Stage, ...]
    order: int
    is_suzuki: bool = False

    def repeated(self, steps: int) -> list[Stage]:
        """Stages of several steps, merged where two steps meet."""
        return merged(list(self.stages) * steps)


def suzuki(groups: int, order: int) -> Splitting:
    r"""Lie-Trotter-Suzuki formula.

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
        return Splitting(tuple((group, 1.0) for group in range(groups)), 1, True)
    return Splitting(tuple(merged(_symmetric(groups, order, 1.0))), order, True)


def optimised_for_two_groups(order: int) -> Splitting:
    r"""Symmetric splitting for two groups with more stages and a much smaller error.

    - Order 2: parts :math:`\xi, 1 - 2\xi, \xi` of the first group and two halves of the second,
      :math:`\xi = 0.1931833`. At the cost of two Strang steps, about 2.6 times less error.
    - Order 4: six stages of the second group.

    Raises
    ------
    ValueError
        For other orders.

    References
    ----------
    Order 2: R. McLachlan, SIAM J. Sci. Comput. 16, 151 (1995); value of the parameter: I. Omelyan,
    I. Mryglod, R. Folk, Comput. Phys. Commun. 146, 188 (2002), Eq. 35. Order 4: S. Blanes, P.
    Moan, J. Comput. Appl. Math. 142, 313 (2002), Table 2, method S6.
    """
    parts = {2: ([0.1931833275037836], [0.5]), 4: (_BLANES_MOAN_FIRST, _BLANES_MOAN_SECOND)}
    if order not in parts:
        raise ValueError(f"order = {order}: optimised splittings have order 2 or 4")
    first, second = parts[order]
    middle_of_first = 1 - 2 * sum(first)
    outer: list[Stage] = []
    for a, b in zip(first, second, strict=True):
        outer += [(0, a), (1, b)]
    return Splitting((*outer, (0, middle_of_first), *reversed(outer)), order)


_BLANES_MOAN_FIRST = [0.0792036964311957, 0.353172906049774, -0.0420650803577195]
_BLANES_MOAN_SECOND = [0.209515106613362, -0.143851773179818, 0.434336666566456]


def merged(stages: Sequence[Stage]) -> list[Stage]:
    """Join neighbours of the same group."""
    joined: list[Stage] = []
    for group, part in stages:
        if joined and joined[-1][0] == group:
            joined[-1] = (group, joined[-1][1] + part)
        else:
            joined.append((group, part))
    return joined


def _symmetric(groups: int, order: int, part: float) -> list[Stage]:
    if order == 2:
        there = [(group, part / 2) for group in range(groups)]
        return there + there[::-1]
    outer = 1 / (4 - 4 ** (1 / (order - 1)))
    parts = [outer, outer, 1 - 4 * outer, outer, outer]
    return [stage for piece in parts for stage in _symmetric(groups, order - 2, part * piece)]
