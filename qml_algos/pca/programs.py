"""Circuits of phase estimation on a density matrix, with the density matrix as their input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.linalg
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.density_matrix import WalkEvolution
from circuits.evolution import DiagonalisedEvolution, Evolution
from circuits.phase_estimation import phase_estimation
from qml_algos.backends import Backend
from qml_algos.pca.clock import Clock, LinearClock, WalkClock
from qml_algos.pca.method import costs_of
from qml_algos.pca.state import DensityInput
from qml_algos.pca.states import ConditionalStates, FrameStates, OutcomeStates


class Program(Protocol):
    """A circuit that writes eigenvalues into a clock and leaves the system in eigenvectors."""

    @property
    def clock(self) -> Clock:
        """What the outcomes say."""
        ...

    @property
    def copies(self) -> int:
        """Uses of the circuit that prepares the density matrix, or of its inverse, in one run."""
        ...

    @property
    def classically_diagonalised(self) -> bool:
        """Whether building it took the eigenvectors."""
        ...

    def circuit(self, offset: float = 0.0) -> QuantumCircuit:
        """Write it down, with registers ``system``, ``clock`` and others, nothing measured."""
        ...

    def priced(self, backend: Backend) -> tuple[QuantumCircuit, dict[str, int]]:
        """Give the circuit, and what it costs compiled."""
        ...

    def exact(self, backend: Backend) -> ConditionalStates:
        """Simulate it."""
        ...


@dataclass(frozen=True, eq=False)
class TurnedEvolution:
    """An evolution after which the clock is turned by a part of an outcome.

    The phase ``turn`` for each unit of time costs no two-qubit gate.
    """

    evolution: Evolution
    turn: float

    @property
    def system_qubits(self) -> int:
        """Those of the evolution."""
        return self.evolution.system_qubits

    @property
    def classically_diagonalised(self) -> bool:
        """As the evolution is."""
        return self.evolution.classically_diagonalised

    def enter(self) -> QuantumCircuit:
        """As the evolution does."""
        return self.evolution.enter()

    def leave(self) -> QuantumCircuit:
        """As the evolution does."""
        return self.evolution.leave()

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        """Evolve, and turn each qubit of the time register."""
        circuit = self.evolution.controlled_powers(time_qubits, time)
        for bit in range(time_qubits):
            circuit.p(self.turn * 2**bit, self.system_qubits + bit)
        return circuit


@dataclass(frozen=True, eq=False)
class EigenbasisProgram:
    """Phase estimation in the eigenbasis, which is computed classically."""

    source: DensityInput
    clock: LinearClock
    evolution: DiagonalisedEvolution
    copies: int = 1
    classically_diagonalised: bool = True

    @classmethod
    def of(cls, source: DensityInput, clock_qubits: int) -> EigenbasisProgram:
        """Diagonalise the density matrix, O(d**3), and set the clock's unit of time."""
        assert source.matrix is not None
        values, vectors = scipy.linalg.eigh(source.matrix)
        padding = 2**source.system_qubits - source.dimension
        evolution = DiagonalisedEvolution.of_hermitian(
            np.append(values, np.zeros(padding)), scipy.linalg.block_diag(vectors, np.eye(padding))
        )
        return cls(source, LinearClock.up_to(source.largest, clock_qubits), evolution)

    def circuit(self, offset: float = 0.0) -> QuantumCircuit:
        """See `Program`: the copy, the basis change, the clock and the basis change back."""
        circuit, system, _, clock = _registers(self.source, self.clock.outcomes)
        circuit.compose(self.evolution.enter(), system, inplace=True)
        circuit.compose(self._estimation(offset), [*system, *clock], inplace=True)
        return circuit.compose(self.evolution.leave(), system)

    def _estimation(self, offset: float) -> QuantumCircuit:
        turned = TurnedEvolution(self.evolution, 2 * np.pi * offset / self.clock.outcomes)
        return phase_estimation(turned, self.clock.clock_qubits, self.clock.time)

    def priced(self, backend: Backend) -> tuple[QuantumCircuit, dict[str, int]]:
        """See `Program`."""
        circuit = self.circuit()
        return circuit, costs_of(circuit, backend)

    def exact(self, backend: Backend) -> FrameStates:
        """Simulate the parts of the circuit, each on the qubits it acts on.

        What purifies the copy is not touched after it is prepared, and the clock's part is diagonal
        in the frame: its action on all basis states is read off from their superposition.
        """
        n = self.source.system_qubits
        size = 2**n
        prepared = self.source.copy.compose(self.evolution.enter(), range(n))
        entered = backend.statevector(prepared).reshape(-1, size)
        superposed = QuantumCircuit(n + self.clock.clock_qubits)
        superposed.h(range(n))
        superposed.compose(self._estimation(0.0), inplace=True)
        amplitudes = backend.statevector(superposed).reshape(-1, size) * np.sqrt(size)
        paired = QuantumCircuit(2 * n)
        paired.h(range(n, 2 * n))
        paired.cx(range(n, 2 * n), range(n))
        paired.compose(self.evolution.leave(), range(n), inplace=True)
        leave = backend.statevector(paired).reshape(size, size).T * np.sqrt(size)
        return FrameStates(entered.T @ entered.conj(), amplitudes, leave)


@dataclass(frozen=True, eq=False)
class WalkProgram:
    """Phase estimation of the walk that the preparing circuit and its inverse make."""

    source: DensityInput
    clock: WalkClock
    classically_diagonalised: bool = False

    @property
    def copies(self) -> int:
        """One for the input; each step of the walk takes the circuit and its inverse."""
        return 1 + 2 * (self.clock.outcomes - 1)

    def circuit(self, offset: float = 0.0) -> QuantumCircuit:
        """See `Program`; register ``flag`` is in 0 where the system is in an eigenvector."""
        circuit, system, flag, clock = _registers(
            self.source, self.clock.outcomes, self.source.copy.num_qubits
        )
        evolution = WalkEvolution(self.source.copy, self.source.system_qubits)
        turned = TurnedEvolution(evolution, 2 * np.pi * offset / self.clock.outcomes)
        estimation = phase_estimation(turned, self.clock.clock_qubits, 1.0)
        return circuit.compose(estimation, [*system, *flag, *clock])

    def priced(self, backend: Backend) -> tuple[QuantumCircuit, dict[str, int]]:
        """See `Program`."""
        circuit = self.circuit()
        return circuit, costs_of(circuit, backend)

    def exact(self, backend: Backend) -> OutcomeStates:
        """Simulate the circuit."""
        size, width = 2**self.source.system_qubits, self.source.copy.num_qubits
        state = backend.statevector(self.circuit())
        by_outcome = state.reshape(self.clock.outcomes, 2**width, -1, size)
        used = by_outcome[:, 0]
        states = np.einsum("kea,keb->kab", used, used.conj())
        return OutcomeStates(states, np.sum(np.abs(by_outcome) ** 2, axis=(1, 2, 3)))


def measured(program: Program, basis: QuantumCircuit, offset: float) -> QuantumCircuit:
    """Measure clock, system in a basis, and flag if there is one, into registers of their names."""
    circuit = program.circuit(offset)
    registers = {register.name: register for register in circuit.qregs}
    circuit.compose(basis, registers["system"], inplace=True)
    for name in ("system", "flag", "clock"):
        if name in registers:
            bits = ClassicalRegister(registers[name].size, f"{name}_read")
            circuit.add_register(bits)
            circuit.measure(registers[name], bits)
    return circuit


def _registers(
    source: DensityInput, outcomes: int, flag_qubits: int = 0
) -> tuple[QuantumCircuit, QuantumRegister, QuantumRegister, QuantumRegister]:
    """Prepare the copy beside an empty flag and clock."""
    n, total = source.system_qubits, source.copy.num_qubits
    system = QuantumRegister(n, "system")
    purifier = QuantumRegister(total - n, "purifier")
    flag = QuantumRegister(flag_qubits, "flag")
    clock = QuantumRegister(outcomes.bit_length() - 1, "clock")
    used = [register for register in (system, purifier, flag, clock) if register.size]
    circuit = QuantumCircuit(*used, name="principal_components")
    circuit.compose(source.copy, [*system, *purifier], inplace=True)
    return circuit, system, flag, clock
