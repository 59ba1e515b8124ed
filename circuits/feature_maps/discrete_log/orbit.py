"""The arc of powers that a feature state of the discrete-logarithm map is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from circuits.feature_maps.discrete_log.residues import (
    powers,
    require_generator,
    require_integer,
    require_prime,
)


@dataclass(frozen=True)
class Orbit:
    r"""The residues :math:`x, x g, \ldots, x g^{2^k - 1}` modulo a prime, for any x.

    Parameters
    ----------
    prime
        p, from 5 to below 2**31.
    generator
        g, of order ``p - 1`` modulo p.
    k
        From 1 to ``digits - 1``.

    Raises
    ------
    TypeError
        If one is no integer.
    ValueError
        If one is out of range, ``prime`` is not prime, or ``generator`` does not generate all
        residues.
    """

    prime: int
    generator: int
    k: int

    def __post_init__(self) -> None:
        require_prime(self.prime)
        require_generator(self.generator, self.prime)
        if not 1 <= require_integer("k", self.k) < self.digits:
            raise ValueError(f"k = {self.k}: must lie between 1 and {self.digits - 1}")

    @property
    def digits(self) -> int:
        """Number n of binary digits of the prime."""
        return int(self.prime).bit_length()

    @property
    def order(self) -> int:
        """Number p - 1 of residues."""
        return self.prime - 1

    def residues(self, values: ArrayLike) -> NDArray[np.int64]:
        """Return numbers as integers, shape ``(N,)``.

        Raises
        ------
        ValueError
            If they are not whole numbers from 1 to ``prime - 1`` in one dimension.
        """
        numbers = np.asarray(values)
        if numbers.ndim != 1 or numbers.dtype.kind not in "iuf":
            raise ValueError(f"residues of shape {numbers.shape}: a vector of numbers is needed")
        inside = (numbers >= 1) & (numbers < self.prime) & (numbers == np.floor(numbers))
        if not np.all(inside):
            row = int(np.argmin(inside))
            raise ValueError(
                f"X holds {numbers[row]:g} in row {row}: whole numbers from 1 to {self.prime - 1} "
                "are needed, residues modulo the prime"
            )
        return numbers.astype(np.int64)

    def members(self, x: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the residues in order, shape ``(N, 2**k)``, for x of shape ``(N,)``."""
        return x[:, np.newaxis] * powers(self.generator, self.prime, 2**self.k) % self.prime
