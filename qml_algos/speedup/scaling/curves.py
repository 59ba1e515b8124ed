"""Costs as functions of the size: fitted laws, closed forms, and sums of terms."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.scaling.laws import Floats
from qml_algos.speedup.scaling.points import size_of

ClosedForm = Callable[[float], float]
"""From a size, a float, to its cost: above 0, infinite or an integer of any size where need be."""


@runtime_checkable
class Curve(Protocol):
    """A cost for every size, with the replicates that its uncertainty is made of."""

    def log_costs(self, log_sizes: Floats) -> Floats:
        """Natural logarithms of the costs for those of the sizes, shape (sizes,)."""
        ...

    def replicate_log_costs(self, log_sizes: Floats) -> Floats:
        """`log_costs` of each replicate, shape (replicates, sizes); one if nothing is uncertain."""
        ...

    def shares(self, log_size: float) -> dict[str, float]:
        """Share of each term in the cost of one size."""
        ...


@dataclass(frozen=True)
class Terms:
    """A sum of closed forms, without uncertainty.

    Attributes
    ----------
    terms
        Each by its name.
    """

    terms: Mapping[str, ClosedForm]

    def log_costs(self, log_sizes: Floats) -> Floats:
        """Natural logarithms of the sums, shape (sizes,).

        Raises
        ------
        InvalidProblemError
            If a term is below 0 somewhere or not a number, or the sum is 0.
        """
        sums = [np.logaddexp.reduce(self._logs(float(log_size))) for log_size in log_sizes]
        return np.array(sums)

    def replicate_log_costs(self, log_sizes: Floats) -> Floats:
        """`log_costs`, shape (1, sizes)."""
        return self.log_costs(log_sizes)[None]

    def shares(self, log_size: float) -> dict[str, float]:
        """Share of each term in the sum for one size; NaN for what is infinite."""
        logs = self._logs(log_size)
        total = np.logaddexp.reduce(logs)
        with np.errstate(invalid="ignore"):
            return dict(zip(self.terms, np.exp(logs - total).tolist(), strict=True))

    def _logs(self, log_size: float) -> Floats:
        size = size_of(log_size)
        logs = np.array([_log_term(name, term(size), size) for name, term in self.terms.items()])
        if not logs.max() > -math.inf:
            raise InvalidProblemError(
                f"{', '.join(self.terms)} cost nothing at size {size:.3g}: must be above 0"
            )
        return logs


def _log_term(name: str, cost: float, size: float) -> float:
    if not cost >= 0:
        raise InvalidProblemError(f"{name} costs {cost!r} at size {size:.3g}: must be at least 0")
    return math.log(cost) if cost else -math.inf


def as_curve(given: Curve | ClosedForm | Mapping[str, ClosedForm]) -> Curve:
    """Take a closed form, or a mapping from names to the closed forms of its terms, as a curve."""
    if isinstance(given, Curve):
        return given
    if isinstance(given, Mapping):
        return Terms(given)
    return Terms({"cost": given})
