"""The problem: a sampled signal."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.fourier.files import read_samples
from qml_algos.fourier.tones import SumOfTones
from qml_algos.linear_systems.right_hand_side import DenseVector, RightHandSide
from qml_algos.validation import numeric_array


class Signal:
    r"""N samples taken at equal times, whose spectrum is asked for.

    The spectrum is that of the discrete Fourier transform,
    :math:`X_k = \sum_m x_m e^{-2\pi i k m / N}`; bin k stands for the frequency
    ``k sample_rate / N``, of which multiples of the rate cannot be told apart.

    Parameters
    ----------
    values
        Shape ``(N,)``, N at least 2, real or complex, not zero; or samples as a value that knows
        how its state is prepared (`SumOfTones`, `SmoothFunction`, `SparseVector`, ...).
    sample_rate
        Samples a unit of time; frequencies come in its units.

    Raises
    ------
    InvalidProblemError
        If values are empty, of another shape, zero, NaN or no numbers, or the rate is not
        positive.

    Notes
    -----
    Quantum solvers need N to be a power of two, for a register has 2^n amplitudes. `padded` and
    `trimmed` make one, and say what that does to the bins.
    """

    def __init__(self, values: ArrayLike | RightHandSide, sample_rate: float = 1.0) -> None:
        self.sample_rate = _rate(sample_rate)
        self.samples: RightHandSide = (
            values if isinstance(values, RightHandSide) else _dense(values)
        )
        if self.size < 2:
            raise InvalidProblemError(f"values has {self.size} samples: at least 2 are needed")

    @classmethod
    def from_file(cls, path: str | PathLike[str], sample_rate: float | None = None) -> Signal:
        """Read a signal: ``.npy``, ``.csv`` or ``.txt`` of one column, or ``.wav`` of one channel.

        Parameters
        ----------
        path
            The file.
        sample_rate
            By default the one that the file states, else 1.

        Raises
        ------
        InvalidProblemError
            If the file is missing or malformed, and as the constructor does.
        """
        samples, stated = read_samples(path)
        rate = sample_rate if sample_rate is not None else stated
        return cls(samples, 1.0 if rate is None else rate)

    @classmethod
    def of_tones(
        cls,
        size: int,
        frequencies: Sequence[float],
        amplitudes: Sequence[complex],
        *,
        sample_rate: float = 1.0,
        real: bool = True,
    ) -> Signal:
        """Sum of tones, prepared in O(log N) gates and as long as 2^62 samples.

        Parameters
        ----------
        size
            Number of samples.
        frequencies
            In the units of the rate.
        amplitudes
            Complex, with the phase at the first sample.
        sample_rate
            Samples a unit of time.
        real
            Whether the samples are the real part of the sum.

        Raises
        ------
        InvalidProblemError
            As the constructor and `SumOfTones` do.
        """
        scale = size / _rate(sample_rate)
        positions = [float(frequency) * scale for frequency in frequencies]
        return cls(SumOfTones(size, positions, amplitudes, real), sample_rate)

    def __repr__(self) -> str:
        kind = "real" if self.real else "complex"
        return f"Signal({self.size:,} samples, {kind}, rate {self.sample_rate:g})"

    @property
    def size(self) -> int:
        """Number of samples N."""
        return self.samples.size

    @property
    def real(self) -> bool:
        """Whether the samples are real; frequencies are then counted from 0 to half the rate."""
        return self.samples.real

    @property
    def bin_width(self) -> float:
        """Distance of two bins, in the units of the rate."""
        return self.sample_rate / self.size

    @property
    def values(self) -> NDArray[Any]:
        """Samples written down; shape ``(N,)``, read-only.

        Raises
        ------
        TooLargeError
            If they would not fit into memory.
        """
        vector = self.samples.vector()
        vector.setflags(write=False)
        return vector

    def at(self, indices: NDArray[np.int64]) -> NDArray[Any]:
        """Return samples at some indices, without writing down others where possible."""
        if isinstance(self.samples, SumOfTones):
            return self.samples.at(indices)
        return self.values[indices]

    def padded(self) -> Signal:
        """Append zeros up to the next power of two.

        The bins move closer, to ``sample_rate / 2**n``; what stood on a bin stands between two
        now, and every tone is spread over ``2**n / N`` times as many bins.
        """
        size = 1 << (self.size - 1).bit_length()
        return Signal(np.pad(self.values, (0, size - self.size)), self.sample_rate)

    def trimmed(self) -> Signal:
        """Keep the first samples, as many as the largest power of two; the bins move apart."""
        return Signal(self.values[: 1 << (self.size.bit_length() - 1)], self.sample_rate)


def _rate(given: Any) -> float:
    number = isinstance(given, int | float | np.number) and not isinstance(given, bool)
    if not number or not 0 < given < np.inf:
        raise InvalidProblemError(f"sample_rate = {given!r}: a positive number is needed")
    return float(given)


def _dense(given: Any) -> DenseVector:
    values = numeric_array(given, "values")
    if values.ndim != 1:
        raise InvalidProblemError(f"values has shape {values.shape}: one axis is needed")
    if values.size < 2:
        raise InvalidProblemError(f"values has {values.size} samples: at least 2 are needed")
    if not np.any(values):
        raise InvalidProblemError("values is zero: it has no spectrum, and no state represents it")
    return DenseVector(values)
