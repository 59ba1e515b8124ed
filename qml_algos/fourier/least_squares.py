"""Tones from a spectrum that is known with its phases: least squares between the bins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from qml_algos.fourier.kernel import Complex, Tones, Values, kernel, no_tones

Integers = NDArray[np.int64]

_WINDOW = 8
"""Bins on either side of a tone that its fit looks at: beyond are 3 % of a tone's power at most."""

_LEAKAGE = 1000
"""Bins on either side from which a tone found is taken away before others are looked for."""

_STAGES, _SWEEPS, _STEPS = 6, 12, 4
_SETTLED = 1e-9
_TOGETHER = 4
"""More tones than this side by side are no tones: they stay as fitted one by one."""

# Two bins hold at least 0.81 of a tone alone.
_HOPEFUL = 0.7
# What stands no higher than so many times the leakage of others waits until that is taken away.
_ABOVE_LEAKAGE = 4.0


def find_tones(
    spectrum: Complex, size: int, *, real: bool, count: int, threshold: float
) -> tuple[Values, Values]:
    """Positions in bins, and shares of the power, of the strongest tones; strongest first.

    Parameters
    ----------
    spectrum
        X_k / N for k from ``-(N // 2)`` on, phases counted from the middle of the record; of a
        real signal those from 0 to ``N // 2``.
    size
        Number of samples N.
    real
        Whether tones come with their conjugates.
    count, threshold
        As in `DominantFrequencies`.

    Notes
    -----
    Every tone is fitted to the bins around it while the others are taken away, in turns, as in P.
    Stoica, J. Li, IEEE Trans. Signal Process. 44, 281 (1996); up to four that overlap are then
    fitted together. Of a tone of share w in white noise of total share b the position's standard
    error is that of the Cramer-Rao bound, ``sqrt(3 b / (2 w N)) / pi`` bins. Cost: O(N) for each of
    a few passes over the spectrum, and O(k^2) for k tones.
    """
    first = 0 if real else -(size // 2)
    last = first + spectrum.size - 1
    total = _total_power(spectrum, size, real=real)
    least = _HOPEFUL * threshold * total / (2 if real else 1)

    def rest_at(tones: Tones, bins: Integers) -> Complex:
        inside = np.clip(bins, first, last)
        rest = spectrum[inside - first] - tones.spectrum(inside)
        return np.where(inside == bins, rest, 0.0)

    tones = no_tones(size, real=real)
    for _ in range(_STAGES):
        rest = _without(spectrum, first, tones)
        new = _peaks(np.abs(rest) ** 2, least, 2 * count + 2)
        for place, between in new:
            nearest = place + round(between)
            height, *_ = kernel(np.array([place + between - nearest]), size)
            tones = tones.joined(first + place + between, complex(rest[nearest]) / height[0])
        if not new:
            break
        tones = _settled(tones, rest_at)
        tones = _together(tones, rest_at)
        tones = _distinct(tones.chosen(tones.powers() >= threshold * total / 4))
    shares = tones.powers() / total
    order = np.argsort(-shares)[:count]
    order = order[shares[order] >= threshold]
    positions = tones.positions[order]
    return np.abs(positions) if real else positions, shares[order]


def fit_apart(tones: Tones, rest_around: Complex, window: int) -> Tones:
    """Fit every tone by itself to the bins around it; Gauss-Newton steps for all at once.

    Parameters
    ----------
    tones
        The start.
    rest_around
        What the tones leave of the spectrum on the ``window`` bins on either side of each; shape
        ``(k, 2 window + 1)``.
    window
        Number of these bins.
    """
    around = bins_around(tones, window)
    own, *_ = kernel(tones.positions[:, None] - around, tones.size)
    measured = tones.amplitudes[:, None] * own + rest_around
    positions = tones.positions
    for _ in range(_STEPS):
        value, slope, _ = kernel(positions[:, None] - around, tones.size)
        norm = np.sum(value**2, axis=1)
        amplitudes = np.sum(value * measured, axis=1) / norm
        left = measured - amplitudes[:, None] * value
        across = slope - value * (np.sum(slope * value, axis=1) / norm)[:, None]
        step = np.sum(across * left, axis=1) * amplitudes.conj()
        scale = np.sum(across**2, axis=1) * np.maximum(np.abs(amplitudes) ** 2, 1e-300)
        positions = positions + np.clip(step.real / scale, -0.5, 0.5)
    value, *_ = kernel(positions[:, None] - around, tones.size)
    amplitudes = np.sum(value * measured, axis=1) / np.sum(value**2, axis=1)
    return Tones(positions, amplitudes, tones.size, tones.real)


def bins_around(tones: Tones, window: int) -> Integers:
    """Bins on either side of each tone; shape ``(k, 2 window + 1)``."""
    nearest = np.round(tones.positions).astype(np.int64)
    around: Integers = nearest[:, None] + np.arange(-window, window + 1)
    return around


_RestAt = Callable[[Tones, Integers], Complex]


def _settled(tones: Tones, rest_at: _RestAt) -> Tones:
    for _ in range(_SWEEPS):
        tones = _distinct(tones)
        before = tones
        tones = fit_apart(tones, rest_at(tones, bins_around(tones, _WINDOW)), _WINDOW)
        if np.max(np.abs(tones.positions - before.positions)) < _SETTLED:
            break
    return tones


def _together(tones: Tones, rest_at: _RestAt) -> Tones:
    """Fit tones that overlap as one: neighbours less than a window apart."""
    order = np.argsort(tones.positions)
    gaps = np.flatnonzero(np.diff(tones.positions[order]) > _WINDOW) + 1
    for group in np.split(order, gaps):
        if 1 < group.size <= _TOGETHER:
            fitted = _joint_fit(tones, group, rest_at)
            # Two tones that share a place take on huge amplitudes against one another.
            if np.sum(fitted.powers()) > 2 * np.sum(tones.chosen(group).powers()):
                continue
            positions, amplitudes = tones.positions.copy(), tones.amplitudes.copy()
            positions[group], amplitudes[group] = fitted.positions, fitted.amplitudes
            tones = Tones(positions, amplitudes, tones.size, tones.real)
    return tones


def _distinct(tones: Tones) -> Tones:
    """Leave out tones less than a bin from a stronger one: what they stand for is no tone."""
    kept: list[int] = []
    for place in np.argsort(-tones.powers()):
        if all(abs(tones.positions[place] - tones.positions[k]) >= 1 for k in kept):
            kept.append(int(place))
    return tones.chosen(np.array(kept, dtype=np.int64))


def _joint_fit(tones: Tones, group: NDArray[np.int64], rest_at: _RestAt) -> Tones:
    some = tones.chosen(group)
    near = np.unique(bins_around(some, _WINDOW))
    measured = rest_at(tones, near) + some.spectrum(near)
    scale = float(np.max(np.abs(measured)))

    def residuals(parameters: Values) -> Values:
        return _split((some.unpacked(parameters).spectrum(near) - measured) / scale)

    def jacobian(parameters: Values) -> Values:
        return _split(some.unpacked(parameters).derivatives(near) / scale)

    fitted = least_squares(residuals, some.packed(), jacobian, x_scale="jac", max_nfev=30)
    return some.unpacked(fitted.x)


def _split(values: Complex) -> Values:
    return np.concatenate([values.real, values.imag])


def _peaks(powers: Values, least: float, most: int) -> list[tuple[int, float]]:
    """Places of tones and how far towards the next bin each stands, strongest first."""
    pairs = powers.copy()
    pairs[:-1] += powers[1:]
    candidates = np.flatnonzero(pairs >= least)
    found: list[tuple[int, float]] = []
    for place in candidates[np.argsort(-pairs[candidates])]:
        if len(found) == most:
            break
        distances = np.array([abs(place - other) for other, _ in found])
        if np.any(distances <= 1):
            continue
        leakage = np.sum(2 * pairs[[other for other, _ in found]] / (np.pi * distances) ** 2)
        if pairs[place] <= _ABOVE_LEAKAGE * leakage:
            continue
        here = np.sqrt(powers[place])
        after = np.sqrt(powers[place + 1]) if place + 1 < powers.size else 0.0
        found.append((int(place), float(after / (here + after))))
    return found


def _without(spectrum: Complex, first: int, tones: Tones) -> Complex:
    """Take tones away, each from the bins near it."""
    rest = spectrum.copy()
    for position, amplitude in zip(*tones.both(), strict=True):
        start = max(round(position) - first - _LEAKAGE, 0)
        end = min(max(round(position) - first + _LEAKAGE + 1, 0), spectrum.size)
        near = np.arange(first + start, first + end)
        rest[start:end] -= amplitude * kernel(position - near, tones.size)[0]
    return rest


def _total_power(spectrum: Complex, size: int, *, real: bool) -> float:
    """Mean square of the samples, by Parseval's theorem."""
    powers = np.abs(spectrum) ** 2
    if not real:
        return float(np.sum(powers))
    alone = [0, -1] if size % 2 == 0 else [0]
    return float(2 * np.sum(powers) - np.sum(powers[alone]))
