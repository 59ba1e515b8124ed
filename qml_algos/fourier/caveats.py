"""What stands between the figures of a quantum spectrum and a claim about a quantum computer."""

from __future__ import annotations

from collections.abc import Iterator

from qml_algos.backends import Backend
from qml_algos.backends.base import runs_elsewhere
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.program import Program
from qml_algos.fourier.questions import Question, RelativePhase
from qml_algos.fourier.reading import Answer
from qml_algos.linear_systems.right_hand_side import DenseVector


def caveats(
    signal: Signal,
    question: Question,
    program: Program,
    answer: Answer,
    backend: Backend,
    shots: int | None,
) -> tuple[str, ...]:
    """Say it, in sentences that each begin with their subject."""
    return (
        *_of_loading(signal),
        *_of_read_out(signal, program, shots),
        *_of_weak_bins(question, answer),
        *_of_noise(backend),
    )


def _of_loading(signal: Signal) -> Iterator[str]:
    if isinstance(signal.samples, DenseVector):
        yield (
            f"State preparation: the {signal.size:,} samples were read one by one to build the "
            "circuit, and an arbitrary signal takes about N two-qubit gates in every shot; a fast "
            "Fourier transform needs N log2(N) operations once."
        )
    else:
        yield (
            "State preparation: cheap, because the signal was given by a formula. From the formula "
            "a classical computer can get the spectrum without samples, too."
        )


def _of_read_out(signal: Signal, program: Program, shots: int | None) -> Iterator[str]:
    if shots is None:
        yield (
            "Read-out: probabilities were read from an exact simulation. A device shows one bin a "
            "shot, drawn with probability |X_k|^2, and never all N amplitudes."
        )
    else:
        yield (
            f"Read-out: each of the {shots:,} shots prepared the signal anew and showed one of "
            f"{signal.size:,} bins; errors fall with the square root of the shots only."
        )
        if program.shots is not None and shots < 0.9 * program.shots:
            yield "Shots: fewer were run than the target error takes; see the standard errors."


def _of_weak_bins(question: Question, answer: Answer) -> Iterator[str]:
    if isinstance(question, RelativePhase) and answer.powers[0] < 2 * question.threshold:
        yield (
            f"Power: the two bins hold {answer.powers[0]:.2g} of it together, less than the "
            "threshold says, so that the error promised does not hold; see the standard error."
        )


def _of_noise(backend: Backend) -> Iterator[str]:
    if runs_elsewhere(backend):
        yield f"Noise: measured on a device, {backend.name}."
    elif backend.noisy:
        yield (
            f"Noise: {backend.name} models gate and readout errors; no error mitigation was used, "
            "and what scatters evenly over all bins is fitted as such."
        )
