"""Several functions of a register's number, octave by octave, as angles of one flag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from circuits.fourier_diagonal import Axis, Indices
from circuits.multiplexed import walsh_hadamard

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AxisModes:
    """Eigenvalues of an even axis on cells of its modes' magnitudes.

    The cells are 0, then those of the octaves 1, 2 to 3, 4 to 7 ..., up to ``2**window`` in each;
    last, on a periodic axis, the mode M / 2 by itself.

    Attributes
    ----------
    bits
        Of a magnitude below M / 2.
    window
        Bits below the leading one that are told apart.
    samples
        Shape ``(3, cells)``: eigenvalues at start, middle and end of each cell; NaN for a mode
        that does not occur.
    whole
        Shape ``(2**min(bits, window),)``: eigenvalues in the middles of equal cells.
    periodic
        Whether the mode M / 2 occurs.
    """

    bits: int
    window: int
    samples: Values = field(repr=False)
    whole: Values = field(repr=False)
    periodic: bool

    @classmethod
    def of(cls, axis: Axis, window: int) -> AxisModes:
        """Sample an axis whose ring has two qubits or more."""
        bits = axis.ring_qubits - 1
        starts, sizes = _cells(bits, window)
        if not axis.mirrored:
            starts, sizes = np.append(starts, 2**bits), np.append(sizes, 1)
        samples = [axis.eigenvalues(starts + part) for part in (0 * sizes, sizes // 2, sizes - 1)]
        size = 2 ** max(0, bits - window)
        whole = np.asarray(axis.symbol(size * np.arange(2**bits // size) + size // 2))
        return cls(bits, window, np.array(samples), whole, not axis.mirrored)

    @property
    def occurs(self) -> NDArray[np.bool_]:
        """Whether there is a mode in a cell; shape ``(cells,)``."""
        return ~np.all(np.isnan(self.samples), axis=0)

    @property
    def middle(self) -> Values:
        """Eigenvalue that stands for each cell; anything where there is none."""
        samples = np.where(np.isnan(self.samples), self.samples[::-1], self.samples)
        middle: Values = np.nan_to_num((samples[0] + samples[2]) / 2, nan=np.nanmin(self.samples))
        return middle

    @property
    def pieces(self) -> list[slice]:
        """Cells of magnitude 0, and of each octave."""
        ends = np.cumsum([1, *(2 ** min(p, self.window) for p in range(self.bits))])
        return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]

    @property
    def whole_cells(self) -> Indices:
        """The equal cell that each cell below M / 2 lies in."""
        starts, _ = _cells(self.bits, self.window)
        cells: Indices = starts >> max(0, self.bits - self.window)
        return cells


@dataclass(frozen=True, eq=False)
class OctaveFamily:
    r"""Angles :math:`\varphi_r` of several functions :math:`\sin(\varphi_r(m) / 2)` of a magnitude.

    In every octave each is a Walsh series over the bits below the leading one. A function that
    varies slowly everywhere is one series over all bits instead, which needs no telling of
    octaves apart.

    Attributes
    ----------
    modes
        What the magnitude stands for.
    octaves
        Series of magnitude 0 and of each octave; shapes ``(rows, 2**kept)``.
    whole
        Series over all bits; shape ``(rows, 2**kept)``.
    half
        Angles at the mode M / 2 of a periodic axis; shape ``(rows,)``.
    importance
        By how much a coefficient weighs in what is sought, for each row and octave.
    slow
        Which functions the series over all bits may stand for.
    """

    modes: AxisModes
    octaves: list[Values] = field(repr=False)
    whole: Values = field(repr=False)
    half: Values | None = field(repr=False)
    importance: Values = field(repr=False)
    slow: NDArray[np.bool_] = field(repr=False)

    @classmethod
    def fit(
        cls,
        modes: AxisModes,
        functions: Callable[[Values], Values],
        importance: Values,
        slow: NDArray[np.bool_],
        at_zero: Values,
    ) -> OctaveFamily:
        """Expand functions of the eigenvalue.

        Parameters
        ----------
        modes
            Of the axis.
        functions
            From eigenvalues, shape ``(cells,)``, to amplitudes in [0, 1], ``(rows, cells)``.
        importance
            Shape ``(rows, cells)``.
        slow
            Shape ``(rows,)``.
        at_zero
            Amplitudes at mode 0, shape ``(rows,)``; NaN for those of the functions.
        """
        amplitudes = functions(modes.middle)
        amplitudes[:, 0] = np.where(np.isnan(at_zero), amplitudes[:, 0], at_zero)
        angles = 2 * np.arcsin(amplitudes)
        pieces = modes.pieces
        return cls(
            modes,
            [_series(angles[:, piece]) for piece in pieces],
            _series(2 * np.arcsin(functions(modes.whole))),
            angles[:, -1] if modes.periodic else None,
            np.array([np.max(importance[:, piece], axis=1) for piece in pieces]).T,
            slow & np.isnan(at_zero),
        )

    def pruned(self, threshold: float) -> PrunedFamily:
        """Leave out what weighs less, in rows of octaves or the whole, whichever takes less."""
        kept = [
            _prune(series, weight, threshold)
            # Single angles cost nothing to keep.
            if series.shape[1] > 1
            else series
            for series, weight in zip(self.octaves, self.importance.T, strict=True)
        ]
        whole = _prune(self.whole, np.max(self.importance, axis=1), threshold)
        count = sum(np.count_nonzero(series, axis=1) for series in kept)
        # Telling octaves apart doubles the number of terms.
        as_whole = self.slow & (np.count_nonzero(whole, axis=1) < 2 * count)
        return PrunedFamily(self.modes, kept, whole, self.half, as_whole)


@dataclass(frozen=True, eq=False)
class PrunedFamily:
    """What is left of an `OctaveFamily`."""

    modes: AxisModes
    octaves: list[Values] = field(repr=False)
    whole: Values = field(repr=False)
    half: Values | None = field(repr=False)
    as_whole: NDArray[np.bool_] = field(repr=False)

    def amplitudes(self) -> Values:
        """Amplitudes on all cells, shape ``(rows, cells)``."""
        values = np.hstack([_summed(series) for series in self.octaves])
        values[self.as_whole] = _summed(self.whole)[self.as_whole][:, self.modes.whole_cells]
        if self.half is not None:
            values = np.column_stack([values, self.half])
        amplitudes: Values = np.sin(values / 2)
        return amplitudes

    def terms(self) -> list[dict[int, float]]:
        """Terms of each row for `parity_rotations`.

        Masks are over the bits of the magnitude, then, on a periodic axis, whether the mode is
        M / 2 (with 0 in the other bits), then whether the topmost two bits are 0, three, and so
        on.
        """
        return [self._row(row) for row in range(self.as_whole.size)]

    def _row(self, row: int) -> dict[int, float]:
        bits, window = self.modes.bits, self.modes.window
        terms: dict[int, float] = {}

        def add(mask: int, angle: float) -> None:
            terms[mask] = terms.get(mask, 0.0) + angle

        if self.as_whole[row]:
            for place in np.flatnonzero(self.whole[row]):
                add(int(place) << max(0, bits - window), float(self.whole[row, place]))
            at_zero = float(np.sum(self.whole[row]))
        else:
            at_zero = float(self.octaves[0][row, 0])
            for below, series in zip([0, *range(bits)], self.octaves, strict=True):
                indicator, sign = self._indicator(below, zero=series is self.octaves[0])
                for place in np.flatnonzero(series[row]):
                    mask = int(place) << max(0, below - window)
                    add(mask, float(series[row, place]) / 2)
                    add(mask ^ indicator, sign * float(series[row, place]) / 2)
        if self.half is not None:
            more = float(self.half[row]) - at_zero
            add(0, more / 2)
            add(1 << bits, -more / 2)
        return terms

    def _indicator(self, below: int, *, zero: bool) -> tuple[int, int]:
        """Mask and s, such that (1 + s P) / 2 with its parity P = +-1 tells an octave, or 0."""
        bits = self.modes.bits
        if zero:
            mask, sign = self._all_zero(bits)
            return mask, -sign
        above = bits - 1 - below
        mask, sign = self._all_zero(above + 1)
        if not above:
            return mask, sign
        more, other = self._all_zero(above)
        # Of two nested statements one is true alone where they differ.
        return mask ^ more, -sign * other

    def _all_zero(self, count: int) -> tuple[int, int]:
        """Qubit that is 1, or with -1 is 0, where the topmost bits are all 0."""
        bits = self.modes.bits
        if count == 1:
            return 1 << (bits - 1), -1
        return 1 << (bits + self.modes.periodic + count - 2), 1


def cell_count(bits: int, window: int) -> int:
    """Count the cells below ``2**bits``."""
    return 1 + sum(2 ** min(below, window) for below in range(bits))


def _cells(bits: int, window: int) -> tuple[Indices, Indices]:
    """First magnitudes, and sizes, of all cells below ``2**bits``."""
    starts, sizes = [np.zeros(1, dtype=np.int64)], [np.ones(1, dtype=np.int64)]
    for below in range(bits):
        kept = min(below, window)
        size = 2 ** (below - kept)
        starts.append(2**below + size * np.arange(2**kept))
        sizes.append(np.full(2**kept, size))
    return np.concatenate(starts), np.concatenate(sizes)


def _series(angles: Values) -> Values:
    return np.array([walsh_hadamard(row) for row in angles]) / angles.shape[1]


def _summed(series: Values) -> Values:
    return np.array([walsh_hadamard(row) for row in series])


def _prune(series: Values, weights: Values, threshold: float) -> Values:
    return np.where(np.abs(series) * weights[:, None] > threshold, series, 0.0)
