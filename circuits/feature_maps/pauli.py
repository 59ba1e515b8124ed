"""Maps of phases on any strings of Pauli operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter, ParameterVector

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.pair_phases import ENTANGLEMENTS, Entanglement
from circuits.feature_maps.validation import (
    data_matrix,
    require_choice,
    require_features,
    require_positive,
    weight_vector,
)

DataMap = Literal["shifted_products", "products"]


@dataclass(frozen=True)
class ZMap(FeatureMap):
    r"""Z map: H and a phase of :math:`2 x_i` on qubit i, so many times; a product state.

    The state of Qiskit's ``z_feature_map``.

    Parameters
    ----------
    repetitions
        At least 1.

    Notes
    -----
    *Cost*: as many qubits as features, ``repetitions`` rotations on each, no two-qubit gate.

    Raises
    ------
    ValueError
        If the number of repetitions is no positive integer.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326.
    """

    repetitions: int = 2

    def __post_init__(self) -> None:
        require_positive(self.repetitions, "repetitions")

    def qubits(self, features: int) -> int:
        """Return the number of features."""
        return require_features(features)

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit."""
        circuit = QuantumCircuit(self.qubits(features), name="z_map")
        angle = ParameterVector("angle", features)
        for _ in range(self.repetitions):
            for qubit in range(features):
                circuit.h(qubit)
                circuit.p(angle[qubit], qubit)
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return twice the data, shape ``(N, features)``."""
        data = data_matrix(X)
        weight_vector(weights, self.weights(data.shape[1]))
        return 2 * data

    def two_qubit_gates(self, features: int) -> int:
        """Return 0."""
        self.qubits(features)
        return 0

    def rotations(self, features: int) -> int:
        """Return ``repetitions * features``."""
        return self.repetitions * self.qubits(features)


@dataclass(frozen=True)
class PauliMap(FeatureMap):
    r"""Hadamard gates, then evolutions under Pauli strings, so many times.

    .. math:: |\psi(x)\rangle = \Big(\prod_{P, S} e^{-i s\, \varphi_S(x) P_S / 2}\,
              H^{\otimes n}\Big)^R |0\rangle

    up to a global phase: for each string P in turn, the leftmost acting first, over all sets S of
    so many qubits that are entangled. The state of Qiskit's ``pauli_feature_map``.

    Parameters
    ----------
    paulis
        Strings of X, Y and Z, such as ``("Z", "YY", "ZXZ")``. The rightmost letter acts on the
        first qubit of S.
    repetitions
        R, at least 1.
    entanglement
        Sets S of k qubits: ``"full"``, all; ``"linear"``, k in a row; ``"circular"``, and those
        in a row across the ends (for n > k), which come first.
    scale
        s in radians; 2 is the convention of Havlicek and Qiskit, 1 that of PennyLane's
        ``IQPEmbedding``.
    data_map
        :math:`\varphi_S(x) = x_i` for one qubit. For more, ``"shifted_products"`` is
        :math:`\prod_{i \in S} (\pi - x_i)`, as Havlicek and Qiskit, ``"products"`` is
        :math:`\prod_{i \in S} x_i`, as PennyLane.

    Notes
    -----
    *Cost*: n qubits for n features; ``2 (k - 1)`` CX for a set of k qubits. `ZZMap` and `IQPMap`
    take about half for the strings Z and ZZ.

    Raises
    ------
    ValueError
        If a hyperparameter is none of these.

    References
    ----------
    V. Havlicek et al., Nature 567, 209 (2019), arXiv:1804.11326, Supplement Eq. 32.
    """

    paulis: Sequence[str] = ("Z", "ZZ")
    repetitions: int = 2
    entanglement: Entanglement = "full"
    scale: float = 2.0
    data_map: DataMap = "shifted_products"

    def __post_init__(self) -> None:
        given = (self.paulis,) if isinstance(self.paulis, str) else tuple(self.paulis)
        object.__setattr__(self, "paulis", given)
        wrong = [pauli for pauli in given if not _is_pauli(pauli)]
        if wrong or not given:
            raise ValueError(
                f"paulis = {given!r}: strings of the letters X, Y and Z are needed, such as 'ZZ'"
            )
        require_positive(self.repetitions, "repetitions")
        require_choice(self.entanglement, "entanglement", ENTANGLEMENTS)
        require_choice(self.data_map, "data_map", ("shifted_products", "products"))
        if not np.isfinite(self.scale) or self.scale == 0:
            raise ValueError(f"scale = {self.scale}: a finite number other than 0 is needed")

    def qubits(self, features: int) -> int:
        """Return the number of features."""
        return require_features(features, max(map(len, self.paulis)))

    def circuit(self, features: int) -> QuantumCircuit:
        """Build the circuit; its parameters are angles of sets of qubits."""
        circuit = QuantumCircuit(self.qubits(features), name="pauli_map")
        sets = self._sets(features)
        angle = dict(zip(sets, ParameterVector("angle", len(sets)), strict=True))
        for _ in range(self.repetitions):
            circuit.h(range(features))
            for pauli in self.paulis:
                for qubits in _blocks(features, len(pauli), self.entanglement):
                    _evolve(circuit, pauli, qubits, angle[qubits])
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the angles, shape ``(N, sets)``, the sets by their size."""
        data = data_matrix(X)
        self.qubits(data.shape[1])
        weight_vector(weights, self.weights(data.shape[1]))
        factors = np.pi - data if self.data_map == "shifted_products" else data
        columns = [
            data[:, qubits[0]] if len(qubits) == 1 else np.prod(factors[:, list(qubits)], axis=1)
            for qubits in self._sets(data.shape[1])
        ]
        return self.scale * np.column_stack(columns)

    def two_qubit_gates(self, features: int) -> int:
        """Return ``2 (k - 1)`` for each set of each string of k letters, times ``repetitions``."""
        n = self.qubits(features)
        counts = (2 * (len(pauli) - 1) * self._count(n, len(pauli)) for pauli in self.paulis)
        return self.repetitions * sum(counts)

    def rotations(self, features: int) -> int:
        """Return the number of sets of each string, times ``repetitions``."""
        n = self.qubits(features)
        return self.repetitions * sum(self._count(n, len(pauli)) for pauli in self.paulis)

    def _sets(self, features: int) -> list[tuple[int, ...]]:
        sizes = sorted({len(pauli) for pauli in self.paulis})
        return [block for k in sizes for block in _blocks(features, k, self.entanglement)]

    def _count(self, n: int, k: int) -> int:
        return len(_blocks(n, k, self.entanglement))


def _is_pauli(pauli: object) -> bool:
    return isinstance(pauli, str) and pauli != "" and set(pauli) <= set("XYZ")


def _blocks(n: int, k: int, entanglement: Entanglement) -> list[tuple[int, ...]]:
    """List the sets of k qubits that are entangled."""
    if k == 1 or entanglement == "full":
        return list(combinations(range(n), k))
    first = n - k + 1
    starts = (
        [*range(first, n), *range(first)] if entanglement == "circular" and n > k else range(first)
    )
    return [tuple((start + i) % n for i in range(k)) for start in starts]


def _evolve(circuit: QuantumCircuit, pauli: str, qubits: Sequence[int], angle: Parameter) -> None:
    """Append a phase of the angle where the string is -1."""
    letters = list(zip(reversed(pauli), qubits, strict=True))
    ladder = [(qubits[i], qubits[i + 1]) for i in range(len(qubits) - 1)]
    for letter, qubit in letters:
        if letter == "X":
            circuit.h(qubit)
        elif letter == "Y":
            circuit.sx(qubit)
    for control, target in ladder:
        circuit.cx(control, target)
    circuit.p(angle, qubits[-1])
    for control, target in reversed(ladder):
        circuit.cx(control, target)
    for letter, qubit in letters:
        if letter == "X":
            circuit.h(qubit)
        elif letter == "Y":
            circuit.sxdg(qubit)
