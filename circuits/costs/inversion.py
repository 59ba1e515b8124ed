r"""Degrees and scales of the polynomials of `circuits.inversion`, for any condition number.

All of them come from a residual :math:`q = T_m(u(z)) / T_m(u(0))`, q(0) = 1, that is small for
:math:`\delta \le z \le 1`: with :math:`u(z) = (1 + \delta - 2 z) / (1 - \delta) = \cosh\theta`,

.. math:: \tanh^2(\theta / 2) = \frac{\delta - z}{1 - z}, \qquad
          \tanh(\theta(0) / 2) = \sqrt\delta, \qquad T_m(\cosh\theta) = \cosh(m \theta),

so that nothing is subtracted from a number that is nearly the same, and a condition number of
1e15 is as good as one of 10. The reciprocal is :math:`(1 - q)/z`, or that times :math:`\sqrt z`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from circuits.inversion import LEAST_KAPPA, MARGIN, least_order

# The largest value lies within a few units of sqrt(delta), where a residual of 1e-12 has fewer than
# ten oscillations.
_REACH, _POINTS = 4.0, 8001


def odd_inversion_degree(kappa: float, epsilon: float) -> int:
    r"""Degree of `circuits.inversion.odd_inversion`.

    Parameters
    ----------
    kappa
        Condition number, at least 1: subnormalisation over smallest singular value.
    epsilon
        Relative deviation allowed, between 0 and 1.

    Returns
    -------
    int
        :math:`2 \lceil \mathrm{arcosh}(1/\epsilon) / (2\, \mathrm{artanh}(1/\kappa)) \rceil - 1`,
        about :math:`\kappa \ln(2/\epsilon)`; beyond 2**53 exact to rounding.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    _require(epsilon, kappa=kappa)
    return 2 * least_order(1 / max(kappa, LEAST_KAPPA), epsilon)[0] - 1


def odd_inversion_scale(kappa: float, epsilon: float) -> float:
    r"""Scale C of `circuits.inversion.odd_inversion`: the polynomial is about :math:`C/x`.

    Returns
    -------
    float
        Within 0.6 percent of the builder's, which searches the largest value on a grid.
        :math:`1/(\kappa C)` tends to a function of ``epsilon``, 1.13 at 1e-2.

    Raises
    ------
    ValueError
        If an argument is out of range; arguments as for `odd_inversion_degree`.
    """
    _require(epsilon, kappa=kappa)
    root = 1 / max(kappa, LEAST_KAPPA)
    order = least_order(root, epsilon)[0]
    z = (root * np.linspace(1e-3, _REACH, _POINTS)) ** 2
    z = z[z <= 1]
    return (1 - MARGIN) / float(np.max(_complement(order, root**2, z) / np.sqrt(z)))


def definite_inversion_degree(kappa: float, epsilon: float) -> int:
    r"""Degree of the even polynomial of `circuits.inversion.definite_inversion`.

    Parameters
    ----------
    kappa
        Condition number :math:`(1 + a r)/(1 - a r)` of ``1 - a H``, at least 1.
    epsilon
        Relative deviation allowed, between 0 and 1.

    Returns
    -------
    int
        :math:`2 \lceil \mathrm{arcosh}(1/\epsilon) / (4\, \mathrm{artanh}(\kappa^{-1/2}))
        \rceil - 2`, about :math:`\tfrac12 \sqrt\kappa \ln(2/\epsilon)`. The factor ``1 + a H``
        is one more use.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    _require(epsilon, kappa=kappa)
    return 2 * (least_order(_definite_root(kappa), epsilon)[0] - 1)


def definite_inversion_scale(kappa: float, epsilon: float, outside: float | None = None) -> float:
    r"""Scale C of `circuits.inversion.definite_inversion`: ``(1 + a x) h(x)`` is C / (1 - a x).

    Parameters
    ----------
    kappa, epsilon
        As for `definite_inversion_degree`.
    outside
        ``1 - a``: how far the pole is from where the polynomial is bounded. By default that of
        r = 1, ``2 / (kappa + 1)``; it is smaller where the subnormalisation exceeds the norm.

    Returns
    -------
    float
        Within 0.6 percent of the builder's. About ``1 - a**2`` for r = 1, and down to
        ``2 / ln(2 / epsilon)`` of ``1 - (a r)**2`` as a approaches 1.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    _require(epsilon, kappa=kappa)
    root = _definite_root(kappa)
    if outside is None:
        outside = 2 / (max(kappa, LEAST_KAPPA) + 1)
    if not 0 <= outside < 1:
        raise ValueError(f"outside = {outside}: must be at least 0 and below 1")
    lowest = outside * (2 - outside)
    z = lowest + (root * np.linspace(0, _REACH, _POINTS)) ** 2
    z = z[(z <= 1) & (z > 0)]
    order = least_order(root, epsilon)[0]
    return (1 - MARGIN) / float(np.max(_complement(order, root**2, z) / z))


def kernel_reflection_degree(gap: float, epsilon: float) -> int:
    r"""Degree of `circuits.inversion.kernel_filter` and `circuits.inversion.kernel_reflection`.

    Parameters
    ----------
    gap
        Least singular value that is filtered out, in (0, 1).
    epsilon
        Largest absolute value of the filter beyond the gap, between 0 and 1.

    Returns
    -------
    int
        :math:`2 \lceil \mathrm{arcosh}(1/\epsilon) / (2\, \mathrm{artanh}\,\mathrm{gap}) \rceil`.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    _require(epsilon)
    if not 0 < gap < 1:
        raise ValueError(f"gap = {gap}: must lie strictly between 0 and 1")
    return 2 * least_order(gap, epsilon)[0]


def _definite_root(kappa: float) -> float:
    """``sqrt(1 - (a r)**2)``."""
    kappa = max(kappa, LEAST_KAPPA)
    return 2 * math.sqrt(kappa) / (kappa + 1)


def _complement(order: int, delta: float, z: NDArray[np.float64]) -> NDArray[np.float64]:
    """``1 - q(z)``; below delta by a product of hyperbolic sines, as 1 and q are close there."""
    end = 2 * order * math.atanh(math.sqrt(delta))
    values = np.empty(z.size)
    small = z < delta
    root = np.sqrt((delta - z[small]) / (1 - z[small]))
    # The addition theorem of artanh, with the difference of both roots taken from their squares.
    apart = z[small] * (1 - delta) / (1 - z[small]) / (math.sqrt(delta) + root)
    difference = 2 * order * np.arctanh(apart / (1 - math.sqrt(delta) * root))
    values[small] = 2 * np.sinh(end - difference / 2) * np.sinh(difference / 2) / math.cosh(end)
    angle = 2 * order * np.arctan2(np.sqrt(z[~small] - delta), np.sqrt(1 - z[~small]))
    values[~small] = 1 - np.cos(angle) / math.cosh(end)
    return values


def _require(epsilon: float, *, kappa: float = 1.0) -> None:
    if not (math.isfinite(kappa) and kappa >= 1):
        raise ValueError(f"kappa = {kappa}: the condition number is a finite number >= 1")
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon = {epsilon}: must lie strictly between 0 and 1")
