"""Unitaries without parameters on several qubits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.kernels.states.scratch import Scratch


class DenseGate:
    """A matrix on some qubits, the first of them the least significant."""

    parameterised = False

    def __init__(
        self, matrix: NDArray[np.complex128], gate_qubits: Sequence[int], qubits: int
    ) -> None:
        self._matrix = matrix
        # Axis 0 of a state is its row, axis 1 its most significant qubit.
        self._axes = [qubits - q for q in reversed(gate_qubits)]
        self._shape = [2] * qubits

    def bind(
        self,
        angles: NDArray[np.float64],  # noqa: ARG002 - nothing depends on them
        dtype: Any,  # noqa: ARG002
        scratch: Scratch,  # noqa: ARG002
    ) -> DenseGate:
        """Return itself."""
        return self

    def rows(self, chosen: slice) -> DenseGate:  # noqa: ARG002
        """Return itself."""
        return self

    def apply(self, states: NDArray[Any]) -> NDArray[Any]:
        """Apply the matrix."""
        return self._applied(self._matrix, states)

    def adjoint(self, states: NDArray[Any]) -> NDArray[Any]:
        """Apply its inverse."""
        return self._applied(self._matrix.conj().T, states)

    def _applied(self, matrix: NDArray[Any], states: NDArray[Any]) -> NDArray[Any]:
        front = list(range(len(self._axes)))
        grid = np.moveaxis(states.reshape(len(states), *self._shape), self._axes, front)
        moved = matrix.astype(states.dtype) @ grid.reshape(len(matrix), -1)
        back = np.moveaxis(moved.reshape(grid.shape), front, self._axes)
        return np.ascontiguousarray(back).reshape(states.shape)
