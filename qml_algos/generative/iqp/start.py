"""Where training of an IQP circuit starts: angles from the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.iqp.words import Words

Floats = NDArray[np.float64]

_SCALE = 0.15
"""Angle of a pair of bits that always agree, radians."""
_NOISE = 0.01
"""Of the angles of all but single bits, radians: where there is no correlation, no slope either."""


def starting_angles(
    words: Words, X: NDArray[np.int64], weights: Floats, generator: np.random.Generator
) -> Floats:
    r"""Angles of pairs in proportion to correlations, and of single bits so that means are right.

    With words of one and two qubits :math:`\langle Z_i \rangle = \cos 2 \theta_i \prod_k \cos 2
    \theta_{ik}`, which is solved for :math:`\theta_i` as far as it can be. Larger words, which the
    data says nothing about yet, get no more than noise.

    Parameters
    ----------
    words
        Of the circuit, shape ``(m, n)``.
    X
        Bits, shape ``(N, n)``.
    weights
        Of the samples; their sum is 1.
    generator
        Draws the noise.

    Returns
    -------
    ndarray
        Radians, shape ``(m,)``.

    References
    ----------
    E. Recio-Armengol, S. Ahmed, J. Bowles, arXiv:2503.02934, for angles from
    covariances.
    """
    sizes = words.sum(axis=1)
    angles = np.where(sizes > 1, generator.normal(scale=_NOISE, size=len(words)), 0.0)
    ends = np.nonzero(words[sizes == 2])[1].reshape(-1, 2)
    angles[sizes == 2] += _SCALE * _correlations(X, weights)[ends[:, 0], ends[:, 1]]
    damping = np.ones(words.shape[1])
    np.multiply.at(damping, ends, np.cos(2 * angles[sizes == 2])[:, None])
    means = 1 - 2 * weights @ X
    wanted = np.arccos(np.clip(means / damping, -1, 1)) / 2
    angles[sizes == 1] = wanted[np.nonzero(words[sizes == 1])[1]]
    return angles


def _correlations(X: NDArray[np.int64], weights: Floats) -> Floats:
    """Correlation coefficients; 0 of what does not vary."""
    centred = X - weights @ X
    covariance = (centred * weights[:, None]).T @ centred
    deviations = np.sqrt(np.diag(covariance))
    scale = np.outer(deviations, deviations)
    return np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 1e-12)
