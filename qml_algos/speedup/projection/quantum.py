"""Curves of quantum solvers: bills over a grid of sizes, and their seconds on devices."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from circuits.costs import GateCounts
from qml_algos.errors import QmlAlgosError
from qml_algos.speedup.bills import Bill, Strategy
from qml_algos.speedup.bills.law import BillLaw, BillRequest
from qml_algos.speedup.bills.registry import bill_law
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.projection.answer import coherent_run, total_seconds
from qml_algos.speedup.projection.assumptions import AS_BILLED, Assumptions
from qml_algos.speedup.projection.crossing import Seconds
from qml_algos.speedup.record import Row

LARGEST = 1e30
"""Where projections end."""

_ALL_UP_TO, _EVERY = 40, 2

Runs = list[tuple[Bill, tuple[GateCounts, float] | None]]
"""Bills, and for each what `coherent_run` gives."""


@dataclass(frozen=True)
class QuantumCurve:
    """Bills of one solver over sizes.

    Attributes
    ----------
    solver, family
        Names.
    rows
        Measured rows, by size.
    sizes
        Of the bills, increasing.
    bills
        One for each size.
    law
        Where they come from, with the task's fine print.
    reason
        Why there are no bills, or none for larger sizes; ``None`` if there are all.
    """

    solver: str
    family: str
    rows: tuple[Row, ...]
    sizes: tuple[int, ...]
    bills: tuple[Bill, ...]
    law: BillLaw
    reason: str | None

    def runs(self, strategy: Strategy, assumptions: Assumptions = AS_BILLED) -> Runs:
        """Coherent circuits of a strategy at each size, under some assumptions."""
        bills = [assumptions.of(bill) for bill in self.bills]
        return [(bill, coherent_run(bill, strategy)) for bill in bills]


def seconds_of_runs(runs: Runs, device: DeviceModel) -> Seconds:
    """Seconds of an answer at each size; infinite where the device cannot do it."""
    return np.array([total_seconds(bill, run, device) for bill, run in runs])


def with_gate_time(seconds: Seconds, runs: Runs, factor: float) -> Seconds:
    """Multiply what the device takes, and leave classical work as it is."""
    classical = np.array(
        [bill.preprocessing_seconds + bill.postprocessing_seconds for bill, _ in runs]
    )
    return classical + factor * (seconds - classical)


def grid(smallest: int, largest: float) -> tuple[int, ...]:
    """Powers of two: all from the smallest size on up to 2**40, every other one beyond.

    Parameters
    ----------
    smallest
        The first is the least power of two that is not below it.
    largest
        None is above it.
    """
    first = max(1, (smallest - 1).bit_length())
    last = math.floor(math.log2(largest) + 1e-9)
    powers = [*range(first, min(last, _ALL_UP_TO) + 1)]
    powers += range(max(first, _ALL_UP_TO + _EVERY), last + 1, _EVERY)
    return tuple(2**power for power in powers)


def quantum_curve(task: str, request: BillRequest, sizes: Sequence[int]) -> QuantumCurve:
    """Bill a solver at all sizes, up to the first that there is no bill for."""
    law = bill_law(task, request)
    bills, reason = ((), law.reason) if law.bill is None else _billed(law.bill, sizes)
    return QuantumCurve(
        solver=request.solver,
        family=request.family,
        rows=request.rows,
        sizes=tuple(sizes[: len(bills)]),
        bills=bills,
        law=law,
        reason=reason,
    )


def _billed(
    bill: Callable[[int], Bill], sizes: Sequence[int]
) -> tuple[tuple[Bill, ...], str | None]:
    """Bill all sizes up to the first that there is none for, and say why there is none."""
    bills: list[Bill] = []
    for size in sizes:
        try:
            bills.append(bill(size))
        except QmlAlgosError as error:
            return tuple(bills), f"There is no bill from a size of {size:.3g} on: {error}"
    return tuple(bills), None
