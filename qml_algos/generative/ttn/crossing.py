"""The samples at an edge, and the merged tensor of the two cores there after a step.

S. Cheng, L. Wang, T. Xiang, P. Zhang, PRB 99, 155131 (2019), section III, move the merged tensor
along the gradient and split it by singular values, which takes O(D^4) operations for a sample and
O(D^6) for the tensor. But the gradient is a sum over samples of products of a vector of one side
and one of the other, and only the largest singular values are kept. They are found without the
tensor by the range finder of N. Halko, P.-G. Martinsson, J. A. Tropp, SIAM Review 53, 217 (2011),
algorithm 4.1, with the bond as it was and some random directions to begin with: O(D^3) for a sample
and O(D^4) for the cores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core
from qml_algos.generative.ttn.groups import Indices

Columns = NDArray[np.float32]
"""One column for each configuration of one side of an edge, shape ``(bond, configurations)``."""
OVERSAMPLING = 8
"""Directions beyond the largest bond among which the largest singular values are sought."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """The samples at an edge: each is a configuration of this side and one of that side.

    Attributes
    ----------
    here, there
        Numbers of the configurations that each sample has, shape ``(N,)``.
    weights
        Of the samples, shape ``(N,)``.
    table, transposed
        Coefficients of the samples in the rows and columns of their configurations, sparse; both
        have the same numbers in memory.
    """

    here: Indices
    there: Indices
    weights: Columns
    table: Any
    transposed: Any

    @property
    def reversed(self) -> Crossing:
        """The same edge from the other side, and the same coefficients in memory."""
        return Crossing(self.there, self.here, self.weights, self.transposed, self.table)

    def amplitudes(self, own: Columns, other: Columns) -> Columns:
        """Inner product of the two columns of each sample."""
        found: Columns = np.einsum(
            "ij,ij->j", own.take(self.here, axis=1), other.take(self.there, axis=1)
        )
        return found

    def weigh(self, coefficients: NDArray[Any]) -> None:
        """Give each sample its coefficient in the sums to come."""
        self.table.data = self.transposed.data = coefficients

    def sums_here(self, columns: Columns) -> Columns:
        """Add up that side's columns of the samples of each configuration of this side, as rows."""
        found: Columns = self.table @ columns.T
        return found

    def sums_there(self, columns: Columns) -> Columns:
        """Add up this side's columns of the samples of each configuration of that side, as rows."""
        found: Columns = self.transposed @ columns.T
        return found


def crossing(here: Indices, there: Indices, weights: NDArray[np.float64]) -> Crossing:
    """Sort samples by the configurations of this side; memory: at most ``32 N`` bytes."""
    order = np.argsort(here, kind="stable")
    here, there, numbers = here[order], there[order], weights[order].astype(np.float32)
    starts = np.searchsorted(here, np.arange(here[-1] + 2))
    shape = here[-1] + 1, there.max() + 1
    table = scipy.sparse.csr_array((numbers, there, starts), shape=shape)
    return Crossing(here, there, numbers, table, table.T)


@dataclass(frozen=True, eq=False)
class Merged:
    """The merged tensor after a step, as a matrix from that side to this side.

    ``(1 - step) * centre @ isometry.T + step * gradient``: the gradient has overlap 1 with the
    state, so that their difference is tangent to the sphere.

    Attributes
    ----------
    centre, isometry
        Cores of this and that side, as matrices whose second axis is the bond between them.
    own, other
        Products of the environments of either side, a column for each configuration.
    crossing
        Its coefficients are the samples' weights over their amplitudes.
    step
        Share of the way to the gradient.
    """

    centre: Core
    isometry: Core
    own: Columns
    other: Columns
    crossing: Crossing
    step: float

    def dense(self) -> Core:
        """Return the matrix itself, where one of its sides is small."""
        if len(self.own) >= len(self.other):
            gradient = self.own @ self.crossing.sums_here(self.other)
        else:
            gradient = (self.other @ self.crossing.sums_there(self.own)).T
        return self._between(self.centre @ self.isometry.T, gradient)

    def times(self, probes: Core, projected: Columns) -> Core:
        """Product with the isometry and with probes, side by side.

        ``projected`` is ``isometry.T @ other``.
        """
        seen = np.concatenate([projected, probes.T.astype(np.float32) @ self.other])
        before = np.concatenate([self.centre, self.centre @ (self.isometry.T @ probes)], axis=1)
        return self._between(before, self.own @ self.crossing.sums_here(seen))

    def rows(self, basis: Core, coefficients: Columns) -> Core:
        """Product with a basis of this side from the left; ``coefficients = basis.T @ own``."""
        before = (basis.T @ self.centre) @ self.isometry.T
        return self._between(before, (self.other @ self.crossing.sums_there(coefficients)).T)

    def _between(self, before: Core, gradient: Columns) -> Core:
        return (1 - self.step) * before + self.step * gradient

    def reduced(
        self, projected: Columns, most: int, generator: np.random.Generator
    ) -> tuple[Core, Core, Columns]:
        """Leave the directions of this side that matter.

        Parameters
        ----------
        projected
            ``isometry.T @ other``.
        most
            Directions to leave at most.
        generator
            Of the random ones among them.

        Returns
        -------
        tuple
            An orthonormal basis, and its products ``basis.T @ (...)`` with the matrix and with
            ``own``.
        """
        if len(self.own) <= most:
            return np.eye(len(self.own)), self.dense(), self.own
        if len(self.other) <= most:
            basis, rest = np.linalg.qr(self.dense())
            return basis, rest, basis.T.astype(np.float32) @ self.own
        probes = generator.normal(size=(len(self.other), most - self.centre.shape[1]))
        basis = np.linalg.qr(self.times(probes, projected))[0]
        columns = basis.T.astype(np.float32) @ self.own
        return basis, self.rows(basis, columns), columns
