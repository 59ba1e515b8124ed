"""Classical work before the first run and after the last, from what was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from circuits.costs import Count, GateCounts
from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.record import Row

_BUILDING = (
    "Building a circuit takes the classical time measured up to {size:,}, and beyond a straight "
    "line through that over the gates of the algorithm; what loads the data is built as it runs."
)


_READING = "Classical work on what was measured takes {seconds:.2g} s, as at {size:,}{growth}."


def with_classical_work(
    bill: Callable[[int], Bill], rows: Sequence[Row], *, proportional: bool = False
) -> Callable[[int], Bill]:
    """Add the seconds of building the circuit and of working on results, as they were measured.

    Parameters
    ----------
    bill
        From a size to a bill without classical seconds.
    rows
        Measured rows of the solver.
    proportional
        Whether as many numbers are worked on afterwards as the size says.

    Returns
    -------
    callable
        From a size to the bill with preprocessing: classical work on the data and building, as the
        straight line through those of the rows over the algorithm's gates that does not fall; and
        postprocessing, as at the largest size. Each as it was where no row was timed.
    """
    return _with_reading(_with_building(bill, rows), rows, proportional)


def _with_building(bill: Callable[[int], Bill], rows: Sequence[Row]) -> Callable[[int], Bill]:
    timed = [row for row in rows if row.build_seconds is not None]
    if not timed:
        return bill
    work = np.array([float(_work(bill(row.size).algorithm)) for row in timed])
    seconds = np.array([(row.classical_seconds or 0) + (row.build_seconds or 0) for row in timed])
    spread = float(np.var(work))
    slope = float(np.cov(work, seconds, bias=True)[0, 1]) / spread if spread else 0.0
    # With one size there is no line, and a line that falls is noise.
    slope = max(0.0, slope)
    start = max(0.0, float(np.mean(seconds) - slope * np.mean(work)))
    assumption = _BUILDING.format(size=max(row.size for row in timed))

    def billed(size: int) -> Bill:
        found = bill(size)
        return replace(
            found,
            preprocessing_seconds=start + slope * float(_work(found.algorithm)),
            assumptions=(*found.assumptions, assumption),
        )

    return billed


def _with_reading(
    bill: Callable[[int], Bill], rows: Sequence[Row], proportional: bool
) -> Callable[[int], Bill]:
    timed = [(row.size, row.postprocessing_seconds) for row in rows if row.postprocessing_seconds]
    if not timed:
        return bill
    largest, seconds = max(timed)
    growth = ", and in proportion to the size" if proportional else ""
    assumption = _READING.format(seconds=seconds, size=largest, growth=growth)

    def billed(size: int) -> Bill:
        found = bill(size)
        return replace(
            found,
            postprocessing_seconds=seconds * (size / largest if proportional else 1.0),
            assumptions=(*found.assumptions, assumption),
        )

    return billed


def _work(counts: GateCounts) -> Count:
    return counts.two_qubit_gates + counts.toffolis + counts.t_gates + counts.rotations
