"""Evolution under a parent Hamiltonian in steps that leave its ground state as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qiskit import QuantumCircuit

from circuits.graph_state.parent import ParentTerm, kernel_frame

_WHOLE = 1e-9


@dataclass(frozen=True, eq=False)
class ParentEvolution:
    r"""Powers of :math:`S = \prod_i e^{-i \tau h_i}`, as phase estimation uses them.

    Each projector :math:`h_i` annihilates the ground state, so that S leaves it exactly as it
    is, for any :math:`\tau`: there is no error of a product formula at phase 0, only another gap.
    A factor is a phase of one qubit in the frame of `kernel_frame`: only that phase is controlled.

    As `Evolution`, S is the evolution for a time of 1: times are whole numbers, and powers start
    from 0.

    Attributes
    ----------
    terms
        Of the parent Hamiltonian, in the order that S applies them.
    system_qubits
        Number of qubits.
    time
        :math:`\tau`.
    """

    terms: Sequence[ParentTerm]
    system_qubits: int
    time: float
    classically_diagonalised: bool = False

    def enter(self) -> QuantumCircuit:
        """Do nothing: there is no frame for all terms."""
        return QuantumCircuit(self.system_qubits)

    def leave(self) -> QuantumCircuit:
        """Do nothing."""
        return QuantumCircuit(self.system_qubits)

    @cached_property
    def controlled_step(self) -> QuantumCircuit:
        """S controlled by the last of ``system_qubits + 1`` qubits."""
        control = self.system_qubits
        circuit = QuantumCircuit(control + 1, name="controlled_step")
        for term in self.terms:
            frame, place = kernel_frame(term)
            circuit.compose(frame.inverse(), term.qubits, inplace=True)
            circuit.cp(-self.time, term.qubits[place], control)
            circuit.compose(frame, term.qubits, inplace=True)
        return circuit

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Apply ``S**(time 2**bit)`` for each time bit.

        Raises
        ------
        ValueError
            If the time is not a whole number, at least 0.
        """
        steps = round(time)
        if steps < 0 or abs(time - steps) > _WHOLE * max(1.0, abs(time)):
            raise ValueError(f"time = {time}: a whole number of steps is needed, 0 or more")
        system = range(self.system_qubits)
        circuit = QuantumCircuit(self.system_qubits + time_qubits, name="controlled_powers")
        for bit in range(time_qubits):
            qubits = [*system, self.system_qubits + bit]
            for _ in range(steps << bit):
                circuit.compose(self.controlled_step, qubits, inplace=True)
        return circuit
