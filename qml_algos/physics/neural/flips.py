"""Ratios of amplitudes of a restricted Boltzmann machine, for flips of one or two spins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ORDERS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24)
"""Orders at which a series may be cut."""


@dataclass(frozen=True, eq=False)
class Flips:
    """Flips of one spin, or of two whose product is known.

    Attributes
    ----------
    first, second
        Spins that are flipped; the same twice for one spin. Shape ``(flips,)``.
    product
        0 for one spin; else the product of both, +1 or -1, for which the flip is meant.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    product: NDArray[np.int8]

    @cached_property
    def pairs(self) -> NDArray[np.intp]:
        """Which of them flip two spins."""
        return np.flatnonzero(self.product)

    def allowed(self, spins: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether the spins have the product, for columns of spins; shape ``(flips, samples)``."""
        found = np.ones((len(self.first), spins.shape[1]), dtype=bool)
        chosen = self.pairs
        products = spins[self.first[chosen]] * spins[self.second[chosen]]
        found[chosen] = products == self.product[chosen, None]
        return found

    def flipped(self, spins: NDArray[Any], chosen: NDArray[np.bool_]) -> NDArray[Any]:
        """Columns of spins after the flips chosen, which share no spin."""
        signs = (1 - 2 * chosen).astype(spins.dtype)
        found = spins.copy()
        found[self.first] *= signs
        found[self.second[self.pairs]] *= signs[self.pairs]
        return found


def single_flips(qubits: int) -> Flips:
    """All flips of one spin."""
    every = np.arange(qubits)
    return Flips(every, every, np.zeros(qubits, dtype=np.int8))


def exchanges(pairs: NDArray[np.int64]) -> Flips:
    """Exchanges of two spins, which are flips of both where they are opposite."""
    return Flips(pairs[:, 0], pairs[:, 1], np.full(len(pairs), -1, dtype=np.int8))


class FlipRatios:
    r"""Logarithms of ``psi(s') / psi(s)`` for all flips at once.

    A flip changes the hidden angles by ``-2 s D``, s the first spin and D a sum or difference of
    columns of W, so that with ``t = tanh theta``, for each hidden unit,

    .. math:: \frac{\cosh(\theta - 2 s D)}{\cosh\theta} = \cosh 2D - s t \sinh 2D
       = \cosh^2 D \exp\Bigl(-2 \sum_k \frac{(s \tanh D)^k}{k} T_k(t)\Bigr),

    T_k Chebyshev polynomials (their generating function). The series, a product of matrices for
    each k, takes all but those hidden units whose ``|tanh D|`` is large, few in a trained machine;
    those, and all if complex, are multiplied one by one. The cut is where it costs least.

    Parameters
    ----------
    W, a
        Of the machine. Real ones in single precision.
    flips
        Which.
    tolerance
        Bound of the error of the logarithms by the cut of the series.

    Notes
    -----
    Cost: O(flips * hidden) once, then O(flips * hidden * samples) in products of matrices.
    """

    def __init__(
        self, W: NDArray[Any], a: NDArray[Any], flips: Flips, tolerance: float = 1e-6
    ) -> None:
        self.flips = flips
        # A spin that is flipped alone is named twice, with product 0.
        D = W[:, flips.first] + flips.product.astype(W.real.dtype) * W[:, flips.second]
        self._field = 2 * (a[flips.first] + flips.product * a[flips.second])[:, None]
        self._field = self._field.astype(W.dtype)
        if np.iscomplexobj(W):
            self._orders, kept = 0, D.T
            self._single = np.broadcast_to(np.arange(len(W)), kept.shape)
            self._cosh, self._sinh = np.cosh(2 * kept), np.sinh(2 * kept)
            return
        self._prepare(D.T.astype(float), tolerance)

    def _prepare(self, D: NDArray[np.float64], tolerance: float) -> None:
        beta = np.tanh(D)
        self._orders, singles = _cut(np.abs(beta), tolerance)
        self._single = np.argpartition(-np.abs(beta), min(singles, beta.shape[1] - 1), axis=1)
        self._single = self._single[:, :singles]
        kept = np.take_along_axis(D, self._single, axis=1)
        constant = 2 * _log_cosh(D).sum(axis=1) - 2 * _log_cosh(kept).sum(axis=1)
        self._constant = (constant + _log_cosh(2 * kept).sum(axis=1))[:, None].astype(np.float32)
        self._tanh = np.tanh(2 * kept).astype(np.float32)
        np.put_along_axis(beta, self._single, 0, axis=1)
        powers = (2 * beta**k / k for k in range(1, self._orders + 1))
        self._powers = [power.astype(np.float32) for power in powers]

    def logarithms(self, spins: NDArray[Any], tanh: NDArray[Any]) -> NDArray[Any]:
        """Evaluate them for columns of spins and of ``tanh theta``; shape ``(flips, samples)``.

        What it gives for a flip that is not `Flips.allowed` has no meaning.
        """
        first = spins[self.flips.first]
        if not self._orders:
            ratios = np.exp(-self._field * first)
            for k in range(self._single.shape[1]):
                ratios *= self._cosh[:, k, None] - self._sinh[:, k, None] * (tanh[k] * first)
            return np.asarray(np.log(ratios))
        odd, even = self._series(tanh)
        found = self._constant - first * odd - even
        if self._single.shape[1]:
            found += np.log(self._product(first, tanh))
        return np.asarray(found)

    def _series(self, tanh: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Sum the odd and the even terms."""
        before, now, twice = np.ones_like(tanh), tanh, 2 * tanh
        odd = self._powers[0] @ tanh + self._field
        even = np.zeros_like(odd)
        for k in range(1, self._orders):
            before, now = now, twice * now - before
            if k % 2:
                even += self._powers[k] @ now
            else:
                odd += self._powers[k] @ now
        return odd, even

    def _product(
        self, first: NDArray[np.float32], tanh: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Multiply the factors of the hidden units that are taken one by one."""
        product = np.ones_like(first)
        for k in range(self._single.shape[1]):
            factor = tanh[self._single[:, k]]
            factor *= self._tanh[:, k, None]
            factor *= first
            np.subtract(1, factor, out=factor)
            product *= factor
        # Rounding may take a factor that is nearly 0 to 0.
        return np.maximum(product, np.finfo(np.float32).tiny, out=product)


def _cut(beta: NDArray[np.float64], tolerance: float) -> tuple[int, int]:
    """Choose how many terms of the series to take, and how many hidden units one by one.

    For each unit the terms left out are at most ``2 beta^(K+1) / ((K+1) (1 - beta))``. One term and
    one hidden unit cost about the same.
    """
    # Nothing is lost by the largest of each rank: the flips of a lattice are much alike.
    ranked = np.sort(beta, axis=1)[:, ::-1].max(axis=0)
    orders = np.array(_ORDERS)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        left = 2 * ranked ** (orders + 1) / ((orders + 1) * (1 - ranked))
    tails = np.cumsum(np.nan_to_num(left, nan=np.inf)[:, ::-1], axis=1)[:, ::-1]
    singles = np.sum(tails > tolerance, axis=1)
    best = int(np.argmin(orders[:, 0] + singles))
    return _ORDERS[best], int(singles[best])


def _log_cosh(values: NDArray[np.float64]) -> NDArray[np.float64]:
    moduli = np.abs(values)
    return np.asarray(moduli + np.log1p(np.exp(-2 * moduli)) - np.log(2))
