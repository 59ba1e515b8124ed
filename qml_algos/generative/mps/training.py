"""Training of a matrix-product state: where it starts, and the sweeps that take it on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.batches import BatchSweeper, Sweeping
from qml_algos.generative.mps.chain import Cores, log_likelihoods, orthonormalised
from qml_algos.generative.mps.markov import EXTRA, markov_cores, perturbed, phased
from qml_algos.generative.mps.one_site import OneSiteSweeper
from qml_algos.generative.mps.run import Run, Settings
from qml_algos.generative.mps.samples import Data, Samples
from qml_algos.generative.mps.sweeps import Sweeper

PATH = (*(2 * 0.7**k for k in range(10)), 0.0)
"""Shrinkages that `shrinkage_path` goes down, in units of ``sqrt(variables / samples)``."""
PHASES, OPENING, AGAIN = range(3)
"""What chance is for, beside batches: each has a seed of its own."""

Watch = Callable[[Run], None]
"""Told of a run after each sweep."""


def shrinkage_path(samples: Samples) -> tuple[float, ...]:
    """Shrinkages from strong to none, in units of how far chance moves a Schmidt value."""
    unit = np.sqrt(samples.X.shape[1] / samples.counts.sum())
    return tuple(float(share * unit) for share in PATH)


def mean_loss(cores: Cores, samples: Samples) -> float:
    """Mean negative log-likelihood in nats."""
    return float(-samples.weights @ log_likelihoods(cores, samples.X))


class Training:
    """Training of a state on some data.

    Parameters
    ----------
    data
        Variables in the order of the chain. The loss of the validation samples decides, or of the
        training samples if there are none.
    settings
        How to.
    seed
        Of all that is drawn.
    """

    def __init__(self, data: Data, settings: Settings, seed: int) -> None:
        self._data, self._settings, self._seed = data, settings, seed

    def begin(self) -> Run:
        """Start from the Markov chain of the data."""
        chain = orthonormalised(self._chain(), self._settings.bond_dimension)
        loss = mean_loss(chain, self._data.valid or self._data.samples)
        start = self._start(False) if self._settings.sweeps == "one-site" else chain
        return Run(start, chain, loss, reference=loss)

    def finish(self, run: Run, watch: Watch) -> Run:
        """Sweep until the loss has ceased to fall.

        The shrinkages are gone through until one that follows on progress makes none: a path of
        warm starts, as for the lasso (Friedman, Hastie, Tibshirani, J. Stat. Softw. 33, 1 (2010)).
        If no sweep betters the Markov chain, all is done once more from the chain with noise.

        Parameters
        ----------
        run
            From `begin`, or one that was watched before: to the last bit it goes on as it would
            have.
        watch
            Called with the run after each sweep.
        """
        settings, valid = self._settings, self._data.valid
        # One variable has no neighbours: its frequencies are the answer.
        if len(self._data.sizes) == 1:
            return run
        sweeper: Sweeping | None = None
        while not run.over(settings):
            if sweeper is None:
                one_site = settings.sweeps == "one-site" or run.polishing(settings)
                sweeper = self._sweeper(one_site, passes=len(run.train_losses))
                sweeper.start(run.cores, run.shrinkage_of_stage(settings))
            train_loss = -sweeper.sweep(settings.learning_rate)
            valid_loss = None if valid is None else mean_loss(sweeper.cores, valid)
            run.record(sweeper.cores, train_loss, valid_loss, settings)
            if run.idle >= settings.patience:
                run.go_on(settings, self._start)
                if run.through(settings) or run.polishing(settings):
                    sweeper = None
                else:
                    sweeper.start(run.cores, run.shrinkage_of_stage(settings))
            watch(run)
        return run

    def _chain(self) -> Cores:
        samples = self._data.samples
        chain = markov_cores(samples.X, samples.counts, self._data.sizes)
        if not self._settings.complex_amplitudes:
            return chain
        return phased(chain, np.random.default_rng([self._seed, PHASES]))

    def _start(self, noisy: bool) -> Cores:
        """Return the Markov chain, with noise if asked for, or if bonds must be open already."""
        settings, chain = self._settings, self._chain()
        one_site = settings.sweeps == "one-site"
        if one_site or noisy:
            generator = np.random.default_rng([self._seed, AGAIN if noisy else OPENING])
            widest = max(settings.bond_dimension - min(self._data.sizes), 0)
            chain = perturbed(chain, generator, widest if one_site else EXTRA)
        return orthonormalised(chain, settings.bond_dimension)

    def _sweeper(self, one_site: bool, passes: int) -> Sweeping:
        """Make what trains, for all samples or for one batch after the other."""
        settings, data = self._settings, self._data

        def make(X: NDArray[np.intp], weights: NDArray[np.float64]) -> Sweeping:
            if one_site:
                return OneSiteSweeper(X, weights, clip=settings.clip)
            return Sweeper(
                X, weights, data.sizes, bond_dimension=settings.bond_dimension, clip=settings.clip
            )

        if data.unmerged is None or settings.batch_size is None:
            return make(data.samples.X, data.samples.weights)
        return BatchSweeper(
            data.unmerged,
            data.samples,
            batch_size=settings.batch_size,
            seed=self._seed,
            passes=passes,
            make=make,
        )
