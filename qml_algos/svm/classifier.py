"""Support vector classification with quantum kernels."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.svm import SVC
from sklearn.utils import Tags
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.svm.base import KernelMachine
from qml_algos.svm.checks import as_sample_weights, require_two_classes

_SHAPES = "ovr", "ovo"


class QuantumKernelSVC(ClassifierMixin, KernelMachine):
    r"""Support vector classification with a quantum kernel.

    The kernel is evaluated once between all training points, and libsvm solves

    .. math:: \max_\alpha \sum_i \alpha_i - \frac12 \sum_{ij} \alpha_i \alpha_j y_i y_j K_{ij},
        \quad 0 \le \alpha_i \le C w_i, \quad \sum_i \alpha_i y_i = 0

    for each pair of classes. New points are compared with the support vectors only.

    Parameters
    ----------
    kernel
        A kernel of `qml_algos.kernels` or of ``sklearn.gaussian_process.kernels``, or sums and
        products of them; a function of two matrices that returns their Gram matrix;
        ``"precomputed"``, if X is the Gram matrix itself; ``None`` for `FidelityKernel`.
    C
        Price of points within the margin.
    class_weight
        Factors of C by class; ``"balanced"`` for the inverse of their frequencies; ``None`` for 1.
    decision_function_shape
        ``"ovr"``: one column for each class; ``"ovo"``: one for each pair. Pairs are what is
        trained in both cases, and two classes have one column.
    tol
        To which the conditions of optimality are met.
    max_iter
        Most iterations of libsvm for each pair of classes, each of O(n_samples) operations. It
        warns when there are not enough.
    train_kernel
        Whether to train the weights of the kernel's feature map before: see `align`.
    random_state
        Seed, generator, or ``None``. Unless it is ``None``, each ``random_state`` within the
        kernel is drawn from it, and the training of weights begins from it.
    verbose
        Whether to show how far the training of weights and the kernel are, if there is a terminal.

    Attributes
    ----------
    classes_
        Shape ``(n_classes,)``.
    class_weight_
        Factors of C, shape ``(n_classes,)``.
    support_, support_vectors_, n_support_
        Indices of support vectors, class by class, shape ``(n_SV,)``; themselves, shape
        ``(n_SV, n_features)``, without columns for a precomputed kernel; how many in each class.
    dual_coef_, intercept_
        Shapes ``(n_classes - 1, n_SV)`` and ``(n_pairs,)``, in scikit-learn's order.
    n_iter_
        Iterations for each pair of classes.
    kernel_
        The kernel as it was used: seeded, trained; ``None`` if precomputed.
    alignment_
        What `align` returned; ``None`` unless ``train_kernel``.
    gram_
        `GramMatrix` that libsvm was given, of the training points of positive weight: values,
        symmetric and positive semidefinite; whether they were projected for that, and the least
        eigenvalue before; standard errors, if it was sampled; costs. Of kernels of scikit-learn,
        sums and products among them, no more than the values and the time is known.
    machine_
        The ``sklearn.svm.SVC`` that was trained on it.
    resources_
        `qml_algos.results.Resources` of the training Gram matrix, without those that training
        weights took; ``classical_seconds`` includes libsvm.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    *Cost.* ``N (N - 1) / 2`` kernel entries to train and ``n_SV`` for each new point. On a device
    each entry is a circuit; exact simulation prepares each state once.

    *Weights.* Points of weight 0 count as not there, and no circuit is run for them.

    *Probabilities* are left out: calibrating them takes further data or folds. Wrap the estimator
    in ``sklearn.calibration.CalibratedClassifierCV``.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326; M. Schuld, N. Killoran, Phys. Rev.
    Lett. 122, 040504 (2019); C.-C. Chang, C.-J. Lin, ACM Trans. Intell. Syst. Technol. 2, 27
    (2011).
    """

    def __init__(
        self,
        kernel: Any = None,
        *,
        C: float = 1.0,
        class_weight: dict[Any, float] | str | None = None,
        decision_function_shape: str = "ovr",
        tol: float = 1e-3,
        max_iter: int = 1_000_000,
        train_kernel: bool = False,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.kernel = kernel
        self.C = C
        self.class_weight = class_weight
        self.decision_function_shape = decision_function_shape
        self.tol = tol
        self.max_iter = max_iter
        self.train_kernel = train_kernel
        self.random_state = random_state
        self.verbose = verbose

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that the default kernel is not for any data.

        The ZZ map turns fast; unless its bandwidth is tuned, it reaches 0.57 on blobs where
        scikit-learn wants 0.83.
        """
        tags = super().__sklearn_tags__()
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
            Factors of C, shape ``(n_samples,)``.

        Raises
        ------
        ValueError, InvalidProblemError
            If X or y is not finite or has the wrong shape, there is one class only, a parameter is
            out of range, the kernel does not take that many features, or a precomputed Gram matrix
            is not symmetric and positive semidefinite.
        TooLargeError
            If the kernel takes more qubits or shots than its backend has.

        Warns
        -----
        ConvergenceWarning
            If ``max_iter`` iterations were not enough.
        """
        self._require_parameters()
        if self.decision_function_shape not in _SHAPES:
            raise UnknownNameError("decision_function_shape", self.decision_function_shape, _SHAPES)
        data, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        weights = as_sample_weights(sample_weight, len(data))
        counted = labels[weights > 0]
        require_two_classes(counted)
        classes = np.unique(counted)
        factors = compute_class_weight(
            self.class_weight, classes=classes, y=counted, sample_weight=weights[weights > 0]
        )
        if np.any(factors <= 0):
            raise InvalidProblemError(
                f"class_weight = {self.class_weight!r}: every factor must be above 0"
            )
        machine = SVC(
            kernel="precomputed",
            C=self.C,
            class_weight=dict(zip(classes, factors, strict=True)),
            decision_function_shape=self.decision_function_shape,
            # Else points whose pairs vote in a circle get another label than the largest of the
            # decision functions.
            break_ties=self.decision_function_shape == "ovr",
            tol=self.tol,
            max_iter=self.max_iter,
        )
        self._fit_machine(machine, data, labels, weights)
        self.classes_, self.class_weight_ = machine.classes_, factors
        self.n_support_ = machine.n_support_
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict class labels, shape ``(n_samples,)``.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``; for a precomputed kernel its values between new and
            training points, shape ``(n_samples, n_training_samples)``.
        """
        columns = self._columns(X)
        return self.machine_.predict(columns)

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
            ``(n_samples, n_classes)`` or ``(n_samples, n_pairs)``, as ``decision_function_shape``
            asks.
        """
        columns = self._columns(X)
        return self.machine_.decision_function(columns)
