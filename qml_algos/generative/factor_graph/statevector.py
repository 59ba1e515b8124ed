r"""Projected norms of |Q> from all its ``2**m`` amplitudes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError

Array = NDArray[np.complex128]
Integers = NDArray[np.int64]
Edges = tuple[tuple[int, int], ...]

MOST_QUBITS = 22
"""Most qubits whose amplitudes are held: 64 MiB, several times."""


def amplitudes(matrices: Array, edges: Edges) -> Array:
    r"""Return :math:`|Q\rangle = \bigotimes_i M_i |G\rangle`, not normalised.

    Parameters
    ----------
    matrices
        Shape ``(m, 2, 2)``.
    edges
        Of the graph; :math:`|G\rangle = 2^{-m/2} \prod_{ij} (-1)^{a_i a_j}`.

    Returns
    -------
    array, shape ``(2,) * m``
        Axis i is qubit i.

    Raises
    ------
    TooLargeError
        If there are more than `MOST_QUBITS` qubits.

    Notes
    -----
    ``2 m 2**m`` multiplications.
    """
    qubits = len(matrices)
    if qubits > MOST_QUBITS:
        raise TooLargeError(
            f"{qubits} qubits have 2**{qubits} amplitudes; a statevector goes up to {MOST_QUBITS} "
            'qubits. Use method="contraction", whose cost is that of the treewidth'
        )
    state = np.full((2,) * qubits, 2.0 ** (-qubits / 2), dtype=complex)
    for i, j in edges:
        both: list[slice | int] = [slice(None)] * qubits
        both[i] = both[j] = 1
        state[tuple(both)] *= -1
    # Each contraction moves its axis to the end: after all of them they are back in order.
    for matrix in matrices:
        state = np.tensordot(state, matrix, axes=(0, 1))
    return state


def log_weights(
    matrices: Array, edges: Edges, pinned: Sequence[int], values: Integers
) -> NDArray[np.float64]:
    """As `contraction.log_weights`, for up to `MOST_QUBITS` qubits and any graph."""
    rows = _rows(matrices, edges, pinned)[_indices(values)]
    return _logarithm(np.einsum("nt,nt->n", rows, rows.conj()).real)


def site_matrices(
    matrices: Array, edges: Edges, pinned: Sequence[int], values: Integers
) -> tuple[NDArray[np.float64], Array]:
    """As `contraction.site_matrices`, for up to `MOST_QUBITS` qubits and any graph."""
    every = _rows(matrices, edges, pinned)
    indices = _indices(values)
    rows = every[indices]
    weights = np.einsum("nt,nt->n", rows, rows.conj()).real
    sites = np.zeros((len(values), len(matrices), 2, 2), dtype=complex)
    samples = np.arange(len(values))
    for k, qubit in enumerate(pinned):
        x = values[:, k]
        flipped = every[indices ^ (1 << (len(pinned) - 1 - k))]
        sites[samples, qubit, x, x] = weights
        sites[samples, qubit, 1 - x, x] = np.einsum("nt,nt->n", flipped, rows.conj())
    traced = [i for i in range(len(matrices)) if i not in set(pinned)]
    for k, qubit in enumerate(traced):
        split = rows.reshape(len(rows), 2**k, 2, -1)
        sites[:, qubit] = np.einsum("npbq,npcq->nbc", split, split.conj(), optimize=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _logarithm(weights), sites / weights[:, None, None, None]


def _rows(matrices: Array, edges: Edges, pinned: Sequence[int]) -> Array:
    """Amplitudes, one row for each outcome of the projected qubits, the last one changing first."""
    traced = [i for i in range(len(matrices)) if i not in set(pinned)]
    state = amplitudes(matrices, edges).transpose([*pinned, *traced])
    return state.reshape(2 ** len(pinned), -1)


def _indices(values: Integers) -> Integers:
    places: Integers = 1 << np.arange(values.shape[1], dtype=np.int64)[::-1]
    return values @ places


def _logarithm(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        logs: NDArray[np.float64] = np.log(weights)
    return logs
