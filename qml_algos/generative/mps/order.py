"""The order of the variables along the chain: those that know of each other belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.checks import Categories
from qml_algos.generative.classical.components import mutual_information, pair_weights
from qml_algos.generative.mps.run import Run, Settings
from qml_algos.generative.mps.samples import Data, Samples
from qml_algos.generative.mps.training import Training

TRIAL_SWEEPS, TRIAL_RATE = 3, 0.1
"""Two-way sweeps after which orders are compared, and their steps: long ones, as what counts is how
far an order leads with the bonds that there are, not how fast it sets out."""


def dependence(
    X: NDArray[np.intp], weights: NDArray[np.float64], categories: Sequence[int]
) -> NDArray[np.float64]:
    """Mutual information of each pair of variables, in nats; the diagonal is 0.

    Parameters
    ----------
    X
        Shape ``(N, n)``.
    weights
        Of the samples; shape ``(N,)``.
    categories
        Of each variable.
    """
    sizes = Categories(tuple(categories))
    [joint] = pair_weights(X, sizes, weights[:, None])
    found = mutual_information(joint, sizes)
    np.fill_diagonal(found, 0.0)
    return found


def linear_arrangement(weights: NDArray[np.float64]) -> NDArray[np.intp]:
    """Order that makes the sum of ``weights[i, j] * |position_i - position_j|`` small.

    The order of the second eigenvector of the Laplacian, then moves of single variables to their
    best places until none helps: a local minimum of a problem that is NP-hard (Juvan and Mohar,
    Discrete Applied Mathematics 36, 153 (1992)).

    Parameters
    ----------
    weights
        Symmetric, not negative, zero on the diagonal; shape ``(n, n)``.

    Returns
    -------
    numpy.ndarray
        The variable at each place. Cost: O(n^3) for each round of moves.
    """
    n = len(weights)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    order = np.argsort(np.linalg.eigh(laplacian)[1][:, min(1, n - 1)], kind="stable")
    improved = True
    while improved:
        improved = False
        for variable in range(n):
            place = int(np.flatnonzero(order == variable)[0])
            rest = np.delete(order, place)
            costs = _insertion_costs(weights, rest, variable)
            best = int(np.argmin(costs))
            # Rounding must not pass for progress, or the moves may never end.
            if costs[best] < costs[place] - 1e-9 * weights.sum():
                order, improved = np.insert(rest, best, variable), True
    return order


def _insertion_costs(
    weights: NDArray[np.float64], rest: NDArray[np.intp], variable: int
) -> NDArray[np.float64]:
    """Cost of each place of a variable among the rest, up to a constant."""
    among = weights[np.ix_(rest, rest)]
    flow = np.cumsum(among.sum(axis=1) - 2 * np.tril(among).sum(axis=1))
    stretched = np.concatenate([[0.0], flow])
    own, places = weights[variable, rest], np.arange(len(rest))
    gaps = np.arange(len(rest) + 1)[:, None]
    distances = np.where(places < gaps, gaps - places, places + 1 - gaps)
    return stretched + distances @ own


def information_order(samples: Samples, categories: Sequence[int]) -> NDArray[np.intp]:
    """Order of the variables that puts dependent ones close to each other."""
    return linear_arrangement(dependence(samples.X, samples.counts, categories))


def choose_order(data: Data, settings: Settings, seed: int) -> NDArray[np.intp]:
    """Compare the order given with that of mutual information after a few sweeps.

    The likelihood of the validation samples decides, or of the training samples without any.

    Parameters
    ----------
    data, settings, seed
        As for `training.Training`.
    """
    natural = np.arange(len(data.sizes))
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
    orders = (natural, information_order(data.samples, data.sizes))
    for order in orders:
        training = Training(data.ordered(order), trial, seed)
        losses.append(training.finish(training.begin(), _silent).least_loss)
    return orders[int(np.argmin(losses))]


def _silent(run: Run) -> None:
    """Watch nothing: trials are short."""
