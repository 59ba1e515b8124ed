r"""Bell operators that prefer no party, as polynomials of two variables.

All placements of k0 parties who measure 0 and k1 who measure 1 have one coefficient, ``C[k0, k1]``.
Their sum is the coefficient of ``x^k0 y^k1`` in a product over the parties of ``1 + x M0 + y M1``,
so that the operator is a linear function of that product: ``sum C[k0, k1] [x^k0 y^k1]``.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Polynomial = NDArray[np.float64]
"""Coefficients of ``x^i y^j`` in the last two axes."""


def symmetric_form(
    settings: NDArray[np.int8], coefficients: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the coefficients ``C[k0, k1]``, or ``None`` if some party is preferred.

    Parameters
    ----------
    settings
        Shape ``(terms, parties)``, entries -1, 0, 1.
    coefficients
        Shape ``(terms,)``.

    Returns
    -------
    numpy.ndarray or None
        Square, as large as the longest correlation, and 1.
    """
    rows, place = np.unique(settings, axis=0, return_inverse=True)
    sums = np.bincount(place.ravel(), coefficients, minlength=len(rows))
    counts = np.stack([np.sum(rows == 0, axis=1), np.sum(rows == 1, axis=1)], axis=1)
    parties, degree = settings.shape[1], int(counts.sum(axis=1).max())
    form = np.zeros((degree + 1, degree + 1))
    for k0, k1 in np.unique(counts, axis=0):
        found = sums[np.all(counts == (k0, k1), axis=1)]
        placements = comb(parties, int(k0)) * comb(parties - int(k0), int(k1))
        if len(found) != placements or np.ptp(found) > 1e-12 * np.abs(sums).max():
            return None
        form[k0, k1] = found[0]
    return form


def times_linear(polynomial: Polynomial, u: float, v: float) -> Polynomial:
    """Multiply by ``1 + u x + v y`` and leave out what is of too high a degree."""
    found = polynomial.copy()
    found[..., 1:, :] += u * polynomial[..., :-1, :]
    found[..., :, 1:] += v * polynomial[..., :, :-1]
    return found


def after_linear(form: Polynomial, u: float, v: float) -> Polynomial:
    """Return the linear function that takes a polynomial to its product with ``1 + u x + v y``.

    It is the adjoint of `times_linear`.
    """
    found = form.copy()
    found[..., :-1, :] += u * form[..., 1:, :]
    found[..., :, :-1] += v * form[..., :, 1:]
    return found


def after_determinant(form: Polynomial, cosine: float) -> Polynomial:
    """Return the linear function of a product with ``1 - x^2 - y^2 - 2 x y cosine``.

    That is the determinant of ``1 + x M0 + y M1``, where the directions of the measurements enclose
    an angle of that cosine.
    """
    found = form.copy()
    found[:-2, :] -= form[2:, :]
    found[:, :-2] -= form[:, 2:]
    found[:-1, :-1] -= 2 * cosine * form[1:, 1:]
    return found
