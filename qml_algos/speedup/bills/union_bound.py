"""Several answers that all have to keep to their errors."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

from qml_algos.speedup.bills.readout import ReadOut


def confidence_of_each(confidence: float, answers: float) -> float:
    r"""Return the confidence that each of some answers needs, for all of them together.

    Parameters
    ----------
    confidence
        Of all, between 0 and 1.
    answers
        How many, at least 1.

    Returns
    -------
    float
        ``1 - (1 - confidence) / answers``, the union bound.
    """
    return 1 - (1 - confidence) / answers


def deviations(confidence: float, answers: float = 1) -> float:
    """Return the standard errors that normal answers stay within, all of them together.

    Parameters
    ----------
    confidence, answers
        As for `confidence_of_each`.

    Returns
    -------
    float
        A quantile of the normal distribution: 1.96 for a confidence of 0.95 and one answer.
    """
    return NormalDist().inv_cdf(1 - (1 - confidence) / (2 * answers))


def one_after_another(read: ReadOut, answers: float) -> ReadOut:
    """Read several answers from the same shots, but estimate them one after the other.

    Parameters
    ----------
    read
        Of one of them.
    answers
        How many.
    """
    uses = read.estimation_uses
    return read if uses is None else replace(read, estimation_uses=answers * uses)
