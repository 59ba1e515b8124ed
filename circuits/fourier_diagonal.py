"""Matrices that a Fourier, sine or cosine transform of qubits diagonalises."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

Boundary = Literal["dirichlet", "neumann", "periodic"]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    r"""One axis of a grid, and the eigenvalues of what acts on it.

    The axis is part of a ring of :math:`M` points: all of it if it is periodic, else half, the
    vector on it being continued to an odd (Dirichlet) or even (Neumann) one. On the ring the
    Fourier modes :math:`e^{2 \pi i k x / M}` diagonalise.

    Attributes
    ----------
    qubits
        Of the axis: ``2**qubits`` points. Of a Dirichlet axis point 0 is its end and unused.
    boundary
        ``"dirichlet"``, ``"neumann"`` or ``"periodic"``.
    symbol
        Eigenvalues of modes k, vectorised, for k from 0 to M - 1.
    even
        Whether k and -k always have the same eigenvalue; needed unless it is periodic.
    """

    qubits: int
    boundary: Boundary
    symbol: Callable[[Indices], NDArray[Any]]
    even: bool = True

    def __post_init__(self) -> None:
        if self.qubits < 1:
            raise ValueError(f"qubits = {self.qubits}: an axis has at least 1")
        if not self.even and self.boundary != "periodic":
            raise ValueError(f"even = False: a {self.boundary} axis needs an even symbol")

    @property
    def mirrored(self) -> bool:
        """Whether the ring is twice as long as the axis."""
        return self.boundary != "periodic"

    @property
    def ring_qubits(self) -> int:
        """Qubits of the ring."""
        return self.qubits + self.mirrored

    def eigenvalues(self, modes: Indices) -> NDArray[Any]:
        """Eigenvalues of modes of the ring, NaN for those that a vector on the axis has not."""
        values = np.asarray(self.symbol(modes))
        half = 2**self.qubits
        match self.boundary:
            case "dirichlet":
                return np.where(modes % half == 0, np.nan, values)
            case "neumann":
                return np.where(modes == half, np.nan, values)
            case _:
                return values

    def mode(self, k: int) -> NDArray[Any]:
        """Normalised eigenvector of a mode; shape ``(2**qubits,)``."""
        points = np.arange(2**self.qubits)
        match self.boundary:
            case "dirichlet":
                vector = np.sin(np.pi * k * points / points.size)
            case "neumann":
                vector = np.cos(np.pi * k * (points + 0.5) / points.size)
            case _:
                vector = np.exp(2j * np.pi * k * points / points.size)
        unit: NDArray[Any] = vector / np.linalg.norm(vector)
        return unit


@dataclass(frozen=True)
class FourierDiagonal:
    """A Kronecker sum over axes, plus a multiple of the identity.

    Attributes
    ----------
    axes
        The first in the highest qubits.
    offset
        Multiple of the identity.
    """

    axes: tuple[Axis, ...]
    offset: complex = 0.0

    def __post_init__(self) -> None:
        if not self.axes:
            raise ValueError("axes is empty: at least one is needed")

    @property
    def system_qubits(self) -> int:
        """Qubits of all axes."""
        return sum(axis.qubits for axis in self.axes)

    @property
    def mirrors(self) -> int:
        """Number of axes that are half a ring."""
        return sum(axis.mirrored for axis in self.axes)

    def eigenvalues(self, modes: Sequence[Indices]) -> NDArray[Any]:
        """Eigenvalues for all combinations of modes given for each axis, flat in C order."""
        values = [axis.eigenvalues(k) for axis, k in zip(self.axes, modes, strict=True)]
        total: NDArray[Any] = functools.reduce(np.add.outer, values) + self.offset
        real = not np.any(np.imag(np.nan_to_num(total)))
        return (total.real if real else total).ravel()


@dataclass(frozen=True, eq=False)
class RingLayout:
    """Registers, and the qubits of each axis's ring from the lowest bit of the position."""

    system: QuantumRegister
    mirror: QuantumRegister
    workspace: QuantumRegister
    signal: QuantumRegister
    flag: QuantumRegister
    rings: list[list[Qubit]]

    @classmethod
    def of(
        cls, matrix: FourierDiagonal, workspace_qubits: int, signal_qubits: int = 0
    ) -> RingLayout:
        """Lay out a matrix, with at least so much workspace, and what extensions take."""
        extending = [axis.qubits - 2 for axis in matrix.axes if axis.boundary == "dirichlet"]
        system = QuantumRegister(matrix.system_qubits, "system")
        mirror = QuantumRegister(matrix.mirrors, "mirror")
        workspace = QuantumRegister(max([workspace_qubits, *extending]), "workspace")
        signal, flag = QuantumRegister(signal_qubits, "signal"), QuantumRegister(1, "flag")
        free, mirrors = list(system), list(mirror)
        rings = []
        for axis in reversed(matrix.axes):
            own, free = free[: axis.qubits], free[axis.qubits :]
            rings.append([*own, *([mirrors.pop(0)] if axis.mirrored else [])])
        return cls(system, mirror, workspace, signal, flag, rings[::-1])

    @property
    def index(self) -> list[Qubit]:
        """Qubits of the modes after the transforms, which reverse the bits; last axis first."""
        return [qubit for ring in reversed(self.rings) for qubit in reversed(ring)]

    def frame(self, name: str) -> QuantumCircuit:
        """Circuit without gates, on all qubits but signal and flag."""
        return QuantumCircuit(self.system, self.mirror, self.workspace, name=name)

    def flagged(self, name: str) -> QuantumCircuit:
        """Circuit without gates, on all qubits."""
        registers = (self.system, self.mirror, self.workspace, self.signal, self.flag)
        return QuantumCircuit(*registers, name=name)
