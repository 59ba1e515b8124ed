"""The Hadamard test of an evolution: one clock qubit, one power, no feed-forward."""

from __future__ import annotations

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.evolution import Evolution


def evolution_hadamard_test(
    preparation: QuantumCircuit, evolution: Evolution, time: float, phase: float = 0.0
) -> QuantumCircuit:
    r"""Let a state interfere with itself after an evolution, with a clock qubit as the control.

    For a state with weights :math:`w_j` on the eigenvalues :math:`\lambda_j` the clock is read as
    0 with the probability

    .. math:: P(0) = \frac{1}{2} \Big( 1 + \sum_j w_j \cos(\lambda_j t + \theta) \Big).

    :math:`\theta = 0` measures the clock in the X basis, :math:`\theta = -\pi/2` in the Y basis.

    Parameters
    ----------
    preparation
        Prepares the state from 0 on the system register.
    evolution
        Of the Hermitian matrix; its frame is entered once and not left again.
    time
        Evolution time t.
    phase
        Control phase :math:`\theta`, in radians.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` and ``clock`` (1), classical register ``phase`` (1). Beside the
        preparation and ``enter`` it takes ``controlled_powers`` for one time qubit.

    Raises
    ------
    ValueError
        If state and evolution act on different numbers of qubits.

    References
    ----------
    A. Kitaev, arXiv:quant-ph/9511026, Sec. 5; M. Dobsicek, G. Johansson, V. Shumeiko, G. Wendin,
    Phys. Rev. A 76, 030306 (2007), Fig. 1.
    """
    n = evolution.system_qubits
    if preparation.num_qubits != n:
        raise ValueError(
            f"preparation acts on {preparation.num_qubits} qubits, the evolution on {n}"
        )
    system, clock = QuantumRegister(n, "system"), QuantumRegister(1, "clock")
    read = ClassicalRegister(1, "phase")
    circuit = QuantumCircuit(system, clock, read, name="evolution_hadamard_test")
    circuit.metadata = {"classically_diagonalised": evolution.classically_diagonalised}
    circuit.compose(preparation, system, inplace=True)
    circuit.compose(evolution.enter(), system, inplace=True)
    circuit.h(clock)
    circuit.compose(evolution.controlled_powers(1, time), [*system, *clock], inplace=True)
    circuit.p(phase, clock)
    circuit.h(clock)
    circuit.measure(clock, read)
    return circuit
