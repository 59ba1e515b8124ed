"""Reciprocals of eigenvalues, functions of the indices of modes, as amplitudes of a flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.fourier_diagonal import Axis, FourierDiagonal, Indices, RingLayout
from circuits.index_amplitude import MAX_TABLE_QUBITS, DyadicAmplitude, table_terms
from circuits.parity_rotations import parity_path, parity_rotations, path_length
from circuits.separable_reciprocal import SeparableReciprocal
from circuits.separable_rotation import SeparableRotation
from circuits.trigonometric import negation_up_to_phases

# Eigenvalues below this, in units of the smallest that counts, are 0; above 1 + rounding, less.
_NULL, _ROUNDING = 1e-6, 1e-9
# Up to here a table of 2**7 angles is cheaper than a sum of exponentials, which need not be tried.
_FEW_QUBITS = 7


class ReciprocalRotation(Protocol):
    """Gives the flag the reciprocal as amplitude; on index, flag, signal and workspace."""

    @property
    def method(self) -> str:
        """In words, for reports."""
        ...

    @property
    def scale(self) -> float:
        """Factor that all amplitudes have beside."""
        ...

    @property
    def signal_qubits(self) -> int:
        """Qubits that start in 0 and have to be read in 0."""
        ...

    @property
    def workspace_qubits(self) -> int:
        """Qubits that start and end in 0."""
        ...

    @property
    def two_qubit_gates(self) -> int:
        """Number of CX."""
        ...

    def circuit(self) -> QuantumCircuit:
        """Build the circuit."""
        ...


@dataclass(frozen=True, eq=False)
class _Table:
    """One angle for every combination of modes."""

    qubits: int
    terms: dict[int, float]
    method: str = "table"
    scale: float = 1.0
    signal_qubits: int = 0
    workspace_qubits: int = 0

    @property
    def two_qubit_gates(self) -> int:
        return path_length(parity_path(self.terms))

    def circuit(self) -> QuantumCircuit:
        return parity_rotations(self.terms, self.qubits)


@dataclass(frozen=True, eq=False)
class _FoldedTable:
    """One angle for every combination of modes up to their signs.

    The terms' masks are over the bits of each axis's folded mode, last axis first, where that of
    a periodic axis has one bit more: 1 for the mode M / 2, which is folded onto 0.
    """

    axes: tuple[Axis, ...]
    terms: dict[int, float]
    method: str = "table of modes up to their sign"
    scale: float = 1.0
    signal_qubits: int = 0

    @property
    def workspace_qubits(self) -> int:
        return sum(self._fold(axis).num_qubits - axis.ring_qubits for axis in self.axes)

    @property
    def two_qubit_gates(self) -> int:
        low = [axis.ring_qubits - 1 for axis in self.axes]
        folds = [
            2 * (5 * n - (6 if axis.mirrored else 2))
            for n, axis in zip(low, self.axes, strict=True)
        ]
        return path_length(parity_path(self.terms)) + sum(folds)

    def circuit(self) -> QuantumCircuit:
        index = QuantumRegister(sum(axis.ring_qubits for axis in self.axes), "index")
        flag = QuantumRegister(1, "flag")
        workspace = QuantumRegister(self.workspace_qubits, "workspace")
        circuit = QuantumCircuit(index, flag, workspace)
        folding = QuantumCircuit(index, flag, workspace)
        controls: list[Qubit] = []
        free_index, free_work = list(index), list(workspace)
        for axis in reversed(self.axes):
            m, fold = axis.ring_qubits, self._fold(axis)
            bits, free_index = free_index[:m], free_index[m:]
            own, free_work = free_work[: fold.num_qubits - m], free_work[fold.num_qubits - m :]
            folding.compose(fold, [*bits, *own], inplace=True)
            controls += bits[:-1] if axis.mirrored else [*bits[:-1], own[-1]]
        circuit.compose(folding, inplace=True)
        rotations = parity_rotations(self.terms, len(controls))
        circuit.compose(rotations, [*controls, *flag], inplace=True)
        return circuit.compose(folding.inverse())

    @staticmethod
    def _fold(axis: Axis) -> QuantumCircuit:
        return negation_up_to_phases(axis.ring_qubits - 1, tell_zero=not axis.mirrored)


def cheapest_rotation(
    matrix: FourierDiagonal, smallest: float, deviation: float, max_qubits: int | None = None
) -> ReciprocalRotation:
    """Choose the rotation with the fewest CX; arguments as for `spectral_inverse`.

    Raises
    ------
    ValueError
        If there is none, or an eigenvalue is smaller than the smallest.
    """
    candidates = [
        found
        for find in (_table, _folded_table, _octaves, _exponentials)
        if (found := find(matrix, smallest, deviation)) is not None
    ]
    if not candidates:
        raise ValueError(
            f"matrix: {sum(axis.ring_qubits for axis in matrix.axes)} qubits of modes, at most "
            f"{MAX_TABLE_QUBITS} unless all axes have even real symbols and, if there are several, "
            "their sums are of one sign"
        )
    narrow = [
        rotation
        for rotation in candidates
        if max_qubits is None or _total_qubits(matrix, rotation) <= max_qubits
    ]
    return min(narrow or candidates, key=lambda rotation: rotation.two_qubit_gates)


def _total_qubits(matrix: FourierDiagonal, rotation: ReciprocalRotation) -> int:
    layout = RingLayout.of(matrix, rotation.workspace_qubits, rotation.signal_qubits)
    return layout.flagged("").num_qubits


def _table(matrix: FourierDiagonal, smallest: float, deviation: float) -> ReciprocalRotation | None:
    qubits = sum(axis.ring_qubits for axis in matrix.axes)
    if qubits > MAX_TABLE_QUBITS:
        return None
    values = matrix.eigenvalues([np.arange(2**axis.ring_qubits) for axis in matrix.axes])
    return _Table(qubits, table_terms(_reciprocals(values, smallest), deviation))


def _folded_table(
    matrix: FourierDiagonal, smallest: float, deviation: float
) -> ReciprocalRotation | None:
    axes = matrix.axes
    if not all(axis.even and axis.ring_qubits > 1 for axis in axes):
        return None
    if sum(axis.qubits for axis in axes) > MAX_TABLE_QUBITS:
        return None
    modes = [np.arange(2 ** (axis.ring_qubits - 1)) for axis in axes]
    # Of the second half of a periodic axis only mode M / 2 occurs.
    halves = [
        k if axis.mirrored else np.append(k, k.size) for axis, k in zip(axes, modes, strict=True)
    ]
    # Modes that do not occur are fitted like the next one.
    near = [k + np.isnan(axis.eigenvalues(k)) for axis, k in zip(axes, halves, strict=True)]
    shape = [k.size for k in halves]
    amplitudes = _reciprocals(matrix.eigenvalues(halves), smallest).reshape(shape)
    fitted = _reciprocals(matrix.eigenvalues(near), smallest).reshape(shape)
    angles = 2 * np.arcsin(np.clip(fitted, -1, 1))
    for place, axis in enumerate(axes):
        if not axis.mirrored:
            amplitudes, angles = _second_half(amplitudes, angles, place)
    return _FoldedTable(axes, table_terms(amplitudes.ravel(), deviation, angles.ravel()))


def _second_half(
    amplitudes: NDArray[np.float64], angles: NDArray[np.float64], place: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Make room for one bit more of an axis, from a last entry that stands for all of it.

    Angles that do not matter continue those of the first half, so that few terms are needed.
    """
    size = angles.shape[place] - 1
    first, last = np.split(amplitudes, [size], axis=place)
    unknown = np.full(first.shape, np.nan)
    unknown = np.delete(unknown, 0, axis=place)
    low, high = np.split(angles, [size], axis=place)
    step = high - np.take(low, [0], axis=place)
    return (
        np.concatenate([first, last, unknown], axis=place),
        np.concatenate([low, low + step], axis=place),
    )


def _octaves(
    matrix: FourierDiagonal, smallest: float, deviation: float
) -> ReciprocalRotation | None:
    if len(matrix.axes) > 1 or not matrix.axes[0].even or matrix.axes[0].ring_qubits < 2:
        return None
    axis = matrix.axes[0]

    def amplitude(magnitudes: Indices) -> NDArray[np.float64]:
        return _reciprocals(matrix.eigenvalues([magnitudes]), smallest)

    if np.iscomplexobj(matrix.eigenvalues([np.arange(2)])):
        return None
    return _Octaves(DyadicAmplitude.fit(amplitude, axis.ring_qubits, deviation))


@dataclass(frozen=True, eq=False)
class _Octaves:
    """Octave by octave, along one axis."""

    amplitude: DyadicAmplitude
    method: str = "octaves of modes"

    @property
    def scale(self) -> float:
        return self.amplitude.scale

    @property
    def signal_qubits(self) -> int:
        return sum(factor < 1 for factor in self.amplitude.factors)

    @property
    def workspace_qubits(self) -> int:
        return len(self.amplitude.factors) - self.signal_qubits

    @property
    def two_qubit_gates(self) -> int:
        return self.amplitude.two_qubit_gates

    def circuit(self) -> QuantumCircuit:
        index = QuantumRegister(self.amplitude.bits, "index")
        flag = QuantumRegister(1, "flag")
        signal = QuantumRegister(self.signal_qubits, "signal")
        workspace = QuantumRegister(self.workspace_qubits, "workspace")
        circuit = QuantumCircuit(index, flag, signal, workspace)
        read, clean = iter(signal), iter(workspace)
        steps = [next(read if factor < 1 else clean) for factor in self.amplitude.factors]
        return circuit.compose(self.amplitude.circuit(), [*index, *flag, *steps])


def _exponentials(
    matrix: FourierDiagonal, smallest: float, deviation: float
) -> ReciprocalRotation | None:
    few = sum(axis.qubits for axis in matrix.axes) <= _FEW_QUBITS
    if len(matrix.axes) == 1 or few:
        return None
    fitted = SeparableReciprocal.fit(matrix, smallest, deviation)
    return None if fitted is None else SeparableRotation(matrix.axes, fitted, smallest)


def _reciprocals(eigenvalues: NDArray[Any], smallest: float) -> NDArray[np.float64]:
    """Amplitudes: ``smallest / eigenvalue`` if real, of the absolute value if not; 0 for 0."""
    sizes = np.abs(eigenvalues)
    null = sizes < _NULL * smallest
    magnitudes = np.where(null, 0.0, smallest / np.where(null, 1.0, sizes))
    if np.nanmax(magnitudes, initial=0.0) > 1 + _ROUNDING:
        raise ValueError(
            f"smallest = {smallest:.6g}: there is a smaller eigenvalue, of size "
            f"{np.nanmin(sizes[~null]):.6g}"
        )
    return magnitudes if np.iscomplexobj(eigenvalues) else magnitudes * np.sign(eigenvalues)
