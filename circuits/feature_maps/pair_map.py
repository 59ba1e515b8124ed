"""Maps of phases on single qubits and on pairs: ZZ and IQP."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.pair_phases import (
    CONNECTIVITIES,
    ENTANGLEMENTS,
    Connectivity,
    Entanglement,
    entangled_pairs,
    layer_gates,
    repeated_pair_phases,
)
from circuits.feature_maps.validation import (
    data_matrix,
    require_choice,
    require_features,
    require_positive,
    weight_vector,
)


@dataclass(frozen=True)
class PairMap(FeatureMap):
    """Hadamard gates, then phases on qubits and on parities of pairs, so many times.

    Derived classes say how large the phases are and give the defaults.
    """

    repetitions: int
    entanglement: Entanglement = "full"
    connectivity: Connectivity = "all"

    def __post_init__(self) -> None:
        require_positive(self.repetitions, "repetitions")
        require_choice(self.entanglement, "entanglement", ENTANGLEMENTS)
        require_choice(self.connectivity, "connectivity", CONNECTIVITIES)
        if self.entanglement == "circular" and self.connectivity == "line":
            raise ValueError(
                "connectivity = 'line' does not join the ends of entanglement = 'circular': "
                "accepted with it are 'full' and 'linear'"
            )

    def qubits(self, features: int) -> int:
        """Return the number of features."""
        return require_features(features)

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit, whose parameters are the angles of qubits and then of pairs."""
        n = self.qubits(features)
        pairs = len(entangled_pairs(n, self.entanglement))
        angle = ParameterVector("angle", n + pairs)
        return repeated_pair_phases(
            angle[:n], angle[n:], self.repetitions, self.entanglement, self.connectivity
        )

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the phases, shape ``(N, features + pairs)``: of qubits, then of pairs."""
        data = data_matrix(X)
        n = data.shape[1]
        weight_vector(weights, self.weights(n))
        pairs = np.array(entangled_pairs(n, self.entanglement), dtype=int).reshape(-1, 2)
        return np.hstack(self._phases(data, pairs[:, 0], pairs[:, 1]))

    def two_qubit_gates(self, features: int) -> int:
        """Count the CX: see the class, and `pair_phases.layer_gates` for each layer."""
        n = self.qubits(features)
        first, later = layer_gates(n, self.entanglement, self.connectivity)
        return first + (self.repetitions - 1) * later

    def rotations(self, features: int) -> int:
        """Return ``repetitions * (features + pairs)``."""
        n = self.qubits(features)
        return self.repetitions * (n + len(entangled_pairs(n, self.entanglement)))

    @abstractmethod
    def _phases(
        self, data: NDArray[np.float64], first: NDArray[np.int_], second: NDArray[np.int_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the phases of qubits and of those pairs."""


@dataclass(frozen=True)
class ZZMap(PairMap):
    r"""ZZ map: phases :math:`2 x_i` and, on parities, :math:`2 (\pi - x_i)(\pi - x_j)`.

    .. math:: |\psi(x)\rangle = \big(D(x) H^{\otimes n}\big)^R |0\rangle, \qquad
              D(x) |b\rangle = e^{2 i \sum_i x_i b_i
              + 2 i \sum_{i<j} (\pi - x_i)(\pi - x_j) (b_i \oplus b_j)} |b\rangle

    The same state as Qiskit's ``zz_feature_map``, by fewer gates.

    Parameters
    ----------
    repetitions
        R, at least 1.
    entanglement
        Pairs (i, j): ``"full"``, all; ``"linear"``, neighbours; ``"circular"``, and the ends.
    connectivity
        Qubits that CX gates may join: ``"all"``, or neighbours on a ``"line"``, where no
        permutation is left at the end.

    Notes
    -----
    *Cost*: n qubits for n features, and :math:`R (n^2 + n - 2) / 2 - (n - 1)` CX for all pairs (the
    textbook: :math:`R n (n - 1)`); on a line :math:`R ((n - 2)^2 + \lfloor n / 2 \rfloor - 1
    + 2 (n - 1)) - (n - 1)` for n > 1. Neighbours take :math:`(2 R - 1)(n - 1)`, and 2 R more on a
    ring. The two-qubit depth is linear in n.

    Raises
    ------
    ValueError
        If a hyperparameter is none of these.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326, Eq. 7 and Supplement Eq. 32. The
    circuits are ours.
    """

    repetitions: int = 2

    def _phases(
        self, data: NDArray[np.float64], first: NDArray[np.int_], second: NDArray[np.int_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rest = np.pi - data
        return 2 * data, 2 * rest[:, first] * rest[:, second]


@dataclass(frozen=True)
class IQPMap(PairMap):
    r"""Instantaneous quantum polynomial map: phases :math:`x_i`, and :math:`x_i x_j` on parities.

    The state of PennyLane's ``IQPEmbedding`` and of qml-benchmarks' IQP kernel, up to a global
    phase: :math:`R_Z(x)` is a phase of x, ``MultiRZ`` one on a parity.

    Parameters
    ----------
    repetitions
        At least 1.
    entanglement, connectivity
        As for `ZZMap`.

    Notes
    -----
    The circuit of `ZZMap` with other angles, and its cost. In the terms of `PauliMap`: ``scale=1``
    and ``data_map="products"``.

    Raises
    ------
    ValueError
        If a hyperparameter is none of these.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326. J. Bowles, S. Ahmed, M. Schuld,
    arXiv:2403.07059, Sec. 3.2 (the IQP kernel classifier).
    """

    repetitions: int = 1

    def _phases(
        self, data: NDArray[np.float64], first: NDArray[np.int_], second: NDArray[np.int_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return data, data[:, first] * data[:, second]
