"""Squared maximum mean discrepancy of an IQP circuit and samples, from random parities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.iqp.expectations import Terms, expectations
from qml_algos.generative.iqp.words import Words, drawn_words, mean_parities
from qml_algos.generative.objectives import word_rate
from qml_algos.results import Estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SampledDiscrepancy:
    r"""Discrepancy :math:`E_a (\langle Z_a \rangle - q_a)^2`, a mean of several Gaussian kernels.

    Attributes
    ----------
    words
        Of the circuit, shape ``(m, n)``.
    X
        Bits, shape ``(N, n)``.
    weights
        Of the samples; their sum is 1.
    bandwidths
        Of the kernels.
    n_words
        Parities a that are drawn for an estimate.
    n_draws
        Bit strings that are drawn for expectation values.

    References
    ----------
    E. Recio-Armengol, S. Ahmed, J. Bowles, arXiv:2503.02934.
    """

    words: Words
    X: NDArray[np.int64]
    weights: Floats
    bandwidths: Sequence[float]
    n_words: int
    n_draws: int

    def loss_and_gradient(
        self, angles: Floats, generator: np.random.Generator
    ) -> tuple[float, Floats]:
        """Estimate the discrepancy from the samples' own distribution, and its gradient.

        Both without bias: what the variance of the expectation values adds to their square is
        taken off.
        """
        parities, products = self._drawn(generator)
        total, gradient = 0.0, np.zeros_like(angles)
        for terms in expectations(self.words, angles, products, self.n_draws, generator):
            means = terms.means()
            differences = means - parities[terms.rows]
            total += float(np.sum(differences**2 - terms.variances()))
            gradient += terms.pulled_back(_slopes(terms, means, differences) / self.n_words)
        return total / self.n_words, gradient

    def estimate(self, angles: Floats, generator: np.random.Generator) -> Estimate:
        """Estimate the discrepancy from what the samples were drawn from, without bias.

        The U-statistic: different samples only are compared with each other. The standard error is
        that of the random parities.
        """
        parities, products = self._drawn(generator)
        alone = float(self.weights @ self.weights)
        # An empty product contributes nothing.
        contributions = np.zeros(self.n_words)
        for terms in expectations(self.words, angles, products, self.n_draws, generator):
            means, seen = terms.means(), parities[terms.rows]
            squares = (seen**2 - alone) / (1 - alone)
            contributions[terms.rows] = means**2 - terms.variances() - 2 * means * seen + squares
        error = contributions.std(ddof=1) / np.sqrt(self.n_words)
        return Estimate(float(contributions.mean()), float(error))

    def _drawn(self, generator: np.random.Generator) -> tuple[Floats, Words]:
        rates = [word_rate(bandwidth) for bandwidth in self.bandwidths]
        products = drawn_words(self.words.shape[1], rates, self.n_words, generator)
        return mean_parities(self.X, self.weights, products), products


def _slopes(terms: Terms, means: Floats, differences: Floats) -> Floats:
    """Differentiate the sum of squared differences, less variances, by the terms."""
    count = terms.values.shape[1]
    slopes = np.repeat(2 * differences[:, None] / count, count, axis=1)
    if not terms.complete:
        slopes -= 2 * (terms.values - means[:, None]) / (count * (count - 1))
    return slopes
