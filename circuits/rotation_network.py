r"""Networks of real two-qubit gates as rotations about y and CX, to be trained angle by angle.

The six products of Paulis that generate SO(4) are two commuting triples, {YI, ZY, XY} and
{IY, YX, YZ}, each a spin. RY on both qubits turns about the first of each triple, and so does RY
on both between two CX about the second: the Euler angles of both spins are six RY around two CX.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

Floats = NDArray[np.float64]
Gate = tuple[int, int, NDArray[Any]]
"""The more and the less significant qubit, and a real matrix of shape ``(4, 4)``."""

_TOLERANCE = 1e-8

_Y = np.array([[0, -1j], [1j, 0]])
_X = np.array([[0, 1], [1, 0]])
_Z = np.diag([1, -1])


def rotation_network(qubits: int, gates: Sequence[Gate]) -> tuple[QuantumCircuit, Floats]:
    """Write gates as RY of an angle each and CX; a rotation of each qubit comes first.

    Parameters
    ----------
    qubits
        Number of qubits.
    gates
        In the order of time: orthogonal matrices of determinant 1, the first qubit of each being
        the more significant bit of its index.

    Returns
    -------
    circuit
        With 2 CX a gate and at most ``qubits + 4 g`` parameters for g gates, in the order in which
        they act: rotations of two gates that meet on a qubit are one. Any angles give real
        amplitudes.
    angles
        Radians, with which the circuit is the gates, up to a sign.

    Raises
    ------
    ValueError
        If a matrix is not real, not orthogonal, or of determinant -1.

    References
    ----------
    F. Vatan, C. Williams, Phys. Rev. A 69, 032315 (2004), arXiv:quant-ph/0308006, for two CX.
    """
    angles = [0.0] * qubits
    # The rotation that a qubit ends with as yet: another one joins it.
    last = {qubit: qubit for qubit in range(qubits)}
    steps: list[tuple[int, ...]] = [(qubit,) for qubit in range(qubits)]
    for first, second, matrix in gates:
        for layer, pair in enumerate(so4_angles(matrix)):
            if layer:
                steps.append((first, second))
                last.pop(first, None)
                last.pop(second, None)
            for qubit, angle in zip((first, second), pair, strict=True):
                if qubit not in last:
                    last[qubit] = len(angles)
                    angles.append(0.0)
                    steps.append((qubit,))
                angles[last[qubit]] += angle
    return _written(qubits, steps, len(angles)), np.array(angles)


def so4_angles(matrix: NDArray[Any]) -> Floats:
    """Angles of RY on both qubits, before, between and after two CX.

    Parameters
    ----------
    matrix
        Real, orthogonal, of determinant 1, shape ``(4, 4)``.

    Returns
    -------
    ndarray
        Radians, shape ``(3, 2)``: times, and the more and the less significant qubit, which
        controls the CX and is its target. The product is the matrix up to a sign.

    Raises
    ------
    ValueError
        If it is no such matrix.
    """
    given = np.asarray(matrix)
    if given.shape != (4, 4) or np.iscomplexobj(given):
        raise ValueError(f"a gate has shape {given.shape} and type {given.dtype}: real, (4, 4)")
    if not np.allclose(given @ given.T, np.eye(4), atol=_TOLERANCE) or np.linalg.det(given) < 0:
        raise ValueError("a gate is no rotation: it must be orthogonal, of determinant 1")
    one, other = _factors(_SPINS.conj().T @ given @ _SPINS)
    before_first, between_second, after_first = _euler_angles(one)
    before_second, between_first, after_second = _euler_angles(other)
    return np.array(
        [
            [before_first, before_second],
            [between_first, between_second],
            [after_first, after_second],
        ]
    )


def _factors(product: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Split a Kronecker product of two unitaries."""
    rearranged = product.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(4, 4)
    left, values, right = np.linalg.svd(rearranged)
    scale = np.sqrt(values[0])
    return scale * left[:, 0].reshape(2, 2), scale * right[0].reshape(2, 2)


def _euler_angles(matrix: NDArray[Any]) -> tuple[float, float, float]:
    """Angles about z, y and z, in the order of time, up to a phase; small if the matrix is near 1.

    Where the one about y is 0 or half a turn, one of the other two is free.
    """
    special = matrix / np.sqrt(np.linalg.det(matrix))
    if special[1, 1].real < 0:
        special = -special
    cosine, sine = abs(special[1, 1]), abs(special[1, 0])
    half_sum = float(np.angle(special[1, 1])) if cosine > _TOLERANCE else 0.0
    half_difference = float(np.angle(special[1, 0])) if sine > _TOLERANCE else 0.0
    return half_sum - half_difference, 2 * np.arctan2(sine, cosine), half_sum + half_difference


def _spins() -> NDArray[Any]:
    """Basis in which YI and ZY are Z and Y of a first spin, IY and YX those of a second."""
    up = np.array([1, 1j]) / np.sqrt(2)
    both_up = np.kron(up, up)
    lower_first, lower_second = -1j * np.kron(_Z, _Y), -1j * np.kron(_Y, _X)
    second_down = lower_second @ both_up
    columns = [both_up, second_down, lower_first @ both_up, lower_first @ second_down]
    return np.column_stack(columns)


_SPINS = _spins()


def _written(qubits: int, steps: Sequence[tuple[int, ...]], parameters: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, name="rotation_network")
    vector = iter(ParameterVector("angle", parameters))
    for step in steps:
        if len(step) == 1:
            circuit.ry(next(vector), step[0])
        else:
            circuit.cx(*step)
    return circuit
