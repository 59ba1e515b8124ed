"""Families of signals to compare solvers on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.fourier.problem import Signal
from qml_algos.linear_systems.structures.base import require_storable

SMALLEST = 8

# Noise has a hundredth of the power of the tones; these have shares of 4 : 2 : 1.
_NOISE = 0.01
_SHARES = np.array([4.0, 2.0, 1.0]) / 7


def tones(size: int, rng: np.random.Generator) -> Signal:
    """Three real tones on bins, apart by at least N / 16, in white noise."""
    return Signal(_noisy(_tones(size, rng, on_bins=True), rng))


def off_grid(size: int, rng: np.random.Generator) -> Signal:
    """As `tones`, between the bins."""
    return Signal(_noisy(_tones(size, rng, on_bins=False), rng))


def chirp(size: int, rng: np.random.Generator) -> Signal:
    """Sweep a tone from an eighth to a quarter of the rate: N / 8 bins, none strong."""
    time = np.arange(size) / size
    turns = size * (time / 8 + time**2 / 16) + rng.uniform()
    return Signal(np.cos(2 * np.pi * turns))


def formula(size: int, rng: np.random.Generator) -> Signal:
    """Tones between bins without noise, given by their formula: prepared in O(log N) gates."""
    positions, amplitudes = _drawn(size, rng, on_bins=False)
    return Signal.of_tones(size, (positions / size).tolist(), amplitudes.tolist())


FAMILIES: dict[str, Callable[[int, np.random.Generator], Signal]] = {
    "tones": tones,
    "off-grid": off_grid,
    "chirp": chirp,
    "formula": formula,
}
"""Families by the names that the command line takes."""

WHAT_A_SIZE_IS = f"number of samples, a power of two of at least {SMALLEST}"
"""For help texts and messages."""


def draw(family: str, size: int, rng: np.random.Generator) -> Signal:
    """Draw a signal of a family.

    Raises
    ------
    UnknownNameError
        If there is no such family; the message lists the known ones.
    ValueError
        If the size is no power of two of at least 8.
    TooLargeError
        If the signal would not fit into memory.
    """
    if family not in FAMILIES:
        raise UnknownNameError("family", family, FAMILIES)
    integer = isinstance(size, int | np.integer) and not isinstance(size, bool)
    if not integer or size < SMALLEST or size & (size - 1):
        raise ValueError(
            f"sizes: {size!r} given; every size must be a power of two of at least {SMALLEST}"
        )
    if family != "formula":
        require_storable(int(size), "the signal")
    return FAMILIES[family](int(size), rng)


def _drawn(
    size: int, rng: np.random.Generator, *, on_bins: bool
) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Positions in bins, in three of eight stretches of the half spectrum, and amplitudes."""
    stretches = 1 + 2 * rng.permutation(3) if size >= 16 else rng.permutation(np.arange(1, 4))
    width = size / 16
    positions = stretches * width + rng.uniform(0, width / 2, size=3)
    if on_bins:
        positions = np.round(positions)
    phases = np.exp(2j * np.pi * rng.uniform(size=3))
    return positions, np.sqrt(2 * _SHARES) * phases


def _tones(size: int, rng: np.random.Generator, *, on_bins: bool) -> NDArray[np.float64]:
    positions, amplitudes = _drawn(size, rng, on_bins=on_bins)
    time = np.arange(size)
    total = np.zeros(size)
    for position, amplitude in zip(positions, amplitudes, strict=True):
        total += (amplitude * np.exp(2j * np.pi * position / size * time)).real
    return total


def _noisy(clean: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    noise = rng.normal(size=clean.size)
    noisy: NDArray[np.float64] = clean + np.sqrt(_NOISE * np.mean(clean**2)) * noise
    return noisy
