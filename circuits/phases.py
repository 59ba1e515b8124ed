"""Phase angles of quantum signal processing."""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import ArrayLike, NDArray

# The complementary polynomial is computed on a grid that is doubled until what it leaves beyond
# the degree is below this.
_ACCURACY = 1e-13
_LARGEST_GRID = 2**21


def signal_processing_phases(coefficients: ArrayLike) -> NDArray[np.float64]:
    r"""Find the phases whose quantum signal processing has a given polynomial as its real part.

    .. math:: \mathrm{Re}\, \langle 0| e^{i\phi_0 Z} \prod_{k=1}^{d} W(x)\, e^{i\phi_k Z}
              |0\rangle = p(x), \qquad W(x) = e^{i \arccos(x) X}

    Parameters
    ----------
    coefficients
        Shape ``(d + 1,)``: of Chebyshev polynomials, p = sum_k c_k T_k, real, either all odd or
        all even ones zero. The polynomial must stay below 1 in magnitude on [-1, 1]; the
        distance from 1 decides how much work it is.

    Returns
    -------
    numpy.ndarray
        Shape ``(d + 1,)``, radians, symmetric: ``phases[k] == phases[d - k]``.

    Raises
    ------
    ValueError
        If the polynomial has no parity, is not finite, or reaches 1.

    Notes
    -----
    In :math:`z = e^{-2i\theta}`, :math:`x = \cos\theta`, the product is a nonlinear Fourier series:
    its off-diagonal entry is :math:`i\,p`, its diagonal one a polynomial a(z) with
    :math:`|a|^2 = 1 - p^2`. The a without zeros in the unit disk is the exponential of the
    analytic part of :math:`\tfrac12 \log(1 - p^2)`, found by two FFTs; with it the phases are
    stripped off one after the other, stably, in O(d^2) operations. Degree 1,000 takes well under a
    second, with errors of 1e-12.

    References
    ----------
    M. Alexis, G. Mnatsakanyan, C. Thiele, Rev. Mat. Complut. 37, 655 (2024), arXiv:2308.12698: the
    nonlinear Fourier series. H. Ni, L. Ying, arXiv:2410.06409: its fast and stable inversion.
    C. Berntson, C. Sünderhauf, Commun. Math. Phys. 406, 161 (2025), arXiv:2406.04246: the
    complementary polynomial by FFT.
    """
    series = _definite_parity(coefficients)
    degree = series.size - 1
    b = _laurent(series)
    a = _complement(series)
    phases = np.empty(degree + 1)
    for remaining in range(degree, -1, -1):
        phase = np.arctan2(b[remaining], a[0])
        phases[degree - remaining] = phase
        cosine, sine = np.cos(phase), np.sin(phase)
        a, b = cosine * a + sine * b[::-1], cosine * b - sine * a[::-1]
        a, b = a[:remaining], b[:remaining]
    # What has p as its imaginary part becomes what has it as its real part.
    phases[0] -= np.pi / 4
    phases[-1] -= np.pi / 4
    return phases


def response(phases: ArrayLike, x: ArrayLike) -> NDArray[np.complex128]:
    r"""Evaluate :math:`\langle 0| e^{i\phi_0 Z} \prod_k W(x) e^{i\phi_k Z} |0\rangle`.

    Parameters
    ----------
    phases
        Shape ``(d + 1,)``, radians.
    x
        Any shape, each in [-1, 1].

    Returns
    -------
    numpy.ndarray
        Complex, of the shape of x.
    """
    angles = np.asarray(phases, dtype=float)
    cosine = np.asarray(x, dtype=float)
    sine = 1j * np.sqrt(1 - cosine**2)
    # The first row of the product, from left to right.
    first = np.full(cosine.shape, np.exp(1j * angles[0]))
    second = np.zeros(cosine.shape, dtype=complex)
    for angle in angles[1:]:
        first, second = (
            (first * cosine + second * sine) * np.exp(1j * angle),
            (first * sine + second * cosine) * np.exp(-1j * angle),
        )
    return first


def _definite_parity(coefficients: ArrayLike) -> NDArray[np.float64]:
    series = np.asarray(coefficients, dtype=float)
    if series.ndim != 1 or series.size == 0 or not np.all(np.isfinite(series)):
        raise ValueError("coefficients: a vector of finite numbers is needed, one for each degree")
    if np.any(series[-2::-2] != 0):
        raise ValueError(
            "coefficients: the polynomial has both odd and even terms; give each parity on its own"
        )
    return series


def _laurent(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of w^d, w^(d-2), ..., w^-d in p(cos t), w = exp(i t)."""
    halves = series[::-2] / 2
    if series.size % 2 == 1:
        return np.concatenate([halves[:-1], [series[0]], halves[-2::-1]])
    return np.concatenate([halves, halves[::-1]])


def _complement(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of 1, z, ..., z^d of the outer a with ``|a|^2 = 1 - p^2``."""
    degree = series.size - 1
    grid = 4 * 2 ** int(np.ceil(np.log2(degree + 1)))
    while grid <= _LARGEST_GRID:
        values = _on_circle(series, grid)
        room = 1 - values**2
        if np.min(room) <= 0:
            raise ValueError(
                f"coefficients: the polynomial reaches {np.max(np.abs(values)):.6g} on [-1, 1]; it "
                "must stay below 1 in magnitude"
            )
        cepstrum = scipy.fft.irfft(np.log(room) / 2, grid)
        cepstrum[1 : grid // 2] *= 2
        cepstrum[grid // 2 + 1 :] = 0
        outer = scipy.fft.irfft(np.exp(scipy.fft.rfft(cepstrum)), grid)
        # The grid aliases: what should vanish beyond the degree tells by how much.
        if np.max(np.abs(outer[degree + 1 :])) < _ACCURACY:
            return outer[: degree + 1]
        grid *= 2
    raise ValueError(
        "coefficients: the polynomial comes too close to 1 in magnitude for its phases to be found"
    )


def _on_circle(series: NDArray[np.float64], grid: int) -> NDArray[np.float64]:
    """``p(cos t)`` squared is a function of 2t: values at 2t = 2 pi k / grid, k up to half."""
    padded = np.zeros(grid + 1)
    padded[: series.size] = series
    padded[1:-1] /= 2
    # Type I: sum_k c_k cos(pi k j / grid) at t = pi j / grid.
    return scipy.fft.dct(padded, type=1)[: grid // 2 + 1]
