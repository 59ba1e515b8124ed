"""All solvers, by name."""

from __future__ import annotations

from qml_algos.errors import UnknownNameError
from qml_algos.fourier.classical import FFT, FFTW, SingleBins, SparseFFT
from qml_algos.fourier.quantum import QFT, ApproximateQFT, FullQFT, SemiclassicalQFT

QuantumSolver = QFT
"""With all that are derived from it."""

ClassicalSolver = FFT | FFTW | SingleBins | SparseFFT

Solver = QuantumSolver | ClassicalSolver

SOLVERS: dict[str, type[Solver]] = {
    solver.name: solver
    for solver in (
        QFT,
        FullQFT,
        ApproximateQFT,
        SemiclassicalQFT,
        FFT,
        FFTW,
        SingleBins,
        SparseFFT,
    )
}
"""All solvers by the names that the command line takes."""


def solver_named(name: str) -> type[Solver]:
    """Return the class of a solver.

    Raises
    ------
    UnknownNameError
        If there is none of this name; the message lists the known ones.
    """
    if name not in SOLVERS:
        raise UnknownNameError("solver", name, SOLVERS)
    return SOLVERS[name]


def make_solver(name: str, epsilon: float) -> Solver:
    """Make a solver for a target error; classical ones have none.

    Raises
    ------
    UnknownNameError, ValueError
        If there is no such solver, or epsilon is not between 0 and 1.
    """
    kind = solver_named(name)
    return kind(epsilon=epsilon) if issubclass(kind, QuantumSolver) else kind()
