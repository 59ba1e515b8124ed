"""Quantum phase estimation."""

from __future__ import annotations

from qiskit import QuantumCircuit, QuantumRegister

from circuits.evolution import Evolution
from circuits.qft import qft


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
    time_qubits = clock_qubits - guard_qubits
    if time_qubits < 1 or guard_qubits < 0:
        raise ValueError(
            f"clock_qubits = {clock_qubits}, guard_qubits = {guard_qubits}: need guard_qubits >= 0 "
            "and at least one more clock qubit than guard qubits"
        )
    system = QuantumRegister(evolution.system_qubits, "system")
    clock = QuantumRegister(clock_qubits, "clock")
    circuit = QuantumCircuit(system, clock, name="phase_estimation")
    # The time register is laid out from the top of the clock downwards: the transform without
    # swaps then leaves k in natural order.
    time_register = list(reversed(clock))[:time_qubits]
    circuit.h(time_register)
    powers = evolution.controlled_powers(time_qubits, time)
    circuit.compose(powers, [*system, *time_register], inplace=True)
    circuit.compose(qft(clock_qubits, swaps=False, inverse=True), clock, inplace=True)
    return circuit
