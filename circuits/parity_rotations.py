"""Rotations of one flag by angles given as a sum over parities of other qubits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.multiplexed import ANGLE_TOLERANCE, walsh_hadamard

Terms = Mapping[int, float]
"""``{mask: c}`` for the angle ``sum_mask c (-1)**(parity of the bits in mask)`` in radians."""

_LARGEST_SEARCH = 2**14
_STARTS = 4


def parity_rotations(terms: Terms, controls: int) -> QuantumCircuit:
    r"""Give a flag the amplitude :math:`\sin(\varphi(k) / 2)` in 1 where the controls are in k.

    .. math:: \langle 1| U |0\rangle_{\mathrm{flag}} =
              \sum_k \sin(\varphi(k) / 2) |k\rangle\langle k|, \qquad
              \varphi(k) = \sum_S c_S (-1)^{|S \cap k|}

    Parameters
    ----------
    terms
        Coefficients c by mask S, radians; bit i of a mask stands for control i.
    controls
        Number of controls.

    Returns
    -------
    QuantumCircuit
        Controls first, then the flag. *Only* the block above is promised: the flag starts in 0
        and is read in 1, so that the CX that would bring it from 0 to the first parity and from
        the last one back are left out.

    Raises
    ------
    ValueError
        If a mask names a control that there is not.

    Notes
    -----
    *Cost*: as many CX as `parity_path` is long: one less than the number of terms if
    neighbours differ in one bit, as all ``2**n`` of them do in Gray code.
    """
    wanted = {mask: angle for mask, angle in terms.items() if abs(angle) > ANGLE_TOLERANCE}
    beyond = [mask for mask in wanted if not 0 <= mask < 2**controls]
    if beyond:
        raise ValueError(f"terms: mask {beyond[0]} names more than the {controls} controls")
    circuit = QuantumCircuit(controls + 1, name="parity_rotations")
    order = parity_path(wanted)
    for before, mask in zip([order[0], *order] if order else [], order, strict=False):
        for control in _bits(before ^ mask):
            circuit.cz(control, controls)
        circuit.ry(wanted[mask], controls)
    # CZ gates back to the empty parity would be signs where the flag is 1.
    for control in _bits(order[-1] if order else 0):
        circuit.z(control)
    return circuit


def parity_path(masks: Iterable[int]) -> list[int]:
    """Order masks so that few bits change from each to the next.

    The shorter of the Gray-code order and of nearest-neighbour walks from a few starts (those for
    up to 2**14 masks below 2**63 only).
    """
    chosen = sorted(masks, key=_gray_rank)
    paths = [chosen]
    if 2 < len(chosen) <= _LARGEST_SEARCH and max(chosen) < 2**63:
        array = np.array(chosen, dtype=np.int64)
        starts = range(0, len(chosen), max(1, len(chosen) // _STARTS))
        paths += [_nearest_neighbours(array, start) for start in starts]
    return min(paths, key=path_length)


def path_length(path: Iterable[int]) -> int:
    """Count the bits that change along a path, which is what its walk takes in CX."""
    order = list(path)
    return sum((a ^ b).bit_count() for a, b in pairwise(order))


def fitted_terms(
    angles: NDArray[np.float64], accepts: Callable[[NDArray[np.float64]], bool]
) -> dict[int, float]:
    """Find few terms whose angles are near enough to those wanted.

    Parameters
    ----------
    angles
        Shape ``(2**n,)``: wanted angles for every index, radians.
    accepts
        Tells whether angles, of the same shape, are near enough; those wanted have to be.

    Returns
    -------
    dict[int, float]
        The largest Walsh coefficients of ``angles``: as few as are accepted.
    """
    coefficients = walsh_hadamard(angles) / angles.size
    order = np.argsort(-np.abs(coefficients), kind="stable")

    def fits(count: int) -> bool:
        kept = np.zeros_like(coefficients)
        kept[order[:count]] = coefficients[order[:count]]
        return accepts(walsh_hadamard(kept))

    enough, few = angles.size, -1
    while enough - few > 1:
        middle = (enough + few) // 2
        enough, few = (middle, few) if fits(middle) else (enough, middle)
    return {int(mask): float(coefficients[mask]) for mask in order[:enough]}


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def _gray_rank(mask: int) -> int:
    """Place of a mask in the Gray code."""
    rank = mask
    while mask := mask >> 1:
        rank ^= mask
    return rank


def _nearest_neighbours(masks: NDArray[np.int64], start: int) -> list[int]:
    left = masks.copy()
    at, count = start, masks.size
    path = []
    while True:
        current = left[at]
        path.append(int(current))
        # The last one moves into the gap.
        count -= 1
        left[at] = left[count]
        if not count:
            return path
        at = int(np.argmin(np.bitwise_count(left[:count] ^ current)))
