"""Which law, out of several, the measurements speak for.

Laws are ranked by Akaike's information criterion corrected for few points (C. M. Hurvich and
C.-L. Tsai, Biometrika 76, 297 (1989)), and weighed by it as K. P. Burnham and D. R. Anderson do
(Model Selection and Multimodel Inference, 2nd edition, section 2.9).
"""

from __future__ import annotations

import numpy as np

from qml_algos.speedup.scaling.laws import Floats, Law
from qml_algos.speedup.scaling.regression import Fits

_ROUNDING = 1e-9
"""Relative scatter below which costs count as exact: two laws that fit them are told apart by
their number of parameters alone."""

_LEAST_LOGARITHMIC_EXPONENT = 0.5
"""N^a log N with a smaller a is no law that one means, but a power of the logarithm in disguise."""


def information_criterion(law: Law, fits: Fits, points: int) -> Floats:
    """AICc of a law for each sample; less is better.

    With as few points as leave the correction undefined, laws with the fewest parameters are ranked
    by their squares alone, which the correction would not change; all others count as excluded.

    Parameters
    ----------
    law
        The law fitted.
    fits
        Its fits.
    points
        Number of measurements.

    Returns
    -------
    ndarray
        Shape (samples,); infinite where the law is excluded.
    """
    unknowns = law.parameters + 1  # and the scatter
    left = points - unknowns - 1
    likelihood = points * np.log(np.maximum(fits.squares / points, _ROUNDING**2))
    correction = 2 * unknowns * (unknowns + 1) / left if left > 0 else 0.0
    criterion = np.asarray(likelihood + 2 * unknowns + correction)
    if left <= 0 and law.offset:
        return np.full_like(criterion, np.inf)
    if law.log_factor:
        disguised = fits.parameters[:, 1] < _LEAST_LOGARITHMIC_EXPONENT
        return np.where(disguised, np.inf, criterion)
    return criterion


def akaike_weights(criteria: Floats) -> Floats:
    """Share of the evidence that each law has, shape (laws,); they sum to 1."""
    weights = np.exp(-(criteria - criteria.min()) / 2)
    return np.asarray(weights / weights.sum())
