"""Block encodings of symmetric tridiagonal Toeplitz matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit
from qiskit.circuit.library import RCCXGate

from circuits.block_encoding import BlockEncoding
from circuits.clean_ladder import conjunction


def path_block_encoding(system_qubits: int, diagonal: float, neighbour: float) -> BlockEncoding:
    r"""Encode the tridiagonal matrix with ``diagonal`` on and ``neighbour`` beside the diagonal.

    The edges of a path of N = 2**n sites fall into two matchings: (0, 1), (2, 3), ... and (1, 2),
    (3, 4), ... In a Gray code (the encoding's frame, n - 1 CX in all) the first flips bit 0, and
    the second flips bit j + 1 where j is the lowest bit set. With :math:`t_j` = "bits below j are
    0", kept in workspace, the latter is a CX from :math:`t_j` and one from :math:`t_{j+1}`, without
    a Toffoli. The two ends, which the second matching leaves alone, go to a signal qubit.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    diagonal, neighbour
        Real; the second not zero.

    Returns
    -------
    BlockEncoding
        Its circuit is its own inverse if ``diagonal`` is 0. ``alpha`` is ``abs(diagonal) + 2
        abs(neighbour)``.

    Notes
    -----
    *Registers*: n system qubits; signal ``odd`` and ``end``, and ``even`` before them if the
    diagonal is not zero; workspace of n - 1.

    *Cost*: 8n - 6 CX, 2 more if the diagonal is not zero. Controlled: 8 more without a diagonal, 12
    to 16 more with one.

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Matchings of a sparse graph as the terms of an LCU: D. Berry, A. Childs, R. Cleve, R. Kothari,
    R. Somma, STOC 2014, Sec. 3, arXiv:1312.1414. The circuit is ours.
    """
    if system_qubits < 1:
        raise ValueError(f"system_qubits = {system_qubits}: at least 1 is needed")
    if neighbour == 0 or not np.all(np.isfinite([diagonal, neighbour])):
        raise ValueError(
            f"diagonal = {diagonal}, neighbour = {neighbour}: finite numbers are needed, and a "
            "neighbour that is not zero"
        )
    description = "tridiagonal Toeplitz by two matchings of a path"
    alpha = abs(diagonal) + 2 * abs(neighbour)
    if diagonal == 0:
        circuit, signals = _without_diagonal(system_qubits, neighbour < 0), 2
        controlled = _controlled_without_diagonal(system_qubits, neighbour < 0)
    else:
        circuit, signals = _with_diagonal(system_qubits, diagonal / alpha, neighbour / alpha), 3
        controlled = _controlled_with_diagonal(system_qubits, diagonal / alpha, neighbour / alpha)
    return BlockEncoding(
        circuit=circuit,
        alpha=alpha,
        system_qubits=system_qubits,
        signal_qubits=signals,
        description=description,
        controlled_circuit=controlled,
        frame=gray_code(system_qubits),
    )


def gray_code(qubits: int) -> QuantumCircuit:
    """Map ``|i>`` to ``|i XOR (i >> 1)>``: neighbours then differ in one bit. ``qubits - 1`` CX."""
    circuit = QuantumCircuit(qubits, name="gray_code")
    for qubit in range(qubits - 1):
        circuit.cx(qubit + 1, qubit)
    return circuit


def _without_diagonal(n: int, negative: bool) -> QuantumCircuit:
    odd, end = QuantumRegister(1, "odd"), QuantumRegister(1, "end")
    system, workspace = QuantumRegister(n, "system"), QuantumRegister(n - 1, "workspace")
    circuit = QuantumCircuit(system, odd, end, workspace, name="path_block_encoding")
    circuit.h(odd)
    circuit.x(system[0])
    circuit.cx(odd[0], system[0])
    _odd_matching(circuit, [*system], [*odd, *workspace], end[0])
    circuit.h(odd)
    circuit.global_phase = np.pi * negative
    return circuit


def _with_diagonal(n: int, diagonal: float, neighbour: float) -> QuantumCircuit:
    """Add a third term, the identity: ``even`` and ``odd`` are both 0."""
    even, odd, end = (QuantumRegister(1, name) for name in ("even", "odd", "end"))
    system, workspace = QuantumRegister(n, "system"), QuantumRegister(n - 1, "workspace")
    circuit = QuantumCircuit(system, even, odd, end, workspace, name="path_block_encoding")
    root = np.sqrt(abs(neighbour))
    prepared = np.array([[np.sqrt(abs(diagonal)), root], [root, 0.0]])
    signed = prepared * np.array([[np.sign(diagonal), np.sign(neighbour)]] * 2)
    signed[1, 0] *= np.sign(neighbour) * np.sign(diagonal)
    circuit.compose(_two_qubit_state(prepared), [*even, *odd], inplace=True)
    circuit.cx(even[0], system[0])
    _odd_matching(circuit, [*system], [*odd, *workspace], end[0])
    circuit.compose(_two_qubit_state(signed).inverse(), [*even, *odd], inplace=True)
    return circuit


def _controlled_without_diagonal(n: int, negative: bool) -> QuantumCircuit:
    """One more qubit of workspace says that the control and ``odd`` are both 1."""
    odd, end, control = (QuantumRegister(1, name) for name in ("odd", "end", "control"))
    system, workspace = QuantumRegister(n, "system"), QuantumRegister(n, "workspace")
    circuit = QuantumCircuit(system, odd, end, workspace, control, name="path_block_encoding")
    circuit.h(odd)
    circuit.cx(control[0], system[0])
    with conjunction(circuit, [*control, *odd], [*workspace]) as chosen:
        circuit.cx(chosen, system[0])
        _odd_matching(circuit, [*system], [*workspace], end[0])
    circuit.h(odd)
    if negative:
        circuit.z(control)
    return circuit


def _controlled_with_diagonal(n: int, diagonal: float, neighbour: float) -> QuantumCircuit:
    """Two more qubits of workspace; signs are phases of their own, to be controlled."""
    even, odd, end = (QuantumRegister(1, name) for name in ("even", "odd", "end"))
    system, workspace = QuantumRegister(n, "system"), QuantumRegister(n + 1, "workspace")
    control = QuantumRegister(1, "control")
    circuit = QuantumCircuit(system, even, odd, end, workspace, control, name="path_block_encoding")
    root = np.sqrt(abs(neighbour))
    prepared = _two_qubit_state(np.array([[np.sqrt(abs(diagonal)), root], [root, 0.0]]))
    circuit.compose(prepared, [*even, *odd], inplace=True)
    with conjunction(circuit, [*control, *even], [workspace[n]]) as chosen:
        circuit.cx(chosen, system[0])
    with conjunction(circuit, [*control, *odd], [*workspace]):
        _odd_matching(circuit, [*system], workspace[:n], end[0])
    if diagonal * neighbour < 0:
        circuit.cz(control[0], even[0])
        circuit.cz(control[0], odd[0])
    if diagonal < 0:
        circuit.z(control)
    circuit.compose(prepared.inverse(), [*even, *odd], inplace=True)
    return circuit


def _odd_matching(
    circuit: QuantumCircuit, system: list[Qubit], ladder: list[Qubit], end: Qubit
) -> None:
    """Swap sites 2j + 1 and 2j + 2, and flip ``end`` for the two that are left, if ladder[0] is 1.

    The flip of bit j + 1 leaves the ladder as it was: it happens only where the ladder has come to
    0 before that bit is looked at.
    """
    steps = list(zip(ladder, system, ladder[1:], strict=False))
    # Relative phases of the three-CX Toffoli cancel with those of its inverse.
    for above, bit, below in steps:
        circuit.x(bit)
        circuit.rccx(above, bit, below)
        circuit.x(bit)
    for bit, (above, _, below) in zip(system[1:], steps, strict=True):
        circuit.cx(above, bit)
        circuit.cx(below, bit)
    circuit.cx(ladder[-1], end)
    for above, bit, below in reversed(steps):
        circuit.x(bit)
        circuit.append(RCCXGate().inverse(), [above, bit, below])
        circuit.x(bit)


def _two_qubit_state(amplitudes: NDArray[np.float64]) -> QuantumCircuit:
    """Prepare ``sum_ij amplitudes[j, i] |i>_0 |j>_1`` with one CX, through its Schmidt form."""
    second, weights, first = np.linalg.svd(amplitudes)
    circuit = QuantumCircuit(2)
    circuit.ry(2 * np.arctan2(weights[1], weights[0]), 0)
    circuit.cx(0, 1)
    circuit.unitary(first.T, [0])
    circuit.unitary(second, [1])
    return circuit
