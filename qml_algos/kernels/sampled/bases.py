"""Bases of Pauli measurements in which all few-qubit Paulis occur."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

# Words over three letters, one row a basis. In any two columns each pair of letters occurs once:
# r, s and -(r + s); and r, s, r + s, r + 2 s (modulo 3).
_PAIRS = np.array(list(product(range(3), repeat=2)))
_THREE_COLUMNS = (_PAIRS @ [[1, 0, 2], [0, 1, 2]]) % 3
_FOUR_COLUMNS = (_PAIRS @ [[1, 0, 1, 1], [0, 1, 1, 2]]) % 3


def measurement_bases(qubits: int, locality: int) -> NDArray[np.int64]:
    r"""Choose bases in which every Pauli on at most ``locality`` qubits is measured.

    For single qubits three bases do. For pairs each two qubits must see all nine pairs of letters:
    qubits that differ in a digit of their numbers, base 3 or 4, see them in the bases that this
    digit makes of an orthogonal array. That takes ``3 + 6 ceil(log_3 n)`` bases, or
    ``1 + 8 ceil(log_4 n)`` if these are fewer: 9 for up to four qubits, 15 for nine, 17 for 16.

    Parameters
    ----------
    qubits
        Number n.
    locality
        1 or 2.

    Returns
    -------
    ndarray
        Letters 0, 1, 2 for X, Y, Z; shape ``(bases, qubits)``.

    References
    ----------
    J. Cotler and F. Wilczek, Physical Review Letters 124, 100401 (2020), arXiv:1908.02754, whose
    perfect hash functions the digits base 3 are.
    """
    if locality == 1:
        return np.repeat(np.arange(3)[:, None], qubits, axis=1)
    return min((_by_digits(qubits, array) for array in (_FOUR_COLUMNS, _THREE_COLUMNS)), key=len)


def _by_digits(qubits: int, array: NDArray[np.int64]) -> NDArray[np.int64]:
    base = array.shape[1]
    numbers = np.arange(qubits)
    blocks = [array[:, numbers % base]]
    while (numbers := numbers // base).any():
        blocks.append(array[:, numbers % base])
    # Bases with one letter for all qubits are in every block.
    found: NDArray[np.int64] = np.unique(np.concatenate(blocks), axis=0)
    return found
