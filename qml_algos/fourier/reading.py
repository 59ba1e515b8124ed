"""Running the circuits of a program, and answers from what they gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends.execution import Executed, execute
from qml_algos.fourier.kernel import Values
from qml_algos.fourier.likelihood import fit_counts
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase, SpectralPower
from qml_algos.fourier.transforms import bin_of, interfering, offsets

_FITTED_BINS = 2**14
"""Of an exact spectrum the largest bins are fitted, at most so many."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What was asked for.

    Attributes
    ----------
    positions
        In bins, of the tones found or the bins asked for; shape ``(k,)``.
    powers
        Share of each in the whole power; of a relative phase one entry, for both together.
    position_errors, power_errors
        Standard errors.
    phase, phase_error
        Radians, of a `RelativePhase`.
    signal_noise
        Root mean square error of the positions together, from noise in the signal.
    """

    positions: Values
    powers: Values
    position_errors: Values
    power_errors: Values
    phase: float | None = None
    phase_error: float | None = None
    signal_noise: float = 0.0


def run(
    circuits: tuple[QuantumCircuit, ...], backend: Backend, shots: int, seed: int
) -> tuple[Executed, list[NDArray[np.int64]]]:
    """Run measured circuits, shots shared out evenly; returns the numbers read as well."""
    each = [shots // len(circuits) + (i < shots % len(circuits)) for i in range(len(circuits))]
    executed = execute(circuits, backend, [max(1, part) for part in each], seed)
    return executed, [executed.numbers(i, "outcome") for i in range(len(circuits))]


def from_shots(signal: Signal, question: Question, numbers: list[NDArray[np.int64]]) -> Answer:
    """Answer from the bins read, one array for each circuit."""
    if isinstance(question, RelativePhase):
        return _phase_from_shots(question, numbers, signal.size)
    if isinstance(question, SpectralPower):
        read = bin_of(numbers[0], signal.size)
        found = np.array([np.sum(read == k) for k in question.bins], dtype=float)
        shots = int(numbers[0].size)
        # One more of each kind, so that what was never seen gets an error too.
        smooth = (found + 1) / (shots + 2)
        errors = np.sqrt(smooth * (1 - smooth) / shots)
        return _of_bins(question.bins, found / shots, errors)
    shots = sum(read.size for read in numbers)
    bins, shares = [], []
    for offset, read in zip(offsets(question), numbers, strict=True):
        found, counts = np.unique(
            _signed(bin_of(read, signal.size), signal.size), return_counts=True
        )
        bins.append(found - offset)
        shares.append(counts / shots)
    return _tones(signal, question, np.concatenate(bins), np.concatenate(shares), shots)


def from_states(signal: Signal, question: Question, states: list[NDArray[Any]]) -> Answer:
    """Answer from the amplitudes after the transform, as from infinitely many shots."""
    places = bin_of(np.arange(signal.size), signal.size)
    states = [state[places] for state in states]
    if isinstance(question, RelativePhase):
        first, second = states[0][list(question.bins)]
        return of_amplitudes(question, complex(first), complex(second), 1.0)
    powers = [np.abs(state) ** 2 for state in states]
    if isinstance(question, SpectralPower):
        chosen = powers[0][list(question.bins)]
        return _of_bins(question.bins, chosen, np.zeros(len(question.bins)))
    bins, shares = [], []
    for offset, power in zip(offsets(question), powers, strict=True):
        largest = np.sort(np.argsort(power)[-_FITTED_BINS:])
        bins.append(_signed(largest, signal.size) - offset)
        shares.append(power[largest] / len(powers))
    return _tones(signal, question, np.concatenate(bins), np.concatenate(shares), None)


def of_amplitudes(question: RelativePhase, first: complex, second: complex, power: float) -> Answer:
    """Phase of two bins that are known exactly, and their share of a total power."""
    return Answer(
        positions=np.array(question.bins, dtype=float),
        powers=np.array([(abs(first) ** 2 + abs(second) ** 2) / power]),
        position_errors=np.zeros(2),
        power_errors=np.zeros(1),
        phase=float(np.angle(second * np.conj(first))),
        phase_error=0.0,
    )


def _of_bins(bins: Any, powers: Values, errors: Values) -> Answer:
    return Answer(np.array(bins, dtype=float), powers, np.zeros(len(bins)), errors)


def _signed(bins: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Bins counted from ``-(N // 2)`` on."""
    shifted: NDArray[np.int64] = (bins + size // 2) % size - size // 2
    return shifted


def _tones(
    signal: Signal,
    question: DominantFrequencies,
    bins: Values,
    shares: Values,
    shots: int | None,
) -> Answer:
    found = fit_counts(
        bins,
        shares,
        signal.size,
        real=signal.real,
        count=question.count,
        threshold=question.threshold,
        shots=shots,
    )
    return Answer(
        found.positions,
        found.shares,
        found.position_errors,
        found.share_errors,
        signal_noise=float(np.linalg.norm(found.noise_errors)),
    )


def _phase_from_shots(
    question: RelativePhase, numbers: list[NDArray[np.int64]], size: int
) -> Answer:
    """Cosine and sine from the differences of sum and difference of the two bins.

    The bins interfere and are not seen one by one: of their power only the sum shows.
    """
    plus, minus = interfering(question.bins, size)
    parts, variances, together = [], [], []
    for read in numbers:
        shots = read.size
        sign = (read == plus).astype(float) - (read == minus)
        parts.append(float(np.mean(sign)))
        together.append(float(np.mean(np.abs(sign))))
        variances.append((together[-1] - parts[-1] ** 2 + 1 / shots) / shots)
    cosine, sine = parts
    length = max(float(np.hypot(cosine, sine)), 1e-300)
    across = np.array([sine, cosine]) / length**2
    error = float(np.sqrt(across**2 @ np.array(variances)))
    share = float(np.mean(together))
    share_error = float(np.sqrt(max(share * (1 - share), 0) / sum(read.size for read in numbers)))
    return Answer(
        positions=np.array(question.bins, dtype=float),
        powers=np.array([share]),
        position_errors=np.zeros(2),
        power_errors=np.array([share_error]),
        phase=float(np.arctan2(sine, cosine)),
        # A phase is nowhere less certain than if nothing was measured.
        phase_error=min(error, float(np.pi / np.sqrt(3))),
    )
