"""Energies of Hamiltonian-variational circuits and their gradients, on a statevector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from circuits.pauli_algebra import qubitwise_commuting
from qml_algos.physics.snapshots.snapshots import PAULI_ROTATIONS, X, Y, Z

Vector = NDArray[np.complex128]

_MOST_CHUNK_QUBITS = 5
_ROUNDING = 12


class LayeredEvolution:
    r"""States :math:`\prod_k e^{-i \theta_k H_{k \bmod m}} |\mathrm{reference}\rangle`.

    Each layer is diagonal after turns of single qubits; parts of a layer that need different turns
    follow one another.

    Parameters
    ----------
    layers
        Real sums of Paulis, those of a layer commuting with each other.
    reference
        Statevector; qubit 0 is the least significant bit.
    action
        Applies the Hamiltonian whose energy is asked for.

    Notes
    -----
    *Cost*: the energy and all its derivatives take about as long as three evolutions (adjoint
    differentiation), each ``O(2^n n)`` a layer, whatever the number of terms, and hold four
    statevectors.

    References
    ----------
    T. Jones, J. Gacon, arXiv:2009.02823 (2020), for the adjoint method.
    """

    def __init__(
        self,
        layers: Sequence[SparsePauliOp],
        reference: Vector,
        action: Callable[[Vector], NDArray[Any]],
    ) -> None:
        self._layers = [[_Part.of(part) for part in qubitwise_commuting(layer)] for layer in layers]
        self._reference = reference.astype(complex)
        self._action = action

    def state(self, angles: NDArray[np.float64]) -> Vector:
        """Return the statevector; angles in radians, shape ``(P,)``, the first layer's first."""
        states = self._reference[np.newaxis]
        for place, angle in enumerate(angles):
            for part in self._layers[place % len(self._layers)]:
                states = part.leave(part.phases(angle) * part.enter(states))
        return states[0]

    def energy_and_gradient(self, angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Mean of the Hamiltonian and its derivatives by the angles, shape ``(P,)``."""
        state = self.state(angles)
        image = self._action(state)
        energy = float(np.vdot(state, image).real)
        gradient = np.zeros(len(angles))
        # The state and the Hamiltonian's image of it go back together.
        both = np.stack([state, image])
        for place in reversed(range(len(angles))):
            for part in reversed(self._layers[place % len(self._layers)]):
                turned = part.enter(both)
                gradient[place] += 2 * np.vdot(turned[1], part.energies * turned[0]).imag
                both = part.leave(part.phases(-angles[place]) * turned)
        return energy, gradient


@dataclass(frozen=True, eq=False)
class _Part:
    """Terms that turns of single qubits make diagonal.

    Attributes
    ----------
    chunks
        Turns of neighbouring qubits as one matrix, lowest qubits first; ``None`` where there are
        none.
    energies
        The diagonal; shape ``(2**n,)``.
    levels, places
        Its different entries, and which of them stands where.
    """

    chunks: tuple[tuple[int, Vector | None], ...]
    energies: NDArray[np.float64]
    levels: NDArray[np.float64]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, terms: SparsePauliOp) -> _Part:
        x, z = terms.paulis.x, terms.paulis.z
        energies = np.zeros(2**terms.num_qubits)
        for support, coefficient in zip(x | z, terms.coeffs.real, strict=True):
            energies += coefficient * _parities(support)
        levels, places = np.unique(energies.round(_ROUNDING), return_inverse=True)
        letters = np.where(x.any(axis=0), np.where(z.any(axis=0), Y, X), Z)
        return cls(_chunks(letters), energies, levels, places)

    def phases(self, angle: float) -> Vector:
        found: Vector = np.exp(-1j * angle * self.levels)[self.places]
        return found

    def enter(self, states: Vector) -> Vector:
        """Turn states, shape ``(S, 2**n)``, so that the terms are diagonal."""
        return self._turned(states, adjoint=False)

    def leave(self, states: Vector) -> Vector:
        return self._turned(states, adjoint=True)

    def _turned(self, states: Vector, *, adjoint: bool) -> Vector:
        shape, below = states.shape, 1
        for qubits, turn in self.chunks:
            if turn is not None:
                matrix = turn.conj().T if adjoint else turn
                if below == 1:
                    states = states.reshape(-1, 2**qubits) @ matrix.T
                else:
                    states = matrix @ states.reshape(-1, 2**qubits, below)
            below *= 2**qubits
        return states.reshape(shape)


def _parities(support: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sign of a product of Z on some qubits in each basis state."""
    signs = np.ones(1)
    for acts in support:
        signs = np.concatenate([signs, -signs if acts else signs])
    return signs


def _chunks(letters: NDArray[Any]) -> tuple[tuple[int, Vector | None], ...]:
    """Cut a register into chunks of nearly the same size, and multiply the turns of each."""
    number = -(-len(letters) // _MOST_CHUNK_QUBITS)
    chunks = []
    for chunk in np.array_split(letters, number):
        turn: Vector | None = None
        if np.any(chunk != Z):
            turn = np.ones((1, 1), dtype=complex)
            for letter in chunk:
                turn = np.kron(PAULI_ROTATIONS[letter], turn)
        chunks.append((len(chunk), turn))
    return tuple(chunks)
