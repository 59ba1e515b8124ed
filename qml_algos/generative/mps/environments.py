"""Environments of samples: what lies to the left and to the right of the cores in training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Core
from qml_algos.generative.mps.pairs import Block, Groups
from qml_algos.generative.mps.rows import (
    Rows,
    bounded,
    mean_log_likelihood,
    normalise,
    row_sums,
    single,
)


class Environments:
    """A row for each sample on each side of each place, or pair of places, in turn the centre.

    They are in single precision: they only enter the gradient, of which two digits matter. Each row
    has length 1, so that an amplitude is the cosine between a sample and the state, and a bound on
    its inverse has the same meaning everywhere; the logarithms of the lengths are kept.

    Parameters
    ----------
    groups
        Of the samples, for each centre.
    weights
        Of the samples, shape ``(N,)``; their sum is 1.
    clip
        The most that an inverse amplitude counts in the gradient.

    Notes
    -----
    Memory: ``4 N`` bytes times the sum of the bonds, at most ``4 N n D``; twice as much for a
    complex state.
    """

    def __init__(self, groups: Sequence[Groups], weights: NDArray[np.float64], clip: float) -> None:
        self._groups, self._floor = groups, np.float32(1 / clip)
        self._weights = [weights[group.order].astype(np.float32) for group in groups]

    def __len__(self) -> int:
        return len(self._groups)

    def start(self, lasts: Sequence[Core]) -> None:
        """Compute those from the right, with the first centre ahead.

        Parameters
        ----------
        lasts
            The last core of each centre.
        """
        self._edge = np.ones((len(self._weights[0]), 1), dtype=single(lasts[0]))
        self._lefts = [self._edge] * len(self)
        self._rights = [self._edge] * len(self)
        self._right_logs: list[Rows] = [np.zeros(len(self._edge))] * len(self)
        for k in range(len(self) - 1, 0, -1):
            self.grow_right(k, lasts[k])

    def gradient(self, k: int, tensors: Core) -> tuple[Rows, Rows]:
        """Return the amplitudes of the samples, and the gradient of the mean of their logarithms.

        Parameters
        ----------
        k
            Number of the centre.
        tensors
            A matrix for each value, or pair of values: shape ``(values, left, right)``, of norm 1.

        Returns
        -------
        tuple
            Amplitudes in the order of the centre, up to a factor for each sample; the mean, by
            weight, of the samples' tensors over their amplitudes, conjugate, in the shape of
            ``tensors``.
        """
        lefts, rights, blocks = self._lefts[k], self._rights[k], self._groups[k].blocks
        matrices = tensors.astype(self._edge.dtype, order="C")
        projected = np.empty_like(rights)
        for value, rows in blocks:
            np.dot(lefts[rows], matrices[value], out=projected[rows])
        amplitudes = row_sums(np.multiply(projected, rights, out=projected))
        shares = self._weights[k] / bounded(amplitudes, self._floor)
        np.multiply(rights, shares[:, None], out=projected)
        gradient = np.zeros_like(matrices)
        for value, rows in blocks:
            np.dot(lefts[rows].T, projected[rows], out=gradient[value])
        return amplitudes, gradient.conj()

    def grow_left(self, k: int, core: Core) -> None:
        """From the left of centre k and its first core, to the left of centre k + 1."""
        grown = self._grown(self._lefts[k], core.transpose(1, 0, 2), self._groups[k].first_blocks)
        normalise(grown)
        self._lefts[k + 1] = grown.take(self._groups[k].to_next, axis=0, mode="clip")
        # What lies ahead is computed anew on the way back, so its memory is freed.
        self._rights[k] = self._edge

    def grow_right(self, k: int, core: Core) -> None:
        """From the right of centre k and its last core, to the right of centre k - 1."""
        grown = self._grown(self._rights[k], core.transpose(1, 2, 0), self._groups[k].last_blocks)
        logs = self._right_logs[k] + np.log(normalise(grown))
        order = self._groups[k].to_previous
        self._rights[k - 1] = grown.take(order, axis=0, mode="clip")
        self._right_logs[k - 1] = logs.take(order, mode="clip")
        self._lefts[k] = self._edge

    def log_likelihood(self, amplitudes: Rows) -> float:
        """Mean log-likelihood in nats, by the amplitudes at the first centre."""
        return mean_log_likelihood(self._weights[0], amplitudes, self._right_logs[0])

    def _grown(self, rows: Rows, matrices: Core, blocks: Sequence[Block]) -> Rows:
        """Multiply each row by the matrix of the sample's value."""
        matrices = matrices.astype(self._edge.dtype, order="C")
        grown = np.empty((len(rows), matrices.shape[2]), dtype=self._edge.dtype)
        for value, group in blocks:
            np.dot(rows[group], matrices[value], out=grown[group])
        return grown
