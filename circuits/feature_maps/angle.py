"""Angle map: one feature, one qubit, one rotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.validation import (
    data_matrix,
    require_choice,
    require_features,
    weight_vector,
)


@dataclass(frozen=True)
class AngleMap(FeatureMap):
    r"""Turn qubit i by feature i: :math:`\bigotimes_i \exp(-i x_i \sigma / 2) |0\rangle`.

    Parameters
    ----------
    axis
        ``"x"`` or ``"y"``. About z nothing would happen to ``|0>``: see `ZMap`.

    Notes
    -----
    *Cost*: as many qubits and rotations as features, no two-qubit gate. The fidelity kernel is
    :math:`\prod_i \cos^2((x_i - y_i) / 2)`, which a classical computer evaluates as fast.

    Raises
    ------
    ValueError
        If the axis is another.

    References
    ----------
    E. Stoudenmire, D. Schwab, NIPS 2016, arXiv:1605.05775, Eq. 3.
    """

    axis: Literal["x", "y"] = "y"

    def __post_init__(self) -> None:
        require_choice(self.axis, "axis", ("x", "y"))

    def qubits(self, features: int) -> int:
        """Return the number of features."""
        return require_features(features)

    def circuit(self, features: int) -> QuantumCircuit:
        """Build one rotation on each qubit."""
        circuit = QuantumCircuit(self.qubits(features), name="angle_map")
        rotate = circuit.rx if self.axis == "x" else circuit.ry
        for qubit, angle in enumerate(ParameterVector("angle", features)):
            rotate(angle, qubit)
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the data themselves, shape ``(N, features)``."""
        data = data_matrix(X)
        weight_vector(weights, self.weights(data.shape[1]))
        return data

    def two_qubit_gates(self, features: int) -> int:
        """Return 0."""
        self.qubits(features)
        return 0

    def rotations(self, features: int) -> int:
        """Return the number of features."""
        return self.qubits(features)
