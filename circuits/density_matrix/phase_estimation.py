"""Phase estimation of a density matrix that is known by its copies alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.density_matrix.copies import append_copy, require_copy
from circuits.density_matrix.exponentiation import exponentiation_error
from circuits.density_matrix.partial_swap import partial_swap
from circuits.iterative_phase_estimation import iterative_phase_estimation
from circuits.phase_estimation import phase_estimation


@dataclass(frozen=True, eq=False)
class CopyEvolution:
    r"""Evolution under a density matrix through copies of it: an `Evolution`, up to an error.

    Attributes
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``state_qubits`` qubits; resets are allowed.
    state_qubits
        n, of the density matrix.
    step
        Longest evolution time, between both values of a time qubit, for which one copy is used.
    """

    copy: QuantumCircuit
    state_qubits: int
    step: float
    classically_diagonalised: bool = False

    def __post_init__(self) -> None:
        require_copy(self.copy, self.state_qubits)
        if not self.step > 0:
            raise ValueError(f"step = {self.step}: must be positive")

    @property
    def system_qubits(self) -> int:
        """Qubits of the state, then those that copies are prepared in (0 before and after)."""
        return self.state_qubits + self.copy.num_qubits

    def enter(self) -> QuantumCircuit:
        """Return an empty circuit: the frame is the computational basis."""
        return QuantumCircuit(self.system_qubits)

    def leave(self) -> QuantumCircuit:
        """Return an empty circuit."""
        return QuantumCircuit(self.system_qubits)

    def controlled_powers(self, time_qubits: int, time: float) -> QuantumCircuit:
        r"""Let each time qubit choose the direction of the partial swaps of its own copies.

        ``8 n - 2`` CX beside the preparation for each copy; see `Evolution` for what it does. Not
        unitary: it resets copies, and cannot be inverted.
        """
        n, first_time = self.state_qubits, self.system_qubits
        circuit = QuantumCircuit(self.system_qubits + time_qubits, name="controlled_powers")
        for bit in range(time_qubits):
            copies = self._copies_of_bit(time * 2**bit)
            step = QuantumCircuit(self.system_qubits + 1)
            step.compose(self.copy, range(n, self.system_qubits), inplace=True)
            # A time qubit in 0 stands for half the time backwards: exp(-i Z rho time / 2).
            swap = partial_swap(n, time * 2**bit / (2 * copies))
            step.compose(swap, [*range(2 * n), self.system_qubits], inplace=True)
            step.reset(range(n, self.system_qubits))
            wires = [*range(self.system_qubits), first_time + bit]
            for _ in range(copies):
                circuit.compose(step, wires, inplace=True)
        return circuit

    def copies(self, time_qubits: int, time: float) -> int:
        """Count the copies that `controlled_powers` takes."""
        return sum(self._copies_of_bit(time * 2**bit) for bit in range(time_qubits))

    def error(self, time_qubits: int, time: float) -> float:
        """Bound the normalised diamond distance of `controlled_powers` from the evolution."""
        times = [time * 2**bit for bit in range(time_qubits)]
        errors = [
            exponentiation_error(t / 2, self._copies_of_bit(t), controlled=True) for t in times
        ]
        return min(1.0, sum(errors))

    def _copies_of_bit(self, time: float) -> int:
        return max(1, math.ceil(abs(time) / self.step * (1 - 1e-12)))


@dataclass(frozen=True, eq=False)
class CopyPhaseEstimation:
    """Phase estimation from copies.

    Attributes
    ----------
    circuit
        To be run.
    copies
        Copies that each run takes, that in the system register included.
    error
        No probability of an outcome differs by more from phase estimation with the evolution
        itself.
    """

    circuit: QuantumCircuit
    copies: int
    error: float


def copy_phase_estimation(
    copy: QuantumCircuit, system_qubits: int, clock_qubits: int, time: float, copies: int
) -> CopyPhaseEstimation:
    r"""Estimate the eigenvalues of a density matrix in a copy of it, with more copies.

    Parameters
    ----------
    copy
        Prepares :math:`\rho` from 0 on its lowest ``system_qubits`` = n qubits, and has m in all;
        resets are allowed.
    system_qubits
        n, at least 1.
    clock_qubits
        Of the clock, at least 1.
    time
        Evolution time t of one unit of the clock: k stands for the phase :math:`\lambda t = 2 \pi k
        / 2^{\mathrm{clock\_qubits}}`, and appears with the probability :math:`\lambda` beside.
    copies
        Most copies to take; see `phase_estimation_copies`.

    Returns
    -------
    CopyPhaseEstimation
        Registers ``system`` (n), ``copy`` (m) and ``clock``; nothing is measured. The system is
        left in an eigenvector, as far as the clock tells them apart. ``8 n - 2`` CX for each copy
        but the first beside its preparation, and the Fourier transform. Copies are shared out in
        proportion to the evolution times of the clock's qubits, which makes the bound on the error
        smallest.

    Raises
    ------
    ValueError
        If the copy does not fit, there is no clock qubit, the time is not finite, or there are
        fewer copies than one for the system and one for each clock qubit.

    References
    ----------
    S. Lloyd, M. Mohseni, P. Rebentrost, Nature Physics 10, 631 (2014), arXiv:1307.0401.
    """
    evolution = _evolution(copy, system_qubits, clock_qubits, time, copies)
    registers = _registers(copy, system_qubits)
    clock = QuantumRegister(clock_qubits, "clock")
    circuit = QuantumCircuit(*registers, clock, name="copy_phase_estimation")
    circuit.compose(_input(copy, system_qubits), range(evolution.system_qubits), inplace=True)
    circuit.compose(phase_estimation(evolution, clock_qubits, time), inplace=True)
    return _result(circuit, evolution, clock_qubits, time)


def iterative_copy_phase_estimation(
    copy: QuantumCircuit, system_qubits: int, bits: int, time: float, copies: int
) -> CopyPhaseEstimation:
    r"""Do the same with one clock qubit and feed-forward: ``n + m + 1`` qubits in all.

    Parameters
    ----------
    copy, system_qubits, time, copies
        As for `copy_phase_estimation`.
    bits
        Number of bits, in place of ``clock_qubits``.

    Returns
    -------
    CopyPhaseEstimation
        Registers ``system`` (n), ``copy`` (m) and ``clock`` (1), classical register ``phase`` with
        the lowest bit of k first, which are distributed as those of the clock of
        `copy_phase_estimation`. Two-qubit gates as there, without the Fourier transform. The system
        is left in the eigenvector.

    Raises
    ------
    ValueError
        As for `copy_phase_estimation`.

    References
    ----------
    R. Griffiths, C.-S. Niu, Phys. Rev. Lett. 76, 3228 (1996), arXiv:quant-ph/9511007.
    """
    evolution = _evolution(copy, system_qubits, bits, time, copies)
    registers = _registers(copy, system_qubits)
    clock, phase = QuantumRegister(1, "clock"), ClassicalRegister(bits, "phase")
    circuit = QuantumCircuit(*registers, clock, phase, name="iterative_copy_phase_estimation")
    estimation = iterative_phase_estimation(_input(copy, system_qubits), evolution, bits, time)
    circuit.compose(estimation, circuit.qubits, phase, inplace=True)
    return _result(circuit, evolution, bits, time)


def phase_estimation_copies(clock_qubits: int, time: float, epsilon: float) -> int:
    r"""Count the copies that keep the error of `copy_phase_estimation` within ``epsilon``.

    Returns
    -------
    int
        ``1 + clock_qubits + ceil(T**2 / (2 epsilon))``, ``T = (2**clock_qubits - 1) |time|`` being
        the whole evolution time: four times as many for each more bit.

    Raises
    ------
    ValueError
        If there is no clock qubit, the time is not finite, or ``epsilon`` is not between 0 and 1.
    """
    _require_clock(clock_qubits, time)
    if not 0 < epsilon <= 1:
        raise ValueError(f"epsilon = {epsilon}: must be above 0 and at most 1")
    whole = (2**clock_qubits - 1) * abs(time)
    return 1 + clock_qubits + math.ceil(whole**2 / (2 * epsilon) * (1 - 1e-12))


def _evolution(
    copy: QuantumCircuit, system_qubits: int, clock_qubits: int, time: float, copies: int
) -> CopyEvolution:
    require_copy(copy, system_qubits)
    _require_clock(clock_qubits, time)
    spare = copies - 1 - clock_qubits
    if spare < 0:
        raise ValueError(
            f"copies = {copies}: at least {1 + clock_qubits} are needed, one for the system and "
            f"one for each of {clock_qubits} bits"
        )
    # Rounding up takes less than one copy more for each bit.
    whole = (2**clock_qubits - 1) * abs(time)
    return CopyEvolution(copy, system_qubits, whole / spare if spare and whole else math.inf)


def _input(copy: QuantumCircuit, system_qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(system_qubits + copy.num_qubits)
    # What purifies the copy in the system is forgotten; its qubits serve the other copies.
    append_copy(
        circuit, copy, [*range(system_qubits)], [*range(2 * system_qubits, circuit.num_qubits)]
    )
    return circuit


def _registers(copy: QuantumCircuit, system_qubits: int) -> tuple[QuantumRegister, ...]:
    return QuantumRegister(system_qubits, "system"), QuantumRegister(copy.num_qubits, "copy")


def _result(
    circuit: QuantumCircuit, evolution: CopyEvolution, bits: int, time: float
) -> CopyPhaseEstimation:
    copies = 1 + evolution.copies(bits, time)
    return CopyPhaseEstimation(circuit, copies, evolution.error(bits, time))


def _require_clock(clock_qubits: int, time: float) -> None:
    if clock_qubits < 1:
        raise ValueError(f"clock_qubits = {clock_qubits}: at least 1 is needed")
    if not np.isfinite(time):
        raise ValueError(f"time = {time}: must be finite")
