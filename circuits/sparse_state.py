"""Preparation of states with few nonzero amplitudes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from qiskit import QuantumCircuit

from circuits.multiplexed import multiplexed_rotation
from circuits.state_preparation import state_preparation

MOST_MULTIPLEXED = 5
"""Up to this many controls a multiplexed rotation costs less than two multiply controlled X."""

_CX_OF_CONTROL = 16
"""Roughly what each control of a multiply controlled X costs, to compare circuits."""

MOST_DENSE = 16
"""A dense state is tried if it has at most this many times as many amplitudes as there are."""

Entries = dict[int, complex]


def sparse_state_preparation(qubits: int, amplitudes: Mapping[int, complex]) -> QuantumCircuit:
    r"""Prepare ``sum_i a_i |i>`` over few i from ``|0...0>``, signs and phases included.

    Parameters
    ----------
    qubits
        Number of qubits n.
    amplitudes
        Amplitude of each basis state, not all zero; normalised here.

    Returns
    -------
    QuantumCircuit
        On ``n`` qubits, no others. For k nonzero amplitudes at most k - 1 merges of two basis
        states, each of less than n CX and a rotation with c controls, ``2**c`` CX for c up to 5
        (twice if complex), where c is about ``log2 k``. Merging stops where it is cheaper to bring
        all states left to r qubits, if they span r dimensions, by at most ``r (n - r)`` CX, and
        to undo a dense state there.

    Raises
    ------
    ValueError
        If there is no nonzero amplitude, one is not finite, or an index is out of range.

    Notes
    -----
    Built backwards: CX gates make two basis states differ in one qubit only, a few other qubits
    tell them from all others, and a rotation controlled by these turns both into one.

    References
    ----------
    N. Gleinig, T. Hoefler, 58th Design Automation Conference (2021), Algorithm 1.
    """
    entries = _normalised(qubits, amplitudes)
    merging = QuantumCircuit(qubits)
    best: QuantumCircuit | None = None
    while best is None or _cost(merging) < _cost(best):
        finish = _undo_dense(qubits, entries)
        if finish is not None:
            finished = merging.compose(finish)
            best = finished if best is None or _cost(finished) < _cost(best) else best
        if len(entries) == 1:
            break
        entries = _merge(merging, entries)
    # One state alone is always finished, so there is a best.
    assert best is not None
    circuit: QuantumCircuit = best.inverse()
    circuit.name = "sparse_state_preparation"
    return circuit


def _normalised(qubits: int, amplitudes: Mapping[int, complex]) -> Entries:
    entries = {int(i): complex(a) for i, a in amplitudes.items() if a != 0}
    if not entries:
        raise ValueError("amplitudes has no nonzero entry: a state needs at least one")
    outside = [i for i in entries if not 0 <= i < 2**qubits]
    if outside:
        raise ValueError(f"amplitudes has index {outside[0]}: {qubits} qubits have 0 to 2**n - 1")
    values = np.array(list(entries.values()))
    if not np.all(np.isfinite(values)):
        raise ValueError("amplitudes contains NaN or infinity: all entries must be finite")
    # Scaled first, so that squares neither overflow nor underflow.
    values = values / max(np.max(np.abs(values.real)), np.max(np.abs(values.imag)))
    values = values / np.linalg.norm(values)
    return dict(zip(entries, values.tolist(), strict=True))


def _cost(circuit: QuantumCircuit) -> int:
    total = 0
    for instruction in circuit.data:
        controls = len(instruction.qubits) - 1
        total += controls if controls <= 1 else _CX_OF_CONTROL * controls
    return total


def _undo_dense(qubits: int, entries: Entries) -> QuantumCircuit | None:
    """Bring all states to few qubits by an affine map, and those to 0; ``None`` if not few."""
    circuit = QuantumCircuit(qubits)
    offset = min(entries)
    for qubit in _bits(offset):
        circuit.x(qubit)
    states = [state ^ offset for state in entries]
    used = 0
    while rest := [state for state in states if state & ~used]:
        witness = min(rest, key=lambda state: ((state & ~used).bit_count(), state))
        pivot, *others = _bits(witness & ~used)
        for target in others:
            circuit.cx(pivot, target)
            states = [state ^ ((state >> pivot & 1) << target) for state in states]
        used |= 1 << pivot
    places = _bits(used)
    if 2 ** len(places) > MOST_DENSE * len(entries):
        return None
    dense = np.zeros(2 ** len(places), dtype=complex)
    for state, value in zip(states, entries.values(), strict=True):
        dense[sum((state >> qubit & 1) << k for k, qubit in enumerate(places))] = value
    real = not np.any(dense.imag)
    undo = state_preparation(dense.real if real else dense).inverse()
    circuit.compose(undo, places, inplace=True)
    return circuit


def _merge(circuit: QuantumCircuit, entries: Entries) -> Entries:
    """Append gates that turn two of the basis states into one."""
    states = list(entries)
    path = _path_to_one(states)
    first = _matching(states, path)[0]
    target, _ = path.pop()
    others = [state for state in _matching(states, path) if state != first]
    path += _path_to_one(others)
    second = _matching(others, path)[0]
    after = {state: state for state in entries}
    if not first >> target & 1:
        circuit.x(target)
        after = {old: new ^ (1 << target) for old, new in after.items()}
    for qubit in _bits((after[first] ^ after[second]) & ~(1 << target)):
        circuit.cx(target, qubit)
        after = {old: new ^ ((new >> target & 1) << qubit) for old, new in after.items()}
    one, zero = entries[first], entries[second]
    _rotate(circuit, path, target, zero, one)
    merged = {after[old]: value for old, value in entries.items() if old != first}
    phase = 1.0 if _is_real(zero, one) else np.exp(0.5j * (np.angle(zero) + np.angle(one)))
    merged[after[second]] = complex(np.hypot(abs(zero), abs(one)) * phase)
    return merged


Path = list[tuple[int, int]]
"""Qubits and the values that they have in the states looked for."""


def _path_to_one(states: Sequence[int]) -> Path:
    """Values of few qubits that one of the states has and no other, halving or better at each."""
    path: Path = []
    left = list(states)
    while len(left) > 1:
        splits = []
        varying = 0
        for state in left:
            varying |= state ^ left[0]
        for qubit in _bits(varying):
            ones = [state for state in left if state >> qubit & 1]
            zeros = [state for state in left if not state >> qubit & 1]
            value = int(len(ones) <= len(zeros))
            splits.append((min(len(ones), len(zeros)), qubit, value))
        _, qubit, value = min(splits)
        path.append((qubit, value))
        left = _matching(left, path[-1:])
    return path


def _matching(states: Sequence[int], path: Path) -> list[int]:
    return [s for s in states if all(s >> qubit & 1 == value for qubit, value in path)]


def _rotate(circuit: QuantumCircuit, path: Path, target: int, zero: complex, one: complex) -> None:
    """Turn ``zero |0> + one |1>`` of the target to 0 where all qubits of the path match."""
    if _is_real(zero, one):
        _controlled_rotation(circuit, path, target, -2 * np.arctan2(one.real, zero.real), "y")
        return
    _controlled_rotation(circuit, path, target, np.angle(zero) - np.angle(one), "z")
    _controlled_rotation(circuit, path, target, -2 * np.arctan2(abs(one), abs(zero)), "y")


def _controlled_rotation(
    circuit: QuantumCircuit, path: Path, target: int, angle: float, axis: Literal["y", "z"]
) -> None:
    controls = [qubit for qubit, _ in path]
    if len(controls) <= MOST_MULTIPLEXED:
        angles = np.zeros(2 ** len(controls))
        angles[sum(value << k for k, (_, value) in enumerate(path))] = angle
        circuit.compose(multiplexed_rotation(angles, axis), [*controls, target], inplace=True)
        return
    rotate = circuit.ry if axis == "y" else circuit.rz
    open_controls = [qubit for qubit, value in path if not value]
    circuit.x(open_controls)
    for half in (angle / 2, -angle / 2):
        rotate(half, target)
        circuit.mcx(controls, target)
    circuit.x(open_controls)


def _is_real(*values: complex) -> bool:
    return not any(value.imag for value in values)


def _bits(number: int) -> list[int]:
    """Places of the ones, from the lowest."""
    return [place for place in range(number.bit_length()) if number >> place & 1]
