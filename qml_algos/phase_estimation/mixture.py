r"""Maximum likelihood of a mixture of phase-estimation kernels, of a known number of components.

The clock of phase estimation on a state with weights :math:`w_j` on eigenphases :math:`\phi_j`
reads k with probability :math:`p_k = \sum_j w_j K_k(\phi_j)`. What is maximised is

.. math:: \ell(\phi, w) = \sum_k n_k \log p_k - N \Big(\sum_j w_j - 1\Big),

over all positive w: since every kernel sums to 1, the maximum has weights that sum to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qml_algos.phase_estimation.kernel import Array, PhaseKernel

_FLOOR = 1e-30
_LEAST_INFORMATION = 1e-2
_LIGHTEST = 1e-12
_MAX_STEPS = 200
_STUCK = 1e9


@dataclass(frozen=True, eq=False)
class Data:
    """Counts of the clock's outcomes, shape ``(M,)``, and the kernel they were drawn from."""

    counts: Array
    kernel: PhaseKernel
    background: bool

    @property
    def shots(self) -> float:
        """Number of all counts."""
        return float(self.counts.sum())


@dataclass(frozen=True, eq=False)
class Mixture:
    """Phases and weights, shape ``(J,)`` each, and the weight of uniformly distributed outcomes."""

    phases: Array
    weights: Array
    background: float = 0.0

    @property
    def size(self) -> int:
        """J."""
        return int(self.phases.size)

    def added(self, phase: float, weight: float) -> Mixture:
        """Return the mixture with one more component, the others lighter by its weight."""
        return Mixture(
            np.append(self.phases, phase),
            np.append(self.weights * (1 - weight), weight),
            self.background * (1 - weight),
        )

    def without(self, component: int) -> Mixture:
        """Return the mixture without a component, whose weight goes to its nearest neighbour."""
        apart = np.abs(np.exp(1j * self.phases) - np.exp(1j * self.phases[component]))
        apart[component] = np.inf
        weights = self.weights.copy()
        weights[np.argmin(apart)] += weights[component]
        keep = np.arange(self.size) != component
        return Mixture(self.phases[keep], weights[keep], self.background)

    def moved(self, component: int, phase: float) -> Mixture:
        """Return the mixture with one phase replaced."""
        phases = self.phases.copy()
        phases[component] = phase
        return replace(self, phases=phases)


def probabilities(mixture: Mixture, kernel: PhaseKernel) -> Array:
    """Distribution of the outcomes; shape ``(M,)``."""
    uniform = mixture.background / kernel.outcomes
    found: Array = mixture.weights @ kernel.values(mixture.phases) + uniform
    return found


def maximise(
    data: Data, start: Mixture, fixed: int | None = None, tolerance: float = 1e-6
) -> tuple[Mixture, float]:
    """Climb from a start to a maximum of the likelihood, by damped Fisher scoring.

    Parameters
    ----------
    data
        Counts.
    start
        Mixture to begin with.
    fixed
        A component whose phase does not move.
    tolerance
        Gain in log-likelihood at which to stop.

    Returns
    -------
    tuple
        The mixture and its log-likelihood. Each step costs O(J^2 M).
    """
    free = np.array([j for j in range(start.size) if j != fixed], dtype=int)
    current, damping = start, 1e-3
    value, slope, information = _scored(data, current, free)
    for _ in range(_MAX_STEPS):
        scale = np.sqrt(np.maximum(np.diag(information), _LEAST_INFORMATION))
        matrix = information / np.outer(scale, scale) + damping * np.eye(scale.size)
        step = np.linalg.solve(matrix, slope / scale) / scale
        # A step of a cell or more leaves the region where the quadratic model is of any use.
        step /= max(1.0, 2 * np.max(np.abs(step), initial=0.0))
        trial = _stepped(current, step, free, data.kernel.cell)
        reached, *rest = _scored(data, trial, free)
        gain = reached - value
        if gain < 0:
            damping *= 8
            if damping > _STUCK:
                break
            continue
        damping = max(damping / 5, 1e-6)
        current, value = trial, reached
        slope, information = rest
        if gain < tolerance:
            break
    return current, value


def _scored(data: Data, mixture: Mixture, free: NDArray[np.int_]) -> tuple[float, Array, Array]:
    """Log-likelihood, its slope and the expected information, by phases/cell and log weights."""
    p, tangents = tangent_vectors(data, mixture, free)
    p = np.maximum(p, _FLOOR)
    value = float(data.counts @ np.log(p) - data.shots * (p.sum() - 1))
    weighted = tangents / p
    return (
        value,
        weighted @ data.counts - data.shots * tangents.sum(axis=1),
        (data.shots * (weighted @ tangents.T)),
    )


def tangent_vectors(data: Data, mixture: Mixture, free: NDArray[np.int_]) -> tuple[Array, Array]:
    """Probabilities, and their derivatives by free phases/cell, log weights, log background."""
    kernel = data.kernel
    values, firsts, _ = kernel.derivatives(mixture.phases)
    by_weight = mixture.weights[:, None] * values
    by_phase = (kernel.cell * mixture.weights)[:, None] * firsts
    p = by_weight.sum(axis=0)
    rows = [by_phase[free], by_weight]
    if data.background:
        uniform = np.full((1, kernel.outcomes), mixture.background / kernel.outcomes)
        p = p + uniform[0]
        rows.append(uniform)
    return p, np.concatenate(rows)


def _stepped(mixture: Mixture, step: Array, free: NDArray[np.int_], cell: float) -> Mixture:
    J = mixture.size
    phases = mixture.phases.copy()
    phases[free] += cell * step[: free.size]
    weights = mixture.weights * np.exp(step[free.size : free.size + J])
    background = mixture.background
    if step.size > free.size + J:
        background = max(background * float(np.exp(step[-1])), _LIGHTEST)
    return Mixture(phases, np.maximum(weights, _LIGHTEST), background)


def polish(
    data: Data, mixture: Mixture, value: float, tolerance: float = 1e-6
) -> tuple[Mixture, float]:
    r"""Try the mirror images of phases close to an outcome's, and keep what is more likely.

    About a phase :math:`2 \pi k / M` the kernel is even up to third order, so that the likelihood
    has two maxima there, one on either side.
    """
    spacing = 2 * np.pi / data.kernel.outcomes
    for component in range(mixture.size):
        mirrored = mirror(mixture.phases[component], spacing)
        if abs(mirrored - mixture.phases[component]) < 0.8 * spacing:
            trial, reached = maximise(data, mixture.moved(component, mirrored), tolerance=tolerance)
            if reached > value:
                mixture, value = trial, reached
    return mixture, value


def mirror(phase: float, spacing: float) -> float:
    """Reflect a phase about the nearest multiple of the spacing, never onto itself."""
    nearest = spacing * np.round(phase / spacing)
    distance = phase - nearest
    if abs(distance) < 0.02 * spacing:
        distance = -0.02 * spacing if distance >= 0 else 0.02 * spacing
        return float(nearest + 2 * distance)
    return float(nearest - distance)


def observed_information(data: Data, mixture: Mixture) -> Array:
    """Minus the second derivatives of the log-likelihood, by phases, weights and background.

    Shape ``(2 J, 2 J)``, or one more with a background; in radians.
    """
    J, kernel = mixture.size, data.kernel
    values, firsts, seconds = kernel.derivatives(mixture.phases)
    rows = [mixture.weights[:, None] * firsts, values]
    if data.background:
        rows.append(np.full((1, kernel.outcomes), 1 / kernel.outcomes))
    tangents = np.concatenate(rows)
    p = np.maximum(probabilities(mixture, kernel), _FLOOR)
    found: Array = (tangents * (data.counts / p**2)) @ tangents.T
    per_count = data.counts / p
    each = np.arange(J)
    found[each, each] -= mixture.weights * (seconds @ per_count)
    found[each, J + each] -= firsts @ per_count
    found[J + each, each] -= firsts @ per_count
    return found
