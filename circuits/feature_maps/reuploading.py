"""Data re-uploading with trainable weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.validation import (
    data_matrix,
    require_features,
    require_positive,
    weight_vector,
)


@dataclass(frozen=True)
class ReuploadingMap(FeatureMap):
    r"""Upload the data again in each layer, by rotations of angles affine in them.

    A layer turns each qubit about y, z, y, ... in turn, at least three times, which makes any
    rotation; the angles are :math:`\theta_s = w_s x_{s \bmod d} + b_s` with trainable scales w and
    biases b. CZ gates between neighbours on a line stand between layers.

    Parameters
    ----------
    layers
        L, at least 1.
    width
        Number of qubits n; None for one for every three features.

    Notes
    -----
    Weights are the scales of all layers, by layer, qubit and turn, then the biases in the same
    order. Turns start about y because turns of ``|0>`` about z would be lost.

    *Cost*: for d features :math:`k = \max(3, \lceil d / n \rceil)` turns of a qubit in a layer;
    L n k rotations, 2 L n k weights, :math:`(L - 1)(n - 1)` CZ in a depth of at most 2 (L - 1).

    Raises
    ------
    ValueError
        If a hyperparameter is no positive integer.

    References
    ----------
    A. Perez-Salinas, A. Cervera-Lierta, E. Gil-Fuster, J. I. Latorre, Quantum 4, 226 (2020),
    arXiv:1907.02085, Eqs. 9 and 10.
    """

    layers: int = 2
    width: int | None = None

    def __post_init__(self) -> None:
        require_positive(self.layers, "layers")
        if self.width is not None:
            require_positive(self.width, "width")

    def qubits(self, features: int) -> int:
        """Return the width, or a third of the number of features, rounded up."""
        require_features(features)
        return self.width or -(-features // 3)

    def weights(self, features: int) -> int:
        """Return two, a scale and a bias, for each rotation."""
        return 2 * self.rotations(features)

    def initial_weights(
        self, features: int, random_state: int | np.random.Generator | None = None
    ) -> NDArray[np.float64]:
        r"""Draw weights to start from: scales 1 / L, biases uniform in :math:`(-\pi, \pi)`.

        With these scales the angles of all layers together vary as the data do.

        Parameters
        ----------
        features
            Number of features.
        random_state
            Seed or generator of the biases.

        Returns
        -------
        NDArray[np.float64]
            Shape ``(weights(features),)``.
        """
        count = self.rotations(features)
        biases = np.random.default_rng(random_state).uniform(-np.pi, np.pi, count)
        return np.concatenate([np.full(count, 1 / self.layers), biases])

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit; its parameters go by layer, qubit and turn."""
        n, turns = self.qubits(features), self._turns(features)
        circuit = QuantumCircuit(n, name="reuploading_map")
        angle = iter(ParameterVector("angle", self.rotations(features)))
        for layer in range(self.layers):
            for first in (0, 1) if layer else ():
                for qubit in range(first, n - 1, 2):
                    circuit.cz(qubit, qubit + 1)
            for qubit in range(n):
                for turn in range(turns):
                    rotate = circuit.rz if turn % 2 else circuit.ry
                    rotate(next(angle), qubit)
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return scales times data plus biases, shape ``(N, rotations(features))``."""
        data = data_matrix(X)
        given = weight_vector(weights, self.weights(data.shape[1]))
        scales, biases = given.reshape(2, -1)
        return self._uploaded(data) * scales + biases

    def two_qubit_gates(self, features: int) -> int:
        """Return ``(layers - 1) * (n - 1)``."""
        return (self.layers - 1) * (self.qubits(features) - 1)

    def rotations(self, features: int) -> int:
        """Return ``layers * n * k``."""
        return self.layers * self.qubits(features) * self._turns(features)

    def _turns(self, features: int) -> int:
        return max(3, -(-features // self.qubits(features)))

    def _uploaded(self, data: NDArray[np.float64]) -> NDArray[np.float64]:
        """Feature of each rotation: they take turns in a layer, and start again in the next."""
        slots = self.rotations(data.shape[1]) // self.layers
        return data[:, np.tile(np.arange(slots) % data.shape[1], self.layers)]

    def _pulled_back(
        self,
        data: NDArray[np.float64],
        weights: NDArray[np.float64],  # noqa: ARG002 - angles are affine in them
        cotangent: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        scales = np.einsum("ij,ij->j", self._uploaded(data), cotangent)
        return np.concatenate([scales, cotangent.sum(axis=0)])
