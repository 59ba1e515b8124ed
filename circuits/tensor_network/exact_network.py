"""Gate networks that prepare a real matrix product state site by site, exactly or nearly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.isometry import complete
from circuits.matrix_product_state import mps_rows
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.real_isometry import approximate_isometry, fewest_gates, real_isometry

Matrix = NDArray[Any]

_SEED = 0


def exact_network(tensors: Sequence[Matrix]) -> GateNetwork | None:
    r"""Prepare a real state by one real isometry for each site, and a rotation of the last ones.

    Parameters
    ----------
    tensors
        Real, normalised, all but the first orthonormal from the right; the largest bond at least 3.

    Returns
    -------
    GateNetwork
        For bonds of at most ``2**k``: of 4 gates for each further site if k = 2, 16 if k = 3, 64
        if k = 4, all on neighbours. None if a numerical search fails.

    Notes
    -----
    As `circuits.matrix_product_state.mps_preparation`, with each isometry up to a rotation of the
    bond that the next one takes in. There are as many parameters as the state has.
    """
    sites = len(tensors)
    bond = max(tensor.shape[2] for tensor in tensors)
    held = (bond - 1).bit_length()
    last = sites - held
    first_sites, rest = _of_positive_determinant(tensors[:last], tensors[last:])
    generator = np.random.default_rng(_SEED)
    pairs: list[tuple[tuple[int, int], ...]] = []
    gates = []
    residual = np.eye(1)
    for site, tensor in enumerate(first_sites):
        matrix = _isometry(tensor, min(site, held), min(site + 1, held)) @ residual
        found = real_isometry(matrix, True, generator)
        if found is None:
            return None
        residual = found[2]
        pairs.append(found[0])
        gates.append(found[1])
    found = real_isometry(rest @ residual, False, generator)
    if found is None:
        return None
    pairs[-1] += tuple((a + 1, b + 1) for a, b in found[0])
    return GateNetwork(sites, held + 1, tuple(pairs), np.concatenate([*gates, found[1]]))


def site_by_site_network(tensors: Sequence[Matrix], infidelity: float) -> GateNetwork:
    r"""Prepare a real state nearly, by one approximate isometry for each site.

    Parameters
    ----------
    tensors
        As of `exact_network`.
    infidelity
        About what may be lost in all, to which each site is given an equal share.

    Returns
    -------
    GateNetwork
        Of gates on neighbours, for each site hardly more than `exact_network` has, and as few as a
        search finds: an isometry needs to be right only on states of the bond that occur. It may
        be worse than asked for.

    Notes
    -----
    The errors of the sites add up to first order, as all are isometries. For a bond of 8 a site
    takes about 0.1 s.
    """
    sites = len(tensors)
    held = (max(tensor.shape[2] for tensor in tensors) - 1).bit_length()
    last = sites - held
    first_sites, rest = _of_positive_determinant(tensors[:last], tensors[last:])
    generator = np.random.default_rng(_SEED)
    share = infidelity / (last + 1)
    pairs: list[tuple[tuple[int, int], ...]] = []
    gates = []
    residual, density = np.eye(1), np.eye(1)
    for site, tensor in enumerate(first_sites):
        matrix = _isometry(tensor, min(site, held), min(site + 1, held)) @ residual
        root = residual.T @ _root(density, residual)
        found = approximate_isometry(matrix, root, share, generator)
        residual = found[2]
        density = np.einsum("asb,ac,csd->bd", tensor, density, tensor, optimize=True)
        pairs.append(found[0])
        gates.append(found[1])
    root = residual.T @ _root(density, residual)
    ending = approximate_isometry(rest @ residual, root, share, generator, free=False)
    pairs[-1] += tuple((a + 1, b + 1) for a, b in ending[0])
    return GateNetwork(sites, held + 1, tuple(pairs), np.concatenate([*gates, ending[1]]))


def fewest_two_qubit_gates(sites: int, bond: int) -> int:
    """Bound the CX of `exact_network` from below, for bonds of at most a size of at least 3."""
    held = (bond - 1).bit_length()
    blocks = [(min(site, held), min(site + 1, held)) for site in range(sites - held)]
    gates = sum(fewest_gates(2 ** (right + 1), 2**left, True) for left, right in blocks)
    return 2 * (gates + fewest_gates(2**held, 2**held, False)) - 1


def _root(density: Matrix, like: Matrix) -> Matrix:
    """Root of a density matrix, filled up to the shape of another."""
    values, vectors = np.linalg.eigh(density)
    root = np.zeros(like.shape)
    root[: len(density), : len(density)] = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def _of_positive_determinant(
    tensors: Sequence[Matrix], rest: Sequence[Matrix]
) -> tuple[list[Matrix], Matrix]:
    """Contract the last sites to a rotation; the sign of a bond's basis state makes it one."""
    columns = mps_rows(rest).T
    rotation = complete(columns)
    signs = np.ones(columns.shape[1])
    signs[0] = np.sign(np.linalg.det(rotation))
    rotation[:, : signs.size] *= signs
    return [*tensors[:-1], tensors[-1] * signs], rotation


def _isometry(tensor: Matrix, left: int, right: int) -> Matrix:
    """Bond to site and next bond, both filled up to qubits; shape ``(2**(right+1), 2**left)``."""
    columns = tensor.transpose(1, 2, 0)
    missing = 2**right - columns.shape[1]
    columns = np.pad(columns, [(0, 0), (0, missing), (0, 0)]).reshape(2 ** (right + 1), -1)
    return complete(columns)[:, : 2**left]
