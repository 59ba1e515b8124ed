"""The discrete-logarithm map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.feature_maps.amplitude import AmplitudeMap
from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.discrete_log.orbit import Orbit
from circuits.feature_maps.discrete_log.residues import require_prime, smallest_generator
from circuits.feature_maps.validation import data_matrix, weight_vector


@dataclass(frozen=True)
class DiscreteLogMap(FeatureMap):
    r"""Map a residue x to the arc of powers of a generator that starts at it.

    .. math:: |\phi_x\rangle = 2^{-k/2} \sum_{i < 2^k} |x g^i \bmod p\rangle

    Two states overlap by the share of the circle of logarithms that their arcs have in common.

    Parameters
    ----------
    prime
        p, from 5 to below 2**31; n is the number of its binary digits.
    generator
        g, of order ``prime - 1`` modulo the prime. ``None`` for the smallest.
    k
        Binary logarithm of the number of powers, from 1 to ``n - 1``. ``None`` for ``n - 3``, or 1
        if that is less: arcs of 1/8 to 1/4 of the circle.

    Raises
    ------
    TypeError
        If an argument is no integer.
    ValueError
        If one is out of range, ``prime`` is not prime, or ``generator`` does not generate all
        residues.

    Notes
    -----
    The data have one feature, whole numbers from 1 to ``prime - 1``.

    *Two circuits.* `circuit` is the smallest there is for simulation and small devices: n qubits,
    but amplitudes are listed, so it and its angles take ``2**n`` steps. It is therefore **no
    evidence of a speedup**: whoever can list the arcs can solve the problem classically.
    `arithmetic_circuit` prepares the same state from arithmetic, with ``O(n**3)`` gates on about
    ``4 n**2`` qubits. That one is what the theorem is about.

    References
    ----------
    Y. Liu, S. Arunachalam, K. Temme, Nat. Phys. 17, 1013 (2021), arXiv:2010.02174.
    """

    prime: int
    generator: int | None = None
    k: int | None = None

    def __post_init__(self) -> None:
        _ = self.orbit

    @property
    def orbit(self) -> Orbit:
        """Prime, generator and k, with what was ``None`` filled in."""
        prime = require_prime(self.prime)
        generator = smallest_generator(prime) if self.generator is None else self.generator
        k = max(1, prime.bit_length() - 3) if self.k is None else self.k
        return Orbit(prime, generator, k)

    def qubits(self, features: int = 1) -> int:
        """Return the number n of binary digits of the prime."""
        if features != 1:
            raise ValueError(f"features = {features}: this map takes one, a residue")
        return int(self.prime).bit_length()

    def circuit(self, features: int = 1) -> QuantumCircuit:
        """Build the preparation of a list of ``2**n`` real amplitudes."""
        circuit = AmplitudeMap().circuit(2 ** self.qubits(features))
        circuit.name = "discrete_log_map"
        return circuit

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Return the angles that prepare each arc, shape ``(N, 2**n - 1)``."""
        states = self.states(X)
        weight_vector(weights, 0)
        return AmplitudeMap().angles(states)

    def states(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the feature states, shape ``(N, 2**n)``, from their definition.

        Raises
        ------
        ValueError
            If X is not one column of whole numbers from 1 to ``prime - 1``.
        """
        members = self.orbit.members(self.residues(X))
        states = np.zeros((members.shape[0], 2 ** self.qubits()))
        np.put_along_axis(states, members, members.shape[1] ** -0.5, axis=1)
        return states

    def residues(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return a column of data as integers, shape ``(N,)``.

        Raises
        ------
        ValueError
            If X is not one column of whole numbers from 1 to ``prime - 1``.
        """
        data = data_matrix(X)
        self.qubits(data.shape[1])
        return self.orbit.residues(data[:, 0])

    def two_qubit_gates(self, features: int = 1) -> int:
        """Return what a list of real amplitudes takes: exponential in n."""
        return AmplitudeMap().two_qubit_gates(2 ** self.qubits(features))

    def rotations(self, features: int = 1) -> int:
        """Return ``2**n - 1``."""
        return 2 ** self.qubits(features) - 1
