"""Evolutions made of others: powers of a unitary, and idle qubits beside a system."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate

from circuits.evolution import Evolution

_UNITARY = 1e-8
_WHOLE = 1e-9


@dataclass(frozen=True, eq=False)
class UnitaryEvolution:
    r"""Powers of a unitary U, as phase estimation uses them; see `Evolution`.

    U is the evolution for a time of 1, so that times are whole numbers. Powers start from 0
    rather than being centred, ``sum_tau |tau><tau| (x) U**(time tau)``: half powers are not to
    be had. The factor between the two commutes with U and does not change what a clock reads.

    Attributes
    ----------
    unitary
        A circuit, which is controlled and repeated ``time * 2**bit`` times for each time bit; or
        a matrix, shape ``(2**n, 2**n)``, whose powers are multiplied out classically, O(8**n)
        each, and synthesised with about ``(23/48) 4**(n + 1)`` CX each. Neither takes
        eigenvectors.
    """

    unitary: QuantumCircuit | NDArray[np.complex128]
    classically_diagonalised: bool = False

    @classmethod
    def of_matrix(cls, matrix: ArrayLike) -> UnitaryEvolution:
        """Take a unitary matrix.

        Raises
        ------
        ValueError
            If it is not square of a power of two rows, not finite or not unitary.
        """
        U = np.array(matrix, dtype=complex)
        rows = U.shape[0] if U.ndim == 2 else 0
        if U.ndim != 2 or U.shape[1] != rows or rows < 2 or rows & (rows - 1):
            raise ValueError(f"unitary has shape {U.shape}: 2**n rows and columns are needed")
        if not np.all(np.isfinite(U)):
            raise ValueError("unitary contains NaN or infinity: all its entries must be finite")
        deviation = float(np.max(np.abs(U.conj().T @ U - np.eye(rows))))
        if deviation > _UNITARY:
            raise ValueError(
                f"unitary is not unitary: its columns deviate from orthonormal by {deviation:.1e}"
            )
        return cls(U)

    @property
    def system_qubits(self) -> int:
        """Number of qubits that U acts on."""
        if isinstance(self.unitary, QuantumCircuit):
            return int(self.unitary.num_qubits)
        return self.unitary.shape[0].bit_length() - 1

    def enter(self) -> QuantumCircuit:
        """Do nothing: there is no frame."""
        return QuantumCircuit(self.system_qubits)

    def leave(self) -> QuantumCircuit:
        """Do nothing."""
        return QuantumCircuit(self.system_qubits)

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Apply ``U**(time 2**bit)`` for each time bit.

        Raises
        ------
        ValueError
            If the time is not whole.
        """
        steps = round(time)
        if abs(time - steps) > _WHOLE * max(1.0, abs(time)):
            raise ValueError(f"time = {time}: a unitary has whole powers only")
        n = self.system_qubits
        circuit = QuantumCircuit(n + time_qubits, name="controlled_powers")
        for bit in range(time_qubits):
            power = self._controlled_power(steps << bit)
            circuit.compose(power, [n + bit, *range(n)], inplace=True)
        return circuit

    def _controlled_power(self, exponent: int) -> QuantumCircuit:
        """``U**exponent`` controlled by qubit 0."""
        circuit = QuantumCircuit(self.system_qubits + 1)
        if not isinstance(self.unitary, QuantumCircuit):
            power = UnitaryGate(np.linalg.matrix_power(self.unitary, exponent))
            circuit.append(power.control(1), circuit.qubits)
            return circuit
        once = self.unitary.inverse() if exponent < 0 else self.unitary
        controlled = once.to_gate().control(1)
        for _ in range(abs(exponent)):
            circuit.append(controlled, circuit.qubits)
        return circuit


@dataclass(frozen=True, eq=False)
class PaddedEvolution:
    """An evolution beside qubits that it leaves alone, say those that purify a mixed state.

    Attributes
    ----------
    evolution
        Acts on the lowest qubits.
    idle_qubits
        Number of the others.
    """

    evolution: Evolution
    idle_qubits: int

    @property
    def system_qubits(self) -> int:
        """Number of all qubits."""
        return self.evolution.system_qubits + self.idle_qubits

    @property
    def classically_diagonalised(self) -> bool:
        """As of the evolution."""
        return self.evolution.classically_diagonalised

    def enter(self) -> QuantumCircuit:
        """Enter the frame of the evolution."""
        return self._beside(self.evolution.enter())

    def leave(self) -> QuantumCircuit:
        """Leave the frame of the evolution."""
        return self._beside(self.evolution.leave())

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Apply the powers of the evolution."""
        n = self.evolution.system_qubits
        circuit = QuantumCircuit(self.system_qubits + time_qubits, name="controlled_powers")
        clock = range(self.system_qubits, circuit.num_qubits)
        powers = self.evolution.controlled_powers(time_qubits, time)
        return circuit.compose(powers, [*range(n), *clock])

    def _beside(self, frame: QuantumCircuit) -> QuantumCircuit:
        return QuantumCircuit(self.system_qubits).compose(frame, range(frame.num_qubits))
