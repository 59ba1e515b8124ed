"""Checks of graphs, matrices and binary data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, SingularMatrixError
from qml_algos.validation import numeric_array

Edges = tuple[tuple[int, int], ...]

_SINGULAR = 1e12


def checked_edges(edges: Iterable[Sequence[int]], qubits: int | None = None) -> Edges:
    """Return the edges of a simple graph, the smaller end first.

    Raises
    ------
    InvalidProblemError
        If one is no pair of qubits, joins a qubit to itself, occurs twice, or has an end that is
        not below ``qubits``.
    """
    found: dict[tuple[int, int], None] = {}
    for edge in edges:
        ends = list(edge)
        if len(ends) != 2 or not all(_whole(end) and end >= 0 for end in ends):
            raise InvalidProblemError(f"edge {edge!r}: must be a pair of qubits, integers >= 0")
        i, j = sorted(map(int, ends))
        if i == j:
            raise InvalidProblemError(
                f"edge {(i, j)}: joins a qubit to itself; a graph has no loops"
            )
        if qubits is not None and j >= qubits:
            raise InvalidProblemError(f"edge {(i, j)}: qubits go from 0 to {qubits - 1}")
        if (i, j) in found:
            raise InvalidProblemError(f"edge {(i, j)} is there twice: two of them would cancel")
        found[i, j] = None
    return tuple(found)


def checked_matrices(matrices: ArrayLike) -> NDArray[np.complex128]:
    """Return a read-only complex copy of one invertible matrix a qubit, shape ``(m, 2, 2)``.

    Raises
    ------
    InvalidProblemError
        If the shape differs, or an entry is not finite.
    SingularMatrixError
        If one is singular to working precision, with its qubit.
    """
    found: NDArray[np.complex128] = numeric_array(matrices, "matrices").astype(complex)
    if found.ndim != 3 or found.shape[1:] != (2, 2) or not len(found):
        raise InvalidProblemError(
            f"matrices has shape {found.shape}: one 2 x 2 matrix a qubit is needed, shape (m, 2, 2)"
        )
    values = np.linalg.svd(found, compute_uv=False)
    for qubit, (largest, smallest) in enumerate(values):
        if largest >= _SINGULAR * smallest:
            raise SingularMatrixError(
                f"matrices[{qubit}], of qubit {qubit}, has singular values {largest:.3g} and "
                f"{smallest:.3g}: it must be invertible, with a condition number below 1e12"
            )
    found.setflags(write=False)
    return found


def checked_qubits(name: str, given: Iterable[int], qubits: int) -> tuple[int, ...]:
    """Return distinct qubits.

    Raises
    ------
    InvalidProblemError
        If one is out of range or occurs twice.
    """
    found = list(given)
    for qubit in found:
        if not _whole(qubit) or not 0 <= qubit < qubits:
            raise InvalidProblemError(
                f"{name}: {qubit!r} is no qubit; they go from 0 to {qubits - 1}"
            )
    if len(set(found)) < len(found):
        raise InvalidProblemError(f"{name} = {found}: a qubit occurs twice")
    return tuple(map(int, found))


def checked_samples(X: Any, variables: int) -> NDArray[np.int64]:
    """Return binary data, shape ``(N, variables)``.

    Raises
    ------
    InvalidProblemError
        If the shape differs, there is no row, or an entry is neither 0 nor 1.
    """
    found = np.asarray(numeric_array(X, "X"))
    if found.ndim != 2 or found.shape[1] != variables or not len(found):
        raise InvalidProblemError(
            f"X has shape {found.shape}: (samples, {variables}) is needed, at least one sample, "
            "and a column for each variable"
        )
    bad = np.argwhere((found != 0) & (found != 1))
    if len(bad):
        row, column = map(int, bad[0])
        raise InvalidProblemError(
            f"X[{row}, {column}] = {found[row, column]}: variables are binary, 0 or 1"
        )
    return found.real.astype(np.int64)


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
