"""Phase estimation with one clock qubit and feed-forward."""

from __future__ import annotations

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.evolution import Evolution
from circuits.fourier.semiclassical import allowed_windows, read_bit


def iterative_phase_estimation(
    preparation: QuantumCircuit,
    evolution: Evolution,
    bits: int,
    time: float,
    *,
    epsilon: float = 0.0,
) -> QuantumCircuit:
    r"""Measure the eigenphases of a state, one bit after another, with a single clock qubit.

    The Fourier transform of phase estimation followed by measurement is semiclassical: bit j of
    k, the lowest first, is measured before it controls the phases of the higher ones, which then
    take the form of turns of the clock qubit that depend on bits already known. The bits are
    distributed exactly as in measuring the clock of `phase_estimation` with as many qubits and no
    guard qubits.

    *It does not replace the clock of HHL*: there the clock must stay in superposition until the
    eigenvalues have been divided by and forgotten again, while measuring it leaves one eigenvalue.
    What it can do for a linear system is to find out, on the device and with n + 1 qubits, which
    eigenvalues b has a share in.

    Parameters
    ----------
    preparation
        Prepares the state from 0 on the system register.
    evolution
        Of the Hermitian matrix; its frame is entered once and not left again.
    bits
        Number of bits, at least 1.
    time
        Evolution time t of one unit: k stands for the phase :math:`\lambda t = 2 \pi k /
        2^{\mathrm{bits}}`, negative ones in two's complement.
    epsilon
        Bound on the process infidelity that leaving out the smallest phases may cost the Fourier
        transform, see `circuits.fourier.semiclassical.semiclassical_qft`.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` and ``clock`` (1), classical register ``phase`` with the lowest bit of
        k first. Takes ``bits`` measurements, ``bits - 1`` resets, ``bits (bits - 1) / 2`` phases
        under classical control (fewer with ``epsilon``), and as many two-qubit gates as the powers
        of the evolution.

    Raises
    ------
    ValueError
        If the number of bits is not positive, ``epsilon`` is not in [0, 1), or state and evolution
        act on different numbers of qubits.

    References
    ----------
    R. Griffiths, C.-S. Niu, Phys. Rev. Lett. 76, 3228 (1996), arXiv:quant-ph/9511007. M. Dobsicek,
    G. Johansson, V. Shumeiko, G. Wendin, Phys. Rev. A 76, 030306 (2007).
    """
    n = evolution.system_qubits
    if bits < 1:
        raise ValueError(f"bits = {bits}: at least 1 is needed")
    if preparation.num_qubits != n:
        raise ValueError(
            f"preparation acts on {preparation.num_qubits} qubits, the evolution on {n}"
        )
    system, clock = QuantumRegister(n, "system"), QuantumRegister(1, "clock")
    phase = ClassicalRegister(bits, "phase")
    circuit = QuantumCircuit(system, clock, phase, name="iterative_phase_estimation")
    circuit.metadata = {"classically_diagonalised": evolution.classically_diagonalised}
    circuit.compose(preparation, system, inplace=True)
    circuit.compose(evolution.enter(), system, inplace=True)
    windows = allowed_windows(bits, epsilon)
    for bit in range(bits):
        if bit:
            circuit.reset(clock)
        circuit.h(clock)
        # The longest evolution first: it tells the lowest bit of k.
        power = evolution.controlled_powers(1, time * 2 ** (bits - 1 - bit))
        circuit.compose(power, [*system, *clock], inplace=True)
        read_bit(circuit, clock[0], phase, bit, windows, inverse=True)
    return circuit
