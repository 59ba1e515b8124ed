"""Support vector regression with quantum kernels."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin
from sklearn.svm import SVR
from sklearn.utils.validation import validate_data

from qml_algos.svm.base import KernelMachine
from qml_algos.svm.checks import as_sample_weights
from qml_algos.validation import require_positive


class QuantumKernelSVR(RegressorMixin, KernelMachine):
    r"""Support vector regression with a quantum kernel.

    The kernel is evaluated once between all training points, and libsvm solves for the function
    that is as flat as possible and leaves residuals beyond ``epsilon`` at the price of C each.
    New points are compared with the support vectors only.

    Parameters
    ----------
    kernel
        As for `QuantumKernelSVC`.
    C
        Price of residuals beyond ``epsilon``.
    epsilon
        Half the width of the tube within which residuals are free, in units of y.
    tol
        To which the conditions of optimality are met.
    max_iter
        Most iterations of libsvm, each of O(n_samples) operations. It warns when there are not
        enough.
    train_kernel
        Whether to train the weights of the kernel's feature map before: see `align`.
    random_state
        Seed, generator, or ``None``. Unless it is ``None``, each ``random_state`` within the
        kernel is drawn from it, and the training of weights begins from it.
    verbose
        Whether to show how far the training of weights and the kernel are, if there is a terminal.

    Attributes
    ----------
    support_, support_vectors_
        Indices of support vectors, shape ``(n_SV,)``; themselves, shape ``(n_SV, n_features)``,
        without columns for a precomputed kernel.
    dual_coef_, intercept_
        Shapes ``(1, n_SV)`` and ``(1,)``.
    n_iter_
        Iterations.
    kernel_, alignment_, gram_, resources_
        As of `QuantumKernelSVC`.
    machine_
        The ``sklearn.svm.SVR`` that was trained on the Gram matrix.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    *Cost* and *weights*: as of `QuantumKernelSVC`.

    References
    ----------
    A. J. Smola, B. Schoelkopf, Stat. Comput. 14, 199 (2004).
    """

    def __init__(
        self,
        kernel: Any = None,
        *,
        C: float = 1.0,
        epsilon: float = 0.1,
        tol: float = 1e-3,
        max_iter: int = 1_000_000,
        train_kernel: bool = False,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.kernel = kernel
        self.C = C
        self.epsilon = epsilon
        self.tol = tol
        self.max_iter = max_iter
        self.train_kernel = train_kernel
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit to points and their values.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``, real; the Gram matrix, shape
            ``(n_samples, n_samples)``, for a precomputed kernel.
        y
            Real, shape ``(n_samples,)``.
        sample_weight
            Factors of C, shape ``(n_samples,)``.

        Raises
        ------
        ValueError, InvalidProblemError
            If X or y is not finite or has the wrong shape, a parameter is out of range, the kernel
            does not take that many features, or a precomputed Gram matrix is not symmetric and
            positive semidefinite.
        TooLargeError
            If the kernel takes more qubits or shots than its backend has.

        Warns
        -----
        ConvergenceWarning
            If ``max_iter`` iterations were not enough.
        """
        self._require_parameters()
        require_positive("epsilon", self.epsilon, zero=True)
        data, targets = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        weights = as_sample_weights(sample_weight, len(data))
        machine = SVR(
            kernel="precomputed",
            C=self.C,
            epsilon=self.epsilon,
            tol=self.tol,
            max_iter=self.max_iter,
        )
        self._fit_machine(machine, data, targets, weights)
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Predict values, shape ``(n_samples,)``.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``; for a precomputed kernel its values between new and
            training points, shape ``(n_samples, n_training_samples)``.
        """
        columns = self._columns(X)
        return self.machine_.predict(columns)
