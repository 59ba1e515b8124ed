"""Smoothing: the mixture of a state with a classical distribution that knows no zeros.

``P(x) = (1 - w) |psi(x)|**2 + w q(x)``. The state is trained alone and the weight w is found
afterwards, by validation samples: trained together, the classical part takes over samples that the
state would have learnt, and the state drops them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import MISSING, Categories
from qml_algos.generative.classical.trees import ChowLiuTree, IndependentModel
from qml_algos.generative.forest import Forest

SMOOTHINGS = ("auto", "chow-liu", "independent", "none")
OUTCOMES = 2**16
"""Of the variables of a distribution that are treated at a time."""


class Exact(Protocol):
    """A distribution of rows of categories, in which inference is exact."""

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of each row, in nats."""

    def log_evidence(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of the entries of each row that are not `MISSING`."""

    def draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw rows."""

    def complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw the entries that are `MISSING`."""

    def distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        """Joint distribution of some variables given others."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """A state and a classical distribution, of which each sample comes from one.

    Attributes
    ----------
    weight
        Of the classical one, above 0 and below 1.
    state
        The other one.
    forest
        The classical one, without zeros.
    categories
        Of the variables.
    """

    weight: float
    state: Exact
    forest: Forest
    categories: Categories

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of each row, in nats."""
        return self._added(self.state.log_likelihoods(X), self.forest.log_evidence(X))

    def log_evidence(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability of the entries of each row that are not `MISSING`."""
        return self._added(self.state.log_evidence(X), self.forest.log_evidence(X))

    def draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw rows, each from one of the two."""
        unknown = np.full((n_samples, self.categories.variables), MISSING)
        classical = generator.random(n_samples) < self.weight
        unknown[classical] = self.forest.complete(unknown[classical], generator)
        if not classical.all():
            unknown[~classical] = self.state.draw(int(np.sum(~classical)), generator)
        return unknown

    def complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw the entries that are `MISSING`, each row from the one that its known entries choose.

        Of two distributions the posterior weights are those of their evidence.
        """
        found = X.copy()
        share = np.exp(np.log(self.weight) + self.forest.log_evidence(X) - self.log_evidence(X))
        classical = generator.random(len(X)) < share
        for rows, part in ((classical, self.forest), (~classical, self.state)):
            if rows.any():
                found[rows] = part.complete(X[rows], generator)
        return found

    def distribution(
        self, variables: Sequence[int], evidence: Mapping[int, int]
    ) -> NDArray[np.float64]:
        """Joint distribution of some variables given others."""
        row = np.full((1, self.categories.variables), MISSING)
        row[0, list(evidence)] = list(evidence.values())
        [total], [own] = self.log_evidence(row), self.state.log_evidence(row)
        # A state that rules the evidence out has no share, whatever its distribution.
        found = self.state.distribution(variables, evidence if np.isfinite(own) else {})
        classical = np.empty(found.size)
        for start in range(0, found.size, OUTCOMES):
            part = classical[start : start + OUTCOMES]
            rows = np.repeat(row, len(part), axis=0)
            numbers = np.arange(start, start + len(part))
            rows[:, list(variables)] = np.stack(np.unravel_index(numbers, found.shape), axis=1)
            part[:] = np.exp(self.forest.log_evidence(rows) - total)
        shared: NDArray[np.float64] = (1 - self.weight) * np.exp(own - total) * found
        return shared + self.weight * classical.reshape(found.shape)

    def _added(
        self, of_state: NDArray[np.float64], classical: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return mixed(self.weight, of_state, classical)


Classical = IndependentModel | ChowLiuTree


def candidates(
    smoothing: str,
    X: NDArray[np.int64],
    weights: NDArray[np.float64],
    categories: Categories,
    valid: NDArray[np.int64] | None,
) -> list[Classical]:
    """Fit the classical models that a name of `SMOOTHINGS` stands for.

    Parameters
    ----------
    smoothing
        The name.
    X, weights
        Training samples, and how often each counts.
    categories
        Of the variables.
    valid
        Validation samples, which are to choose among the models; without any there are none for
        ``"auto"``.

    Raises
    ------
    InvalidProblemError
        If a model is named but there are no validation samples.
    TooLargeError
        If a tree needs tables of more than 1 GiB.
    """
    if valid is None:
        if smoothing in ("auto", "none"):
            return []
        raise InvalidProblemError(
            f"smoothing = {smoothing!r}: its weight is chosen on validation samples; give X_valid"
        )
    wanted: dict[str, list[type[Classical]]] = {
        "none": [],
        "independent": [IndependentModel],
        "chow-liu": [ChowLiuTree],
        "auto": [IndependentModel, ChowLiuTree],
    }
    return [
        kind(n_categories=categories.sizes).fit(X, sample_weight=weights)
        for kind in wanted[smoothing]
    ]


def choose(
    models: Sequence[Classical], of_state: NDArray[np.float64], X: NDArray[np.int64], tol: float
) -> tuple[float, Classical | None]:
    """Choose the classical model and its weight that make validation samples likeliest.

    Parameters
    ----------
    models
        From `candidates`.
    of_state
        Log-likelihoods of the validation samples under the state, in nats.
    X
        The validation samples.
    tol
        Gain in nats that counts.

    Returns
    -------
    tuple
        The weight and the model; 0 and ``None`` if none gains more than ``tol``.
    """
    weight, chosen, best = 0.0, None, float(np.mean(of_state)) + tol
    for model in models:
        logs = model.score_samples(X)
        found = best_weight(of_state, logs)
        if found > 0:
            reached = float(np.mean(mixed(found, of_state, logs)))
            if reached > best:
                weight, chosen, best = found, model, reached
    return weight, chosen


def mixed(
    weight: float, of_state: NDArray[np.float64], classical: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log-likelihoods under the mixture in which the second has the weight given, above 0."""
    return np.logaddexp(np.log1p(-weight) + of_state, np.log(weight) + classical)


def best_weight(of_state: NDArray[np.float64], classical: NDArray[np.float64]) -> float:
    """Weight of the second of two distributions at which a mixture makes samples likeliest.

    Parameters
    ----------
    of_state, classical
        Log-likelihoods of the samples under each; shape ``(N,)``, finite for the second.

    Returns
    -------
    float
        From 0 to 1: the root of the derivative, which falls with the weight as the mean of
        logarithms of linear functions is concave.
    """
    # More than e^700 overflows, and less than e^-700 is nothing.
    excess = np.expm1(np.clip(classical - of_state, -700, 700))

    def slope(weight: float) -> float:
        return float(np.mean(excess / (1 + weight * excess)))

    if slope(0.0) <= 0:
        return 0.0
    end = 1 - 1e-9  # The state stays a part, were it never so bad.
    return end if slope(end) >= 0 else float(brentq(slope, 0.0, end, xtol=1e-12))
