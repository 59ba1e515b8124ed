"""Algebra of Pauli sums: commutators, bounds on norms, strings that anticommute with others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import Pauli, PauliList, SparsePauliOp

_SEARCHED = 12
"""Solutions of linear equations mod 2 are compared up to ``2**_SEARCHED`` of them."""


def commutator(a: SparsePauliOp, b: SparsePauliOp) -> SparsePauliOp:
    """Return ``a b - b a`` without terms of coefficient 0."""
    difference: SparsePauliOp = (a @ b - b @ a).simplify(atol=0, rtol=0)
    return difference


def norm_bound(operator: SparsePauliOp) -> float:
    r"""Bound the spectral norm of a Hermitian, or anti-Hermitian, Pauli sum from above.

    Strings that anticommute with each other have together the norm :math:`\sqrt{\sum c_j^2}`, the
    square of their sum being a multiple of the identity. They are gathered greedily, and the norms
    of these sets added up; the bound is between that norm and the sum of all :math:`|c_j|`. With T
    terms O(T^2) work, whatever the number of qubits.
    """
    order = np.argsort(-np.abs(operator.coeffs), kind="stable")
    sizes = np.abs(operator.coeffs)[order]
    anticommute = _anticommutation(operator.paulis[order])
    free = np.ones(sizes.size, dtype=bool)
    total = 0.0
    for first in range(sizes.size):
        if not free[first]:
            continue
        candidates = free & anticommute[first]
        chosen = [first]
        while candidates.any():
            chosen.append(int(np.argmax(candidates)))
            candidates = candidates & anticommute[chosen[-1]]
        free[chosen] = False
        total += float(np.linalg.norm(sizes[chosen]))
    return total


def anticommuting_string(paulis: PauliList, near: Pauli | None = None) -> Pauli | None:
    r"""Find a string K that anticommutes with all given ones; ``None`` if there is none.

    Conjugation by K then turns the sign of any sum of them: ``K exp(i H t) K = exp(-i H t)``.
    There is a K if and only if no odd number of the strings multiplies to the identity.

    Parameters
    ----------
    paulis
        At least one string.
    near
        The solution sought has the fewest letters different from this one (by default: the fewest
        letters at all); exactly the fewest up to 4,096 solutions, else any solution is returned.

    Notes
    -----
    Linear equations over the field of two elements: O(T n^2) for T strings on n qubits.
    """
    n = paulis.num_qubits
    # A string with bits (x, z) anticommutes with (x', z') if x.z' + z.x' is odd.
    found = _solve_binary(np.hstack([paulis.z, paulis.x]), np.ones(len(paulis), dtype=bool))
    if found is None:
        return None
    solution, kernel = found
    if len(kernel) <= _SEARCHED:
        target = np.zeros(2 * n, bool) if near is None else np.concatenate([near.x, near.z])
        masks = np.array(list(product([0, 1], repeat=len(kernel))), dtype=np.int64)
        every = (solution + masks.reshape(len(masks), -1) @ kernel.astype(np.int64)) % 2 == 1
        differ = every ^ target
        solution = every[np.argmin(np.sum(differ[:, :n] | differ[:, n:], axis=1))]
    return Pauli((solution[n:], solution[:n]))


def weight(pauli: Pauli) -> int:
    """Return the number of qubits that a string acts on."""
    return int(np.sum(pauli.x | pauli.z))


def qubitwise_commuting(operator: SparsePauliOp) -> list[SparsePauliOp]:
    """Split a sum into sums of strings that have, on every qubit, one letter besides the identity.

    Terms stay in their order within each; every term goes to the first sum that it fits.
    """
    parts: list[tuple[NDArray[np.bool_], NDArray[np.bool_], list[int]]] = []
    for index, pauli in enumerate(operator.paulis):
        support = pauli.x | pauli.z
        for x, z, members in parts:
            both = support & (x | z)
            if np.all((pauli.x == x)[both] & (pauli.z == z)[both]):
                x |= pauli.x
                z |= pauli.z
                members.append(index)
                break
        else:
            parts.append((pauli.x.copy(), pauli.z.copy(), [index]))
    return [operator[members] for _, _, members in parts]


def hermitian_sum(terms: Sequence[SparsePauliOp]) -> SparsePauliOp:
    """Add sums up and drop terms that cancel."""
    return SparsePauliOp.sum(list(terms)).simplify(atol=0, rtol=0)


def _anticommutation(paulis: PauliList) -> NDArray[np.bool_]:
    x, z = paulis.x.astype(np.int64), paulis.z.astype(np.int64)
    return (x @ z.T + z @ x.T) % 2 == 1


def _solve_binary(
    matrix: NDArray[np.bool_], right: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]] | None:
    """Solve ``matrix @ v = right`` mod 2: one solution, and a basis of the kernel in rows."""
    rows = np.column_stack([matrix, right])
    columns = matrix.shape[1]
    pivots: list[int] = []
    for column in range(columns):
        below = np.flatnonzero(rows[len(pivots) :, column])
        if not below.size:
            continue
        top = len(pivots)
        rows[[top, top + below[0]]] = rows[[top + below[0], top]]
        others = rows[:, column].copy()
        others[top] = False
        rows[others] ^= rows[top]
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    if rows[len(pivots) :, -1].any():
        return None
    solution = np.zeros(columns, dtype=np.int64)
    solution[pivots] = rows[: len(pivots), -1]
    free = [column for column in range(columns) if column not in pivots]
    kernel = np.zeros((len(free), columns), dtype=bool)
    for row, column in zip(kernel, free, strict=True):
        row[column] = True
        row[pivots] = rows[: len(pivots), column]
    return solution, kernel
