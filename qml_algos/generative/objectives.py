"""What distributions of bits that can be written down are trained by, with derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.data.configurations import configuration_numbers
from qml_algos.generative.walsh import walsh_transform

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats]]
"""Takes probabilities of all configurations; returns a loss and its derivatives by them."""

_TINY = 1e-10
"""Probability that counts instead of less where samples are: one of them must not tear a step."""


LOSSES = ("likelihood", "mmd")
"""Names of objectives."""


def objective_of(
    loss: str, X: NDArray[np.int64], shares: Floats, bandwidths: Sequence[float]
) -> Objective:
    """Return one of `LOSSES` relative to samples.

    Parameters
    ----------
    loss
        Its name.
    X
        Bits, shape ``(N, n)`` for at most 20 variables.
    shares
        Of the samples; their sum is 1.
    bandwidths
        Of the kernels of ``"mmd"``.
    """
    numbers = configuration_numbers(X, [2] * X.shape[1])
    q = np.zeros(2 ** X.shape[1])
    np.add.at(q, numbers, shares)
    return likelihood_objective(q) if loss == "likelihood" else discrepancy_objective(q, bandwidths)


def word_rate(bandwidth: float) -> float:
    r"""Share of the variables in the random parities that the discrepancy is a mean over.

    With the kernel :math:`\exp(-h / 2 \sigma^2)` of the Hamming distance h, the squared maximum
    mean discrepancy is :math:`E_s (\langle Z_s \rangle_p - \langle Z_s \rangle_q)^2`, where each
    variable is in s with the probability :math:`(1 - e^{-1 / 2 \sigma^2}) / 2`.

    References
    ----------
    E. Recio-Armengol, S. Ahmed, J. Bowles, arXiv:2503.02934; M. Rudolph et al.,
    npj Quantum Inf. 10, 116 (2024), arXiv:2305.02881.
    """
    return -math.expm1(-1 / (2 * bandwidth**2)) / 2


def likelihood_objective(q: Floats) -> Objective:
    """Cross entropy, in nats, of a distribution relative to that of samples.

    Parameters
    ----------
    q
        Shape ``(2**n,)``: share of each configuration among samples.
    """
    seen = np.flatnonzero(q)
    shares = q[seen]

    def objective(p: Floats) -> tuple[float, Floats]:
        chances = np.maximum(p[seen], _TINY)
        slope = np.zeros_like(p)
        slope[seen] = -shares / chances
        return -float(shares @ np.log(chances)), slope

    return objective


def discrepancy_objective(q: Floats, bandwidths: Sequence[float]) -> Objective:
    """Squared maximum mean discrepancy from a distribution, mean of several Gaussian kernels.

    Parameters
    ----------
    q
        Shape ``(2**n,)``: share of each configuration among samples.
    bandwidths
        Of the kernels, above 0.

    Notes
    -----
    Two Walsh-Hadamard transforms.
    """
    bits = q.size.bit_length() - 1
    sizes = np.bitwise_count(np.arange(q.size)).astype(np.float64)
    rates = [word_rate(bandwidth) for bandwidth in bandwidths]
    weights = np.mean([rate**sizes * (1 - rate) ** (bits - sizes) for rate in rates], axis=0)

    def objective(p: Floats) -> tuple[float, Floats]:
        difference = walsh_transform(p - q)
        weighted = weights * difference
        return float(weighted @ difference), 2 * walsh_transform(weighted)

    return objective
