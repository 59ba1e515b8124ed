"""Linear systems ``A x = b``: quantum and classical solvers under one call."""

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
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.qsvt import QSVTInversion
from qml_algos.linear_systems.right_hand_side import (
    DenseVector,
    ProductVector,
    SmoothFunction,
    SparseVector,
)
from qml_algos.linear_systems.solution import Mitigated, Overlap, Solution
from qml_algos.linear_systems.solve import solve
from qml_algos.linear_systems.solvers import SOLVERS, make_solver, solver_named
from qml_algos.linear_systems.spectral import SpectralInversion
from qml_algos.linear_systems.structures import (
    Circulant,
    Dense,
    Encoded,
    KroneckerSum,
    LowRank,
    PauliSum,
    Poisson,
    Sparse,
    Toeplitz,
)
from qml_algos.linear_systems.variational import VariationalLinearSolver
from qml_algos.results import Estimate, Resources

__all__ = [
    "GMRES",
    "HHL",
    "MINRES",
    "SOLVERS",
    "ChebyshevLCU",
    "Circulant",
    "ConjugateGradient",
    "Dense",
    "DenseVector",
    "DequantisedSolver",
    "Direct",
    "Encoded",
    "ErrorBudget",
    "Estimate",
    "FastTransform",
    "KernelReflection",
    "KroneckerSum",
    "LinearSystem",
    "LowRank",
    "Mitigated",
    "Overlap",
    "PauliSum",
    "Poisson",
    "ProductVector",
    "Program",
    "PseudoInverse",
    "QSVTInversion",
    "Resources",
    "SmoothFunction",
    "Solution",
    "Sparse",
    "SparseVector",
    "SpectralInversion",
    "Toeplitz",
    "VariationalLinearSolver",
    "make_solver",
    "solve",
    "solver_named",
]
