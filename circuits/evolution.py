"""Hamiltonian evolution: what phase estimation needs of a Hermitian matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate

from circuits.multiplexed import diagonal, multiplexed_rotation


class Evolution(Protocol):
    r"""Evolution under a Hermitian H, as phase estimation uses it.

    An implementation may work in a frame of its own choice: ``enter`` and ``leave`` are applied
    once around everything that happens in between, so a change of basis is paid for twice in
    all and not once for each power. A method without such a frame (a product formula, a block
    encoding) returns empty circuits there.
    """

    @property
    def system_qubits(self) -> int:
        """Number of qubits of the system register."""
        ...

    @property
    def classically_diagonalised(self) -> bool:
        """Whether building the circuits took the eigenvectors, computed classically."""
        ...

    def enter(self) -> QuantumCircuit:
        """Change from the computational basis to the frame of ``controlled_powers``."""
        ...

    def leave(self) -> QuantumCircuit:
        """Change from the frame of ``controlled_powers`` back to the computational basis."""
        ...

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        r"""Evolve by a multiple of ``time`` read from a time register.

        On ``system_qubits + time_qubits`` qubits, the system first:
        ``sum_tau |tau><tau| (x) exp(i H time (tau - (2**time_qubits - 1) / 2))``. Centring tau
        makes each bit choose between forward and backward evolution, which costs less than
        choosing between evolution and none; the extra factor commutes with H and cancels
        between phase estimation and its inverse.
        """
        ...


@dataclass(frozen=True, eq=False)
class DiagonalisedEvolution:
    r"""Evolution of a dense matrix through its eigenbasis, computed classically.

    All powers of ``exp(i H t)`` share one eigenbasis, so the basis change is built once and the
    powers are diagonal: ``time_qubits * 2**n`` CX for all of them together, against about
    ``4**n`` for each power synthesised on its own. Building it *needs the eigenvectors*, which
    is as much work as solving any problem posed on H; a circuit that uses it is marked
    ``classically_diagonalised`` and is never evidence of a speedup.

    Attributes
    ----------
    eigenvalues
        Shape ``(2**n,)``, of the frame's basis states.
    into_frame, out_of_frame
        Circuits on ``n`` qubits for ``enter`` and ``leave``; about ``(23/48) 4**n`` CX each for a
        dense basis (V. Shende, S. Bullock, I. Markov, arXiv:quant-ph/0406176, Table 1).
    """

    eigenvalues: NDArray[np.float64]
    into_frame: QuantumCircuit
    out_of_frame: QuantumCircuit
    classically_diagonalised: bool = True

    @classmethod
    def of_hermitian(
        cls, eigenvalues: NDArray[np.float64], eigenvectors: NDArray[np.complexfloating]
    ) -> Self:
        """Evolution under ``V diag(eigenvalues) V^dagger``, columns of V the eigenvectors.

        ``numpy.linalg.eigh`` returns both in this form. Sizes are powers of two.
        """
        basis = eigenvectors.copy()
        if not np.iscomplexobj(basis) and np.linalg.det(basis) < 0:
            # A column's sign is free, and rotations of two qubits take one CX less than
            # reflections do.
            basis[:, -1] *= -1
        return cls(eigenvalues, _unitary(basis.conj().T), _unitary(basis))

    @classmethod
    def of_dilation(
        cls,
        left: NDArray[np.complexfloating],
        singular_values: NDArray[np.float64],
        right_conjugated: NDArray[np.complexfloating],
    ) -> Self:
        r"""Evolution under the Hermitian dilation ``[[0, A], [A^dagger, 0]]`` of any square A.

        With the singular value decomposition ``A = left diag(s) right_conjugated`` the dilation
        is ``(left (+) right) (X (x) diag(s)) (left (+) right)^dagger``. The added qubit is the
        most significant one. Since it is 0 on entry (the right-hand side stands in the upper
        block) and 1 on leaving (the solution stands in the lower block), each block's unitary
        is applied without control. The frame is therefore right on these blocks only, which is
        where a linear solver uses it, and costs half of what the general dilation would.
        """
        n = left.shape[0].bit_length() - 1
        enter, leave = QuantumCircuit(n + 1), QuantumCircuit(n + 1)
        enter.compose(_unitary(left.conj().T), range(n), inplace=True)
        enter.h(n)
        leave.h(n)
        leave.compose(_unitary(right_conjugated.conj().T), range(n), inplace=True)
        return cls(np.concatenate([singular_values, -singular_values]), enter, leave)

    @property
    def system_qubits(self) -> int:
        """Number of qubits of the system register."""
        return self.into_frame.num_qubits

    def enter(self) -> QuantumCircuit:
        """Change to the eigenbasis."""
        return self.into_frame

    def leave(self) -> QuantumCircuit:
        """Change back from the eigenbasis."""
        return self.out_of_frame

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Apply all powers as one multiplexed Rz for each qubit of the time register."""
        n = self.system_qubits
        circuit = QuantumCircuit(n + time_qubits, name="controlled_powers")
        for bit in range(time_qubits):
            multiplexer = multiplexed_rotation(self.eigenvalues * time * 2**bit, "z")
            circuit.compose(multiplexer, [*range(n), n + bit], inplace=True)
        return circuit

    def circuit(self, time: float) -> QuantumCircuit:
        """Build ``exp(i H time)`` on the system register."""
        evolved = self.enter().compose(diagonal(self.eigenvalues * time))
        return evolved.compose(self.leave())


def _unitary(matrix: NDArray[np.complexfloating]) -> QuantumCircuit:
    n = matrix.shape[0].bit_length() - 1
    circuit = QuantumCircuit(n)
    if n == 0:
        circuit.global_phase = float(np.angle(matrix[0, 0]))
    else:
        circuit.append(UnitaryGate(matrix), range(n))
    return circuit
