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
from qml_algos.generative.mps.environments import Environments
from qml_algos.generative.mps.pairs import pair_groups
from qml_algos.generative.mps.rows import Rows, norm
from qml_algos.generative.mps.truncation import kept


class Sweeper:
    """A state in training, and the environments of its samples.

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
        self._bond_dimension = bond_dimension
        self._environments = Environments(pair_groups(X, categories), weights, clip)

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
        self._environments.start(self.cores[1:])

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
        last = len(self._environments) - 1
        for k in range(last + 1):
            self._step(k, rate, rightwards=True)
            if k < last:
                self._environments.grow_left(k, self.cores[k])
        for k in range(last, -1, -1):
            amplitudes = self._step(k, rate, rightwards=False)
            if k > 0:
                self._environments.grow_right(k, self.cores[k + 1])
        return self._environments.log_likelihood(amplitudes)

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
            As `Environments.gradient`, in the shape of ``merged``.
        """
        left, a, b, right = merged.shape
        tensors = merged.transpose(1, 2, 0, 3).reshape(a * b, left, right)
        amplitudes, gradient = self._environments.gradient(k, tensors)
        return amplitudes, gradient.reshape(a, b, left, right).transpose(2, 0, 1, 3)
