"""Quantum phase estimation."""

from __future__ import annotations

from typing import Any

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.evolution import Evolution
from circuits.fourier.choice import qft
from circuits.fourier.semiclassical import measured_qft


def phase_estimation(
    evolution: Evolution, clock_qubits: int, time: float, *, guard_qubits: int = 0
) -> QuantumCircuit:
    r"""Write the eigenphases of an evolution into a clock register.

    For an eigenstate with eigenvalue :math:`\lambda` the clock ends in
    :math:`\sum_k \alpha_k |k\rangle` with

    .. math:: |\alpha_k|^2 = \frac{1}{M E}
              \left( \frac{\sin(E \Delta_k / 2)}{\sin(\Delta_k / 2)} \right)^2, \qquad
              \Delta_k = \lambda t - 2 \pi k / M,

    :math:`M = 2^{\mathrm{clock\_qubits}}` and :math:`E = M / 2^{\mathrm{guard\_qubits}}`.
    Negative phases appear in two's complement: k and k - M are the same clock state.

    Parameters
    ----------
    evolution
        What to estimate; the circuit stays in its frame (``enter`` and ``leave`` are up to the
        caller, who may have more to do there).
    clock_qubits
        Size of the clock register.
    time
        Evolution time t of one unit of the clock.
    guard_qubits
        How many of the clock's qubits lengthen the Fourier transform without lengthening the
        evolution: the grid of phases becomes ``2**guard_qubits`` times finer than the
        resolution. 0 is the textbook's phase estimation.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` then ``clock``; k is read from the clock with its qubit 0 as the
        least significant bit. Apply its inverse to undo it.

    Raises
    ------
    ValueError
        If no clock qubit is left for the evolution.

    References
    ----------
    R. Cleve, A. Ekert, C. Macchiavello, M. Mosca, Proc. R. Soc. Lond. A 454, 339 (1998), Sec. 5.
    """
    circuit = _phases_on_clock(evolution, clock_qubits, time, guard_qubits)
    circuit.name = "phase_estimation"
    # The clock is laid out from its top downwards: the transform without swaps leaves k in natural
    # order.
    clock = circuit.qubits[evolution.system_qubits :]
    circuit.compose(qft(clock_qubits, swaps=False, inverse=True), clock, inplace=True)
    return circuit


def measured_phase_estimation(
    evolution: Evolution,
    clock_qubits: int,
    time: float,
    *,
    guard_qubits: int = 0,
    target: Any = None,
    epsilon: float = 0.0,
) -> QuantumCircuit:
    """Phase estimation whose clock is measured at the end, where a target allows by feed-forward.

    The clock is distributed as that of `phase_estimation`, but the Fourier transform takes no
    two-qubit gate where the target can act on what it has measured (see
    `circuits.fourier.semiclassical.measured_qft`).
    For reading eigenvalues only: where the clock is used and then undone, as in HHL, it must stay
    coherent. With one clock qubit instead of many: `circuits.iterative_phase_estimation`.

    Parameters
    ----------
    evolution, clock_qubits, time, guard_qubits
        As for `phase_estimation`.
    target, epsilon
        As for `circuits.fourier.semiclassical.measured_qft`.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` then ``clock``, and a classical register ``phase`` with the lowest bit
        of k first.

    Raises
    ------
    ValueError
        If no clock qubit is left for the evolution, or ``epsilon`` is not in [0, 1).
    TypeError
        If the target is of another kind.
    """
    circuit = _phases_on_clock(evolution, clock_qubits, time, guard_qubits)
    circuit.name = "measured_phase_estimation"
    clock = circuit.qubits[evolution.system_qubits :]
    phase = ClassicalRegister(clock_qubits, "phase")
    circuit.add_register(phase)
    transform = measured_qft(clock_qubits, target, epsilon, inverse=True)
    circuit.compose(transform, clock[::-1], phase, inplace=True)
    return circuit


def _phases_on_clock(
    evolution: Evolution, clock_qubits: int, time: float, guard_qubits: int
) -> QuantumCircuit:
    """All before the Fourier transform; the bits of time are on the clock in reverse."""
    time_qubits = clock_qubits - guard_qubits
    if time_qubits < 1 or guard_qubits < 0:
        raise ValueError(
            f"clock_qubits = {clock_qubits}, guard_qubits = {guard_qubits}: need guard_qubits >= 0 "
            "and at least one more clock qubit than guard qubits"
        )
    system = QuantumRegister(evolution.system_qubits, "system")
    clock = QuantumRegister(clock_qubits, "clock")
    circuit = QuantumCircuit(system, clock)
    time_register = list(reversed(clock))[:time_qubits]
    circuit.h(time_register)
    powers = evolution.controlled_powers(time_qubits, time)
    circuit.compose(powers, [*system, *time_register], inplace=True)
    return circuit
