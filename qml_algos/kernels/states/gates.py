"""A circuit reduced to four kinds of gates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Instruction, Parameter, ParameterExpression
from qiskit.circuit import library as gates
from qiskit.circuit.exceptions import CircuitError

from qml_algos.errors import UnsupportedCircuitError
from qml_algos.kernels.states.linear_forms import LinearForm, linear_form

_NOTHING = {"barrier", "delay", "id", "global_phase"}
_DENSE_QUBITS = 10
"""Gates that only have a matrix are taken up to here: 16 MiB each."""


PAULIS = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


@dataclass(frozen=True)
class Rotation:
    """``exp(-i angle P / 2)`` on one qubit, with P the Pauli X (axis 0), Y (1) or Z (2)."""

    qubit: int
    axis: int
    angle: LinearForm


@dataclass(frozen=True)
class Phases:
    """``exp(i sum angle chi_mask)``, with ``chi_mask(z) = (-1)^|mask & z|``: a diagonal gate."""

    terms: tuple[tuple[int, LinearForm], ...]


@dataclass(frozen=True)
class Flip:
    """X on a qubit, where the control is 1 if there is one."""

    target: int
    control: int | None = None


@dataclass(frozen=True, eq=False)
class Constant:
    """A unitary without parameters; the first qubit is the least significant."""

    qubits: tuple[int, ...]
    matrix: NDArray[np.complex128]


Elementary = Rotation | Phases | Flip | Constant

_AXES: dict[type, Sequence[int]] = {
    # Axes of rotation, first to last, each by the argument in the same place of _ARGUMENTS.
    gates.RXGate: (0,),
    gates.RYGate: (1,),
    gates.RZGate: (2,),
    gates.PhaseGate: (2,),
    gates.U1Gate: (2,),
    gates.UGate: (2, 1, 2),
    gates.U3Gate: (2, 1, 2),
}
_ARGUMENTS: dict[int, Sequence[int]] = {1: (0,), 3: (2, 0, 1)}
_PHASED = (gates.CZGate, gates.CCZGate, gates.CPhaseGate, gates.CU1Gate, gates.MCPhaseGate)
_FLIPS: dict[type, Callable[[Sequence[int]], list[Flip]]] = {
    gates.XGate: lambda q: [Flip(q[0])],
    gates.CXGate: lambda q: [Flip(q[1], q[0])],
    gates.SwapGate: lambda q: [Flip(q[1], q[0]), Flip(q[0], q[1]), Flip(q[1], q[0])],
}


def elementary_gates(circuit: QuantumCircuit) -> Iterator[Elementary]:
    """Decompose a circuit by the definitions of its gates, up to a global phase.

    Raises
    ------
    UnsupportedCircuitError
        If an instruction is no unitary gate, has neither definition nor matrix, or turns by an
        expression that is not linear in the parameters; the instruction is named.
    """
    places = {parameter: place for place, parameter in enumerate(circuit.parameters)}
    for item in circuit.data:
        qubits = [circuit.find_bit(qubit).index for qubit in item.qubits]
        yield from _reduced(item.operation, qubits, places)


def _reduced(
    gate: Instruction, qubits: Sequence[int], places: Mapping[Parameter, int]
) -> Iterator[Elementary]:
    kind = getattr(gate, "base_class", type(gate))
    if gate.name in _NOTHING:
        return
    if kind in _FLIPS and _closed(gate):
        yield from _FLIPS[kind](qubits)
    elif kind in _PHASED and _closed(gate):
        angle = linear_form(gate.params[0] if gate.params else np.pi, places, gate.name)
        yield Phases(tuple(_all_ones(qubits, angle)))
    elif len(qubits) == 1 and (matrix := _matrix(gate)) is not None:
        yield Constant(tuple(qubits), matrix)
    elif kind in _AXES:
        arguments = [linear_form(value, places, gate.name) for value in gate.params]
        for axis, argument in zip(_AXES[kind], _ARGUMENTS[len(arguments)], strict=True):
            yield _rotation(qubits[0], axis, arguments[argument])
    else:
        yield from _by_definition(gate, qubits, places)


def _rotation(qubit: int, axis: int, angle: LinearForm) -> Rotation | Constant:
    if angle.slopes:
        return Rotation(qubit, axis, angle)
    half = angle.constant / 2
    return Constant((qubit,), np.cos(half) * np.eye(2) - 1j * np.sin(half) * PAULIS[axis])


def _by_definition(
    gate: Instruction, qubits: Sequence[int], places: Mapping[Parameter, int]
) -> Iterator[Elementary]:
    # A unitary's definition is a synthesis of its matrix, which serves as it is.
    matrix_only = isinstance(gate, gates.UnitaryGate) and len(qubits) <= _DENSE_QUBITS
    definition = None if matrix_only else getattr(gate, "definition", None)
    if definition is not None and not definition.num_clbits:
        for item in definition.data:
            inner = [qubits[definition.find_bit(qubit).index] for qubit in item.qubits]
            yield from _reduced(item.operation, inner, places)
    elif len(qubits) <= _DENSE_QUBITS and (matrix := _matrix(gate)) is not None:
        yield Constant(tuple(qubits), matrix)
    else:
        raise UnsupportedCircuitError(
            f"instruction {gate.name!r} on qubits {tuple(qubits)} cannot be simulated as part of a "
            "feature map: unitary gates are needed, with a definition or a matrix"
        )


def _matrix(gate: Any) -> NDArray[np.complex128] | None:
    """Matrix of a gate without parameters, if it has one."""
    parameterised = any(isinstance(p, ParameterExpression) and p.parameters for p in gate.params)
    if parameterised or not hasattr(gate, "to_matrix"):
        return None
    try:
        return np.asarray(gate.to_matrix(), dtype=np.complex128)
    except CircuitError:
        return None


def _closed(gate: Any) -> bool:
    """Whether all controls, if there are any, are on 1."""
    controls = getattr(gate, "num_ctrl_qubits", 0)
    return bool(getattr(gate, "ctrl_state", 0) == 2**controls - 1) if controls else True


def _all_ones(qubits: Sequence[int], angle: LinearForm) -> Iterator[tuple[int, LinearForm]]:
    """Terms of a phase on the states where all these qubits are 1.

    The product of the bits is ``2^-k sum over subsets of (-1)^|subset| chi_subset``.
    """
    for size in range(1, len(qubits) + 1):
        for subset in combinations(qubits, size):
            yield sum(1 << q for q in subset), angle * ((-1) ** size / 2 ** len(qubits))
