"""A fitted law of growth: what `fit_law` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.speedup.scaling.bootstrap import Replicates
from qml_algos.speedup.scaling.formula import formula, parameter_names
from qml_algos.speedup.scaling.laws import Floats, Law
from qml_algos.speedup.scaling.points import logarithms
from qml_algos.speedup.scaling.transformed import held, left_over, multiplied
from qml_algos.validation import require_positive

Sizes = ArrayLike | Mapping[str, ArrayLike]
"""Values of the one variable, or those of each by name."""


@dataclass(frozen=True, repr=False, eq=False)
class ScalingFit:
    """A law of growth, with what the measurements leave open.

    Attributes
    ----------
    law
        Shape of growth that the measurements speak for.
    variables
        Names of what the cost depends on, in the order of ``law.forms``.
    estimate
        Parameters in the order that `Law` gives, shape (parameters,).
    law_weights
        Akaike weight of each law that was tried: its share of the evidence. They sum to 1.
    scatter
        Standard deviation of the logarithm of one cost about the law: 0.05 is about 5 %.
    ranges
        Smallest and largest value measured of each variable.
    points
        Number of measurements.
    unit
        Of the costs; may be empty.
    confidence
        Of bands and intervals.
    replicates
        What other measurements might have given, grouped by law.
    """

    law: Law
    variables: tuple[str, ...]
    estimate: Floats
    law_weights: tuple[tuple[Law, float], ...]
    scatter: float
    ranges: dict[str, tuple[float, float]]
    points: int
    unit: str
    confidence: float
    replicates: tuple[Replicates, ...]

    @property
    def form(self) -> str:
        """How the cost grows: a form, or ``"N polynomial, kappa polylogarithmic"`` of several."""
        return _form_name(self.law, self.variables)

    @property
    def weights(self) -> dict[str, float]:
        """Akaike weight of each form, laws that differ by a constant or a logarithm together."""
        sums: dict[str, float] = {}
        for law, weight in self.law_weights:
            name = _form_name(law, self.variables)
            sums[name] = sums.get(name, 0.0) + weight
        return sums

    @property
    def formula(self) -> str:
        """The cost as a formula, with its unit: ``"1.2e-05 s + 5.2e-08 s * N^1.01"``."""
        return formula(self.law, self.variables, self.estimate, self.unit)

    @property
    def parameters(self) -> dict[str, float]:
        """Numbers of the formula by name; those in the unit of the cost may be infinite."""
        return self._named(self.estimate)

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Interval of each parameter, if the law is right: from the replicates that chose it."""
        sets = next((same.parameters for same in self.replicates if same.law == self.law), None)
        if sets is None:
            return {}
        low, high = np.quantile(sets, self._tails, axis=0)
        lower, upper = self._named(low), self._named(high)
        return {name: (lower[name], upper[name]) for name in lower}

    def predict(self, sizes: Sizes) -> Floats:
        """Cost by the law.

        Parameters
        ----------
        sizes
            Values of the variable; of several, a mapping from each name to its values, which are
            broadcast against each other. Integers may be of any size.

        Returns
        -------
        ndarray
            In ``unit``, in the shape of the sizes; infinite beyond the range of floating point.

        Raises
        ------
        InvalidProblemError
            If a variable is missing, or a value is not positive and finite.
        """
        logs, shape = self._logs(sizes)
        costs = self.law.log_costs(self.estimate[None], logs)[0]
        return _exponential(costs).reshape(shape)

    def band(self, sizes: Sizes) -> tuple[Floats, Floats]:
        """Interval of the expected cost at each size, with the uncertainty of the form in it.

        Cost: O(replicates * sizes).

        Parameters
        ----------
        sizes
            As of `predict`.

        Returns
        -------
        low, high : ndarray
            In ``unit``, in the shape of the sizes.

        Raises
        ------
        InvalidProblemError
            As `predict`.
        """
        logs, shape = self._logs(sizes)
        low, high = np.quantile(self._replicate_log_costs(logs), self._tails, axis=0)
        return _exponential(low).reshape(shape), _exponential(high).reshape(shape)

    def at(self, **values: float) -> ScalingFit:
        """Hold some of several variables fixed: a law in those that are left.

        Raises
        ------
        UnknownNameError
            If a name is not that of a variable.
        InvalidProblemError
            If none is left, or a value is not positive and finite.
        """
        for name, value in values.items():
            if name not in self.variables:
                raise UnknownNameError("variable", name, self.variables)
            require_positive(name, value)
        left = [i for i, name in enumerate(self.variables) if name not in values]
        if not left:
            raise InvalidProblemError("all variables are held fixed: one must be left to vary")
        logs = np.array([[np.log(values.get(name, 2.0)) for name in self.variables]])
        variables = tuple(self.variables[i] for i in left)
        law, estimate = held(self.law, self.estimate[None], logs, left)
        return replace(
            self,
            law=law,
            variables=variables,
            estimate=estimate[0],
            law_weights=tuple((left_over(law, left), weight) for law, weight in self.law_weights),
            ranges={name: self.ranges[name] for name in variables},
            replicates=tuple(
                Replicates(*held(same.law, same.parameters, logs, left)) for same in self.replicates
            ),
        )

    def scaled(self, factor: float, unit: str | None = None) -> ScalingFit:
        """Multiply all costs, as for a faster machine or another unit.

        Raises
        ------
        InvalidProblemError
            If the factor is not positive and finite.
        """
        require_positive("factor", factor)
        replicates = tuple(
            Replicates(same.law, multiplied(same.law, same.parameters, factor))
            for same in self.replicates
        )
        return replace(
            self,
            estimate=multiplied(self.law, self.estimate[None], factor)[0],
            unit=self.unit if unit is None else unit,
            replicates=replicates,
        )

    def log_costs(self, log_sizes: Floats) -> Floats:
        """Natural logarithm of the cost for those of sizes of the one variable, shape (sizes,)."""
        return self.law.log_costs(self.estimate[None], self._column(log_sizes))[0]

    def replicate_log_costs(self, log_sizes: Floats) -> Floats:
        """`log_costs` of each replicate, shape (replicates, sizes)."""
        return self._replicate_log_costs(self._column(log_sizes))

    def shares(self, log_size: float) -> dict[str, float]:
        """Share of each term in the cost at one size of the one variable."""
        growing = formula(replace(self.law, offset=False), self.variables, self.estimate, self.unit)
        if not self.law.offset:
            return {growing: 1.0}
        total = self.log_costs(np.array([log_size]))[0]
        constant = float(np.exp(self.estimate[-1] - total))
        return {growing: 1 - constant, "constant cost": constant}

    def to_json(self) -> dict[str, Any]:
        """All but the replicates, as strict JSON takes it: what is not finite is ``None``."""
        return {
            "form": self.form,
            "formula": self.formula,
            "parameters": {name: _finite(value) for name, value in self.parameters.items()},
            "intervals": {
                name: [_finite(low), _finite(high)] for name, (low, high) in self.intervals.items()
            },
            "weights": self.weights,
            "scatter": self.scatter,
            "variables": list(self.variables),
            "ranges": {name: list(ends) for name, ends in self.ranges.items()},
            "points": self.points,
            "unit": self.unit,
            "confidence": self.confidence,
        }

    def __repr__(self) -> str:
        return (
            f"ScalingFit({self.formula}; {self.form}, weight {self.weights[self.form]:.2g}; "
            f"{self.points} points, scatter {self.scatter:.1%})"
        )

    @property
    def _tails(self) -> tuple[float, float]:
        return (1 - self.confidence) / 2, (1 + self.confidence) / 2

    def _named(self, parameters: Floats) -> dict[str, float]:
        values = parameters.copy()
        values[0] = _exponential(values[0])
        if self.law.offset:
            values[-1] = _exponential(values[-1])
        names = parameter_names(self.law, self.variables)
        return dict(zip(names, values.tolist(), strict=True))

    def _logs(self, sizes: Sizes) -> tuple[Floats, tuple[int, ...]]:
        given = sizes if isinstance(sizes, Mapping) else {self.variables[0]: sizes}
        if set(given) != set(self.variables):
            raise InvalidProblemError(
                f"sizes are those of {', '.join(map(str, given))}: the law is one in "
                f"{', '.join(self.variables)}"
            )
        columns = np.broadcast_arrays(*(logarithms(name, given[name]) for name in self.variables))
        return np.column_stack([column.ravel() for column in columns]), columns[0].shape

    def _column(self, log_sizes: Floats) -> Floats:
        if len(self.variables) > 1:
            raise InvalidProblemError(
                f"the law is one in {', '.join(self.variables)}: hold all but one fixed, with at()"
            )
        return log_sizes[:, None]

    def _replicate_log_costs(self, logs: Floats) -> Floats:
        return np.concatenate(
            [same.law.log_costs(same.parameters, logs) for same in self.replicates]
        )


def _form_name(law: Law, variables: tuple[str, ...]) -> str:
    """Name the form of a law: of each variable, if there are several."""
    if len(variables) == 1:
        return law.forms[0]
    return ", ".join(f"{name} {form}" for name, form in zip(variables, law.forms, strict=True))


def _exponential(values: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(values))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
