"""Block encodings of sparse matrices: from tables of their entries, and from oracles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.block_encoding import BlockEncoding
from circuits.dense_encoding import padded_square
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
    entries = padded_square(matrix)
    table = _Table.of(entries, uniform=False)
    description = f"{np.count_nonzero(table.weights)} XOR patterns, each with its own weight"
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
    (\sum_w \hat\theta_w^2)^{1/2}`, which for components below :math:`\delta` is at most
    :math:`2^{2n-1} \max|A|\, \delta`: a power of N less than
    arXiv:2205.00081, Theorem 1, has. What is left out here is chosen by the norm of the change
    itself.

    *Registers* and *cost*: as for ``xor_block_encoding`` with r = n, the index costing nothing.

    Raises
    ------
    ValueError
        As ``xor_block_encoding``.

    References
    ----------
    D. Camps, R. Van Beeumen, QCE 2022, arXiv:2205.00081.
    """
    table = _Table.of(padded_square(matrix), uniform=True)
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
    """Entries by label of the index register and by column.

    Label 0 stands for the zero pattern. ``values`` has shape (labels, columns), absolute values of
    at most 1.
    """

    patterns: NDArray[np.intp]
    weights: NDArray[np.float64]
    values: NDArray[np.complex128]

    @classmethod
    def of(cls, entries: NDArray[np.complex128], *, uniform: bool) -> _Table:
        columns = np.arange(len(entries))
        by_pattern = entries[columns ^ columns[:, None], columns]
        largest = np.abs(by_pattern).max(axis=1)
        if uniform:
            largest[:] = largest.max()
        used = np.union1d(np.flatnonzero(largest), [0])
        labels = 1 << (len(used) - 1).bit_length()
        patterns = columns if labels == len(columns) else np.resize(used, labels)
        weights = largest[patterns]
        if labels < len(columns):
            weights[len(used) :] = 0
        scale = np.where(weights > 0, weights, 1)[:, None]
        values = np.where(weights[:, None] > 0, by_pattern[patterns] / scale, 0)
        return cls(patterns, weights, values)

    @property
    def is_linear(self) -> bool:
        """Whether labels are the patterns themselves."""
        return len(self.patterns) == self.values.shape[1]

    def distance(self, values: NDArray[np.complex128]) -> float:
        """Frobenius norm of the change of the matrix when the values become others."""
        change = np.abs(values - self.values) * self.weights[:, None]
        return float(np.linalg.norm(change))


def _lookup_encoding(table: _Table, epsilon: float, description: str) -> BlockEncoding:
    if not (np.isfinite(epsilon) and epsilon >= 0):
        raise ValueError(f"epsilon = {epsilon}: an error of at least 0 is needed")
    labels, columns = table.values.shape
    n, r = columns.bit_length() - 1, labels.bit_length() - 1
    angles, phases = _compressed(table, epsilon)
    flips = _flips(table, n)
    circuits = []
    for controls in (0, 1):
        system, index = QuantumRegister(n, "system"), QuantumRegister(r, "index")
        entry, control = QuantumRegister(1, "entry"), QuantumRegister(controls, "control")
        circuit = QuantumCircuit(system, index, entry, control, name="xor_block_encoding")
        prepared = index_state(np.sqrt(table.weights), controlled=bool(controls))
        circuit.compose(prepared, [*index, *control], inplace=True)
        selected = [*system, *index, *control, *entry]
        # Without the control, index and entry stay 0.
        idle = [np.zeros_like(angles)] * controls
        circuit.compose(rotation_from_zero(np.concatenate([*idle, angles])), selected, inplace=True)
        turned = multiplexed_rotation(np.concatenate([*idle, -2 * phases]), "z")
        circuit.compose(turned, selected, inplace=True)
        circuit.compose(flips, [*system, *index], inplace=True)
        circuit.compose(prepared.inverse(), [*index, *control], inplace=True)
        circuits.append(circuit)
    alpha = float(table.weights.sum())
    return BlockEncoding(circuits[0], alpha, n, r + 1, description, circuits[1])


def _flips(table: _Table, n: int) -> QuantumCircuit:
    """XOR the pattern of the index's label onto the system, up to the signs of ``_signs``."""
    r = len(table.patterns).bit_length() - 1
    circuit = QuantumCircuit(n + r, name="flips")
    for bit in range(n):
        if table.is_linear:
            circuit.cx(n + bit, bit)
        else:
            half_turns = np.pi * (table.patterns >> bit & 1)
            flip = multiplexed_rotation(half_turns, "y")
            circuit.compose(flip, [*range(n, n + r), bit], inplace=True)
    return circuit


def _signs(table: _Table) -> NDArray[np.float64]:
    """Signs that half turns about y give to the columns, bit by bit, where X gives none."""
    if table.is_linear:
        return np.ones(table.values.shape)
    turned = table.patterns[:, None] & np.arange(table.values.shape[1])
    return 1.0 - 2.0 * (np.bitwise_count(turned) & 1)


def _compressed(table: _Table, epsilon: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Angles and phases of the look-up, with as few components as the error allows."""
    signs = _signs(table)
    looked_up = table.values * signs
    if np.any(looked_up.imag):
        moduli, phases = np.abs(looked_up), np.angle(looked_up)
    else:
        moduli, phases = looked_up.real, np.zeros(looked_up.shape)
    angles = 2 * np.arccos(np.clip(moduli, -1, 1))

    def error(angles: NDArray[np.float64], phases: NDArray[np.float64]) -> float:
        values = np.cos(angles / 2) * np.exp(1j * phases) * signs.ravel()
        return table.distance(values.reshape(signs.shape))

    exact_phases = phases.ravel()
    share = epsilon / 2 if np.any(phases) else epsilon
    angles = _fewer(angles.ravel(), lambda tried: error(tried, exact_phases), share)
    return angles, _fewer(exact_phases, lambda tried: error(angles, tried), epsilon)


def _fewer(
    values: NDArray[np.float64],
    error: Callable[[NDArray[np.float64]], float],
    epsilon: float,
) -> NDArray[np.float64]:
    """Leave out the smallest Walsh-Hadamard components, as many as bisection finds harmless."""
    if epsilon == 0:
        return values
    components = walsh_hadamard(values) / values.size
    order = np.argsort(np.abs(components))
    fewest, most, kept = 0, values.size, values
    while fewest < most:
        dropped = (fewest + most + 1) // 2
        tried = components.copy()
        tried[order[:dropped]] = 0
        tried = walsh_hadamard(tried)
        if error(tried) <= epsilon:
            fewest, kept = dropped, tried
        else:
            most = dropped - 1
    return kept
