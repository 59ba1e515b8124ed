"""Exact inference in a tree-shaped distribution: evidence, samples, and completions of samples.

Messages go from the leaves to the roots and back (J. Pearl, Proc. AAAI, 133 (1982)), for all
samples side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.checks import MISSING
from qml_algos.generative.classical.components import Products, Trees
from qml_algos.generative.classical.trees import ChowLiuTree, IndependentModel

MOST_ENTRIES = 2**23
"""Numbers in the messages of the samples that are treated at a time: 64 MiB."""


@dataclass(frozen=True, eq=False)
class Forest:
    """A distribution whose graph is a forest: p(x) = product over v of p(x_v | x_parent(v)).

    Attributes
    ----------
    parents
        Of each variable, -1 at a root.
    order
        The variables, each after its parent.
    tables
        For each variable, ``p(x_v | x_parent)`` in shape ``(d_parent, d_v)``; one row at a root.

    Notes
    -----
    Each method takes ``O(N n d^2)`` operations for N samples of n variables with d categories.
    """

    parents: tuple[int, ...]
    order: tuple[int, ...]
    tables: tuple[NDArray[np.float64], ...]

    def log_evidence(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-probability in nats of the entries that are not `MISSING`, for each row."""
        return np.concatenate([self._beliefs(X[rows])[1] for rows in self._chunks(len(X))])

    def complete(self, X: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Draw the entries that are `MISSING` given the others of their row; return a copy."""
        found = X.copy()
        for chunk in self._chunks(len(X)):
            part = found[chunk]
            beliefs, _ = self._beliefs(part)
            for v in self.order:
                parent = self.parents[v]
                table = self.tables[v][part[:, parent] if parent >= 0 else [0] * len(part)]
                part[:, v] = _drawn(table * beliefs[v], generator)
        return found

    def _beliefs(
        self, X: NDArray[np.int64]
    ) -> tuple[list[NDArray[np.float64]], NDArray[np.float64]]:
        """Return what the known entries at and below each variable say of it, and their evidence.

        The former are of shape ``(N, d_v)`` and have a largest entry of 1.
        """
        logs = np.zeros(len(X))
        beliefs = [
            np.where(
                column[:, None] == MISSING, True, column[:, None] == np.arange(len(table.T))
            ).astype(np.float64)
            for column, table in zip(X.T, self.tables, strict=True)
        ]
        for v in reversed(self.order):
            parent, message = self.parents[v], beliefs[v] @ self.tables[v].T
            if parent < 0:
                logs += np.log(message[:, 0])
                continue
            beliefs[parent] *= message
            top = beliefs[parent].max(axis=1)
            beliefs[parent] /= top[:, None]
            logs += np.log(top)
        return beliefs, logs

    def _chunks(self, samples: int) -> list[slice]:
        entries = sum(table.shape[1] for table in self.tables)
        size = max(MOST_ENTRIES // entries, 1)
        return [slice(start, start + size) for start in range(0, samples, size)]


def forest_of(model: IndependentModel | ChowLiuTree) -> Forest:
    """Return the distribution of a fitted classical model.

    Parameters
    ----------
    model
        Fitted, with smoothing, so that nothing has probability 0.
    """
    starts, found = model.categories_.offsets, model.components_
    own = [slice(a, a + d) for a, d in zip(starts, model.categories_.sizes, strict=True)]
    if isinstance(found, Products):
        roots = np.exp(found.log_probabilities[0])
        tables = [roots[None, rows] for rows in own]
        return Forest((-1,) * len(own), tuple(range(len(own))), tuple(tables))
    if not isinstance(found, Trees):
        raise TypeError(f"a tree is needed, not {type(found).__name__}")
    parents, potentials = [int(parent) for parent in found.parents[0]], found.potentials[0]
    tables = [
        np.exp(potentials[own[parent], rows] if parent >= 0 else np.diag(potentials)[None, rows])
        for parent, rows in zip(parents, own, strict=True)
    ]
    return Forest(tuple(parents), tuple(int(v) for v in found.orders[0]), tuple(tables))


def _drawn(chances: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw a category from each row of chances, which need not add up to 1."""
    sums = np.cumsum(chances, axis=1)
    levels = generator.random(len(sums)) * sums[:, -1]
    return np.sum(sums[:, :-1] <= levels[:, None], axis=1)
