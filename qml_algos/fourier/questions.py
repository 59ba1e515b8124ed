"""What may be asked of a spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.fourier.problem import Signal


@dataclass(frozen=True)
class DominantFrequencies:
    """The strongest tones: their frequencies, between bins too, and their shares of the power.

    Tones closer than about one bin are not told apart.

    Parameters
    ----------
    count
        At most how many.
    threshold
        Smallest share of the whole power that counts, strictly between 0 and 1. Both signs of the
        frequency of a real tone count together.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    """

    count: int = 1
    threshold: float = 0.05

    error_is: ClassVar[str] = "largest distance of a frequency to the nearest of the others, bins"

    def __post_init__(self) -> None:
        if not _is_integer(self.count) or self.count < 1:
            raise InvalidProblemError(f"count = {self.count!r}: must be a positive integer")
        _require_share(self.threshold)

    def require_for(self, signal: Signal) -> None:
        """Refuse more tones than the signal can hold."""
        most = signal.size // 2
        if self.count > most:
            raise InvalidProblemError(
                f"count = {self.count}: {signal.size} samples hold at most {most} tones"
            )


@dataclass(frozen=True)
class SpectralPower:
    r"""Shares of chosen bins in the power, :math:`|X_k|^2 / \sum_j |X_j|^2`.

    Parameters
    ----------
    bins
        From 0 to N - 1, at least one; those from N / 2 on stand for negative frequencies, and both
        signs of a real tone are bins of their own.

    Raises
    ------
    InvalidProblemError
        If there is none, or one is no index.
    """

    bins: Sequence[int]

    error_is: ClassVar[str] = "largest deviation of a share of the power"

    def __post_init__(self) -> None:
        object.__setattr__(self, "bins", _bins(self.bins))
        if not self.bins:
            raise InvalidProblemError("bins is empty: at least one is needed")

    def require_for(self, signal: Signal) -> None:
        """Refuse bins that the signal does not have."""
        _require_bins(self.bins, signal)


@dataclass(frozen=True)
class RelativePhase:
    r"""Phase of one bin against another, :math:`\arg(X_b X_a^*)`, in radians.

    The phase of a bin by itself is that of the whole state, which no measurement shows. For a real
    signal :math:`X_{N-k} = X_k^*`, so that the bins (N - k, k) give twice the phase of a tone.

    Parameters
    ----------
    bins
        The pair (a, b), two different ones.
    threshold
        Share of the whole power that each of the two is taken to hold at least, strictly between 0
        and 1: shots follow from it.

    Raises
    ------
    InvalidProblemError
        If these are not two different indices, or the threshold is out of range.
    """

    bins: Sequence[int]
    threshold: float = 0.05

    error_is: ClassVar[str] = "deviation of the phase, radians"

    def __post_init__(self) -> None:
        object.__setattr__(self, "bins", _bins(self.bins))
        if len(self.bins) != 2 or self.bins[0] == self.bins[1]:
            raise InvalidProblemError(f"bins = {self.bins}: two different ones are needed")
        _require_share(self.threshold)

    def require_for(self, signal: Signal) -> None:
        """Refuse bins that the signal does not have."""
        _require_bins(self.bins, signal)


Question = DominantFrequencies | SpectralPower | RelativePhase


def _is_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _require_share(threshold: float) -> None:
    number = isinstance(threshold, int | float | np.floating) and not isinstance(threshold, bool)
    if not number or not 0 < threshold < 1:
        raise InvalidProblemError(f"threshold = {threshold!r}: must lie strictly between 0 and 1")


def _bins(given: Sequence[int]) -> tuple[int, ...]:
    if not hasattr(given, "__iter__"):
        raise InvalidProblemError(f"bins = {given!r}: a sequence of integers is needed")
    for place, index in enumerate(given):
        if not _is_integer(index) or index < 0:
            raise InvalidProblemError(
                f"bins[{place}] = {index!r}: must be an integer from 0 to N - 1"
            )
    return tuple(int(index) for index in given)


def _require_bins(bins: Sequence[int], signal: Signal) -> None:
    for place, index in enumerate(bins):
        if index >= signal.size:
            raise InvalidProblemError(
                f"bins[{place}] = {index}: {signal.size} samples have bins 0 to {signal.size - 1}"
            )
