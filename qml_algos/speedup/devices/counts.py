"""Counts and runs as device models take them: of any size, but numbers."""

from __future__ import annotations

import math
from dataclasses import fields

from circuits.costs import GateCounts
from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.devices.model import Execution
from qml_algos.validation import is_number

LARGEST_COUNT = 1e100
"""Beyond, products of counts could leave the range of floating-point numbers."""


def too_large(counts: GateCounts) -> str | None:
    """Say which of the counts is above `LARGEST_COUNT`, as a whole sentence.

    Raises
    ------
    InvalidProblemError
        If it is no `GateCounts`, or a field is no number from 0.
    """
    if not isinstance(counts, GateCounts):
        raise InvalidProblemError(f"run: {type(counts).__name__} given, GateCounts are needed")
    found = None
    for field in fields(counts):
        value = getattr(counts, field.name)
        if not is_number(value) or not value >= 0:
            raise InvalidProblemError(f"run.{field.name} = {value!r}: must be a number from 0")
        if value > LARGEST_COUNT:
            found = f"It has more than {LARGEST_COUNT:.0e} {field.name.replace('_', ' ')}."
    return found


def require_runs(runs: float) -> None:
    """Refuse a number of runs that is none; infinitely many are accepted.

    Raises
    ------
    InvalidProblemError
        Naming what is accepted.
    """
    if not is_number(runs) or not runs > 0:
        raise InvalidProblemError(f"runs = {runs!r}: must be a number above 0")


def infeasible(reason: str) -> Execution:
    """Return the execution of a circuit of which nothing more can be said."""
    return Execution(
        seconds_per_run=math.inf,
        seconds=math.inf,
        fidelity=0.0,
        runs=math.inf,
        qubits=math.inf,
        feasible=False,
        reason=reason,
    )


def rounds(operations: float, qubits: float) -> int:
    """Return the layers that operations on single qubits fill, all qubits at a time."""
    return math.ceil(operations / max(1, qubits))
