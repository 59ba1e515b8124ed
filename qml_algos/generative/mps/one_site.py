"""One-site sweeps that raise the likelihood of a matrix-product state of fixed bonds.

As in `sweeps`, but one core takes a step at a time: it is the centre, moves along the gradient of
the log-likelihood, and hands the centre on to its neighbour by a QR decomposition (U. Schollwoeck,
Annals of Physics 326, 96 (2011), section 6.3, does so for energies). Nothing is merged or
truncated, so that the bonds stay, and the work on cores is d^2 times less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core, Cores
from qml_algos.generative.mps.environments import Environments
from qml_algos.generative.mps.pairs import site_groups
from qml_algos.generative.mps.rows import Rows, norm


class OneSiteSweeper:
    """A state in training, and the environments of its samples; see `sweeps.Sweeper`.

    Parameters
    ----------
    X
        Shape ``(N, n)``, distinct samples.
    weights
        Of the samples, shape ``(N,)``; their sum is 1.
    clip
        The most that an inverse amplitude counts in the gradient.

    Attributes
    ----------
    cores
        The state, of centre 0 between sweeps; each core is replaced, never changed in place.

    Notes
    -----
    Memory: that of `sweeps.Sweeper`. Cost of a two-way sweep: ``12 N n D^2`` operations for samples
    and about ``8 n d D^3`` for cores; ``30 n D^3`` more with shrinkage.
    """

    def __init__(
        self,
        X: NDArray[np.intp],
        weights: NDArray[np.float64],
        *,
        clip: float,
    ) -> None:
        self._environments = Environments(site_groups(X), weights, clip)

    def start(self, cores: Cores, shrinkage: float) -> None:
        """Begin with a state.

        Parameters
        ----------
        cores
            Of centre 0; the list is copied.
        shrinkage
            How strongly the Schmidt values are drawn to 0: each step takes ``2 * rate * shrinkage``
            off them, but leaves the bonds.
        """
        self.cores, self._shrinkage = list(cores), shrinkage
        self._environments.start(self.cores)

    def sweep(self, rate: float) -> float:
        """Move all cores to the right end and back.

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
        for k in range(last):
            self._step(k, rate)
            self._pass_right(k, rate)
            self._environments.grow_left(k, self.cores[k])
        for k in range(last, -1, -1):
            amplitudes = self._step(k, rate)
            if k > 0:
                self._pass_left(k, rate)
                self._environments.grow_right(k, self.cores[k])
        return self._environments.log_likelihood(amplitudes)

    def _step(self, k: int, rate: float) -> Rows:
        """Move the core of the centre; return the amplitudes that the samples had."""
        core = self.cores[k]
        amplitudes, gradient = self.gradient(k, core)
        # The gradient has overlap 1 with the state: their difference is tangent to the sphere.
        moved = core + 2 * rate * (gradient - core)
        self.cores[k] = moved / norm(moved)
        return amplitudes

    def gradient(self, k: int, core: Core) -> tuple[Rows, Rows]:
        """Return the amplitudes of the samples, and the gradient of the mean of their logarithms.

        Parameters
        ----------
        k
            Place of the core, which is the centre.
        core
            Shape ``(left, d_k, right)``, of norm 1.

        Returns
        -------
        tuple
            As `Environments.gradient`, in the shape of ``core``.
        """
        amplitudes, gradient = self._environments.gradient(k, core.transpose(1, 0, 2))
        return amplitudes, gradient.transpose(1, 0, 2)

    def _pass_right(self, k: int, rate: float) -> None:
        """Hand the centre from core k to core k + 1."""
        left, categories, right = self.cores[k].shape
        basis, rest = np.linalg.qr(self.cores[k].reshape(left * categories, right))
        rest = self._shrunk(rest, rate)
        self.cores[k] = np.ascontiguousarray(basis).reshape(left, categories, -1)
        self.cores[k + 1] = np.tensordot(rest, self.cores[k + 1], 1)

    def _pass_left(self, k: int, rate: float) -> None:
        """Hand the centre from core k to core k - 1."""
        left, categories, right = self.cores[k].shape
        basis, rest = np.linalg.qr(self.cores[k].reshape(left, categories * right).T)
        rest = self._shrunk(rest, rate)
        self.cores[k] = np.ascontiguousarray(basis.T).reshape(-1, categories, right)
        self.cores[k - 1] = np.tensordot(self.cores[k - 1], rest.T, 1)

    def _shrunk(self, matrix: Core, rate: float) -> Core:
        """Take the shrinkage off the singular values, and restore the norm."""
        taken = 2 * rate * self._shrinkage
        if taken == 0:
            return matrix
        vectors, values, others = np.linalg.svd(matrix)
        # Whatever is taken, the largest stays: the norm is restored.
        left = np.maximum(values - min(taken, 0.5 * values[0]), 0.0)
        return (vectors * (left / np.linalg.norm(left))) @ others
