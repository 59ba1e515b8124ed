"""Evolution under matrices that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.fourier_diagonal import Axis, FourierDiagonal, RingLayout
from circuits.multiplexed import multiplexed_rotation
from circuits.trigonometric import cosine_transform, sine_transform, truncated_qft


@dataclass(frozen=True, eq=False)
class FourierEvolution:
    """Evolution under a Hermitian matrix that a transform diagonalises; see `Evolution`.

    No eigenvectors are computed: the frame is a Fourier, sine or cosine transform, and the
    eigenvalues are a function of the index. What the transforms need beside the axes, one qubit
    for each that is not periodic and workspace, counts as part of the system: it starts in 0 and
    ends in 0.

    Attributes
    ----------
    matrix
        H.
    factor
        Real factor of H, for a spectrum scaled to at most 1.
    """

    matrix: FourierDiagonal
    factor: float = 1.0
    classically_diagonalised: bool = False

    def __post_init__(self) -> None:
        if np.iscomplexobj(self.eigenvalues):
            raise ValueError("matrix: complex eigenvalues: evolution needs a Hermitian matrix")

    @functools.cached_property
    def eigenvalues(self) -> NDArray[Any]:
        """Times ``factor``, of the modes in C order; the largest where there is no mode."""
        modes = [np.arange(2**axis.qubits) for axis in self.matrix.axes]
        values = self.factor * self.matrix.eigenvalues(modes)
        return np.where(np.isnan(values), np.nanmax(values), values)

    @property
    def system_qubits(self) -> int:
        """Qubits of the axes, their mirrors and the workspace of the transforms."""
        return self._layout.frame("").num_qubits

    def enter(self) -> QuantumCircuit:
        """Transform along all axes."""
        layout = self._layout
        circuit = layout.frame("enter")
        for axis, ring in zip(self.matrix.axes, layout.rings, strict=True):
            transform = _frame(axis)
            work = layout.workspace[: transform.num_qubits - axis.ring_qubits]
            circuit.compose(transform, [*ring, *work], inplace=True)
        return circuit

    def leave(self) -> QuantumCircuit:
        """Transform back."""
        return self.enter().inverse()

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Apply all powers as one multiplexed Rz for each qubit of the time register."""
        layout, clock = self._layout, QuantumRegister(time_qubits, "time")
        # Bit i of a mode is on qubit i from the top of its ring.
        index = [
            qubit
            for axis, ring in zip(self.matrix.axes[::-1], layout.rings[::-1], strict=True)
            for qubit in ring[::-1][: axis.qubits]
        ]
        circuit = layout.frame("controlled_powers")
        circuit.add_register(clock)
        for bit, qubit in enumerate(clock):
            multiplexer = multiplexed_rotation(self.eigenvalues * time * 2**bit, "z")
            circuit.compose(multiplexer, [*index, qubit], inplace=True)
        return circuit

    @property
    def _layout(self) -> RingLayout:
        needed = [_frame(axis).num_qubits - axis.ring_qubits for axis in self.matrix.axes]
        return RingLayout.of(self.matrix, max(needed))


def _frame(axis: Axis) -> QuantumCircuit:
    match axis.boundary:
        case "dirichlet":
            return sine_transform(axis.qubits, swaps=False)
        case "neumann":
            return cosine_transform(axis.qubits, swaps=False)
        case _:
            return truncated_qft(axis.qubits, 0.0, conjugate=True)
