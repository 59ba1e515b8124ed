"""Clifford circuits: which gates are, and what measuring them gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ControlFlowOp, Gate, ParameterExpression
from qiskit.circuit.library import IGate, SdgGate, SGate, ZGate
from qiskit.quantum_info import Clifford

from qml_algos.errors import UnsupportedCircuitError

# Gates without an angle, all of which Aer's stabilizer method and Qiskit's tableaus know.
FIXED = frozenset(
    ["id", "x", "y", "z", "h", "s", "sdg", "sx", "sxdg", "cx", "cy", "cz", "swap", "ecr", "pauli"]
)
_QUARTER_TURNS: tuple[type[Gate], ...] = (IGate, SGate, ZGate, SdgGate)
# Compilers add up angles; this is far above their rounding and far below any angle meant.
_ANGLE_TOLERANCE = 1e-9
_MAX_RANDOM_BITS = 2**26


def require_clifford(circuit: QuantumCircuit, backend: str) -> None:
    """Refuse a circuit with a gate that is not Clifford; parameters without a value pass.

    Raises
    ------
    UnsupportedCircuitError
        Naming the first such gate, its angles and its qubits.
    """
    for instruction, qubits in _gates(circuit, range(circuit.num_qubits)):
        operation = instruction.operation
        if operation.name in FIXED or (operation.name == "rz" and _is_clifford(operation)):
            continue
        raise UnsupportedCircuitError(
            f"circuit {circuit.name!r}: {_shown(operation)} on qubits {qubits} is no "
            f"Clifford gate (rz is one at multiples of pi/2), and backend {backend!r} simulates "
            "no others; use another backend, 'aer_shots' say"
        )


def without_angles(circuit: QuantumCircuit) -> QuantumCircuit:
    """Write rz of a Clifford circuit as id, s, z and sdg, up to the global phase.

    Aer refuses angles that are off by a rounding error.
    """
    plain = circuit.copy_empty_like()
    for instruction in circuit.data:
        operation = instruction.operation
        if operation.name == "rz":
            turns = round(_number(operation.params[0]) / (np.pi / 2)) % 4
            operation = _QUARTER_TURNS[turns]()
        elif isinstance(operation, ControlFlowOp):
            operation = operation.replace_blocks(map(without_angles, operation.blocks))
        plain.append(operation, instruction.qubits, instruction.clbits, copy=False)
    return plain


def sample_clifford(
    circuit: QuantumCircuit,
    qubits: Sequence[int],
    outcome: NDArray[np.bool_],
    shots: int,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Sample more outcomes of measuring a stabilizer state, given one that is possible.

    Parameters
    ----------
    circuit
        Clifford gates without measurements.
    qubits
        Those measured.
    outcome
        Shape ``(len(qubits),)``: bits that one measurement gave.
    shots
        Number of outcomes.
    rng
        Their random numbers.

    Returns
    -------
    NDArray
        Shape ``(shots, len(qubits))``.

    Notes
    -----
    All possible outcomes are equally likely, and differ by sums of the stabilizers' X parts
    (Dehaene and De Moor, quant-ph/0304125): a stabilizer maps a basis state of the superposition
    to another one. One product of a random matrix thus replaces the ``O(n**3)`` that Aer spends on
    every shot: 9 ms at 500 qubits. Memory: ``2 n**2`` bytes for n qubits.
    """
    flips = Clifford(circuit).stab_x[:, qubits]
    # Exact in single precision up to 2**24 rows.
    flips = flips[flips.any(axis=1)].astype(np.float32)
    bits = np.empty((shots, len(qubits)), dtype=bool)
    step = max(1, _MAX_RANDOM_BITS // max(1, *flips.shape))
    for start in range(0, shots, step):
        size = min(step, shots - start)
        chosen = rng.integers(0, 2, (size, len(flips)), dtype=np.uint8).astype(np.float32)
        bits[start : start + size] = ((chosen @ flips) % 2).astype(bool) ^ outcome
    return bits


def _gates(
    circuit: QuantumCircuit, places: Sequence[int]
) -> Iterator[tuple[CircuitInstruction, tuple[int, ...]]]:
    """All gates, those within control flow included, on qubits known as ``places``."""
    for instruction in circuit.data:
        operation = instruction.operation
        qubits = tuple(places[circuit.find_bit(qubit).index] for qubit in instruction.qubits)
        if isinstance(operation, ControlFlowOp):
            for block in operation.blocks:
                yield from _gates(block, qubits)
        elif isinstance(operation, Gate):
            yield instruction, qubits


def _is_clifford(rz: Gate) -> bool:
    [angle] = rz.params
    if isinstance(angle, ParameterExpression) and angle.parameters:
        return True
    turns = _number(angle) / (np.pi / 2)
    return abs(turns - round(turns)) < _ANGLE_TOLERANCE


def _shown(gate: Gate) -> str:
    """Write a gate's name with its angles."""
    angles = ", ".join(f"{_number(angle):.6g}" for angle in gate.params)
    return f"{gate.name}({angles})" if angles else str(gate.name)


def _number(angle: float | ParameterExpression) -> float:
    """Give the value of an angle, NaN if it has parameters."""
    if isinstance(angle, ParameterExpression) and angle.parameters:
        return float("nan")
    return float(angle)
