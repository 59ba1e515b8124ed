"""Linear systems ``A x = b``: quantum and classical solvers under one call."""

from qml_algos.linear_systems.classical import ConjugateGradient, Direct
from qml_algos.linear_systems.hhl import HHL
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.solution import Estimate, Resources, Solution
from qml_algos.linear_systems.solve import SOLVERS, make_solver, solve, solver_named

__all__ = [
    "HHL",
    "SOLVERS",
    "ConjugateGradient",
    "Direct",
    "Estimate",
    "LinearSystem",
    "Resources",
    "Solution",
    "make_solver",
    "solve",
    "solver_named",
]
