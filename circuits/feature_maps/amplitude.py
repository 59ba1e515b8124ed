"""Amplitude map: n qubits for 2**n features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.validation import data_matrix, require_features, weight_vector


@dataclass(frozen=True)
class AmplitudeMap(FeatureMap):
    r"""Make the features the amplitudes: :math:`\sum_i x_i |i\rangle / \|x\|`, signs included.

    Rows are divided by their Euclidean norm, which the state does not know: the fidelity kernel
    is the squared cosine of the angle between two rows. Zeros fill up to a power of two.

    Notes
    -----
    Rotations multiplexed by the qubits above, with angles :math:`2 \arctan(r / l)` of the norms of
    right and left halves. Their Walsh-Hadamard transforms are the angles of the gates, so that one
    circuit serves any data. The CZ that would close each multiplexer are signs of the state and
    are left out: the angles are those of a vector with these signs.

    *Cost*: :math:`n = \lceil \log_2 d \rceil` qubits for d features (at least 2), :math:`2^n - 1`
    rotations, :math:`2^n - n - 1` CZ.

    References
    ----------
    M. Mottonen, J. Vartiainen, V. Bergholm, M. Salomaa, Quantum Inf. Comput. 5, 467 (2005),
    arXiv:quant-ph/0407010.
    """

    def qubits(self, features: int) -> int:
        """Return the logarithm of the number of features, rounded up."""
        return (require_features(features, 2) - 1).bit_length()

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit; its parameters go from the highest qubit down."""
        n = self.qubits(features)
        circuit = QuantumCircuit(n, name="amplitude_map")
        angle = ParameterVector("angle", 2**n - 1)
        for controls in range(n):
            target = n - 1 - controls
            for step in range(2**controls):
                parity = step ^ step >> 1
                circuit.ry(angle[2**controls - 1 + parity], target)
                if step + 1 < 2**controls:
                    changed = ((step + 1) & -(step + 1)).bit_length() - 1
                    circuit.cz(target + 1 + changed, target)
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the angles, shape ``(N, 2**n - 1)``; a row must not be zero."""
        data = data_matrix(X)
        n = self.qubits(data.shape[1])
        weight_vector(weights, self.weights(data.shape[1]))
        largest = np.max(np.abs(data), axis=1, keepdims=True, initial=0)
        if not np.all(largest):
            raise ValueError(f"X: row {int(np.argmin(largest))} is zero and cannot be normalised")
        values = np.zeros((data.shape[0], 2**n))
        values[:, : data.shape[1]] = data / largest
        values *= _signs(n)
        levels = []
        for _ in range(n):
            left, right = values[:, ::2], values[:, 1::2]
            levels.append(_mean_walsh_hadamard(2 * np.arctan2(right, left)))
            values = np.hypot(left, right)
        return np.hstack(levels[::-1])

    def two_qubit_gates(self, features: int) -> int:
        """Return ``2**n - n - 1``."""
        n = self.qubits(features)
        return 2**n - n - 1

    def rotations(self, features: int) -> int:
        """Return ``2**n - 1``."""
        return 2 ** self.qubits(features) - 1


def _signs(n: int) -> NDArray[np.float64]:
    """Signs of the CZ left out: the highest bit with each of the others."""
    high = 2 ** (n - 1)
    return np.concatenate([np.ones(high), (-1.0) ** np.bitwise_count(np.arange(high))])


def _mean_walsh_hadamard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Transform rows of length 2**k, divided by it, in natural order."""
    size = values.shape[1]
    step = 1
    while step < size:
        low, high = np.moveaxis(values.reshape(-1, size // (2 * step), 2, step), 2, 0)
        values = np.stack([low + high, low - high], axis=2).reshape(-1, size)
        step *= 2
    return values / size
