r"""Phases on qubits and on parities of pairs of them, with few CX gates.

The textbook spends two CX on each pair. Here qubits walk through the parities: whatever a CX
makes is a parity that is wanted, or nearly so. Before the first of these layers the qubits are in
:math:`|+\dots+\rangle`, which no CX changes: the walk may begin at any independent parities
there, for nothing. It ends with each bit alone on its qubit, so that circuits are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

from qiskit import QuantumCircuit

Entanglement = Literal["full", "linear", "circular"]
Connectivity = Literal["all", "line"]

ENTANGLEMENTS: tuple[Entanglement, ...] = ("full", "linear", "circular")
CONNECTIVITIES: tuple[Connectivity, ...] = ("all", "line")

_Moves = list[tuple[int, int]]
"""Controls and targets of CX gates."""


def entangled_pairs(n: int, entanglement: Entanglement) -> list[tuple[int, int]]:
    """List pairs of n qubits: all, neighbours on a line, or neighbours on a ring."""
    if entanglement == "full":
        return list(combinations(range(n), 2))
    pairs = [(i, i + 1) for i in range(n - 1)]
    if entanglement == "circular" and n > 2:
        pairs.append((0, n - 1))
    return pairs


def layer_gates(n: int, entanglement: Entanglement, connectivity: Connectivity) -> tuple[int, int]:
    """Count the CX of the first layer of phases, and of each layer after it.

    All pairs of ``m = n - 1`` qubits and one more: ``n m / 2`` where all qubits interact; on a line
    ``(n - 2)**2 + (n - 2) // 2 + m``. Neighbours: ``m``; on a ring of n > 2 two more. Later
    layers take ``m`` more.
    """
    if entanglement != "full":
        first = n - 1 + 2 * (entanglement == "circular" and n > 2)
    elif connectivity == "all" or n < 2:
        first = n * (n - 1) // 2
    else:
        first = (n - 2) ** 2 + (n - 2) // 2 + n - 1
    return first, first + n - 1


def repeated_pair_phases(
    single: Sequence[Any],
    pair: Sequence[Any],
    repetitions: int,
    entanglement: Entanglement,
    connectivity: Connectivity,
) -> QuantumCircuit:
    r"""Repeat H on all qubits, then ``P(single[i])`` on qubits and phases on parities of pairs.

    Parameters
    ----------
    single
        Angle for each of n qubits: numbers or parameters.
    pair
        Angle for each of `entangled_pairs`: the phase where the two bits differ.
    repetitions
        Number of times.
    entanglement, connectivity
        Which pairs there are, and which qubits CX gates may join; a ring does not fit a line.

    Returns
    -------
    QuantumCircuit
        Exact, from ``|0...0>``. The CX are counted by `layer_gates`. All that follow the last phase
        do not depend on the angles: from the second repetition on they are n - 1, and cancel in
        the overlap of two such circuits.

    Notes
    -----
    Of the ``n + n (n - 1) / 2`` parities of a layer of all pairs n are there at best from the start
    and a CX makes one more: where all qubits interact, the first layer is the cheapest possible.
    So are later layers of 3 and of 4 qubits, by exhaustive search. On a line a shorter walk is
    known for 4 qubits (6 CX instead of 8), but none for any number of them.
    """
    n = len(single)
    pairs = entangled_pairs(n, entanglement)
    wanted = {1 << i: angle for i, angle in enumerate(single)}
    wanted |= {1 << i | 1 << j: angle for (i, j), angle in zip(pairs, pair, strict=True)}
    prepare, walk, order = _plan(n, entanglement, connectivity)
    circuit = QuantumCircuit(n, name="pair_phases")
    places = _start(order, repetitions)
    for layer in range(repetitions):
        circuit.h(range(n))
        bits = [1 << place for place in places]
        if layer == 0:
            labels = _moved(bits, prepare)
            _walk(circuit, labels, walk, dict(wanted))
        else:
            _walk(circuit, bits, prepare + walk, dict(wanted))
        places = [places[place] for place in order]
    return circuit


def _walk(
    circuit: QuantumCircuit, labels: list[int], moves: _Moves, wanted: dict[int, Any]
) -> None:
    """Append CX, and each wanted phase as soon as a qubit holds its parity."""
    for qubit, label in enumerate(labels):
        if label in wanted:
            circuit.p(wanted.pop(label), qubit)
    for control, target in moves:
        circuit.cx(control, target)
        labels[target] ^= labels[control]
        if labels[target] in wanted:
            circuit.p(wanted.pop(labels[target]), target)


def _moved(labels: list[int], moves: _Moves) -> list[int]:
    moved = list(labels)
    for control, target in moves:
        moved[target] ^= moved[control]
    return moved


def _start(order: list[int], repetitions: int) -> list[int]:
    """Return the bit that each qubit has to begin with, so that they end in order."""
    places = list(range(len(order)))
    for _ in range(repetitions):
        before = [0] * len(order)
        for place, source in enumerate(order):
            before[source] = places[place]
        places = before
    return places


def _plan(
    n: int, entanglement: Entanglement, connectivity: Connectivity
) -> tuple[_Moves, _Moves, list[int]]:
    """Return what a first layer leaves out, the rest, and which bit comes to each qubit."""
    still = list(range(n))
    rolled = [(i - 1, i) for i in range(n - 1, 0, -1)]
    unrolled = rolled[::-1]
    if entanglement == "linear" or n < 3:
        return rolled, unrolled, still
    if entanglement == "circular":
        return rolled, [*unrolled, (0, n - 1), (0, n - 1)], still
    if connectivity == "line":
        swaps, order = _passing(n)
        return rolled, swaps + unrolled, order
    return [(0, t) for t in range(1, n)], _meeting(n) + unrolled, still


def _meeting(n: int) -> _Moves:
    """From the parities of bit 0 with the others to all pairs, one by one.

    Qubit t holds the parity of bits t and c, then meets that of c and c + 1, up to c = t - 1, where
    it stays for those above to meet.
    """
    return [(c, t) for t in range(2, n) for c in range(1, t)]


def _passing(n: int) -> tuple[_Moves, list[int]]:
    """Let bits pass each other on a line, qubits holding parities of neighbours.

    Two neighbours change places where the qubit of their parity is added to those beside it, which
    makes parities of second neighbours. After n - 2 rounds of an odd-even transposition sort all
    have been neighbours.
    """
    moves: _Moves = []
    order = list(range(n))
    for round_ in range(n - 2):
        joints = range(1 + (round_ + 1) % 2, n, 2)
        for side in (-1, 1):
            moves += [(i, i + side) for i in joints if i + side < n]
        for i in joints:
            order[i - 1], order[i] = order[i], order[i - 1]
    return moves, order
