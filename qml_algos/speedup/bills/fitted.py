"""Bills from laws fitted to counted gates, where there are no formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from circuits.costs import Count, GateCounts
from qml_algos.errors import TooFewPointsError
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.bills.law import BillLaw, BillRequest
from qml_algos.speedup.bills.readout import ReadOut
from qml_algos.speedup.record import Row
from qml_algos.speedup.scaling import Form, fit_law

_FORMS: tuple[Form, ...] = ("polynomial", "polylogarithmic")
_ASSUMPTION = (
    "Gates, depths and success probability follow power laws, or powers of log N, fitted to the "
    "circuits of {count} sizes from {low:,} to {high:,}."
)

_LEAST = 4
"""Sizes that a law takes: as many as `fit_law` wants."""

Law = Callable[[int], float]


def fitted_law(
    request: BillRequest,
    read_out: Callable[[int, float], ReadOut],
    loading: Callable[[int], GateCounts] | None = None,
) -> BillLaw:
    """Fit laws to the gates of the circuits that were built for a comparison.

    Parameters
    ----------
    request
        Whose rows have ``gates_as_built``.
    read_out
        From a size and a success probability to what reading the answer takes.
    loading
        From a size to the gates of loading the data, which are taken off the counts before the fit;
        without it, all gates are on the line of the algorithm.

    Returns
    -------
    BillLaw
        Without bills, and with the reason, if fewer sizes were built than a law takes.
    """
    rows = [row for row in request.rows if row.gates_as_built is not None]
    sizes = {row.size for row in rows}
    try:
        if len(sizes) < _LEAST:
            raise TooFewPointsError("different sizes", _LEAST, len(sizes))
        counts = [_algorithm(row, loading) for row in rows]
        laws = {
            field.name: _law(rows, [getattr(count, field.name) for count in counts])
            for field in fields(GateCounts)
        }
        success = _law(rows, [row.success_probability or 1.0 for row in rows])
    except TooFewPointsError as error:
        return BillLaw(None, f"There are no formulas, and for a fit to counted gates: {error}.")
    assumption = _ASSUMPTION.format(count=len(sizes), low=min(sizes), high=max(sizes))

    def bill(size: int) -> Bill:
        counts: dict[str, Any] = {name: law(size) for name, law in laws.items()}
        measurements = counts.pop("measurements")
        probability = min(1.0, success(size))
        read = read_out(size, probability)
        qubits = counts["qubits"]
        return Bill(
            size=size,
            preparation=GateCounts(qubits=qubits) if loading is None else loading(size),
            algorithm=GateCounts(**counts),
            readout=GateCounts(qubits=qubits, measurements=measurements),
            success_probability=probability,
            shots=read.shots,
            estimation_uses=read.estimation_uses,
            source="fitted",
            assumptions=(assumption, *read.assumptions),
        )

    return BillLaw(bill)


def _algorithm(row: Row, loading: Callable[[int], GateCounts] | None) -> GateCounts:
    """Gates of a row without those of loading, of which formulas may give a few too many."""
    assert row.gates_as_built is not None
    counts = row.gates_as_built
    if loading is None:
        return counts
    rest = counts + loading(row.size) * -1
    positive = {field.name: max(0, getattr(rest, field.name)) for field in fields(GateCounts)}
    return replace(GateCounts(**positive), qubits=counts.qubits)


def _law(rows: list[Row], values: list[Count]) -> Law:
    """Fit a figure that may be 0 throughout, or the same everywhere."""
    if not any(values):
        return lambda _: 0.0
    if len(set(values)) == 1:
        constant = float(values[0])
        return lambda _: constant
    # A figure that starts from 0 is fitted where it is not.
    known = [(row.size, value) for row, value in zip(rows, values, strict=True) if value > 0]
    sizes, figures = np.array(known, dtype=float).T
    fit = fit_law(sizes, figures, forms=_FORMS, replicates=1, random_state=0)
    return lambda size: float(fit.predict(float(size)))
