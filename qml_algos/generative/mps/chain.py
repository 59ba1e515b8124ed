"""Matrix-product states of discrete variables: canonical form and log-likelihoods.

A state is a list of cores of shape ``(left bond, categories, right bond)``, real or complex, in
double precision. Its amplitude of a sample x is the product of the matrices ``core[:, x_k, :]``;
the probability is the squared modulus of the amplitude. "Centre c" says that the cores before c are
left-orthonormal, those after c right-orthonormal, and that core c has norm 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Core = NDArray[Any]
"""In float64 or complex128."""
Cores = list[Core]


def orthonormalised(cores: Sequence[Core], bond_dimension: int) -> Cores:
    """Bring a state to centre 0 and norm 1, with bonds no larger than given.

    Parameters
    ----------
    cores
        Any state that is not zero.
    bond_dimension
        The largest bond to keep; what is cut off are the smallest Schmidt values of each bond.

    Notes
    -----
    Cost: O(n d^2 D^3) for n cores with d categories and bonds D. Schollwoeck, Annals of Physics
    326, 96 (2011), section 4.4.
    """
    found = list(cores)
    for k in range(len(found) - 1):
        left, categories, right = found[k].shape
        basis, rest = np.linalg.qr(found[k].reshape(left * categories, right))
        found[k] = basis.reshape(left, categories, -1)
        rest /= np.linalg.norm(rest)
        found[k + 1] = np.tensordot(rest, found[k + 1], 1)
    for k in range(len(found) - 1, 0, -1):
        left, categories, right = found[k].shape
        vectors, values, basis = np.linalg.svd(
            found[k].reshape(left, categories * right), full_matrices=False
        )
        kept = max(min(bond_dimension, int(np.sum(values > 1e-14 * values[0]))), 1)
        found[k] = basis[:kept].reshape(kept, categories, right)
        found[k - 1] = np.tensordot(found[k - 1], vectors[:, :kept] * values[:kept], 1)
    found[0] = found[0] / np.linalg.norm(found[0])
    return found


def rows_by_value(values: NDArray[np.intp], categories: int) -> list[NDArray[np.intp]]:
    """Group the indices of the samples by their value."""
    order = np.argsort(values, kind="stable")
    return np.split(order, np.searchsorted(values[order], np.arange(1, categories)))


def log_likelihoods(cores: Sequence[Core], X: NDArray[np.intp]) -> NDArray[np.float64]:
    """Logarithm of the probability of each sample, in nats; -inf where it is 0.

    Parameters
    ----------
    cores
        A state of norm 1.
    X
        Shape ``(N, n)``.

    Notes
    -----
    Cost: that of `moduli_and_phases`.
    """
    return 2 * moduli_and_phases(cores, X)[0]


def moduli_and_phases(
    cores: Sequence[Core], X: NDArray[np.intp]
) -> tuple[NDArray[np.float64], Core]:
    """Logarithm of the modulus of each sample's amplitude, and its phase factor.

    Parameters
    ----------
    cores
        A state.
    X
        Shape ``(N, n)``.

    Returns
    -------
    tuple
        -inf, and a factor without meaning, where the amplitude is 0.

    Notes
    -----
    Cost: ``2 N n D^2`` operations; the vectors are rescaled at each core, so that nothing
    underflows however many there are.
    """
    vectors: Core = np.ones((len(X), 1))
    logs = np.zeros(len(X))
    for core, values in zip(cores, X.T, strict=True):
        grown = np.empty((len(X), core.shape[2]), dtype=core.dtype)
        for value, rows in enumerate(rows_by_value(values, core.shape[1])):
            grown[rows] = vectors[rows] @ core[:, value]
        parts = grown.view(np.float64)  # Real and imaginary.
        lengths = np.sqrt(np.einsum("ij,ij->i", parts, parts))
        with np.errstate(divide="ignore"):
            logs += np.log(lengths)
        vectors = grown / np.where(lengths > 0, lengths, 1.0)[:, None]
    return logs, vectors[:, 0]
