"""Sparse Fourier transform: few tones from few samples."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier.classical.fft import solution_of
from qml_algos.fourier.classical.flat_window import (
    Complex,
    Integers,
    Round,
    read_round,
    samples_of_round,
)
from qml_algos.fourier.kernel import Tones, Values, kernel, no_tones
from qml_algos.fourier.least_squares import bins_around, fit_apart
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase
from qml_algos.fourier.reading import Answer, of_amplitudes
from qml_algos.fourier.solution import SpectrumSolution

_ROUNDS, _STAGES = 3, 6
_CHECKED = 1024
# Of the quartile of all buckets, which most tones leave alone: five deviations of Gaussian noise.
_ABOVE_NOISE = 6.5
# Bins on either side that a tone is fitted to, and that it is written out on to be taken away.
_FITTED, _SPREAD = 4, 40


@dataclass(frozen=True)
class SparseFFT:
    """Locate few tones by hashing the spectrum into buckets; sublinear in N where there are few.

    For signals of 2^n samples whose power is mostly in few tones, on bins or between them, with or
    without noise. It checks itself on samples it has not used.

    Parameters
    ----------
    rest
        Largest share of the power that may be in no tone found, between 0 and 1.

    Raises
    ------
    ValueError
        If rest is out of range.

    Notes
    -----
    For B buckets, some four times the number of tones, it reads ``60 B log4(N / B)`` samples and
    doubles B while more than ``rest`` is left; beyond N / 2 samples it gives up. Tones between
    bins spread over bins that the permutation scatters; they are fitted, taken away, and what is
    left is searched again.

    References
    ----------
    H. Hassanieh, P. Indyk, D. Katabi, E. Price, STOC 2012, arXiv:1201.2501, for permutation, flat
    window and location by phases; the Gaussian edge of the window is of their SODA 2012 paper.
    """

    rest: float = 0.5

    name: ClassVar[str] = "sparse-fft"

    def __post_init__(self) -> None:
        if isinstance(self.rest, bool) or not 0 < self.rest < 1:
            raise ValueError(f"rest = {self.rest!r}: must lie strictly between 0 and 1")

    def solve(
        self, signal: Signal, question: Question, rng: np.random.Generator
    ) -> SpectrumSolution:
        """Answer.

        Raises
        ------
        UnsuitableSolverError
            If the spectrum is not sparse, or N too small for that to help, or no power of two.
        """
        size = signal.size
        if size & (size - 1):
            raise UnsuitableSolverError(
                f"sparse-fft: {size:,} samples are no power of two; use 'fft', or padded()"
            )
        start = time.perf_counter()
        wanted = question.count if isinstance(question, DominantFrequencies) else 4
        buckets = 1 << (8 * max(wanted, 2) - 1).bit_length()
        check = rng.integers(size, size=_CHECKED)
        samples = signal.at(check)
        power = float(np.mean(np.abs(samples) ** 2))
        read, left = _CHECKED, 1.0
        while read + _ROUNDS * samples_of_round(size, buckets) <= size // 2:
            rounds = [read_round(signal, buckets, rng) for _ in range(_ROUNDS)]
            read += _ROUNDS * samples_of_round(size, buckets)
            tones = _found(rounds)
            left = float(np.mean(np.abs(samples - tones.at(check)) ** 2)) / power
            if left <= self.rest:
                answer = _answer(signal, question, tones, rounds, samples)
                return solution_of(
                    self.name,
                    signal,
                    question,
                    answer,
                    time.perf_counter() - start,
                    details={
                        "samples read": read,
                        "buckets": buckets,
                        "tones": tones.count,
                        "share in no tone": left,
                    },
                    caveats=_caveats(read, size, left),
                )
            buckets *= 2
        raise UnsuitableSolverError(
            f"sparse-fft: {min(left, 1):.0%} of the power is in none of the tones that half of the "
            f"{size:,} samples show, and at most {self.rest:.0%} may be: the spectrum is not "
            "sparse, or N is too small; use 'fft'"
        )


def _caveats(read: int, size: int, left: float) -> tuple[str, ...]:
    return (
        f"Samples: {read:,} of {size:,} were read; {left:.1%} of the power is in no tone found "
        f"(checked on {_CHECKED:,} random samples).",
        "Access: samples must be at hand at any place; taking all of them first costs N.",
    )


def _found(rounds: list[Round]) -> Tones:
    """Search, fit and take away until nothing new comes."""
    tones = no_tones(rounds[0].size, real=False)
    for _ in range(_STAGES):
        rest = _without(rounds, tones)
        floor = _ABOVE_NOISE * float(np.quantile([np.abs(one.buckets) for one in rest], 0.25))
        new = _peaks(rest, floor)
        new = new[~_near(new, tones)]
        for k, value in zip(new, _medians(rest, new), strict=True):
            tones = tones.joined(float(k), complex(_centred(value, int(k), tones.size)))
        if not tones.count:
            break
        tones = _fitted(tones, rounds)
        if not new.size:
            break
    return tones


def _peaks(rounds: list[Round], floor: float) -> Integers:
    """Bins located in any round that all rounds together confirm, one of neighbours."""
    bins = np.unique(np.concatenate([one.located(floor) for one in rounds]))
    sizes = np.abs(_medians(rounds, bins))
    size = rounds[0].size
    kept: list[int] = []
    for place in np.argsort(-sizes):
        if sizes[place] <= floor / 2:
            break
        apart = [abs((int(bins[place]) - k + size // 2) % size - size // 2) for k in kept]
        if min(apart, default=size) > 2:
            kept.append(int(bins[place]))
    return (np.array(kept, dtype=np.int64) + size // 2) % size - size // 2


def _near(bins: Integers, tones: Tones) -> NDArray[np.bool_]:
    """Whether each bin is next to a tone that is known."""
    distances = np.abs(bins[:, None] - tones.positions[None, :])
    near: NDArray[np.bool_] = np.any(distances < 1.5, axis=1)
    return near


def _medians(rounds: list[Round], bins: Integers) -> Complex:
    """X_k / N of bins: medians over rounds and shifts, which one bad round does not move."""
    if not bins.size:
        return np.empty(0, dtype=complex)
    # Within a round all shifts share their neighbours; only their noise averages out.
    values = np.array([np.mean(one.estimates(bins), axis=0) for one in rounds])
    medians: Complex = np.median(values.real, axis=0) + 1j * np.median(values.imag, axis=0)
    return medians


def _without(rounds: list[Round], tones: Tones) -> list[Round]:
    """Take tones away, each written out on the bins around it."""
    if not tones.count:
        return rounds
    bins, values = _written_out(tones)
    return [one.without(bins, values) for one in rounds]


def _written_out(tones: Tones) -> tuple[Integers, Complex]:
    around = bins_around(tones, _SPREAD)
    shape, *_ = kernel(tones.positions[:, None] - around, tones.size)
    values = tones.amplitudes[:, None] * shape
    kept = np.abs(values) > 1e-12 * np.max(np.abs(values))
    bins = around[kept]
    back = np.exp(-1j * np.pi * (tones.size - 1) / tones.size * bins)
    return bins % tones.size, values[kept] * back


def _fitted(tones: Tones, rounds: list[Round]) -> Tones:
    """Fit every tone to the bins around it, the others taken away: Gauss-Newton, all at once."""
    around = bins_around(tones, _FITTED)
    rest = _medians(_without(rounds, tones), around.ravel() % tones.size).reshape(around.shape)
    return fit_apart(tones, _centred(rest, around, tones.size), _FITTED)


def _centred(values: Complex, bins: Integers | int, size: int) -> Complex:
    """Count phases of X_k / N from the middle of the record."""
    turned: Complex = values * np.exp(1j * np.pi * (size - 1) / size * np.asarray(bins))
    return turned


def _answer(
    signal: Signal, question: Question, tones: Tones, rounds: list[Round], samples: Complex
) -> Answer:
    squares = np.abs(samples) ** 2
    power = float(np.mean(squares))
    uncertain = float(np.std(squares) / np.sqrt(squares.size)) / power
    if isinstance(question, DominantFrequencies):
        positions, powers = _one_sided(signal, tones)
        shares = powers / power
        order = np.argsort(-shares)[: question.count]
        order = order[shares[order] >= question.threshold]
        none = np.zeros(order.size)
        return Answer(positions[order], shares[order], none, shares[order] * uncertain)
    bins = np.array(question.bins)
    rest = _medians(_without(rounds, tones), bins)
    signed = (bins + signal.size // 2) % signal.size - signal.size // 2
    explained = tones.spectrum(signed) * np.exp(
        -1j * np.pi * (tones.size - 1) / tones.size * signed
    )
    amplitudes = rest + explained
    if isinstance(question, RelativePhase):
        return of_amplitudes(question, complex(amplitudes[0]), complex(amplitudes[1]), power)
    shares = np.abs(amplitudes) ** 2 / power
    return Answer(bins.astype(float), shares, np.zeros(bins.size), shares * uncertain)


def _one_sided(signal: Signal, tones: Tones) -> tuple[Values, Values]:
    """Positions and mean squares; of a real signal both signs of a tone together."""
    if not signal.real:
        return tones.positions, tones.powers()
    kept = tones.positions > -0.25
    positions = np.abs(tones.positions[kept])
    alone = (positions < 0.25) | (positions > signal.size / 2 - 0.25)
    return positions, tones.powers()[kept] * np.where(alone, 1, 2)
