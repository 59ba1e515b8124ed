"""The quantum linear solver of Harrow, Hassidim and Lloyd."""

from __future__ import annotations

from qiskit import QuantumCircuit, QuantumRegister

from circuits.evolution import Evolution
from circuits.phase_estimation import phase_estimation
from circuits.reciprocal import GUARD_QUBITS, ReciprocalFilter, reciprocal_rotation


def hhl(
    right_hand_side: QuantumCircuit, evolution: Evolution, reciprocal: ReciprocalFilter
) -> QuantumCircuit:
    r"""Prepare a state proportional to :math:`H^{-1} |b\rangle`, up to post-selection.

    Phase estimation writes the eigenvalues of H into the clock, the reciprocal rotation turns
    the flag, and inverse phase estimation returns the clock to 0. With the flag found in 1 and
    the clock in 0 the system register holds, unnormalised and with its sign,

    .. math:: g(H)\,|b\rangle, \qquad |\lambda\, g(\lambda) / C - 1| \le \epsilon,

    g, C and epsilon being those of ``reciprocal``. Both conditions are needed: the filter is
    designed for the amplitude that returns to clock 0.

    Parameters
    ----------
    right_hand_side
        Prepares :math:`|b\rangle` from 0 on the system register.
    evolution
        Of H, whose eigenvalues lie where ``reciprocal`` was designed: scaled to
        [1/kappa, 1], with the mirror image if it is not ``definite``.
    reciprocal
        Clock size, evolution time and rotation angles.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (n qubits, the lowest), ``clock`` (m) and ``flag`` (1). Besides
        twice ``evolution.controlled_powers`` and once each of ``enter``, ``leave`` and
        ``right_hand_side`` it takes at most ``2**m + 2 m (m - 1)`` CX. The name of the circuit is
        ``hhl``; ``metadata["classically_diagonalised"]`` says whether the eigenvectors of H
        were computed classically to build it.

    Raises
    ------
    ValueError
        If the right-hand side and the evolution act on different numbers of qubits.

    References
    ----------
    A. Harrow, A. Hassidim, S. Lloyd, Phys. Rev. Lett. 103, 150502 (2009), arXiv:0811.3171.
    """
    n, m = evolution.system_qubits, reciprocal.clock_qubits
    if right_hand_side.num_qubits != n:
        raise ValueError(
            f"right_hand_side acts on {right_hand_side.num_qubits} qubits, the evolution on {n}"
        )
    system, clock = QuantumRegister(n, "system"), QuantumRegister(m, "clock")
    flag = QuantumRegister(1, "flag")
    circuit = QuantumCircuit(system, clock, flag, name="hhl")
    circuit.metadata = {"classically_diagonalised": evolution.classically_diagonalised}
    estimation = phase_estimation(evolution, m, reciprocal.time, guard_qubits=GUARD_QUBITS)

    circuit.compose(right_hand_side, system, inplace=True)
    circuit.compose(evolution.enter(), system, inplace=True)
    circuit.compose(estimation, [*system, *clock], inplace=True)
    circuit.compose(reciprocal_rotation(reciprocal.values), [*clock, *flag], inplace=True)
    circuit.compose(estimation.inverse(), [*system, *clock], inplace=True)
    circuit.compose(evolution.leave(), system, inplace=True)
    return circuit
