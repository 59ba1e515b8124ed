"""The numbers that two papers on practical quantum advantage put into their break-even arithmetic.

Each has the place where it was read. Their equations were pictures in the copies that were read;
those of `qml_algos.speedup.scaling.breakeven` follow the text around them, and give every number of
the papers' tables but two: see `BABBUSH_MISPRINT` and `HOEFLER_PRINTED_BINARY_RATE`. One sentence
of Hoefler et al. does not follow: a single operation under a quadratic speedup is said to cross
after several months, which is 58 days for floating point, but ten years for integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operation = Literal["fp16", "int32", "binary"]
"""What Hoefler et al. count: multiplications of two kinds of numbers, or logical operations."""

Case = Literal["lower bound", "annealing"]
"""Primitives of Babbush et al."""


@dataclass(frozen=True)
class Constant:
    """A number from a paper.

    Attributes
    ----------
    value
        The number.
    unit
        Its unit; empty for none.
    source
        Where it stands.
    verified
        Whether it was read there, and not taken from memory or from another text.
    """

    value: float
    unit: str
    source: str
    verified: bool


def _babbush(value: float, unit: str, place: str) -> Constant:
    return Constant(value, unit, f"arXiv:2011.04149 (2 April 2021), {place}", verified=True)


def _hoefler(value: float, unit: str, place: str) -> Constant:
    return Constant(value, unit, f"CACM 66(5), 82 (2023), {place}", verified=True)


BABBUSH: dict[str, Constant] = {
    "code_distance": _babbush(30, "", "text above equation 6"),
    "cycles_per_toffoli": _babbush(5.5, "code distances", "text above equation 6"),
    "cycle_seconds": _babbush(1e-6, "s", "text above equation 6"),
    "toffoli_seconds": _babbush(170e-6, "s", "text above equation 8"),
    "least_toffolis": _babbush(100, "", "text above equation 8"),
    "annealing_toffolis": _babbush(2.6e3, "", "text above equation 9"),
    "clock_seconds": _babbush(330e-12, "s", "Implementing classical primitives"),
    "lower_bound_quantum_seconds": _babbush(17e-3, "s", "caption of Table I"),
    "lower_bound_classical_seconds": _babbush(33e-9, "s", "caption of Table I"),
    "annealing_quantum_seconds": _babbush(440e-3, "s", "caption of Table I"),
    "annealing_classical_seconds": _babbush(7e-9, "s", "caption of Table I"),
}
"""Babbush et al. (2021): a surface code of superconducting qubits with one Toffoli factory."""

HOEFLER: dict[str, Constant] = {
    "logical_qubits": _hoefler(10_000, "", "caption of Table 1"),
    "gate_seconds": _hoefler(10e-6, "s", "caption of Table 1"),
    "factory_qubits": _hoefler(77, "", "Hypothetical future quantum computer"),
    "factories_per_unit": _hoefler(5.5, "", "Hypothetical future quantum computer"),
    "mantissa_bits": _hoefler(10, "bit", "Compute performance"),
    "transistors": _hoefler(54.2e9, "", "Methods"),
    "clock_seconds": _hoefler(0.7e-9, "s", "Methods"),
    "transistors_per_gate": _hoefler(10, "", "Classical special-purpose ASIC"),
    "chip_per_logic": _hoefler(2, "", "50 % for control, Classical special-purpose ASIC"),
    "fp16_gates": _hoefler(7e3, "", "Classical special-purpose ASIC"),
    "int32_gates": _hoefler(18e3, "", "Classical special-purpose ASIC"),
    "binary_gates": _hoefler(50, "", "Classical special-purpose ASIC"),
    "seconds": _hoefler(1e6, "s", "Table 2"),
    "classical_bandwidth": _hoefler(1e13, "bit/s", "Table 1"),
}
"""Hoefler, Haener and Troyer (2023): an optimistic quantum computer against one chip."""

BABBUSH_MISPRINT = (4, 1e6, 4.0e5)
"""Degree, parallelism and calls of the last line of Table I, annealing: the time printed beside it,
4.9 hours, is that of 4.0e4 calls, as the equations have it."""

HOEFLER_PRINTED_BINARY_RATE = 235e3
"""Binary operations per second in Table 1. Table 2 follows from 2.3e6, which is also what the
paper's own construction gives: 23 units of 3 + 5.5 * 77 qubits, one operation a cycle."""

BABBUSH_TABLE: tuple[tuple[int, float, float, float, float, float], ...] = (
    (2, 1e0, 5.2e5, 2.4 * 3600, 6.3e7, 320 * 86400),
    (2, 1e3, 5.2e8, 100 * 86400, 6.3e10, 880 * 31.557e6),
    (2, 1e6, 5.2e11, 280 * 31.557e6, 6.3e13, 880e3 * 31.557e6),
    (3, 1e0, 7.2e2, 12, 7.9e3, 58 * 60),
    (3, 1e3, 2.3e4, 6.4 * 60, 2.5e5, 1.3 * 86400),
    (3, 1e6, 7.2e5, 3.4 * 3600, 7.9e6, 40 * 86400),
    (4, 1e0, 8.0e1, 1.4, 4.0e2, 2.9 * 60),
    (4, 1e3, 8.0e2, 14, 4.0e3, 29 * 60),
    (4, 1e6, 8.0e3, 2.3 * 60, 4.0e5, 4.9 * 3600),
)
"""Table I as printed, in seconds: degree, parallelism, then calls and time of the lower bound, and
calls and time of simulated annealing."""

BABBUSH_FASTER_TABLE: tuple[tuple[float, float, float, float, float], ...] = (
    (1e1, 5.2e7, 1.0 * 86400, 6.3e9, 8.8 * 31.557e6),
    (1e2, 5.2e6, 15 * 60, 6.3e8, 32 * 86400),
    (1e3, 5.2e5, 8.8, 6.3e7, 7.7 * 3600),
)
"""Table II as printed, in seconds: how many times as fast Toffoli gates are, then as Table I, for a
quadratic speedup and a parallelism of 1000."""

HOEFLER_TABLE: dict[Operation, tuple[float, float, float]] = {
    "fp16": (0.2, 45_800, 2_800_000),
    "int32": (0.003, 1_630, 130_000),
    "binary": (68, 12_500_000, 712_000_000),
}
"""Table 2 as printed: operations per call that a quadratic, a cubic and a quartic speedup allow."""
