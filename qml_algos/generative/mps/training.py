"""Training of a matrix-product state: when to stop, and which order and shrinkage to take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.mps.chain import Cores, log_likelihoods, orthonormalised
from qml_algos.generative.mps.markov import markov_cores, perturbed
from qml_algos.generative.mps.order import dependence, linear_arrangement
from qml_algos.generative.mps.sweeps import Sweeper

TRIAL_SWEEPS, TRIAL_RATE = 3, 0.1
"""Two-way sweeps after which orders are compared, and their steps: long ones, as what counts is how
far an order leads with the bonds that there are, not how fast it sets out."""
PATH = (*(2 * 0.7**k for k in range(10)), 0.0)
"""Shrinkages that `shrinkage_path` goes down, in units of ``sqrt(variables / samples)``."""

Report = Callable[[int, float], None]


@dataclass(frozen=True)
class Samples:
    """Distinct samples.

    Attributes
    ----------
    X
        Shape ``(N, n)``.
    counts
        How often each occurs, or the sum of its weights; shape ``(N,)``, all above 0.
    """

    X: NDArray[np.intp]
    counts: NDArray[np.float64]

    @property
    def weights(self) -> NDArray[np.float64]:
        """Shares of the samples; their sum is 1."""
        return self.counts / self.counts.sum()

    def ordered(self, order: NDArray[np.intp]) -> Samples:
        """Return the same samples with the variables in another order."""
        return Samples(np.ascontiguousarray(self.X[:, order]), self.counts)


def distinct(X: NDArray[np.int64], weights: NDArray[np.float64]) -> Samples:
    """Merge equal samples, which costs no accuracy and often saves most of the work."""
    used = weights > 0
    rows, which = np.unique(X[used], axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), weights[used])
    return Samples(rows.astype(np.intp), np.asarray(counts, dtype=np.float64))


@dataclass(frozen=True)
class Settings:
    """How to train; see the parameters of `MPSBornMachine`.

    Attributes
    ----------
    shrinkages
        Taken in turn, each from the best state so far.
    """

    bond_dimension: int
    shrinkages: tuple[float, ...]
    learning_rate: float
    clip: float
    max_sweeps: int
    patience: int
    tol: float


@dataclass(frozen=True)
class Trained:
    """A trained state.

    Attributes
    ----------
    cores
        Of centre 0, from the best sweep.
    sweeps
        Two-way sweeps after which the cores were taken.
    shrinkage
        In that sweep.
    train_losses, valid_losses
        Mean negative log-likelihood in nats after each sweep; for the training samples just before
        its last step. No entries without validation samples.
    """

    cores: Cores
    sweeps: int
    shrinkage: float
    train_losses: tuple[float, ...]
    valid_losses: tuple[float, ...]

    @property
    def loss(self) -> float:
        """The least, of the validation samples where there are any."""
        return min(self.valid_losses or self.train_losses, default=np.inf)


def shrinkage_path(samples: Samples) -> tuple[float, ...]:
    """Shrinkages from strong to none, in units of how far chance moves a Schmidt value."""
    unit = np.sqrt(samples.X.shape[1] / samples.counts.sum())
    return tuple(float(share * unit) for share in PATH)


def train(
    samples: Samples,
    valid: Samples | None,
    categories: Sequence[int],
    settings: Settings,
    generator: np.random.Generator,
    report: Report,
) -> Trained:
    """Sweep from the Markov chain of the data until the loss has ceased to fall.

    The shrinkages are gone through until one that follows on progress makes none: a path of warm
    starts, as for the lasso (Friedman, Hastie, Tibshirani, J. Stat. Softw. 33, 1 (2010)). If no
    sweep betters the Markov chain, all is done once more from the chain with noise.

    Parameters
    ----------
    samples, valid
        To fit to; to stop by: the loss of the training samples decides if there are none.
    categories
        Of each variable.
    settings
        How to.
    generator
        Source of the noise.
    report
        Called after each sweep with its number and the loss that decides.
    """
    chain = markov_cores(samples.X, samples.counts, categories)
    cores = orthonormalised(chain, settings.bond_dimension)
    decisive = samples if valid is None else valid
    state = _Best(cores, mean_loss(cores, decisive), settings.tol)
    # One variable has no pairs: its frequencies are the answer.
    if len(cores) > 1:
        sweeper = Sweeper(
            samples.X,
            samples.weights,
            categories,
            bond_dimension=settings.bond_dimension,
            clip=settings.clip,
        )
        _path(sweeper, state, None, valid, settings, report)
        if state.sweep == 0:
            noisy = orthonormalised(perturbed(chain, generator), settings.bond_dimension)
            _path(sweeper, state, noisy, valid, settings, report)
    return Trained(
        # What has shrunk to nothing is open no longer.
        orthonormalised(state.cores, settings.bond_dimension),
        state.sweep,
        state.shrinkage,
        tuple(state.train_losses),
        tuple(state.valid_losses),
    )


@dataclass
class _Best:
    """The best state so far, and the losses of all."""

    cores: Cores
    loss: float
    tol: float
    sweep: int = 0
    shrinkage: float = 0.0
    train_losses: list[float] = field(default_factory=list)
    valid_losses: list[float] = field(default_factory=list)

    def offer(self, cores: Cores, loss: float, shrinkage: float) -> None:
        """Keep a state if it is better; its cores are never changed in place."""
        if loss < self.loss - self.tol:
            self.cores, self.loss, self.shrinkage = list(cores), loss, shrinkage
            self.sweep = len(self.train_losses)


def _path(
    sweeper: Sweeper,
    state: _Best,
    start: Cores | None,
    valid: Samples | None,
    settings: Settings,
    report: Report,
) -> None:
    """Take the shrinkages in turn; from ``start``, if given, as long as nothing is better."""
    for shrinkage in settings.shrinkages:
        before = state.sweep
        if start is None or state.sweep > 0:
            sweeper.start(state.cores, shrinkage)
            _stage(sweeper, state, state.loss, valid, shrinkage, settings, report)
        else:
            sweeper.start(start, shrinkage)
            _stage(sweeper, state, np.inf, valid, shrinkage, settings, report)
        if 0 < before == state.sweep:
            break


def _stage(
    sweeper: Sweeper,
    state: _Best,
    reference: float,
    valid: Samples | None,
    shrinkage: float,
    settings: Settings,
    report: Report,
) -> None:
    """Sweep with one shrinkage until there is no progress, at first beyond a reference."""
    idle = 0
    while idle < settings.patience and len(state.train_losses) < settings.max_sweeps:
        loss = -sweeper.sweep(settings.learning_rate)
        state.train_losses.append(loss)
        if valid is not None:
            loss = mean_loss(sweeper.cores, valid)
            state.valid_losses.append(loss)
        state.offer(sweeper.cores, loss, shrinkage)
        report(len(state.train_losses), loss)
        if loss < reference - settings.tol:
            idle, reference = 0, loss
        else:
            idle += 1


def mean_loss(cores: Cores, samples: Samples) -> float:
    """Mean negative log-likelihood in nats."""
    return float(-samples.weights @ log_likelihoods(cores, samples.X))


def information_order(samples: Samples, categories: Sequence[int]) -> NDArray[np.intp]:
    """Order of the variables that puts dependent ones close to each other."""
    return linear_arrangement(dependence(samples.X, samples.counts, categories))


def choose_order(
    samples: Samples,
    valid: Samples | None,
    categories: Sequence[int],
    settings: Settings,
    generator: np.random.Generator,
) -> NDArray[np.intp]:
    """Compare the order given with that of mutual information after a few sweeps.

    The likelihood of the validation samples decides, or of the training samples without any.
    """
    natural = np.arange(len(categories))
    if len(natural) < 3:  # The two orders of two variables are the same chain.
        return natural
    trial = replace(
        settings,
        shrinkages=settings.shrinkages[:1],
        learning_rate=TRIAL_RATE,
        max_sweeps=TRIAL_SWEEPS,
        patience=TRIAL_SWEEPS,
    )
    losses = []
    orders = (natural, information_order(samples, categories))
    for order in orders:
        sizes = [categories[k] for k in order]
        seen = None if valid is None else valid.ordered(order)
        found = train(samples.ordered(order), seen, sizes, trial, generator, _silent)
        losses.append(found.loss)
    return orders[int(np.argmin(losses))]


def _silent(sweep: int, loss: float) -> None:
    """Report nothing: trials are short."""
