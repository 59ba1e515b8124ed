r"""The circuit whose probability of all zeros is :math:`|\langle\psi(y)|\psi(x)\rangle|^2`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import (
    CircuitInstruction,
    Gate,
    Parameter,
    ParameterExpression,
    ParameterVector,
)

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.sampled.parameters import numbered
from qml_algos.kernels.sampled.rotations import with_rotations_only

REGISTER = "overlap"

# Gates exp(i angle G) with a fixed G, so that those with opposite angles add up.
_DIAGONAL_ROTATIONS = {"rz", "rzz", "crz", "mcphase"}
_ROTATIONS = {"rx", "ry", "rxx", "ryy", "rzx", "crx", "cry"}
_DIAGONAL_GATES = {"id", "z", "s", "sdg", "t", "tdg", "cz", "cs", "csdg", "ccz"}
_PERMUTATIONS = {"x", "cx", "swap"}


class _Kind(Enum):
    DIAGONAL = auto()
    DIAGONAL_ROTATION = auto()
    ROTATION = auto()
    PERMUTATION = auto()
    OTHER = auto()


@dataclass(frozen=True, eq=False)
class Overlap:
    """A measured circuit, and how its parameters follow from those of two states.

    Attributes
    ----------
    circuit
        Measures all qubits into one register.
    places
        Which parameter of the states each of its parameters belongs to; shape ``(Q,)``.
    of_x, of_y
        Each parameter is ``of_x * x + of_y * y``; shape ``(Q,)``.
    """

    circuit: QuantumCircuit
    places: NDArray[np.int64]
    of_x: NDArray[np.float64]
    of_y: NDArray[np.float64]

    def values(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of the circuit's parameters, ``(pairs, Q)``, for pairs of states."""
        found: NDArray[np.float64] = self.of_x * x[:, self.places] + self.of_y * y[:, self.places]
        return found


def overlap_circuit(circuit: QuantumCircuit) -> Overlap:
    r"""Prepare :math:`|\psi(x)\rangle`, undo the preparation of :math:`|\psi(y)\rangle`, measure.

    What stands last in the preparation meets its inverse in the middle. Fixed gates vanish there;
    rotations about the same axis become one by the difference of the angles; and so does all that
    is diagonal up to a permutation of the basis (phases, ZZ rotations written with cx, ...), which
    commutes. A ZZ map of two repetitions takes three quarters of the two-qubit gates so, of one
    repetition half.

    Parameters
    ----------
    circuit
        Of gates, with P plain parameters; barriers are left out.

    Returns
    -------
    Overlap
        Its circuit has at most ``3 P`` parameters.

    Raises
    ------
    InvalidProblemError
        If it has no parameters, or holds an instruction that is no gate, so has no inverse.
    """
    if not circuit.num_parameters:
        raise InvalidProblemError("circuit has no parameters: all states would be the same")
    _require_gates(circuit)
    circuit = with_rotations_only(circuit)
    parts = _split(circuit)
    names = [ParameterVector(name, circuit.num_parameters) for name in ("x", "y", "x-y")]
    x, y, difference = (dict(zip(circuit.parameters, vector, strict=True)) for vector in names)
    overlap = QuantumCircuit(circuit.num_qubits, name="overlap")
    overlap.compose(_part(circuit, parts.first, x), inplace=True)
    overlap.compose(_part(circuit, parts.middle, difference), inplace=True)
    overlap.compose(_undone_permutation(circuit, parts), inplace=True)
    negative = {parameter: -y[parameter] for parameter in y}
    overlap.compose(_part(circuit, parts.first, negative).inverse(), inplace=True)
    register = ClassicalRegister(circuit.num_qubits, REGISTER)
    overlap.add_register(register)
    overlap.measure(overlap.qubits, register)
    # The circuit turns by y where the inverse of the preparation turns by -y.
    signs = {"x": (1.0, 0.0), "y": (0.0, -1.0), "x-y": (1.0, -1.0)}
    origin = {
        parameter: (place, *signs[vector.name])
        for vector in names
        for place, parameter in enumerate(vector)
    }
    places, of_x, of_y = zip(*(origin[parameter] for parameter in overlap.parameters), strict=True)
    return Overlap(numbered(overlap), np.array(places), np.array(of_x), np.array(of_y))


def _require_gates(circuit: QuantumCircuit) -> None:
    for instruction in circuit.data:
        if instruction.name != "barrier" and not isinstance(instruction.operation, Gate):
            raise InvalidProblemError(
                f"circuit {circuit.name!r} holds {instruction.name!r}, which has no inverse: a "
                "fidelity needs a preparation by gates"
            )


@dataclass(frozen=True)
class _Parts:
    """A preparation, in its order.

    Attributes
    ----------
    first
        What keeps its inverse.
    middle
        What is done once, by the difference of parameters; and
    last
        what stands after it and meets its inverse.
    """

    first: list[CircuitInstruction]
    middle: list[CircuitInstruction]
    last: list[CircuitInstruction]


def _split(circuit: QuantumCircuit) -> _Parts:
    """Divide a preparation, from its end backwards.

    ``diagonal`` are qubits on which only the diagonal part acts so far, ``closed`` those on which
    nothing earlier can reach the middle. Fixed diagonal gates commute with the diagonal part, and
    meet their inverses wherever they stand in it.
    """
    parts = _Parts([], [], [])
    diagonal: set[int] = set()
    closed: set[int] = set()
    for instruction in reversed([item for item in circuit.data if item.name != "barrier"]):
        kind = _kind(instruction)
        qubits = {circuit.find_bit(qubit).index for qubit in instruction.qubits}
        alone = qubits.isdisjoint(diagonal)
        if not qubits.isdisjoint(closed):
            kind, alone = _Kind.OTHER, False
        if kind is _Kind.DIAGONAL:
            continue
        if alone and not _free(instruction):
            parts.last.append(instruction)
        elif kind in (_Kind.PERMUTATION, _Kind.DIAGONAL_ROTATION):
            parts.middle.append(instruction)
            diagonal |= qubits
        elif alone and kind is _Kind.ROTATION:
            parts.middle.append(instruction)
            closed |= qubits
        else:
            parts.first.append(instruction)
            closed |= qubits
    for part in (parts.first, parts.middle, parts.last):
        part.reverse()
    return parts


def _free(instruction: CircuitInstruction) -> bool:
    return any(isinstance(value, ParameterExpression) for value in instruction.params)


def _kind(instruction: CircuitInstruction) -> _Kind:
    name = instruction.name
    if name in _DIAGONAL_ROTATIONS:
        return _Kind.DIAGONAL_ROTATION if _free(instruction) else _Kind.DIAGONAL
    if name in _DIAGONAL_GATES:
        return _Kind.DIAGONAL
    if name in _PERMUTATIONS:
        return _Kind.PERMUTATION
    return _Kind.ROTATION if name in _ROTATIONS and _free(instruction) else _Kind.OTHER


def _part(
    circuit: QuantumCircuit,
    instructions: Iterable[CircuitInstruction],
    parameters: Mapping[Parameter, object],
) -> QuantumCircuit:
    """Take some instructions of a circuit, with other parameters."""
    part = QuantumCircuit(circuit.num_qubits)
    for instruction in instructions:
        part.append(instruction.operation, [circuit.find_bit(q).index for q in instruction.qubits])
    return part.assign_parameters({p: parameters[p] for p in part.parameters})


def _undone_permutation(circuit: QuantumCircuit, parts: _Parts) -> QuantumCircuit:
    """Take back the permutation that the middle leaves.

    Mostly what stands after the middle does, as the second cx of a ZZ rotation; or there is none,
    or nobody sees it: the sum over all basis states, which Hadamard gates alone prepare, is the
    same in any order.
    """
    if _prepares_uniform(circuit, parts.first):
        return QuantumCircuit(circuit.num_qubits)
    middle, last = (
        [item for item in part if _kind(item) is _Kind.PERMUTATION]
        for part in (parts.middle, parts.last)
    )
    for candidate in ([], last):
        if _is_identity(circuit, [*middle, *candidate]):
            return _part(circuit, candidate, {})
    return _part(circuit, reversed(middle), {})


def _prepares_uniform(circuit: QuantumCircuit, instructions: list[CircuitInstruction]) -> bool:
    qubits = [circuit.find_bit(item.qubits[0]).index for item in instructions]
    only_hadamard = all(item.name == "h" for item in instructions)
    return only_hadamard and sorted(qubits) == list(range(circuit.num_qubits))


def _is_identity(circuit: QuantumCircuit, permutations: Iterable[CircuitInstruction]) -> bool:
    n = circuit.num_qubits
    unchanged = [1 << qubit for qubit in range(n)]
    # Bits of the permuted basis state: sums of bits of the original one, and of 1 as bit n.
    bits = [*unchanged]
    for instruction in permutations:
        places = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        if instruction.name == "x":
            bits[places[0]] ^= 1 << n
        elif instruction.name == "cx":
            bits[places[1]] ^= bits[places[0]]
        else:
            bits[places[0]], bits[places[1]] = bits[places[1]], bits[places[0]]
    return bits == unchanged
