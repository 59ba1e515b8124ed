r"""What the spectrum of a tone between two bins looks like, and of several tones together.

A tone :math:`c e^{2\pi i f m / N}` has :math:`X_k / N = c D(f - k)` with the Dirichlet kernel
:math:`D(x) = e^{i \pi x (N - 1) / N} \sin(\pi x) / (N \sin(\pi x / N))`. With phases counted from
the middle of the record its phase factor goes, and the kernel is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Complex = NDArray[Any]

_SERIES = 3e-3


def kernel(offsets: Values, size: int) -> tuple[Values, Values, Values]:
    r"""Evaluate :math:`\sin(\pi x) / (N \sin(\pi x / N))` and its first two derivatives in x."""
    turns = np.round(offsets / size)
    near = offsets - turns * size
    sign = np.where((turns * (size - 1)) % 2 == 0, 1.0, -1.0)
    small = np.abs(near) < _SERIES
    safe = np.where(small, 0.5, near)
    slow = np.pi * np.cos(np.pi * safe / size)
    below = size * np.sin(np.pi * safe / size)
    value = np.sin(np.pi * safe) / below
    slope = (np.pi * np.cos(np.pi * safe) - value * slow) / below
    bend = -(np.pi**2) * (1 - 1 / size**2) * value - 2 * slow * slope / below
    # Taylor series: moments of the centred times.
    second = np.pi**2 / 3 * (1 - 1 / size**2)
    fourth = np.pi**4 / 15 * (1 - 1 / size**2) * (3 - 7 / size**2)
    square = near**2
    value = np.where(small, 1 - second * square / 2 + fourth * square**2 / 24, value)
    slope = np.where(small, near * (fourth * square / 6 - second), slope)
    bend = np.where(small, fourth * square / 2 - second, bend)
    return sign * value, sign * slope, sign * bend


def centred(spectrum: Complex, bins: NDArray[np.int64], size: int) -> Complex:
    """Count the phases of X_k / N from the middle of the record."""
    turned: Complex = spectrum / size * np.exp(1j * np.pi * (size - 1) / size * bins)
    return turned


@dataclass(frozen=True, eq=False)
class Tones:
    """Tones with phases counted from the middle of the record.

    Attributes
    ----------
    positions
        In bins; shape ``(k,)``.
    amplitudes
        Complex; shape ``(k,)``.
    size
        Number of samples N.
    real
        Whether each stands for itself and its complex conjugate, at minus its position.
    """

    positions: Values
    amplitudes: Complex
    size: int
    real: bool

    @property
    def count(self) -> int:
        """Number of tones, conjugates not counted."""
        return int(self.positions.size)

    def both(self) -> tuple[Values, Complex]:
        """Positions and amplitudes, conjugates included."""
        if not self.real:
            return self.positions, self.amplitudes
        return (
            np.concatenate([self.positions, -self.positions]),
            np.concatenate([self.amplitudes, self.amplitudes.conj()]),
        )

    def spectrum(self, bins: NDArray[Any]) -> Complex:
        """Evaluate X_k / N, phases counted from the middle of the record; k need not be whole."""
        positions, amplitudes = self.both()
        total = np.zeros(bins.shape, dtype=complex)
        for position, amplitude in zip(positions, amplitudes, strict=True):
            total += amplitude * kernel(position - bins, self.size)[0]
        return total

    def derivatives(self, bins: NDArray[Any]) -> Complex:
        """Of `spectrum`, in the order of `packed`; shape ``(bins, 3 k)``."""
        values, slopes, _ = kernel(self.positions[None, :] - bins[:, None], self.size)
        if not self.real:
            return np.hstack([slopes * self.amplitudes, values, 1j * values])
        mirrored, turned, _ = kernel(-self.positions[None, :] - bins[:, None], self.size)
        by_position = slopes * self.amplitudes - turned * self.amplitudes.conj()
        return np.hstack([by_position, values + mirrored, 1j * (values - mirrored)])

    def at(self, indices: NDArray[np.int64]) -> Complex:
        """Evaluate samples at some indices."""
        time = (indices - (self.size - 1) / 2) * (2 * np.pi / self.size)
        total = np.zeros(indices.shape, dtype=complex)
        for position, amplitude in zip(self.positions, self.amplitudes, strict=True):
            total += amplitude * np.exp(1j * position * time)
        return 2 * total.real if self.real else total

    def powers(self) -> Values:
        """Mean square of each tone by itself, its conjugate included."""
        own = np.abs(self.amplitudes) ** 2
        if not self.real:
            return own
        overlap, *_ = kernel(2 * self.positions, self.size)
        power: Values = 2 * own + 2 * (self.amplitudes**2).real * overlap
        return power

    def joined(self, position: float, amplitude: complex) -> Tones:
        """Add a tone."""
        return Tones(
            np.append(self.positions, position),
            np.append(self.amplitudes, amplitude),
            self.size,
            self.real,
        )

    def chosen(self, places: NDArray[Any]) -> Tones:
        """Keep some, in the order given."""
        return Tones(self.positions[places], self.amplitudes[places], self.size, self.real)

    def packed(self) -> Values:
        """All parameters in one vector: positions, real parts, imaginary parts."""
        return np.concatenate([self.positions, self.amplitudes.real, self.amplitudes.imag])

    def unpacked(self, parameters: Values) -> Tones:
        """Tones from such a vector."""
        positions, real, imaginary = np.split(parameters, 3)
        return Tones(positions, real + 1j * imaginary, self.size, self.real)


def no_tones(size: int, *, real: bool) -> Tones:
    """Start of a fit."""
    return Tones(np.empty(0), np.empty(0, dtype=complex), size, real)


def starting_tone(
    bins: NDArray[np.int64], powers: Values, size: int, *, real: bool
) -> tuple[float, float] | None:
    """Position and absolute amplitude of the tone that most of the power suggests.

    The two neighbouring bins that hold most say where between them it is: for a tone alone their
    amplitudes are as ``1 - t`` to t at a distance of t from the first.

    Parameters
    ----------
    bins
        Ascending, each once.
    powers
        Of the bins, no model's part in them; negative counts as none.
    size
        Number of samples.
    real
        Whether only bins from 0 to N / 2 are looked at.
    """
    powers = np.maximum(powers, 0.0)
    if real:
        kept = (bins >= 0) & (bins <= size // 2)
        bins, powers = bins[kept], powers[kept]
    if not bins.size or not np.any(powers):
        return None
    following = np.zeros_like(powers)
    adjacent = np.flatnonzero(np.diff(bins) == 1)
    following[adjacent] = powers[adjacent + 1]
    best = int(np.argmax(powers + following))
    first, second = np.sqrt(powers[best]), np.sqrt(following[best])
    between = float(second / (first + second)) if first + second else 0.0
    height, *_ = kernel(np.array([between, between - 1]), size)
    absolute = float(np.hypot(first, second) / np.hypot(*height))
    return float(bins[best]) + between, absolute
