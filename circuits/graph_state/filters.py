"""Graph states with local filters: an ancilla for each, kept where it is found in 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.graph_state.graph import Edges, Matrix, graph_state, require_model
from circuits.isometry import unitary

_UNITARY = 1e-12
"""Singular values whose ratio is this close to 1 are equal: the matrix needs no filter."""


def filtered_graph_state(
    edges: Edges, matrices: Matrix, *, projected: Sequence[int] = (), reuse: bool = False
) -> QuantumCircuit:
    r"""Prepare :math:`\bigotimes_i M_i |G\rangle` where all measured bits are 0.

    The polar decomposition :math:`M = U P` leaves a filter P to do. In its eigenbasis, scaled to
    norm 1, it is ``diag(1, s)``; an ancilla turned by Ry(a), ``cos a = s``, a CZ, and Ry(-a)
    is found in 0 with just these amplitudes.

    Parameters
    ----------
    edges
        Of the graph.
    matrices
        Shape ``(m, 2, 2)``; their scale does not matter.
    projected
        Qubits to be found in 0 too. They are measured in the basis of the first row of their
        matrix, and take no filter.
    reuse
        Whether one ancilla serves all filters, measured and reset after each. With an ancilla each,
        all measurements are final, which is what simulators want; they take about twice the qubits.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (m) and ``ancilla``; classical registers ``filters``, one bit for
        each matrix that is not unitary, and ``conditions``, one for each projected qubit; those
        that would be empty are left out. One two-qubit gate for each edge and each filter. All
        bits are 0 with probability
        :math:`\langle Q|\Pi|Q\rangle` over `filter_weight`.

    Raises
    ------
    ValueError
        If the graph, the matrices or the projected qubits make no state.

    References
    ----------
    X. Gao, Z.-Y. Zhang, L.-M. Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038, for
    the state.
    """
    require_model(edges, matrices, projected)
    qubits = len(matrices)
    others = [i for i in range(qubits) if i not in set(projected)]
    filtered = [i for i in others if not _is_unitary(matrices[i])]
    circuit = graph_state(edges, qubits)
    circuit.name = "filtered_graph_state"
    ancillas = QuantumRegister(min(len(filtered), 1) if reuse else len(filtered), "ancilla")
    filters = ClassicalRegister(len(filtered), "filters")
    conditions = ClassicalRegister(len(projected), "conditions")
    circuit.add_register(*(register for register in (ancillas, filters, conditions) if register))
    for i in sorted({*others} - {*filtered}):
        circuit.compose(unitary(_scaled(matrices[i])), [i], inplace=True)
    for bit, (i, ancilla) in enumerate(zip(filtered, _in_turn(ancillas), strict=False)):
        if reuse and bit:
            circuit.reset(ancilla)
        append_filter(circuit, matrices[i], i, ancilla)
        circuit.measure(ancilla, filters[bit])
    for bit, i in enumerate(projected):
        circuit.compose(unitary(first_row_basis(matrices[i])), [i], inplace=True)
        circuit.measure(i, conditions[bit])
    return circuit


def append_filter(circuit: QuantumCircuit, matrix: Matrix, qubit: int, ancilla: Qubit) -> None:
    """Append a matrix over its largest singular value, for an ancilla from 0 to 0."""
    left, (largest, least), right = np.linalg.svd(matrix)
    angle = float(np.arccos(least / largest))
    circuit.compose(unitary(right), [qubit], inplace=True)
    circuit.ry(angle, ancilla)
    circuit.cz(qubit, ancilla)
    circuit.ry(-angle, ancilla)
    circuit.compose(unitary(left), [qubit], inplace=True)


def first_row_basis(matrix: Matrix) -> Matrix:
    """Return a unitary whose first row is that of a matrix, but for its length."""
    first, second = matrix[0] / np.linalg.norm(matrix[0])
    basis: Matrix = np.array([[first, second], [-np.conj(second), np.conj(first)]])
    return basis


def filter_weight(matrices: Matrix, projected: Sequence[int] = ()) -> float:
    r"""Return the logarithm of the weight that `filtered_graph_state` succeeds with certainty at.

    :math:`\prod_i \sigma_{\max}(M_i)^2`, with the squared length of the first row in place of it
    for projected qubits.
    """
    norms: NDArray[np.float64] = np.linalg.norm(matrices, 2, axis=(1, 2))
    for qubit in projected:
        norms[qubit] = np.linalg.norm(matrices[qubit, 0])
    return float(2 * np.log(norms).sum())


def _in_turn(ancillas: QuantumRegister) -> Iterator[Qubit]:
    while len(ancillas):
        yield from ancillas


def _is_unitary(matrix: Matrix) -> bool:
    largest, least = np.linalg.svd(matrix, compute_uv=False)
    return bool(least > (1 - _UNITARY) * largest)


def _scaled(matrix: Matrix) -> Matrix:
    scaled: Matrix = matrix / np.linalg.norm(matrix, 2)
    return scaled
