"""Block encodings of dense matrices, row by row or completed to a unitary."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit.library import Isometry, UnitaryGate
from qiskit.quantum_info import Operator
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from circuits.block_encoding import BlockEncoding
from circuits.isometry import complete, isometry, unitary
from circuits.multiplexed_state import index_state, multiplexed_state, rotation_from_zero

_SHARPNESS = (10.0, 100.0, 1000.0)
_UNIT = 1e-12
_VERIFIED = 1e-7
_ROOMS = (1e-3, 3e-3, 1e-2, 3e-2)


def frobenius_block_encoding(matrix: ArrayLike | sp.sparray) -> BlockEncoding:
    r"""Encode a matrix by states of its rows, with the Frobenius norm for alpha.

    .. math:: A_{ij} = \|A\|_F \langle\psi_i|\varphi_j\rangle, \quad
              |\varphi_j\rangle = \sum_i \frac{\|A_i\|}{\|A\|_F} |i\rangle|j\rangle, \quad
              |\psi_i\rangle = |i\rangle \sum_j \frac{A_{ij}^*}{\|A_i\|} |j\rangle

    Parameters
    ----------
    matrix
        Shape ``(N, N)``, array or sparse, real or complex, not zero. Rows N to 2**n - 1 are zero.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the Frobenius norm.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits, n signal qubits, no workspace.

    *Cost*: at most ``4**n - 2 n - 1`` CX for real matrices, ``4**n - 2`` more for complex ones; the
    n swaps of system and signal are a relabelling to the compiler.

    Raises
    ------
    ValueError
        If the matrix is not square, not finite or zero.

    References
    ----------
    I. Kerenidis, A. Prakash, ITCS 2017, arXiv:1603.08675; S. Chakraborty, A. Gilyen, S. Jeffery,
    ICALP 2019, Lemma 25, arXiv:1804.01973.
    """
    entries = padded_square(matrix)
    norms = np.linalg.norm(entries, axis=1)
    alpha = float(np.linalg.norm(norms))
    n = len(entries).bit_length() - 1
    circuits = []
    for controls in (0, 1):
        system, signal = QuantumRegister(n, "system"), QuantumRegister(n, "signal")
        control = QuantumRegister(controls, "control")
        circuit = QuantumCircuit(system, signal, control, name="frobenius_block_encoding")
        prepared = index_state(norms, controlled=bool(controls))
        circuit.compose(prepared, [*signal, *control], inplace=True)
        rows = entries.conj()
        if controls:
            # Without the control the system moves out of the way of the rows, to be moved back.
            rows = np.vstack([np.zeros_like(rows), rows])
            circuit.x(control)
            for pair in zip(system, signal, strict=True):
                circuit.cswap(control[0], *pair)
            circuit.x(control)
        undone = multiplexed_state(rows).inverse()
        circuit.compose(undone, [*system, *signal, *control], inplace=True)
        circuit.swap(system, signal)
        circuits.append(circuit)
    return BlockEncoding(circuits[0], alpha, n, n, "rows, by Frobenius norm", circuits[1])


def row_block_encoding(matrix: ArrayLike | sp.sparray) -> BlockEncoding:
    r"""Encode a matrix by states of its rows against one common state of XOR patterns.

    .. math:: A_{ij} = \alpha\, \langle\psi_i| i \oplus j \rangle\, r_{i \oplus j}, \qquad
              \sum_x r_x^2 = 1, \qquad
              \alpha^2 = \max_i \sum_x \frac{|A_{i, i \oplus x}|^2}{r_x^2}

    An index register is prepared in r, the system becomes i = j XOR x by CX, and the index is
    measured against the state of row i; what that state lacks to norm 1 goes to a flag. The r that
    minimises alpha is found by geometric programming; alpha is exact for whatever r was found.

    Parameters
    ----------
    matrix
        Shape ``(N, N)``, array or sparse, real or complex, not zero. Rows N to 2**n - 1 are zero.

    Returns
    -------
    BlockEncoding
        ``alpha`` is never above that of ``xor_block_encoding``, nor above ``2**(n/2)`` times the
        largest norm of a row; it is below the Frobenius norm where the diagonal dominates.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits; signal: index of n, flag; no workspace.

    *Cost*: at most ``4**n + 2**n - n - 2`` CX for real matrices, ``4**n - 2`` more for complex
    ones.

    Raises
    ------
    ValueError
        If the matrix is not square, not finite or zero.

    References
    ----------
    The two states per entry are those of S. Chakraborty, A. Gilyen, S. Jeffery, ICALP 2019,
    Lemma 25, arXiv:1804.01973; the choice of states is ours.
    """
    entries = padded_square(matrix)
    size = len(entries)
    n = size.bit_length() - 1
    rows = np.arange(size)
    by_pattern = entries[rows[:, None], rows[:, None] ^ rows]
    common, alpha = _common_weights(np.abs(by_pattern) ** 2)
    amplitudes = np.sqrt(common)
    used = common > 0
    states = np.zeros_like(by_pattern)
    states[:, used] = by_pattern[:, used].conj() / (alpha * amplitudes[used])
    norms = np.linalg.norm(states, axis=1)
    flagged = bool(np.any(norms < 1 - _UNIT))
    circuits = []
    for controls in (0, 1):
        system, index = QuantumRegister(n, "system"), QuantumRegister(n, "index")
        flag, control = QuantumRegister(flagged, "flag"), QuantumRegister(controls, "control")
        circuit = QuantumCircuit(system, index, flag, control, name="row_block_encoding")
        prepared = index_state(amplitudes, controlled=bool(controls))
        circuit.compose(prepared, [*index, *control], inplace=True)
        for bit in range(n):
            circuit.cx(index[bit], system[bit])
        # Without the control, index and flag stay 0.
        idle = [np.zeros_like(states)] * controls
        undone = multiplexed_state(np.vstack([*idle, states])).inverse()
        circuit.compose(undone, [*index, *system, *control], inplace=True)
        if flagged:
            angles = [np.zeros(size)] * controls + [2 * np.arccos(np.minimum(norms, 1))]
            lost = rotation_from_zero(np.concatenate(angles))
            circuit.compose(lost, [*system, *control, *flag], inplace=True)
        circuits.append(circuit)
    description = "rows, against common weights of XOR patterns"
    return BlockEncoding(circuits[0], alpha, n, n + flagged, description, circuits[1])


def dilation_block_encoding(
    matrix: ArrayLike | sp.sparray, alpha: float | None = None, *, demultiplexed: bool = False
) -> BlockEncoding:
    r"""Encode a matrix as the upper left block of a dense unitary, with the least alpha there is.

    The columns of :math:`A / \alpha` are completed by a pivoted Cholesky factor of :math:`I -
    A^\dagger A / \alpha^2`, without eigenvectors.

    Classical work is of order N**3 and the circuit has O(N**2) gates: as much as solving the
    system, so that no speed-up can be shown with it. For small systems.

    Parameters
    ----------
    matrix
        Shape ``(N, N)``, array or sparse, real or complex, not zero. Rows N to 2**n - 1 are zero.
    alpha
        An upper bound of the spectral norm; the spectral norm itself if not given. By columns,
        the encoding's is at least 0.1 % above the norm.
    demultiplexed
        Whether to synthesise by cosine-sine and eigenvalue decompositions, which takes fewer
        gates. These contain the singular vectors of A: a circuit made so *was* classically
        diagonalised. Otherwise columns are eliminated one by one, as in a QR decomposition.

    Returns
    -------
    BlockEncoding
        Has one signal qubit.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits, one signal qubit, no workspace.

    *Cost* in CX, compiled: 3, 24, 122, 546 at most for n = 1, 2, 3, 4, about ``2 * 4**n`` and more;
    demultiplexed 3, 14, 73, 329, about ``1.3 * 4**n``.

    Raises
    ------
    ValueError
        If the matrix is not square, not finite or zero, or alpha is below the spectral norm.

    References
    ----------
    Columns one by one, and fewer CX for isometries by cosine-sine decomposition: R. Iten,
    R. Colbeck, I. Kukuljan, J. Home, M. Christandl, Phys. Rev. A 93, 032318 (2016),
    arXiv:1501.06911, Sec. IV and App. A.
    """
    entries = padded_square(matrix)
    norm = float(np.linalg.norm(entries, 2))
    bound = norm if alpha is None else float(alpha)
    if not (np.isfinite(bound) and bound >= norm * (1 - _UNIT)):
        raise ValueError(
            f"alpha = {alpha}: an upper bound of the spectral norm, which is {norm:.6g}, is needed"
        )
    n = len(entries).bit_length() - 1
    circuit = QuantumCircuit(QuantumRegister(n, "system"), QuantumRegister(1, "signal"))
    if demultiplexed:
        bound = max(bound, norm)
        synthesised, residual = isometry(_completed(entries / bound))
        circuit.compose(synthesised, inplace=True)
        circuit.compose(unitary(residual), range(n), inplace=True)
        description = "dilation to a unitary, by cosine-sine decomposition"
    else:
        synthesised, bound = _verified_columns(entries, norm, bound)
        circuit.compose(synthesised, inplace=True)
        description = "dilation to a unitary, column by column"
    return BlockEncoding(circuit, bound, n, 1, description)


def padded_square(matrix: ArrayLike | sp.sparray) -> NDArray[np.complex128]:
    """Entries, padded by zeros to a power of two."""
    written: Any = matrix.toarray() if isinstance(matrix, sp.sparray | sp.spmatrix) else matrix
    entries = np.asarray(written, dtype=complex)
    if entries.ndim != 2 or entries.shape[0] != entries.shape[1] or entries.shape[0] < 2:
        raise ValueError(
            f"matrix has shape {entries.shape}: a square one of at least 2 rows is needed"
        )
    if not np.all(np.isfinite(entries)):
        raise ValueError("matrix contains NaN or infinity: all entries must be finite")
    if not np.any(entries):
        raise ValueError("matrix is zero: at least one entry must not be")
    padding = (1 << (len(entries) - 1).bit_length()) - len(entries)
    return np.pad(entries, (0, padding))


def _common_weights(
    squares: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Find p on the simplex that minimises ``max_i sum_x squares[i, x] / p_x``, and the root of it.

    In the logarithms of p this is convex; the maximum is smoothed, ever less.
    """
    used = squares.any(axis=0)
    rows = squares[squares.any(axis=1)][:, used]
    with np.errstate(divide="ignore"):
        logarithms = np.log(rows / rows.max())
    start = np.log(np.sqrt(rows.max(axis=0)))
    weights = [softmax(start), np.full(start.size, 1 / start.size)]

    def smoothed(point: NDArray[np.float64], sharpness: float) -> tuple[float, NDArray[np.float64]]:
        terms = logarithms - point
        sums = logsumexp(terms, axis=1)
        shares = np.exp(terms - sums[:, None])
        gradient = softmax(point) - softmax(sharpness * sums) @ shares
        return logsumexp(sharpness * sums) / sharpness + logsumexp(point), gradient

    for sharpness in _SHARPNESS:
        start = minimize(smoothed, start, args=(sharpness,), jac=True, method="L-BFGS-B").x
        weights.append(softmax(start))
    sizes = [float(np.sqrt(np.max(rows @ (1 / candidate)))) for candidate in weights]
    best = int(np.argmin(sizes))
    common = np.zeros(squares.shape[1])
    common[used] = weights[best]
    return common, sizes[best]


def _completed(contraction: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Rows below a contraction that make its columns orthonormal."""
    missing = np.eye(len(contraction)) - contraction.conj().T @ contraction
    factor, order, rank, _ = scipy.linalg.lapack.zpstrf(missing)
    upper = np.triu(factor)
    upper[rank:] = 0
    below = np.zeros_like(upper)
    below[:, order - 1] = upper
    return np.vstack([contraction, below])


def _verified_columns(
    entries: NDArray[np.complex128], norm: float, bound: float
) -> tuple[QuantumCircuit, float]:
    """Synthesise by columns, with an alpha slightly above the norm; returns both.

    Qiskit's elimination goes wrong, by as much as a sign, where what a column is to be completed by
    is at the level of rounding. Room above the norm avoids that, and every circuit is looked at.
    """
    for room in _ROOMS:
        alpha = max(bound, norm * (1 + room))
        columns = _completed(entries / alpha)
        circuit = _by_columns(columns)
        found = Operator(circuit).data[:, : columns.shape[1]]
        if np.max(np.abs(found - columns)) < _VERIFIED:
            return circuit, alpha
    raise RuntimeError("the matrix could not be synthesised column by column; demultiplex it")


def _by_columns(columns: NDArray[np.complex128]) -> QuantumCircuit:
    """Synthesise an isometry of one qubit more by elimination of its columns."""
    if columns.shape[1] == 2:
        # Qiskit 2.6's Isometry is wrong from one qubit to two.
        circuit = QuantumCircuit(2)
        circuit.append(UnitaryGate(complete(columns)), [0, 1])
        return circuit
    # Compiled here, once: polynomials use it hundreds of times.
    return transpile(
        Isometry(columns, 0, 0).definition,
        basis_gates=["u", "cx"],
        optimization_level=2,
        seed_transpiler=0,
    )
