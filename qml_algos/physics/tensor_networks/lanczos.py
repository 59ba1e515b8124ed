"""Lowest eigenvector of an operator near a good guess, by a few steps of Lanczos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[Any]

_BREAKDOWN = 1e-13
"""Of the operator's size: a rest below it has no direction that means anything."""


def lowest_eigenvector(
    apply: Callable[[Vector], Vector], start: Vector, residual: float, steps: int
) -> tuple[float, Vector]:
    """Improve a guess of the eigenvector of the lowest eigenvalue.

    Parameters
    ----------
    apply
        Multiplies by a Hermitian operator.
    start
        The guess, any norm but 0; shape ``(n,)``.
    residual
        Length of ``(H - E) v`` at which to stop; the error of E is of its square.
    steps
        Products with the operator at most.

    Returns
    -------
    energy, vector
        The best there is in the Krylov space; the vector has norm 1.

    Notes
    -----
    The basis is made orthogonal twice in each step, so that nothing is found twice. C. Lanczos, J.
    Res. Nat. Bur. Stand. 45, 255 (1950).
    """
    steps = min(steps, len(start))
    basis: Vector = np.empty((steps, len(start)), dtype=start.dtype)
    projected = np.zeros((steps, steps))
    basis[0] = start / np.linalg.norm(start)
    for done in range(1, steps + 1):
        rest = apply(basis[done - 1])
        known = basis[:done]
        overlaps = known.conj() @ rest
        rest = rest - overlaps @ known
        rest -= (known.conj() @ rest) @ known
        projected[done - 1, done - 1] = overlaps[-1].real
        energies, vectors = np.linalg.eigh(projected[:done, :done])
        length = float(np.linalg.norm(rest))
        small = length < _BREAKDOWN * max(np.abs(energies[[0, -1]]))
        if done == steps or small or length * abs(vectors[-1, 0]) < residual:
            break
        projected[done, done - 1] = projected[done - 1, done] = length
        basis[done] = rest / length
    return float(energies[0]), vectors[:, 0] @ known
