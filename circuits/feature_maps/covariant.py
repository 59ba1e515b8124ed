"""Covariant map: a trainable fiducial state, turned by the elements of a group."""

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
class CovariantMap(FeatureMap):
    r"""Turn a graph state, made from trainable angles, by group elements that are the data.

    .. math:: |\psi(x)\rangle = \bigotimes_i e^{i x_{2i} X} e^{i x_{2i+1} Z}
              \prod_{(i, j) \in E} CZ_{ij} \bigotimes_i R_Y(\lambda_i) |0\rangle

    Data that are cosets of a subgroup which leaves the fiducial state alone fall together: for the
    stabiliser group of the graph this is :math:`\lambda = \pi / 2`.

    Parameters
    ----------
    edges
        Pairs of qubits, E; None for neighbours on a line.
    fiducial
        ``"uniform"``: one weight, the same angle on all qubits, as the source; ``"local"``: one
        weight for each qubit.

    Notes
    -----
    *Cost*: half as many qubits as features (which must be an even number), a CZ for each edge,
    three rotations on each qubit.

    Raises
    ------
    ValueError
        If edges are not pairs of different qubits or occur twice.

    References
    ----------
    J. Glick et al., Nature Physics 20, 479 (2024), arXiv:2105.03406, Sec. IV.
    """

    edges: tuple[tuple[int, int], ...] | None = None
    fiducial: Literal["uniform", "local"] = "uniform"

    def __post_init__(self) -> None:
        require_choice(self.fiducial, "fiducial", ("uniform", "local"))
        if self.edges is not None:
            object.__setattr__(self, "edges", _checked_edges(self.edges))

    def qubits(self, features: int) -> int:
        """Return half the number of features."""
        least = 2 if not self.edges else 2 + 2 * max(map(max, self.edges))
        if require_features(features, least) % 2:
            raise ValueError(f"features = {features}: this map takes two for each qubit")
        return features // 2

    def weights(self, features: int) -> int:
        """Return 1, or the number of qubits."""
        qubits = self.qubits(features)
        return 1 if self.fiducial == "uniform" else qubits

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit; its parameters are the weights, then two for each qubit."""
        n, weights = self.qubits(features), self.weights(features)
        circuit = QuantumCircuit(n, name="covariant_map")
        angle = ParameterVector("angle", weights + features)
        for qubit in range(n):
            circuit.ry(angle[qubit % weights], qubit)
        for edge in self._edges(n):
            circuit.cz(*edge)
        for qubit in range(n):
            circuit.rz(angle[weights + 2 * qubit + 1], qubit)
            circuit.rx(angle[weights + 2 * qubit], qubit)
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the weights and minus twice the data, shape ``(N, weights + features)``."""
        data = data_matrix(X)
        given = weight_vector(weights, self.weights(data.shape[1]))
        return np.hstack([np.tile(given, (data.shape[0], 1)), -2 * data])

    def two_qubit_gates(self, features: int) -> int:
        """Return the number of edges."""
        return len(self._edges(self.qubits(features)))

    def rotations(self, features: int) -> int:
        """Return three for each qubit."""
        return 3 * self.qubits(features)

    def _edges(self, n: int) -> tuple[tuple[int, int], ...]:
        if self.edges is None:
            return tuple((i, i + 1) for i in range(n - 1))
        return self.edges

    def _pulled_back(
        self,
        data: NDArray[np.float64],  # noqa: ARG002 - the fiducial state does not depend on them
        weights: NDArray[np.float64],
        cotangent: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        return cotangent[:, : weights.size].sum(axis=0)


def _checked_edges(edges: object) -> tuple[tuple[int, int], ...]:
    array = np.asarray(edges)
    if array.size == 0:
        return ()
    if array.ndim != 2 or array.shape[1] != 2 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"edges = {edges!r}: pairs of qubits (i, j) are needed")
    pairs = tuple((int(i), int(j)) for i, j in array)
    for i, j in pairs:
        if i == j or min(i, j) < 0:
            raise ValueError(f"edges: ({i}, {j}) does not join two qubits numbered from 0")
    if len({frozenset(pair) for pair in pairs}) < len(pairs):
        raise ValueError(f"edges = {pairs!r}: an edge occurs twice, and undoes itself")
    return pairs
