"""How far products of fitted factors are from the reciprocal of a sum of eigenvalues."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.exponential_sums import ExponentialSum
from circuits.octave_family import AxisModes
from circuits.separable_spectrum import MAX_COMBINATIONS, Region, SeparableSpectrum, weights_of

Values = NDArray[np.float64]

_MAX_BLOCKS = 2**18
_AT_ONCE = 2**20


@dataclass(frozen=True)
class Deviation:
    """Amplitudes are ``scale / eigenvalue`` within a relative deviation.

    Attributes
    ----------
    scale
        In units of the smallest eigenvalue.
    bound
        On the relative deviation.
    """

    scale: float
    bound: float


def deviation_of(
    spectrum: SeparableSpectrum, exponentials: ExponentialSum, factors: list[Values]
) -> Deviation:
    r"""Bound the deviation of :math:`\sum_j p_j \prod_i f_{ij}` on all modes that count.

    Parameters
    ----------
    spectrum
        The eigenvalues.
    exponentials
        What the factors are fitted to.
    factors
        For each axis, shape ``(rows, cells)``: one value in each cell.

    Notes
    -----
    For up to ``MAX_COMBINATIONS`` of cells each is looked at: an eigenvalue that is monotone
    inside a cell has its extremes at the ends. Beyond, errors of factors are bounded in blocks
    of cells, and added up in absolute value to the deviation of the exponential sum.
    """
    regions = spectrum.regions(exponentials.times.size)
    cells = math.prod(int(np.count_nonzero(axis.occurs)) for axis in spectrum.axes)
    if cells > MAX_COMBINATIONS:
        return _bounded(spectrum, exponentials, factors, regions)
    ends = [_extremes(spectrum, exponentials, factors, region) for region in regions]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    return Deviation((low + high) / 2, (high - low) / (high + low))


def _extremes(
    spectrum: SeparableSpectrum,
    exponentials: ExponentialSum,
    factors: list[Values],
    region: Region,
) -> tuple[float, float]:
    """Smallest and largest product of eigenvalue, over the smallest, and amplitude."""
    chosen = [f[rows][:, cells] for f, (rows, cells) in zip(factors, region, strict=True)]
    samples = [a.samples[:, cells] for a, (_, cells) in zip(spectrum.axes, region, strict=True)]
    weighted = _probabilities(exponentials)[:, None] * chosen[0]
    total = math.prod(f.shape[1] for f in chosen)
    ends = []
    # The cells of the first axis are gone through in parts, to save memory.
    first = np.arange(weighted.shape[1])
    for part in np.array_split(first, min(first.size, 1 + total // _AT_ONCE)):
        product = functools.reduce(_outer, chosen[1:-1], weighted[:, part])
        amplitudes = (product.T @ chosen[-1]).ravel()
        own = [samples[0][:, part], *samples[1:]]
        low, high = (
            functools.reduce(np.add.outer, map(end, own)).ravel() + spectrum.offset
            for end in (_lowest, _highest)
        )
        ends.append((np.min(low * amplitudes), np.max(high * amplitudes)))
    lows, highs = zip(*ends, strict=True)
    return float(min(lows)) / spectrum.smallest, float(max(highs)) / spectrum.smallest


def _bounded(
    spectrum: SeparableSpectrum,
    exponentials: ExponentialSum,
    factors: list[Values],
    regions: list[Region],
) -> Deviation:
    total = float(np.sum(weights_of(exponentials)))
    pieces = _pieces_per_octave(spectrum.axes)
    starts = [_block_starts(axis, pieces) for axis in spectrum.axes]
    worst = max(
        _largest_error(spectrum, exponentials, factors, region, starts) for region in regions
    )
    return Deviation(1 / total, exponentials.deviation + total * worst)


def _largest_error(
    spectrum: SeparableSpectrum,
    exponentials: ExponentialSum,
    factors: list[Values],
    region: Region,
    starts: list[NDArray[np.intp]],
) -> float:
    """Bound what the factors' errors make of eigenvalue, over the smallest, and amplitude."""
    rows = exponentials.times.size
    amplitude = _probabilities(exponentials)[:, None]
    error = np.zeros_like(amplitude)
    eigenvalues = np.array([spectrum.offset])
    for place, (selected, cells) in enumerate(region):
        modes = spectrum.axes[place]
        exact = spectrum.functions(place, exponentials)
        at_zero = spectrum.at_zero(place, rows)[selected]
        fitted = factors[place][selected]
        errors, largest = np.zeros_like(fitted), fitted
        for sample in modes.samples:
            wanted = exact(sample)[selected]
            wanted[:, 0] = np.where(np.isnan(at_zero), wanted[:, 0], at_zero)
            known = ~np.isnan(wanted)
            errors = np.where(known, np.maximum(errors, np.abs(fitted - wanted)), errors)
            largest = np.where(known, np.maximum(largest, wanted), largest)
        begin = starts[place]
        own = np.maximum.reduceat(np.where(cells, errors, 0), begin, axis=1)
        size = np.maximum.reduceat(np.where(cells, largest, 0), begin, axis=1)
        error = _outer(error, size) + _outer(amplitude, own)
        amplitude = _outer(amplitude, size)
        highest = np.zeros(cells.size)
        highest[cells] = _highest(modes.samples[:, cells])
        eigenvalues = np.add.outer(eigenvalues, np.maximum.reduceat(highest, begin)).ravel()
    # Blocks without a cell of the region have no error.
    return float(np.max(eigenvalues * np.sum(error, axis=0))) / spectrum.smallest


def _probabilities(exponentials: ExponentialSum) -> Values:
    weights = weights_of(exponentials)
    probabilities: Values = weights / np.sum(weights)
    return probabilities


def _outer(left: Values, right: Values) -> Values:
    """Products for all combinations of cells, row by row."""
    product: Values = (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)
    return product


def _lowest(samples: Values) -> Values:
    lowest: Values = np.nanmin(samples, axis=0)
    return lowest


def _highest(samples: Values) -> Values:
    highest: Values = np.nanmax(samples, axis=0)
    return highest


def _pieces_per_octave(axes: tuple[AxisModes, ...]) -> int:
    """Blocks that an octave is cut into, for all combinations of blocks to be few enough."""
    pieces = 1
    while 2 * pieces <= 2 ** axes[0].window:
        counts = [_block_starts(axis, 2 * pieces).size for axis in axes]
        if math.prod(counts) > _MAX_BLOCKS:
            break
        pieces *= 2
    return pieces


def _block_starts(axis: AxisModes, pieces: int) -> NDArray[np.intp]:
    """First cells of blocks."""
    starts = [
        np.arange(piece.start, piece.stop, max(1, (piece.stop - piece.start) // pieces))
        for piece in axis.pieces
    ]
    if axis.periodic:
        starts.append(np.array([axis.occurs.size - 1]))
    return np.concatenate(starts)
