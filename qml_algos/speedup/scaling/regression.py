"""Least squares in the logarithm of the cost, for many samples of the same points at once.

Costs err by a factor, not by a sum, so residuals are those of logarithms. A law without a constant
cost is linear in its parameters then. One with a constant cost is fitted by the method of
Levenberg and Marquardt (D. W. Marquardt, J. SIAM 11, 431 (1963)), all samples in step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qml_algos.speedup.scaling.laws import LARGEST_LOGARITHM, Floats, Law

_STARTING_SHARES = (0.3, 0.95)
_ITERATIONS = 30
_LONGEST_STEP = 3.0
_SMALLEST_SHARE = 1e-3
_SMALLEST_GAIN = 1e-7
_LARGEST_DAMPING = 1e6


class Fits(NamedTuple):
    """Least-squares fits of one law to many samples.

    Attributes
    ----------
    parameters
        Shape (samples, parameters).
    squares
        Sums of squared residuals of the logarithms, shape (samples,).
    """

    parameters: Floats
    squares: Floats


class _Scaled(NamedTuple):
    """Features brought to the interval 0 to 1, for the sake of conditioning."""

    features: Floats
    low: Floats
    span: Floats


def fit_samples(law: Law, logs: Floats, log_costs: Floats) -> Fits:
    """Fit a law to samples of costs at the same points.

    Cost: O(samples * points * parameters^2), times up to 60 with a constant cost.

    Parameters
    ----------
    law
        Its shape.
    logs
        Natural logarithms of the variables, shape (points, variables).
    log_costs
        Natural logarithms of the costs, shape (samples, points).
    """
    features = law.features(logs)
    low = features.min(axis=0)
    scaled = _Scaled((features - low) / np.ptp(features, axis=0), low, np.ptp(features, axis=0))
    log_costs = log_costs - law.known_logs(logs)
    if not law.offset:
        return _unscaled(_linear(scaled.features, log_costs), scaled)
    starts = [_start(scaled.features, log_costs, share) for share in _STARTING_SHARES]
    tried = _descend(scaled.features, np.tile(log_costs, (len(starts), 1)), np.concatenate(starts))
    squares = tried.squares.reshape(len(starts), -1)
    best = squares.argmin(axis=0) * len(log_costs) + np.arange(len(log_costs))
    return _unscaled(Fits(tried.parameters[best], tried.squares[best]), scaled)


def _linear(features: Floats, log_costs: Floats) -> Fits:
    design = np.column_stack([np.ones(len(features)), features])
    parameters = log_costs @ np.linalg.pinv(design).T
    residuals = log_costs - parameters @ design.T
    return Fits(parameters, np.sum(residuals**2, axis=1))


def _start(features: Floats, log_costs: Floats, share: float) -> Floats:
    """Parameters that fit if the constant is so large a share of the least cost."""
    least = log_costs.min(axis=1, keepdims=True)
    ratios = np.exp(np.minimum(log_costs - least, LARGEST_LOGARITHM))
    growing = np.log(np.maximum(ratios - share, _SMALLEST_SHARE * ratios)) + least
    return np.column_stack([_linear(features, growing).parameters, least + np.log(share)])


def _descend(features: Floats, log_costs: Floats, parameters: Floats) -> Fits:
    parameters = parameters.copy()
    squares = np.sum((log_costs - _log_costs(features, parameters)) ** 2, axis=1)
    damping = np.full(len(log_costs), 1e-2)
    # Only samples that still improve are worked on: most settle within a few steps.
    rows = np.arange(len(log_costs))
    for _ in range(_ITERATIONS):
        fitted = _log_costs(features, parameters[rows])
        jacobian = _jacobian(features, parameters[rows], fitted)
        step = _step(jacobian, log_costs[rows] - fitted, damping[rows])
        tried = parameters[rows] + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        found = np.sum((log_costs[rows] - _log_costs(features, tried)) ** 2, axis=1)
        gain = squares[rows] - found
        better = gain > 0
        parameters[rows[better]] = tried[better]
        squares[rows[better]] = found[better]
        damping[rows] = np.maximum(damping[rows] * np.where(better, 0.2, 5), 1e-9)
        going = np.where(better, gain > _SMALLEST_GAIN * found, damping[rows] < _LARGEST_DAMPING)
        rows = rows[going]
        if not len(rows):
            break
    return Fits(parameters, squares)


def _log_costs(features: Floats, parameters: Floats) -> Floats:
    growth = parameters[:, :1] + parameters[:, 1:-1] @ features.T
    return np.logaddexp(parameters[:, -1:], growth)


def _jacobian(features: Floats, parameters: Floats, fitted: Floats) -> Floats:
    """Derive the logarithms of the costs by the parameters, shape (samples, points, parameters)."""
    constant = np.exp(parameters[:, -1:] - fitted)[:, :, None]
    return np.concatenate([1 - constant, (1 - constant) * features, constant], axis=2)


def _step(jacobian: Floats, residuals: Floats, damping: Floats) -> Floats:
    normal = np.swapaxes(jacobian, 1, 2) @ jacobian
    diagonal = np.einsum("sii->si", normal)
    # A parameter that does nothing, such as a constant cost of nearly 0, must not make the matrix
    # singular.
    normal = normal + (damping[:, None] * diagonal + 1e-12)[:, :, None] * np.eye(normal.shape[1])
    gradient = np.einsum("spi,sp->si", jacobian, residuals)
    return np.linalg.solve(normal, gradient[:, :, None])[:, :, 0]


def _unscaled(fits: Fits, scaled: _Scaled) -> Fits:
    variables = len(scaled.low)
    parameters = fits.parameters.copy()
    parameters[:, 1 : 1 + variables] /= scaled.span
    parameters[:, 0] -= parameters[:, 1 : 1 + variables] @ scaled.low
    return Fits(parameters, fits.squares)
