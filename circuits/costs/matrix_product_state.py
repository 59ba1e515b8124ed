"""Costs of preparing matrix product states site by site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CX, TURN, layer, side_by_side
from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.costs.multiplexed import require_count
from circuits.costs.state_preparation import state_preparation_cost
from circuits.matrix_product_state import bond_qubits

_TWO_QUBITS = 2


def mps_preparation_cost(sites: int, bond: int, *, real: bool = True) -> GateCounts:
    """Count `circuits.matrix_product_state.mps_preparation` of tensors in general.

    Parameters
    ----------
    sites
        Number n of qubits, at least 1.
    bond
        Largest bond; the k-th one is ``min(bond, 2**k, 2**(n - k))``.
    real
        Whether the tensors are.

    Returns
    -------
    GateCounts
        For complex tensors gates exact, but for 3 rotations less where a gate happens to be the
        identity. For real ones, whose circuits are complex but for their ends, upper bounds: the
        CX exact for bonds of 2, else up to 4 fewer in random states; up to a fifth fewer
        rotations. In O(n) operations.

    Raises
    ------
    ValueError
        If a number is not positive.

    Notes
    -----
    With bonds held by up to b qubits: a state of 2 b qubits, one of whose bases of Schmidt vectors
    is diagonal; n - 2 b isometries from b qubits to b + 1; and unitaries of b, b - 1, ..., 1
    qubits.
    """
    require_count(sites, "sites", 1)
    require_count(bond, "bond", 1)
    held = _held([min(bond, 2**k, 2 ** (sites - k)) for k in range(1, sites)])
    return _sites_cost(_first_sites_cost(max(held), real), held)


def mps_preparation_bound(bonds: Sequence[int], *, real: bool = True) -> GateCounts:
    """Bound the gates of `circuits.matrix_product_state.mps_preparation`, for any tensors.

    Parameters
    ----------
    bonds
        Sizes of the n - 1 inner bonds of n sites.
    real
        Whether the tensors are.

    Returns
    -------
    GateCounts
        Upper bounds.

    Raises
    ------
    ValueError
        If a bond is not positive.
    """
    for bond in bonds:
        require_count(bond, "bonds", 1)
    held = _held(bonds)
    return _sites_cost(state_preparation_cost(2 * max(held), real=real), held)


def _held(bonds: Sequence[int]) -> list[int]:
    """Qubits that hold the bond on each side of all sites."""
    return [0, *bond_qubits(bonds), 0]


def _sites_cost(first: GateCounts, held: Sequence[int]) -> GateCounts:
    """Add one gate for each site from which the bond does not grow."""
    largest, sites = max(held), len(held) - 1
    if largest == 0:
        return layer(TURN, sites)
    total = first
    for left, right in pairwise(held[largest:]):
        total += isometry_cost(left) if right == left else unitary_cost(left)
    return replace(total, qubits=sites)


def _first_sites_cost(held: int, real: bool) -> GateCounts:
    """Count the state of the sites at which the bond grows, and of the qubits that hold it."""
    if held != _TWO_QUBITS:
        return state_preparation_cost(2 * held, real=real)
    # A diagonal of two qubits takes a CX less than a unitary; one of signs, their product 1, none.
    turns = side_by_side(TURN, TURN)
    diagonal = turns if real else turns + 2 * (CX + turns)
    basis = unitary_cost(held, real=real)
    return state_preparation_cost(held) + layer(CX, held) + side_by_side(diagonal, basis)
