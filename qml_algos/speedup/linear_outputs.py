"""Parts of a solution of a linear system: their errors, and the solvers that find them alone."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qml_algos.linear_systems import LinearSystem, Solution
from qml_algos.linear_systems.classical import Observable, local_entry, sample_observable
from qml_algos.speedup.measure import measure
from qml_algos.speedup.record import Row

Output = Literal["vector", "entry", "observable"]
"""What is asked of a solver: all of x, one entry, or an expectation value."""

OUTPUTS: tuple[Output, ...] = get_args(Output)

LOCAL_SOLVERS = {"entry": "local", "observable": "local-sampling"}
"""Classical solvers that find this output and nothing else, by output."""

_CONFIDENCE = 0.95
_TOO_LARGE = "The system is too large to be solved whole: the error is {}."
_ABSOLUTE = "The error compares the absolute value of the entry only: its sign was not measured."


def entry_error(solution: Solution, index: int, reference: NDArray[Any] | None) -> dict[str, Any]:
    """Return the error of one entry relative to the largest, and the caveats, for a row."""
    caveats = solution.caveats if solution.signs_known else (*solution.caveats, _ABSOLUTE)
    if reference is None:
        return {"error": None, "caveats": caveats}
    found, true = solution.x[index], reference[index]
    if not solution.signs_known:
        found, true = abs(found), abs(true)
    return {"error": float(abs(found - true) / np.abs(reference).max()), "caveats": caveats}


def exact_value(
    problem: LinearSystem, observable: Observable, x: NDArray[Any] | None
) -> float | None:
    """Return an observable's value for a solution; ``None`` if there is none."""
    if x is None:
        return None
    matrix = observable.matrix(problem.structure.layout.shape)
    image = matrix * x if matrix.ndim == 1 else matrix @ x
    return float((np.vdot(x, image) / np.vdot(x, x)).real)


def entry_row(row: Row, problem: LinearSystem, index: int, x: NDArray[Any] | None) -> Row:
    """Find one entry by `local_entry`.

    Parameters
    ----------
    row
        What is known before.
    problem, index
        The system, and which entry.
    x
        A solution to compare with, if there is one; else the error is the proven bound.
    """
    measured = measure(
        lambda: local_entry(problem, index, epsilon=row.target_error),
        seconds_of=lambda found: found.seconds,
    )
    found = measured.value
    caveats = [
        f"Window: {found.window:,} of {problem.size:,} unknowns; what lies beyond is proven to be "
        f"at most {found.truncation:.1e} of the largest entry."
    ]
    error = found.truncation
    if x is None:
        caveats.append(_TOO_LARGE.format("the proven bound"))
    else:
        error = float(abs(found.value - x[index]) / np.abs(x).max())
    return replace(
        row,
        error=error,
        promised_error=found.truncation,
        caveats=tuple(caveats),
        **measured.costs(found.flops),
    )


def observable_row(
    row: Row,
    problem: LinearSystem,
    observable: Observable,
    x: NDArray[Any] | None,
    seed: int,
) -> Row:
    """Estimate an observable by `sample_observable`; parameters are as for `entry_row`."""
    measured = measure(
        lambda: sample_observable(
            problem,
            observable,
            epsilon=row.target_error,
            confidence=_CONFIDENCE,
            random_state=seed,
        ),
        seconds_of=lambda found: found.seconds,
    )
    found, true = measured.value, exact_value(problem, observable, x)
    caveats = [
        f"Sampled: {found.entries:,} of {problem.size:,} unknowns, each from a window that reaches "
        f"{found.radius} further; the standard error is {found.standard_error:.1e}."
    ]
    if true is None:
        error = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * found.standard_error
        caveats.append(_TOO_LARGE.format(f"that of the sampling at {_CONFIDENCE:.0%} confidence"))
    else:
        error = abs(found.value - true)
    return replace(
        row,
        error=error,
        error_standard_error=found.standard_error,
        caveats=tuple(caveats),
        **measured.costs(found.flops),
    )
