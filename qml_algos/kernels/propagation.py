"""Standard errors of a kernel of measured vectors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["standard_errors"]

Array = NDArray[np.float64]
Function = Callable[[Array, Array], Array]

_STEP = 1e-6


def standard_errors(
    kernel: Function,
    first: Array,
    first_errors: Array,
    second: Array | None = None,
    second_errors: Array | None = None,
) -> Array:
    r"""Carry the errors of vectors over to a kernel of them, by the delta method.

    .. math::

       \sigma^2(k_{ij}) = \sum_p \left(\frac{\partial k_{ij}}{\partial v_{ip}}\right)^2
       \sigma_{ip}^2 + \left(\frac{\partial k_{ij}}{\partial w_{jp}}\right)^2 \sigma_{jp}^2

    to first order and as if all entries were independent, with derivatives by central differences
    of step 1e-6. Where the kernel has an extremum, that is 0: a distance of 0 for ``"rbf"``.

    Parameters
    ----------
    kernel
        Symmetric function of two matrices of rows; evaluated ``2 K`` times, or ``4 K`` times with
        ``second``.
    first, first_errors
        Shape ``(N, K)``.
    second, second_errors
        Shape ``(M, K)``; ``None`` for ``first`` itself, so that an entry of the diagonal depends on
        one vector twice.

    Returns
    -------
    NDArray
        Shape ``(N, M)``.
    """
    variances = np.zeros((len(first), len(first if second is None else second)))
    if second is None or second_errors is None:
        for column, errors in enumerate(first_errors.T):
            part = (_slopes(kernel, first, first, column) * errors[:, None]) ** 2
            variances += part + part.T + 2 * np.diag(np.diag(part))
        return np.sqrt(variances)
    for column, errors in enumerate(first_errors.T):
        variances += (_slopes(kernel, first, second, column) * errors[:, None]) ** 2
    for column, errors in enumerate(second_errors.T):
        variances += (_slopes(kernel, second, first, column) * errors[:, None]).T ** 2
    return np.sqrt(variances)


def _slopes(kernel: Function, moved: Array, fixed: Array, column: int) -> Array:
    """Differentiate all values by one entry of each row of ``moved``."""
    step = np.zeros(moved.shape[1])
    step[column] = _STEP
    slopes: Array = (kernel(moved + step, fixed) - kernel(moved - step, fixed)) / (2 * _STEP)
    return slopes
