r"""Bell operators of parties that are alike, one total spin at a time.

The polynomial whose coefficients make up such an operator is ``A (x) ... (x) A`` with ``A = 1 + x
m0.sigma + y m1.sigma``. By Schur-Weyl duality it is the direct sum, over n = N, N - 2, ..., of
``det(A)^((N - n) / 2)`` times the symmetric power ``Sym^n(A)`` of dimension n + 1, total spin n/2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.nonlocality.symmetric_form import Polynomial, after_determinant

PAULIS = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
"""X, Y, Z: a direction times these is what is measured along it."""


def extreme_of_sectors(form: Polynomial, parties: int, cosine: float) -> float:
    """Largest eigenvalue over all total spins.

    Parameters
    ----------
    form
        Coefficients ``C[k0, k1]``, see `symmetric_form`.
    parties
        How many.
    cosine
        Of the angle between the two directions, which alone matters.

    Notes
    -----
    O(parties^4) operations, and O(parties^3 K^2) for correlations of K parties at most.
    """
    m1 = np.array([np.sqrt(max(1 - cosine**2, 0.0)), 0.0, cosine])
    powers = symmetric_powers(np.array([[0.0, 0.0, 1.0], m1]), parties, len(form) - 1)
    largest = -np.inf
    for n in range(parties, -1, -2):
        block = np.einsum("klij,ij->kl", powers[n], form)
        largest = max(largest, float(np.linalg.eigvalsh(block)[-1]))
        form = after_determinant(form, cosine)
    return largest


def symmetric_block(form: Polynomial, parties: int, directions: NDArray[np.float64]) -> Any:
    """Matrix in the Dicke basis, of states that no exchange of parties changes.

    Parameters
    ----------
    form
        Coefficients ``C[k0, k1]``.
    parties
        How many.
    directions
        Of the two measurements, shape ``(2, 3)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(parties + 1, parties + 1)``; state k has k bits 1. Real if no direction leaves the
        x-z plane.
    """
    powers = symmetric_powers(directions, parties, len(form) - 1)
    return np.einsum("klij,ij->kl", powers[parties], form)


def symmetric_powers(
    directions: NDArray[np.float64], parties: int, degree: int
) -> list[NDArray[Any]]:
    """Symmetric powers of ``1 + x m0.sigma + y m1.sigma``, polynomials of x and y.

    Parameters
    ----------
    directions
        m0 and m1, shape ``(2, 3)``.
    parties
        The highest power.
    degree
        What is of a higher one in x or y is left out.

    Returns
    -------
    list of numpy.ndarray
        For n from 0, shape ``(n + 1, n + 1, degree + 1, degree + 1)``.
    """
    matrices = np.einsum("mv,vst->mst", directions, PAULIS)
    real = not np.any(matrices.imag)
    factors = np.stack([np.eye(2), *(matrices.real if real else matrices)])
    powers: list[NDArray[Any]] = [np.zeros((1, 1, degree + 1, degree + 1), factors.dtype)]
    powers[0][0, 0, 0, 0] = 1.0
    for n in range(1, parties + 1):
        before, after = powers[-1], np.zeros((n + 1, n + 1, degree + 1, degree + 1), factors.dtype)
        # Share of a bit 0, and of a bit 1, of the last party in each Dicke state.
        shares = np.sqrt([np.arange(n, 0, -1) / n, np.arange(1, n + 1) / n])
        for s in range(2):
            for t in range(2):
                grown = _times(before, factors[:, s, t])
                grown *= shares[s][:, None, None, None] * shares[t][:, None, None]
                after[s : n + s, t : n + t] += grown
        powers.append(after)
    return powers


def _times(polynomials: NDArray[Any], factor: NDArray[Any]) -> NDArray[Any]:
    """Multiply by ``f0 + f1 x + f2 y``."""
    found = factor[0] * polynomials
    found[..., 1:, :] += factor[1] * polynomials[..., :-1, :]
    found[..., :, 1:] += factor[2] * polynomials[..., :, :-1]
    return found
