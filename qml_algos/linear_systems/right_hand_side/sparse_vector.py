"""Right-hand sides with few nonzero entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from circuits.sparse_state import sparse_state_preparation
from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side.base import Preparation, Vector
from qml_algos.linear_systems.structures.base import require_storable


@dataclass(frozen=True)
class SparseVector:
    """A vector known by its nonzero entries.

    Parameters
    ----------
    size
        Number of entries N, zeros included.
    entries
        Value at each index, counted from 0; those that are 0 are dropped.

    Raises
    ------
    InvalidProblemError
        If all are zero, or an index or a value is none.
    """

    size: int
    entries: Mapping[int, complex]

    def __post_init__(self) -> None:
        if isinstance(self.size, bool) or not isinstance(self.size, int | np.integer):
            raise InvalidProblemError(f"size = {self.size!r}: must be a positive integer")
        for index, value in self.entries.items():
            if not isinstance(index, int | np.integer) or not 0 <= index < self.size:
                raise InvalidProblemError(
                    f"entries has index {index!r}: must be an integer from 0 to {self.size - 1}"
                )
            if not isinstance(value, int | float | complex | np.number) or not np.isfinite(value):
                raise InvalidProblemError(f"entries[{index}] = {value!r}: must be a finite number")
        kept = {int(i): complex(self.entries[i]) for i in sorted(self.entries) if self.entries[i]}
        if not kept:
            raise InvalidProblemError(
                "b is zero: the solution is zero and no state can represent it"
            )
        object.__setattr__(self, "size", int(self.size))
        object.__setattr__(self, "entries", MappingProxyType(kept))

    @property
    def real(self) -> bool:
        """Whether no entry has an imaginary part."""
        return not any(value.imag for value in self.entries.values())

    def norm(self) -> float:
        """Euclidean norm, positive."""
        return float(np.linalg.norm(list(self.entries.values())))

    def total(self) -> complex:
        """Sum of all entries."""
        return complex(sum(self.entries.values()))

    def vector(self) -> Vector:
        """Write the vector down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size, "b")
        vector: Vector = np.zeros(self.size, dtype=float if self.real else complex)
        for index, value in self.entries.items():
            vector[index] = value.real if self.real else value
        return vector

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:  # noqa: ARG002
        """Prepare exactly, with O(k n) CX for k entries on n qubits."""
        amplitudes: dict[int, Any] = {
            layout.amplitude(index): value for index, value in self.entries.items()
        }
        return Preparation(sparse_state_preparation(layout.total_qubits, amplitudes), 0.0)
