"""Costs of arithmetic in the Fourier basis."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import CP, CX, ROTATION, layer
from circuits.fourier.validation import require_epsilon, require_qubits


def weighted_sum_cost(
    n: int, weights: Sequence[int], *, constant: int = 0, epsilon: float = 0.0
) -> GateCounts:
    """Count `circuits.weighted_sum`.

    Parameters
    ----------
    n
        Number of qubits of the register that is added to, at least 1.
    weights
        Integers, one a qubit of the number that is added. What decides is the largest power of two
        in each, and with ``epsilon`` how large the phases are.
    constant
        Integer that is added as well.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost.

    Returns
    -------
    GateCounts
        Two transforms of ``n - z`` qubits, ``2**z`` the largest power of two that divides all, and
        ``2 (n - y) - 1`` CX for a weight with the power ``2**y``. Phases of the sum take at most
        one layer more for each weight than for one.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or ``epsilon`` is not in [0, 1).
    """
    require_qubits(n)
    require_epsilon(epsilon)
    fixed, *controlled = (number % 2**n for number in (constant, *weights))
    divisor = math.gcd(2**n, fixed, *controlled)
    if divisor == 2**n:
        return GateCounts(qubits=n + len(weights))
    size = n - divisor.bit_length() + 1
    share = epsilon / (3 if any(controlled) else 2) ** 2
    transform = qft_cost(size, share, swaps=False)
    turns = Counter(
        turn for weight in controlled for turn in _turns(weight // divisor, size).elements()
    )
    half_turns = turns.pop(2 ** (size - 1), 0)
    left_out = _left_out(turns, size, share)
    kept = turns.total() - left_out
    phases = CX * half_turns + CP * kept + ROTATION * (2 * left_out)
    # The phases of a weight wait for those of the weight before at the same digit only.
    steps = len(weights) + size - 1
    phases = replace(
        phases,
        two_qubit_depth=min(phases.two_qubit_depth, 2 * steps),
        rotation_depth=min(phases.rotation_depth, 3 * steps),
    )
    shift = layer(ROTATION, _turns(fixed // divisor, size).total())
    return replace(2 * transform + shift + phases, qubits=n + len(weights))


def multiply_accumulate_cost(
    n: int, addend_qubits: int, factor: int, *, epsilon: float = 0.0
) -> GateCounts:
    """Count `circuits.multiply_accumulate`, as `weighted_sum_cost` does.

    Raises
    ------
    ValueError
        As there, or if ``addend_qubits`` is less than 1.
    """
    if addend_qubits < 1:
        raise ValueError(f"addend_qubits = {addend_qubits}: at least 1 is needed")
    weights = [factor << place for place in range(addend_qubits)]
    return weighted_sum_cost(n, weights, epsilon=epsilon)


def fourier_adder_cost(
    n: int, addend_qubits: int | None = None, *, epsilon: float = 0.0
) -> GateCounts:
    """Count `circuits.fourier_adder`, which adds or subtracts: ``n**2`` CX beside two transforms.

    Raises
    ------
    ValueError
        As for `multiply_accumulate_cost`.
    """
    size = n if addend_qubits is None else addend_qubits
    return multiply_accumulate_cost(n, size, 1, epsilon=epsilon)


def constant_adder_cost(
    n: int, constant: int, *, controlled: bool = False, epsilon: float = 0.0
) -> GateCounts:
    """Count `circuits.constant_adder`, as `weighted_sum_cost` does.

    Raises
    ------
    ValueError
        As there.
    """
    if controlled:
        return weighted_sum_cost(n, [constant], epsilon=epsilon)
    return weighted_sum_cost(n, [], constant=constant, epsilon=epsilon)


def _turns(weight: int, size: int) -> Counter[int]:
    """Phases of a weight that are no whole turns: their sizes in units of ``2 pi / 2**size``."""
    places = ((weight << place) % 2**size for place in range(size))
    return Counter(min(turn, 2**size - turn) for turn in places if turn)


def _left_out(turns: Counter[int], size: int, infidelity: float) -> int:
    """Count the smallest phases that cost no more than a process infidelity together."""
    number, spent = 0, 0.0
    for turn in sorted(turns.elements()):
        spent += (2 * math.pi * (turn / 2**size)) ** 2 / 16
        if spent > infidelity:
            break
        number += 1
    return number
