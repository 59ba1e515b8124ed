"""Block encodings of sparse matrices: from tables of their entries, and from oracles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.block_encoding import BlockEncoding
from circuits.multiplexed import multiplexed_rotation, walsh_hadamard
from circuits.multiplexed_state import index_state, rotation_from_zero


def xor_block_encoding(matrix: ArrayLike | sp.sparray, epsilon: float = 0.0) -> BlockEncoding:
    r"""Encode a matrix as a combination of XOR permutations times diagonals.

    .. math:: A = \sum_x P_x D_x, \qquad P_x |j\rangle = |j \oplus x\rangle, \qquad
              (D_x)_{jj} = A_{j \oplus x, j}

    The index register holds x with weight :math:`\max_j |A_{j \oplus x, j}|`, a multiplexed
    rotation of a signal qubit looks up the entry, and CX from index to system are the permutation.

    Parameters
    ----------
    matrix
        Shape ``(N, N)``, array or sparse, real or complex, not zero. Rows N to 2**n - 1 are zero.
    epsilon
        Largest error in spectral norm: the smallest Walsh-Hadamard components of the angles are
        left out as long as the Frobenius norm of the change, computed here, stays below it.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the sum over the patterns x that occur of the largest absolute value.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits; signal: the index and the entry; no workspace. The
    index has r = n qubits and holds x itself, or r = ceil(log2 K) < n if so few patterns K occur,
    the zero pattern included.

    *Cost* for real entries: at most ``2**(n + r) - 1`` CX for the look-up, ``2 (2**r - r - 1)``
    for the index, and n for the permutation (``n 2**r`` if r < n). Complex entries take
    ``2**(n + r)`` more. The classical work is ``O(N**2)``: moderate N only.

    Raises
    ------
    ValueError
        If the matrix is not square, not finite or zero, or epsilon is negative.

    References
    ----------
    Look-up and compression: D. Camps, R. Van Beeumen, QCE 2022, arXiv:2205.00081; the weights for
    each pattern are an LCU's (A. Childs, N. Wiebe, arXiv:1202.5822).
    """
    entries = _checked_matrix(matrix)
    table = _Table.of(entries, uniform=False)
    description = f"{table.used} XOR patterns with their own weights"
    return _lookup_encoding(table, epsilon, description)


def fable_block_encoding(matrix: ArrayLike | sp.sparray, epsilon: float = 0.0) -> BlockEncoding:
    r"""Encode a matrix by looking up all its entries (FABLE), compressed.

    As ``xor_block_encoding`` with all patterns at equal weight: a larger alpha, but angles that are
    a plain function of the entries, so that structure of the matrix shows as vanishing
    Walsh-Hadamard components.

    Parameters
    ----------
    matrix, epsilon
        As for ``xor_block_encoding``.

    Returns
    -------
    BlockEncoding
        ``alpha`` is ``2**n`` times the largest absolute value.

    Notes
    -----
    *Error*: an angle that changes by :math:`\delta\theta` changes its entry by at most
    :math:`\max|A|\, \delta\theta / 2`. By Parseval, leaving out components :math:`\hat\theta_w`
    changes A in Frobenius norm, hence in spectral norm, by at most :math:`2^{n-1} \max|A|\,
    (\sum_w \hat\theta_w^2)^{1/2}`, which for components below :math:`\delta` is at most :math:`2^{2n
    - 1} \max|A|\, \delta`: a power of N less than arXiv:2205.00081, Theorem 1, has. What is left
    out here is chosen by the norm of the change itself.

    *Registers* and *cost*: as for ``xor_block_encoding`` with r = n, the index costing nothing.

    Raises
    ------
    ValueError
        As ``xor_block_encoding``.

    References
    ----------
    D. Camps, R. Van Beeumen, QCE 2022, arXiv:2205.00081.
    """
    table = _Table.of(_checked_matrix(matrix), uniform=True)
    return _lookup_encoding(table, epsilon, "all entries looked up (FABLE)")


def sparse_block_encoding(
    location: QuantumCircuit,
    value: QuantumCircuit,
    system_qubits: int,
    sparsity: int,
    largest: float = 1.0,
) -> BlockEncoding:
    r"""Encode a sparse matrix given by two circuits.

    .. math:: \mathrm{value}:\; |j\rangle |l\rangle |0\rangle \mapsto |j\rangle |l\rangle
              \left( \frac{A_{r(j,l), j}}{\mathrm{largest}} |0\rangle + \dots |1\rangle \right),
              \qquad
              \mathrm{location}:\; |j\rangle |l\rangle \mapsto |r(j, l)\rangle |l\rangle

    Here r(j, l) is the row of the l-th entry of column j; the map j to r(j, l) must be a
    permutation for each l. Columns with fewer entries have values of zero.

    Parameters
    ----------
    location
        On the system (the lowest qubits), the index of m = ceil(log2 sparsity) qubits, and
        workspace that it returns to 0.
    value
        On the system, the index, the entry's qubit, and workspace that it returns to 0.
    system_qubits
        n, at least 1.
    sparsity
        Largest number s of entries in a column.
    largest
        What ``value`` divides entries by, at least the largest absolute value.

    Returns
    -------
    BlockEncoding
        ``alpha = sparsity * largest``.

    Notes
    -----
    *Registers*: system; signal: index and entry; workspace as the circuits need.

    *Cost*: one use of each circuit; the uniform index state costs nothing if s is a power of two,
    else at most ``2**m - m - 1`` CX, twice.

    Raises
    ------
    ValueError
        If a circuit has too few qubits or a number is out of range.

    References
    ----------
    A. Gilyen, Y. Su, G. Low, N. Wiebe, STOC 2019, Lemma 48, arXiv:1806.01838; D. Camps, L. Lin,
    R. Van Beeumen, C. Yang, SIAM J. Matrix Anal. Appl. 45, 801 (2024), Theorem 4.1,
    arXiv:2203.10236 (this form, with the location written in place).
    """
    if system_qubits < 1 or not 1 <= sparsity <= 2**system_qubits:
        raise ValueError(
            f"system_qubits = {system_qubits}, sparsity = {sparsity}: a column of 2**n entries has "
            "1 to 2**n that are not zero"
        )
    if not (np.isfinite(largest) and largest > 0):
        raise ValueError(f"largest = {largest}: a positive number is needed")
    index_qubits = (sparsity - 1).bit_length()
    inner = system_qubits + index_qubits
    for name, oracle, least in (("location", location, inner), ("value", value, inner + 1)):
        if oracle.num_qubits < least:
            raise ValueError(
                f"{name} has {oracle.num_qubits} qubits; system, index and entry need {least}"
            )
    clean = max(location.num_qubits - inner, value.num_qubits - inner - 1)
    select = QuantumCircuit(inner + 1 + clean, name="select")
    select.compose(value, range(value.num_qubits), inplace=True)
    moved = [*range(inner), *range(inner + 1, location.num_qubits + 1)]
    select.compose(location, moved, inplace=True)
    prepared = index_state(np.arange(2**index_qubits) < sparsity)
    index = range(system_qubits, inner)
    circuit = QuantumCircuit(select.num_qubits, name="sparse_block_encoding")
    circuit.compose(prepared, index, inplace=True)
    controlled = QuantumCircuit(select.num_qubits + 1, name="controlled_sparse_block_encoding")
    controlled.compose(prepared, index, inplace=True)
    circuit.compose(select, inplace=True)
    control = select.num_qubits
    controlled.append(select.to_gate().control(1), [control, *range(control)])
    circuit.compose(prepared.inverse(), index, inplace=True)
    controlled.compose(prepared.inverse(), index, inplace=True)
    return BlockEncoding(
        circuit,
        sparsity * largest,
        system_qubits,
        index_qubits + 1,
        f"{sparsity} entries in a column, by oracles",
        controlled,
    )


@dataclass(frozen=True, eq=False)
class _Table:
    """Entries by XOR pattern and column.

    ``patterns`` of the labels of the index register, label 0 standing for pattern 0; ``weights``
    of the labels; ``values``, of absolute value at most 1, of shape (labels, columns).
    """

    entries: NDArray[np.complex128]
    patterns: NDArray[np.intp]
    weights: NDArray[np.float64]
    used: int

    @classmethod
    def of(cls, entries: NDArray[np.complex128], *, uniform: bool) -> _Table:
        columns = np.arange(len(entries))
        every = columns[:, None]
        largest = np.abs(entries[columns ^ every, columns]).max(axis=1)
        if uniform:
            weights = np.full(len(entries), np.max(largest))
            return cls(entries, columns, weights, len(entries))
        used = np.flatnonzero(largest)
        patterns = np.union1d(used, [0])
        labels = 1 << (len(patterns) - 1).bit_length()
        if labels == len(entries):
            patterns = columns
        else:
            patterns = np.pad(patterns, (0, labels - len(patterns)))
        weights = np.where(np.arange(labels) < max(len(used), 1), 0, 0.0)
        weights = largest[patterns].copy()
        return cls(entries, patterns, weights, len(used))
