"""Distance of a measured Gram matrix from the exact one."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.results import Estimate
from qml_algos.validation import numeric_array


class Measured(Protocol):
    """Kernel values with standard errors."""

    @property
    def values(self) -> NDArray[np.float64]:
        """Shape ``(N, M)``."""
        ...

    @property
    def standard_errors(self) -> NDArray[np.float64] | None:
        """Same shape; ``None`` if exact."""
        ...


def gram_error(gram: Measured, exact: ArrayLike) -> Estimate:
    r"""Relative error of a Gram matrix in the Frobenius norm, with its standard error.

    With deviations :math:`\delta` of entries whose standard errors are s, the square of the norm
    has the variance :math:`\sum (4 \delta^2 s^2 - 2 s^4)`, for normal and independent errors, and
    at least :math:`\sum 2 s^4`, which it has without any bias: the larger one is taken, a tenth too
    much without bias. Entries of a symmetric matrix and their mirror images are one measurement.
    What errors of several entries have in common is left out: those of the survivals in a corrected
    matrix.

    Parameters
    ----------
    gram
        A `SampledGram`, or anything with values and standard errors.
    exact
        Shape ``(N, M)``.

    Returns
    -------
    Estimate
        Of :math:`\|K - K_{exact}\|_F / \|K_{exact}\|_F`. Shots alone leave about
        :math:`\sqrt{\sum s^2} / \|K_{exact}\|_F`.

    Raises
    ------
    InvalidProblemError
        If the shapes differ, or the exact matrix is zero or not finite.
    """
    reference = numeric_array(exact, "exact")
    if reference.shape != gram.values.shape:
        raise InvalidProblemError(
            f"exact has shape {reference.shape}: the Gram matrix has {gram.values.shape}"
        )
    norm = float(np.linalg.norm(reference))
    if not norm:
        raise InvalidProblemError("exact is zero: there is no error relative to it")
    deviations = (gram.values - reference) ** 2
    distance = float(np.sqrt(deviations.sum()))
    if gram.standard_errors is None or not distance:
        return Estimate(distance / norm, 0.0)
    variances = gram.standard_errors**2
    spread = max(
        float(np.sum(4 * deviations * variances - 2 * variances**2)),
        float(np.sum(2 * variances**2)),
    )
    mirrored = gram.values.shape[0] == gram.values.shape[1] and np.array_equal(
        gram.values, gram.values.T
    )
    return Estimate(
        distance / norm, float(np.sqrt(spread * (1 + mirrored))) / (2 * distance * norm)
    )
