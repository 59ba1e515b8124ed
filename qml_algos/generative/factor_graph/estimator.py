"""The model as a density estimator of scikit-learn, trained on exact gradients."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_weights
from qml_algos.generative.factor_graph.checks import checked_edges, checked_qubits, checked_samples
from qml_algos.generative.factor_graph.engines import require_method
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.parametrisation import (
    bounds,
    free_parameters,
    matrices_and_slopes,
    random_parameters,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.validation import seed_from

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]


class FactorGraphGenerativeModel(DensityMixin, BaseEstimator):
    r"""The generative model of Gao, Zhang and Duan, trained by maximum likelihood.

    The state is :math:`\bigotimes_i M_i |G\rangle` on a given graph; P(x) comes from measuring the
    visible qubits, with hidden ones traced out and conditioned ones projected on 0. The matrices
    are the parameters.

    Parameters
    ----------
    graph
        Edges, pairs of qubits.
    visible
        The qubit of each column of X.
    n_qubits
        ``None`` for as many as the graph and ``visible`` mention.
    conditioned
        Qubits projected on 0. Those neither visible nor conditioned are hidden.
    condition_number
        Most that a matrix may have, between 1 and 1e6. The gap of the parent Hamiltonian closes
        with it, and the success of post-selected filters falls: see `path.path_report`.
    restarts
        Random beginnings; the best on ``X_valid``, if there is one, else on X, is kept.
    max_iterations
        Of L-BFGS-B in each restart.
    tol
        L-BFGS-B stops at a step that gains less, relative to the likelihood.
    method
        ``"statevector"``, ``"contraction"`` or ``"auto"``: the one with fewer multiplications.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    state_
        `QuantumGenerativeState`.
    losses_
        Negative log-likelihood of X for each restart, nats a sample.
    best_restart_
        The one that was kept.
    n_iter_
        Its iterations.
    n_features_in_
        Number of variables.

    Notes
    -----
    *Cost.* A step takes the weights and their derivatives for each distinct row of X: ``m 2**m`` by
    statevector, ``m 2**w`` a row by contraction, w the width (`QuantumGenerativeState.width`).

    *What it is not.* Where this class can train, the model is classically easy: the exponential
    advantage that is claimed for it lives on graphs too wide to contract, and needs gaps and
    overlaps along the path that stay polynomial.

    References
    ----------
    X. Gao, Z.-Y. Zhang, L.-M. Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038.
    """

    def __init__(
        self,
        graph: Sequence[Sequence[int]],
        visible: Sequence[int],
        *,
        n_qubits: int | None = None,
        conditioned: Sequence[int] = (),
        condition_number: float = 4.0,
        restarts: int = 4,
        max_iterations: int = 500,
        tol: float = 1e-7,
        method: str = "auto",
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.graph = graph
        self.visible = visible
        self.n_qubits = n_qubits
        self.conditioned = conditioned
        self.condition_number = condition_number
        self.restarts = restarts
        self.max_iterations = max_iterations
        self.tol = tol
        self.method = method
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: object = None,  # noqa: ARG002
        sample_weight: ArrayLike | None = None,
        X_valid: ArrayLike | None = None,
    ) -> Self:
        """Fit the matrices to data.

        Parameters
        ----------
        X
            Shape ``(n_samples, len(visible))``, 0 or 1.
        y
            Ignored.
        sample_weight
            Shape ``(n_samples,)``, a weight of 2 stands for the same sample twice.
        X_valid
            Shape ``(any, len(visible))``: chooses among the restarts.

        Raises
        ------
        InvalidProblemError, ValueError
            If X is empty, not binary or has another number of columns, the graph has loops, double
            edges or no qubits for ``visible``, or a parameter is out of range.
        TooLargeError
            If the graph is too wide to contract, and too large for a statevector.

        Warns
        -----
        ConvergenceWarning
            If the restart that was kept ended at ``max_iterations``.
        """
        model = self._structure()
        data = checked_samples(_table(self, X, reset=True), len(model.visible))
        weights = as_weights(sample_weight, len(data))
        valid = None if X_valid is None else checked_samples(X_valid, len(model.visible))
        rows, totals = _distinct(data[weights > 0], weights[weights > 0])
        generator = np.random.default_rng(seed_from(self.random_state))
        objective = model.objective(rows, totals, self.method)
        found = [self._restart(model, objective, generator) for _ in range(self.restarts)]
        states = [model.state(result.x) for result in found]
        self.losses_ = np.array([float(result.fun) for result in found])
        merits = self.losses_
        if valid is not None:
            merits = np.array([-s.log_probability(valid, self.method).mean() for s in states])
        self.best_restart_ = int(np.argmin(merits))
        best = found[self.best_restart_]
        if best.status == 1:
            warnings.warn(
                f"L-BFGS-B stopped at max_iterations = {self.max_iterations}",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.state_, self.n_iter_ = states[self.best_restart_], int(best.nit)
        return self

    def score_samples(self, X: ArrayLike) -> Floats:
        """Log-likelihood of each sample in nats, shape ``(n_samples,)``."""
        check_is_fitted(self)
        return self.state_.log_probability(_table(self, X, reset=False), self.method)

    def score(self, X: ArrayLike, y: object = None) -> float:  # noqa: ARG002
        """Mean log-likelihood in nats a sample: the higher the better."""
        return float(np.mean(self.score_samples(X)))

    def sample(
        self, n_samples: int = 1, random_state: int | np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Draw from the model, exactly; shape ``(n_samples, n_features_in_)``."""
        check_is_fitted(self)
        return self.state_.sample(n_samples, random_state, self.method)

    def marginal(self, variables: Iterable[int]) -> Floats:
        """As `QuantumGenerativeState.marginal`."""
        check_is_fitted(self)
        return self.state_.marginal(variables, self.method)

    def conditional(self, given: Mapping[int, int]) -> QuantumGenerativeState:
        """As `QuantumGenerativeState.conditional`: the distribution of the other variables."""
        check_is_fitted(self)
        return self.state_.conditional(given)

    def _restart(
        self, model: _Structure, objective: Objective, generator: np.random.Generator
    ) -> Any:
        start = random_parameters(generator, model.free, self.condition_number)[model.free]
        return scipy.optimize.minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds(model.free, self.condition_number),
            options={
                "maxcor": 30,
                "maxiter": self.max_iterations,
                "maxfun": 4 * self.max_iterations,
                "ftol": self.tol,
                "gtol": 1e-7,
            },
        )

    def _structure(self) -> _Structure:
        """Check the parameters, and fix the graph."""
        require_method(self.method)
        _require_count("restarts", self.restarts)
        _require_count("max_iterations", self.max_iterations)
        if self.n_qubits is not None:
            _require_count("n_qubits", self.n_qubits)
        _require_between("condition_number", self.condition_number, 1, 1e6)
        _require_between("tol", self.tol, 0, 1)
        edges = checked_edges(self.graph, self.n_qubits)
        mentioned = [*self.visible, *self.conditioned, *(end for edge in edges for end in edge)]
        qubits = self.n_qubits
        if qubits is None:
            whole = (int(end) for end in mentioned if isinstance(end, int | np.integer))
            qubits = 1 + max(whole, default=0)
        visible = checked_qubits("visible", self.visible, qubits)
        conditioned = checked_qubits("conditioned", self.conditioned, qubits)
        # The state checks what is left: that the two are disjoint, and that one is visible.
        trial = QuantumGenerativeState(edges, np.array([np.eye(2)] * qubits), visible, conditioned)
        return _Structure(edges, visible, conditioned, free_parameters(qubits, trial.hidden))


@dataclass(frozen=True, eq=False)
class _Structure:
    """Everything of a model but its matrices."""

    edges: tuple[tuple[int, int], ...]
    visible: tuple[int, ...]
    conditioned: tuple[int, ...]
    free: NDArray[np.bool_]

    def state(self, values: Floats) -> QuantumGenerativeState:
        """Return the state of some values of the free parameters."""
        matrices, _ = matrices_and_slopes(self._filled(values))
        return QuantumGenerativeState(self.edges, matrices, self.visible, self.conditioned)

    def objective(self, rows: NDArray[np.int64], weights: Floats, method: str) -> Objective:
        """Return the function that gives the negative log-likelihood and its gradient."""

        def loss(values: Floats) -> tuple[float, Floats]:
            _, slopes = matrices_and_slopes(self._filled(values))
            logs, by_entry = log_probability_gradient(self.state(values), rows, method)
            mean = np.einsum("n,nmba->mba", weights, by_entry)
            by_parameter = np.einsum("mba,mpba->mp", mean.conj(), slopes).real
            return -float(weights @ logs), -by_parameter[self.free]

        return loss

    def _filled(self, values: Floats) -> Floats:
        parameters = np.zeros(self.free.shape)
        parameters[self.free] = values
        return parameters


def _require_count(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise InvalidProblemError(f"{name} = {value!r}: must be a positive integer")


def _require_between(name: str, value: object, least: float, most: float) -> None:
    number = isinstance(value, int | float | np.floating) and not isinstance(value, bool)
    if not (number and least < value < most):  # type: ignore[operator]
        raise InvalidProblemError(f"{name} = {value!r}: must lie between {least:g} and {most:g}")


def _distinct(data: NDArray[np.int64], weights: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Distinct rows with their shares of the weight."""
    rows, which = np.unique(data, axis=0, return_inverse=True)
    totals = np.bincount(which.reshape(-1), weights=weights, minlength=len(rows))
    return rows, totals / totals.sum()


def _table(estimator: BaseEstimator, X: ArrayLike, *, reset: bool) -> Any:
    return validate_data(estimator, X, reset=reset, dtype=None, ensure_all_finite=False)
