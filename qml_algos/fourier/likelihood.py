r"""Tones from counted bins: maximum likelihood between the bins, interference included.

Shots find bin k with probability :math:`|\sum_j c_j d(f_j - k)|^2 + b / N`: tones add up as
amplitudes, with their relative phases, and all else is a floor of total b. A tone of share w gives
a Fisher information of :math:`S w 4 \pi^2 (1 - 1/N^2) / 3` on its position in bins from S shots,
wherever between two bins it stands, which is the quantum Fisher information of the state: no
measurement does better. So the standard error is :math:`\sqrt{3} / (2 \pi \sqrt{w S})` bins.

Noise in the signal itself is not uncertain but unknown: it interferes with the tones in their bins,
with a phase that shots do not show. Of a share b it moves a position by about
:math:`\sqrt{3 b / (w N)} / \pi` bins however many shots there are; with the phases, which a
classical transform has, it would be :math:`\sqrt{2}` less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from qml_algos.fourier.kernel import Complex, Tones, Values, kernel, no_tones, starting_tone

_SMALLEST_FLOOR = 1e-12
_ITERATIONS, _GRADIENT = 60, 1e-8
# Twice the gain in log-likelihood below which a tone is left out: by chance alone, with three
# parameters and up to 10^5 places to put them, this happens in less than one run of a hundred.
_EVIDENCE = 40.0
# Two bins hold at least 0.81 of a tone alone.
_HOPEFUL = 0.7


@dataclass(frozen=True, eq=False)
class FittedTones:
    """Tones found in a spectrum, strongest first.

    Attributes
    ----------
    positions, shares
        In bins, and of the whole power; shape ``(k,)``.
    position_errors, share_errors
        Standard errors from finitely many shots; of positions also from the signal's noise.
    noise_errors
        What the signal's noise adds to those of positions.
    floor
        Share of the power in no tone.
    """

    positions: Values
    shares: Values
    position_errors: Values
    share_errors: Values
    noise_errors: Values
    floor: float


def noise_error(floor: float, shares: Values, size: int) -> Values:
    """Bound from below, in bins, on position errors: noise in the signal, its phases unknown."""
    error: Values = np.sqrt(3 * floor / (shares * size)) / np.pi
    return error


def fit_counts(
    bins: Values,
    shares: Values,
    size: int,
    *,
    real: bool,
    count: int,
    threshold: float,
    shots: int | None,
) -> FittedTones:
    """Find the strongest tones in a spectrum known by shares of its bins.

    Parameters
    ----------
    bins
        Those that were found, from ``-(N // 2)`` on: first whole ones, ascending, each once; then
        those half a bin below, of shots of the signal moved half a bin up.
    shares
        Part of all shots that found each.
    size
        Number of samples N.
    real
        Whether tones come with their conjugates.
    count, threshold
        As in `DominantFrequencies`.
    shots
        Number of shots; ``None`` if the shares are exact.

    Notes
    -----
    One tone after the other is put where the largest unexplained power is, and all are fitted
    anew; one more than asked for, since the strongest need not show the highest bin. Cost: O(k)
    fits of O(k) operations a bin.
    """
    tones, floor = no_tones(size, real=real), 1.0
    whole = bins == np.round(bins)
    value = _Likelihood(bins, shares, size).value(tones, floor)
    for _ in range(count + 1):
        explained = np.abs(tones.spectrum(bins[whole])) ** 2 + floor / size
        unexplained = shares[whole] / np.sum(shares[whole]) - explained
        start = starting_tone(bins[whole].astype(np.int64), unexplained, size, real=real)
        if start is None:
            break
        # Of tones that are all there, the weakest is the one to beat.
        least = threshold if tones.count < count else float(np.min(tones.powers()))
        if start[1] ** 2 * (2 if real else 1) < _HOPEFUL * least:
            break
        wider, lower = _fitted(bins, shares, tones, start, floor)
        found = _Likelihood(bins, shares, size).value(wider, lower)
        if shots is not None and 2 * shots * (value - found) < _EVIDENCE:
            break
        if np.min(wider.powers()) < threshold:
            break
        tones, floor, value = wider, lower, found
    tones, floor = _mirrored(bins, shares, tones, floor)
    return _with_errors(bins, shares, tones, floor, count, threshold, shots)


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """Negative log-likelihood of one shot, as of Poisson counts: the norm is then free too.

    Its parameters are those of `Tones.packed`, and the logarithm of the floor. Sums over all bins,
    found or not, have closed forms, for the kernels of two tones have the kernel of their distance
    as overlap.
    """

    bins: Values
    shares: Values
    size: int

    def value(self, tones: Tones, floor: float) -> float:
        chances = np.abs(tones.spectrum(self.bins)) ** 2 + floor / self.size
        positions, amplitudes = tones.both()
        overlaps, *_ = kernel(positions[:, None] - positions[None, :], self.size)
        norm = float((amplitudes.conj() @ overlaps @ amplitudes).real)
        return float(-self.shares @ np.log(chances)) + norm + floor

    def gradient(self, tones: Tones, floor: float) -> Values:
        return self._derivatives(tones, floor)[0]

    def hessian(self, tones: Tones, floor: float) -> Values:
        return self._derivatives(tones, floor)[1]

    def _derivatives(self, tones: Tones, floor: float) -> tuple[Values, Values]:
        """Gradient and Hessian.

        With a = sum c_j d_j the chance of a bin is |a|^2 + floor / N. Weights of 1 on all bins,
        from the norm, and of minus share / chance on those found multiply its derivatives.
        """
        positions, amplitudes = tones.both()
        signs = np.repeat([1.0, -1.0], tones.count)[: positions.size]
        near = kernel(positions[None, :] - self.bins[:, None], self.size)
        spectrum = near[0] @ amplitudes
        chances = np.abs(spectrum) ** 2 + floor / self.size
        ratio = self.shares / chances
        overlaps = kernel(positions[:, None] - positions[None, :], self.size)
        # Sums of a^* times d, d' and d'' of each tone.
        weighted = ratio * spectrum.conj()
        sums = [
            overlap @ amplitudes.conj() - found.T @ weighted
            for overlap, found in zip(overlaps, near, strict=True)
        ]
        fold = _fold(tones)
        first = [signs * amplitudes * sums[1], sums[0], 1j * signs * sums[0]]
        by_tones = 2 * np.concatenate([fold @ part for part in first]).real
        by_floor = floor * (1 - np.sum(ratio) / self.size)

        basis = np.hstack([near[0], near[1]])
        products = np.block([[overlaps[0], -overlaps[1]], [overlaps[1], -overlaps[2]]])
        products = products - basis.T @ (ratio[:, None] * basis)
        mixing = _mixing(fold, signs, amplitudes)
        curved = 2 * (mixing.conj().T @ products @ mixing).real
        curved += _second(tones.count, fold, signs, amplitudes, sums)
        slopes = 2 * (spectrum.conj()[:, None] * (basis @ mixing)).real
        slopes = np.hstack([slopes, np.full((self.bins.size, 1), floor / self.size)])
        hessian = slopes.T @ ((ratio / chances)[:, None] * slopes)
        hessian[:-1, :-1] += curved
        hessian[-1, -1] += by_floor
        return np.append(by_tones, by_floor), hessian


def _fold(tones: Tones) -> Values:
    """Add up what belongs to one tone; shape ``(k, k)`` or, with conjugates, ``(k, 2 k)``."""
    one = np.eye(tones.count)
    return np.hstack([one, one]) if tones.real else one


def _mixing(fold: Values, signs: Values, amplitudes: Complex) -> Complex:
    """Differentiate the spectrum by the parameters, in terms of d and d' of each tone."""
    none = np.zeros_like(fold.T)
    values = np.hstack([none, fold.T, 1j * signs[:, None] * fold.T])
    slopes = np.hstack([(signs * amplitudes)[:, None] * fold.T, none, none])
    return np.vstack([values, slopes])


def _second(
    count: int, fold: Values, signs: Values, amplitudes: Complex, sums: list[Complex]
) -> Values:
    """Return the part of the Hessian from second derivatives of the spectrum."""
    found = np.zeros((3 * count, 3 * count))
    tone = np.arange(count)
    found[tone, tone] = 2 * (fold @ (amplitudes * sums[2])).real
    for place, part in ((count, signs * sums[1]), (2 * count, 1j * sums[1])):
        found[tone, place + tone] = found[place + tone, tone] = 2 * (fold @ part).real
    return found


def _fitted(
    bins: Values,
    shares: Values,
    tones: Tones,
    start: tuple[float, float],
    floor: float,
) -> tuple[Tones, float]:
    """Fit with one more tone, whose phase is tried in four quadrants."""
    likelihood = _Likelihood(bins, shares, tones.size)
    position, absolute = start
    power = absolute**2 * (2 if tones.real else 1)
    floor = max(floor - power, 1e-3 * floor, _SMALLEST_FLOOR)
    candidates = [
        tones.joined(position, absolute * phase)
        for phase in np.exp(0.5j * np.pi * np.arange(4) + 0.3j)
    ]
    first = min(candidates, key=lambda candidate: likelihood.value(candidate, floor))

    def trial(parameters: Values) -> tuple[Tones, float]:
        return first.unpacked(parameters[:-1]), float(np.exp(parameters[-1]))

    found = minimize(
        lambda parameters: likelihood.value(*trial(parameters)),
        np.append(first.packed(), np.log(floor)),
        jac=lambda parameters: likelihood.gradient(*trial(parameters)),
        hess=lambda parameters: likelihood.hessian(*trial(parameters)),
        method="trust-exact",
        options={"gtol": _GRADIENT, "maxiter": _ITERATIONS, "initial_trust_radius": 0.1},
    )
    fitted, floor = trial(np.asarray(found.x))
    return fitted, max(floor, _SMALLEST_FLOOR)


def _mirrored(bins: Values, shares: Values, tones: Tones, floor: float) -> tuple[Tones, float]:
    """Try each tone on the other side of its nearest bin.

    Close to a bin both sides have nearly the same powers, and a fit does not come across.
    """
    likelihood = _Likelihood(bins, shares, tones.size)
    value = likelihood.value(tones, floor)
    for place in np.argsort(-tones.powers()):
        position = float(tones.positions[place])
        start = (2 * round(position) - position, float(np.abs(tones.amplitudes[place])))
        others = tones.chosen(np.arange(tones.count) != place)
        unexplained = floor + float(tones.powers()[place])
        other, lower = _fitted(bins, shares, others, start, unexplained)
        found = likelihood.value(other, lower)
        if found < value:
            # The tone stands last now; it goes back to its place.
            order = np.insert(np.arange(others.count), place, others.count)
            tones, floor, value = other.chosen(order), lower, found
    return tones, floor


def _with_errors(
    bins: Values,
    shares: Values,
    tones: Tones,
    floor: float,
    count: int,
    threshold: float,
    shots: int | None,
) -> FittedTones:
    powers = tones.powers()
    order = np.argsort(-powers)[:count]
    order = order[powers[order] >= threshold]
    k = tones.count
    positions, strong = tones.positions[order], powers[order]
    by_noise = noise_error(floor, strong, tones.size)
    if shots is None or not k:
        nothing = np.zeros(order.size)
        return FittedTones(positions, strong, by_noise, nothing, by_noise, floor)
    hessian = _Likelihood(bins, shares, tones.size).hessian(tones, floor)[:-1, :-1]
    covariance = np.linalg.inv(hessian + _phase_prior(tones) / shots) / shots
    variances = np.maximum(np.diag(covariance), 0.0)
    slopes = np.zeros((order.size, 3 * k))
    factor = 4.0 if tones.real else 2.0
    for row, place in enumerate(order):
        amplitude = tones.amplitudes[place]
        slopes[row, [k + place, 2 * k + place]] = factor * np.array(
            [amplitude.real, amplitude.imag]
        )
    # Of Poisson counts; that the shots are given takes away what their number adds.
    share_variances = np.einsum("ij,jk,ik->i", slopes, covariance, slopes) - strong**2 / shots
    return FittedTones(
        positions=positions,
        shares=strong,
        position_errors=np.hypot(np.sqrt(variances[order]), by_noise),
        share_errors=np.sqrt(np.maximum(share_variances, 0.0)),
        noise_errors=by_noise,
        floor=floor,
    )


def _phase_prior(tones: Tones) -> Values:
    """Inverse variance that a phase of which nothing is known has: 3 / pi^2, across an amplitude.

    Tones that do not overlap say nothing of their phases, and those that stand on a bin nothing of
    how they interfere there with others.
    """
    k = tones.count
    across = np.zeros((3 * k, k))
    unit = 1j * tones.amplitudes / np.abs(tones.amplitudes) ** 2
    across[k + np.arange(k), np.arange(k)] = unit.real
    across[2 * k + np.arange(k), np.arange(k)] = unit.imag
    # Positions need a little too, where the likelihood is flat in them.
    return 3 / np.pi**2 * across @ across.T + np.diag([1.0] * k + [0.0] * (2 * k))
