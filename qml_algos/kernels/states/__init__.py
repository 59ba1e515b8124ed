"""States of a parameterised circuit for many rows of angles at once, and derivatives of them."""

from qml_algos.kernels.states.program import StateProgram, state_program

__all__ = ["StateProgram", "state_program"]
