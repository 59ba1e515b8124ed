"""Whether the entries of a fidelity kernel have collapsed towards those of random states."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.checks import as_gram

FEWEST_QUBITS = 5
"""Below, ``2**-n`` is no small number, and small entries are no collapse."""

_CONCENTRATED = 0.9
"""Share of pairs that look random: within ten equal classes a tenth of the pairs should not."""

_TAIL = 0.01


class KernelConcentrationWarning(UserWarning):
    """Nearly all entries of a kernel are as small as those between random states."""


@dataclass(frozen=True)
class Concentration:
    r"""Entries between different points, beside those between random states of n qubits.

    Attributes
    ----------
    qubits
        n.
    mean, variance
        Of the entries off the diagonal.
    random_mean, random_variance
        Of :math:`|\langle\psi|\phi\rangle|^2` for Haar-random states: :math:`1/d` and
        :math:`(d - 1) / (d^2 (d + 1))` with :math:`d = 2^n`.
    random_share
        Share of the entries that are no larger than 99 % of those between random states.
    """

    qubits: int
    mean: float
    variance: float
    random_mean: float
    random_variance: float
    random_share: float

    @property
    def concentrated(self) -> bool:
        """Whether nine in ten entries look random, on five qubits or more."""
        return self.qubits >= FEWEST_QUBITS and self.random_share >= _CONCENTRATED

    def __str__(self) -> str:
        return (
            f"entries {self.mean:.2g} +- {np.sqrt(self.variance):.1g} on {self.qubits} qubits, "
            f"random states {self.random_mean:.2g} +- {np.sqrt(self.random_variance):.1g}; "
            f"{self.random_share:.0%} of the entries look random"
        )


def concentration(K: ArrayLike, qubits: int) -> Concentration:
    r"""Compare the entries of a fidelity kernel with those between random states.

    Entries that all fall to :math:`2^{-n}` carry no information that fewer than about
    :math:`2^n` shots could read, and a model trained on them says the same of all new points.

    Parameters
    ----------
    K
        Shape ``(N, N)``, N at least 2, symmetric; 1 on the diagonal.
    qubits
        Number n that states are on.

    Returns
    -------
    Concentration

    Raises
    ------
    InvalidProblemError
        If K is not symmetric or not finite, or an argument is out of range.

    Warns
    -----
    KernelConcentrationWarning
        If nine in ten entries are no larger than 99 % of those between random states, and there
        are five qubits or more. A smaller bandwidth, local (projected) kernels or feature maps
        made for the problem help.

    References
    ----------
    S. Thanasilp, S. Wang, M. Cerezo, Z. Holmes, Nat. Commun. 15, 5200 (2024), arXiv:2208.11060.
    """
    whole = isinstance(qubits, int | np.integer) and not isinstance(qubits, bool)
    if not whole or qubits < 1:
        raise InvalidProblemError(f"qubits = {qubits!r}: must be a positive integer")
    entries = off_diagonal(K)
    dimension = 2.0 ** int(qubits)
    # The overlap x with a random state is above q with probability (1 - q)^(d - 1).
    largest_usual = -np.expm1(np.log(_TAIL) / (dimension - 1))
    found = Concentration(
        qubits=int(qubits),
        mean=float(np.mean(entries)),
        variance=float(np.var(entries)),
        random_mean=1 / dimension,
        random_variance=(dimension - 1) / (dimension**2 * (dimension + 1)),
        random_share=float(np.mean(entries <= largest_usual)),
    )
    if found.concentrated:
        warnings.warn(f"the kernel has concentrated: {found}", KernelConcentrationWarning, 2)
    return found


def off_diagonal(K: ArrayLike) -> NDArray[np.float64]:
    """Entries above the diagonal, shape ``(N (N - 1) / 2,)``.

    Raises
    ------
    InvalidProblemError
        If K is not symmetric, not finite, or there is only one point.
    """
    gram = as_gram(K)
    if len(gram) < 2:
        raise InvalidProblemError("K has one row: entries between two points at least are needed")
    entries: NDArray[np.float64] = gram[np.triu_indices(len(gram), 1)]
    return entries
