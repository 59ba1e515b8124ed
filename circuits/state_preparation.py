"""Preparation of a state with given amplitudes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.multiplexed import diagonal, multiplexed_rotation


def state_preparation(amplitudes: ArrayLike) -> QuantumCircuit:
    r"""Prepare ``sum_i a_i |i>`` from ``|0...0>``, signs and phases included.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``, real or complex, not all zero; normalised here.

    Returns
    -------
    QuantumCircuit
        On ``n`` qubits. At most ``2**n - 2`` CX for real amplitudes, twice that for complex
        ones: exponential in n, as any method is for an arbitrary vector. Fewer where the
        amplitudes factorise over qubits (a product state takes none).

    Raises
    ------
    ValueError
        If the length is not a power of two, or the vector is zero, NaN or infinite.

    References
    ----------
    M. Mottonen, J. Vartiainen, V. Bergholm, M. Salomaa, Quantum Inf. Comput. 5, 467 (2005),
    arXiv:quant-ph/0407010.
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
    signed = real if is_real else np.hypot(real, imaginary)
    n = int(vector.size).bit_length() - 1
    circuit = QuantumCircuit(n, name="state_preparation")
    if n == 0:
        circuit.global_phase = float(np.arctan2(imaginary[0], real[0]))
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
    if not is_real:
        circuit.compose(diagonal(np.arctan2(imaginary, real)), inplace=True)
    return circuit


def _signed_norms(amplitudes: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Norms of blocks of 1, 2, 4, ... amplitudes, with the sign of each block's first nonzero one.

    With signs handed upwards, blocks that are multiples of each other get the same rotations.
    """
    levels = [amplitudes]
    while levels[-1].size > 1:
        left, right = levels[-1].reshape(-1, 2).T
        levels.append(np.hypot(left, right) * np.sign(np.where(left == 0, right, left)))
    return levels
