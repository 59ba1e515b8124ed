"""What polynomial speedups are good for, with the numbers of two papers put in.

The arithmetic stands in `qml_algos.speedup.scaling.breakeven`, the numbers in
`qml_algos.speedup.scaling.published`.
"""

from __future__ import annotations

from dataclasses import dataclass

from qml_algos.speedup.scaling.breakeven import (
    Breakeven,
    affordable_operations,
    breakeven_point,
    input_bandwidth,
)
from qml_algos.speedup.scaling.published import BABBUSH, HOEFLER, HOEFLER_TABLE, Case, Operation
from qml_algos.validation import require_positive

NON_TRIVIAL_OPERATIONS = 1000.0
"""Operations below which a function is held to be trivial. Our reading: the paper calls 68 too few
for any non-trivial application, and says that thousands or millions may be feasible."""


def babbush_breakeven(
    degree: float, parallelism: float, case: Case, *, faster: float = 1.0
) -> Breakeven:
    """Return where a speedup breaks even with the numbers of Babbush et al.

    Parameters
    ----------
    degree, parallelism
        d and S.
    case
        The least that a primitive could take, or one step of simulated annealing.
    faster
        R, how many times as fast Toffoli gates are.

    Raises
    ------
    InvalidProblemError
        As `breakeven_point`, or if ``faster`` is not positive and finite.
    """
    require_positive("faster", faster)
    prefix = case.replace(" ", "_")
    quantum = BABBUSH[f"{prefix}_quantum_seconds"].value
    classical = BABBUSH[f"{prefix}_classical_seconds"].value
    return breakeven_point(quantum / faster, classical, degree, parallelism)


def quantum_rate(operation: Operation) -> float:
    """Return operations per second of the quantum computer, as Hoefler et al. construct it.

    Multiplication of N bits takes 2 N^2 cycles and 5 N qubits, a binary operation one cycle and
    three qubits; each unit has its own CCZ factories, and only whole units count.
    """
    bits = {"fp16": HOEFLER["mantissa_bits"].value, "int32": 32.0, "binary": 0.0}[operation]
    cycles, qubits = (2 * bits**2, 5 * bits) if bits else (1.0, 3.0)
    unit = qubits + HOEFLER["factories_per_unit"].value * HOEFLER["factory_qubits"].value
    units = HOEFLER["logical_qubits"].value // unit
    return float(units / (cycles * HOEFLER["gate_seconds"].value))


def classical_rate(operation: Operation) -> float:
    """Return operations per second of a chip the size of an A100, made for nothing else."""
    gates = {
        "fp16": HOEFLER["fp16_gates"],
        "int32": HOEFLER["int32_gates"],
        "binary": HOEFLER["binary_gates"],
    }[operation].value
    transistors = gates * HOEFLER["transistors_per_gate"].value * HOEFLER["chip_per_logic"].value
    return HOEFLER["transistors"].value / transistors / HOEFLER["clock_seconds"].value


@dataclass(frozen=True)
class SpeedupVerdict:
    """What a speedup of some degree is good for, by the arithmetic of Hoefler et al.

    Attributes
    ----------
    degree
        Of the speedup.
    operations
        That a call may take for a crossover in time, by kind.
    single_operation
        Break-even of a call of one operation, by kind.
    practical
        Whether `NON_TRIVIAL_OPERATIONS` of each kind can be afforded.
    """

    degree: float
    operations: dict[Operation, float]
    single_operation: dict[Operation, Breakeven]
    practical: bool


def speedup_verdict(degree: float) -> SpeedupVerdict:
    """Judge a polynomial speedup with the numbers of Hoefler et al.

    Raises
    ------
    InvalidProblemError
        If the degree is not a finite number above 1.
    """
    rates = {kind: (quantum_rate(kind), classical_rate(kind)) for kind in HOEFLER_TABLE}
    operations = {
        kind: affordable_operations(ours, theirs, degree, HOEFLER["seconds"].value)
        for kind, (ours, theirs) in rates.items()
    }
    single = {
        kind: breakeven_point(1 / ours, 1 / theirs, degree)
        for kind, (ours, theirs) in rates.items()
    }
    practical = min(operations.values()) >= NON_TRIVIAL_OPERATIONS
    return SpeedupVerdict(degree, operations, single, practical)


def bandwidth_ratio() -> float:
    """Return how many times as fast data reach the classical chip: 10,000."""
    quantum = input_bandwidth(HOEFLER["logical_qubits"].value, HOEFLER["gate_seconds"].value)
    return HOEFLER["classical_bandwidth"].value / quantum
