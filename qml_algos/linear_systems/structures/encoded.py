"""Matrices that only their block encoding is known of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import Operator

from circuits.block_encoding import BlockEncoding
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import Spectrum, require_storable

_SIMULATED = 12


@dataclass(frozen=True, eq=False)
class Encoded:
    """A matrix given by one's own block encoding.

    Parameters
    ----------
    encoding
        On a system of n qubits; N = 2**n unless a layout says otherwise.
    smallest
        Lower bound on the singular values; without it solvers need kappa.
    hermitian, real
        What is known of the matrix.
    lowest, highest
        Bounds on the eigenvalues of a Hermitian matrix, if known.
    given_layout
        Where the unknowns stand, if not on all amplitudes.

    Raises
    ------
    InvalidProblemError
        If a bound is no positive number, bounds are given on the eigenvalues of a matrix that is
        not Hermitian, or the layout is not that of the system.
    """

    encoding: BlockEncoding
    smallest: float | None = None
    hermitian: bool = False
    real: bool = False
    lowest: float | None = None
    highest: float | None = None
    given_layout: Layout | None = None

    def __post_init__(self) -> None:
        if self.smallest is not None and not 0 < self.smallest <= self.encoding.alpha:
            raise InvalidProblemError(
                f"smallest = {self.smallest!r}: must lie between 0 and alpha = "
                f"{self.encoding.alpha:g}"
            )
        bounds = (self.lowest, self.highest)
        if bounds != (None, None) and (None in bounds or not self.hermitian):
            raise InvalidProblemError(
                f"lowest, highest = {bounds}: both or none, and only for a Hermitian matrix"
            )
        if self.layout.total_qubits != self.encoding.system_qubits:
            raise InvalidProblemError(
                f"given_layout is on {self.layout.total_qubits} qubits: the encoding's system has "
                f"{self.encoding.system_qubits}"
            )

    @property
    def description(self) -> str:
        """That of the encoding."""
        return f"given by {self.encoding.description}"

    @property
    def size(self) -> int:
        """Number of unknowns N."""
        return self.layout.unknowns

    @property
    def layout(self) -> Layout:
        """The one given, or all amplitudes."""
        return self.given_layout or Layout.plain(2**self.encoding.system_qubits)

    @cached_property
    def spectrum(self) -> Spectrum:
        """The bounds given, with alpha as the largest singular value.

        Raises
        ------
        UnsuitableSolverError
            If no bound on the smallest was given.
        """
        if self.smallest is None:
            raise UnsuitableSolverError(
                "the smallest singular value of a block-encoded matrix is not known: give kappa, "
                "or smallest"
            )
        return Spectrum(self.smallest, self.encoding.alpha, self.lowest, self.highest)

    def matrix(self) -> NDArray[Any]:
        """Write the matrix down by simulating the encoding, up to 12 qubits.

        Raises
        ------
        TooLargeError
            If the encoding has more qubits.
        """
        qubits = self.encoding.circuit.num_qubits
        require_storable(4**qubits if qubits > _SIMULATED else 1, "the encoding's unitary")
        block = Operator(self.encoding.circuit).data[: 2**self.encoding.system_qubits]
        block = self.encoding.alpha * block[:, : 2**self.encoding.system_qubits]
        if self.encoding.frame is not None:
            frame = Operator(self.encoding.frame).data
            block = frame.conj().T @ block @ frame
        rows = self.layout.gather(np.arange(block.shape[0]))
        taken: NDArray[Any] = block[np.ix_(rows, rows)]
        return taken.real if self.real else taken
