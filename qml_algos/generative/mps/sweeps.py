"""Two-site sweeps that raise the likelihood of a matrix-product state.

Z.-Y. Han, J. Wang, H. Fan, L. Wang, P. Zhang, PRX 8, 031012 (2018), section III.B: two neighbouring
cores are merged, moved along the gradient of the log-likelihood, and split by a truncated singular
value decomposition, pair after pair to the right end and back. Here each pair takes one step on all
samples, and the contractions are matrix products over groups of samples with equal values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core, Cores
from qml_algos.generative.mps.pairs import pair_groups
from qml_algos.generative.mps.rows import (
    Rows,
    bounded,
    mean_log_likelihood,
    norm,
    normalise,
    row_sums,
    single,
)
from qml_algos.generative.mps.truncation import kept


class Sweeper:
    """A state in training, and the environments of its samples.

    Environments are in single precision: they only enter the gradient, of which two digits matter.
    Each row has length 1, so that an amplitude is the cosine between a sample and the state, and a
    bound on its inverse has the same meaning at each pair; the logarithms of the lengths are kept.

    Parameters
    ----------
    X
        Shape ``(N, n)``, distinct samples, n at least 2.
    weights
        Of the samples, shape ``(N,)``; their sum is 1.
    categories
        Of each variable.
    bond_dimension
        The largest bond.
    clip
        The most that an inverse amplitude counts in the gradient.

    Attributes
    ----------
    cores
        The state, of centre 0 between sweeps; each core is replaced, never changed in place.

    Notes
    -----
    Memory: ``4 N`` bytes times the sum of the bonds for the environments, at most ``4 N n D``, and
    ``36 N n`` for the groups, weights and logarithms. Cost of a two-way sweep: ``12 N n D^2``
    operations for samples and about ``20 n (d D)^3`` for cores. A complex state takes twice the
    memory for its environments and four times the operations.
    """

    def __init__(
        self,
        X: NDArray[np.intp],
        weights: NDArray[np.float64],
        categories: Sequence[int],
        *,
        bond_dimension: int,
        clip: float,
    ) -> None:
        self._bond_dimension, self._floor = bond_dimension, np.float32(1 / clip)
        self._pairs = pair_groups(X, categories)
        self._weights = [weights[pair.order].astype(np.float32) for pair in self._pairs]

    def start(self, cores: Cores, shrinkage: float) -> None:
        """Begin with a state.

        Parameters
        ----------
        cores
            Of centre 0; the list is copied.
        shrinkage
            How strongly the Schmidt values are drawn to 0: each step takes ``2 * rate *
            shrinkage`` off them. This is the proximal step for a penalty of ``2 * shrinkage`` times
            their sum, whose logarithm is half the Renyi entropy of order 1/2: entanglement that
            the data does not pay for goes, and the bond with it.
        """
        self.cores, self._shrinkage = list(cores), shrinkage
        self._edge = np.ones((len(self._weights[0]), 1), dtype=single(cores[0]))
        self._lefts = [self._edge] * len(self._pairs)
        self._rights = [self._edge] * len(self._pairs)
        self._right_logs: list[Rows] = [np.zeros(len(self._edge))] * len(self._pairs)
        for k in range(len(self._pairs) - 1, 0, -1):
            self._grow_right(k)

    def sweep(self, rate: float) -> float:
        """Move all pairs to the right end and back.

        Parameters
        ----------
        rate
            Length of a step, as a share of the way to the state of the tangent.

        Returns
        -------
        float
            Mean log-likelihood in nats just before the last step.
        """
        last = len(self._pairs) - 1
        # What lies ahead is computed anew on the way back, so its memory is freed.
        for k in range(last + 1):
            self._step(k, rate, rightwards=True)
            if k < last:
                self._grow_left(k)
                self._rights[k] = self._edge
        for k in range(last, -1, -1):
            amplitudes = self._step(k, rate, rightwards=False)
            if k > 0:
                self._grow_right(k)
                self._lefts[k] = self._edge
        return mean_log_likelihood(self._weights[0], amplitudes, self._right_logs[0])

    def _step(self, k: int, rate: float, *, rightwards: bool) -> Rows:
        """Move one pair of cores; return the amplitudes that the samples had."""
        first, second = self.cores[k], self.cores[k + 1]
        left, a, middle = first.shape
        _, b, right = second.shape
        merged: Core = first.reshape(left * a, middle) @ second.reshape(middle, b * right)
        merged = merged.reshape(left, a, b, right)
        amplitudes, gradient = self.gradient(k, merged)
        # The gradient has overlap 1 with the state: their difference is tangent to the sphere.
        merged += 2 * rate * (gradient - merged)
        matrix = merged.reshape(left * a, b * right)
        matrix /= norm(matrix)
        taken = 2 * rate * self._shrinkage
        if rightwards:
            basis, factors = kept(matrix @ matrix.conj().T, self._bond_dimension, taken)
            rest = factors[:, None] * (basis.conj().T @ matrix)
            self._put(k, basis.reshape(left, a, -1), rest.reshape(-1, b, right) / norm(rest))
        else:
            basis, factors = kept(matrix.T @ matrix.conj(), self._bond_dimension, taken)
            rest = (matrix @ basis.conj()) * factors
            self._put(k, rest.reshape(left, a, -1) / norm(rest), basis.T.reshape(-1, b, right))
        return amplitudes

    def _put(self, k: int, first: Core, second: Core) -> None:
        # In one order in memory, so that a state read from a file is trained to the same bits.
        self.cores[k], self.cores[k + 1] = map(np.ascontiguousarray, (first, second))

    def gradient(self, k: int, merged: Core) -> tuple[Rows, Rows]:
        """Return the amplitudes of the samples, and the gradient of the mean of their logarithms.

        Parameters
        ----------
        k
            Number of the pair, which the centre is in.
        merged
            Tensor of both cores, shape ``(left, d_k, d_(k+1), right)``, of norm 1.

        Returns
        -------
        tuple
            Amplitudes in the order of the pair, up to a factor for each sample; the mean, by
            weight, of the samples' tensors over their amplitudes, conjugate, in the shape of
            ``merged``.
        """
        lefts, rights, blocks = self._lefts[k], self._rights[k], self._pairs[k].blocks
        tensors = merged.transpose(1, 2, 0, 3).astype(self._edge.dtype, order="C")
        projected = np.empty_like(rights)
        for a, b, rows in blocks:
            np.dot(lefts[rows], tensors[a, b], out=projected[rows])
        amplitudes = row_sums(np.multiply(projected, rights, out=projected))
        shares = self._weights[k] / bounded(amplitudes, self._floor)
        np.multiply(rights, shares[:, None], out=projected)
        gradient = np.zeros_like(tensors)
        for a, b, rows in blocks:
            np.dot(lefts[rows].T, projected[rows], out=gradient[a, b])
        return amplitudes, gradient.transpose(2, 0, 1, 3).conj()

    def _grow_left(self, k: int) -> None:
        """Environments of pair k + 1 from the left, from those of pair k and core k."""
        core = self.cores[k].transpose(1, 0, 2).astype(self._edge.dtype, order="C")
        grown = np.empty((len(self._lefts[k]), core.shape[2]), dtype=self._edge.dtype)
        for value, rows in self._pairs[k].first_blocks:
            np.dot(self._lefts[k][rows], core[value], out=grown[rows])
        normalise(grown)
        self._lefts[k + 1] = grown.take(self._pairs[k].to_next, axis=0, mode="clip")

    def _grow_right(self, k: int) -> None:
        """Environments of pair k - 1 from the right, from those of pair k and core k + 1."""
        core = self.cores[k + 1].transpose(1, 2, 0).astype(self._edge.dtype, order="C")
        grown = np.empty((len(self._rights[k]), core.shape[2]), dtype=self._edge.dtype)
        for _, value, rows in self._pairs[k].blocks:
            np.dot(self._rights[k][rows], core[value], out=grown[rows])
        logs = self._right_logs[k] + np.log(normalise(grown))
        order = self._pairs[k].to_previous
        self._rights[k - 1] = grown.take(order, axis=0, mode="clip")
        self._right_logs[k - 1] = logs.take(order, mode="clip")
