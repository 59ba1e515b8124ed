"""The restricted Boltzmann machine of scikit-learn, with its likelihood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.neural_network import BernoulliRBM

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.classical.partition import (
    BoltzmannMachine,
    annealed_log_partition,
    exact_draws,
    exact_log_partition,
    gibbs_step,
)
from qml_algos.validation import require_count, require_positive, seed_from


class BernoulliRBMDensity(DiscreteDensity):
    """A restricted Boltzmann machine trained by `sklearn.neural_network.BernoulliRBM`.

    Binary data only.

    Parameters
    ----------
    n_components
        Number of hidden units.
    learning_rate, batch_size, max_epochs
        Of stochastic maximum likelihood (persistent contrastive divergence). The rate falls
        linearly, to 0 after ``max_epochs``, which lets the noise of the chains average out.
    annealing_runs, annealing_steps
        Of annealed importance sampling, where both layers have more than 16 units.
    gibbs_steps
        Steps of the chain that each sample is the end of, where both layers have more than 16
        units.
    n_categories
        ``None`` or 2.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Attributes
    ----------
    machine_
        `BoltzmannMachine`: weights and biases.
    marginals_
        Smoothed share of ones of each variable: where training, annealing and chains start.
    log_partition_
        Logarithm of the partition function.
    log_partition_error_
        Its standard error: that of all log-likelihoods, which move together. 0 if exact.
    n_iter_
        Epochs that were run, ``max_epochs``.

    Notes
    -----
    The partition function is summed exactly, and samples are independent and exact, if the hidden
    or the visible units are 16 at most: O(2^16 * units). Otherwise it is estimated by annealed
    importance sampling, O(runs * steps * hidden * visible), and samples are ends of Markov chains
    that may not have mixed.

    ``X_valid`` chooses nothing: with a rate that falls to 0 the last epoch is the best by far, and
    the pseudo-likelihood, all that can be had of every epoch, is a poor judge of them.

    Weights of samples, which scikit-learn's machine does not take, become numbers of copies, drawn
    by systematic resampling to as many rows as there are samples.

    References
    ----------
    T. Tieleman, ICML 2008. R. Salakhutdinov, I. Murray, ICML 2008.
    """

    _binary_only = True

    def __init__(
        self,
        n_components: int = 16,
        *,
        learning_rate: float = 0.1,
        batch_size: int = 20,
        max_epochs: int = 100,
        annealing_runs: int = 100,
        annealing_steps: int = 1000,
        gibbs_steps: int = 1000,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.n_components = n_components
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.annealing_runs = annealing_runs
        self.annealing_steps = annealing_steps
        self.gibbs_steps = gibbs_steps
        self.n_categories = n_categories
        self.random_state = random_state

    def _require_parameters(self) -> None:
        steps = ("annealing_runs", "annealing_steps", "gibbs_steps")
        for name in ("n_components", "batch_size", "max_epochs", *steps):
            require_count(name, getattr(self, name))
        if self.annealing_runs < 2:
            raise InvalidProblemError("annealing_runs = 1: a standard error takes at least 2")
        require_positive("learning_rate", self.learning_rate)

    def _fit(
        self,
        X: NDArray[np.int64],
        weights: NDArray[np.float64],
        valid: NDArray[np.int64] | None,  # noqa: ARG002
    ) -> None:
        generator = np.random.default_rng(seed_from(self.random_state))
        data = _resampled(X, weights, generator).astype(float)
        # A machine learns its visible biases slowly; from here it has the weights left to learn.
        self.marginals_ = (data.sum(axis=0) + 1) / (len(data) + 2)
        self.machine_, self.n_iter_ = self._trained(data, generator), self.max_epochs
        if self.machine_.enumerable:
            self.log_partition_, self.log_partition_error_ = exact_log_partition(self.machine_), 0.0
        else:
            self.log_partition_, self.log_partition_error_ = annealed_log_partition(
                self.machine_,
                self.marginals_,
                generator,
                runs=self.annealing_runs,
                steps=self.annealing_steps,
            )

    def _trained(
        self, data: NDArray[np.float64], generator: np.random.Generator
    ) -> BoltzmannMachine:
        batch = min(self.batch_size, len(data))
        rbm = BernoulliRBM(
            self.n_components, batch_size=batch, random_state=int(generator.integers(2**31))
        )
        rbm.intercept_visible_ = logit(self.marginals_)
        for epoch in range(self.max_epochs):
            rbm.learning_rate = self.learning_rate * (1 - epoch / self.max_epochs)
            order = generator.permutation(len(data))
            # Whole batches: scikit-learn weighs its chains by their number, data by its own.
            for start in range(0, len(data) - batch + 1, batch):
                rbm.partial_fit(data[order[start : start + batch]])
        return BoltzmannMachine(rbm.components_, rbm.intercept_visible_, rbm.intercept_hidden_)

    def _log_likelihoods(self, X: NDArray[np.int64]) -> NDArray[np.float64]:
        return self.machine_.log_weights(X.astype(float)) - self.log_partition_

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        if self.machine_.enumerable:
            return exact_draws(self.machine_, n_samples, generator).astype(np.int64)
        V = (generator.random((n_samples, len(self.marginals_))) < self.marginals_).astype(float)
        for _ in range(self.gibbs_steps):
            V = gibbs_step(self.machine_, V, generator)
        return V.astype(np.int64)


def _resampled(
    X: NDArray[np.int64], weights: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.int64]:
    """As many rows, each as often as its weight says, to the whole numbers around; all if equal."""
    # In the order given, rounding might always fall on the same kind of sample.
    order = generator.permutation(len(X))
    X, weights = X[order], weights[order]
    ends = np.cumsum(weights) / weights.sum() * len(X)
    copies = np.diff(np.floor(ends + generator.random()), prepend=0)
    return np.repeat(X, copies.astype(int), axis=0)
