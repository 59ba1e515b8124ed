"""What the results of every task are made of: what it cost, and numbers with their errors."""

from __future__ import annotations

from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.circuit import CircuitInstruction, ControlFlowOp


@dataclass(frozen=True)
class Resources:
    """Costs of a result; ``None`` where a figure does not apply.

    Attributes
    ----------
    qubits, two_qubit_gates, two_qubit_depth, depth
        Of the compiled circuit that is read, in the backend's gates: for the
        simulators {cx, rz, sx, x} with all-to-all connectivity. State preparation included.
    shots
        Repetitions run in all; ``None`` for an exact simulation.
    classical_seconds
        Solving time of a classical solver; for a quantum one, classical work on the data before
        circuits are built.
    build_seconds, compile_seconds, run_seconds
        Building circuits, compiling them, running them and fetching results.
    postprocessing_seconds
        Classical work on what was measured; ``None`` where it was not timed.
    classically_diagonalised
        Whether building the circuit took the eigenvectors of the matrix: such a circuit cannot
        show a speedup.
    """

    classical_seconds: float
    qubits: int | None = None
    two_qubit_gates: int | None = None
    two_qubit_depth: int | None = None
    depth: int | None = None
    shots: int | None = None
    build_seconds: float | None = None
    compile_seconds: float | None = None
    run_seconds: float | None = None
    postprocessing_seconds: float | None = None
    classically_diagonalised: bool | None = None


@dataclass(frozen=True)
class Estimate:
    """A measured number with its standard error (0 if exact)."""

    value: float
    standard_error: float


def circuit_costs(circuit: QuantumCircuit) -> dict[str, int]:
    """Count what a compiled circuit costs, by the names of `Resources`.

    Conditions of classical control are no gates, however many qubits they turn.

    Returns
    -------
    dict
        ``qubits`` (those that something acts on), ``two_qubit_gates``, ``two_qubit_depth`` and
        ``depth``.
    """
    used = {qubit for instruction in circuit.data for qubit in instruction.qubits}
    return {
        "qubits": len(used),
        "two_qubit_gates": two_qubit_gates(circuit),
        "two_qubit_depth": circuit.depth(_entangling),
        "depth": circuit.depth(),
    }


def two_qubit_gates(circuit: QuantumCircuit) -> int:
    """Count gates on two qubits or more; those of all branches, where control flow has some."""
    total = 0
    for instruction in circuit.data:
        if isinstance(instruction.operation, ControlFlowOp):
            total += sum(two_qubit_gates(block) for block in instruction.operation.blocks)
        else:
            total += _entangling(instruction)
    return total


def _entangling(instruction: CircuitInstruction) -> bool:
    gate = not isinstance(instruction.operation, ControlFlowOp)
    return gate and instruction.operation.name != "barrier" and len(instruction.qubits) > 1
