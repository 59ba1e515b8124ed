"""Matrix product states, and circuits that prepare them site by site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.isometry import complete, isometry, unitary
from circuits.state_preparation import state_preparation

Tensor = NDArray[Any]
"""Of shape ``(left bond, 2, right bond)``."""

Tensors = Sequence[Tensor]
"""One tensor for each qubit, the most significant first; the outer bonds are 1."""

ROUNDING = 1e-14
"""Singular values below this fraction of the norm are rounding."""


def mps_of_vector(amplitudes: ArrayLike) -> list[Tensor]:
    """Write a vector as a matrix product state, exact up to rounding.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``, n at least 1.

    Returns
    -------
    list of arrays
        With the smallest bonds that there are. Cost O(2**n r^2) for a largest bond r.

    Raises
    ------
    ValueError
        If the length is not a power of two, at least 2.

    References
    ----------
    I. Oseledets, SIAM J. Sci. Comput. 33, 2295 (2011), Algorithm 1.
    """
    vector = np.asarray(amplitudes)
    if vector.ndim != 1 or vector.size < 2 or vector.size & (vector.size - 1):
        raise ValueError(f"amplitudes has shape {vector.shape}: a vector of length 2**n is needed")
    tensors = []
    floor = ROUNDING * float(scipy.linalg.norm(vector))
    rest = vector.reshape(1, -1)
    while rest.shape[1] > 2:
        left, values, right = scipy.linalg.svd(
            rest.reshape(2 * rest.shape[0], -1), full_matrices=False
        )
        kept = max(1, int(np.sum(values > floor)))
        tensors.append(left[:, :kept].reshape(-1, 2, kept))
        rest = values[:kept, None] * right[:kept]
    return [*tensors, rest.reshape(-1, 2, 1)]


def mps_norm(tensors: Tensors) -> float:
    """Euclidean norm of the vector, in O(n r^3)."""
    return float(scipy.linalg.norm(_orthogonal_from_the_left(tensors)[-1]))


def mps_total(tensors: Tensors) -> complex:
    """Sum of all amplitudes, in O(n r^2)."""
    row = np.ones((1, 1))
    for tensor in tensors:
        row = row @ tensor.sum(axis=1)
    return complex(row[0, 0])


def mps_vector(tensors: Tensors) -> NDArray[Any]:
    """Write the vector down; shape ``(2**n,)``."""
    rows = np.ones((1, 1))
    for tensor in tensors:
        rows = np.tensordot(rows, tensor, axes=1).reshape(-1, tensor.shape[2])
    return rows[:, 0]


def compress(tensors: Tensors, epsilon: float) -> tuple[list[Tensor], float]:
    """Truncate the bonds to the smallest powers of two that the error allows.

    Parameters
    ----------
    tensors
        Of any vector but zero.
    epsilon
        Largest distance of the vectors, both normalised.

    Returns
    -------
    tensors
        Of norm 1, with all but the first orthonormal from the right; bonds are at most the
        powers of two, and do not grow from the right of the largest on.
    error
        Bound on the distance, at most epsilon up to rounding.

    References
    ----------
    I. Oseledets, SIAM J. Sci. Comput. 33, 2295 (2011), Algorithm 2 and Theorem 2.2.
    """
    state = _orthogonal_from_the_left(tensors)
    norm = float(scipy.linalg.norm(state[-1]))
    if not norm > 0:
        raise ValueError("the vector is zero: a state needs at least one nonzero amplitude")
    state[-1] = state[-1] / norm
    spectra = _bond_spectra(state)
    # Vectors at an angle t are at a distance 2 sin(t / 2).
    sine = math.sin(2 * math.asin(min(epsilon, 1.0) / 2))
    bonds = _smallest_bonds(spectra, sine)
    truncated, discarded = _truncate_from_the_right(state, [2**bond for bond in bonds])
    kept = float(scipy.linalg.norm(truncated[0]))
    truncated[0] = truncated[0] / kept
    return truncated, 2 * math.sin(math.asin(min(1.0, math.sqrt(discarded))) / 2)


def mps_preparation(tensors: Tensors) -> QuantumCircuit:
    r"""Prepare a matrix product state from ``|0...0>``, exactly and without other qubits.

    Parameters
    ----------
    tensors
        As `compress` returns them, or any others with small bonds.

    Returns
    -------
    QuantumCircuit
        On n qubits. For bonds of at most ``2**a``: a state of 2a qubits, then n - 2a isometries
        from a to a + 1 qubits, of 2 CX each for a = 1, 11 for a = 2, 53 for a = 3; and a
        unitary of a qubits at the end if a > 1. So about 2n, 11n and 53n CX.

    Raises
    ------
    ValueError
        If a tensor or bond has the wrong shape, or the vector is zero.

    References
    ----------
    C. Schon, E. Solano, F. Verstraete, J. Cirac, M. Wolf, Phys. Rev. Lett. 95, 110503 (2005).
    """
    _require_tensors(tensors)
    sites, _ = compress(tensors, 0.0)
    bonds = _bond_qubits(sites)
    qubits = len(sites)
    head = bonds.index(max(bonds)) + 1 if bonds else 1
    circuit = QuantumCircuit(qubits, name="matrix_product_state")
    bond = bonds[head - 1] if bonds else 0
    first = np.ones((1, 1))
    for tensor in sites[:head]:
        first = np.tensordot(first, tensor, axes=1).reshape(-1, tensor.shape[2])
    first = np.pad(first, ((0, 0), (0, 2**bond - first.shape[1])))
    # The bond is on qubits that become those of the last sites; each new qubit is a site's own.
    wires = [*range(bond), *reversed(range(qubits - head, qubits))][:bond]
    own = [qubits - 1 - site for site in range(head)]
    circuit.compose(state_preparation(first.ravel()), [*wires, *reversed(own)], inplace=True)
    residual = np.eye(2**bond)
    for site in range(head, qubits - bond):
        residual = _append_site(circuit, sites, site, bond, residual)
    return circuit
