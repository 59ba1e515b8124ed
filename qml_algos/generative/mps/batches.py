"""Sweeps over mini-batches: each pass goes through all samples, some at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Cores, log_likelihoods
from qml_algos.generative.mps.samples import Samples, distinct

STREAM = 3
"""Of chance, for batches; `training` has those before."""
LONGEST = 0.5
"""Step at most, however heavy a batch is."""


class Sweeping(Protocol):
    """What trains a state by sweeps."""

    cores: Cores

    def start(self, cores: Cores, shrinkage: float) -> None:
        """Begin with a state of centre 0."""

    def sweep(self, rate: float) -> float:
        """Sweep there and back; return the mean log-likelihood of the samples in nats."""


Make = Callable[[NDArray[np.intp], NDArray[np.float64]], Sweeping]
"""From distinct samples and their weights, with sum 1."""


class BatchSweeper:
    """A state in training by sweeps over one batch of samples after the other.

    Parameters
    ----------
    samples
        All samples, equal ones not merged.
    merged
        The same, equal ones merged.
    batch_size
        Samples in a batch at most; the batches of a pass differ by one at most.
    seed
        Of the batches: those of a pass follow from the seed and the number of the pass.
    passes
        How many passes there were before.
    make
        What trains on a batch. Only one exists at a time, so that the memory is that of a batch.

    Attributes
    ----------
    cores
        The state, of centre 0.
    """

    cores: Cores

    def __init__(
        self,
        samples: Samples,
        merged: Samples,
        *,
        batch_size: int,
        seed: int,
        passes: int,
        make: Make,
    ) -> None:
        self._samples, self._merged, self._make = samples, merged, make
        self._count = -(-len(samples.X) // batch_size)
        self._seed, self._passes = seed, passes

    def start(self, cores: Cores, shrinkage: float) -> None:
        """Begin with a state; see `sweeps.Sweeper.start`."""
        self.cores, self._shrinkage = list(cores), shrinkage

    def sweep(self, rate: float) -> float:
        """Go through all batches, with a sweep there and back on each.

        Parameters
        ----------
        rate
            Length of a step; on a batch, times its weight over that of an average batch.

        Returns
        -------
        float
            Mean log-likelihood in nats of all samples after the pass: a batch that has just been
            trained on thinks too well of the state. Cost: ``2 N n D^2`` operations.
        """
        generator = np.random.default_rng([self._seed, STREAM, self._passes])
        order = generator.permutation(len(self._samples.X))
        for rows in np.array_split(order, self._count):
            batch = distinct(self._samples.X[rows], self._samples.counts[rows])
            share = float(batch.counts.sum() / self._samples.counts.sum())
            sweeper = self._make(batch.X, batch.weights)
            sweeper.start(self.cores, self._shrinkage)
            sweeper.sweep(min(rate * share * self._count, LONGEST))
            self.cores = sweeper.cores
        self._passes += 1
        return float(self._merged.weights @ log_likelihoods(self.cores, self._merged.X))
