"""Seconds measured here, carried over to another machine by the roofline model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qml_algos.speedup.measure.machine import Machine, this_machine
from qml_algos.speedup.measure.work import Work
from qml_algos.validation import require_positive

Bound = Literal["operations", "bytes"]


@dataclass(frozen=True)
class Projected:
    """Seconds that a computation would take on another machine.

    Attributes
    ----------
    machine
        Its name.
    seconds
        On all of its cores.
    bound
        What binds there: floating-point operations, or bytes between memory and processor.
    speedup
        Seconds here by seconds there.
    efficiency
        Least seconds here by those measured. Where it is far below a hundredth, what was measured
        is the calling of functions rather than the work, and the projection says little.
    fits
        Whether what it needs fits into the memory there.
    """

    machine: str
    seconds: float
    bound: Bound
    speedup: float
    efficiency: float
    fits: bool


def on(
    machine: Machine,
    seconds: float,
    work: Work,
    *,
    memory_bytes: float = 0.0,
    here: Machine | None = None,
) -> Projected:
    """Carry measured seconds over to another machine.

    A machine takes at least ``max(flops / flops_per_second, bytes / bytes_per_second)``; both
    machines are taken to be as far above that as was measured here.

    Parameters
    ----------
    machine
        Where to.
    seconds
        Measured here.
    work
        What it takes.
    memory_bytes
        That it needs at a time.
    here
        Where it was measured; `this_machine` by default.

    Notes
    -----
    All cores there are taken to share the work without loss, which is the most that can be said
    for the larger machine: for small problems and for recurrences it is far from true. Where a
    rival of a quantum computer is projected, this errs on the rival's side.

    Raises
    ------
    InvalidProblemError
        If the seconds are not positive.

    References
    ----------
    S. Williams, A. Waterman, D. Patterson, Commun. ACM 52, 65 (2009).
    """
    require_positive("seconds", seconds)
    require_positive("memory_bytes", memory_bytes, zero=True)
    there, bound = _least_seconds(machine, work)
    least, _ = _least_seconds(here or this_machine(), work)
    return Projected(
        machine=machine.name,
        seconds=seconds * there / least,
        bound=bound,
        speedup=least / there,
        efficiency=least / seconds,
        fits=memory_bytes <= machine.memory_bytes,
    )


def largest_speedup(machine: Machine, here: Machine | None = None) -> float:
    """Return how many times as fast a machine can be at the most, whatever the work.

    Parameters
    ----------
    machine
        Where to.
    here
        Where from; `this_machine` by default.

    Returns
    -------
    float
        The larger of the ratios of operations and of bytes a second; all cores share the work
        without loss.
    """
    start = here or this_machine()
    return max(
        machine.flops_per_second / start.flops_per_second,
        machine.bytes_per_second / start.bytes_per_second,
    )


def _least_seconds(machine: Machine, work: Work) -> tuple[float, Bound]:
    operations = work.flops / machine.flops_per_second
    moved = work.bytes_moved / machine.bytes_per_second
    return (operations, "operations") if operations >= moved else (moved, "bytes")
