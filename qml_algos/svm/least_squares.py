"""The least-squares support vector machine, on any solver of linear systems."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.gram import GramMatrix
from qml_algos.linear_systems import Solution
from qml_algos.linear_systems.solvers import Solver
from qml_algos.svm.centred_system import CentredSystem, centred_system
from qml_algos.svm.checks import as_sample_weights, require_two_classes
from qml_algos.svm.gram import (
    gram_of,
    is_precomputed,
    is_sampled,
    kernel_for_fit,
    precomputed_gram,
    training_gram,
)
from qml_algos.svm.shared_solves import promised_error, solve_all, solver_of, total_resources
from qml_algos.validation import require_epsilon, require_positive


class QuantumLeastSquaresSVC(ClassifierMixin, BaseEstimator):
    r"""Least-squares support vector classification, its linear system solved by a quantum solver.

    .. math:: \min_{w, b, e} \tfrac12 \|w\|^2 + \tfrac\gamma2 \sum_i c_i e_i^2, \quad
        y_i = w^T \phi(x_i) + b + e_i

    with labels :math:`y_i = \pm 1` and sample weights c. Its conditions of optimality are a linear
    system of the training set's size; Rebentrost, Mohseni and Lloyd solve it by HHL. Here any
    solver of `qml_algos.linear_systems` does. The bias is eliminated first
    (`qml_algos.svm.centred_system`): one positive definite system on the qubits that hold the
    samples, instead of the indefinite one with a row more. More than two classes are told apart one
    by one from the rest: as many right-hand sides for one matrix.

    Parameters
    ----------
    kernel
        A kernel of `qml_algos.kernels` or of ``sklearn.gaussian_process.kernels``, or sums and
        products of them; a function of two matrices that returns their Gram matrix;
        ``"precomputed"``, if X is the Gram matrix itself; ``None`` for `FidelityKernel`.
    gamma
        Price of squared errors; its inverse is the ridge. The condition number is at most
        :math:`1 + \gamma \lambda_{\max}`, that of the centred Gram matrix.
    solver
        ``HHL(...)`` or another solver of `qml_algos.linear_systems`, or its name.
    epsilon
        Relative error of the solution, for a solver given by name; exact ones have none.
    backend
        Where a quantum solver runs: a name, a path, or a backend. Kernels have their own.
    shots
        Repetitions of each circuit of a quantum solver; ``None`` for as many as the solver's
        epsilon takes. Signs of the solution take a circuit for each qubit.
    class_weight
        Factors of gamma by class; ``"balanced"`` for the inverse of their frequencies; ``None``
        for 1.
    random_state
        Seed, generator, or ``None``: of the solver's shots and of the kernel's.
    verbose
        Whether to show the kernel's progress bar, if there is a terminal.

    Attributes
    ----------
    classes_
        Shape ``(n_classes,)``.
    class_weight_
        Factors of gamma, shape ``(n_classes,)``.
    support_, support_vectors_
        Indices of samples of positive weight, which the system is made of, shape ``(n_SV,)``;
        themselves, shape ``(n_SV, n_features)``, without columns for a precomputed kernel.
    dual_coef_
        Alpha: shape ``(1, n_SV)`` for two classes, else ``(n_classes, n_SV)``; each row adds up
        to 0.
    intercept_
        Bias, shape ``(1,)`` or ``(n_classes,)``.
    solutions_
        `qml_algos.linear_systems.Solution` for each right-hand side, with its circuit, costs,
        success probability and promised error.
    solution_errors_
        Bounds on the distance of each solution from the exact one, same shape as ``intercept_``:
        what the solver promised, or gamma times the norm of the residual if that is less. The
        second is all there is with shots and noise, and holds for them.
    condition_number_bound_
        From row sums and the ridge.
    kernel_
        The kernel as it was used, seeded; ``None`` if precomputed.
    gram_
        `GramMatrix` of the samples in ``support_``, made positive semidefinite, with its own costs.
    resources_
        `qml_algos.results.Resources` of all linear systems: the largest circuit, and sums.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    *Cost.* ``N (N - 1) / 2`` kernel entries, then the solver's: ``N^3 / 3`` operations once for
    ``"direct"``; a circuit on ``log2 N`` data qubits for each class (one for two classes) for HHL,
    whose success probability is at least about ``0.5 / kappa^2``. All coefficients are read out,
    which takes at least as many shots as there are samples: the claimed exponential speed-up does
    not survive that, nor a Gram matrix that is computed entry by entry.

    *Labels.* The bounds in ``solution_errors_`` become bounds on decisions
    (`decision_errors`): where these are below the margin, labels are those of the exact solution
    (`labels_certain`). What a sampled kernel errs by is not part of them.

    References
    ----------
    J. Suykens, J. Vandewalle, Neural Process. Lett. 9, 293 (1999); weights: J. Suykens, J. De
    Brabanter, L. Lukas, J. Vandewalle, Neurocomputing 48, 85 (2002). P. Rebentrost, M. Mohseni,
    S. Lloyd, Phys. Rev. Lett. 113, 130503 (2014), arXiv:1307.0471.
    """

    def __init__(
        self,
        kernel: Any = None,
        *,
        gamma: float = 1.0,
        solver: str | Solver = "direct",
        epsilon: float = 1e-2,
        backend: str | Path | Backend = "aer",
        shots: int | None = None,
        class_weight: dict[Any, float] | str | None = None,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.kernel = kernel
        self.gamma = gamma
        self.solver = solver
        self.epsilon = epsilon
        self.backend = backend
        self.shots = shots
        self.class_weight = class_weight
        self.random_state = random_state
        self.verbose = verbose

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn how to split the input, and whether fits repeat themselves."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = is_precomputed(self.kernel)
        tags.non_deterministic = self.shots is not None or is_sampled(self.kernel)
        # The default kernel is not made for the blobs that scikit-learn checks accuracy with.
        tags.classifier_tags.poor_score = self.kernel is None
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit to labelled points.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``, real; the Gram matrix, shape
            ``(n_samples, n_samples)``, for a precomputed kernel.
        y
            Class labels, shape ``(n_samples,)``.
        sample_weight
            Factors of gamma, shape ``(n_samples,)``.

        Raises
        ------
        ValueError, InvalidProblemError, UnknownNameError
            If X or y is not finite or has the wrong shape, there is one class only, a parameter is
            out of range, there is no such solver or backend, or a precomputed Gram matrix is not
            symmetric and positive semidefinite.
        UnsuitableSolverError, TooLargeError
            If the solver does not take the system, or it does not fit the backend.
        """
        require_positive("gamma", self.gamma)
        require_epsilon(self.epsilon)
        solver = solver_of(self.solver, self.epsilon)
        data, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        weights = as_sample_weights(sample_weight, len(data))
        kept = np.flatnonzero(weights)
        require_two_classes(labels[kept])
        self.classes_, codes = np.unique(labels[kept], return_inverse=True)
        self.class_weight_ = compute_class_weight(
            self.class_weight,
            classes=self.classes_,
            y=labels[kept],
            sample_weight=weights[kept],
        )
        if not np.all(self.class_weight_ > 0):
            raise InvalidProblemError(f"class_weight = {self.class_weight!r}: must be positive")
        self.gram_ = self._training_gram(data, kept)
        system = centred_system(
            self.gram_.values, weights[kept] * self.class_weight_[codes], float(self.gamma)
        )
        self._solve(system, solver, codes)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict class labels, shape ``(n_samples,)``.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``; for a precomputed kernel its values between new and
            training points, shape ``(n_samples, n_training_samples)``.
        """
        decisions = self.decision_function(X)
        codes = (decisions > 0).astype(int) if decisions.ndim == 1 else decisions.argmax(axis=1)
        labels: NDArray[Any] = self.classes_[codes]
        return labels

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the decision functions.

        Parameters
        ----------
        X
            As for `predict`.

        Returns
        -------
        NDArray
            Shape ``(n_samples,)`` for two classes, positive for the second; else
            ``(n_samples, n_classes)``.
        """
        return _one_column(self._decisions(self._columns(X)))

    def decision_errors(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Bounds on the error of decisions that the linear solver makes.

        A decision is :math:`\bar y + v^T \beta`, so that it errs by at most :math:`\|v\|` times
        the bound in ``solution_errors_``. Rounding is left out.

        Parameters
        ----------
        X
            As for `predict`.

        Returns
        -------
        NDArray
            Of the same shape as the decisions.
        """
        return _one_column(self._errors(self._columns(X)))

    def labels_certain(self, X: ArrayLike) -> NDArray[np.bool_]:
        """Tell which labels are those of the exact solution, whatever the error within its bound.

        Parameters
        ----------
        X
            As for `predict`.

        Returns
        -------
        NDArray
            Shape ``(n_samples,)``.
        """
        columns = self._columns(X)
        decisions, errors = self._decisions(columns), self._errors(columns)
        if decisions.shape[1] == 1:
            return np.abs(decisions[:, 0]) > errors[:, 0]
        winners = decisions.argmax(axis=1)[:, None]
        lowest = np.take_along_axis(decisions - errors, winners, axis=1)
        highest = decisions + errors
        np.put_along_axis(highest, winners, -np.inf, axis=1)
        certain: NDArray[np.bool_] = lowest[:, 0] > highest.max(axis=1)
        return certain

    def classification_shots(
        self, X: ArrayLike, *, confidence: float = 0.99
    ) -> NDArray[np.float64]:
        r"""Shots that the quantum classification of new points takes, instead of reading alpha.

        The state of the solution, found with probability p, and the state of the query vector v
        interfere in a Hadamard test (``solve(..., overlaps=..., overlap_method="hadamard")``),
        whose mean is the decision f less a known number, over :math:`\|v\| \|\beta\| / \sqrt p`.
        Each shot has a variance of at most 1, so that the sign of f takes

        .. math:: \left(\frac{z \|v\| \|\beta\|}{f}\right)^2 \frac1p

        shots, z the quantile of the confidence (normal approximation).

        Parameters
        ----------
        X
            As for `predict`.
        confidence
            Probability of the right sign, between 0.5 and 1.

        Returns
        -------
        NDArray
            Of the same shape as the decisions; infinite where these are 0.

        Raises
        ------
        InvalidProblemError
            If the confidence is out of range.
        """
        if not 0.5 < confidence < 1:
            raise InvalidProblemError(f"confidence = {confidence!r}: must lie between 0.5 and 1")
        columns = self._columns(X)
        quantile = float(ndtri(confidence))
        queries = np.linalg.norm(self._centring.query_vectors(columns), axis=1)
        lengths = np.array(
            [
                solution.norm / np.sqrt(solution.success_probability or 1)
                for solution in self.solutions_
            ]
        )
        with np.errstate(divide="ignore"):
            needed = (quantile * np.outer(queries, lengths) / self._decisions(columns)) ** 2
        return _one_column(np.maximum(needed, 1.0))

    def _training_gram(self, data: NDArray[np.float64], kept: NDArray[np.intp]) -> GramMatrix:
        """Evaluate the kernel between the samples that count."""
        if is_precomputed(self.kernel):
            self.kernel_, gram = None, precomputed_gram(data, kept)
        else:
            self.kernel_ = kernel_for_fit(self.kernel, self.random_state, verbose=self.verbose)
            gram = training_gram(self.kernel_, data[kept])
        self.support_, self.support_vectors_ = (
            kept,
            data[kept, : 0 if self.kernel_ is None else None],
        )
        return gram

    def _solve(self, system: CentredSystem, solver: Solver, codes: NDArray[np.intp]) -> None:
        """Solve for each class, and keep what decisions need."""
        told_apart = [1] if len(self.classes_) == 2 else range(len(self.classes_))
        targets = [np.where(codes == code, 1.0, -1.0) for code in told_apart]
        self.solutions_ = solve_all(
            system.matrix,
            [system.right_hand_side(target) for target in targets],
            solver,
            condition_bound=system.condition_bound,
            backend=self.backend,
            shots=self.shots,
            random_state=self.random_state,
        )
        pairs = list(zip(targets, self.solutions_, strict=True))
        self.dual_coef_ = np.array([system.dual(solution.x) for _, solution in pairs])
        self.intercept_ = np.array(
            [system.intercept(*pair) for pair in zip(targets, self.dual_coef_, strict=True)]
        )
        self.solution_errors_ = np.array(
            [
                _error_bound(
                    solution,
                    promised_error(solution, solver),
                    float(self.gamma) * system.residual(target, solution.x),
                )
                for target, solution in pairs
            ]
        )
        self.condition_number_bound_ = system.condition_bound
        self.resources_ = total_resources(self.solutions_)
        self._centring = system.centring

    def _columns(self, X: ArrayLike) -> NDArray[np.float64]:
        """Kernel between new points and the samples that the system is made of."""
        check_is_fitted(self)
        data = validate_data(self, X, dtype=np.float64, reset=False)
        if self.kernel_ is None:
            return data[:, self.support_]
        return gram_of(self.kernel_, data, self.support_vectors_).values

    def _decisions(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        decisions: NDArray[np.float64] = columns @ self.dual_coef_.T + self.intercept_
        return decisions

    def _errors(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        lengths = np.linalg.norm(self._centring.query_vectors(columns), axis=1)
        return np.outer(lengths, self.solution_errors_)


def _one_column(values: NDArray[Any]) -> NDArray[Any]:
    """Drop the second axis where there is one column only, as for two classes."""
    return values[:, 0] if values.shape[1] == 1 else values


def _error_bound(solution: Solution, promised: float | None, from_residual: float) -> float:
    """Bound on the distance from the exact solution, from the promise and from the residual."""
    if promised is None:
        return from_residual
    return min(from_residual, promised / (1 - promised) * solution.norm)
