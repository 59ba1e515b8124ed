"""Data and density matrices as reduced states of a larger register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.isometry import complete, unitary
from circuits.multiplexed_state import index_state, multiplexed_state

_HERMITIAN = 1e-10
"""Largest relative deviation from a Hermitian or positive matrix that counts as rounding."""


@dataclass(frozen=True, eq=False)
class Purification:
    """A circuit whose lowest qubits are left in a density matrix.

    Attributes
    ----------
    circuit
        Registers ``features`` (the system) and, unless the state is pure, ``samples``.
    system_qubits
        Of the register ``features``.
    classically_diagonalised
        Whether building it took the eigenvectors of the density matrix.
    """

    circuit: QuantumCircuit
    system_qubits: int
    classically_diagonalised: bool


def purified_data(X: ArrayLike, *, method: Literal["qr", "svd"] = "qr") -> Purification:
    r"""Encode a data matrix in amplitudes, so that the features are in the state of its covariance.

    The state :math:`\sum_{ij} X_{ij} |i\rangle |j\rangle / \|X\|_F` leaves the register of j in
    :math:`\rho = X^T \bar X / \|X\|_F^2`: for real centred data the covariance matrix over its
    trace; for complex data the conjugate of :math:`X^\dagger X / \|X\|_F^2`. :math:`\rho` does not
    change if a unitary mixes the samples, so the rows of R from :math:`X = Q R` are loaded in place
    of those of X, and r of them, the rank of X, are enough.

    Parameters
    ----------
    X
        Shape ``(samples, features)``, real or complex; centred by the caller, or not.
    method
        ``"qr"`` reduces the samples by a QR decomposition with pivoting, which takes
        ``O(samples * features**2)`` classical operations but does not diagonalise :math:`\rho`.
        ``"svd"`` does, for a circuit of half as many gates or less: for devices, not for claims.

    Returns
    -------
    Purification
        With ``n = ceil(log2(features))`` system qubits and ``ceil(log2(r))`` for the samples,
        padded with zeros. ``"qr"``: at most ``2**N - N - 1`` CX for real X on N qubits in all, and
        ``2**N - 2`` more for complex X. Loading it from quantum memory instead is not modelled.

    Raises
    ------
    ValueError
        If X is not a matrix with finite entries, is zero, or the method is unknown.

    References
    ----------
    S. Lloyd, M. Mohseni, P. Rebentrost, Nature Physics 10, 631 (2014), arXiv:1307.0401.
    """
    matrix = _finite_matrix(X, "X")
    if not np.any(matrix):
        raise ValueError("X is zero: at least one entry must not be")
    if method not in ("qr", "svd"):
        raise ValueError(f"method = {method!r}: 'qr' or 'svd' is needed")
    matrix = matrix / np.max(np.abs(matrix))
    if method == "svd":
        return _diagonalised(matrix)
    triangle, pivots = scipy.linalg.qr(matrix, mode="r", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    rank = int(np.sum(sizes > max(matrix.shape) * np.finfo(float).eps * sizes[0]))
    rows = np.empty_like(triangle[:rank])
    rows[:, pivots] = triangle[:rank]
    return _loaded(rows)


def purified_density_matrix(rho: ArrayLike) -> Purification:
    r"""Prepare a state whose lowest qubits are in a density matrix given by its entries.

    Parameters
    ----------
    rho
        Shape ``(d, d)``, Hermitian, positive semidefinite and not zero; divided by its trace here.

    Returns
    -------
    Purification
        With ``ceil(log2(d))`` system qubits and ``ceil(log2(rank))`` more, padded with zeros: the
        amplitudes are those of L in the pivoted Cholesky decomposition :math:`\rho = L L^\dagger`,
        ``O(d**3)`` classical operations without a diagonalisation. CX as for `purified_data`.

    Raises
    ------
    ValueError
        If ``rho`` is not square, finite, Hermitian and positive semidefinite, or is zero.

    References
    ----------
    N. Higham, Accuracy and Stability of Numerical Algorithms, SIAM (2002), Sec. 10.3.
    """
    matrix = _finite_matrix(rho, "rho")
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"rho has shape {matrix.shape}: a square matrix is needed")
    scale = np.max(np.abs(matrix))
    if np.max(np.abs(matrix - matrix.conj().T)) > _HERMITIAN * scale:
        raise ValueError("rho is not Hermitian")
    trace = np.trace(matrix).real
    if not trace > 0:
        raise ValueError(f"rho has trace {trace:.3g}: it must be positive")
    matrix = matrix / trace
    name = "zpstrf" if np.iscomplexobj(matrix) else "dpstrf"
    factor, pivots, rank, _ = getattr(scipy.linalg.lapack, name)(matrix, lower=1)
    columns = np.zeros((matrix.shape[0], rank), dtype=factor.dtype)
    columns[pivots - 1] = np.tril(factor)[:, :rank]
    if np.max(np.abs(columns @ columns.conj().T - matrix)) > _HERMITIAN:
        raise ValueError("rho is not positive semidefinite")
    return _loaded(columns.T)


def _loaded(rows: NDArray[Any]) -> Purification:
    """Prepare the entries of a matrix as amplitudes, by rotations that take no decomposition."""
    table = _padded(rows)
    features = table.shape[1].bit_length() - 1
    circuit = multiplexed_state(table.ravel()[None])
    return Purification(_named(circuit, features), features, classically_diagonalised=False)


def _diagonalised(matrix: NDArray[Any]) -> Purification:
    """Prepare singular values, copy the index to the features, and turn to singular vectors."""
    _, values, right = np.linalg.svd(matrix, full_matrices=False)
    rank = int(np.sum(values > max(matrix.shape) * np.finfo(float).eps * values[0]))
    rows = _padded(values[:rank, None] * right[:rank])
    samples, features = (side.bit_length() - 1 for side in rows.shape)
    circuit = QuantumCircuit(features + samples)
    circuit.compose(
        index_state(np.linalg.norm(rows, axis=1)), range(features, features + samples), inplace=True
    )
    for qubit in range(samples):
        circuit.cx(features + qubit, qubit)
    vectors = np.pad(right[:rank].T, [(0, rows.shape[1] - right.shape[1]), (0, 0)])
    circuit.compose(unitary(complete(vectors)), range(features), inplace=True)
    direct = multiplexed_state(rows.ravel()[None])
    cheaper = min(direct, circuit, key=lambda way: way.num_nonlocal_gates())
    return Purification(_named(cheaper, features), features, classically_diagonalised=True)


def _padded(rows: NDArray[Any]) -> NDArray[Any]:
    """Add zeros up to powers of two, at least one feature qubit."""
    height, width = rows.shape
    sides = 1 << (height - 1).bit_length(), max(2, 1 << (width - 1).bit_length())
    return np.pad(rows, [(0, sides[0] - height), (0, sides[1] - width)])


def _named(circuit: QuantumCircuit, features: int) -> QuantumCircuit:
    registers = [QuantumRegister(features, "features")]
    if circuit.num_qubits > features:
        registers.append(QuantumRegister(circuit.num_qubits - features, "samples"))
    named = QuantumCircuit(*registers, name="purification")
    return named.compose(circuit)


def _finite_matrix(values: ArrayLike, name: str) -> NDArray[Any]:
    matrix = np.asarray(values) * 1.0
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(f"{name} has shape {matrix.shape}: a matrix is needed")
    if not np.all(np.isfinite(matrix)):
        raise ValueError(f"{name} contains NaN or infinity: all entries must be finite")
    return matrix
