"""Reduced density matrices of a few qubits, as vectors of Pauli expectation values."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["frobenius_weights", "local_paulis", "pauli_vectors"]

_LETTERS = {
    "X": np.array([[0, 1], [1, 0]], dtype=complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.array([[1, 0], [0, -1]], dtype=complex),
}


def local_paulis(qubits: int, locality: int) -> list[tuple[tuple[int, str], ...]]:
    """List the Pauli operators on at most ``locality`` qubits, in the order of Pauli vectors.

    First X, Y, Z of qubit 0, of qubit 1 and so on; then, for ``locality=2``, for every pair of
    qubits ``a < b`` (in lexicographic order) the nine products, the letter of ``a`` changing last.

    Parameters
    ----------
    qubits
        Number n.
    locality
        1 or 2.

    Returns
    -------
    list
        Each operator as ``((qubit, letter), ...)``; ``3 n``, or ``3 n + 9 n (n - 1) / 2`` of them.
    """
    found: list[tuple[tuple[int, str], ...]] = []
    for size in range(1, locality + 1):
        for subset in combinations(range(qubits), size):
            found += [tuple(zip(subset, word, strict=True)) for word in product("XYZ", repeat=size)]
    return found


def pauli_vectors(states: NDArray[Any], locality: int) -> NDArray[np.float64]:
    """Compute the expectation values of `local_paulis` in exact states.

    Takes of the order of ``N n 2^n`` operations, or ``N n^2 2^n`` for pairs.

    Parameters
    ----------
    states
        Shape ``(N, 2**n)``.
    locality
        1 or 2.

    Returns
    -------
    NDArray
        Shape ``(N, K)``.
    """
    qubits = states.shape[1].bit_length() - 1
    columns = [
        _expectations(_reduced(states, subset), size)
        for size in range(1, locality + 1)
        for subset in combinations(range(qubits), size)
    ]
    return np.concatenate(columns, axis=1)


def frobenius_weights(qubits: int, locality: int) -> NDArray[np.float64]:
    r"""Return factors that make Euclidean distances of Pauli vectors those of density matrices.

    With the entries of Pauli vectors r and r' times these,

    .. math:: |v - v'|^2 = \sum_S \lVert\rho_S - \rho'_S\rVert_F^2,

    over all sets S of ``locality`` qubits, since ``rho_S = 2^-l sum_P <P> P``: the factor of a
    Pauli is ``2^(-l/2)`` times the root of the number of sets that hold its qubits, which for a
    single one among pairs is ``n - 1``.
    """
    sizes = np.array([len(pauli) for pauli in local_paulis(qubits, locality)])
    sets = np.where(sizes == locality, 1, qubits - 1)
    weights: NDArray[np.float64] = np.sqrt(sets / 2**locality)
    return weights


def _reduced(states: NDArray[Any], subset: tuple[int, ...]) -> NDArray[Any]:
    """Density matrices of some qubits, the first of them the lowest bit; ``(N, 2**l, 2**l)``."""
    qubits = states.shape[1].bit_length() - 1
    # Axis 1 is the highest qubit.
    axes = [qubits - qubit for qubit in reversed(subset)]
    tensor = states.reshape(len(states), *[2] * qubits)
    parts = np.moveaxis(tensor, axes, range(1, len(axes) + 1))
    parts = parts.reshape(len(states), 2 ** len(subset), -1)
    reduced: NDArray[Any] = parts @ parts.conj().swapaxes(1, 2)
    return reduced


def _expectations(reduced: NDArray[Any], size: int) -> NDArray[np.float64]:
    """``tr(rho P)`` for all words of letters, the letter of the lowest qubit changing last."""
    operators = []
    for word in product("XYZ", repeat=size):
        operator = np.eye(1, dtype=complex)
        for letter in word:
            operator = np.kron(_LETTERS[letter], operator)
        operators.append(operator)
    values: NDArray[np.float64] = np.einsum("nij,pji->np", reduced, np.array(operators)).real
    return values.astype(np.float64)
