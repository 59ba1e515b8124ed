r"""Projected norms of |Q> by exact contraction: the price is the treewidth, not the size.

The norm is a sum over two copies of the binary indices of the graph state, ``a`` of the ket and
``a'`` of the bra. An edge is a table :math:`(-1)^{a_i a_j}` in each copy. A projected qubit is a
table of one variable in each copy, :math:`M_{x a}` and its conjugate, so the copies stay apart
there; a traced qubit joins them by :math:`\sum_b M_{ba} M^*_{ba'}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.generative.factor_graph.elimination import (
    Contraction,
    Elimination,
    Table,
    contract,
    elimination,
    least_width,
)
from qml_algos.generative.factor_graph.statevector import MOST_QUBITS

Array = NDArray[np.complex128]
Integers = NDArray[np.int64]
Edges = tuple[tuple[int, int], ...]

WIDEST = 22
"""Largest width that is contracted: a table has ``2 ** 23`` entries then, 128 MiB."""

_ENTRIES_AT_ONCE = 2**18
_CZ: Array = np.array([[1, 1], [1, -1]], dtype=complex)


def order_of_contraction(qubits: int, edges: Edges, pinned: Sequence[int]) -> Elimination:
    """Return the order that is used, with its width.

    Parameters
    ----------
    qubits, edges
        The graph.
    pinned
        Qubits that are projected; the others are traced out.
    """
    return elimination(2 * qubits, _scopes(qubits, edges, frozenset(pinned)))


def log_weights(
    matrices: Array, edges: Edges, pinned: Sequence[int], values: Integers
) -> NDArray[np.float64]:
    r"""Return :math:`\log\langle Q|\Pi_x|Q\rangle` for each row x.

    Parameters
    ----------
    matrices
        Shape ``(m, 2, 2)``.
    edges
        Of the graph.
    pinned
        Qubits that are projected; the others are traced out.
    values
        Shape ``(N, len(pinned))``, 0 or 1.

    Returns
    -------
    array, shape ``(N,)``
        ``-inf`` where the weight is 0, or lost in rounding at about 1e-16 of the largest term.

    Raises
    ------
    TooLargeError
        If the width exceeds `WIDEST`.

    Notes
    -----
    About ``4 m N 2**(w + 1)`` multiplications, w the width. Rows are taken in portions: a table of
    complex numbers takes ``16 * 2**(w + 1)`` bytes or 4 MiB, whichever is more.
    """
    parts = [
        _logarithm(done, len(matrices))
        for done, _ in _contractions(matrices, edges, pinned, values, differentiable=False)
    ]
    return np.concatenate(parts)


def site_matrices(
    matrices: Array, edges: Edges, pinned: Sequence[int], values: Integers
) -> tuple[NDArray[np.float64], Array]:
    r"""Return the weights and, for each qubit, what the expectation of a local operator takes.

    Arguments are those of `log_weights`.

    Returns
    -------
    log_weights
        Shape ``(N,)``.
    sites
        Shape ``(N, m, 2, 2)``: :math:`A_i` with
        :math:`\langle Q|\Pi_x O_i|Q\rangle / \langle Q|\Pi_x|Q\rangle = \mathrm{tr}(O_i A_i)` for
        every operator on qubit i; not finite where the weight is 0.

    Raises
    ------
    TooLargeError
        As `log_weights`.

    Notes
    -----
    About four times the multiplications of `log_weights`; all tables on the way are kept, at the
    worst one for each of the ``2 m`` indices.
    """
    logs, sites = [], []
    wanted = range(len(matrices))
    for done, rows in _contractions(matrices, edges, pinned, values, differentiable=True):
        logs.append(_logarithm(done, len(matrices)))
        with np.errstate(divide="ignore", invalid="ignore"):
            sites.append(_sites(matrices, done.log_derivatives(wanted), pinned, rows))
    return np.concatenate(logs), np.concatenate(sites)


def _sites(
    matrices: Array, derivatives: Sequence[Array], pinned: Sequence[int], rows: Integers
) -> Array:
    columns = {qubit: k for k, qubit in enumerate(pinned)}
    sites = np.zeros((len(rows), len(matrices), 2, 2), dtype=complex)
    every = np.arange(len(rows))
    for i, (matrix, slope) in enumerate(zip(matrices, derivatives, strict=True)):
        if i in columns:
            sites[every, i, :, rows[:, columns[i]]] = (matrix @ slope).T
        else:
            sites[:, i] = np.einsum("ba,acn,dc->nbd", matrix, slope, matrix.conj(), optimize=True)
    return sites


def _logarithm(done: Contraction, qubits: int) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        logs: NDArray[np.float64] = np.log(np.maximum(done.value.real, 0.0))
    return logs + done.log_scale - qubits * np.log(2.0)


def _contractions(
    matrices: Array,
    edges: Edges,
    pinned: Sequence[int],
    values: Integers,
    *,
    differentiable: bool,
) -> Iterator[tuple[Contraction, Integers]]:
    """Contract for a portion of the rows at a time."""
    qubits, traced = len(matrices), len(matrices) - len(pinned)
    least = least_width(2 * qubits, _scopes(qubits, edges, frozenset(pinned)))
    if least > WIDEST:
        raise TooLargeError(_too_wide(qubits, traced, f"at least {least}"))
    plan = order_of_contraction(qubits, edges, pinned)
    if plan.width > WIDEST:
        raise TooLargeError(_too_wide(qubits, traced, f"{plan.width} in the order found"))
    rows_at_once = max(1, _ENTRIES_AT_ONCE >> (plan.width + 1))
    for start in range(0, len(values), rows_at_once):
        rows = values[start : start + rows_at_once]
        tables = _tables(matrices, edges, pinned, rows)
        yield contract(tables, plan.order, len(rows), differentiable=differentiable), rows


def _too_wide(qubits: int, traced: int, width: str) -> str:
    return (
        f"the network of {qubits} qubits, {traced} of them traced out, has treewidth {width}; "
        f"contraction goes up to {WIDEST}, tables of 2**{WIDEST + 1} entries. Use "
        f'method="statevector" for up to {MOST_QUBITS} qubits; else a narrower graph, or one whose '
        "hidden qubits lie apart"
    )


def _scopes(qubits: int, edges: Edges, pinned: frozenset[int]) -> tuple[tuple[int, ...], ...]:
    """Variables i of the ket and ``qubits + i`` of the bra; first one table for each qubit."""
    sites = [(i,) if i in pinned else (i, qubits + i) for i in range(qubits)]
    bras = [(qubits + i,) for i in range(qubits) if i in pinned]
    shifted = [(qubits + i, qubits + j) for i, j in edges]
    return (*sites, *bras, *edges, *shifted)


def _tables(matrices: Array, edges: Edges, pinned: Sequence[int], rows: Integers) -> list[Table]:
    """Build the tables of `_scopes`, in its order."""
    columns = {qubit: k for k, qubit in enumerate(pinned)}
    projected = {i: matrices[i][rows[:, k]].T for i, k in columns.items()}
    contents = [
        projected[i] if i in columns else (matrix.T @ matrix.conj())[..., None]
        for i, matrix in enumerate(matrices)
    ]
    contents += [projected[i].conj() for i in range(len(matrices)) if i in columns]
    contents += [_CZ[..., None]] * (2 * len(edges))
    scopes = _scopes(len(matrices), edges, frozenset(columns))
    return [Table(scope, values) for scope, values in zip(scopes, contents, strict=True)]
