"""Mixtures of trees and of products, by expectation maximisation."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn.cluster import kmeans_plusplus

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.classical.components import (
    Components,
    chow_liu,
    fit_products,
    fit_trees,
)
from qml_algos.generative.classical.encoding import encoded
from qml_algos.validation import require_count, require_positive, seed_from

_PATIENCE = 5
"""Iterations without a gain on the validation data after which a fit ends."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Components and their logarithmic weights, shape ``(components,)``."""

    log_weights: NDArray[np.float64]
    components: Components

    def joint(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log of weight times probability, shape ``(samples, components)``."""
        return self.components.log_likelihoods(X) + self.log_weights

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each row."""
        found: NDArray[np.float64] = logsumexp(self.joint(X), axis=1)
        return found


class _MixtureDensity(DiscreteDensity):
    """Mixture of distributions that can be fitted to weighted data."""

    n_components: int | Sequence[int]
    smoothing: float
    max_iterations: int
    tolerance: float
    random_state: int | np.random.Generator | None

    @abstractmethod
    def _components(self, X: NDArray[np.int64], weights: NDArray[np.float64]) -> Components:
        """Fit each component to the data with its own column of weights."""

    def _require_parameters(self) -> None:
        for number in self._candidates():
            require_count("n_components", number)
        require_positive("smoothing", self.smoothing)
        require_count("max_iterations", self.max_iterations)
        require_positive("tolerance", self.tolerance)

    def _candidates(self) -> list[int]:
        if not isinstance(self.n_components, Sequence):
            return [self.n_components]
        if not self.n_components:
            raise InvalidProblemError(
                "n_components is empty: an integer, or several to choose from"
            )
        return list(self.n_components)

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,
    ) -> None:
        candidates = self._candidates()
        if max(candidates) > len(X):
            raise InvalidProblemError(
                f"n_components = {max(candidates)}: there are only {len(X)} samples of positive "
                "weight"
            )
        if valid is None and len(candidates) > 1:
            raise InvalidProblemError(
                "n_components holds several numbers: X_valid is needed to choose among them"
            )
        best = -np.inf
        for number in candidates:
            mixture, history = self._one_run(X, weights, valid, number)
            if max(history) > best or number == candidates[0]:
                best = max(history)
                self.mixture_, self.history_, self.n_components_ = mixture, history, number
        self.n_iter_ = len(self.history_)
        self.weights_ = np.exp(self.mixture_.log_weights)

    def _one_run(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,
        number: int,
    ) -> tuple[Mixture, NDArray[np.float64]]:
        """Last mixture, or the best on the validation data, and the scores of all iterations."""
        history: list[float] = []
        kept: Mixture | None = None
        for mixture, fitted in self._iterations(X, weights, number):
            history.append(
                fitted if valid is None else float(mixture.log_likelihoods(valid).mean())
            )
            # The likelihood of the training data may fall, as its product with the priors rises.
            if valid is None or history[-1] == max(history):
                kept = mixture
            if _converged(history, self.tolerance) if valid is None else _stalled(history):
                break
        assert kept is not None
        return kept, np.array(history)

    def _iterations(
        self, X: NDArray[np.int64], weights: NDArray[np.float64], number: int
    ) -> Iterator[tuple[Mixture, float]]:
        """Each iteration's mixture and its mean log-likelihood on the training data."""
        responsibilities = _seeded(self, X, weights, number)
        for _ in range(self.max_iterations):
            shares = responsibilities * weights[:, None]
            # One more sample in each keeps a component that lost all of its own.
            sizes = shares.sum(axis=0) + 1
            mixture = Mixture(np.log(sizes / sizes.sum()), self._components(X, shares))
            joint = mixture.joint(X)
            evidence = logsumexp(joint, axis=1)
            responsibilities = np.exp(joint - evidence[:, None])
            yield mixture, float(np.average(evidence, weights=weights))

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.mixture_.log_likelihoods(X)

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        numbers = generator.multinomial(n_samples, self.weights_ / self.weights_.sum())
        drawn = [
            self.mixture_.components.draw(k, int(number), generator)
            for k, number in enumerate(numbers)
            if number
        ]
        return generator.permutation(np.concatenate(drawn))


class ChowLiuMixture(_MixtureDensity):
    """Mixture of trees, each with a structure of its own.

    Parameters
    ----------
    n_components
        Number of trees; several: that of them with the best likelihood on ``X_valid``.
    smoothing
        Size of the uniform sample that is added to the data of each tree.
    max_iterations
        Of expectation maximisation.
    tolerance
        Without ``X_valid``, a fit ends where the mean log-likelihood moves by less than this, in
        nats. With it, after five iterations without a gain on ``X_valid``; the best one is kept.
    n_categories
        Numbers of categories, one for all variables or one for each; ``None``: from the data.
    random_state
        Seed, generator, or ``None`` for a fresh one: of the samples that components start from.

    Attributes
    ----------
    mixture_
        `Mixture`: logarithmic weights and `Trees`.
    weights_
        Of the components.
    n_components_
        Number of components.
    history_
        Mean log-likelihood after each iteration, on ``X_valid`` if given.
    n_iter_
        Number of iterations.

    Notes
    -----
    Components start from the samples nearest to seeds spread out by k-means++. Each iteration
    raises the likelihood times the priors of ``smoothing``, except for rounding, and takes
    O(components * samples * (categories - variables)^2), with the categories of all variables
    counted together. One component is a `ChowLiuTree`.

    References
    ----------
    M. Meila, M. I. Jordan, Journal of Machine Learning Research 1, 1 (2000).
    """

    def __init__(
        self,
        n_components: int | Sequence[int] = 8,
        *,
        smoothing: float = 1.0,
        max_iterations: int = 200,
        tolerance: float = 1e-3,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.smoothing = smoothing
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.n_categories = n_categories
        self.random_state = random_state

    def _components(self, X: NDArray[np.int64], weights: NDArray[np.float64]) -> Components:
        return fit_trees(X, self.categories_, weights, self.smoothing, chow_liu)


class CategoricalMixture(_MixtureDensity):
    """Mixture of products of independent variables: latent classes; of Bernoullis if binary.

    Parameters
    ----------
    n_components
        Number of products; several: that of them with the best likelihood on ``X_valid``.
    smoothing
        Size of the uniform sample that is added to the data of each product.
    max_iterations
        Of expectation maximisation.
    tolerance
        Without ``X_valid``, a fit ends where the mean log-likelihood moves by less than this, in
        nats. With it, after five iterations without a gain on ``X_valid``; the best one is kept.
    n_categories
        Numbers of categories, one for all variables or one for each; ``None``: from the data.
    random_state
        Seed, generator, or ``None`` for a fresh one: of the samples that components start from.

    Attributes
    ----------
    mixture_
        `Mixture`: logarithmic weights and `Products`.
    weights_
        Of the components.
    n_components_
        Number of components.
    history_
        Mean log-likelihood after each iteration, on ``X_valid`` if given.
    n_iter_
        Number of iterations.

    Notes
    -----
    As `ChowLiuMixture`, at O(components * samples * (categories - variables)) an iteration. One
    component is an `IndependentModel`.

    References
    ----------
    P. F. Lazarsfeld, N. W. Henry, Latent Structure Analysis (1968).
    A. P. Dempster, N. M. Laird, D. B. Rubin, Journal of the Royal Statistical Society B 39, 1
    (1977).
    """

    def __init__(
        self,
        n_components: int | Sequence[int] = 30,
        *,
        smoothing: float = 0.5,
        max_iterations: int = 200,
        tolerance: float = 1e-3,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.smoothing = smoothing
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.n_categories = n_categories
        self.random_state = random_state

    def _components(self, X: NDArray[np.int64], weights: NDArray[np.float64]) -> Components:
        return fit_products(X, self.categories_, weights, self.smoothing)


def _converged(history: list[float], tolerance: float) -> bool:
    return len(history) > 1 and abs(history[-1] - history[-2]) < tolerance


def _stalled(history: list[float]) -> bool:
    if len(history) <= _PATIENCE:
        return False
    return max(history[-_PATIENCE:]) <= max(history[:-_PATIENCE])


def _seeded(
    model: _MixtureDensity, X: NDArray[np.int64], weights: NDArray[np.float64], number: int
) -> NDArray[np.float64]:
    """Responsibilities of 1 for the nearest of seeds spread out by k-means++."""
    Z = np.concatenate([part for _, part in encoded(X, model.categories_)])
    seeds, _ = kmeans_plusplus(
        Z, number, sample_weight=weights, random_state=seed_from(model.random_state)
    )
    squares = np.sum(seeds**2, axis=1) - 2 * Z @ seeds.T
    return np.eye(number)[np.argmin(squares, axis=1)]
