"""Samples with their weights, equal ones merged or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Samples:
    """Samples that occur with some frequency.

    Attributes
    ----------
    X
        Shape ``(N, n)``.
    counts
        How often each occurs, or the sum of its weights; shape ``(N,)``, all above 0.
    """

    X: NDArray[np.intp]
    counts: NDArray[np.float64]

    @property
    def weights(self) -> NDArray[np.float64]:
        """Shares of the samples; their sum is 1."""
        return self.counts / self.counts.sum()

    def ordered(self, order: NDArray[np.intp]) -> Samples:
        """Return the same samples with the variables in another order."""
        return Samples(np.ascontiguousarray(self.X[:, order]), self.counts)


def distinct(X: NDArray[np.int64], weights: NDArray[np.float64]) -> Samples:
    """Merge equal samples, which costs no accuracy and often saves most of the work.

    Parameters
    ----------
    X
        Shape ``(N, n)``.
    weights
        Of the samples, in counts; those without are left out. Shape ``(N,)``.
    """
    used = weights > 0
    rows, which = np.unique(X[used], axis=0, return_inverse=True)
    counts = np.bincount(which.ravel(), weights[used])
    return Samples(rows.astype(np.intp), np.asarray(counts, dtype=np.float64))


@dataclass(frozen=True)
class Data:
    """What to fit to and to stop by.

    Attributes
    ----------
    samples, valid
        Training samples; validation samples, if there are any. Equal ones are merged.
    sizes
        Categories of each variable.
    unmerged
        Training samples for mini-batches, if there are any.
    """

    samples: Samples
    valid: Samples | None
    sizes: Sequence[int]
    unmerged: Samples | None = None

    def ordered(self, order: NDArray[np.intp]) -> Data:
        """Return the same with the variables in another order."""
        samples, valid, unmerged = (
            None if part is None else part.ordered(order)
            for part in (self.samples, self.valid, self.unmerged)
        )
        assert samples is not None
        return Data(samples, valid, [self.sizes[k] for k in order], unmerged)
