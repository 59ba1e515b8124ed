"""What every classical density estimator of discrete data is to scikit-learn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import (
    Categories,
    as_discrete,
    as_weights,
    categories_of,
    require_binary,
    require_known,
)
from qml_algos.validation import require_count, seed_from


class DiscreteDensity(DensityMixin, BaseEstimator):
    """A density estimator of rows of categories: scikit-learn's interface, checks included.

    A subclass checks its parameters, fits, scores and samples; data comes to it as integers.

    Attributes
    ----------
    categories_
        `Categories` that the model was fitted with.
    n_features_in_
        Number of variables.
    """

    n_categories: int | Sequence[int] | None
    categories_: Categories

    _binary_only = False

    def fit(
        self,
        X: ArrayLike,
        y: object = None,  # noqa: ARG002
        sample_weight: ArrayLike | None = None,
        X_valid: ArrayLike | None = None,
    ) -> Self:
        """Fit to data.

        Parameters
        ----------
        X
            Shape ``(samples, variables)``: categories ``0 .. d_v - 1`` of each variable, d_v being
            one more than the largest one seen, at least 2, or ``n_categories``.
        y
            Ignored.
        sample_weight
            Shape ``(samples,)``: a weight of 2 stands for the same sample twice. ``None``: ones.
        X_valid
            Shape ``(any, variables)``: other data, on which models that are trained step by step
            choose when to stop. The other models have nothing to choose and only check it.

        Raises
        ------
        InvalidProblemError, ValueError
            If X or X_valid is empty, holds NaN, or anything but whole numbers from 0 on; X_valid
            holds a category that the model does not know; or a parameter is out of range.
        """
        self._require_parameters()
        data = self._table(X, "X", first=True)
        weights = as_weights(sample_weight, len(data))
        categories = categories_of(data, self.n_categories)
        if self._binary_only:
            require_binary(categories, type(self).__name__)
        valid = None
        if X_valid is not None:
            valid = as_discrete(X_valid, "X_valid")
            require_known(valid, categories, "X_valid")
        self.categories_ = categories
        # A sample without weight is one that is not there; as a seed or in a batch it would count.
        self._fit(data[weights > 0], weights[weights > 0], valid)
        return self

    def score_samples(self, X: ArrayLike) -> NDArray[np.float64]:
        """Log-likelihood of each sample.

        Parameters
        ----------
        X
            Shape ``(samples, variables)``.

        Returns
        -------
        ndarray
            In nats, shape ``(samples,)``.

        Raises
        ------
        InvalidProblemError
            If X holds a category that the model does not know.
        """
        check_is_fitted(self)
        return self._log_likelihoods(self._known(X))

    def score(self, X: ArrayLike, y: object = None) -> float:  # noqa: ARG002
        """Mean log-likelihood in nats per sample: the higher the better."""
        return float(np.mean(self.score_samples(X)))

    def sample(
        self, n_samples: int = 1, random_state: int | np.random.Generator | None = None
    ) -> NDArray[np.int64]:
        """Draw samples from the model.

        Parameters
        ----------
        n_samples
            How many.
        random_state
            Seed, generator, or ``None`` for a fresh one.

        Returns
        -------
        ndarray
            Integers, shape ``(n_samples, variables)``.

        Raises
        ------
        InvalidProblemError
            If ``n_samples`` is no positive integer.
        """
        check_is_fitted(self)
        require_count("n_samples", n_samples)
        generator = np.random.default_rng(seed_from(random_state))
        return self._draw(int(n_samples), generator)

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that data is made of categories."""
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.positive_only = True
        return tags

    def _table(self, X: ArrayLike, name: str, *, first: bool) -> NDArray[np.int64]:
        # What may be in a table is for as_discrete to say, with the place; sparse and complex
        # data, names of columns and their number are for scikit-learn.
        checked = validate_data(self, X, reset=first, dtype=None, ensure_all_finite=False)
        return as_discrete(_numbers(checked), name)

    def _known(self, X: ArrayLike) -> NDArray[np.int64]:
        data = self._table(X, "X", first=False)
        require_known(data, self.categories_)
        return data

    @abstractmethod
    def _require_parameters(self) -> None:
        """Refuse parameters that are out of range."""

    @abstractmethod
    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,
    ) -> None:
        """Fit to checked data; all weights are positive."""

    @abstractmethod
    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-likelihood of each row."""

    @abstractmethod
    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw rows."""


def _numbers(array: NDArray[Any]) -> NDArray[Any]:
    """Numbers that lie in an array of objects, as from a data frame of mixed types."""
    if array.dtype != object:
        return array
    try:
        return array.astype(np.float64)
    except ValueError as error:
        raise InvalidProblemError(f"X holds what is no number: {error}") from None
