"""Distances of the distributions that matrix product states have in the computational basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import ROUNDING, compress, mps_vector
from circuits.tensor_network.prepared import PreparedMPS

Matrix = NDArray[Any]

LARGEST_ENUMERATED = 20
"""Sites up to which all outcomes are listed."""

_DISTANCE = 1e-6
"""At which states are compressed before samples are drawn: far below the errors of these."""


@dataclass(frozen=True)
class DistributionDistances:
    """Distances of measured outcomes, those prepared from those asked for.

    Attributes
    ----------
    kl_divergence
        ``sum_x p(x) log(p(x) / q(x))`` in nats, of p asked for and q prepared; infinite if an
        outcome of p is none of q.
    total_variation
        ``sum_x |p(x) - q(x)| / 2``, from 0 to 1.
    kl_error, total_variation_error
        Standard errors; 0 if all outcomes were listed.
    samples
        Drawn from p, or None if all outcomes were listed.
    """

    kl_divergence: float
    total_variation: float
    kl_error: float
    total_variation_error: float
    samples: int | None


def distribution_distances(
    prepared: PreparedMPS, tensors: Sequence[Matrix], *, samples: int = 10_000, seed: int = 0
) -> DistributionDistances:
    """Compare what a circuit is measured in with what its state was asked for to give.

    Parameters
    ----------
    prepared
        As `circuits.tensor_network.preparation.prepare_mps` returns it.
    tensors
        What it was asked for, as there.
    samples
        To draw where there are more than `LARGEST_ENUMERATED` sites, at least 2.
    seed
        Of these.

    Returns
    -------
    DistributionDistances
        Up to `LARGEST_ENUMERATED` sites exact, in O(2**n r) operations. Beyond, means over
        samples x of p: of ``log(p(x) / q(x))``, and of ``max(0, 1 - q(x) / p(x))``, in O(n r^2) for
        each. Both are without bias; an outcome too rare to be drawn is not in the errors.

    Raises
    ------
    ValueError
        If the numbers of sites differ, the vector is zero, or an argument is out of its range.
    """
    if len(tensors) != len(prepared.tensors):
        raise ValueError(
            f"tensors has {len(tensors)} sites: {len(prepared.tensors)} are needed, those of the "
            "circuit"
        )
    if samples < 2:
        raise ValueError(f"samples is {samples}: at least 2 are needed")
    arrays = [np.asarray(tensor) for tensor in tensors]
    if len(arrays) <= LARGEST_ENUMERATED:
        return _enumerated(arrays, prepared.tensors)
    return _sampled(arrays, prepared.tensors, samples, seed)


def _enumerated(asked: Sequence[Matrix], prepared: Sequence[Matrix]) -> DistributionDistances:
    p = np.abs(mps_vector(compress(asked, 0.0)[0])) ** 2
    q = np.abs(mps_vector(prepared)) ** 2
    # Amplitudes that are rounding alone are no outcomes.
    drawn = p > ROUNDING**2
    with np.errstate(divide="ignore"):
        kl = np.sum(p[drawn] * np.log(p[drawn] / q[drawn]))
    return DistributionDistances(
        max(0.0, float(kl)), float(np.abs(p - q).sum()) / 2, 0.0, 0.0, None
    )


def _sampled(
    asked: Sequence[Matrix], prepared: Sequence[Matrix], samples: int, seed: int
) -> DistributionDistances:
    bits, log_p = _drawn(compress(asked, _DISTANCE)[0], samples, np.random.default_rng(seed))
    ratios = _log_likelihoods(compress(prepared, _DISTANCE)[0], bits) - log_p
    lost = np.maximum(0.0, -np.expm1(ratios))
    kl, kl_error = _mean(-ratios)
    variation, variation_error = _mean(lost)
    return DistributionDistances(kl, variation, kl_error, variation_error, samples)


def _mean(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and its standard error, both infinite if a value is."""
    if not np.all(np.isfinite(values)):
        return np.inf, np.inf
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def _drawn(
    tensors: Sequence[Matrix], samples: int, generator: np.random.Generator
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Draw outcomes site by site, with their log-likelihoods; orthonormal from the right.

    A. J. Ferris, G. Vidal, Phys. Rev. B 85, 165146 (2012).
    """
    rows = np.ones((samples, 1))
    bits = np.empty((samples, len(tensors)), dtype=np.int_)
    likelihoods = np.zeros(samples)
    each = np.arange(samples)
    for site, tensor in enumerate(tensors):
        both = np.tensordot(rows, tensor, axes=1)
        weights = np.sum(np.abs(both) ** 2, axis=2)
        shares = weights / weights.sum(axis=1, keepdims=True)
        bits[:, site] = generator.random(samples) >= shares[:, 0]
        chosen = bits[:, site]
        likelihoods += np.log(shares[each, chosen])
        rows = both[each, chosen] / np.sqrt(weights[each, chosen])[:, None]
    return bits, likelihoods


def _log_likelihoods(tensors: Sequence[Matrix], bits: NDArray[np.int_]) -> NDArray[np.float64]:
    """Logarithm of the probability of outcomes; minus infinity where there is none."""
    rows = np.ones((len(bits), 1))
    likelihoods = np.zeros(len(bits))
    for tensor, chosen in zip(tensors, bits.T, strict=True):
        rows = np.tensordot(rows, tensor, axes=1)[np.arange(len(bits)), chosen]
        norms = np.linalg.norm(rows, axis=1)
        with np.errstate(divide="ignore"):
            likelihoods += 2 * np.log(norms)
        rows = rows / np.where(norms > 0, norms, 1.0)[:, None]
    return likelihoods
