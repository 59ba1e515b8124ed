"""Networks that tell two phases apart, from the spins alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.augmentation import SpinAugmenter, images, require_shape
from qml_algos.physics.phases.encoding import encoded, encoding_of
from qml_algos.physics.phases.training import Schedule, fresh, train
from qml_algos.physics.threads import one_thread
from qml_algos.validation import require_count, require_positive, seed_from

Progress = Callable[[int, int], None]


class SpinNetworkClassifier(ClassifierMixin, BaseEstimator):
    """A few networks of one hidden layer for two classes; their mean probability decides.

    Bits are taken as spins +1 and -1. No feature is made of them: what the networks know of
    symmetries they learn from the images that the augmenter shows them, others in each epoch.

    Parameters
    ----------
    hidden
        Units of the hidden layer of each network.
    networks
        Networks, alike but for their first weights: the mean scatters less than one.
    augmenter
        Symmetries; ``None`` for none. Its own ``random_state`` is not used.
    epochs, batch_size, learning_rate
        Of Adam; the rate falls to 0 as a cosine.
    penalty
        Of half the squared weights.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    classes_
        The two labels in order.
    networks_
        `Networks`, as trained, for the second label.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    O(epochs * samples * features * networks * hidden) in single precision. All networks are trained
    by one product of matrices, which takes a tenth of the time of
    ``sklearn.neural_network.MLPClassifier`` for each of them.

    One hidden layer suffices: J. Carrasquilla, R. Melko, Nat. Phys. 13, 431 (2017).
    """

    def __init__(
        self,
        hidden: int = 10,
        *,
        networks: int = 4,
        augmenter: SpinAugmenter | None = None,
        epochs: int = 40,
        batch_size: int = 100,
        learning_rate: float = 0.03,
        penalty: float = 1e-4,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.hidden = hidden
        self.networks = networks
        self.augmenter = augmenter
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.penalty = penalty
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that there are two classes."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, *, progress: Progress | None = None) -> Self:
        """Train.

        Parameters
        ----------
        X
            Bits, spins or real features; shape ``(samples, features)``.
        y
            Two different labels; shape ``(samples,)``.
        progress
            Told the epochs done and those in all.

        Raises
        ------
        InvalidProblemError
            If a parameter is out of range, or the augmenter's shape is not that of X.
        ValueError
            If X or y is not as described.
        """
        self._require_parameters()
        checked, labels = validate_data(self, X, y, dtype="numeric")
        check_classification_targets(labels)
        classes, places = np.unique(labels, return_inverse=True)
        if len(classes) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is multiclass."
            )
        if len(classes) < 2:
            raise InvalidProblemError(f"y holds one class only, {classes[0]!r}: two are needed")
        self._learn(checked, places[:, None], progress)
        self.classes_ = classes
        return self

    def fit_labellings(
        self, X: NDArray[Any], labellings: NDArray[Any], *, progress: Progress | None = None
    ) -> list[SpinNetworkClassifier]:
        """Train a classifier for each of several labellings of the same samples, side by side.

        Each has networks of its own; they share the order of samples and their images, and the
        product of matrices that most of the time goes to.

        Parameters
        ----------
        X
            As `fit` takes it.
        labellings
            0 and 1; shape ``(samples, K)``.
        progress
            Told the epochs done and those in all.

        Returns
        -------
        list
            K fitted classifiers; this one is not changed.
        """
        self._require_parameters()
        together = clone(self)
        checked = validate_data(together, X, dtype="numeric")
        together._learn(checked, np.asarray(labellings), progress)
        return [together._part(k, self.networks) for k in range(np.shape(labellings)[1])]

    def _part(self, k: int, networks: int) -> SpinNetworkClassifier:
        found = clone(self)
        found.n_features_in_, found._encoding = self.n_features_in_, self._encoding
        found.networks_ = self.networks_.of(slice(k * networks, (k + 1) * networks))
        found.classes_ = np.array([0, 1])
        return found

    def _learn(self, X: NDArray[Any], targets: NDArray[Any], progress: Progress | None) -> None:
        generator = np.random.default_rng(seed_from(self.random_state))
        encoding = encoding_of(X)
        spins = encoded(X, encoding)
        augment = self._images(X.shape[1], generator)
        repeated = np.repeat(targets.astype(np.float32), self.networks, axis=1)
        networks = fresh(X.shape[1], repeated.shape[1], self.hidden, generator)
        schedule = Schedule(self.epochs, self.batch_size, self.learning_rate, self.penalty)
        told = (lambda k: progress(k, self.epochs)) if progress else (lambda _: None)
        with one_thread():
            train(networks, spins, repeated, schedule, generator, augment, told)
        self._encoding, self.networks_ = encoding, networks

    def _images(
        self, sites: int, generator: np.random.Generator
    ) -> Callable[[NDArray[Any]], NDArray[Any]]:
        augmenter = self.augmenter
        if augmenter is None:
            return lambda rows: rows
        shape = require_shape(augmenter.shape, sites)
        return lambda rows: images(
            rows,
            shape,
            generator,
            translations=augmenter.translations,
            flips=augmenter.flips,
        )

    def _require_parameters(self) -> None:
        for name in ("hidden", "networks", "epochs", "batch_size"):
            require_count(name, getattr(self, name))
        require_positive("learning_rate", self.learning_rate)
        require_positive("penalty", self.penalty, zero=True)
        if self.augmenter is not None and not isinstance(self.augmenter, SpinAugmenter):
            raise InvalidProblemError(
                f"augmenter is of type {type(self.augmenter).__name__}: a SpinAugmenter or None is "
                "needed"
            )

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Mean probabilities of both labels; shape ``(samples, 2)``.

        Raises
        ------
        InvalidProblemError
            If X is not encoded as what was fitted.
        ValueError
            If X is no matrix of so many finite numbers.
        """
        check_is_fitted(self, "networks_")
        checked = validate_data(self, X, dtype="numeric", reset=False)
        spins = encoded(checked, self._encoding).astype(np.float32)
        second = expit(self.networks_.logits(spins).astype(float)).mean(axis=1)
        return np.column_stack([1 - second, second])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label that is the more probable; shape ``(samples,)``."""
        above = self.predict_proba(X)[:, 1] > 0.5
        found: NDArray[Any] = self.classes_[above.astype(int)]
        return found
