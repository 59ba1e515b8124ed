r"""Expectation values of products of Z in an IQP state, as means of cosines over bit strings.

With the words :math:`S_j` and angles of a circuit, and signs :math:`\sigma_i = \pm 1`,

.. math:: \langle Z_a \rangle = E_\sigma \cos\Bigl(2 \sum_{j: |S_j \cap a| \text{ odd}}
          \theta_j \prod_{i \in S_j} \sigma_i\Bigr)

(M. van den Nest, arXiv:0911.1624; E. Recio-Armengol et al., arXiv:2503.02934). If no word
has more than two qubits, the signs outside ``a`` meet only those inside, and the mean over them is
a product of cosines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.iqp.words import Words

Floats = NDArray[np.float64]
LARGEST_SUM = 64
"""Signs inside a word that are summed, for words of at most two qubits; more are drawn."""
_BLOCK = 1024
"""Words of the circuit whose signs are held at a time."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms whose means are expectation values.

    Attributes
    ----------
    rows
        Which of the products of Z.
    values
        Shape ``(rows, terms)``.
    complete
        Whether the means are exact; else the terms are drawn independently.
    pulled_back
        Takes derivatives of anything by the values, and returns those by the angles.
    """

    rows: NDArray[np.intp]
    values: Floats
    complete: bool
    pulled_back: Callable[[Floats], Floats]

    def means(self) -> Floats:
        """Estimated expectation values."""
        return self.values.mean(axis=1)

    def variances(self) -> Floats:
        """Estimated variances of the means."""
        if self.complete:
            return np.zeros(len(self.rows))
        terms = self.values.shape[1]
        return self.values.var(axis=1, ddof=1) / terms


def expectations(
    words: Words, angles: Floats, products: Words, draws: int, generator: np.random.Generator
) -> list[Terms]:
    """Estimate expectation values of products of Z, with derivatives.

    Parameters
    ----------
    words
        Of the circuit, shape ``(m, n)``.
    angles
        Radians, shape ``(m,)``.
    products
        Shape ``(B, n)``; empty ones are left out.
    draws
        Bit strings S to take the mean over, at least 2.
    generator
        Draws them.

    Returns
    -------
    list of Terms
        One for all products; for words of at most two qubits, one for each size of a product,
        and exact up to a size of 7.

    Notes
    -----
    ``2 B m S + 2 m n (B + S)`` operations of matrix products, and about ``3 B S`` numbers; the
    derivatives take as much again. For words of at most two qubits ``B n`` times the signs that
    are summed, `LARGEST_SUM` at most, and as many numbers.
    """
    if words.sum(axis=1).max() <= 2:
        return _by_size(words, angles, products, generator)
    return [_drawn(words, angles, products, draws, generator)]


def _drawn(
    words: Words, angles: Floats, products: Words, draws: int, generator: np.random.Generator
) -> Terms:
    rows = np.flatnonzero(products.any(axis=1))
    bits = generator.integers(0, 2, size=(words.shape[1], draws))
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(words), _BLOCK)]

    def factors(block: slice) -> tuple[Floats, Floats]:
        """How often each word turns by a product, 0 or 2, and its sign for each bit string."""
        return 2 * _odd(products[rows], words[block].T), 1 - 2 * _odd(words[block], bits)

    phases = np.zeros((len(rows), draws))
    for block in blocks:
        turns, signs = factors(block)
        phases += (turns * angles[block]) @ signs

    def pulled_back(slopes: Floats) -> Floats:
        by_phase = slopes * -np.sin(phases)
        gradient = np.empty_like(angles)
        for block in blocks:
            turns, signs = factors(block)
            gradient[block] = np.einsum("bj,bj->j", turns, by_phase @ signs.T)
        return gradient

    return Terms(rows, np.cos(phases), False, pulled_back)


def _odd(left: NDArray[Any], right: NDArray[Any]) -> Floats:
    """Parities of inner products of rows and columns, exact in single precision."""
    counts = left.astype(np.float32) @ right.astype(np.float32)
    return (counts.astype(np.int32) & 1).astype(np.float64)


def _by_size(
    words: Words, angles: Floats, products: Words, generator: np.random.Generator
) -> list[Terms]:
    matrix = _PairMatrix.of(words)
    couplings = matrix.filled(angles)
    sizes = products.sum(axis=1)
    found = []
    for size in np.unique(sizes[sizes > 0]):
        rows = np.flatnonzero(sizes == size)
        inside = np.nonzero(products[rows])[1].reshape(-1, size)
        found.append(_with_outside_summed(matrix, couplings, rows, inside, generator))
    return found


@dataclass(frozen=True, eq=False)
class _PairMatrix:
    """Where the angles of words of one and two qubits stand in a matrix.

    Row i has the angle of the pair of i and k in column k, and that of i alone in the last one.
    """

    qubits: int
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @classmethod
    def of(cls, words: Words) -> _PairMatrix:
        qubits = words.shape[1]
        first = words.argmax(axis=1)
        second = qubits - 1 - words[:, ::-1].argmax(axis=1)
        return cls(qubits, first, np.where(second == first, qubits, second))

    def filled(self, angles: Floats) -> Floats:
        matrix = np.zeros((self.qubits + 1, self.qubits + 1))
        matrix[self.first, self.second] = matrix[self.second, self.first] = angles
        return matrix[:-1]

    def read(self, rows: NDArray[np.intp], slopes: Floats) -> Floats:
        """Sum derivatives by rows of the matrix, shape ``(..., n + 1)``, to those by the angles."""
        width = self.qubits + 1
        places = (rows[..., None] * width + np.arange(width)).ravel()
        flat = np.bincount(places, weights=slopes.ravel(), minlength=width * width)
        total = flat.astype(np.float64).reshape(width, width)
        by_angle: Floats = total[self.first, self.second] + total[self.second, self.first]
        return by_angle


def _with_outside_summed(
    matrix: _PairMatrix,
    couplings: Floats,
    rows: NDArray[np.intp],
    inside: NDArray[np.intp],
    generator: np.random.Generator,
) -> Terms:
    """Terms for signs inside products of one size, shape ``(B, size)``."""
    size = inside.shape[1]
    complete = 2 ** (size - 1) <= LARGEST_SUM
    # Turning all signs changes nothing: the first one may stay.
    codes = np.arange(2 ** (size - 1))[:, None] << 1 if complete else None
    if codes is not None:
        signs = 1.0 - 2 * (codes >> np.arange(size) & 1)
    else:
        signs = 1.0 - 2 * generator.integers(0, 2, size=(LARGEST_SUM, size))
    met = couplings[inside]
    # A pair inside a product commutes with it.
    np.put_along_axis(met, np.repeat(inside[:, None], size, axis=1), 0, axis=2)
    phases = 2 * np.matmul(signs, met)
    values = np.cos(phases).prod(axis=2)

    def pulled_back(slopes: Floats) -> Floats:
        by_phase = -np.tan(phases) * (values * slopes)[:, :, None]
        by_coupling = 2 * np.matmul(signs.T, by_phase)
        np.put_along_axis(by_coupling, np.repeat(inside[:, None], size, axis=1), 0, axis=2)
        return matrix.read(inside, by_coupling)

    return Terms(rows, values, complete, pulled_back)
