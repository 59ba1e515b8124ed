"""Isometries from a few qubits to more, with the qubits joining in 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import CXGate
from qiskit.synthesis import (
    OneQubitEulerDecomposer,
    TwoQubitBasisDecomposer,
    TwoQubitWeylDecomposition,
)

from circuits.multiplexed import multiplexed_rotation, walsh_hadamard

Matrix = NDArray[Any]

_EXACT = 1e-10
"""Largest deviation of an entry that counts as rounding."""


def unitary(matrix: Matrix) -> QuantumCircuit:
    """Synthesise a unitary: 3 CX on two qubits (2 if real of determinant 1), 20 on three.

    Parameters
    ----------
    matrix
        Shape ``(2**n, 2**n)``, unitary.

    References
    ----------
    V. Shende, S. Bullock, I. Markov, IEEE Trans. CAD 25, 1000 (2006), Theorem 13.
    """
    qubits = int(matrix.shape[0]).bit_length() - 1
    circuit = QuantumCircuit(qubits)
    if qubits == 0:
        circuit.global_phase = float(np.angle(matrix[0, 0]))
    elif qubits == 1:
        circuit.compose(_one_qubit(matrix), [0], inplace=True)
    elif qubits == 2:
        circuit = _two_qubits(matrix)
    else:
        residual = _append_up_to_residual(circuit, matrix)
        circuit.compose(unitary(residual), range(qubits - 1), inplace=True)
    return circuit


def isometry(matrix: Matrix) -> tuple[QuantumCircuit, Matrix]:
    r"""Synthesise an isometry with one more qubit, up to a unitary on the others.

    Parameters
    ----------
    matrix
        Shape ``(2**(m+1), 2**m)`` with orthonormal columns: the image of each basis state of m
        qubits, the qubit m starting in 0.

    Returns
    -------
    circuit
        On m + 1 qubits. For m = 1: 2 CX; for m = 2: 11 CX.
    residual
        Unitary of shape ``(2**m, 2**m)``: the isometry is the circuit, then this on qubits 0 to
        m-1.

    Notes
    -----
    Cosine-sine decomposition: both halves of the matrix are ``V_s diag(cos or sin) W``; and
    ``V_0 + V_1`` (direct sum) is ``G (D + D^*) L`` with D diagonal. So the circuit is W, a
    multiplexed Ry, L, a multiplexed Rz; diagonal factors of W and L, and the last gate of the
    Ry, move on to what follows, and G is the residual.

    References
    ----------
    R. Iten, R. Colbeck, I. Kukuljan, J. Home, M. Christandl, Phys. Rev. A 93, 032318 (2016).
    """
    inner = int(matrix.shape[1]).bit_length() - 1
    circuit = QuantumCircuit(inner + 1)
    if inner == 0:
        circuit.compose(_one_qubit(complete(matrix)), [0], inplace=True)
        return circuit, np.eye(1)
    if inner == 1:
        circuit.compose(_one_to_two(matrix), inplace=True)
        return circuit, np.eye(2)
    half = 2**inner
    left, angles, (right, _) = scipy.linalg.cossin(
        complete(matrix).astype(complex), p=half, q=half, separate=True
    )
    phases = _append_up_to_diagonal(circuit, right)
    return circuit, _append_cosine_sine(circuit, left, angles, phases)


def complete(matrix: Matrix) -> Matrix:
    """Add columns to orthonormal ones, to a unitary; of determinant 1 if the matrix is real."""
    rows, columns = matrix.shape
    if rows == columns:
        return matrix
    basis = scipy.linalg.qr(matrix)[0]
    whole: Matrix = np.hstack([matrix, basis[:, columns:]])
    if not np.iscomplexobj(whole) and np.linalg.det(whole) < 0:
        whole[:, -1] *= -1
    return whole


def _one_qubit(matrix: Matrix) -> QuantumCircuit:
    circuit: QuantumCircuit = OneQubitEulerDecomposer("U")(np.asarray(matrix, dtype=complex))
    return circuit


def _one_to_two(matrix: Matrix) -> QuantumCircuit:
    # The adjoint up to a diagonal after it: here a diagonal before, on a state where the second
    # qubit is 0, which one qubit can take.
    phases, adjoint = _two_cx(complete(matrix).conj().T)
    circuit = QuantumCircuit(2)
    circuit.compose(_one_qubit(np.diag(phases[:2].conj())), [0], inplace=True)
    circuit.compose(adjoint.inverse(), inplace=True)
    return circuit


def _append_up_to_diagonal(circuit: QuantumCircuit, matrix: Matrix) -> Matrix:
    """Append the matrix on the lowest qubits but for a diagonal, which is returned, after it."""
    qubits = int(matrix.shape[0]).bit_length() - 1
    part = QuantumCircuit(qubits)
    if qubits == 2:
        phases, part = _two_cx(matrix)
    elif qubits > 2:
        residual = _append_up_to_residual(part, matrix)
        phases = np.tile(_append_up_to_diagonal(part, residual), 2)
    else:
        phases, part = np.ones(matrix.shape[0]), unitary(matrix)
    circuit.compose(part, range(qubits), inplace=True)
    return phases


def _append_up_to_residual(circuit: QuantumCircuit, matrix: Matrix) -> Matrix:
    """Append the matrix but for a unitary on all qubits except the last, which is returned."""
    half = matrix.shape[0] // 2
    left, angles, (right0, right1) = scipy.linalg.cossin(
        matrix.astype(complex), p=half, q=half, separate=True
    )
    inner = _append_multiplexer(circuit, right0, right1)
    phases = _append_up_to_diagonal(circuit, inner)
    return _append_cosine_sine(circuit, left, angles, phases)


def _append_cosine_sine(
    circuit: QuantumCircuit,
    left: tuple[Matrix, Matrix],
    angles: NDArray[np.float64],
    phases: Matrix,
) -> Matrix:
    """Append phases, the multiplexed Ry and the left multiplexer, but for a residual."""
    half = angles.size
    circuit.compose(_multiplexed_ry_up_to_cz(2 * angles), inplace=True)
    signs = np.where(np.arange(half) & (half // 2), -1.0, 1.0)
    return _append_multiplexer(circuit, left[0] * phases, left[1] * (phases * signs))


def _two_cx(matrix: Matrix) -> tuple[Matrix, QuantumCircuit]:
    """Diagonal, and a circuit of 2 CX before it, that together are a unitary of two qubits.

    Two CX suffice where the trace of ``U Y U^T Y`` is real, Y being the product of both Pauli Y
    and U of determinant 1 (Shende, Bullock, Markov, Phys. Rev. A 70, 012310 (2004)); a rotation
    about ZZ makes it so.
    """
    special = matrix / np.linalg.det(matrix.astype(complex)) ** 0.25
    flips = np.fliplr(np.diag([-1.0, 1.0, 1.0, -1.0]))
    parts = np.diag(flips @ special @ flips @ special.T)
    equal, different = parts[0] + parts[3], parts[1] + parts[2]
    angle = np.arctan2((equal + different).imag, (equal - different).real)
    rotation = np.exp(-0.5j * angle * np.array([1, -1, -1, 1]))
    return rotation.conj(), _two_qubits(rotation[:, None] * matrix)


def _two_qubits(matrix: Matrix) -> QuantumCircuit:
    """Synthesise a unitary of two qubits with as few CX as it takes, to rounding.

    Qiskit's decomposer, called as a whole, takes gates that are local up to 3e-5 for local.
    """
    decomposer = TwoQubitBasisDecomposer(CXGate())
    weyl = TwoQubitWeylDecomposition(matrix.astype(complex), fidelity=None)
    flip = np.eye(4)[[0, 3, 2, 1]]
    for factors in (
        decomposer.decomp0(weyl),
        decomposer.decomp1(weyl),
        decomposer.decomp2_supercontrolled(weyl),
        decomposer.decomp3_supercontrolled(weyl),
    ):
        layers = [np.kron(*pair) for pair in zip(factors[1::2], factors[::2], strict=True)]
        product = layers[0]
        for layer in layers[1:]:
            product = layer @ flip @ product
        phase = np.angle(np.vdot(product, matrix))
        if np.abs(np.exp(1j * phase) * product - matrix).max() < _EXACT:
            break
    circuit = QuantumCircuit(2, global_phase=float(phase))
    for place, factor in enumerate(factors):
        if place and place % 2 == 0:
            circuit.cx(0, 1)
        circuit.compose(_one_qubit(factor), [place % 2], inplace=True)
    return circuit


def _multiplexed_ry_up_to_cz(angles: NDArray[np.float64]) -> QuantumCircuit:
    """Multiplexed Ry on the last qubit, but for a CZ with the qubit before it at the end."""
    controls = int(angles.size).bit_length() - 1
    weights = walsh_hadamard(angles) / angles.size
    circuit = QuantumCircuit(controls + 1)
    for step in range(angles.size):
        gray = step ^ (step >> 1)
        if step:
            changed = gray ^ (step - 1) ^ ((step - 1) >> 1)
            circuit.cz(changed.bit_length() - 1, controls)
        circuit.ry(float(weights[gray]), controls)
    return circuit


def _append_multiplexer(circuit: QuantumCircuit, zero: Matrix, one: Matrix) -> Matrix:
    """Append ``zero`` or ``one`` as the last qubit says, up to a unitary, which is returned."""
    # zero one^H = G D^2 G^H, so that zero = G D L and one = G D^* L. Schur's form of a normal
    # matrix is diagonal, with orthogonal vectors even where eigenvalues coincide.
    triangular, eigenvectors = scipy.linalg.schur(zero @ one.conj().T, output="complex")
    angles = np.angle(np.diag(triangular)) / 2
    after = np.exp(1j * angles)
    before = after[:, None] * (eigenvectors.conj().T @ one)
    phases = _append_up_to_diagonal(circuit, before)
    circuit.compose(multiplexed_rotation(-2 * angles, "z"), inplace=True)
    residual: Matrix = eigenvectors * phases
    return residual
