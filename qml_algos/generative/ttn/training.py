"""Training of a tree tensor network: where it starts, and when it stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from qml_algos.generative.mps.chain import Cores
from qml_algos.generative.mps.run import Run, Settings
from qml_algos.generative.mps.samples import Samples
from qml_algos.generative.ttn.chains import markov_tree
from qml_algos.generative.ttn.state import TreeState, log_likelihoods, orthonormalised, perturbed
from qml_algos.generative.ttn.sweeps import Sweeper
from qml_algos.generative.ttn.tree import Tree

DIRECTIONS, AGAIN = range(2)
"""What chance is for: each has a seed of its own."""

Report = Callable[[int, float], None]
"""Takes the number of a sweep and the loss in nats that decides."""


def train(
    tree: Tree,
    samples: Samples,
    valid: Samples | None,
    categories: Sequence[int],
    settings: Settings,
    seed: int,
    report: Report,
) -> Run:
    """Sweep from the Markov chain of the leaves until the loss has ceased to fall.

    The shrinkages are gone through as for a chain (`qml_algos.generative.mps.run`). If no sweep
    betters the Markov chain, all is done once more from the chain with noise.

    Parameters
    ----------
    tree
        With a leaf for each variable.
    samples, valid
        To fit to; to stop by: the loss of the training samples decides if there are none. Distinct.
    categories
        Of each variable.
    settings
        How to; two-site sweeps of real cores over all samples.
    seed
        Of all that is drawn.
    report
        Called after each sweep.
    """
    start = markov_tree(tree, samples.X, samples.counts, categories, settings.bond_dimension)
    loss = mean_loss(start, samples if valid is None else valid)
    run = Run(list(start.cores), list(start.cores), loss, reference=loss)
    sweeper = Sweeper(
        tree,
        samples.X,
        samples.weights,
        bond_dimension=settings.bond_dimension,
        clip=settings.clip,
        generator=np.random.default_rng([seed, DIRECTIONS]),
    )
    sweeper.start(start, run.shrinkage_of_stage(settings))
    while not run.over(settings):
        train_loss = -sweeper.sweep(settings.learning_rate)
        state = sweeper.state
        valid_loss = None if valid is None else mean_loss(state, valid)
        run.record(list(state.cores), train_loss, valid_loss, settings)
        if run.idle >= settings.patience:
            run.go_on(settings, partial(_again, start, settings, seed))
            if not run.over(settings):
                sweeper.start(TreeState(tree, run.cores), run.shrinkage_of_stage(settings))
        report(len(run.train_losses), train_loss if valid_loss is None else valid_loss)
    return run


def mean_loss(state: TreeState, samples: Samples) -> float:
    """Mean negative log-likelihood in nats."""
    return float(-samples.weights @ log_likelihoods(state, samples.X))


def _again(start: TreeState, settings: Settings, seed: int, noisy: bool) -> Cores:
    """Return the start, with noise if asked for."""
    if not noisy:
        return list(start.cores)
    moved = perturbed(start, np.random.default_rng([seed, AGAIN]))
    return list(orthonormalised(moved, settings.bond_dimension).cores)
