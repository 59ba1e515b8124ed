"""A quantum walk whose phases are the eigenvalues of a density matrix that a circuit prepares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister


@dataclass(frozen=True, eq=False)
class WalkEvolution:
    r"""Powers of the walk of a density matrix: an `Evolution` whose unit of time is one step.

    With the unitary G that prepares :math:`\rho` and what purifies it, ``G^dagger SWAP G`` is a
    block encoding of :math:`\rho` that is its own inverse, the swap exchanging the system with the
    part of G's register that is in :math:`\rho`. Followed by the reflection about 0 of G's register
    it turns the plane of ``|0>|u>`` by :math:`\pm\arccos\lambda`, for each eigenvector u. No
    entry of :math:`\rho` is known or computed.

    Attributes
    ----------
    copy
        G; its lowest ``state_qubits`` qubits are left in the density matrix. Unitary.
    state_qubits
        n.

    Notes
    -----
    *Cost of a step*: G and its inverse, without control; n controlled swaps, and a phase on all
    qubits of G's register.

    References
    ----------
    G. Low, I. Chuang, Quantum 3, 163 (2019), arXiv:1610.06546, Lemma 6 and Sec. 4.
    """

    copy: QuantumCircuit
    state_qubits: int
    classically_diagonalised: bool = False

    @property
    def system_qubits(self) -> int:
        """Qubits of the state, then those of G."""
        return self.state_qubits + self.copy.num_qubits

    def enter(self) -> QuantumCircuit:
        """Return an empty circuit: the frame is the computational basis."""
        return QuantumCircuit(self.system_qubits)

    def leave(self) -> QuantumCircuit:
        """Return an empty circuit."""
        return QuantumCircuit(self.system_qubits)

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Take ``tau * time`` steps, ``time`` being a whole number."""
        state = QuantumRegister(self.state_qubits, "state")
        walker = QuantumRegister(self.copy.num_qubits, "walker")
        clock = QuantumRegister(time_qubits, "clock")
        circuit = QuantumCircuit(state, walker, clock, name="controlled_powers")
        inverse = self.copy.inverse()
        for bit in range(time_qubits):
            steps = round(time * 2**bit)
            for _ in range(steps):
                circuit.compose(self.copy, walker, inplace=True)
                for pair in zip(state, walker, strict=False):
                    circuit.cswap(clock[bit], *pair)
                circuit.compose(inverse, walker, inplace=True)
                # Minus the reflection: -1 on 0.
                circuit.x(walker)
                circuit.mcp(np.pi, [*walker], clock[bit])
                circuit.x(walker)
            if steps % 2:
                circuit.z(clock[bit])
        return circuit
