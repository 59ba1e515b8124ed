r"""Few buckets of a spectrum from few samples: permuted, filtered and folded.

Samples are taken at :math:`\sigma (n + t) + a`, which moves bin k to :math:`q = \sigma k` modulo N,
times a window that is nearly a rectangle in frequency, 1.5 buckets wide with Gaussian edges, and
folded to B values: their transform gives in each of B buckets the sum of what lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.special import ndtr

from qml_algos.fourier.problem import Signal

Complex = NDArray[Any]
Integers = NDArray[np.int64]

FOLDS = 20
"""Samples of the window in multiples of the number of buckets."""

# In units of a bucket: half the width, and the deviation of the Gaussian that rounds it. At half a
# bucket from the middle the gain is then 1 - 2e-4, at a whole one 2e-4.
_HALF_WIDTH, _ROUNDED = 0.75, 0.25 / 3.5
_REACH = 2


@dataclass(frozen=True, eq=False)
class Round:
    """Buckets of one random permutation, for several shifts in time.

    Attributes
    ----------
    size
        Number of samples N, a power of two.
    stretch, offset
        Sigma, odd, and a.
    shifts
        Values of t; shape ``(T,)``, the first one 0.
    buckets
        Shape ``(T, B)``.
    """

    size: int
    stretch: int
    offset: int
    shifts: Integers
    buckets: Complex = field(repr=False)

    @property
    def count(self) -> int:
        """Number of buckets B."""
        return int(self.buckets.shape[1])

    def place(self, bins: Integers) -> tuple[Integers, Integers]:
        """Where bins are moved to, and the bucket in which each then is."""
        moved = bins * self.stretch % self.size
        width = self.size // self.count
        return moved, (moved + width // 2) // width % self.count

    def turns(self, bins: Integers, moved: Integers) -> Complex:
        """Phase factors of bins for each shift; shape ``(T, bins)``."""
        start = np.exp(2j * np.pi / self.size * (bins * self.offset % self.size))
        steps = np.exp(2j * np.pi / self.size * (self.shifts[:, None] * moved % self.size))
        return start * steps

    def gain(self, moved: Integers, bucket: Integers) -> NDArray[np.float64]:
        """Response of a bucket at a place."""
        distance = moved * self.count / self.size - bucket
        distance -= self.count * np.round(distance / self.count)
        return gain(distance)

    def estimates(self, bins: Integers) -> Complex:
        """Estimate X_k / N for each shift, if nothing else is near; shape ``(T, bins)``."""
        moved, bucket = self.place(bins)
        found = self.buckets[:, bucket] / self.turns(bins, moved)
        estimated: Complex = found / self.gain(moved, bucket)
        return estimated

    def without(self, bins: Integers, values: Complex) -> Round:
        """Take away what is known: X_k / N of some bins."""
        moved, bucket = self.place(bins)
        turned = self.turns(bins, moved) * values
        rest = self.buckets.copy()
        for step in range(-_REACH, _REACH + 1):
            near = (bucket + step) % self.count
            part = turned * self.gain(moved, near)
            for row, values_of_shift in zip(rest, part, strict=True):
                row -= np.bincount(near, values_of_shift.real, self.count) + 1j * np.bincount(
                    near, values_of_shift.imag, self.count
                )
        return Round(self.size, self.stretch, self.offset, self.shifts, rest)

    def located(self, floor: float) -> Integers:
        """Bins that stand alone in their buckets, above a floor.

        The phase between shifts says where in its bucket a bin is, each four times as finely as
        the one before, in which an error of a tenth of a turn does no harm.
        """
        sizes = np.abs(self.buckets)
        alone = np.ptp(sizes, axis=0) < 0.7 * np.max(sizes, axis=0)
        hit = np.flatnonzero((np.mean(sizes, axis=0) > floor) & alone)
        place = hit * (self.size / self.count)
        phases = np.angle(self.buckets[1:, hit] / self.buckets[0, hit]) / (2 * np.pi)
        for shift, turn in zip(self.shifts[1:], phases, strict=True):
            expected = place * shift / self.size
            deviation = turn - expected
            place = place + (deviation - np.round(deviation)) * self.size / shift
        moved = np.round(place).astype(np.int64) % self.size
        located: Integers = np.unique(moved * pow(self.stretch, -1, self.size) % self.size)
        return located


def gain(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Response of a bucket to a frequency at a distance in buckets."""
    response: NDArray[np.float64] = ndtr((distance + _HALF_WIDTH) / _ROUNDED) - ndtr(
        (distance - _HALF_WIDTH) / _ROUNDED
    )
    return response


def shifts_for(size: int, buckets: int) -> Integers:
    """Shifts that locate a bin: from a quarter of B to a quarter of N, each four times the last."""
    shifts = [0, buckets // 4]
    while shifts[-1] < size // 4:
        shifts.append(min(4 * shifts[-1], size // 4))
    return np.array(shifts, dtype=np.int64)


def samples_of_round(size: int, buckets: int) -> int:
    """Count the samples that one round reads."""
    return FOLDS * buckets * len(shifts_for(size, buckets))


def read_round(signal: Signal, buckets: int, rng: np.random.Generator) -> Round:
    """Read the samples of one random permutation and fold them into buckets."""
    size = signal.size
    stretch = int(rng.integers(size // 2)) * 2 + 1
    offset = int(rng.integers(size))
    shifts = shifts_for(size, buckets)
    half = FOLDS * buckets // 2
    times = np.arange(-half, half)
    places = ((times + shifts[:, None]) * stretch + offset) % size
    windowed = signal.at(places) * _window(times, buckets)
    folded = windowed.reshape(len(shifts), FOLDS, buckets).sum(axis=1)
    return Round(size, stretch, offset, shifts, scipy.fft.fft(folded, axis=1))


def _window(times: Integers, buckets: int) -> NDArray[np.float64]:
    width, rounded = 2 * _HALF_WIDTH / buckets, _ROUNDED / buckets
    window: NDArray[np.float64] = (
        width * np.sinc(width * times) * np.exp(-2 * (np.pi * rounded * times) ** 2)
    )
    return window
