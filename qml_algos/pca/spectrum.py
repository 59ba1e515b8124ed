"""Eigenvalues from the outcomes of a clock, between and below its ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from qml_algos.pca.clock import Clock

Array = NDArray[np.float64]

EXACT_SHOTS = 1e6
"""Shots that exact probabilities stand for in the fit."""

_FLOOR_CELLS = 2.5
_FLOOR_COUNTS = 30
_MOST = 96
_SWEEPS = 8
_GOOD = 1.5
_NEIGHBOURS = 3
_PLACES = 41
_ITERATIONS = 60
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Observation:
    """Relative frequencies of a clock's outcomes.

    Attributes
    ----------
    offset
        What the clock was turned by, in outcomes.
    frequencies
        Shape ``(M,)``.
    shots
        Their number; `EXACT_SHOTS` if these are probabilities.
    """

    offset: float
    frequencies: Array
    shots: float


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues of a density matrix, and what else explains the outcomes.

    Attributes
    ----------
    values, standard_errors
        Eigenvalues above ``floor``, the largest first, equal ones repeated.
    floor
        Smaller eigenvalues are not told apart.
    tail_values, tail_weights
        Places below the floor and the probability found there.
    signal, background
        Share of the outcomes that follow the eigenvalues, and share that noise has spread evenly.
    deviance
        Twice the log-likelihood that is missing to the frequencies themselves, for each outcome:
        near 1 for a good fit to measured frequencies.
    """

    values: Array
    standard_errors: Array
    floor: float
    tail_values: Array
    tail_weights: Array
    signal: float
    background: float
    deviance: float


def fit_spectrum(
    clock: Clock, observations: Sequence[Observation], *, noisy: bool = False
) -> Spectrum:
    r"""Find the eigenvalues that make the outcomes likeliest.

    A density matrix is its own input: each eigenvector is met with the probability of its
    eigenvalue, and outcome k has the probability :math:`\sum_j \lambda_j K_k(\lambda_j)`. There are
    no weights to be found beside the eigenvalues, which is what rules out spurious ones: a
    component of eigenvalue 0.5 that is seen in 1 % of the runs does not exist.

    Parameters
    ----------
    clock
        What K is.
    observations
        Outcomes with one or more offsets.
    noisy
        Whether to allow for outcomes that noise has spread evenly.

    Returns
    -------
    Spectrum
        Standard errors are those of the inverse Fisher information; infinite information about
        eigenvalues that coincide is cut off.

    Notes
    -----
    The start is the counting measure: a frequency over the eigenvalue it stands for is a number of
    eigenvalues, and the j-th lies where their number reaches j - 1/2. The likelihood has a maximum
    in nearly every outcome, so each eigenvalue is then tried across the outcomes around it, all in
    turn; Fisher scoring does the rest. With one offset only, an eigenvalue that falls onto an
    outcome is hardly told from its mirror image about it, and half an outcome's offset in half of
    the runs tells them apart. Below the floor, 2.5 outcomes or 30 expected counts, probability is
    placed freely.
    """
    problem = _Problem.of(clock, observations, noisy=noisy)
    parameters = problem.start()
    parameters = problem.swept(parameters)
    parameters = problem.scored(parameters)
    found = problem.spectrum(parameters)
    if found.deviance < _GOOD:
        return found
    return problem.spectrum(problem.scored(problem.joined(parameters)))


@dataclass(frozen=True, eq=False)
class _Problem:
    """Likelihood of all observations; parameters are eigenvalues, weights of the tail, noise."""

    clock: Clock
    offsets: tuple[float, ...]
    counts: Array
    shots: Array
    floor: float
    tail: Array
    tail_distributions: Array
    noisy: bool

    @classmethod
    def of(cls, clock: Clock, observations: Sequence[Observation], *, noisy: bool) -> _Problem:
        offsets = tuple(observation.offset for observation in observations)
        shots = np.repeat([float(o.shots) for o in observations], clock.outcomes)
        counts = shots * np.concatenate([o.frequencies for o in observations])
        cell = clock.cell(0.0)
        total = sum(o.shots for o in observations)
        floor = max(_FLOOR_CELLS * cell, _FLOOR_COUNTS / total)
        problem = cls(clock, offsets, counts, shots, floor, np.zeros(0), np.zeros(0), noisy)
        places = np.sort(problem.counted(_MOST + 1))
        if places.size > _MOST:
            floor = float(places[-_MOST:].min() - cell / 4)
        step = max(cell / 2, floor / _MOST)
        tail = np.arange(0, floor + step / 2, step)
        problem = cls(clock, offsets, counts, shots, floor, tail, np.zeros(0), noisy)
        return cls(
            clock, offsets, counts, shots, floor, tail, problem.distributions(tail)[0], noisy
        )

    def distributions(self, values: Array) -> tuple[Array, Array]:
        """Distributions and derivatives over the outcomes of all observations."""
        parts = [self.clock.distributions(values, offset) for offset in self.offsets]
        first, second = zip(*parts, strict=True)
        return np.hstack(first), np.hstack(second)

    def counted(self, most: int) -> Array:
        """Where the counting measure reaches a half, one and a half, and so on."""
        readings = np.concatenate([self.clock.readings(offset) for offset in self.offsets])
        weights = self.counts / np.sum(self._totals())
        order = np.argsort(-readings, kind="stable")
        readings, weights = readings[order], weights[order]
        kept = readings > self.floor
        number = np.cumsum(weights[kept] / readings[kept])
        if not number.size:
            return np.zeros(0)
        wanted = np.arange(0.5, min(number[-1], most))
        return readings[kept][np.searchsorted(number, wanted)]

    def _totals(self) -> Array:
        return self.shots[:: self.clock.outcomes]

    def start(self) -> Array:
        values = self.counted(_MOST)
        rest = max(1 - float(np.sum(values)), 0.0)
        tail = np.full(self.tail.size, rest / self.tail.size)
        return np.concatenate([values, tail, [1.0, 0.0]])

    def split(self, parameters: Array) -> tuple[Array, Array, float, float]:
        number = parameters.size - self.tail.size - 2
        tail = parameters[number:-2]
        return parameters[:number], tail, float(parameters[-2]), float(parameters[-1])

    def expected(self, parameters: Array) -> Array:
        """Probabilities of all outcomes."""
        values, tail, signal, background = self.split(parameters)
        found: Array = signal * (values @ self.distributions(values)[0])
        return found + tail @ self.tail_distributions + background / self.clock.outcomes

    def likelihood(self, probabilities: Array) -> Array:
        """Logarithms of the likelihood, of Poisson counts; the last axis is summed."""
        means = self.shots * np.maximum(probabilities, _TINY)
        found: Array = np.sum(self.counts * np.log(means) - means, axis=-1)
        return found

    def swept(self, parameters: Array) -> Array:
        """Try each eigenvalue across the outcomes around it, with all others where they are."""
        parameters = parameters.copy()
        values, tail, signal, background = self.split(parameters)
        rest = tail @ self.tail_distributions + background / self.clock.outcomes
        frequencies = self.counts / self.shots
        for sweep in range(_SWEEPS):
            wide = sweep < _SWEEPS - 2
            reach = np.linspace(-1, 1, _PLACES) * (2.0 if wide else 0.5)
            before = values.copy()
            parts = signal * values[:, None] * self.distributions(values)[0]
            for j in range(values.size):
                others = np.sum(parts, axis=0) - parts[j] + rest
                tried = values[j] + reach * self.clock.cell(values[j])
                tried = np.clip(tried, self.floor / 2, 1.0)
                each = signal * tried[:, None] * self.distributions(tried)[0]
                means = np.maximum(others + each, 1e-12)
                if wide:  # a distance that forgives what the others have not got right yet
                    fit = -np.sum((np.sqrt(frequencies) - np.sqrt(means)) ** 2, axis=1)
                else:
                    fit = self.likelihood(means)
                best = int(np.argmax(fit))
                values[j], parts[j] = tried[best], each[best]
            settled = np.max(np.abs(values - before), initial=0.0) < 1e-9
            if settled and not wide:
                break
        parameters[: values.size] = values
        return parameters

    def joined(self, parameters: Array) -> Array:
        """Let neighbours that are likelier at one place coincide; scoring hardly moves them.

        The likelihood is flat to first order in their distances.
        """
        number = parameters.size - self.tail.size - 2
        order = np.argsort(-parameters[:number], kind="stable")
        value = float(self.likelihood(self.expected(parameters)))
        for first, last in combinations(range(number), 2):
            near = list(order[first : last + 1])
            middle = float(np.mean(parameters[near]))
            if np.ptp(parameters[near]) < _NEIGHBOURS * self.clock.cell(middle):
                trial, reached = self._together(parameters, near, middle)
                if reached >= value:
                    parameters, value = trial, reached
        return parameters

    def _together(self, parameters: Array, near: list[int], middle: float) -> tuple[Array, float]:
        """Find the best common place around the middle, within one outcome, then finer."""
        reach = self.clock.cell(middle)
        for _ in range(3):
            places = np.clip(middle + np.linspace(-reach, reach, _PLACES), self.floor / 4, 1.0)
            trials = np.tile(parameters, (_PLACES, 1))
            trials[:, near] = places[:, None]
            reached = [float(self.likelihood(self.expected(trial))) for trial in trials]
            best = int(np.argmax(reached))
            middle, reach = float(places[best]), 2 * reach / _PLACES
        return trials[best], reached[best]

    def information(self, parameters: Array) -> tuple[Array, Array]:
        """Gradient of the logarithm of the likelihood, and the Fisher information."""
        values, _, signal, _ = self.split(parameters)
        distributions, slopes = self.distributions(values)
        rows = [signal * (distributions + values[:, None] * slopes), self.tail_distributions]
        noise = np.zeros((2, self.counts.size))
        if self.noisy:
            noise[0] = values @ distributions
            noise[1] = 1 / self.clock.outcomes
        derivatives = np.vstack([*rows, noise])
        means = np.maximum(self.expected(parameters), 1e-15)
        gradient = derivatives @ (self.counts / means - self.shots)
        return gradient, (derivatives * (self.shots / means)) @ derivatives.T

    def scored(self, parameters: Array) -> Array:
        """Climb to the maximum by damped Fisher scoring, within bounds."""
        number = parameters.size - self.tail.size - 2
        damping, value = 1e-3, float(self.likelihood(self.expected(parameters)))
        for _ in range(_ITERATIONS):
            gradient, information = self.information(parameters)
            # At a bound, only what leads back inside.
            free = (parameters > 0) | (gradient > 0)
            free[-2:] &= self.noisy
            scale = np.sqrt(np.maximum(np.diag(information), _TINY))
            gained = 0.0
            for _ in range(12):
                matrix = information / np.outer(scale, scale) + damping * np.eye(scale.size)
                step = np.zeros_like(parameters)
                chosen = np.ix_(free, free)
                step[free] = np.linalg.solve(matrix[chosen], (gradient / scale)[free])
                trial = np.maximum(parameters + step / scale, 0.0)
                trial[:number] = np.clip(trial[:number], self.floor / 4, 1.0)
                reached = float(self.likelihood(self.expected(trial)))
                if reached > value:
                    gained, value, parameters = reached - value, reached, trial
                    damping = max(damping / 10, 1e-9)
                    break
                damping = min(damping * 10, 1e9)
            if gained < 1e-7 * max(1.0, abs(value) * 1e-9):
                break
        return parameters

    def spectrum(self, parameters: Array) -> Spectrum:
        values, tail, signal, background = self.split(parameters)
        _, information = self.information(parameters)
        scale = np.sqrt(np.maximum(np.diag(information), _TINY))
        inverse = np.linalg.pinv(information / np.outer(scale, scale), rcond=1e-10, hermitian=True)
        errors = np.sqrt(np.maximum(np.diag(inverse), 0)) / scale
        order = np.argsort(-values, kind="stable")
        saturated = np.where(
            self.counts > 0, self.counts * np.log(np.maximum(self.counts, _TINY)), 0
        )
        best = float(np.sum(saturated - self.counts))
        missing = best - float(self.likelihood(self.expected(parameters)))
        return Spectrum(
            values=values[order],
            standard_errors=errors[: values.size][order],
            floor=self.floor,
            tail_values=self.tail,
            tail_weights=tail,
            signal=signal,
            background=background,
            deviance=2 * missing / self.counts.size,
        )
