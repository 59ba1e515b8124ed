"""Spectra of signals on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from qml_algos.cli.arguments import positive
from qml_algos.fourier import SOLVERS, DominantFrequencies, SpectrumSolution
from qml_algos.fourier.families import FAMILIES, WHAT_A_SIZE_IS
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.fourier import DEFAULT_SOLVERS, FourierContest
from qml_algos.tasks import InputFile
from qml_algos.tasks.fourier import Fit, FourierTask, question_of, read_signal

NAME = FourierTask.name
HELP = "ask for frequencies, power or a phase in the spectrum of a signal"
COMPARISON = (
    "Answer the same question about the same signals with quantum and classical solvers. Without "
    "--signal, signals of a family are drawn; with it, sizes are drawn only if given."
)
SOLVERS_HELP = (
    f"{', '.join(SOLVERS)} (by default {', '.join(DEFAULT_SOLVERS)}, and sparse-fft for long "
    "signals)"
)
SIZES_HELP = WHAT_A_SIZE_IS
EPSILON_HELP = "target error: of frequencies in bins, of power in shares, of a phase in radians"


def add_problem(parser: argparse.ArgumentParser) -> None:
    """Where signals come from, and what is asked."""
    parser.add_argument(
        "--family", choices=sorted(FAMILIES), default="tones", help="of drawn signals (tones)"
    )
    parser.add_argument(
        "--signal", metavar="FILE", help="samples: .npy, .csv, .txt, or .wav with one channel"
    )
    parser.add_argument(
        "--rate", type=float, metavar="R", help="samples a second, unless the file tells (1)"
    )
    parser.add_argument(
        "--fit",
        choices=get_args(Fit),
        help="add zeros, or leave samples out at the end, to make their number a power of two",
    )
    parser.add_argument(
        "--count",
        type=positive,
        default=3,
        metavar="K",
        help="ask for the K strongest frequencies (3)",
    )
    parser.add_argument(
        "--bins", type=int, nargs="+", metavar="B", help="ask for the power in these bins instead"
    )
    parser.add_argument(
        "--phase",
        type=int,
        nargs=2,
        metavar="B",
        help="ask for the phase of the second bin against the first instead",
    )


def add_run(parser: argparse.ArgumentParser) -> None:
    """Options of a single solver."""
    parser.add_argument(
        "--size", type=positive, default=64, metavar="N", help=f"{WHAT_A_SIZE_IS} (64)"
    )
    parser.add_argument("--solver", default="qft", help=f"{', '.join(SOLVERS)} (qft)")


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Options beside those of problems: there are none."""


def contest(options: argparse.Namespace) -> Contest:
    """Make a contest of the question asked."""
    return FourierContest(question_of(options.count, _tuple(options.bins), _tuple(options.phase)))


def problems(options: argparse.Namespace) -> dict[str, Any]:
    """Read the signal from its file, if one is given."""
    if options.signal is None:
        return {}
    return {Path(options.signal).name: read_signal(Path(options.signal), options.rate, options.fit)}


def task(options: argparse.Namespace) -> FourierTask:
    """Make the task."""
    file = None if options.signal is None else InputFile.of(options.signal)
    return FourierTask(
        solver=options.solver,
        epsilon=options.epsilon,
        shots=options.shots,
        seed=options.seed,
        signal=file,
        rate=options.rate,
        fit=options.fit,
        family=options.family if file is None else None,
        size=options.size if file is None else None,
        count=options.count,
        bins=_tuple(options.bins),
        phase=_tuple(options.phase),
    )


def describe(backend: str, solution: SpectrumSolution) -> str:
    """Text of a solution: the same whenever it is printed."""
    lines = [f"{NAME}: {solution.question}, solver {solution.solver}"]
    if solution.circuit is not None:
        lines[0] += f" on {backend}"
        lines.append(_of_circuit(solution))
    lines += _of_error(solution)
    lines += _of_answer(solution)
    lines += [f"Note: {caveat}" for caveat in solution.caveats]
    return "\n".join(lines)


def _of_circuit(solution: SpectrumSolution) -> str:
    resources = solution.resources
    shots = "exact" if resources.shots is None else f"{resources.shots:,} shots"
    return (
        f"{resources.qubits} qubits, {resources.two_qubit_gates:,} two-qubit gates "
        f"({solution.preparation_gates:,} to prepare the signal, {solution.transform_gates:,} to "
        f"transform it), {shots}"
    )


def _of_error(solution: SpectrumSolution) -> Iterator[str]:
    known = []
    if solution.promised_error is not None:
        known.append(f"error promised: {solution.promised_error:.1e}")
    if solution.error is not None:
        known.append(f"achieved, against the FFT: {solution.error:.1e}")
    if known:
        yield f"{'; '.join(known)} ({solution.question.error_is})"


def _of_answer(solution: SpectrumSolution) -> Iterator[str]:
    if solution.phase is not None:
        yield f"phase {solution.phase.value:.6g} +- {solution.phase.standard_error:.2g} radians"
        return
    found = isinstance(solution.question, DominantFrequencies)
    yield "frequency, share of the power" if found else "bin, frequency, share of the power"
    for place, power in enumerate(solution.powers):
        frequency = f"{solution.frequencies[place]:.6g}"
        if found:
            frequency += f" +- {solution.frequency_standard_errors[place]:.2g}"
        else:
            frequency = f"{solution.positions[place]:.0f}  {frequency}"
        yield f"  {frequency}  {power:.4g} +- {solution.power_standard_errors[place]:.2g}"


def _tuple(given: list[int] | None) -> tuple[int, ...] | None:
    return None if given is None else tuple(given)
