"""Preparation of a state with given amplitudes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
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
    vector = vector / np.max(np.abs(vector))
    is_real = not np.any(np.imag(vector))
    signed = np.real(vector) if is_real else np.abs(vector)
    n = int(vector.size).bit_length() - 1
    circuit = QuantumCircuit(n, name="state_preparation")
    if n == 0:
        circuit.global_phase = float(np.angle(vector[0]))
        return circuit
    for qubit in reversed(range(n)):
        # Signed amplitudes for the last qubit, norms of blocks for those above it.
        blocks = signed.reshape(-1, 2**qubit)
        norms = signed if qubit == 0 else np.linalg.norm(blocks, axis=1)
        angles = 2 * np.arctan2(norms[1::2], norms[0::2])
        controls = range(qubit + 1, n)
        circuit.compose(multiplexed_rotation(angles, "y"), [*controls, qubit], inplace=True)
    if not is_real:
        circuit.compose(diagonal(np.angle(vector)), inplace=True)
    return circuit
