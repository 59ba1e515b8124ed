"""The quantum singular value transformation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.block_encoding import BlockEncoding
from circuits.clean_ladder import conjunction
from circuits.multiplexed import diagonal, multiplexed_rotation

# Up to here a multiplexed rotation (2**k cx) is cheaper than a ladder of Toffolis (6 k - 4).
_MULTIPLEXED_SIGNALS = 4


def qsvt(encoding: BlockEncoding, phases: ArrayLike, *, adjoint: bool = False) -> QuantumCircuit:
    r"""Apply a real polynomial of definite parity to the singular values of an encoded matrix.

    With :math:`A/\alpha = \sum_i \sigma_i |w_i\rangle\langle v_i|`, the block of the circuit with
    signal and phase qubit in 0 is :math:`\sum_i p(\sigma_i) |w_i\rangle\langle v_i|` for an odd p,
    and :math:`\sum_i p(\sigma_i) |v_i\rangle\langle v_i|` for an even one; for a Hermitian A both
    are :math:`p(A/\alpha)`. The circuit stays in the encoding's frame.

    Parameters
    ----------
    encoding
        Of A.
    phases
        Shape ``(d + 1,)``: of `circuits.phases.signal_processing_phases`, whose real part is p.
    adjoint
        Transform the adjoint of A instead, which for an odd p swaps v and w.

    Returns
    -------
    QuantumCircuit
        Registers ``system``, ``signal``, ``workspace`` and ``phase`` (1). It uses the encoding d
        times, none of them controlled, and d - 1 phases on the signal, each of ``2**k`` CX for
        k <= 4 signal qubits and ``6 k - 4`` (with k - 1 more workspace qubits) beyond.

    Raises
    ------
    ValueError
        If there are no phases.

    References
    ----------
    A. Gilyen, Y. Su, G. Low, N. Wiebe, STOC 2019, arXiv:1806.01838, Theorem 17 and Corollary 18.
    """
    angles = _reflection_phases(phases)
    degree = angles.size - 1
    system = QuantumRegister(encoding.system_qubits, "system")
    signal = QuantumRegister(encoding.signal_qubits, "signal")
    workspace = QuantumRegister(
        max(encoding.workspace_qubits, ladder_qubits(encoding.signal_qubits)), "workspace"
    )
    phase = QuantumRegister(1, "phase")
    circuit = QuantumCircuit(system, signal, workspace, phase, name="qsvt")
    forward, backward = encoding.circuit, encoding.circuit.inverse()
    if adjoint:
        forward, backward = backward, forward
    uses = [*system, *signal, *workspace[: encoding.workspace_qubits]]
    circuit.h(phase)
    # At both ends the signal is in 0 (or will be found there), so its phase is the qubit's own.
    # The complex conjugate that the phase qubit's 1 selects also conjugates the factor i**degree.
    ends = angles[0] + (angles[-1] if degree else 0.0)
    circuit.rz(-2 * ends - np.pi * degree, phase)
    for use in range(degree):
        circuit.compose(backward if use % 2 else forward, uses, inplace=True)
        if use < degree - 1:
            signal_phase(circuit, angles[degree - 1 - use], signal, phase[0], workspace)
    circuit.h(phase)
    return circuit


def ladder_qubits(signal_qubits: int) -> int:
    """Workspace that a phase on this many signal qubits takes."""
    return 0 if signal_qubits <= _MULTIPLEXED_SIGNALS else signal_qubits - 1


def signal_phase(
    circuit: QuantumCircuit,
    angle: float,
    signal: QuantumRegister | list[Qubit],
    phase: Qubit,
    workspace: QuantumRegister | list[Qubit],
) -> None:
    r"""Append :math:`e^{i\,\mathrm{angle}\,Z (2 \Pi - 1)}`, Z on ``phase``, Pi on signal 0."""
    signals = [*signal]
    if len(signals) <= _MULTIPLEXED_SIGNALS:
        angles = np.full(2 ** len(signals), 2 * angle)
        angles[0] = -2 * angle
        circuit.compose(multiplexed_rotation(angles, "z"), [*signals, phase], inplace=True)
        return
    circuit.x(signals)
    with conjunction(circuit, signals, [*workspace]) as all_zero:
        circuit.cx(all_zero, phase)
        circuit.rz(2 * angle, phase)
        circuit.cx(all_zero, phase)
    circuit.x(signals)


def controlled_signal_reflection(
    circuit: QuantumCircuit,
    signal: QuantumRegister | list[Qubit],
    control: Qubit,
    workspace: QuantumRegister | list[Qubit],
) -> None:
    r"""Append ``2 Pi - 1`` controlled, up to a Z on the control that a second one cancels."""
    signals = [*signal]
    circuit.x(signals)
    _controlled_phase_flip(circuit, [*signals, control], [*workspace])
    circuit.x(signals)


def _controlled_phase_flip(
    circuit: QuantumCircuit, qubits: list[Qubit], workspace: list[Qubit]
) -> None:
    """Append -1 on all ones."""
    if len(qubits) <= _MULTIPLEXED_SIGNALS:
        phases = np.zeros(2 ** len(qubits))
        phases[-1] = np.pi
        circuit.compose(diagonal(phases), qubits, inplace=True)
        return
    with conjunction(circuit, qubits[:-1], workspace) as all_but_one:
        circuit.cz(all_but_one, qubits[-1])


def _reflection_phases(phases: ArrayLike) -> NDArray[np.float64]:
    r"""Phases for reflections instead of rotations: ``W = i exp(-i pi/4 Z) R exp(-i pi/4 Z)``."""
    angles = np.array(phases, dtype=float)
    if angles.ndim != 1 or angles.size == 0:
        raise ValueError(f"phases has shape {angles.shape}: a vector of d + 1 angles is needed")
    angles[1:] -= np.pi / 4
    angles[:-1] -= np.pi / 4
    return angles
