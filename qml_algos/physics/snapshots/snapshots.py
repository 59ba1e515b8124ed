"""Snapshots: outcomes of single measurements, each with the basis of every qubit."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits, require_bits
from qml_algos.validation import numeric_array

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
FORMAT = "qml-algos snapshots 1"
"""First words of a file of snapshots."""
_ROUNDING = 1e-8


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
    bases: NDArray[np.int16]
    labels: NDArray[np.float64] | None = None
    rotations: NDArray[np.complex128] = field(default_factory=lambda: PAULI_ROTATIONS, repr=False)
    source: str = ""

    def __post_init__(self) -> None:
        bits, bases = require_bits("bits", self.bits), np.asarray(self.bases)
        if bases.shape != bits.shape:
            raise InvalidProblemError(
                f"bases has shape {bases.shape} and bits {bits.shape}: each bit needs its basis"
            )
        rotations = numeric_array(self.rotations, "rotations").astype(complex)
        if rotations.ndim != 3 or rotations.shape[1:] != (2, 2):
            raise InvalidProblemError(f"rotations has shape {rotations.shape}: (K, 2, 2) is needed")
        if (wrong := not_unitary(rotations)).size:
            raise InvalidProblemError(f"rotations[{wrong[0]}] is not unitary")
        if bases.dtype.kind not in "iu" or bases.min() < 0 or bases.max() >= len(rotations):
            raise InvalidProblemError(
                f"bases must be integers from 0 to {len(rotations) - 1}, rows of rotations"
            )
        if self.labels is not None:
            object.__setattr__(self, "labels", _checked_labels(self.labels, len(bits)))
        object.__setattr__(self, "bits", bits)
        object.__setattr__(self, "bases", bases.astype(np.int16))
        object.__setattr__(self, "rotations", rotations)

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

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything to a file of NumPy's format npz, which `load_snapshots` reads.

        Parameters
        ----------
        path
            Ends with ``.npz``; replaced if it exists.

        Raises
        ------
        InvalidProblemError
            If it ends otherwise.
        OSError
            If it cannot be written.
        """
        if Path(path).suffix != ".npz":
            raise InvalidProblemError(f"path = {str(path)!r}: must end with .npz")
        arrays: dict[str, NDArray[Any]] = {
            "format": np.array(FORMAT),
            "bits": np.packbits(self.bits.astype(bool), axis=1),
            "qubits": np.array(self.qubits),
            "bases": self.bases,
            "rotations": self.rotations,
            "source": np.array(self.source),
        }
        if self.labels is not None:
            arrays["labels"] = self.labels
        np.savez_compressed(path, allow_pickle=False, **arrays)


def not_unitary(matrices: NDArray[np.complex128]) -> NDArray[np.int64]:
    """Places of matrices of shape ``(K, 2, 2)`` that are not unitary."""
    products = matrices @ matrices.conj().swapaxes(1, 2)
    return np.flatnonzero(np.abs(products - np.eye(2)).max(axis=(1, 2)) > _ROUNDING)


def _checked_labels(given: Any, samples: int) -> NDArray[np.float64]:
    labels = numeric_array(given, "labels")
    if labels.shape != (samples,) or labels.dtype.kind == "c":
        raise InvalidProblemError(
            f"labels has shape {labels.shape} and type {labels.dtype}: a real number for each of "
            f"{samples} samples is needed"
        )
    return np.asarray(labels, dtype=float)
