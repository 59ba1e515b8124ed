"""What a projection asks of bills, and what it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from qml_algos.speedup.bills.bill import Bill
from qml_algos.speedup.record import Row

Tone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Check:
    """One line of the fine print.

    Attributes
    ----------
    check
        What is asked, in a word or two.
    answer
        In a few words.
    figure
        The number behind it; ``None`` if there is none.
    tone
        Whether it speaks for the quantum solver.
    sentence
        The whole of it, with numbers.
    """

    check: str
    answer: str
    figure: float | None
    tone: Tone
    sentence: str


@dataclass(frozen=True)
class BillRequest:
    """What bills are asked for.

    Attributes
    ----------
    rows
        Measured rows of one quantum solver on problems of one family, by size.
    solver, family
        Their names.
    settings
        Of the comparison.
    output
        What is to be answered, in the task's words.
    epsilon, confidence
        Error and confidence asked for.
    """

    rows: tuple[Row, ...]
    solver: str
    family: str
    settings: Mapping[str, object]
    output: str
    epsilon: float
    confidence: float


@dataclass(frozen=True)
class BillLaw:
    """Bills of one solver at every size, or why there are none.

    Attributes
    ----------
    bill
        From a size, up to 1e30, to the bill; a `QmlAlgosError` says why there is none for a size.
        ``None`` if there is none for any.
    reason
        Why, as a whole sentence; ``None`` if there is a bill.
    checks
        Fine print that only the task knows: sparsity, rank, access.
    structured_rivals
        Classical solvers that use the structure that this one uses.
    """

    bill: Callable[[int], Bill] | None
    reason: str | None = None
    checks: tuple[Check, ...] = ()
    structured_rivals: tuple[str, ...] = ()
