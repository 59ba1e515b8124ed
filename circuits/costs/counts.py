"""What is counted of a circuit, before any compiler has touched it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ControlFlowOp, Instruction, Qubit

from circuits.costs.quarter_turns import quarter_turns

Count = int | float
"""A number of gates: an integer where it is known exactly, a float where it is estimated."""

_FREE = frozenset({"barrier", "id", "global_phase", "h", "s", "sdg", "sx", "sxdg", "x", "y", "z"})
_T = frozenset({"t", "tdg"})
_ROTATIONS = frozenset({"p", "r", "rx", "ry", "rz", "u1"})
_TWO_QUBIT = frozenset({"cx", "cy", "cz", "dcx", "ecr", "iswap", "swap"})
_TOFFOLI = frozenset({"ccx", "ccz"})
_CLIFFORDS_OF = {"swap": 3, "dcx": 2, "iswap": 2}
_EULER_ANGLES = {"u": 3, "u2": 2, "u3": 3}


@dataclass(frozen=True)
class GateCounts:
    """Gates of a circuit on hardware where every pair of qubits is connected.

    Circuits are taken apart into Clifford gates, T gates, Toffoli gates and one-qubit rotations
    by the definitions of their gates; nothing is cancelled or merged. One-qubit Clifford gates
    are free.

    Attributes
    ----------
    qubits
        Of the circuit, idle ones included.
    two_qubit_gates
        Clifford gates on two qubits, as CX gates: a swap is three.
    toffolis
        Toffoli (CCX, CCZ) gates.
    t_gates
        T gates and their inverses, those of relative-phase Toffoli gates included.
    rotations
        Rotations of one qubit about a fixed axis. A general one-qubit gate is three.
    measurements, resets
        Of single qubits.
    two_qubit_depth
        Layers of gates on two and three qubits.
    rotation_depth
        Layers of rotations.

    Notes
    -----
    Of a closed form the gates are exact and the depths upper bounds. Sums are of circuits one
    after another on the same qubits.
    """

    qubits: Count = 0
    two_qubit_gates: Count = 0
    toffolis: Count = 0
    t_gates: Count = 0
    rotations: Count = 0
    measurements: Count = 0
    resets: Count = 0
    two_qubit_depth: Count = 0
    rotation_depth: Count = 0

    def __add__(self, other: GateCounts) -> GateCounts:
        """Return the counts of both circuits one after the other, on the same qubits."""
        sums = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name != "qubits"
        }
        return GateCounts(qubits=max(self.qubits, other.qubits), **sums)

    def __mul__(self, repetitions: Count) -> GateCounts:
        """Return the counts of a circuit done again and again."""
        products = {
            field.name: getattr(self, field.name) * repetitions
            for field in fields(self)
            if field.name != "qubits"
        }
        return GateCounts(qubits=self.qubits, **products)

    __rmul__ = __mul__

    @property
    def cx_gates(self) -> Count:
        """Two-qubit gates where there are no Toffoli gates: six CX gates for each."""
        return self.two_qubit_gates + 6 * self.toffolis


def count_gates(circuit: QuantumCircuit, *, resolve_angles: bool = False) -> GateCounts:
    """Count the gates of a circuit as it was built.

    Parameters
    ----------
    circuit
        Any circuit. Of its control flow all branches are counted, and loops once for each round
        that is known beforehand.
    resolve_angles
        Whether rotations by multiples of pi / 4 count as Clifford or T gates, as a resource
        estimator has it, rather than as rotations.

    Returns
    -------
    GateCounts
        Integers. Cost: linear in the number of elementary gates.

    Raises
    ------
    ValueError
        If a gate has no definition, or a loop has no fixed number of rounds.
    """
    counter = _Counter(resolve_angles)
    counter.read(circuit.data, {qubit: qubit for qubit in circuit.qubits})
    return counter.counts(circuit.num_qubits)


class _Counter:
    """Counts of what was read so far, and the layer that each qubit has come to."""

    def __init__(self, resolve_angles: bool) -> None:
        self._resolve = resolve_angles
        self._totals = dict.fromkeys(
            ("two_qubit_gates", "toffolis", "t_gates", "rotations", "measurements", "resets"), 0
        )
        self._entangling_level: dict[Qubit, int] = {}
        self._rotation_level: dict[Qubit, int] = {}

    def counts(self, qubits: int) -> GateCounts:
        """Return what was counted."""
        return GateCounts(
            qubits=qubits,
            two_qubit_depth=max(self._entangling_level.values(), default=0),
            rotation_depth=max(self._rotation_level.values(), default=0),
            **self._totals,
        )

    def read(self, data: Iterable[CircuitInstruction], wires: dict[Qubit, Qubit]) -> None:
        """Count instructions whose qubits stand for those of the whole circuit."""
        for instruction in data:
            self._count(instruction.operation, [wires[qubit] for qubit in instruction.qubits])

    def _count(self, gate: Instruction, qubits: list[Qubit]) -> None:
        name = gate.name
        if name in _FREE:
            return
        if name in _T:
            self._totals["t_gates"] += 1
        elif name in _ROTATIONS:
            self._rotate(gate.params[-1] if name == "r" else gate.params[0], qubits)
        elif name in _TWO_QUBIT:
            self._entangle("two_qubit_gates", _CLIFFORDS_OF.get(name, 1), qubits)
        elif name in _TOFFOLI:
            self._entangle("toffolis", 1, qubits)
        elif name in ("measure", "reset"):
            self._totals[f"{name}s" if name == "reset" else "measurements"] += 1
        elif name in _EULER_ANGLES or (name == "unitary" and len(qubits) == 1):
            self._turn(gate, qubits)
        else:
            self._take_apart(gate, qubits)

    def _turn(self, gate: Instruction, qubits: list[Qubit]) -> None:
        """Count a general one-qubit gate by its Euler angles."""
        number = _EULER_ANGLES.get(gate.name, 3)
        angles = gate.params if gate.name != "unitary" and self._resolve else [math.nan] * number
        for angle in angles[:number]:
            self._rotate(angle, qubits)

    def _rotate(self, angle: object, qubits: list[Qubit]) -> None:
        turns = quarter_turns(angle) if self._resolve else None
        if turns is None:
            self._totals["rotations"] += 1
            self._layer(self._rotation_level, qubits, 1)
        elif turns % 2:
            self._totals["t_gates"] += 1

    def _entangle(self, kind: str, number: int, qubits: list[Qubit]) -> None:
        self._totals[kind] += number
        self._layer(self._entangling_level, qubits, number)
        # A rotation behind an entangling gate waits for those of both its qubits.
        self._layer(self._rotation_level, qubits, 0)

    @staticmethod
    def _layer(level: dict[Qubit, int], qubits: list[Qubit], number: int) -> None:
        reached = max(level.get(qubit, 0) for qubit in qubits) + number
        level.update(dict.fromkeys(qubits, reached))

    def _take_apart(self, gate: Instruction, qubits: list[Qubit]) -> None:
        rounds, blocks = 1, (gate.definition,)
        if isinstance(gate, ControlFlowOp):
            rounds, blocks = _rounds(gate), gate.blocks
        for block in blocks * rounds:
            if block is None:
                raise ValueError(f"circuit: the gate {gate.name!r} has no definition to count")
            self.read(block.data, dict(zip(block.qubits, qubits, strict=True)))


def _rounds(operation: ControlFlowOp) -> int:
    """Return how often the blocks of a control-flow operation are done."""
    if operation.name == "while_loop":
        raise ValueError("circuit: a while loop has no fixed number of rounds to count")
    return len(operation.params[0]) if operation.name == "for_loop" else 1
