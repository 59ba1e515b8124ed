"""Classification with a matrix-product state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps.state import ChainState
from qml_algos.physics.learning.states import class_state, schmidt_values
from qml_algos.physics.learning.sweeps import Settings, Sweeper, outputs
from qml_algos.physics.threads import one_thread
from qml_algos.validation import require_count, require_positive


class MPSClassifier(ClassifierMixin, BaseEstimator):
    r"""Classifier whose weights, one for each product of features, are a matrix-product state.

    Feature x of a sample, between 0 and 1, becomes the state of a qubit, ``(cos(angle x), sin(angle
    x))``, and the sample their product, a vector of length ``2^n``. The classifier is linear in it:
    for each class a weight vector, all of which are one matrix-product state with an index more.

    Parameters
    ----------
    bond_dimension
        Size of the matrices, D.
    angle
        Of the qubit of the largest value of a feature; in radians, above 0. pi/2, as in the paper,
        makes the smallest and the largest value orthogonal, which overfits where features are many
        and samples few.
    regularisation
        Of each least-squares problem, in units of the sum of its squared inputs; above 0.
    sweeps
        From the first site to the last and back.
    start
        Cores to begin with, of shape ``(left, 2, right)``, for each feature in turn, such as those
        of `states.stacked_cores`; ``None`` for the principal components of the data.

    Attributes
    ----------
    cores_
        For each feature, shape ``(left bond, 2, right bond)``; the first has another axis, for the
        class.
    classes_
        Shape ``(n_classes,)``.
    minimum_, maximum_
        Of each feature in training; shape ``(n_features,)``. New values beyond count as these.
    losses_
        Mean squared errors after each sweep.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    *Training.* The targets are 1 for the class of a sample and 0 for the others. The core that
    holds the class is found by regularised least squares in closed form; its singular value
    decomposition, in which directions count by how much samples show them, gives the core that
    stays and hands the class on to the next site. Nothing is drawn at random. The paper merges two
    sites and descends along the gradient; a solution in closed form takes fewer operations by
    orders of magnitude.

    *Cost.* A sweep takes ``16 N n D^4`` operations for N samples of n features, and O(n D^6); a
    prediction ``4 n D^2``. Memory: ``8 N (4 n D + 2 D^2)`` bytes.

    References
    ----------
    E. M. Stoudenmire, D. J. Schwab, Adv. Neural Inf. Process. Syst. 29, 4799 (2016),
    arXiv:1605.05775.
    """

    def __init__(
        self,
        bond_dimension: int = 10,
        *,
        angle: float = np.pi / 4,
        regularisation: float = 5e-5,
        sweeps: int = 1,
        start: Sequence[NDArray[Any]] | None = None,
    ) -> None:
        self.bond_dimension = bond_dimension
        self.angle = angle
        self.regularisation = regularisation
        self.sweeps = sweeps
        self.start = start

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Fit to labelled points.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``, real. Neighbouring features should depend on each
            other most.
        y
            Class labels, shape ``(n_samples,)``.
        progress
            Called with the number of cores solved for and of all.

        Raises
        ------
        ValueError, InvalidProblemError
            If X or y is not finite or has the wrong shape, there is one class only, or a parameter
            is out of range.
        """
        self._require_parameters()
        data, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        classes, numbers = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            raise InvalidProblemError("y holds one class only: at least two classes are needed")
        self.minimum_, self.maximum_ = data.min(axis=0), data.max(axis=0)
        features, targets = self._features(data), np.eye(len(classes))[numbers]
        settings = Settings(self.bond_dimension, self.regularisation)
        start = self._checked_start(data.shape[1])
        done, total = 0, self.sweeps * 2 * (data.shape[1] - 1)

        def report() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(done, total)

        with one_thread():
            sweeper = Sweeper(features, targets, settings, start)
            losses = [sweeper.sweep(report) for _ in range(self.sweeps)]
        self.classes_, self.cores_, self.losses_ = classes, sweeper.cores, np.array(losses)
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the classifier.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``.

        Returns
        -------
        numpy.ndarray
            Shape ``(n_samples, n_classes)``; for two classes the difference of the second and the
            first, shape ``(n_samples,)``.
        """
        check_is_fitted(self)
        data = validate_data(self, X, dtype=np.float64, reset=False)
        found = outputs(self.cores_, self._features(data))
        return found[:, 1] - found[:, 0] if len(self.classes_) == 2 else found

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict class labels, shape ``(n_samples,)``.

        Parameters
        ----------
        X
            Shape ``(n_samples, n_features)``.
        """
        found = self.decision_function(X)
        chosen = (found > 0).astype(int) if found.ndim == 1 else found.argmax(axis=1)
        return np.asarray(self.classes_[chosen])

    def class_state(self, label: Any) -> ChainState:
        """Return the normalised weights of a class as a state of qubits, one for each feature.

        It is of the kind that `MPSBornMachine` trains: it can be drawn from, completed, and asked
        for distributions. Drawn bits stand for the smallest value of a feature and, if ``angle`` is
        pi/2, the largest.

        Raises
        ------
        InvalidProblemError
            If there is no such class.
        """
        check_is_fitted(self)
        found = np.flatnonzero(self.classes_ == label)
        if not len(found):
            raise InvalidProblemError(f"label = {label!r}: known are {self.classes_.tolist()}")
        return class_state(self.cores_, int(found[0]))

    def entanglement_entropies(self) -> NDArray[np.float64]:
        """Entropies of the state of all classes, in bits, between its sites.

        Returns
        -------
        numpy.ndarray
            For the cuts after 1, ..., n - 1 features, the class being with the first; at most
            ``log2(bond_dimension)`` each.
        """
        check_is_fitted(self)
        shares = [values**2 for values in schmidt_values(self.cores_)]
        return np.array([-np.sum(p * np.log2(np.maximum(p, 1e-300))) for p in shares])

    def _require_parameters(self) -> None:
        require_count("bond_dimension", self.bond_dimension)
        require_count("sweeps", self.sweeps)
        require_positive("angle", self.angle)
        require_positive("regularisation", self.regularisation)

    def _checked_start(self, sites: int) -> Sequence[NDArray[Any]] | None:
        start = self.start
        if start is None:
            return None
        shapes = [np.shape(core)[:3] for core in start]
        right = [shape[2] if len(shape) == 3 else -1 for shape in shapes]
        left = [shape[0] if len(shape) == 3 and shape[1] == 2 else -1 for shape in shapes]
        if len(shapes) != sites or left != [1, *right[:-1]] or right[-1] != 1:
            raise InvalidProblemError(
                f"start has cores of shapes {shapes}: {sites} of (left, 2, right) are needed, "
                "whose bonds match and end with 1"
            )
        return start

    def _features(self, data: NDArray[np.float64]) -> NDArray[np.float64]:
        """Vectors of two entries for each feature; shape ``(N, n, 2)``."""
        width = self.maximum_ - self.minimum_
        scaled = (data - self.minimum_) / np.where(width > 0, width, 1.0)
        angles = self.angle * np.clip(scaled, 0, 1)
        return np.stack([np.cos(angles), np.sin(angles)], axis=2)
