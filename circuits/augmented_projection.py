"""The solution of a linear system as the kernel of a matrix, reached by one reflection."""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister

from circuits.block_encoding import BlockEncoding
from circuits.clean_ladder import conjunction


def augmented_projection(
    encoding: BlockEncoding, right_hand_side: QuantumCircuit, inverse_norm: float
) -> BlockEncoding:
    r"""Encode a matrix whose kernel is the solution beside the right-hand side.

    One qubit more, ``copy``, holds the solution in its 0 and a copy of b in its 1. With
    :math:`A_\tau = |0\rangle\langle 0| \otimes A/\alpha + |1\rangle\langle 1| \otimes \tau` the
    system :math:`A_\tau y = |{+}\rangle |b\rangle` has the solution
    :math:`y \propto |0\rangle (A/\alpha)^{-1}|b\rangle + \tau^{-1} |1\rangle |b\rangle`, and y
    spans the kernel of

    .. math:: G = (1 - |{+}, b\rangle\langle {+}, b|)\, A_\tau

    within the span of what is reached from :math:`|1\rangle|b\rangle`. Its other singular values
    are at least the smallest of :math:`A_\tau`.

    Parameters
    ----------
    encoding
        Of A.
    right_hand_side
        Prepares :math:`|b\rangle` from 0 on the system, in the encoding's frame.
    inverse_norm
        :math:`\tau`, in (0, 1]: best the inverse of the norm of :math:`(A/\alpha)^{-1}|b\rangle`,
        for which the two parts of y have equal weight.

    Returns
    -------
    BlockEncoding
        On a system of one qubit more (``copy``, the highest), with one signal qubit more and
        alpha = 1. One controlled use of A, two of the right-hand side, and ``6 n + 7`` CX.

    Raises
    ------
    ValueError
        If the right-hand side has another number of qubits, or tau is out of range.

    References
    ----------
    A. Dalzell, arXiv:2406.12086, Sec. 3. That b itself, and not a basis vector, stands in the
    added part, so that its preparation is never controlled, is ours.
    """
    n = encoding.system_qubits
    if right_hand_side.num_qubits != n:
        raise ValueError(
            f"right_hand_side acts on {right_hand_side.num_qubits} qubits, the encoding on {n}"
        )
    if not 0 < inverse_norm <= 1:
        raise ValueError(f"inverse_norm = {inverse_norm}: must lie in (0, 1]")
    system, copy = QuantumRegister(n, "system"), QuantumRegister(1, "copy")
    inner, projection = (
        QuantumRegister(encoding.signal_qubits, "inner"),
        QuantumRegister(1, "projection"),
    )
    controlled = encoding.controlled()
    spare = controlled.num_qubits - 1 - n - encoding.signal_qubits
    workspace = QuantumRegister(max(spare, n), "workspace")
    circuit = QuantumCircuit(system, copy, inner, projection, workspace, name="kernel")
    uses = [*system, *inner, *workspace[:spare], *copy]
    circuit.x(copy)
    circuit.compose(controlled, uses, inplace=True)
    circuit.x(copy)
    circuit.cry(2 * np.arccos(inverse_norm), copy[0], inner[0])
    circuit.compose(right_hand_side.inverse(), system, inplace=True)
    circuit.h([*copy, *projection])
    circuit.x([*system, *copy])
    with conjunction(circuit, [*system, *copy], [*workspace]) as all_zero:
        circuit.cz(all_zero, projection)
    circuit.x([*system, *copy])
    circuit.h([*copy, *projection])
    circuit.compose(right_hand_side, system, inplace=True)
    return BlockEncoding(
        circuit=circuit,
        alpha=1.0,
        system_qubits=n + 1,
        signal_qubits=encoding.signal_qubits + 1,
        description=f"kernel of {encoding.description}",
    )
