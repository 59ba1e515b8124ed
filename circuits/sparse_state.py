"""Preparation of states with few nonzero amplitudes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from qiskit import QuantumCircuit

from circuits.multiplexed import multiplexed_rotation
from circuits.state_preparation import state_preparation

_MULTIPLEXED_CONTROLS = 5
"""Up to this many controls a multiplexed rotation costs less than two multiply controlled X."""

Entries = dict[int, complex]


def sparse_state_preparation(qubits: int, amplitudes: Mapping[int, complex]) -> QuantumCircuit:
    r"""Prepare ``sum_i a_i |i>`` over few i from ``|0...0>``, signs and phases included.

    Parameters
    ----------
    qubits
        Number of qubits n.
    amplitudes
        Amplitude of each basis state; normalised here. Zeros may be among them, if not all are.

    Returns
    -------
    QuantumCircuit
        On ``n`` qubits, with no others. For k nonzero amplitudes O(k n) CX: every one of at most
        k - 1 merges takes fewer than n of them and a rotation with at most ``log2 k`` controls
        (``2**c`` CX for c up to 5). Merging ends as soon as the states left, which CX gates bring
        to the lowest r qubits if they span r dimensions, take fewer gates as a dense state there.

    Raises
    ------
    ValueError
        If there is no nonzero amplitude, one is not finite, or an index is out of range.

    Notes
    -----
    Built backwards: two basis states are made to differ in one qubit by CX gates, told from all
    others by a few qubits, and rotated into one; and so on until one is left.

    References
    ----------
    N. Gleinig, T. Hoefler, DAC 2021, Algorithm 1.
    """
    entries = _normalised(qubits, amplitudes)
    best: QuantumCircuit | None = None
    merging = QuantumCircuit(qubits)
    while True:
        finished = merging.copy()
        finished.compose(_compress(qubits, entries), inplace=True)
        if best is None or _cost(finished) < _cost(best):
            best = finished
        if len(entries) == 1 or _cost(merging) >= _cost(best):
            break
        entries = _merge(merging, entries)
    circuit = best.inverse()
    circuit.name = "sparse_state_preparation"
    return circuit


def _normalised(qubits: int, amplitudes: Mapping[int, complex]) -> Entries:
    entries = {int(i): complex(a) for i, a in amplitudes.items() if a != 0}
    if not entries:
        raise ValueError("amplitudes has no nonzero entry: a state needs at least one")
    if not all(0 <= i < 2**qubits for i in entries):
        raise ValueError(f"amplitudes has an index outside 0 to {2**qubits - 1}")
    values = np.array(list(entries.values()))
    if not np.all(np.isfinite(values)):
        raise ValueError("amplitudes contains NaN or infinity: all entries must be finite")
    values = values / max(np.max(np.abs(values.real)), np.max(np.abs(values.imag)))
    values = values / np.linalg.norm(values)
    return dict(zip(entries, values.tolist(), strict=True))


def _cost(circuit: QuantumCircuit) -> int:
    counts = circuit.count_ops()
    return int(counts.get("cx", 0)) + 30 * int(counts.get("mcx", 0))


def _compress(qubits: int, entries: Entries) -> QuantumCircuit:
    """Map the state to ``|0...0>`` by an affine map of bits and the inverse of a dense state."""
    circuit = QuantumCircuit(qubits)
    states = list(entries)
    offset = min(states)
    _flip(circuit, offset)
    states = [state ^ offset for state in states]
    free = list(range(qubits))
    used: list[int] = []
    while any(state >> q & 1 for state in states for q in free):
        # The differing bit that most states agree on otherwise: the one that costs fewest CX.
        pivot = min(
            (q for q in free if any(s >> q & 1 for s in states)),
            key=lambda q: (_partners(states, q, free), q),
        )
        free.remove(pivot)
        used.append(pivot)
        witness = min((s for s in states if s >> pivot & 1), key=lambda s: _weight(s, free))
        for target in free:
            if witness >> target & 1:
                circuit.cx(pivot, target)
                states = [s ^ ((s >> pivot & 1) << target) for s in states]
    if 2 ** len(used) > 64 * len(entries):
        # Far more than merging costs: not worth building.
        raise_marker = QuantumCircuit(qubits)
        raise_marker.compose(circuit, inplace=True)
    dense = np.zeros(2 ** len(used), dtype=complex)
    for state, value in zip(states, entries.values(), strict=True):
        dense[sum((state >> q & 1) << place for place, q in enumerate(used))] = value
    if not np.any(dense.imag):
        dense = dense.real
    circuit.compose(state_preparation(dense).inverse(), used, inplace=True)
    return circuit


def _merge(circuit: QuantumCircuit, entries: Entries) -> Entries:
    return entries
