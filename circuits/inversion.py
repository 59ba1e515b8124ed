r"""Polynomials of least degree that stand for :math:`1/x` in a quantum linear solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import scipy.fft
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

MARGIN = 5e-3
"""What a polynomial's largest value stays below 1 by: phases are found faster for it."""

LEAST_KAPPA = 1 + 1e-6
"""At 1 itself the interval of singular values is a point; polynomials are those for this."""

# Points for each degree at which the largest value is looked for; between them a polynomial of
# degree d rises by at most 1 / cos(pi / (2 * 16)) - 1 = 0.5 %, which the margin covers.
_POINTS_PER_DEGREE = 16


@dataclass(frozen=True, eq=False)
class InversionPolynomial:
    r"""A polynomial with :math:`|x\,p(x) / C - 1| \le \epsilon`, or an even part of such a one.

    Attributes
    ----------
    coefficients
        Of Chebyshev polynomials of the first kind, shape ``(degree + 1,)``; every other one is
        zero. The polynomial stays within 1 on [-1, 1].
    scale
        The constant C: what the solution is multiplied by.
    deviation
        The relative deviation from C / x, a bound proved by the formula.
    """

    coefficients: NDArray[np.float64] = field(repr=False)
    scale: float
    deviation: float

    @property
    def degree(self) -> int:
        """Degree, the number of times a matrix is used."""
        return self.coefficients.size - 1

    def __call__(self, x: ArrayLike) -> NDArray[np.float64]:
        """Evaluate the polynomial at x of any shape."""
        return chebyshev.chebval(np.asarray(x, dtype=float), self.coefficients)


def odd_inversion(kappa: float, epsilon: float) -> InversionPolynomial:
    r"""Find the odd polynomial of least degree for :math:`C/x` on :math:`1/\kappa \le |x| \le 1`.

    With :math:`y = x^2`, the residual :math:`q(y) = 1 - x\,p(x)` is a polynomial of degree m with
    q(0) = 1; the one that is smallest on :math:`[\kappa^{-2}, 1]` is a Chebyshev polynomial, so

    .. math:: p(x) = \frac{1}{x}\left(1 - \frac{T_m(u(x^2))}{T_m(u(0))}\right), \qquad
              u(y) = \frac{1 + \kappa^{-2} - 2y}{1 - \kappa^{-2}},

    of degree 2m - 1, and no odd polynomial of lower degree has the deviation
    :math:`1 / T_m(u(0))`.

    Parameters
    ----------
    kappa
        Condition number, at least 1.
    epsilon
        Relative deviation allowed, between 0 and 1.

    Returns
    -------
    InversionPolynomial
        Of degree about :math:`\kappa \ln(2/\epsilon)`, with :math:`1/(\kappa C)` about 1.13.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Optimality: the argument for Chebyshev iteration in Y. Saad, Iterative Methods for Sparse
    Linear Systems, 2nd ed., Theorem 6.25. In this use also C. Sünderhauf et al., arXiv:2507.15537.
    """
    _require(kappa=kappa, epsilon=epsilon)
    root = 1 / max(kappa, LEAST_KAPPA)
    edge = root**2
    m, deviation = least_order(root, epsilon)

    def target(x: NDArray[np.float64]) -> NDArray[np.float64]:
        residual = _chebyshev_ratio(m, (1 + edge - 2 * x**2) / (1 - edge), deviation)
        return (1 - residual) / x

    # An even number of nodes: none of them is 0.
    return _normalised(target, 2 * m - 1, deviation)


def definite_inversion(contrast: float, radius: float, epsilon: float) -> InversionPolynomial:
    r"""Find the even h with :math:`(1 + a x)\,h(x) \approx C/(1 - a x)` for :math:`|x| \le r`.

    A definite matrix is a multiple of :math:`1 - aH` with :math:`\|H\| \le 1` and a < 1. In
    :math:`y = x^2` the residual :math:`q(y) = 1 - (1 - a^2 y)\,h` is a polynomial of degree m + 1
    with :math:`q(a^{-2}) = 1`, and again a Chebyshev polynomial is the smallest on [0, r^2]:

    .. math:: h(x) = \frac{1 - q(x^2)}{1 - a^2 x^2}, \qquad
              q(y) = \frac{T_{m+1}(2y/r^2 - 1)}{T_{m+1}(2/(ar)^2 - 1)}.

    The factor :math:`1 + a x`, the matrix of the opposite sign, is one more use of H. The whole
    has degree 2m + 1, as low as any polynomial for :math:`1/(1-ax)` of odd degree, and grows like
    the *square root* of the condition number :math:`(1+a)/(1-a)`.

    Parameters
    ----------
    contrast
        a, above 0 and below 1/r.
    radius
        r, above 0 and at most 1: all eigenvalues of H lie in [-r, r].
    epsilon
        Relative deviation allowed, between 0 and 1.

    Returns
    -------
    InversionPolynomial
        The even h, of degree 2m, bounded by 1 on all of [-1, 1]; ``scale`` is its C, about
        ``1 - a**2``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    D. Orsucci, V. Dunjko, Quantum 5, 573 (2021), arXiv:2101.11868: positive definite systems with
    a square root of the condition number. The split into h and ``1 + a x`` is ours.
    """
    _require(epsilon=epsilon)
    if not (contrast > 0 and 0 < radius <= 1 and contrast * radius < 1):
        raise ValueError(
            f"contrast = {contrast}, radius = {radius}: need contrast > 0, 0 < radius <= 1 and a "
            "product below 1"
        )
    order, deviation = least_order(np.sqrt(1 - (contrast * radius) ** 2), epsilon)

    def target(x: NDArray[np.float64]) -> NDArray[np.float64]:
        residual = _chebyshev_ratio(order, 2 * (x / radius) ** 2 - 1, deviation)
        return (1 - residual) / (1 - (contrast * x) ** 2)

    return _normalised(target, 2 * (order - 1), deviation)


def kernel_filter(gap: float, epsilon: float) -> InversionPolynomial:
    r"""Find the even polynomial of least degree with R(0) = 1, small on :math:`[\Delta, 1]`.

    .. math:: R(x) = T_l\!\left(\frac{2 x^2 - 1 - \Delta^2}{1 - \Delta^2}\right) \Big/
              T_l\!\left(-\frac{1 + \Delta^2}{1 - \Delta^2}\right)

    Parameters
    ----------
    gap
        Delta, in (0, 1): the least singular value that is to be filtered out.
    epsilon
        Largest absolute value on [Delta, 1], between 0 and 1.

    Returns
    -------
    InversionPolynomial
        R times ``scale``, of degree about ``ln(2/epsilon) / gap``; ``deviation`` is the largest
        absolute value of R beyond the gap.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    L. Lin, Y. Tong, Quantum 4, 361 (2020), Sec. 3, arXiv:1910.14596.
    """
    _require(epsilon=epsilon)
    if not 0 < gap < 1:
        raise ValueError(f"gap = {gap}: must lie strictly between 0 and 1")
    edge = gap**2
    order, deviation = least_order(gap, epsilon)

    def target(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return _chebyshev_ratio(order, (1 + edge - 2 * x**2) / (1 - edge), deviation)

    return _normalised(target, 2 * order, deviation)


def kernel_reflection(gap: float, epsilon: float) -> InversionPolynomial:
    """Turn `kernel_filter` R into the reflection ``2 R - 1``: 1 at 0, about -1 beyond the gap.

    Parameters, errors and degree are those of `kernel_filter`; ``deviation`` is that of R.
    """
    filtered = kernel_filter(gap, epsilon)
    series = 2 * filtered.coefficients / filtered.scale
    series[0] -= 1
    scale = (1 - MARGIN) / (1 + 2 * filtered.deviation)
    return InversionPolynomial(series * scale, scale, filtered.deviation)


def least_order(root: float, epsilon: float) -> tuple[int, float]:
    """Least m with ``1 / T_m((1 + root^2) / (1 - root^2)) <= epsilon``, and that deviation."""
    # arccosh of that argument, which for a small root is 1 to all digits.
    growth = 2 * np.arctanh(root)
    order = max(1, int(np.ceil(np.arccosh(1 / epsilon) / growth - 1e-12)))
    return order, float(1 / np.cosh(order * growth))


def _chebyshev_ratio(order: int, u: NDArray[np.float64], deviation: float) -> NDArray[np.float64]:
    """``deviation * T_order(u)``, without overflow outside [-1, 1]."""
    inside = np.cos(order * np.arccos(np.clip(u, -1, 1)))
    growth = order * np.arccosh(np.maximum(np.abs(u), 1))
    # Both cosh are large together: their ratio goes through the difference of exponents.
    ends = np.arccosh(1 / deviation)
    outside = np.exp(growth - ends) * (1 + np.exp(-2 * growth)) / (1 + np.exp(-2 * ends))
    return np.where(np.abs(u) <= 1, deviation * inside, np.sign(u) ** order * outside)


def _normalised(
    target: Callable[[NDArray[np.float64]], NDArray[np.float64]], degree: int, deviation: float
) -> InversionPolynomial:
    """Interpolate a polynomial at Chebyshev nodes and scale it to stay below 1."""
    count = degree + 2 - degree % 2 if degree % 2 else degree + 1
    nodes = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    if degree % 2 == 0:
        nodes[count // 2] = 0.0
    coefficients = scipy.fft.dct(target(nodes), type=2)[: degree + 1] / count
    coefficients[0] /= 2
    coefficients[(degree + 1) % 2 :: 2] = 0
    points = _POINTS_PER_DEGREE * (degree + 1)
    padded = np.zeros(points)
    padded[: degree + 1] = coefficients
    padded[0] *= 2
    largest = float(np.max(np.abs(scipy.fft.dct(padded, type=3)))) / 2
    scale = (1 - MARGIN) / largest
    return InversionPolynomial(coefficients * scale, scale, deviation)


def _require(*, epsilon: float, kappa: float = 1.0) -> None:
    if not (np.isfinite(kappa) and kappa >= 1):
        raise ValueError(f"kappa = {kappa}: the condition number is a finite number >= 1")
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon = {epsilon}: must lie strictly between 0 and 1")
