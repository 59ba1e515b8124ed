"""What a classical computation takes on this machine: time, memory and threads."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_info, threadpool_limits

from qml_algos.validation import require_count

T = TypeVar("T")

REPETITIONS = 7
ENOUGH_SECONDS = 5.0
"""No further repetition begins after so many seconds."""

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


@dataclass(frozen=True, eq=False)
class Measurement(Generic[T]):
    """What a computation took.

    Attributes
    ----------
    wall_seconds, cpu_seconds
        Medians over the repetitions: of the clock, and of the processor time of all threads.
    peak_memory_bytes
        Memory taken on top of what was there before, at most; see `measure`. ``None`` where the
        system does not tell.
    threads
        That BLAS and OpenMP libraries were allowed.
    repetitions
        Timed ones.
    value
        What the first one returned.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int | None
    threads: int
    repetitions: int
    value: T

    def costs(self, flops: float | None = None) -> dict[str, Any]:
        """Figures by the names that they have in a row of a comparison."""
        return {
            "classical_seconds": self.wall_seconds,
            "cpu_seconds": self.cpu_seconds,
            "peak_memory_bytes": self.peak_memory_bytes,
            "threads": self.threads,
            "flops": flops,
        }


@dataclass(frozen=True)
class _Run(Generic[T]):
    wall: float
    cpu: float
    growth: int | None
    value: T


def measure(
    solve: Callable[[], T],
    *,
    seconds_of: Callable[[T], float] | None = None,
    repetitions: int = REPETITIONS,
    threads: int = 1,
) -> Measurement[T]:
    """Measure a computation that can be repeated.

    The number of threads of BLAS and OpenMP is pinned, as a comparison with another machine takes;
    one thread is what a law over sizes is least disturbed on. A first run that takes more than
    `ENOUGH_SECONDS` over the repetitions is one of those timed; a faster one warms up caches.

    Memory is the growth of the resident set in the first run that is timed, which misses what fits
    into memory that was freed before. A fast computation runs once more while what Python and NumPy
    allocate is traced, and the larger figure counts; a slow one would take too long for that.

    Parameters
    ----------
    solve
        The computation, without arguments.
    seconds_of
        From what it returns to the seconds that count, where it also does what does not: checking
        the answer, say. The processor time is then taken in the same proportion.
    repetitions
        At most; fewer once they took `ENOUGH_SECONDS` together. With one, nothing is run twice.
    threads
        As many as BLAS and OpenMP may use.

    Raises
    ------
    InvalidProblemError
        If a number is no positive integer.
    """
    require_count("repetitions", repetitions)
    require_count("threads", threads)
    with threadpool_limits(limits=threads):
        gc.collect()
        first = _timed(solve, seconds_of)
        slow = repetitions == 1 or first.wall > ENOUGH_SECONDS / repetitions
        runs = [first] if slow else [_timed(solve, seconds_of)]
        while len(runs) < repetitions and sum(run.wall for run in runs) < ENOUGH_SECONDS:
            runs.append(_timed(solve, seconds_of))
        growth = runs[0].growth
        memory = growth if slow else max(_traced(solve), growth or 0)
        allowed = max((pool["num_threads"] for pool in threadpool_info()), default=threads)
    return Measurement(
        wall_seconds=statistics.median(run.wall for run in runs),
        cpu_seconds=statistics.median(run.cpu for run in runs),
        peak_memory_bytes=memory,
        threads=allowed,
        repetitions=len(runs),
        value=first.value,
    )


def _timed(solve: Callable[[], T], seconds_of: Callable[[T], float] | None) -> _Run[T]:
    before = _reset_high_water_mark()
    wall, cpu = time.perf_counter(), time.process_time()
    value = solve()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    growth = None if before is None else max(0, _status("VmHWM") - before)
    own = wall if seconds_of is None else seconds_of(value)
    return _Run(own, cpu * min(1.0, own / wall), growth, value)


def _traced(solve: Callable[[], object]) -> int:
    """Most that a run has allocated at a time through Python and NumPy."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        solve()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return max(0, peak - before)


def _reset_high_water_mark() -> int | None:
    """Let the largest resident set start anew, and return it; ``None`` if the system cannot."""
    try:
        _CLEAR.write_text("5")
        return _status("VmHWM")
    except (OSError, LookupError):
        return None


def _status(name: str) -> int:
    """Return an entry of the process's status, in bytes."""
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise LookupError(name)
