r"""Whether one more component is needed: the likelihood ratio where the phase is not known.

With a further component of weight 0 its phase means nothing, so that twice the gain in
log-likelihood follows no chi-square law. In the limit of many shots it is the maximum over the
phase of :math:`\max(Z(\phi), 0)^2`, Z being the Gaussian process of unit variance

.. math:: Z(\phi) = \frac{\langle r(\phi), n - N p\rangle_{1/p}}{\sqrt N \|r(\phi)\|}, \qquad
          r = K(\phi) - \Pi K(\phi),

:math:`\Pi` the projection onto the derivatives of p by the parameters there are, orthogonal in
:math:`\langle a, b\rangle_{1/p} = \sum_k a_k b_k / p_k`. By Rice's formula it exceeds u with a
probability of at most

.. math:: 1 - \Phi(u) + \frac{L}{2 \pi} e^{-u^2 / 2}, \qquad
          L = \int \Big\| \frac{d}{d\phi} \frac{r}{\|r\|} \Big\| d\phi .

References
----------
R. Davies, Biometrika 74, 33 (1987), eq. 3; for mixtures D. Dacunha-Castelle, E. Gassiat, ESAIM
Probab. Stat. 1, 285 (1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from scipy.special import ndtr

from qml_algos.phase_estimation.kernel import Array, PhaseKernel
from qml_algos.phase_estimation.mixture import Data, Mixture, tangent_vectors

_OVERSAMPLED = 4
# What is left of a kernel that the model contains already is rounding.
_UNRESOLVED = 1e-6
# Expected counts that every outcome is given: it keeps 1/p within what the transforms can resolve.
_LEAST_COUNTS = 1e-3


@dataclass(frozen=True, eq=False)
class ScoreProcess:
    """Z on a grid of phases, with the length L.

    Attributes
    ----------
    phases
        Shape ``(4 M,)``.
    scores
        Z, of the same shape; 0 where the model leaves nothing to find.
    weights
        First guess of the weight of a component at each phase.
    length
        L.
    """

    phases: Array
    scores: Array
    weights: Array
    length: float

    @property
    def peak(self) -> float:
        """Phase of the largest score."""
        return float(self.phases[np.argmax(self.scores)])

    @property
    def weight(self) -> float:
        """First guess of the weight of a component there, between 1e-4 and 1/2."""
        return float(np.clip(self.weights[np.argmax(self.scores)], 1e-4, 0.5))

    def p_value(self, gain: float) -> float:
        """Probability of a gain in log-likelihood of at least this size by chance."""
        u = np.sqrt(2 * max(gain, 0.0))
        rice = self.length / (2 * np.pi) * np.exp(-(u**2) / 2)
        return float(min(1.0, ndtr(-u) + rice))


def score_process(data: Data, mixture: Mixture) -> ScoreProcess:
    """Compute Z for a fitted mixture, O(J M log M).

    At a maximum of the likelihood what is left of the counts is orthogonal to the derivatives
    already, so that they need not be projected out of it.
    """
    kernel, N = data.kernel, data.shots
    p, tangents = tangent_vectors(data, mixture, np.arange(mixture.size))
    floor = _LEAST_COUNTS / N
    p = (p + floor) / (1 + kernel.outcomes * floor)
    frame = _orthonormal(tangents / np.sqrt(p)) / np.sqrt(p)
    points = _OVERSAMPLED * kernel.outcomes

    def correlated(q: Array) -> tuple[Array, Array]:
        return _correlations(kernel, q, points)

    scores, _ = correlated((data.counts - N * p) / p)
    square, half_slope, speed = _squares(kernel, 1 / p, points)
    for direction in frame:
        value, slope = correlated(direction)
        square = square - value**2
        half_slope = half_slope - value * slope
        speed = speed - slope**2
    left = square > _UNRESOLVED * np.max(square)
    size = np.sqrt(np.where(left, square, 1.0))
    turning = np.maximum(speed * size**2 - half_slope**2, 0.0) / size**4
    length = float(np.sum(np.sqrt(turning[left])) * 2 * np.pi / points)
    return ScoreProcess(
        2 * np.pi / points * np.arange(points, dtype=float),
        np.where(left, scores / (np.sqrt(N) * size), 0.0),
        np.where(left, scores / (N * size**2), 0.0),
        length,
    )


def _orthonormal(rows: Array) -> Array:
    """Orthonormal basis of the span of the rows, those that hardly differ from others left out."""
    scaled = rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-300)[:, None]
    _, values, basis = scipy.linalg.svd(scaled, full_matrices=False)
    found: Array = basis[values > 1e-7 * values[0]]
    return found


def _correlations(kernel: PhaseKernel, q: Array, points: int) -> tuple[Array, Array]:
    """``sum_k q_k K_k`` and its derivative on a grid of phases."""
    return _on_grid(kernel.series, q, points)


def _squares(kernel: PhaseKernel, q: Array, points: int) -> tuple[Array, Array, Array]:
    """Sum over k ``q K^2``, ``q K K'`` and ``q K'^2`` on a grid of phases."""
    E = kernel.evolution
    full = np.concatenate([kernel.series[:0:-1], kernel.series])
    turned = 1j * np.arange(1 - E, E) * full
    squared = np.convolve(full, full)[2 * E - 2 :]
    speed = np.convolve(turned, turned)[2 * E - 2 :].real
    value, slope = _on_grid(squared, q, points)
    return value, slope / 2, _on_grid(speed, q, points)[0]


def _on_grid(series: Array, q: Array, points: int) -> tuple[Array, Array]:
    """Correlate an even function of the phase, given by its series, with q; and its derivative."""
    harmonics = np.arange(series.size)
    spectrum = np.fft.fft(q)[harmonics % q.size] * series
    padded = np.zeros(points, dtype=complex)
    padded[: series.size] = spectrum * np.where(harmonics == 0, 1, 2)
    value = np.fft.ifft(padded).real * points
    padded[: series.size] *= 1j * harmonics
    return value, np.fft.ifft(padded).real * points
