"""The fine print of a quantum solver, computed: what a referee would ask, with the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from circuits.costs import Count, GateCounts
from qml_algos.speedup.bills.law import Check
from qml_algos.speedup.projection.classical import ClassicalCurve
from qml_algos.speedup.projection.growth import exponent
from qml_algos.speedup.projection.quantum import LARGEST, QuantumCurve
from qml_algos.speedup.projection.words import size_text
from qml_algos.speedup.record import Row
from qml_algos.speedup.wording import number, reached, scientific

SLOW = 0.1
"""A figure that grows more slowly than N to this power counts as polylogarithmic."""

_SAMPLING_ACCESS = ("dequantised", "row-access")


@dataclass(frozen=True)
class FinePrint:
    """A check of one solver.

    Attributes
    ----------
    solver
        Name of the quantum solver.
    check
        The line.
    """

    solver: str
    check: Check


def fine_print(
    quantum: QuantumCurve,
    classical: Sequence[ClassicalCurve],
    rows: Sequence[Row],
    best: str | None,
    output: str,
    size_of: str,
) -> list[FinePrint]:
    """Go through the checks.

    Parameters
    ----------
    quantum
        The solver.
    classical
        All rivals measured.
    rows
        Of all solvers on the family, by size.
    best
        Name of the hardest one for the output; ``None`` if none was measured.
    output
        What is answered.
    size_of
        What a size counts, in the plural.

    Returns
    -------
    list of FinePrint
        In a fixed order; what does not apply is left out.
    """
    checks = [
        *_loading(quantum, size_of),
        *_condition(rows),
        *quantum.law.checks,
        _output(output),
        _diagonalised(quantum.rows),
        *_structure(quantum, best),
        _error(quantum.rows, size_of),
        *_source(quantum),
        *_extrapolation(classical, best),
        _access(classical),
    ]
    # What the task knows better takes the place of what is said of all tasks.
    own = quantum.law.checks
    told = {check.check for check in own}
    kept = [check for check in checks if check in own or check.check not in told]
    return [FinePrint(quantum.solver, check) for check in kept]


def kappa_growth(rows: Iterable[Row]) -> float | None:
    """Exponent of the condition number over the larger half of the sizes, ``None`` if unknown.

    At small sizes a condition number that tends to a limit still grows.
    """
    known = {row.size: row.condition_number for row in rows if row.condition_number is not None}
    sizes = sorted(known)
    upper = sizes[min(len(sizes) // 2, max(0, len(sizes) - 2)) :]
    found = exponent(upper, [known[size] for size in upper])
    # Rounding makes a constant one shrink: no minus sign before a zero.
    return None if found is None else round(found, 6) + 0.0


def _loading(quantum: QuantumCurve, size_of: str) -> Iterator[Check]:
    if not quantum.bills:
        return
    work = [_gates(bill.preparation) for bill in quantum.bills]
    half = len(work) // 2
    growth = exponent(quantum.sizes[half:], work[half:])
    if growth is None and quantum.bills[-1].source == "fitted":
        sentence = "Loading the data is in the gates that were counted, and not told apart."
        yield Check("data loading", "included, not told apart", None, "neutral", sentence)
        return
    if growth is None:
        sentence = "No gates load the data: that they are there already is assumed, not billed."
        yield Check("data loading", "not included", None, "bad", sentence)
        return
    bill = quantum.bills[-1]
    share = float(work[-1] / max(1, work[-1] + _gates(bill.algorithm)))
    slow = growth < SLOW
    yield Check(
        "data loading",
        "included, polylogarithmic" if slow else f"included, grows as N^{growth:.2f}",
        growth,
        "good" if slow else "bad",
        f"Loading the data is included: its gates grow as N^{growth:.2f}, and at "
        f"{size_text(bill.size)} {size_of} they are {share:.0%} of a run's.",
    )


def _condition(rows: Sequence[Row]) -> Iterator[Check]:
    known = [row for row in rows if row.condition_number is not None]
    if not known:
        return
    low, high = known[0], known[-1]
    growth = kappa_growth(known)
    figures = f"{number(low.condition_number)} at {size_text(low.size)}"
    if growth is None:
        yield Check(
            "condition number",
            number(high.condition_number),
            high.condition_number,
            "neutral",
            f"The condition number is {figures}; one size does not tell how it grows.",
        )
        return
    tone = "good" if growth < SLOW else "bad"
    answer = number(high.condition_number)
    yield Check(
        "condition number",
        f"{answer}, grows as N^{growth:.2f}",
        growth,
        "good" if tone == "good" else "bad",
        f"The condition number is {figures} and {answer} at {size_text(high.size)}: over the "
        f"larger half of the sizes it grows as N^{growth:.2f}.",
    )


def _output(output: str) -> Check:
    if output == "vector":
        return Check(
            "output",
            "the whole solution",
            None,
            "bad",
            "The whole solution is read: the runs grow at least in proportion to its length.",
        )
    return Check(
        "output",
        f"one {output}",
        None,
        "good",
        f"One {output} is read, not the whole solution; the rival is what finds that alone.",
    )


def _diagonalised(rows: Sequence[Row]) -> Check:
    if any(row.classically_diagonalised for row in rows):
        return Check(
            "classically diagonalised",
            "yes",
            1.0,
            "bad",
            "The circuits were built from eigenvectors found classically: they show no speedup.",
        )
    return Check(
        "classically diagonalised",
        "no",
        0.0,
        "good",
        "No eigenvectors were found classically to build the circuits.",
    )


def _structure(quantum: QuantumCurve, best: str | None) -> Iterator[Check]:
    if best is None or quantum.law.bill is None:
        return
    same = best in quantum.law.structured_rivals
    yield Check(
        "same structure",
        "used by the rival too" if same else "not known of the rival",
        float(same),
        "good" if same else "neutral",
        f"The rival {best} uses the structure that the quantum solver uses."
        if same
        else f"That the rival {best} uses the structure that the quantum solver uses is not known.",
    )


def _error(rows: Sequence[Row], size_of: str) -> Check:
    measured = [row for row in rows if row.error is not None]
    if not measured:
        sentence = "No error was measured: that the circuits reach the target is a promise."
        return Check("error", "projected only", None, "bad", sentence)
    row = measured[-1]
    kept = sum(map(reached, measured))
    return Check(
        "error",
        f"simulated up to {size_text(row.size)}",
        row.error,
        "good" if kept == len(measured) else "bad",
        f"The error was measured in {len(measured)} simulated runs, {kept} of which reached the "
        f"target; it is {scientific(row.error)} at {row.size:,} {size_of}, and projected beyond.",
    )


def _source(quantum: QuantumCurve) -> Iterator[Check]:
    if not quantum.bills:
        return
    source = quantum.bills[-1].source
    formula = source == "closed form"
    yield Check(
        "gate counts",
        source,
        None,
        "good" if formula else "bad",
        "Gate counts are closed forms, held against counted circuits by tests."
        if formula
        else f"Gate counts are {source}, and extrapolated beyond the sizes measured.",
    )


def _extrapolation(classical: Sequence[ClassicalCurve], best: str | None) -> Iterator[Check]:
    found = [curve for curve in classical if curve.solver == best and curve.rows]
    if not found:
        return
    largest = found[0].rows[-1].size
    orders = math.log10(LARGEST / largest)
    yield Check(
        "extrapolation",
        f"over {orders:.0f} orders of magnitude",
        orders,
        "bad",
        f"The law of {best} rests on {len(found[0].rows)} measurements up to {size_text(largest)}, "
        f"and is extended from there to {size_text(LARGEST)}: by {orders:.0f} orders of magnitude.",
    )


def _access(classical: Sequence[ClassicalCurve]) -> Check:
    found = sorted({curve.solver for curve in classical if curve.solver in _SAMPLING_ACCESS})
    if found:
        return Check(
            "access",
            "sampling access (QRAM) of dequantised rivals",
            None,
            "neutral",
            f"{', '.join(found)} samples entries in proportion to their squares, in O(log N) each; "
            "building the tables for it takes a pass over all entries, as loading a QRAM does.",
        )
    return Check(
        "access",
        "no QRAM on either side",
        None,
        "neutral",
        "Neither side is given a QRAM or sampling access: what is loaded is billed.",
    )


def _gates(counts: GateCounts) -> Count:
    return counts.two_qubit_gates + counts.toffolis + counts.t_gates + counts.rotations
