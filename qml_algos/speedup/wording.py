"""How the figures of a comparison are put into words and digits.

The terminal table and the HTML page share this module, so that both say the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.words import Words

MISSING = "-"

NOT_IN_FIGURES = (
    "Not in these figures: the time a quantum device would take, which only a projection can tell. "
    "Run seconds are those of the backend named; those of a simulator say nothing about a device."
)

PROJECTED = (
    "projected: too large to be run here; what stands in the row is known without a run, and no "
    "error was measured."
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


def energy(value: float | None) -> str:
    """Return nine significant digits: energies are close to each other."""
    return MISSING if value is None or not math.isfinite(value) else f"{value:.9g}"


def decimal(value: float | None) -> str:
    """Return a share with five decimals."""
    return MISSING if value is None or not math.isfinite(value) else f"{value:.5f}"


def seconds(value: float | None) -> str:
    """Return a time with three significant digits in s, ms or µs."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0 s"
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
    return target_text(comparison.rows[0].target_error) if comparison.rows else MISSING


def target_text(error: float) -> str:
    """Return ``1e-2`` for 0.01."""
    mantissa, _, exponent = scientific(error).partition("e")
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
    Column("error", "error", "result", lambda row: scientific(row.error)),
    Column(
        "standard error",
        "std.\nerror",
        "result",
        lambda row: scientific(row.error_standard_error, digits=1),
    ),
    Column(
        "promised error",
        "prom-\nised",
        "result",
        lambda row: scientific(row.promised_error, digits=1),
    ),
    Column("residual", "", "result", lambda row: scientific(row.residual)),
    Column("energy", "energy", "result", lambda row: energy(row.energy)),
    Column(
        "standard error of the energy",
        "",
        "result",
        lambda row: scientific(row.energy_standard_error, digits=1),
    ),
    Column("fidelity", "fide-\nlity", "result", lambda row: decimal(row.fidelity)),
    Column("V-score", "V-score", "result", lambda row: scientific(row.v_score, digits=1)),
    Column("parameters", "param-\neters", "result", lambda row: count(row.parameters)),
    Column(
        "success probability", "succ.\nprob.", "result", lambda row: number(row.success_probability)
    ),
    Column("qubits", "qubits", "circuit", lambda row: count(row.qubits)),
    Column("two-qubit gates", "2q\ngates", "circuit", lambda row: count(row.two_qubit_gates)),
    Column(
        "of them to load the data",
        "load-\ning",
        "circuit",
        lambda row: count(row.preparation_gates),
    ),
    Column(
        "two-qubit gates per accepted shot",
        "2q gates\n/ succ.",
        "circuit",
        lambda row: number(row.gates_per_accepted_shot),
    ),
    Column("two-qubit depth", "2q\ndepth", "circuit", lambda row: count(row.two_qubit_depth)),
    Column("depth", "", "circuit", lambda row: count(row.depth)),
    Column("shots", "shots", "circuit", lambda row: count(row.shots)),
    Column("copies", "copies", "circuit", lambda row: count(row.copies)),
    Column("classical", "class.", "time", lambda row: seconds(row.classical_seconds)),
    Column("build", "build", "time", lambda row: seconds(row.build_seconds)),
    Column("compile", "compile", "time", lambda row: seconds(row.compile_seconds)),
    Column("run", "run", "time", lambda row: seconds(row.run_seconds)),
)


def size_of(row: Row) -> str:
    """Return the size of a row's problem, and its condition number or ground energy if known."""
    parts = [f"N = {row.size:,}"]
    if row.condition_number is not None:
        parts.append(f"condition number {number(row.condition_number)}")
    if row.reference_energy is not None:
        parts.append(f"ground energy {energy(row.reference_energy)}")
    return ", ".join(parts)


def by_problem(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each problem, in order of appearance."""
    problems: dict[str, list[Row]] = {}
    for row in rows:
        problems.setdefault(row.problem, []).append(row)
    return problems


def columns(comparison: Record) -> list[Column]:
    """Return the columns in which something stands; the error is always one."""
    first, *others = COLUMNS
    results = [row for row in comparison.rows if row.status != "failed"]
    return [first, *(c for c in others if any(c.text(row) != MISSING for row in results))]


def notes(row: Row, words: Words) -> tuple[str, ...]:
    """Return the sentences that belong to a row."""
    access = (f"Access to {words.work}: {row.access}.",) if row.access else ()
    signs = (SIGNS_UNKNOWN,) if row.error_of == "|x|" else ()
    why = (f"{solver_label(row)} was not run: {row.failure}.",) if _is_projected(row) else ()
    return (*why, *access, *row.caveats, *signs)


def _is_projected(row: Row) -> bool:
    return row.status == "projected"


@dataclass(frozen=True)
class Notes:
    """The different notes of all rows, with numbers from 1."""

    words: Words
    numbers: dict[str, int]

    @classmethod
    def of(cls, comparison: Record) -> Notes:
        """Give numbers to the notes of a comparison."""
        texts = dict.fromkeys(
            text for row in comparison.rows for text in notes(row, comparison.words)
        )
        return cls(comparison.words, {text: index for index, text in enumerate(texts, start=1)})

    def marks(self, row: Row) -> str:
        """Return the numbers of the notes of a row, ``1,3``."""
        found = sorted({self.numbers[text] for text in notes(row, self.words)})
        return ",".join(map(str, found))
