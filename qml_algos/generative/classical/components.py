"""Tree-shaped distributions of discrete variables, several at a time: fit, score and draw.

A distribution whose graph is a tree is p(x) = product over v of p(x_v | x_parent(v)). Fitting takes
only the weighted counts of pairs, scoring is a quadratic form in the indicators of `encoding`.
Independent variables have no parents, and need less of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.generative.checks import Categories
from qml_algos.generative.classical.encoding import encoded, expansion, owner

_MOST_PAIRS = 2**27
"""Numbers in the tables of pairs of all components: 1 GiB."""


class Components(Protocol):
    """Several distributions of the same variables."""

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each row under each component, shape ``(samples, components)``."""

    def draw(
        self, component: int, n_samples: int, generator: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw rows from one component."""


@dataclass(frozen=True, eq=False)
class Products:
    """Independent variables, in each of several components.

    Attributes
    ----------
    categories
        Of the variables.
    log_probabilities
        Shape ``(components, total)``: of each category of each variable.
    """

    categories: Categories
    log_probabilities: NDArray[np.float64]

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each row under each component, shape ``(samples, components)``."""
        linear = expansion(self.categories).T @ self.log_probabilities.T
        return np.concatenate([Z @ linear for _, Z in encoded(X, self.categories)])

    def draw(
        self, component: int, n_samples: int, generator: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw rows from one component."""
        starts = self.categories.offsets[1:]
        tables = np.split(np.exp(self.log_probabilities[component]), starts)
        columns = [_drawn(np.tile(table, (n_samples, 1)), generator) for table in tables]
        return np.stack(columns, axis=1)


@dataclass(frozen=True, eq=False)
class Trees:
    """Directed trees (or forests) of variables, one for each of several components.

    Attributes
    ----------
    categories
        Of the variables.
    parents
        Shape ``(components, variables)``: -1 at a root.
    orders
        The same shape: the variables, each after its parent.
    potentials
        Shape ``(components, total, total)``: log p(child's category | parent's category) at
        [parent's, child's], log p(category) of a root on the diagonal, 0 elsewhere.
    """

    categories: Categories
    parents: NDArray[np.int64]
    orders: NDArray[np.int64]
    potentials: NDArray[np.float64]

    def log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each row under each component, shape ``(samples, components)``."""
        B = expansion(self.categories)
        forms = B.T @ self.potentials @ B
        found = np.empty((len(X), len(forms)))
        for rows, Z in encoded(X, self.categories):
            for k, form in enumerate(forms):
                found[rows, k] = np.einsum("sa,sa->s", Z @ form, Z)
        return found

    def draw(
        self, component: int, n_samples: int, generator: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw rows from one component, each variable after its parent."""
        X = np.zeros((n_samples, self.categories.variables), dtype=np.int64)
        offsets, sizes = self.categories.offsets, self.categories.sizes
        potentials = self.potentials[component]
        for v in self.orders[component]:
            own = slice(offsets[v], offsets[v] + sizes[v])
            parent = self.parents[component, v]
            if parent < 0:
                logs = np.tile(np.diag(potentials)[own], (n_samples, 1))
            else:
                logs = potentials[offsets[parent] + X[:, parent], own]
            X[:, v] = _drawn(np.exp(logs), generator)
        return X


Structure = Callable[[NDArray[np.float64], Categories], tuple[NDArray[np.int64], NDArray[np.int64]]]
"""From the joint weights of pairs, shape ``(total, total)``: each variable's parent, and an order
in which parents come first."""


def fit_products(
    X: NDArray[np.int64], categories: Categories, weights: NDArray[np.float64], smoothing: float
) -> Products:
    """Fit independent variables to weighted data.

    Parameters
    ----------
    X
        Shape ``(samples, variables)``.
    categories
        Of the variables.
    weights
        Shape ``(samples, components)``: of each sample in each component.
    smoothing
        Size of the uniform sample that is added to each component's data.
    """
    B, sizes = expansion(categories), np.repeat(categories.sizes, categories.sizes)
    short = sum(weights[rows].T @ Z for rows, Z in encoded(X, categories))
    counts = np.maximum(short @ B.T, 0) + smoothing / sizes
    totals = weights.sum(axis=0)[:, None] + smoothing
    return Products(categories, np.log(counts / totals))


def fit_trees(
    X: NDArray[np.int64],
    categories: Categories,
    weights: NDArray[np.float64],
    smoothing: float,
    structure: Structure,
) -> Trees:
    """Fit trees to weighted data.

    Parameters
    ----------
    X
        Shape ``(samples, variables)``.
    categories
        Of the variables.
    weights
        Shape ``(samples, components)``: of each sample in each component.
    smoothing
        Size of the uniform sample that is added to each component's data: smoothing / (d_u d_v) in
        each cell of the table of variables u and v. With it the tree of maximal mutual information
        and its tables are the ones of maximal posterior (Meila and Jordan 2000, section 5).
    structure
        What chooses the tree.

    Raises
    ------
    TooLargeError
        If the tables of pairs would take more than 1 GiB.
    """
    components, total = weights.shape[1], categories.total
    if components * total**2 > _MOST_PAIRS:
        raise TooLargeError(
            f"{components} x {total} x {total} counts of pairs: more than {_MOST_PAIRS}; take "
            "fewer components, or merge categories"
        )
    joints = pair_weights(X, categories, weights)
    parents, orders, potentials = [], [], []
    for joint in joints:
        smoothed = joint + smoothing * _uniform_pairs(categories)
        parent, order = structure(smoothed, categories)
        parents.append(parent)
        orders.append(order)
        potentials.append(_potentials(smoothed, categories, parent))
    return Trees(categories, np.array(parents), np.array(orders), np.array(potentials))


def chow_liu(
    joint: NDArray[np.float64], categories: Categories
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Structure of maximal likelihood: the spanning tree of maximal mutual information.

    Prim's algorithm from variable 0: O(variables^2) beside the mutual informations.
    """
    information = mutual_information(joint, categories)
    variables = categories.variables
    parents = np.zeros(variables, dtype=np.int64)
    best = np.full(variables, -np.inf)
    outside = np.ones(variables, dtype=bool)
    order = []
    latest = 0
    parents[0] = -1
    for _ in range(variables):
        order.append(latest)
        outside[latest] = False
        closer = outside & (information[latest] > best)
        best[closer], parents[closer] = information[latest, closer], latest
        latest = int(np.argmax(np.where(outside, best, -np.inf)))
    return parents, np.array(order)


def mutual_information(joint: NDArray[np.float64], categories: Categories) -> NDArray[np.float64]:
    """Mutual information of each pair of variables in nats, shape ``(variables, variables)``.

    On the diagonal stands the entropy of each variable.
    """
    p = joint / joint[: categories.sizes[0], : categories.sizes[0]].sum()
    marginal = np.diag(p)
    ratio = np.divide(p, np.outer(marginal, marginal), out=np.ones_like(p), where=p > 0)
    terms = p * np.log(ratio)
    starts = categories.offsets
    return np.add.reduceat(np.add.reduceat(terms, starts, axis=0), starts, axis=1)


def pair_weights(
    X: NDArray[np.int64], categories: Categories, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Count the weight of each pair of categories, shape ``(components, total, total)``.

    Parameters
    ----------
    X
        Shape ``(samples, variables)``.
    categories
        Of the variables.
    weights
        Shape ``(samples, components)``: of each sample in each component.
    """
    B = expansion(categories)
    short = np.zeros((weights.shape[1], B.shape[1], B.shape[1]))
    for rows, Z in encoded(X, categories):
        for k, column in enumerate(weights[rows].T):
            short[k] += (Z * column[:, None]).T @ Z
    # Category 0 comes from differences, which rounding may leave below 0.
    full: NDArray[np.float64] = np.maximum(B @ short @ B.T, 0)
    return full


def _uniform_pairs(categories: Categories) -> NDArray[np.float64]:
    """Probability of each pair of categories under the uniform distribution."""
    shares = 1 / np.repeat(categories.sizes, categories.sizes)
    owners = owner(categories)
    same = owners[:, None] == owners[None, :]
    return np.where(same, np.diag(shares), np.outer(shares, shares))


def _potentials(
    joint: NDArray[np.float64], categories: Categories, parents: NDArray[np.int64]
) -> NDArray[np.float64]:
    owners, marginal = owner(categories), np.diag(joint)
    total = marginal[: categories.sizes[0]].sum()
    edges = parents[owners][None, :] == owners[:, None]
    conditional = np.log(np.divide(joint, marginal[:, None], out=np.ones_like(joint), where=edges))
    roots = np.where(parents[owners] < 0, np.log(marginal / total), 0.0)
    return np.where(edges, conditional, 0.0) + np.diag(roots)


def _drawn(probabilities: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw one category from each row of probabilities."""
    sums = np.cumsum(probabilities, axis=1)
    # Scaled by the last sum, which rounding may leave below 1.
    levels = generator.random(len(sums)) * sums[:, -1]
    return np.sum(sums[:, :-1] <= levels[:, None], axis=1)
