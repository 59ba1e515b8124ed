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


def mps_inner_product(bra: Tensors, ket: Tensors) -> complex:
    """Inner product, antilinear in the first of two vectors on as many sites, in O(n r^3)."""
    left = np.ones((1, 1))
    for first, second in zip(bra, ket, strict=True):
        left = np.tensordot(np.tensordot(left, first.conj(), axes=(0, 0)), second, ([0, 1], [0, 1]))
    return complex(left[0, 0])


def mps_vector(tensors: Tensors) -> NDArray[Any]:
    """Write the vector down; shape ``(2**n,)``."""
    return mps_matrix(tensors)[:, 0]


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
    widest = [tensor.shape[2] for tensor in state]
    _, spectra = _truncate_from_the_right(state, widest)
    # Unit vectors at an angle t are at a distance of 2 sin(t / 2).
    sine = math.sin(2 * math.asin(min(epsilon, 1.0) / 2))
    budget = max(sine, ROUNDING * len(state)) ** 2
    bonds = _smallest_bonds(spectra, budget)
    truncated, spectra = _truncate_from_the_right(state, bonds)
    lost = math.sqrt(sum(float(np.sum(v[b:] ** 2)) for v, b in zip(spectra, bonds, strict=True)))
    truncated[0] = truncated[0] / float(scipy.linalg.norm(truncated[0]))
    return truncated, 2 * math.sin(math.asin(min(1.0, lost)) / 2)


def truncate(tensors: Tensors, bond: int) -> list[Tensor]:
    """Cut all bonds to at most a given size, one after another, each by its singular values.

    Parameters
    ----------
    tensors
        Of any vector but zero.
    bond
        Largest size, at least 1.

    Returns
    -------
    list of arrays
        Of norm 1, with all but the first orthonormal from the right.
    """
    if bond < 1:
        raise ValueError(f"bond is {bond}: at least 1 is needed")
    state = _orthogonal_from_the_left(tensors)
    truncated, _ = _truncate_from_the_right(state, [bond] * len(state))
    norm = float(scipy.linalg.norm(truncated[0]))
    if not norm > 0:
        raise ValueError("the vector is zero: a state needs at least one nonzero amplitude")
    truncated[0] = truncated[0] / norm
    return truncated


def mps_preparation(tensors: Tensors) -> QuantumCircuit:
    r"""Prepare a matrix product state from ``|0...0>``, exactly and without other qubits.

    Parameters
    ----------
    tensors
        As `compress` returns them, or any others; bonds are what costs.

    Returns
    -------
    QuantumCircuit
        On n qubits. With bonds of at most ``2**a``: a state of 2a qubits; then one isometry for
        each further site, from b to b + 1 qubits where the bond is ``2**b``, of 2 CX for b = 1, 11
        for b = 2, 53 for b = 3; and a unitary of b qubits where it falls to ``2**(b-1)`` (3 CX for
        b = 2). So less than 2n, 11n and 53n CX.

    Raises
    ------
    ValueError
        If a tensor or bond has the wrong shape, or the vector is zero.

    Notes
    -----
    The bond lives on qubits that are those of later sites. Each isometry is made up to a unitary
    on the bond, which the next one takes in.

    References
    ----------
    C. Schon, E. Solano, F. Verstraete, J. Cirac, M. Wolf, Phys. Rev. Lett. 95, 110503 (2005).
    """
    sites, _ = compress(tensors, 0.0)
    bonds = [0, *bond_qubits([site.shape[2] for site in sites[:-1]]), 0]
    n, head = len(sites), max(bonds)
    # Wires are numbered as they join; which qubit each is, is known when its site is done.
    circuit = QuantumCircuit(n)
    first = _padded(mps_matrix(sites[:head]), (2**head, 2**head))
    circuit.compose(state_preparation(first.ravel()), range(2 * head), inplace=True)
    bond, done = list(range(head)), list(range(head, 2 * head))[::-1]
    residual, joined = np.eye(2**head), 2 * head
    for site in range(head, n):
        left, right = bonds[site], bonds[site + 1]
        matrix = sites[site].transpose(1, 2, 0)
        matrix = _padded(matrix, (2, 2**right, matrix.shape[2])).reshape(2 ** (right + 1), -1)
        matrix = complete(matrix)[:, : 2**left] @ residual
        if right == left:
            bond = [*bond, joined]
            joined += 1
            part, residual = isometry(matrix)
        else:
            part, residual = unitary(matrix), np.eye(2**right)
        circuit.compose(part, bond, inplace=True)
        done.append(bond.pop())
    ordered = QuantumCircuit(n, name="matrix_product_state")
    qubits = {wire: n - 1 - site for site, wire in enumerate(done)}
    ordered.compose(circuit, [qubits[wire] for wire in range(n)], inplace=True)
    return ordered


def mps_matrix(tensors: Tensors) -> NDArray[Any]:
    """Contract sites from the first on; shape ``(2**sites, right bond)``."""
    rows = np.ones((1, 1))
    for tensor in tensors:
        rows = np.tensordot(rows, tensor, axes=1).reshape(-1, tensor.shape[2])
    return rows


def mps_rows(tensors: Tensors) -> NDArray[Any]:
    """Contract sites up to the last; shape ``(left bond, 2**sites)``."""
    rows = np.ones((1, 1))
    for tensor in reversed(tensors):
        rows = np.tensordot(tensor, rows, axes=1).reshape(tensor.shape[0], -1)
    return rows


def _orthogonal_from_the_left(tensors: Tensors) -> list[Tensor]:
    """Make all but the last tensor orthonormal from the left; the vector stays the same."""
    _require_tensors(tensors)
    state = []
    carried = np.ones((1, 1))
    for tensor in tensors[:-1]:
        joined = np.tensordot(carried, tensor, axes=1)
        orthonormal, carried = np.linalg.qr(joined.reshape(-1, joined.shape[2]))
        state.append(orthonormal.reshape(-1, 2, orthonormal.shape[1]))
    return [*state, np.tensordot(carried, tensors[-1], axes=1)]


def _truncate_from_the_right(
    state: list[Tensor], bonds: Sequence[int]
) -> tuple[list[Tensor], list[NDArray[np.float64]]]:
    """Cut bonds to given sizes; returns the tensors, and all singular values of each bond."""
    state, spectra = list(state), []
    for site in reversed(range(1, len(state))):
        tensor = state[site]
        left, values, right = scipy.linalg.svd(
            tensor.reshape(tensor.shape[0], -1), full_matrices=False
        )
        spectra.append(values)
        kept = min(bonds[site - 1], max(1, int(np.sum(values > ROUNDING * values[0]))))
        state[site] = right[:kept].reshape(kept, 2, -1)
        state[site - 1] = np.tensordot(state[site - 1], left[:, :kept] * values[:kept], axes=1)
    return state, spectra[::-1]


def _smallest_bonds(spectra: Sequence[NDArray[np.float64]], budget: float) -> list[int]:
    """Sizes of bonds, powers of two, of which the squared tails add up to at most the budget."""
    tails = [
        [float(np.sum(values[2**a :] ** 2)) for a in range(int(values.size).bit_length() + 1)]
        for values in spectra
    ]

    def cut(largest: float) -> list[int]:
        return [next(a for a, tail in enumerate(bond) if tail <= largest) for bond in tails]

    best = cut(0.0)
    for largest in sorted({tail for bond in tails for tail in bond}):
        chosen = cut(largest)
        if sum(bond[a] for bond, a in zip(tails, chosen, strict=True)) > budget:
            break
        best = chosen
    return [2**a for a in best]


def bond_qubits(bonds: Sequence[int]) -> list[int]:
    """Qubits that hold each bond, so many that each site takes up one new qubit or none."""
    needed = [(bond - 1).bit_length() for bond in bonds]
    held: list[int] = []
    for site in range(len(needed)):
        previous = held[-1] if held else 0
        held.append(max(min(site + 1, max(needed[site:])), previous - 1))
    return held


def _padded(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    missing = [(0, wanted - had) for wanted, had in zip(shape, array.shape, strict=True)]
    return np.pad(array, missing)


def _require_tensors(tensors: Tensors) -> None:
    bond = 1
    for site, tensor in enumerate(tensors):
        if tensor.ndim != 3 or tensor.shape[:2] != (bond, 2):
            raise ValueError(
                f"tensors[{site}] has shape {tensor.shape}: ({bond}, 2, right bond) is needed"
            )
        bond = tensor.shape[2]
    if bond != 1 or not tensors:
        raise ValueError("tensors: at least one is needed, the last with a right bond of 1")
