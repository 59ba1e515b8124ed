"""Density estimators in closed form: independent variables, Markov chain, Chow-Liu tree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.checks import Categories
from qml_algos.generative.classical.components import (
    Components,
    Trees,
    chow_liu,
    fit_products,
    fit_trees,
)
from qml_algos.validation import require_positive


class _ClosedForm(DiscreteDensity):
    """One distribution, fitted by counting."""

    smoothing: float
    components_: Components

    def _require_parameters(self) -> None:
        require_positive("smoothing", self.smoothing)

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.components_.log_likelihoods(X)[:, 0]

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        return self.components_.draw(0, n_samples, generator)


class IndependentModel(_ClosedForm):
    """Independent variables: p(x) = product of p(x_v).

    Parameters
    ----------
    smoothing
        Size of the uniform sample that is added to the data: ``smoothing / d_v`` to the count of
        each category. 2 is Laplace's rule for binary variables.
    n_categories
        Numbers of categories, one for all variables or one for each; ``None``: from the data.

    Attributes
    ----------
    components_
        `Products` of one component.

    Notes
    -----
    Fit and score take O(samples * variables); nothing beats it in speed, anything should in
    likelihood.
    """

    def __init__(
        self, smoothing: float = 2.0, *, n_categories: int | Sequence[int] | None = None
    ) -> None:
        self.smoothing = smoothing
        self.n_categories = n_categories

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,  # noqa: ARG002
    ) -> None:
        self.components_ = fit_products(X, self.categories_, weights[:, None], self.smoothing)


class ChowLiuTree(_ClosedForm):
    """The best tree-shaped distribution: pairwise dependence, exactly normalised.

    Parameters
    ----------
    smoothing
        Size of the uniform sample that is added to the data: ``smoothing / (d_u d_v)`` to the count
        of each pair of categories. 4 is Laplace's rule in the tables of two binary variables.
    n_categories
        Numbers of categories, one for all variables or one for each; ``None``: from the data.

    Attributes
    ----------
    parents_
        Shape ``(variables,)``: the parent of each variable, -1 at the root, variable 0.
    components_
        `Trees` of one component.

    Notes
    -----
    The spanning tree of maximal mutual information maximises the likelihood among all trees. Fit
    takes O(samples * (categories - variables)^2) in one product of matrices, and ``8 categories^2``
    bytes with the categories of all variables counted together; scoring the same.

    References
    ----------
    C. K. Chow, C. N. Liu, IEEE Transactions on Information Theory 14, 462 (1968).
    """

    def __init__(
        self, smoothing: float = 4.0, *, n_categories: int | Sequence[int] | None = None
    ) -> None:
        self.smoothing = smoothing
        self.n_categories = n_categories

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,  # noqa: ARG002
    ) -> None:
        trees = fit_trees(X, self.categories_, weights[:, None], self.smoothing, chow_liu)
        self.components_, self.parents_ = trees, trees.parents[0]


class MarkovChain(_ClosedForm):
    """A chain of variables, with other transition probabilities at each step.

    Parameters
    ----------
    ordering
        Shape ``(variables,)``: the variables from first to last; ``None``: as the columns stand.
    smoothing
        Size of the uniform sample that is added to the data: ``smoothing / (d_u d_v)`` to the count
        of each pair of categories. 4 is Laplace's rule in the tables of two binary variables.
    n_categories
        Numbers of categories, one for all variables or one for each; ``None``: from the data.

    Attributes
    ----------
    ordering_
        The variables from first to last.
    components_
        `Trees` of one component.

    Notes
    -----
    Costs are those of `ChowLiuTree`, whose likelihood on the training data a chain cannot surpass.
    The square root of a chain of binary variables is a matrix product state of bond dimension 2.
    """

    def __init__(
        self,
        ordering: ArrayLike | None = None,
        *,
        smoothing: float = 4.0,
        n_categories: int | Sequence[int] | None = None,
    ) -> None:
        self.ordering = ordering
        self.smoothing = smoothing
        self.n_categories = n_categories

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,  # noqa: ARG002
    ) -> None:
        ordering = _permutation(self.ordering, X.shape[1])
        parents = np.empty_like(ordering)
        parents[ordering] = np.concatenate([[-1], ordering[:-1]])

        def chain(
            joint: NDArray[np.float64],  # noqa: ARG001
            categories: Categories,  # noqa: ARG001
        ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
            return parents, ordering

        self.ordering_ = ordering
        self.components_: Trees = fit_trees(
            X, self.categories_, weights[:, None], self.smoothing, chain
        )


def _permutation(given: ArrayLike | None, variables: int) -> NDArray[np.int64]:
    if given is None:
        return np.arange(variables)
    ordering = np.asarray(given)
    if ordering.dtype.kind not in "ui" or sorted(ordering.ravel()) != list(range(variables)):
        raise InvalidProblemError(
            f"ordering = {given!r}: must hold each of the variables 0 to {variables - 1} once"
        )
    return ordering.astype(np.int64)
