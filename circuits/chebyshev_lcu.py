"""A Chebyshev series of a block-encoded matrix as a linear combination of unitaries."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.block_encoding import BlockEncoding
from circuits.qsvt import controlled_signal_reflection, ladder_qubits
from circuits.state_preparation import state_preparation


def chebyshev_lcu(
    encoding: BlockEncoding, coefficients: ArrayLike, *, adjoint: bool = False
) -> QuantumCircuit:
    r"""Apply :math:`\sum_k c_k T_k(A/\alpha) / \sum_k |c_k|`, all k odd or all even.

    An index register in :math:`\sum_j \sqrt{|c_j|} |j\rangle` controls powers of
    :math:`W = U^\dagger R\, U R`, R the reflection about signal 0, whose block is
    :math:`T_2`. With the reflections off, U and its inverse cancel: only the reflections are
    controlled, and U need not be its own inverse.

    Parameters
    ----------
    encoding
        Of A; for a matrix that is not Hermitian the polynomial acts on its singular values, as in
        `circuits.qsvt.qsvt`.
    coefficients
        Shape ``(d + 1,)``, real; either all odd or all even ones are zero.
    adjoint
        Transform the adjoint of A instead.

    Returns
    -------
    QuantumCircuit
        Registers ``system``, ``signal``, ``workspace`` and ``index``; the block with signal and
        index in 0. For t nonzero terms the index has ``q = ceil(log2(t))`` qubits, and the encoding
        is used ``2 (2**q - 1)`` times, once more if the series is odd.

    Raises
    ------
    ValueError
        If the series is zero, not finite, or has terms of both parities.

    References
    ----------
    A. Childs, R. Kothari, R. Somma, SIAM J. Comput. 46, 1920 (2017), Sec. 4, arXiv:1511.02306.
    That walk operators need no control beyond their reflections: as in amplitude amplification.
    """
    odd, terms = _terms(coefficients)
    index_qubits = max(1, int(terms.size - 1).bit_length())
    weights = np.zeros(2**index_qubits)
    weights[: terms.size] = np.sqrt(np.abs(terms))
    signed = weights.copy()
    signed[: terms.size] *= np.sign(terms)
    system = QuantumRegister(encoding.system_qubits, "system")
    signal = QuantumRegister(encoding.signal_qubits, "signal")
    spare = max(encoding.workspace_qubits, ladder_qubits(encoding.signal_qubits + 1))
    workspace, index = QuantumRegister(spare, "workspace"), QuantumRegister(index_qubits, "index")
    circuit = QuantumCircuit(system, signal, workspace, index, name="chebyshev_lcu")
    uses = [*system, *signal, *workspace[: encoding.workspace_qubits]]
    forward, backward = encoding.circuit, encoding.circuit.inverse()
    if adjoint:
        forward, backward = backward, forward
    if odd:
        # T_(2j+1) starts from the other side of the matrix: one use, then j double steps.
        circuit.compose(forward, uses, inplace=True)
        forward, backward = backward, forward
    circuit.compose(state_preparation(weights), index, inplace=True)
    for bit in range(index_qubits):
        for _ in range(2**bit):
            controlled_signal_reflection(circuit, signal, index[bit], workspace)
            circuit.compose(forward, uses, inplace=True)
            controlled_signal_reflection(circuit, signal, index[bit], workspace)
            circuit.compose(backward, uses, inplace=True)
    circuit.compose(state_preparation(signed).inverse(), index, inplace=True)
    return circuit


def _terms(coefficients: ArrayLike) -> tuple[bool, NDArray[np.float64]]:
    """Parity and the coefficients of that parity, from the lowest degree."""
    series = np.trim_zeros(np.asarray(coefficients, dtype=float), "b")
    if series.ndim != 1 or series.size == 0 or not np.all(np.isfinite(series)):
        raise ValueError("coefficients: finite numbers are needed, not all of them zero")
    odd = series.size % 2 == 0
    if np.any(series[1 - odd :: 2] != 0):
        raise ValueError("coefficients: the series has both odd and even terms")
    return odd, series[odd::2]
