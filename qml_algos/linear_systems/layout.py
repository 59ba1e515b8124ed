"""Where the unknowns of a system stand among the amplitudes of a register."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Layout:
    """A grid of unknowns inside a grid of amplitudes.

    Unknowns are in C order: the last axis runs fastest and has the lowest qubits.

    Attributes
    ----------
    shape
        Unknowns on each axis.
    qubits
        Qubits of each axis.
    first
        Amplitude on which the first unknown of every axis stands; the amplitudes before it and
        those after the last unknown belong to no unknown.
    """

    shape: tuple[int, ...]
    qubits: tuple[int, ...]
    first: int = 0

    @classmethod
    def plain(cls, unknowns: int) -> Layout:
        """One axis on as few qubits as hold it (at least one), from amplitude 0."""
        return cls((unknowns,), (max(1, (unknowns - 1).bit_length()),))

    @property
    def unknowns(self) -> int:
        """Number of unknowns."""
        return math.prod(self.shape)

    @property
    def total_qubits(self) -> int:
        """Number of qubits of the register."""
        return sum(self.qubits)

    @property
    def full(self) -> bool:
        """Whether every amplitude belongs to an unknown."""
        return self.unknowns == 2**self.total_qubits

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Put a vector of unknowns on its amplitudes, zero elsewhere; shape ``(2**n,)``."""
        grid = np.zeros([2**q for q in self.qubits], dtype=values.dtype)
        grid[self._place()] = values.reshape(self.shape)
        return grid.ravel()

    def gather(self, amplitudes: NDArray[Any]) -> NDArray[Any]:
        """Take the unknowns out of all amplitudes; shape ``(unknowns,)``."""
        grid = amplitudes.reshape([2**q for q in self.qubits])
        return grid[self._place()].ravel()

    def amplitude(self, unknown: int) -> int:
        """Amplitude on which an unknown stands; both counted from 0."""
        place = 0
        rest, stride = unknown, 1
        for count, qubits in zip(reversed(self.shape), reversed(self.qubits), strict=True):
            rest, index = divmod(rest, count)
            place += stride * (index + self.first)
            stride *= 2**qubits
        return place

    def _place(self) -> tuple[slice, ...]:
        return tuple(slice(self.first, self.first + count) for count in self.shape)
