"""Product formulas for symmetric tridiagonal Toeplitz matrices."""

from __future__ import annotations

from itertools import product

from qiskit.quantum_info import SparsePauliOp

from circuits.product_formula import ProductFormula
from circuits.splitting import suzuki


def path_formula(qubits: int, diagonal: float, neighbour: float, order: int = 2) -> ProductFormula:
    r"""Split the tridiagonal matrix into two matchings of a path, in a Gray code.

    The edges (0, 1), (2, 3), ... flip bit 0 of the Gray code, and the edges (1, 2), (3, 4), ...
    flip bit j + 1 where j is the lowest bit set:

    .. math:: S + S^T = X_0 + \sum_{j=0}^{n-2} X_{j+1} |1\rangle\langle 1|_j
              \prod_{i<j} |0\rangle\langle 0|_i.

    The terms of the second sum commute, and each is evolved by one multiplexed rotation. The
    product of all Z anticommutes with both matchings.

    Parameters
    ----------
    qubits
        n, at least 1, for ``2**n`` rows.
    diagonal, neighbour
        Real entries.
    order
        Of Suzuki's formula.

    Returns
    -------
    ProductFormula
        In the frame of `path_encoding.gray_code`. The second matching takes ``2**n - 2`` CX, the
        first none: a table of 2**n angles, meant for few qubits.
    """
    first = SparsePauliOp.from_sparse_list([("X", [0], neighbour)], qubits)
    second = tuple(_flips_above(qubits, bit, neighbour) for bit in range(qubits - 1))
    groups = ((first,), second) if second else ((first,),)
    return ProductFormula(qubits, groups, suzuki(len(groups), order), diagonal)


def _flips_above(qubits: int, bit: int, weight: float) -> SparsePauliOp:
    """``X`` on the qubit after ``bit`` where that one is 1 and all below are 0."""
    terms = []
    for letters in product("IZ", repeat=bit + 1):
        sign = -1 if letters[bit] == "Z" else 1
        support = [qubit for qubit, letter in enumerate(letters) if letter == "Z"]
        strength = sign * weight / 2 ** (bit + 1)
        terms.append(("Z" * len(support) + "X", [*support, bit + 1], strength))
    return SparsePauliOp.from_sparse_list(terms, qubits)
