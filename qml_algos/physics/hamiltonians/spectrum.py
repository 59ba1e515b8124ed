"""Exact ground states, and the lowest excited ones, by sparse diagonalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, eigsh

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.action import action_of, require_enumerable
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.hamiltonians.sectors import sector_matrix, sector_states
from qml_algos.validation import require_count

_MOST_DENSE = 512
"""States up to which all eigenvectors are computed at once."""


@dataclass(frozen=True, eq=False)
class ExactSpectrum:
    """The lowest eigenstates of a Hamiltonian.

    Attributes
    ----------
    energies
        Ascending; shape ``(states,)``.
    states
        Normalised rows, qubit 0 the least significant bit; shape ``(states, 2**qubits)``.
    """

    energies: NDArray[np.float64]
    states: NDArray[Any]

    def __repr__(self) -> str:
        return f"ExactSpectrum({len(self.energies)} states from {self.energies[0]:.12g})"


def exact_ground_state(hamiltonian: SpinHamiltonian, states: int = 1) -> ExactSpectrum:
    """Compute the ground state, or the lowest eigenstates.

    Parameters
    ----------
    hamiltonian
        At most 24 qubits.
    states
        How many. One alone is looked for among the states of the ground state's magnetisation,
        where that is known.

    Raises
    ------
    InvalidProblemError
        If ``states`` is no positive integer, is more than there are, or the Hamiltonian does not
        conserve the magnetisation that it claims.
    TooLargeError
        Above 24 qubits.

    Notes
    -----
    Lanczos' method (ARPACK), to rounding; some tens of products of Hamiltonian and vector, each
    O(terms * 2^n). The same Hamiltonian gives the same vectors: chance has a fixed seed, and where
    the signs of the ground state are known it starts from all amplitudes equal, which keeps every
    symmetry and is orthogonal to no ground state without negative amplitudes.
    """
    require_count("states", states)
    require_enumerable(hamiltonian)
    qubits = hamiltonian.qubits
    if states > 2**qubits:
        raise InvalidProblemError(f"states = {states}: {qubits} qubits have {2**qubits}")
    above = 1 + 2 * float(np.abs(hamiltonian.operator.coeffs).sum())
    if states == 1 and hamiltonian.magnetisation is not None:
        basis = sector_states(qubits, hamiltonian.magnetisation)
        matrix = sector_matrix(hamiltonian, basis)
        energies, vectors = _lowest(matrix, 1, _start(hamiltonian, 1)[basis], above)
        full = np.zeros((1, 2**qubits), dtype=vectors.dtype)
        full[:, basis] = vectors
        return ExactSpectrum(energies, full)
    size = 2**qubits
    if size <= _MOST_DENSE:
        return ExactSpectrum(*_lowest(hamiltonian.to_sparse(), states, None, above))
    dtype = hamiltonian.connections.coefficients.dtype
    operator = LinearOperator((size, size), matvec=action_of(hamiltonian), dtype=dtype)
    return ExactSpectrum(*_lowest(operator, states, _start(hamiltonian, states), above))


def _start(hamiltonian: SpinHamiltonian, states: int) -> NDArray[np.float64]:
    size = 2**hamiltonian.qubits
    if states > 1 or hamiltonian.sign_qubits is None:
        return np.random.default_rng(0).standard_normal(size)
    mask = sum(1 << qubit for qubit in hamiltonian.sign_qubits)
    return 1.0 - 2.0 * (np.bitwise_count(np.arange(size) & mask) % 2)


def _lowest(
    operator: Any, states: int, start: NDArray[np.float64] | None, above: float
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Lowest eigenvalues, and eigenvectors as rows; ``above`` exceeds every eigenvalue."""
    size = operator.shape[0]
    if size <= _MOST_DENSE:
        energies, vectors = scipy.linalg.eigh(operator.toarray(), subset_by_index=(0, states - 1))
        return energies, np.ascontiguousarray(vectors.T)
    found: NDArray[Any] = np.empty((0, size), dtype=operator.dtype)
    levels: list[float] = []
    for _ in range(states):
        # One vector spans one direction of a degenerate level: each found is put out of the way.
        rest = _without(operator, found, levels, above)
        energies, vectors = eigsh(rest, k=1, which="SA", v0=start)
        levels.append(float(energies[0]))
        found = np.vstack([found, vectors.T])
    return np.array(levels), found


def _without(operator: Any, found: NDArray[Any], levels: list[float], above: float) -> Any:
    """Raise eigenvectors that are known above the spectrum."""
    if not levels:
        return operator
    raised = above - np.array(levels)

    def apply(vector: NDArray[Any]) -> NDArray[Any]:
        vector = vector.reshape(-1)
        return np.asarray(operator @ vector + (raised * (found.conj() @ vector)) @ found)

    return LinearOperator(operator.shape, matvec=apply, dtype=operator.dtype)
