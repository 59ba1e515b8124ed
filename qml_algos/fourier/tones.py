"""Signals that are sums of few tones: any length, cheap to prepare, never written down unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import Tensor, mps_norm, mps_total
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side import Preparation
from qml_algos.linear_systems.right_hand_side.choice import prepare_tensors
from qml_algos.linear_systems.structures.base import require_storable

Vector = NDArray[Any]


@dataclass(frozen=True, eq=False)
class SumOfTones:
    r"""Samples :math:`x_m = \sum_j c_j e^{2\pi i f_j m / N}`, or the real part of it.

    Parameters
    ----------
    size
        Number of samples N, at least 2.
    positions
        f in bins, one for each tone; need be no integers.
    amplitudes
        c, complex, of the same number, not all zero.
    real
        Whether the samples are the real part of the sum.

    Raises
    ------
    InvalidProblemError
        If an argument is of the wrong kind, the numbers differ, or there is none.

    Notes
    -----
    A matrix product state of bond k for k complex tones and 2k for real ones, so that preparing it
    takes a number of gates linear in log N: see `circuits.matrix_product_state`.
    """

    size: int
    positions: Sequence[float]
    amplitudes: Sequence[complex]
    real: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.size, bool) or not isinstance(self.size, int | np.integer):
            raise InvalidProblemError(f"size = {self.size!r}: an integer of at least 2 is needed")
        if self.size < 2:
            raise InvalidProblemError(f"size = {self.size}: an integer of at least 2 is needed")
        positions = np.asarray(self.positions, dtype=float)
        amplitudes = np.asarray(self.amplitudes, dtype=complex)
        if positions.ndim != 1 or positions.shape != amplitudes.shape or not positions.size:
            raise InvalidProblemError(
                f"positions and amplitudes have shapes {positions.shape} and {amplitudes.shape}: "
                "one of each is needed for every tone, and at least one tone"
            )
        if not (np.all(np.isfinite(positions)) and np.all(np.isfinite(amplitudes))):
            raise InvalidProblemError("positions or amplitudes hold NaN or infinity")
        if not np.any(amplitudes):
            raise InvalidProblemError("amplitudes are all zero: the signal is zero")
        object.__setattr__(self, "size", int(self.size))
        object.__setattr__(self, "positions", tuple(positions.tolist()))
        object.__setattr__(self, "amplitudes", tuple(amplitudes.tolist()))

    def at(self, indices: NDArray[np.int64]) -> Vector:
        """Evaluate samples at any indices, in an array of their shape."""
        total = np.zeros(indices.shape, dtype=complex)
        for position, amplitude in zip(self.positions, self.amplitudes, strict=True):
            total += amplitude * np.exp(2j * np.pi / self.size * (position * indices))
        return total.real if self.real else total

    def norm(self) -> float:
        """Euclidean norm; of a length that is no power of two, from the samples."""
        return self._figure(mps_norm, lambda vector: np.linalg.norm(vector))

    def total(self) -> complex:
        """Sum of all samples."""
        return self._figure(mps_total, lambda vector: complex(np.sum(vector)))

    def vector(self) -> Vector:
        """Write the samples down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If they would not fit into memory.
        """
        require_storable(self.size, "the signal")
        return self.at(np.arange(self.size))

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:
        """Prepare a matrix product state with the smallest bonds that the error allows.

        Raises
        ------
        UnsuitableSolverError
            If the number of samples is no power of two.
        """
        if not layout.full or layout.unknowns != self.size:
            raise UnsuitableSolverError(
                f"the signal has {self.size:,} samples: a sum of tones is prepared on 2**n of them"
            )
        return prepare_tensors(self._tensors(), epsilon)

    def _figure(self, of_tensors: Any, of_vector: Any) -> Any:
        power_of_two = not self.size & (self.size - 1)
        return of_tensors(self._tensors()) if power_of_two else of_vector(self.vector())

    def _tensors(self) -> list[Tensor]:
        """One diagonal tensor a qubit: bit b of the index turns tone j by f_j 2^b / N."""
        positions, amplitudes = np.array(self.positions), np.array(self.amplitudes)
        if self.real:
            positions = np.concatenate([positions, -positions])
            amplitudes = np.concatenate([amplitudes, amplitudes.conj()]) / 2
        qubits, tones = self.size.bit_length() - 1, positions.size
        sites = []
        for bit in reversed(range(qubits)):
            tensor = np.zeros((tones, 2, tones), dtype=complex)
            turn = np.exp(2j * np.pi * np.mod(positions * 2.0**bit / self.size, 1.0))
            tensor[range(tones), 0, range(tones)] = 1
            tensor[range(tones), 1, range(tones)] = turn
            sites.append(tensor)
        sites[0] = np.tensordot(amplitudes[None, :], sites[0], axes=1)
        sites[-1] = sites[-1].sum(axis=2, keepdims=True)
        return sites
