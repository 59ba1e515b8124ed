"""The variational linear solver: its costs, their measurement, its training."""

from qml_algos.linear_systems.variational.solver import VariationalLinearSolver

__all__ = ["VariationalLinearSolver"]
