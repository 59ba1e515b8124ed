"""From data to a trained matrix-product state: order, training, and checkpoints on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps.chain import Cores, orthonormalised
from qml_algos.generative.mps.checkpoint import Checkpoint
from qml_algos.generative.mps.order import choose_order, information_order
from qml_algos.generative.mps.run import Run, Settings
from qml_algos.generative.mps.samples import Data
from qml_algos.generative.mps.training import Training, shrinkage_path

Report = Callable[[int, float], None]
"""Takes the number of a sweep and the loss in nats that decides."""


@dataclass(frozen=True)
class Fitted:
    """A trained state.

    Attributes
    ----------
    cores
        Of centre 0, from the best sweep.
    order
        The variable at each place.
    run
        Its training.
    """

    cores: Cores
    order: NDArray[np.intp]
    run: Run


def fit_state(
    data: Data,
    order: str | Sequence[int],
    settings: Settings,
    seed: int,
    checkpoint: Checkpoint | None,
    report: Report,
) -> Fitted:
    """Train, from the beginning or from a checkpoint.

    Parameters
    ----------
    data
        What to fit to.
    order
        See `MPSBornMachine`.
    settings
        How to train. No shrinkages: those of `training.shrinkage_path` with validation samples,
        none without.
    seed
        Of all that is drawn; that of the checkpoint goes before it.
    checkpoint
        Where to go on from, and to keep the training after each sweep.
    report
        Called after each sweep.

    Raises
    ------
    InvalidProblemError
        If the order is none, or the checkpoint is of other data or parameters, or cannot be read
        or written.
    """
    if not settings.shrinkages:
        path = (0.0,) if data.valid is None else shrinkage_path(data.samples)
        settings = replace(settings, shrinkages=path)
    found = None if checkpoint is None else checkpoint.load()
    run: Run | None = None
    if found is not None:
        run, places, seed = found
        if len(run.train_losses) > settings.max_sweeps:
            raise InvalidProblemError(
                f"max_sweeps = {settings.max_sweeps}: the checkpoint has gone "
                f"{len(run.train_losses)} sweeps; at least as many are needed to go on"
            )
    else:
        places = chosen_order(data, order, settings, seed)
    training = Training(data.ordered(places), settings, seed)

    def watch(run: Run) -> None:
        if checkpoint is not None:
            checkpoint.save(run, places, seed)
        report(len(run.train_losses), (run.valid_losses or run.train_losses)[-1])

    run = training.finish(run or training.begin(), watch)
    # What has shrunk to nothing is open no longer.
    return Fitted(orthonormalised(run.best, settings.bond_dimension), places, run)


def chosen_order(
    data: Data, order: str | Sequence[int], settings: Settings, seed: int
) -> NDArray[np.intp]:
    """Return the variable at each place of the chain.

    Raises
    ------
    InvalidProblemError
        If an order given does not hold each variable once.
    """
    if not isinstance(order, str):
        given, variables = np.asarray(order), len(data.sizes)
        if not np.array_equal(np.sort(given, axis=None), np.arange(variables)):
            raise InvalidProblemError(
                f"order = {order!r}: needs each of the variables 0 to {variables - 1} once"
            )
        return given.astype(np.intp)
    if order == "natural":
        return np.arange(len(data.sizes))
    if order == "mutual-information":
        return information_order(data.samples, data.sizes)
    return choose_order(data, settings, seed)
