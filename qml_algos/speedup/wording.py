"""How the figures of a comparison are put into words and digits.

The terminal table and the HTML page share this module, so that both say the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

from qml_algos.speedup.record import Record, Row

MISSING = "-"

NOT_IN_FIGURES = (
    "Not in these figures: the time a quantum device would take. Run seconds are those of the "
    "backend named, and the run seconds of a simulator say nothing about a device."
)

SIGNS_UNKNOWN = "The error compares |x| only: the signs of the entries were not measured."


def scientific(value: float | None, digits: int = 2) -> str:
    """Return ``1.04e-2`` for 0.0104; zeros at the end of the mantissa stay."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def number(value: float | None) -> str:
    """Return three significant digits, as a plain decimal where that is short."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 999.5:
        return f"{value:.3g}"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:,.0f}"
    return scientific(value, digits=1)


def count(value: int | None) -> str:
    """Return a whole number with separators between thousands."""
    return MISSING if value is None else f"{value:,}"


def seconds(value: float | None) -> str:
    """Return a time with three significant digits in s, ms or µs."""
    if value is None or not math.isfinite(value):
        return MISSING
    # Rounding comes before the choice of the unit: 0.9996 ms is "1.00 ms", not "1000 µs".
    value = float(f"{value:.3g}")
    if value >= 1000:
        return f"{value:,.0f} s"
    factor, unit = next(
        ((factor, unit) for factor, unit in ((1, "s"), (1e3, "ms")) if value * factor >= 1),
        (1e6, "µs"),
    )
    return f"{value * factor:#.3g}".rstrip(".") + f" {unit}"


def target(comparison: Record) -> str:
    """Return the target error, ``1e-2`` for 0.01."""
    if not comparison.rows:
        return MISSING
    mantissa, _, exponent = scientific(comparison.rows[0].target_error).partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{exponent}" if exponent else mantissa


def solver_label(row: Row) -> str:
    """Return the solver, with its backend in brackets if it has one."""
    return f"{row.solver} ({row.backend})" if row.backend else row.solver


def reached(row: Row) -> bool:
    """Return whether the error is known and not above the target."""
    return row.failure is None and row.error is not None and row.error <= row.target_error


def preparation_seconds(row: Row) -> float | None:
    """Return the classical computing time spent before a quantum circuit can run."""
    parts = (row.classical_seconds, row.build_seconds, row.compile_seconds)
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


class Column(NamedTuple):
    """One column of figures.

    Attributes
    ----------
    title
        Heading on the page.
    short
        Heading in the terminal; empty for columns shown on the page only.
    group
        ``"result"``, ``"circuit"`` or ``"time"``.
    text
        What stands in the column for a row.
    """

    title: str
    short: str
    group: str
    text: Callable[[Row], str]


COLUMNS = (
    Column("relative error", "error", "result", lambda row: scientific(row.error)),
    Column("residual", "", "result", lambda row: scientific(row.residual)),
    Column(
        "success probability", "succ.\nprob.", "result", lambda row: number(row.success_probability)
    ),
    Column("qubits", "qubits", "circuit", lambda row: count(row.qubits)),
    Column("two-qubit gates", "2q\ngates", "circuit", lambda row: count(row.two_qubit_gates)),
    Column("two-qubit depth", "2q\ndepth", "circuit", lambda row: count(row.two_qubit_depth)),
    Column("depth", "", "circuit", lambda row: count(row.depth)),
    Column("shots", "shots", "circuit", lambda row: count(row.shots)),
    Column("classical", "class.", "time", lambda row: seconds(row.classical_seconds)),
    Column("build", "build", "time", lambda row: seconds(row.build_seconds)),
    Column("compile", "compile", "time", lambda row: seconds(row.compile_seconds)),
    Column("run", "run", "time", lambda row: seconds(row.run_seconds)),
)


def by_system(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each system, in order of appearance."""
    systems: dict[str, list[Row]] = {}
    for row in rows:
        systems.setdefault(row.system, []).append(row)
    return systems


def notes(row: Row) -> tuple[str, ...]:
    """Return the sentences that belong to a row."""
    return (*row.caveats, SIGNS_UNKNOWN) if row.error_of == "|x|" else row.caveats


def numbered_notes(rows: Iterable[Row]) -> dict[str, int]:
    """Return the different notes of all rows with their numbers, from 1."""
    texts = dict.fromkeys(text for row in rows for text in notes(row))
    return {text: index for index, text in enumerate(texts, start=1)}


def note_numbers(row: Row, numbers: dict[str, int]) -> str:
    """Return the numbers of the notes of a row, ``1,3``."""
    return ",".join(str(index) for index in sorted({numbers[text] for text in notes(row)}))


def verdict(comparison: Record) -> list[str]:
    """Say in plain sentences what the figures show, and what they do not.

    Simulator run times are never set against classical run times: they measure the simulator.

    Parameters
    ----------
    comparison
        Any comparison, also an empty one.

    Returns
    -------
    list of str
        Whole sentences, the most important one first.
    """
    if not comparison.rows:
        return ["Nothing was compared: there are no rows."]
    quantum = [row for row in comparison.rows if row.kind == "quantum"]
    classical = [row for row in comparison.rows if row.kind == "classical"]
    return [
        _claim(quantum),
        *_accuracy("quantum", quantum, target(comparison)),
        *_accuracy("classical", classical, target(comparison)),
        *_best_classical(comparison.rows, classical),
        *_before_the_first_gate(quantum, classical),
    ]


def _claim(quantum: list[Row]) -> str:
    if not quantum:
        return "No quantum solver was asked for."
    diagonalised = dict.fromkeys(row.solver for row in quantum if row.classically_diagonalised)
    if diagonalised:
        others = {row.solver for row in quantum} - set(diagonalised)
        circuits = f"the circuits of {' and '.join(diagonalised)}" if others else "the circuits"
        return (
            f"No speedup is claimed: {circuits} were built from classically computed "
            "eigenvectors, which is as much work as solving the system."
        )
    return (
        "No speedup is claimed: the quantum figures count gates, the classical ones seconds, "
        "and nothing here turns the one into the other."
    )


def _accuracy(kind: str, rows: list[Row], target_error: str) -> list[str]:
    if not rows:
        return []
    results = [row for row in rows if row.failure is None]
    hits = [row for row in results if reached(row)]
    sentences = [f"None of the {kind} runs gave a result."]
    if results:
        plural = "result" if len(results) == 1 else "results"
        sentences = [
            f"{len(hits)} of {len(results)} {kind} {plural} reached the target error of "
            f"{target_error}."
        ]
    unsigned = sum(row.error_of == "|x|" for row in hits)
    if unsigned:
        sentences.append(f"In {unsigned} of these {len(hits)} only |x| was compared.")
    failed = len(rows) - len(results)
    if results and failed:
        plural = "run" if failed == 1 else "runs"
        sentences.append(f"{failed} {kind} {plural} gave no result.")
    return sentences


def _best_classical(rows: tuple[Row, ...], classical: list[Row]) -> list[str]:
    if not classical:
        return []
    largest = max(row.size for row in rows)
    sentences = []
    for system in dict.fromkeys(row.system for row in rows if row.size == largest):
        where = f"At the largest size, {largest:,} unknowns ({system}),"
        best = _quickest(classical, system)
        sentences.append(
            f"{where} {best.solver} took the least time of the classical solvers that reached "
            f"the target: {seconds(best.classical_seconds)}."
            if best
            else f"{where} no classical solver reached the target."
        )
    return sentences


def _before_the_first_gate(quantum: list[Row], classical: list[Row]) -> list[str]:
    prepared = [
        row for row in quantum if row.failure is None and preparation_seconds(row) is not None
    ]
    if not prepared:
        return []
    # The largest system a quantum solver finished; the least preparation if several did.
    row = max(prepared, key=lambda row: (row.size, -(preparation_seconds(row) or 0)))
    sentence = (
        f"{row.system} ({row.size:,} unknowns) is the largest system with a quantum result; "
        f"classical work before the first gate of {solver_label(row)} took "
        f"{seconds(preparation_seconds(row))}"
    )
    best = _quickest(classical, row.system)
    if best is None:
        return [f"{sentence}."]
    return [
        f"{sentence}, and the whole solution by {best.solver} {seconds(best.classical_seconds)}."
    ]


def _quickest(classical: list[Row], system: str) -> Row | None:
    timed = [
        (row.classical_seconds, row)
        for row in classical
        if row.system == system and reached(row) and row.classical_seconds is not None
    ]
    return min(timed, key=lambda pair: pair[0])[1] if timed else None
