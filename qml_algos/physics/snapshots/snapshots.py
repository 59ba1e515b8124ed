"""Snapshots: outcomes of single measurements, each with the basis of every qubit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits, require_bits

PAULI_ROTATIONS: NDArray[np.complex128] = np.array(
    [
        np.array([[1, 1], [1, -1]]) / np.sqrt(2),
        np.array([[1, -1j], [1, 1j]]) / np.sqrt(2),
        np.eye(2),
    ]
)
"""What is applied before a measurement of Z to measure X, Y or Z."""
X, Y, Z = 0, 1, 2
"""Rows of `PAULI_ROTATIONS`."""


@dataclass(frozen=True, eq=False)
class Snapshots:
    """Outcomes of measurements, a row each.

    Attributes
    ----------
    bits
        Shape ``(samples, qubits)``, column j for qubit j.
    bases
        Which of the rotations each qubit went through before the measurement; shape ``(samples,
        qubits)``, rows of ``rotations``: 0, 1, 2 for X, Y, Z unless others are given.
    labels
        What is known of each sample, a parameter of its circuit, say; shape ``(samples,)``.
    rotations
        Unitaries of single qubits, shape ``(K, 2, 2)``; those of X, Y, Z by default.
    source
        Where they come from, in words.

    Raises
    ------
    InvalidProblemError
        If there are no samples, or shapes do not match, or a basis is unknown.
    """

    bits: Bits
    bases: NDArray[np.int8]
    labels: NDArray[np.float64] | None = None
    rotations: NDArray[np.complex128] = field(default_factory=lambda: PAULI_ROTATIONS, repr=False)
    source: str = ""

    def __post_init__(self) -> None:
        bits, bases = require_bits("bits", self.bits), np.asarray(self.bases)
        if bases.shape != bits.shape:
            raise InvalidProblemError(
                f"bases has shape {bases.shape} and bits {bits.shape}: each bit needs its basis"
            )
        if bases.dtype.kind not in "iu" or bases.min() < 0 or bases.max() >= len(self.rotations):
            raise InvalidProblemError(
                f"bases must be integers from 0 to {len(self.rotations) - 1}, rows of rotations"
            )
        if self.labels is not None and np.shape(self.labels) != (len(bits),):
            raise InvalidProblemError(
                f"labels has shape {np.shape(self.labels)}: one for each of {len(bits)} samples "
                "is needed"
            )
        object.__setattr__(self, "bits", bits)
        object.__setattr__(self, "bases", bases.astype(np.int8))

    def __repr__(self) -> str:
        source = f" from {self.source}" if self.source else ""
        settings = len(np.unique(self.bases, axis=0))
        return (
            f"Snapshots({len(self.bits):,} samples of {self.qubits} qubits in {settings:,} "
            f"bases{source})"
        )

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return int(self.bits.shape[1])
