"""The parent Hamiltonian of a graph state with matrices, and its evolution by local gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.graph_state.graph import Edges, neighbours
from circuits.isometry import isometry, unitary

Array = NDArray[np.complex128]

_IDENTITY = 1e-12
_PAULI_X: Array = np.array([[0, 1], [1, 0]], dtype=complex)
_PAULI_Z: Array = np.diag([1, -1]).astype(complex)


@dataclass(frozen=True, eq=False)
class ParentTerm:
    """A projector of the parent Hamiltonian.

    Attributes
    ----------
    centre
        Vertex that it belongs to.
    qubits
        The centre and its neighbours in the graph, ascending.
    projector
        Shape ``(2**k, 2**k)``, the first of the qubits the most significant bit; of rank
        ``2**(k - 1)``.
    plain
        Whether all matrices on the qubits are the identity: it is ``(1 - K) / 2`` then, with K a
        stabiliser of the graph state.
    """

    centre: int
    qubits: tuple[int, ...]
    projector: Array
    plain: bool


def parent_terms(edges: Edges, matrices: NDArray[np.complexfloating]) -> tuple[ParentTerm, ...]:
    r"""Return the parent Hamiltonian of :math:`\bigotimes_i M_i |G\rangle`, one term a qubit.

    With :math:`K_i = X_i \prod_{j \in N(i)} Z_j` the stabiliser of the graph state and
    :math:`M = \bigotimes_{j \in N[i]} M_j`, term i projects on the support of
    :math:`M^{-\dagger} (1 - K_i) M^{-1}`. All terms annihilate the state; it is the only such one,
    since invertible M keep the dimension of the common kernel.

    Parameters
    ----------
    edges
        Of the graph.
    matrices
        Shape ``(m, 2, 2)``, invertible.

    Notes
    -----
    ``8**(d + 1)`` operations for a qubit of degree d.
    """
    inverses: Array = np.linalg.inv(matrices).astype(complex)
    plain = np.abs(matrices - np.eye(2)).max(axis=(1, 2)) < _IDENTITY
    terms = []
    for i, near in enumerate(neighbours(edges, len(matrices))):
        qubits = sorted([i, *near])
        projector = _projector(i, qubits, inverses)
        terms.append(ParentTerm(i, tuple(qubits), projector, bool(plain[qubits].all())))
    return tuple(terms)


def _projector(centre: int, qubits: Sequence[int], inverses: Array) -> Array:
    stabiliser = _kron([_PAULI_X if q == centre else _PAULI_Z for q in qubits])
    local = _kron([inverses[q] for q in qubits])
    # Eigenvalue -1 of the stabiliser has half of the eigenvectors, and they come first.
    _, vectors = np.linalg.eigh(stabiliser)
    support, _ = np.linalg.qr(local.conj().T @ vectors[:, : len(vectors) // 2])
    return support @ support.conj().T


def _kron(matrices: Iterable[Array]) -> Array:
    product: Array = np.ones((1, 1), dtype=complex)
    for matrix in matrices:
        product = np.kron(product, matrix).astype(complex)
    return product


def kernel_frame(term: ParentTerm) -> tuple[QuantumCircuit, int]:
    """Build a circuit that turns one qubit's 0 and 1 into the kernel and support of a term.

    Parameters
    ----------
    term
        Of k qubits.

    Returns
    -------
    circuit
        On k qubits, the k-th of them the term's. Plain terms take k - 1 CZ; others 2 CX on two
        qubits, at most 14 on three, 73 on four.
    qubit
        Which of the k it is.
    """
    k = len(term.qubits)
    circuit = QuantumCircuit(k, name="kernel_frame")
    centre = term.qubits.index(term.centre)
    if term.plain:
        circuit.h(centre)
        for other in set(range(k)) - {centre}:
            circuit.cz(centre, other)
        return circuit, centre
    kernel = scipy.linalg.eigh(term.projector)[1][:, : 2 ** (k - 1)]
    if k > 1:
        # Columns may be any basis: this one spares the first multiplexer of the isometry.
        _, _, right = scipy.linalg.svd(kernel[: len(kernel) // 2])
        kernel = kernel @ right.conj().T
    part, residual = isometry(kernel)
    # The first qubit of the term is the most significant one, the isometry's new qubit.
    circuit.compose(part, range(k)[::-1], inplace=True)
    if k > 1:
        circuit.compose(unitary(residual), range(1, k)[::-1], inplace=True)
    return circuit, 0
