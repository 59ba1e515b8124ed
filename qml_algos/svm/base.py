"""What support vector machines of classification and of regression share."""

from __future__ import annotations

import time
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import SVC, SVR
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.alignment import Alignment, align
from qml_algos.pca.progress import progress_bar
from qml_algos.svm.gram import (
    gram_of,
    is_precomputed,
    is_sampled,
    kernel_for_fit,
    precomputed_gram,
    training_gram,
)
from qml_algos.validation import require_count, require_positive


class KernelMachine(BaseEstimator):
    """Support vector machine on a Gram matrix; see its two subclasses.

    libsvm sees Gram matrices only, never data, and those of new points hold no more than the
    columns of support vectors.
    """

    kernel: Any
    C: float
    tol: float
    max_iter: int
    train_kernel: bool
    random_state: int | np.random.Generator | None
    verbose: bool

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn how to split the input, and whether fits repeat themselves."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = is_precomputed(self.kernel)
        tags.non_deterministic = is_sampled(self.kernel)
        return tags

    def _require_parameters(self) -> None:
        require_positive("C", self.C)
        require_positive("tol", self.tol)
        require_count("max_iter", self.max_iter)

    def _kernel(
        self, data: NDArray[np.float64], targets: NDArray[Any]
    ) -> tuple[Any, Alignment | None]:
        """Return the kernel that is used, ``None`` if precomputed, and how it was trained if so."""
        if is_precomputed(self.kernel):
            if self.train_kernel:
                raise InvalidProblemError(
                    "train_kernel = True: a precomputed Gram matrix has no weights to train"
                )
            return None, None
        kernel = kernel_for_fit(self.kernel, self.random_state, verbose=self.verbose)
        if not self.train_kernel:
            return kernel, None
        with progress_bar(shown=self.verbose) as progress:
            alignment = align(
                kernel, data, targets, random_state=self.random_state, progress=progress
            )
        return alignment.kernel, alignment

    def _fit_machine(
        self,
        machine: SVC | SVR,
        data: NDArray[np.float64],
        targets: NDArray[Any],
        weights: NDArray[np.float64],
    ) -> None:
        """Evaluate the kernel between all samples of positive weight, and train on the result.

        libsvm drops the others too, but numbers support vectors among those that are left.
        """
        kept = np.flatnonzero(weights)
        kernel, alignment = self._kernel(data[kept], targets[kept])
        own = kernel is not None
        gram = training_gram(kernel, data[kept]) if own else precomputed_gram(data, kept)
        start = time.perf_counter()
        with warnings.catch_warnings():
            # Its advice is about features, which libsvm does not see here.
            warnings.simplefilter("ignore", ConvergenceWarning)
            machine.fit(gram.values, targets[kept], sample_weight=weights[kept])
        seconds = time.perf_counter() - start
        if machine.fit_status_:
            warnings.warn(
                f"stopped after max_iter = {self.max_iter:,} iterations, before tol = "
                f"{self.tol:g} was reached; a smaller C or a larger max_iter helps",
                ConvergenceWarning,
                stacklevel=3,
            )
        self.machine_, self.kernel_, self.alignment_ = machine, kernel, alignment
        self.gram_ = gram
        self.support_ = kept[machine.support_]
        self.support_vectors_ = data[self.support_, : None if own else 0]
        self.dual_coef_, self.intercept_ = machine.dual_coef_, machine.intercept_
        self.n_iter_ = machine.n_iter_
        costs = gram.resources
        self.resources_ = replace(costs, classical_seconds=costs.classical_seconds + seconds)

    def _columns(self, X: ArrayLike) -> NDArray[np.float64]:
        """Kernel between new points and the training set, 0 where no support vector is."""
        check_is_fitted(self, "machine_")
        data = validate_data(self, X, dtype=np.float64, reset=False)
        values = data[:, self.support_] if self.kernel_ is None else np.zeros((len(data), 0))
        if self.kernel_ is not None and len(self.support_):
            values = gram_of(self.kernel_, data, self.support_vectors_).values
        columns = np.zeros((len(data), self.machine_.shape_fit_[0]))
        columns[:, self.machine_.support_] = values
        return columns
