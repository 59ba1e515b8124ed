"""Sums of one eigenvalue of each of several axes, and what exponentials of them factorise into."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from circuits.exponential_sums import ExponentialSum
from circuits.fourier_diagonal import Axis, FourierDiagonal
from circuits.octave_family import AxisModes, OctaveFamily, cell_count

Values = NDArray[np.float64]
Region = list[tuple[slice, NDArray[np.bool_]]]

# Sums below this, in units of the smallest that counts, are 0.
_NULL = 1e-6
MAX_COMBINATIONS = 2**24
"""Up to so many combinations of cells are looked at one by one."""

# Where cells are wider than one mode, their relative width is such a part of the deviation: the
# wide ones if that makes the combinations few enough.
_CELLS_PER_DEVIATION = (16, 8, 4)
# What a coefficient does to an amplitude near 1 in second order.
_SECOND_ORDER = 0.005
# Largest step between neighbouring cells, in units of the deviation.
_STEP = 0.25


@dataclass(frozen=True, eq=False)
class SeparableSpectrum:
    r"""Positive sums :math:`\lambda = \sum_i \lambda_i`, an eigenvalue of each axis and an offset.

    With the exponents of an exponential sum, each product of functions of the axes

    .. math:: e^{-t (\lambda - \lambda_{\min})} = \prod_i e^{-t (\lambda_i - r_i)}

    has factors of at most 1, the references r being the axes' smallest eigenvalues. Where the
    smallest sum is 0, on mode 0 of all axes, that one is left out: the first axis that is not in
    mode 0 has a reference higher by the smallest other sum, and the last axis, if none is,
    the amplitude 0. On axes after the first, functions for the case that all before are in mode
    0 then stand after those for the other case.

    Attributes
    ----------
    axes
        Eigenvalues, the sign changed where it is -1.
    references
        r, for an axis that is not the first one out of mode 0.
    offset
        Added to the sums; the sign changed, too.
    smallest, largest
        Ends of the sums that count.
    null
        Whether one is left out.
    sign
        Of the sums as they were given.
    """

    axes: tuple[AxisModes, ...] = field(repr=False)
    references: tuple[float, ...]
    offset: float
    smallest: float
    largest: float
    null: bool
    sign: int

    @classmethod
    def of(
        cls, matrix: FourierDiagonal, smallest: float, deviation: float
    ) -> SeparableSpectrum | None:
        """Sample the axes' eigenvalues; ``None`` if they are not of this kind.

        Parameters
        ----------
        matrix
            A.
        smallest
            Smallest absolute value that counts, roughly.
        deviation
            Relative deviation for which cells of modes have to be narrow enough.
        """
        if not all(_suits(axis) for axis in matrix.axes) or np.imag(matrix.offset):
            return None
        window = _window(matrix, deviation)
        axes = tuple(AxisModes.of(axis, window) for axis in matrix.axes)
        offset, sign = float(np.real(matrix.offset)), 1
        if sum(np.nanmax(axis.samples) for axis in axes) + offset < _NULL * smallest:
            axes = tuple(replace(a, samples=-a.samples, whole=-a.whole) for a in axes)
            offset, sign = -offset, -1
        ends = [(float(np.nanmin(a.samples)), float(np.nanmax(a.samples))) for a in axes]
        references = tuple(low for low, _ in ends)
        lowest = sum(references) + offset
        largest = sum(high for _, high in ends) + offset
        null = abs(lowest) < _NULL * smallest
        if null:
            nexts = [float(np.nanmin(a.samples[:, 1:])) for a in axes]
            lowest = min(n - low for n, low in zip(nexts, references, strict=True))
        if lowest < _NULL * smallest:
            return None
        return cls(axes, references, offset, lowest, largest, null, sign)

    def at_zero(self, axis: int, rows: int) -> Values:
        """Amplitudes that mode 0 of an axis has instead of the functions', NaN for none."""
        values = np.full((2 if self.null and axis else 1, rows), np.nan)
        if self.null:
            values[-1] = 0.0 if axis == len(self.axes) - 1 else 1.0
        return values.ravel()

    def functions(self, axis: int, exponentials: ExponentialSum) -> Callable[[Values], Values]:
        """Factors of an axis for all terms, from its eigenvalues; shape ``(rows, cells)``."""
        times, references = self._rows(axis, exponentials)

        def factors(eigenvalues: Values) -> Values:
            exponents = times[:, None] * (eigenvalues - references[:, None])
            values: Values = np.exp(-np.maximum(exponents, 0.0))
            return values

        return factors

    def family(self, axis: int, exponentials: ExponentialSum, deviation: float) -> OctaveFamily:
        """Expand the factors of an axis.

        A coefficient's importance is a bound on what it does to the relative deviation, for any
        modes of the other axes.
        """
        modes = self.axes[axis]
        functions = self.functions(axis, exponentials)
        times, references = self._rows(axis, exponentials)
        factors = functions(modes.middle)
        excess = np.maximum(modes.middle - references[:, None], 0)
        weights = np.tile(weights_of(exponentials), times.size // exponentials.times.size)
        largest = weights[:, None] * (self.smallest + excess + 1 / times[:, None]) / self.smallest
        importance = largest * np.sqrt(1 - factors**2 + _SECOND_ORDER) / 2
        # From mode 0 on: what falls off inside the first cell must be seen.
        steps = np.abs(np.diff(functions(np.append(modes.middle[0], modes.whole)), axis=1))
        exact = modes.bits <= modes.window
        return OctaveFamily.fit(
            modes,
            functions,
            importance,
            exact | (np.max(steps, axis=1) < _STEP * deviation),
            self.at_zero(axis, exponentials.times.size),
        )

    def regions(self, rows: int) -> list[Region]:
        """Rows and cells of all axes whose combinations are all modes that count."""
        every = slice(0, rows)
        if not self.null:
            return [[(every, axis.occurs) for axis in self.axes]]
        regions = []
        for first in range(len(self.axes)):
            region: Region = []
            for place, axis in enumerate(self.axes):
                all_zero = slice(rows, None) if place else every
                zero = np.arange(axis.occurs.size) == 0
                if place > first:
                    region.append((every, axis.occurs))
                else:
                    region.append((all_zero, axis.occurs & (~zero if place == first else zero)))
            regions.append(region)
        return regions

    def _rows(self, axis: int, exponentials: ExponentialSum) -> tuple[Values, Values]:
        """Time and reference of each row."""
        times = exponentials.times / self.smallest
        reference = self.references[axis]
        if not self.null:
            return times, np.full(times.size, reference)
        lowered = np.full(times.size, reference + self.smallest)
        if not axis:
            return times, lowered
        return np.tile(times, 2), np.append(np.full(times.size, reference), lowered)


def weights_of(exponentials: ExponentialSum) -> Values:
    """Weights of the products, whose sum is 1 up to the deviation."""
    weights: Values = exponentials.weights * np.exp(-exponentials.times)
    return weights


def _window(matrix: FourierDiagonal, deviation: float) -> int:
    """Bits below the leading one that have to be told apart."""
    windows = [int(np.ceil(np.log2(parts / deviation))) for parts in _CELLS_PER_DEVIATION]
    for window in windows:
        counts = [cell_count(axis.ring_qubits - 1, window) + 1 for axis in matrix.axes]
        if math.prod(counts) <= MAX_COMBINATIONS:
            return window
    return windows[0]


def _suits(axis: Axis) -> bool:
    if not axis.even or axis.ring_qubits < 2:
        return False
    values = axis.symbol(np.arange(min(2**axis.ring_qubits, 64)))
    return not np.any(np.imag(values))
