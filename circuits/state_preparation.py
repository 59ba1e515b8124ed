"""Preparation of a state with given amplitudes."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.isometry import isometry, unitary
from circuits.multiplexed import diagonal, multiplexed_rotation

LARGEST_SPLIT = 8
"""Up to this many qubits the split into halves is tried; beyond it hardly saves anything."""


def state_preparation(amplitudes: ArrayLike) -> QuantumCircuit:
    r"""Prepare ``sum_i a_i |i>`` from ``|0...0>``, signs and phases included.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``, real or complex, not all zero; normalised here.

    Returns
    -------
    QuantumCircuit
        On ``n`` qubits, by the cheaper of two methods. Multiplexed rotations: at most ``2**n - 2``
        CX for real amplitudes, twice that for complex ones, and fewer where the amplitudes
        factorise over qubits (a product state takes none). Schmidt decomposition into halves, up
        to 8 qubits: at most 1, 3, 9, 20, 46, 99, 211 CX for n = 2 to 8, and 7 for n = 4 if real.
        Exponential in n, as any method is for an arbitrary vector.

    Raises
    ------
    ValueError
        If the length is not a power of two, or the vector is zero, NaN or infinite.

    References
    ----------
    M. Mottonen, J. Vartiainen, V. Bergholm, M. Salomaa, Quantum Inf. Comput. 5, 467 (2005),
    arXiv:quant-ph/0407010. M. Plesch, C. Brukner, Phys. Rev. A 83, 032302 (2011), section III.
    """
    vector = np.asarray(amplitudes)
    if vector.ndim != 1 or vector.size == 0 or vector.size & (vector.size - 1):
        raise ValueError(f"amplitudes has shape {vector.shape}: a vector of length 2**n is needed")
    if not np.all(np.isfinite(vector)):
        raise ValueError("amplitudes contains NaN or infinity: all entries must be finite")
    if not np.any(vector):
        raise ValueError("amplitudes is zero: a state needs at least one nonzero amplitude")
    # Scaled first, so that squares neither overflow nor underflow.
    scale = max(np.max(np.abs(vector.real)), np.max(np.abs(vector.imag)))
    real, imaginary = vector.real / scale, vector.imag / scale
    is_real = not np.any(imaginary)
    if is_real:
        circuit = _multiplexed(real, None)
    else:
        circuit = _multiplexed(np.hypot(real, imaginary), np.arctan2(imaginary, real))
    if 2 <= circuit.num_qubits <= LARGEST_SPLIT and _cx_count(circuit) > circuit.num_qubits // 2:
        halves = _split(real if is_real else real + 1j * imaginary)
        if _cx_count(halves) < _cx_count(circuit):
            return halves
    return circuit


def _multiplexed(signed: NDArray[np.float64], phases: NDArray[np.float64] | None) -> QuantumCircuit:
    """Prepare by multiplexed rotations, from the highest qubit down; then a diagonal of phases."""
    n = int(signed.size).bit_length() - 1
    circuit = QuantumCircuit(n, name="state_preparation")
    if n == 0:
        circuit.global_phase = float(phases[0]) if phases is not None else np.pi * (signed[0] < 0)
        return circuit
    levels = _signed_norms(signed)
    if levels[n][0] < 0:
        circuit.global_phase = np.pi
    for qubit in reversed(range(n)):
        parents = np.repeat(np.sign(levels[qubit + 1]), 2)
        left, right = (levels[qubit] * parents).reshape(-1, 2).T
        controls = range(qubit + 1, n)
        rotation = multiplexed_rotation(2 * np.arctan2(right, left), "y")
        circuit.compose(rotation, [*controls, qubit], inplace=True)
    if phases is not None:
        circuit.compose(diagonal(phases), inplace=True)
    return circuit


def _split(vector: NDArray[Any]) -> QuantumCircuit:
    """Prepare Schmidt coefficients on the lower half, copy the bits up, turn both halves."""
    n = int(vector.size).bit_length() - 1
    lower = n // 2
    left, values, right = scipy.linalg.svd(vector.reshape(-1, 2**lower), full_matrices=False)
    right = right.T
    if not np.iscomplexobj(vector):
        # Orthogonal matrices of determinant 1 take fewer gates; the sign goes to a coefficient.
        for factor in (left, right):
            if factor.shape[0] == factor.shape[1] and np.linalg.det(factor) < 0:
                factor[:, 0] *= -1
                values = values * np.where(np.arange(values.size) == 0, -1, 1)
    circuit = QuantumCircuit(n, name="state_preparation")
    circuit.compose(state_preparation(values), range(lower), inplace=True)
    for qubit in range(lower):
        circuit.cx(qubit, lower + qubit)
    circuit.compose(unitary(right), range(lower), inplace=True)
    if n % 2:
        part, left = isometry(left)
        circuit.compose(part, range(lower, n), inplace=True)
    circuit.compose(unitary(left), range(lower, 2 * lower), inplace=True)
    return circuit


def _cx_count(circuit: QuantumCircuit) -> int:
    counts = circuit.count_ops()
    return int(counts.get("cx", 0) + counts.get("cz", 0))


def _signed_norms(amplitudes: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Norms of blocks of 1, 2, 4, ... amplitudes, with the sign of each block's first nonzero one.

    With signs handed upwards, blocks that are multiples of each other get the same rotations.
    """
    levels = [amplitudes]
    while levels[-1].size > 1:
        left, right = levels[-1].reshape(-1, 2).T
        levels.append(np.hypot(left, right) * np.sign(np.where(left == 0, right, left)))
    return levels
