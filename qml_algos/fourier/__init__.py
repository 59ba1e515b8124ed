"""Spectra of signals: quantum and classical solvers under one call."""

from qml_algos.fourier.classical import FFT, FFTW, SingleBins, SparseFFT
from qml_algos.fourier.families import draw
from qml_algos.fourier.problem import Signal
from qml_algos.fourier.program import ErrorBudget, Program
from qml_algos.fourier.quantum import QFT, ApproximateQFT, FullQFT, SemiclassicalQFT
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase, SpectralPower
from qml_algos.fourier.solution import SpectrumSolution
from qml_algos.fourier.solve import solve
from qml_algos.fourier.solvers import SOLVERS, make_solver, solver_named
from qml_algos.fourier.tones import SumOfTones
from qml_algos.results import Estimate, Resources

__all__ = [
    "FFT",
    "FFTW",
    "QFT",
    "SOLVERS",
    "ApproximateQFT",
    "DominantFrequencies",
    "ErrorBudget",
    "Estimate",
    "FullQFT",
    "Program",
    "Question",
    "RelativePhase",
    "Resources",
    "SemiclassicalQFT",
    "Signal",
    "SingleBins",
    "SparseFFT",
    "SpectralPower",
    "SpectrumSolution",
    "SumOfTones",
    "draw",
    "make_solver",
    "solve",
    "solver_named",
]
