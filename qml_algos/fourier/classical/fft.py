"""Fast Fourier transforms, of SciPy and of FFTW."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from qml_algos.errors import MissingExtraError
from qml_algos.fourier.kernel import centred
from qml_algos.fourier.least_squares import find_tones
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase, SpectralPower
from qml_algos.fourier.reading import Answer, of_amplitudes
from qml_algos.fourier.solution import SpectrumSolution
from qml_algos.results import Estimate, Resources

Spectrum = NDArray[Any]


@dataclass(frozen=True)
class FFT:
    """``scipy.fft``: of real signals the half that tells all.

    Any number of samples. Frequencies between bins are fitted by least squares to the spectrum with
    its phases, which shots do not show. Exact up to rounding, so there is no precision to choose.

    Cost: ``O(N log N)``, and O(k) fits for k tones.

    References
    ----------
    J. Cooley, J. Tukey, Math. Comp. 19, 297 (1965).
    """

    name: ClassVar[str] = "fft"

    def solve(
        self,
        signal: Signal,
        question: Question,
        rng: np.random.Generator,  # noqa: ARG002
    ) -> SpectrumSolution:
        """Answer.

        Raises
        ------
        TooLargeError
            If the signal does not fit into memory.
        """
        transform = scipy.fft.rfft if signal.real else scipy.fft.fft
        return _solved(self.name, signal, question, transform, "Method: scipy.fft, one thread.")


@dataclass(frozen=True)
class FFTW:
    """FFTW, planned by estimate and its planning counted; else as `FFT`.

    Raises
    ------
    MissingExtraError
        If pyFFTW is not installed.

    References
    ----------
    M. Frigo, S. Johnson, Proc. IEEE 93, 216 (2005).
    """

    name: ClassVar[str] = "fftw"

    def solve(
        self,
        signal: Signal,
        question: Question,
        rng: np.random.Generator,  # noqa: ARG002
    ) -> SpectrumSolution:
        """Answer.

        Raises
        ------
        MissingExtraError
            If pyFFTW is not installed.
        TooLargeError
            If the signal does not fit into memory.
        """
        builders = _builders()
        build = builders.rfft if signal.real else builders.fft

        def transform(values: NDArray[Any]) -> Spectrum:
            # A plan wants an array that it may write to, which the samples are not.
            plan = build(np.empty_like(values), planner_effort="FFTW_ESTIMATE", threads=1)
            spectrum: Spectrum = plan(values)
            return spectrum

        return _solved(self.name, signal, question, transform, "Method: FFTW, one thread.")


def _builders() -> Any:
    try:
        return importlib.import_module("pyfftw.builders")
    except ImportError:
        raise MissingExtraError(
            "solver 'fftw' needs pyFFTW: install qml-algos[fftw], or use 'fft'"
        ) from None


def _solved(
    name: str,
    signal: Signal,
    question: Question,
    transform: Callable[[NDArray[Any]], Spectrum],
    method: str,
) -> SpectrumSolution:
    values = signal.values
    start = time.perf_counter()
    spectrum = transform(values)
    transformed = time.perf_counter()
    answer = answer_from(signal, question, spectrum)
    seconds = time.perf_counter() - start
    return solution_of(
        name,
        signal,
        question,
        answer,
        seconds,
        details={"transform seconds": transformed - start},
        caveats=(method,),
    )


def solution_of(
    name: str,
    signal: Signal,
    question: Question,
    answer: Answer,
    seconds: float,
    *,
    details: dict[str, float],
    caveats: tuple[str, ...],
) -> SpectrumSolution:
    """Put an answer of a classical solver into the form that all have."""
    return SpectrumSolution(
        question=question,
        solver=name,
        resources=Resources(classical_seconds=seconds),
        positions=answer.positions,
        powers=answer.powers,
        position_standard_errors=answer.position_errors,
        power_standard_errors=answer.power_errors,
        bin_width=signal.bin_width,
        phase=phase_of(answer),
        details=details,
        caveats=caveats,
    )


def phase_of(answer: Answer) -> Estimate | None:
    """Return the phase as an estimate, if one was asked for."""
    if answer.phase is None or answer.phase_error is None:
        return None
    return Estimate(answer.phase, answer.phase_error)


def answer_from(signal: Signal, question: Question, spectrum: Spectrum) -> Answer:
    """Answer from all bins: of a real signal those from 0 to N // 2."""
    size = signal.size
    if isinstance(question, DominantFrequencies):
        # Bins from -(N // 2) on, the highest frequency of an even N with a minus.
        bins = np.arange(size // 2 + 1) if signal.real else np.arange(-(size // 2), -(-size // 2))
        ordered = spectrum if signal.real else np.fft.fftshift(spectrum)
        positions, shares = find_tones(
            centred(ordered, bins, size),
            size,
            real=signal.real,
            count=question.count,
            threshold=question.threshold,
        )
        none = np.zeros(positions.size)
        return Answer(positions, shares, none, none)
    chosen = np.array(question.bins)
    if signal.real:
        mirrored = chosen > size // 2
        amplitudes = spectrum[np.where(mirrored, size - chosen, chosen)]
        amplitudes = np.where(mirrored, amplitudes.conj(), amplitudes)
    else:
        amplitudes = spectrum[chosen]
    values = signal.values
    return answer_of_bins(question, amplitudes, size * float(np.vdot(values, values).real))


def answer_of_bins(
    question: SpectralPower | RelativePhase, amplitudes: Spectrum, power: float
) -> Answer:
    """Answer about chosen bins from their X_k and the sum of all |X_k|^2."""
    if isinstance(question, RelativePhase):
        return of_amplitudes(question, complex(amplitudes[0]), complex(amplitudes[1]), power)
    none = np.zeros(amplitudes.size)
    bins = np.array(question.bins, dtype=float)
    return Answer(bins, np.abs(amplitudes) ** 2 / power, none, none)
