"""Where the training of a matrix-product state stands, and where it goes from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from qml_algos.generative.mps.chain import Cores

SWEEPS = ("both", "one-site", "two-site")


@dataclass(frozen=True)
class Settings:
    """How to train; see the parameters of `MPSBornMachine`.

    Attributes
    ----------
    shrinkages
        Taken in turn, each from the best state so far.
    sweeps
        ``"two-site"``, ``"one-site"``, or ``"both"``: two-site, then one-site from the best state.
    complex_amplitudes
        Whether to train complex cores.
    """

    bond_dimension: int
    shrinkages: tuple[float, ...]
    learning_rate: float
    clip: float
    max_sweeps: int
    patience: int
    tol: float
    sweeps: str = "two-site"
    complex_amplitudes: bool = False
    batch_size: int | None = None


@dataclass
class Run:
    """A training that has come some way; all that it takes to go on.

    A run goes through stages, one for each shrinkage until one that follows on progress makes none,
    then, if asked for, one of one-site sweeps with the best shrinkage. A stage begins with the best
    state, or, as long as no sweep has bettered the Markov chain, with the start of the run.

    Attributes
    ----------
    cores
        The state in training, of centre 0.
    best, loss
        The best state, and its loss in nats: of validation samples where there are any.
    noisy
        Whether this is the second start, with noise.
    sweep, shrinkage
        After which the best state was taken, and that of its stage.
    stage, before, idle, reference
        Number of the stage, ``sweep`` at its beginning, sweeps without progress, and the loss to
        better. Beyond the last stage: the run is over.
    train_losses, valid_losses
        After each sweep.
    """

    cores: Cores
    best: Cores
    loss: float
    noisy: bool = False
    sweep: int = 0
    shrinkage: float = 0.0
    stage: int = 0
    before: int = 0
    idle: int = 0
    reference: float = np.inf
    train_losses: list[float] = field(default_factory=list)
    valid_losses: list[float] = field(default_factory=list)

    @property
    def least_loss(self) -> float:
        """The least after a sweep, of the validation samples where there are any."""
        return min(self.valid_losses or self.train_losses, default=np.inf)

    def over(self, settings: Settings) -> bool:
        """Whether there is nothing left to do."""
        return self.through(settings) or len(self.train_losses) >= settings.max_sweeps

    def through(self, settings: Settings) -> bool:
        """Whether all stages are."""
        return self.stage >= len(settings.shrinkages) + (settings.sweeps == "both")

    def polishing(self, settings: Settings) -> bool:
        """Whether the stage is the one that follows on those of the shrinkages."""
        return self.stage == len(settings.shrinkages)

    def shrinkage_of_stage(self, settings: Settings) -> float:
        """Shrinkage of the sweeps to come."""
        return self.shrinkage if self.polishing(settings) else settings.shrinkages[self.stage]

    def record(
        self, cores: Cores, train_loss: float, valid_loss: float | None, settings: Settings
    ) -> None:
        """Note a sweep. A state is kept if it is better; its cores are never changed in place."""
        loss = train_loss if valid_loss is None else valid_loss
        self.train_losses.append(train_loss)
        if valid_loss is not None:
            self.valid_losses.append(valid_loss)
        self.cores = list(cores)
        if loss < self.loss - settings.tol:
            self.best, self.loss = self.cores, loss
            self.shrinkage = self.shrinkage_of_stage(settings)
            self.sweep = len(self.train_losses)
        if loss < self.reference - settings.tol:
            self.idle, self.reference = 0, loss
        else:
            self.idle += 1

    def next_stage(self, settings: Settings) -> None:
        """Go to the next stage, or past the last one where no other gains anything."""
        last = self.polishing(settings)
        self.stage += 1
        if not last and (0 < self.before == self.sweep):
            self.stage = len(settings.shrinkages)
        if self.polishing(settings) and self.sweep == 0:
            self.stage += 1  # Nothing to polish.
        self.before, self.idle = self.sweep, 0
        if self.sweep > 0:
            self.cores, self.reference = self.best, self.loss

    def go_on(self, settings: Settings, start: Callable[[bool], Cores]) -> None:
        """Go to the next stage, or start once more with noise if nothing has bettered the chain.

        ``start`` gives the cores to start from, with noise or without.
        """
        self.next_stage(settings)
        if self.sweep > 0:
            return
        if self.through(settings) and not self.noisy:
            self.noisy, self.stage = True, 0
        self.cores = start(self.noisy)
        self.reference = np.inf if self.noisy else self.loss
