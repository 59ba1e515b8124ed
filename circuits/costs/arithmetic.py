"""Costs of reversible addition and comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CCX, CX, T

AND = replace(3 * CX + 4 * T, qubits=3)
"""`circuits.arithmetic.temporary_and`: the AND of two qubits into a third, or its clearing."""


def adder_cost(size: int, places: Sequence[int] = (0,), *, carry_out: bool = False) -> GateCounts:
    """Count `circuits.arithmetic.adder`.

    Parameters
    ----------
    size
        Number n of qubits of the register that is added to.
    places
        Places of the digits that the number has, increasing. What decides is the lowest, how many
        there are, and whether one is at the top.
    carry_out
        Whether the carry out of the register is written.

    Returns
    -------
    GateCounts
        With the lowest place p and b digits: ``7 (n - p) + 5 (b - 1) - 3`` CX with carry, 3 fewer
        without, and two ANDs of four rotations for each place above p, one more with carry. (With
        one of several digits at the top, 1 CX fewer with carry, 4 fewer without.)

    Raises
    ------
    ValueError
        If ``places`` is not an increasing sequence of places of the register.
    """
    digits = list(places)
    if not digits or digits != sorted(set(digits)) or digits[0] < 0 or digits[-1] >= size:
        raise ValueError(
            f"places = {tuple(digits)}: an increasing sequence of places from 0 to {size - 1} is "
            "needed"
        )
    length, number = size - digits[0], len(digits)
    ands = 2 * (length - 1) + int(carry_out)
    top = number > 1 and digits[-1] == size - 1
    entangling = 7 * length + 5 * (number - 1) - 6 + 3 * carry_out
    entangling -= (1 if carry_out else 4) * int(top)
    cost = CX * (entangling - 3 * ands) + AND * ands
    return replace(cost, qubits=number + size + int(carry_out) + length - 1)


def at_least_cost(size: int, threshold: int) -> GateCounts:
    """Count `circuits.arithmetic.at_least`.

    Parameters
    ----------
    size
        Number n of qubits of the register.
    threshold
        From 1 to ``2**n - 1``. What decides is the largest power of two ``2**t`` in it.

    Returns
    -------
    GateCounts
        ``2 (n - 2 - t)`` ANDs of three CX and four rotations, and one Toffoli gate; one CX if
        ``t = n - 1``.

    Raises
    ------
    ValueError
        If the threshold is out of range.
    """
    if not 1 <= threshold < 2**size:
        raise ValueError(f"threshold = {threshold}: a number from 1 to {2**size - 1} is needed")
    carries = size - (threshold & -threshold).bit_length()
    if not carries:
        return replace(CX, qubits=size + 1)
    return replace(AND * (2 * (carries - 1)) + CCX, qubits=size + carries)
