"""Costs of sine and cosine transforms."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.arithmetic import AND
from circuits.costs.clean_ladder import conjunction_cost
from circuits.costs.counts import GateCounts
from circuits.costs.fourier import qft_cost
from circuits.costs.gates import CCX, CH, CX, ROTATION, layer


def sine_transform_cost(n: int, *, kind: int = 1, swaps: bool = True) -> GateCounts:
    """Count `circuits.sine_transform`.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    kind
        1, 2, 3 or 4: the type.
    swaps
        Whether to end with the reversal of the qubits.

    Returns
    -------
    GateCounts
        For type I the Fourier transform on n + 1 qubits and two of `controlled_negation_cost`; for
        the others that of the cosine transform.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or there is no such type.
    """
    if kind != 1:
        return cosine_transform_cost(n, kind=kind, swaps=swaps)
    _require_qubits(n)
    cost = 2 * controlled_negation_cost(n) + qft_cost(n + 1, swaps=swaps)
    return replace(cost, qubits=n + 1 + max(0, n - 2))


def cosine_transform_cost(n: int, *, kind: int = 2, swaps: bool = True) -> GateCounts:
    """Count `circuits.cosine_transform`.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    kind
        2, 3 or 4: the type.
    swaps
        As for `sine_transform_cost`.

    Returns
    -------
    GateCounts
        The Fourier transform on n + 1 qubits, a shift of ``n + 1`` rotations (two for type IV) and
        ``n`` CX, twice for type IV, else with one of `controlled_negation_cost` and ``6 n - 5`` CX
        beside ``8 n - 6`` T gates for the constant mode.

    Raises
    ------
    ValueError
        If ``n`` is less than 1 or there is no such type.
    """
    _require_qubits(n)
    shift = layer(ROTATION, n + 1)
    # All CX of the extension meet in one qubit.
    extension = CX * n
    transform = qft_cost(n + 1, swaps=swaps) + extension + shift
    match kind:
        case 2 | 3:
            constant_mode = conjunction_cost(n) + CH
            cost = transform + controlled_negation_cost(n) + constant_mode
            return replace(cost, qubits=2 * n)
        case 4:
            return replace(transform + extension + shift, qubits=n + 1)
        case _:
            raise ValueError(f"kind = {kind!r}: cosine transforms of kinds 2, 3 and 4 exist")


def controlled_negation_cost(n: int) -> GateCounts:
    """Count `circuits.trigonometric.controlled_negation`.

    Parameters
    ----------
    n
        Number of qubits, at least 1.

    Returns
    -------
    GateCounts
        One Toffoli gate, ``2 (n - 2)`` ANDs of three CX and four rotations, ``2 n - 3`` CX more;
        the Toffoli gate alone for n = 2, nothing for n = 1.
    """
    if n < 3:
        return replace(CCX if n == 2 else GateCounts(), qubits=n + 1)
    cost = AND * (2 * (n - 2)) + CCX + CX * (2 * n - 3)
    return replace(cost, qubits=2 * n - 1)


def negation_up_to_phases_cost(n: int, *, tell_zero: bool = False) -> GateCounts:
    """Count `circuits.trigonometric.negation_up_to_phases`.

    Parameters
    ----------
    n
        Number of qubits, at least 1.
    tell_zero
        Whether one more qubit is to tell that the control is 1 and the number 0.

    Returns
    -------
    GateCounts
        ``n - 1`` ANDs and ``2 n - 3`` CX; with ``tell_zero`` ``n`` ANDs and ``2 (n - 1)`` CX.
    """
    ands = n if tell_zero else n - 1
    entangling = 2 * (n - 1) if tell_zero else max(0, 2 * n - 3)
    workspace = n if tell_zero else max(0, n - 2)
    return replace(AND * ands + CX * entangling, qubits=n + 1 + workspace)


def _require_qubits(n: int) -> None:
    if n < 1:
        raise ValueError(f"n = {n}: the transform needs at least 1 qubit")
