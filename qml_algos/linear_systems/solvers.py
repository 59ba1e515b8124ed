"""All solvers, by name."""

from __future__ import annotations

from qml_algos.errors import UnknownNameError
from qml_algos.linear_systems.chebyshev import ChebyshevLCU
from qml_algos.linear_systems.classical import (
    GMRES,
    MINRES,
    ConjugateGradient,
    DequantisedSolver,
    Direct,
    FastTransform,
    PseudoInverse,
)
from qml_algos.linear_systems.hhl import HHL
from qml_algos.linear_systems.kernel import KernelReflection
from qml_algos.linear_systems.qsvt import QSVTInversion
from qml_algos.linear_systems.spectral import SpectralInversion
from qml_algos.linear_systems.variational import VariationalLinearSolver

AdaptiveSolver = KernelReflection | VariationalLinearSolver
"""Quantum solvers that measure on the backend before their circuit is complete."""

QuantumSolver = HHL | QSVTInversion | ChebyshevLCU | SpectralInversion | AdaptiveSolver

ClassicalSolver = (
    Direct | ConjugateGradient | MINRES | GMRES | FastTransform | DequantisedSolver | PseudoInverse
)

Solver = QuantumSolver | ClassicalSolver

_EXACT = (Direct, FastTransform, PseudoInverse)

SOLVERS: dict[str, type[Solver]] = {
    solver.name: solver
    for solver in (
        HHL,
        QSVTInversion,
        ChebyshevLCU,
        KernelReflection,
        SpectralInversion,
        VariationalLinearSolver,
        Direct,
        ConjugateGradient,
        MINRES,
        GMRES,
        FastTransform,
        PseudoInverse,
        DequantisedSolver,
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
    """Make a solver for a target error; exact ones have none.

    Raises
    ------
    UnknownNameError, ValueError
        If there is no such solver, or epsilon is not between 0 and 1.
    """
    kind = solver_named(name)
    return kind() if issubclass(kind, _EXACT) else kind(epsilon=epsilon)
