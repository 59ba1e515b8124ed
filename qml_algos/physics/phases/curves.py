"""A quantity against a control parameter, and where it crosses a level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from qml_algos.errors import InvalidProblemError


@dataclass(frozen=True, eq=False)
class PhaseCurve:
    """What was found at each value of a control parameter.

    Attributes
    ----------
    parameters
        Different values in ascending order, temperatures or fields, say; shape ``(P,)``.
    values, errors
        What was found, and its standard error; shape ``(P,)``.

    Raises
    ------
    InvalidProblemError
        If shapes do not match, parameters do not ascend, or an error is negative.
    """

    parameters: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("parameters", "values", "errors"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=float))
        shapes = {np.shape(a) for a in (self.parameters, self.values, self.errors)}
        if len(shapes) != 1 or self.parameters.ndim != 1 or not self.parameters.size:
            raise InvalidProblemError(
                f"parameters, values and errors have shapes {sorted(shapes)}: three vectors of one "
                "length are needed"
            )
        if np.any(np.diff(self.parameters) <= 0):
            raise InvalidProblemError("parameters must ascend and differ from one another")
        if not np.all(np.isfinite(self.values)) or not np.all(self.errors >= 0):
            raise InvalidProblemError("values must be finite, errors at least 0")

    def __repr__(self) -> str:
        ends = f"{self.parameters[0]:.4g} to {self.parameters[-1]:.4g}"
        return f"PhaseCurve({len(self.parameters)} parameters from {ends})"

    def crossing(self, level: float = 0.5) -> float:
        """Where a curve that rises in the main crosses a level; NaN where it does not.

        Noise may cross it several times, the closest monotone curve does once: that one is taken,
        straight between its points.
        """
        return _crossing(self.parameters, self.values, level)

    def crossing_error(
        self, generator: np.random.Generator, level: float = 0.5, draws: int = 200
    ) -> float:
        """Return the standard deviation of the crossing when the values scatter by their errors."""
        scattered = generator.normal(self.values, self.errors, size=(draws, len(self.values)))
        found = [_crossing(self.parameters, values, level) for values in scattered]
        finite = np.isfinite(found)
        return float(np.std(np.array(found)[finite])) if finite.sum() > 1 else float("nan")


def _crossing(parameters: NDArray[np.float64], values: NDArray[np.float64], level: float) -> float:
    rising = isotonic_regression(values).x
    if not rising[0] < level < rising[-1]:
        return float("nan")
    # A step of the monotone curve stands for all its points: on the level, its middle is meant.
    on = np.flatnonzero(rising == level)
    if len(on):
        return float(parameters[on].mean())
    above = int(np.argmax(rising > level))
    share = (level - rising[above - 1]) / (rising[above] - rising[above - 1])
    return float(parameters[above - 1] + share * (parameters[above] - parameters[above - 1]))


def curve_of(parameters: NDArray[np.float64], outcomes: NDArray[np.float64]) -> PhaseCurve:
    """Average outcomes of samples, shape ``(samples,)``, at each value of the parameter."""
    grid, places, counts = np.unique(parameters, return_inverse=True, return_counts=True)
    means = np.bincount(places, outcomes) / counts
    spread = np.bincount(places, (outcomes - means[places]) ** 2)
    return PhaseCurve(grid, means, np.sqrt(spread / np.maximum(counts - 1, 1) / counts))
