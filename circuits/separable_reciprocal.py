"""Reciprocals of sums of eigenvalues of several axes, by a sum of exponentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from circuits.exponential_sums import reciprocal_sum
from circuits.fourier_diagonal import FourierDiagonal
from circuits.octave_family import PrunedFamily
from circuits.separable_deviation import Deviation, deviation_of
from circuits.separable_spectrum import SeparableSpectrum, weights_of

Values = NDArray[np.float64]

# Part of the deviation that the exponentials may take; the rest is left to their angles.
_SUM_SHARE = 0.5
_THRESHOLDS = (1e-7, 1e-1)
_HALVINGS = 11


@dataclass(frozen=True, eq=False)
class SeparableReciprocal:
    r"""Amplitudes near :math:`C / \lambda` for sums of one eigenvalue of each axis.

    .. math:: \frac{C}{\lambda} \approx
              \sum_j p_j \prod_i e^{-t_j (\lambda_i - r_i)}, \qquad p_j > 0, \quad \sum_j p_j = 1

    See `SeparableSpectrum` for the factors. C is about the smallest eigenvalue, as large as it
    can be: all factors are 1 there.

    Attributes
    ----------
    probabilities
        p, shape ``(J,)``.
    axes
        For each axis the angles for every term and magnitude of the mode.
    null
        Whether mode 0 of all axes is left out.
    scale
        C in units of the smallest eigenvalue, with its sign.
    deviation
        Bound on the relative deviation of all amplitudes.
    """

    probabilities: Values = field(repr=False)
    axes: tuple[PrunedFamily, ...] = field(repr=False)
    null: bool
    smallest: float
    sign: int
    deviation: Deviation

    @classmethod
    def fit(
        cls, matrix: FourierDiagonal, smallest: float, deviation: float
    ) -> SeparableReciprocal | None:
        """Find as few angles as keep within a relative deviation.

        Parameters
        ----------
        matrix
            A.
        smallest
            Smallest absolute eigenvalue that counts, roughly.
        deviation
            Largest relative deviation.

        Returns
        -------
        SeparableReciprocal or None
            ``None`` unless the axes have even real symbols, on rings of 4 points and more, and
            their sums are of one sign; or where the deviation cannot be kept.
        """
        spectrum = SeparableSpectrum.of(matrix, smallest, deviation)
        if spectrum is None:
            return None
        ratio = spectrum.largest / spectrum.smallest
        exponentials = reciprocal_sum(ratio, _SUM_SHARE * deviation)
        axes = range(len(spectrum.axes))
        families = [spectrum.family(axis, exponentials, deviation) for axis in axes]
        weights = weights_of(exponentials)

        def tried(threshold: float) -> SeparableReciprocal:
            pruned = tuple(family.pruned(threshold) for family in families)
            factors = [family.amplitudes() for family in pruned]
            return cls(
                weights / np.sum(weights),
                pruned,
                spectrum.null,
                spectrum.smallest,
                spectrum.sign,
                deviation_of(spectrum, exponentials, factors),
            )

        return _sparsest(tried, deviation)


def _sparsest(
    tried: Callable[[float], SeparableReciprocal], deviation: float
) -> SeparableReciprocal | None:
    """Raise the threshold as far as the deviation allows."""
    low, high = np.log(_THRESHOLDS)
    best = tried(_THRESHOLDS[0])
    if best.deviation.bound > deviation:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = tried(float(np.exp(middle)))
        if found.deviation.bound <= deviation:
            best, low = found, middle
        else:
            high = middle
    return best
