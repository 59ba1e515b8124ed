"""Least squares for a tensor network classifier: one core after the other, in closed form.

A classifier is a chain of cores of shape ``(left bond, 2, right bond)``, as in
`qml_algos.generative.mps.chain`, one of which has a further axis for the class. Each sample is a
product of vectors, one for each site; contracted with the chain, it leaves a number for each class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_FLOOR = 1e-3
"""Of the weights that a truncation gives to directions, in units of their sum: those which few
samples show matter for new samples all the same."""


@dataclass(frozen=True)
class Settings:
    """How to sweep.

    Attributes
    ----------
    bond_dimension
        Of all bonds, at most.
    regularisation
        Of each least-squares problem, in units of the sum of its squared inputs.
    """

    bond_dimension: int
    regularisation: float


class Sweeper:
    """A classifier in training.

    Parameters
    ----------
    features
        Vectors of the samples, shape ``(N, sites, 2)``.
    targets
        What is to be fitted, shape ``(N, classes)``.
    settings
        How to.
    start
        Cores to begin with, in place of the principal components of the data; the first is not
        used.

    Attributes
    ----------
    cores
        Of all sites; the first, which holds the class, has the shape ``(1, 2, bond, classes)``.

    Notes
    -----
    The side of the chain that samples have been carried through is scaled such that their mean
    squared length is 1: nothing underflows, however long the chain is.
    """

    def __init__(
        self,
        features: Matrix,
        targets: Matrix,
        settings: Settings,
        start: Sequence[Matrix] | None = None,
    ) -> None:
        self._features, self._targets, self._settings = features, targets, settings
        samples, sites, _ = features.shape
        self.cores: list[Matrix] = [np.empty(0)] * sites
        self._sides: list[Matrix] = [np.ones((samples, 1))] * sites
        for site in range(sites - 1, 0, -1):
            inputs = self._inputs_right(site)
            if start is None:
                _, vectors = np.linalg.eigh(inputs.T @ inputs)
                basis = vectors[:, ::-1][:, : settings.bond_dimension]
            else:
                basis = start[site].reshape(len(start[site]), -1).T
            self._put_right(site, inputs, basis)
        self._solve_first()

    def sweep(self, report: Callable[[], None]) -> float:
        """Go to the last site and back; return the mean squared error.

        ``report`` is called after each core.
        """
        sites = len(self.cores)
        rights = list(self._sides)
        left = np.ones((len(self._targets), 1))
        lefts = [left]
        for site in range(sites - 1):
            inputs = _products(left, self._features[:, site])
            basis = self._basis(inputs, rights[site])
            core, left = _carried(inputs, basis)
            self.cores[site] = core.reshape(-1, 2, core.shape[1])
            lefts.append(left)
            report()
        for site in range(sites - 1, 0, -1):
            inputs = self._inputs_right(site)
            self._put_right(site, inputs, self._basis(inputs, lefts[site]))
            report()
        return self._solve_first()

    def _inputs_right(self, site: int) -> Matrix:
        return _products(self._features[:, site], self._sides[site])

    def _put_right(self, site: int, inputs: Matrix, basis: Matrix) -> None:
        core, self._sides[site - 1] = _carried(inputs, basis)
        self.cores[site] = core.T.reshape(core.shape[1], 2, -1)

    def _basis(self, inputs: Matrix, others: Matrix) -> Matrix:
        """Directions of the inputs, of one site and one side, that the best core uses most.

        Parameters
        ----------
        inputs
            Shape ``(N, 2 bond)``.
        others
            The other side, shape ``(N, bond)``.
        """
        solution = self._solution(_products(inputs, others))
        weights, inverse = _roots(inputs)
        core = solution.reshape(inputs.shape[1], others.shape[1], -1)
        core = np.einsum("ab,bcl,cd->adl", weights, core, _roots(others)[0], optimize=True)
        vectors, _, _ = np.linalg.svd(core.reshape(len(core), -1), full_matrices=False)
        basis, _ = np.linalg.qr(inverse @ vectors[:, : self._settings.bond_dimension])
        return basis

    def _solution(self, design: Matrix) -> Matrix:
        gram = design.T @ design
        gram.flat[:: len(gram) + 1] += self._settings.regularisation * np.trace(gram)
        return np.asarray(np.linalg.solve(gram, design.T @ self._targets), dtype=np.float64)

    def _solve_first(self) -> float:
        design = self._inputs_right(0)
        solution = self._solution(design)
        self.cores[0] = solution.reshape(1, 2, -1, solution.shape[1])
        return float(np.mean((design @ solution - self._targets) ** 2))


def outputs(cores: Sequence[Matrix], features: Matrix) -> Matrix:
    """Contract samples with a classifier.

    Parameters
    ----------
    cores
        The class is on the first.
    features
        Shape ``(N, sites, 2)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(N, classes)``; O(N sites D^2).
    """
    side = np.ones((len(features), 1))
    for site in range(len(cores) - 1, 0, -1):
        core = cores[site]
        side = _products(features[:, site], side) @ core.reshape(len(core), -1).T
    first = cores[0]
    found: Matrix = _products(features[:, 0], side) @ first.reshape(-1, first.shape[3])
    return found


def _products(first: Matrix, second: Matrix) -> Matrix:
    """Kronecker product of each pair of rows."""
    return (first[:, :, None] * second[:, None, :]).reshape(len(first), -1)


def _carried(inputs: Matrix, basis: Matrix) -> tuple[Matrix, Matrix]:
    """Core and side after it, scaled to a mean squared length of 1."""
    side = inputs @ basis
    length = np.sqrt(np.mean(np.sum(side**2, axis=1)))
    scale = 1 / length if length > 0 else 1.0
    return basis * scale, side * scale


def _roots(rows: Matrix) -> tuple[Matrix, Matrix]:
    """Square root of the second moments of rows, with a floor, and its inverse."""
    values, vectors = np.linalg.eigh(rows.T @ rows)
    scales = np.sqrt(np.maximum(values, 0) + _FLOOR * values.sum())
    return (vectors * scales) @ vectors.T, (vectors / scales) @ vectors.T
