"""How many shots the entries of a fidelity kernel take."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.diagnostics.concentration import off_diagonal
from qml_algos.validation import numeric_array

Unit = Literal["one", "entry", "spread"]
"""What a precision is a fraction of; see `shots_to_resolve`."""


def shots_to_resolve(
    K: ArrayLike,
    *,
    precision: float,
    unit: Unit = "one",
    confidence: float = 0.95,
    share: float = 0.9,
) -> float:
    r"""Shots for each entry of a kernel that is measured as the frequency of one outcome.

    An entry p from n shots has the variance :math:`p (1 - p) / n`, so that it is within
    :math:`\delta` of the exact one with the given confidence for
    :math:`n = z^2 p (1 - p) / \delta^2` (normal approximation; z is the two-sided quantile).

    Parameters
    ----------
    K
        Exact or estimated entries between 0 and 1, shape ``(N, N)``, symmetric.
    precision
        :math:`\delta`, positive, in units of ``unit``.
    unit
        ``"one"``: an absolute precision; ``"entry"``: relative to each entry; ``"spread"``:
        relative to the standard deviation of the entries between different points, which is what
        tells these apart.
    confidence
        Between 0 and 1, for each entry.
    share
        Share of the entries that this is to hold for, as some may be 0.

    Returns
    -------
    float
        Number of shots, a whole number of at least 1; infinite where entries are 0 or have no
        spread.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If K is not symmetric or has entries outside 0 to 1, or an argument is out of range.

    References
    ----------
    A. Miroszewski et al., arXiv:2407.15776 (2024), on both reasons.
    """
    if unit not in get_args(Unit):
        raise UnknownNameError("unit", unit, get_args(Unit))
    _require_between("confidence", confidence, 0, 1)
    if not 0 < precision < np.inf:
        raise InvalidProblemError(f"precision = {precision!r}: must be a positive number")
    if not 0 < share <= 1:
        raise InvalidProblemError(f"share = {share!r}: must be above 0 and at most 1")
    entries = _probabilities(off_diagonal(K))
    spread = float(np.std(entries))
    scale = entries if unit == "entry" else np.asarray(1.0 if unit == "one" else spread)
    quantile = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = quantile**2 * entries * (1 - entries) / (precision * scale) ** 2
    needed = np.where(np.isnan(needed), np.inf, needed)
    enough = float(np.quantile(needed, share, method="higher"))
    return max(1.0, float(np.ceil(enough)))


def shots_for_decisions(
    columns: ArrayLike,
    dual: ArrayLike,
    decisions: ArrayLike,
    *,
    confidence: float = 0.95,
) -> NDArray[np.float64]:
    r"""Shots for each entry so that the signs of decisions stand.

    A decision :math:`f = \sum_j \alpha_j k_j + b` has the variance
    :math:`\sum_j \alpha_j^2 k_j (1 - k_j) / n`. Coefficients are taken as exact: this is what
    predicting takes, with training done.

    Parameters
    ----------
    columns
        Entries between new points and those of the model, between 0 and 1; shape ``(M, N)``.
    dual
        :math:`\alpha`, shape ``(N,)``.
    decisions
        f, shape ``(M,)``.
    confidence
        Of each sign, between 0.5 and 1 (normal approximation).

    Returns
    -------
    NDArray
        Shape ``(M,)``, at least 1; infinite where f is 0.

    Raises
    ------
    InvalidProblemError
        If shapes do not match, entries are not between 0 and 1, or the confidence is out of range.
    """
    _require_between("confidence", confidence, 0.5, 1)
    values, alpha = numeric_array(columns, "columns"), numeric_array(dual, "dual")
    margins = numeric_array(decisions, "decisions")
    if values.ndim != 2 or alpha.shape != values.shape[1:] or margins.shape != values.shape[:1]:
        raise InvalidProblemError(
            f"columns has shape {values.shape}, dual {alpha.shape} and decisions {margins.shape}: "
            "(M, N), (N,) and (M,) are needed"
        )
    values = _probabilities(values)
    quantile = float(ndtri(confidence))
    variances = values * (1 - values) @ alpha**2
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(margins == 0, np.inf, quantile**2 * variances / margins**2)
    return np.maximum(np.ceil(needed), 1.0)


def _probabilities(entries: NDArray[np.float64]) -> NDArray[np.float64]:
    """Refuse entries that are no probabilities; rounding beyond 0 and 1 is cut."""
    lowest, highest = float(np.min(entries)), float(np.max(entries))
    if lowest < -1e-9 or highest > 1 + 1e-9:
        raise InvalidProblemError(
            f"entries from {lowest:.3g} to {highest:.3g}: those of a fidelity kernel lie between 0 "
            "and 1"
        )
    return np.clip(entries, 0.0, 1.0)


def _require_between(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest < value < highest:
        raise InvalidProblemError(f"{name} = {value!r}: must lie between {lowest} and {highest}")
