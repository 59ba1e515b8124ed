"""What every feature map offers: a circuit, and the values of its parameters for data."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.feature_maps.validation import cotangent_matrix, data_matrix, weight_vector


class FeatureMap(ABC):
    """Map of a row of real data to a quantum state.

    Derived classes are frozen dataclasses of hyperparameters; the number of features is an
    argument, so that one map serves any data. A map has one circuit for a number of features, in
    which data and trainable weights appear through the values of its parameters only: it is
    compiled once.
    """

    @abstractmethod
    def qubits(self, features: int) -> int:
        """Return the number of qubits that so many features take.

        Raises
        ------
        ValueError
            If the map does not take so many features.
        """

    def weights(self, features: int) -> int:
        """Return the number of trainable weights."""
        self.qubits(features)
        return 0

    @abstractmethod
    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit, without measurement.

        Every argument of a gate is a number or one plain `qiskit.circuit.Parameter`, never an
        expression; a parameter may occur in several gates.

        Raises
        ------
        ValueError
            If the map does not take so many features.
        """

    @abstractmethod
    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the values of the circuit's parameters.

        Parameters
        ----------
        X
            Shape ``(N, features)``, real and finite.
        weights
            Shape ``(weights(features),)``, real and finite.

        Returns
        -------
        NDArray[np.float64]
            Shape ``(N, P)``, in the order of ``circuit(features).parameters``.

        Raises
        ------
        ValueError
            If a shape is wrong or an entry is not finite.
        """

    def weight_gradient(
        self, X: ArrayLike, weights: ArrayLike, cotangent: ArrayLike
    ) -> NDArray[np.float64]:
        """Carry a gradient from the angles back to the weights.

        Parameters
        ----------
        X, weights
            As for `angles`.
        cotangent
            Shape ``(N, P)``: derivatives of a loss by the angles.

        Returns
        -------
        NDArray[np.float64]
            Shape ``(weights(features),)``: derivatives of the loss by the weights.

        Raises
        ------
        ValueError
            If a shape is wrong or an entry is not finite.
        """
        data = data_matrix(X)
        given = weight_vector(weights, self.weights(data.shape[1]))
        shape = self.angles(data, given).shape
        return self._pulled_back(data, given, cotangent_matrix(cotangent, shape))

    @abstractmethod
    def two_qubit_gates(self, features: int) -> int:
        """Count the CX gates of the circuit over CX and gates of one qubit, all to all.

        Raises
        ------
        ValueError
            If the map does not take so many features.
        """

    def rotations(self, features: int) -> int:
        """Count the gates of the circuit whose angle depends on the data or the weights.

        Raises
        ------
        ValueError
            If the map does not take so many features.
        """
        return sum(bool(gate.operation.params) for gate in self.circuit(features))

    def _pulled_back(
        self,
        data: NDArray[np.float64],  # noqa: ARG002 - maps with weights need it
        weights: NDArray[np.float64],
        cotangent: NDArray[np.float64],  # noqa: ARG002
    ) -> NDArray[np.float64]:
        """Vector-Jacobian product of `angles` by the weights; arguments are checked."""
        return np.zeros_like(weights)
