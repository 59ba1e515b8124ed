"""Few bins of a spectrum, each by its sum."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier.classical.fft import answer_of_bins, solution_of
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.questions import DominantFrequencies, Question
from qml_algos.fourier.solution import SpectrumSolution


@dataclass(frozen=True)
class SingleBins:
    r"""Chosen bins by summation, without a transform.

    With :math:`m = R i + j` the sum is :math:`u^T M v`, M the samples row by row and u, v of length
    about :math:`\sqrt{N}`: two passes of BLAS instead of N sines, as exact as a transform. It
    stands where Goertzel's recurrence is used, whose rounding errors grow with N.

    Cost: ``O(N)`` a bin.
    """

    name: ClassVar[str] = "single-bins"

    def solve(
        self,
        signal: Signal,
        question: Question,
        rng: np.random.Generator,  # noqa: ARG002
    ) -> SpectrumSolution:
        """Answer.

        Raises
        ------
        UnsuitableSolverError
            If the bins are not given, but to be found.
        TooLargeError
            If the signal does not fit into memory.
        """
        if isinstance(question, DominantFrequencies):
            raise UnsuitableSolverError(
                "single-bins: dominant frequencies are to be found among all bins; use 'fft'"
            )
        values = signal.values
        start = time.perf_counter()
        amplitudes = np.array([bin_of(values, k) for k in question.bins])
        power = signal.size * float(np.vdot(values, values).real)
        answer = answer_of_bins(question, amplitudes, power)
        seconds = time.perf_counter() - start
        caveats = ("Method: one sum for each bin.",)
        return solution_of(
            self.name, signal, question, answer, seconds, details={}, caveats=caveats
        )


def bin_of(values: NDArray[Any], k: int) -> complex:
    """X_k of samples of any number."""
    size = values.size
    row = 1 << (size.bit_length() // 2)
    whole = size - size % row
    # Products of integers first: k m is far beyond what a float holds exactly in turns.
    fine = np.exp(-2j * np.pi / size * (k * np.arange(row) % size))
    coarse = np.exp(-2j * np.pi / size * (k * row * np.arange(whole // row) % size))
    total = coarse @ (values[:whole].reshape(-1, row) @ fine)
    left = np.exp(-2j * np.pi / size * (k * np.arange(whole, size) % size))
    return complex(total + values[whole:] @ left)
