"""What stands left and right of a bond: the Hamiltonian as sums of products of two sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Block = NDArray[Any]
"""One matrix for each state of the operator's bond; shape ``(w, D, D)``, rows of the bra."""
Matrix = NDArray[Any]

_ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Side:
    """Everything on one side of a bond: the site beside it, and the environment beyond.

    Attributes
    ----------
    environment
        Operators beyond the site; shape ``(w, D, D)``.
    site
        Core of the operator, from the environment to the bond; shape ``(w, 2, 2, w')``.
    block
        Operators of both; shape ``(w', 2 D, 2 D)``, on the left with the site as the faster index,
        on the right as the slower one.
    """

    environment: Block
    site: NDArray[Any]
    block: Block


def left_side(environment: Block, core: NDArray[Any]) -> Side:
    """Take a site into what stands left of it.

    Parameters
    ----------
    environment
        Shape ``(w, D, D)``.
    core
        Of the operator, shape ``(w, 2, 2, w')``.
    """
    size = 2 * environment.shape[1]
    grown = np.tensordot(core, environment, ((0,), (0,)))  # row, column, w', bra, ket
    block = np.ascontiguousarray(grown.transpose(2, 3, 0, 4, 1)).reshape(-1, size, size)
    return Side(environment, core, block)


def right_side(environment: Block, core: NDArray[Any]) -> Side:
    """Take a site into what stands right of it.

    Parameters
    ----------
    environment
        Shape ``(w', D, D)``.
    core
        Of the operator, shape ``(w, 2, 2, w')``.
    """
    size = 2 * environment.shape[1]
    grown = np.tensordot(core, environment, ((3,), (0,)))  # w, row, column, bra, ket
    block = np.ascontiguousarray(grown.transpose(0, 1, 3, 2, 4)).reshape(-1, size, size)
    return Side(environment, core.transpose(3, 1, 2, 0), block)


def reduced(block: Block, basis: Matrix) -> Block:
    """Restrict a block to some states of it, the columns of ``basis``."""
    return np.asarray(basis.conj().T @ (block @ basis))


def product_of(left: Side, right: Side) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Return the function that applies the Hamiltonian to a state of both sides.

    Its argument and value are of shape ``(rows of left * rows of right,)``. All terms that lie on
    one side are one matrix. Of those that cross the bond, the ones on the two sites alone are one
    matrix of 4 by 4; where a term is a product of an environment and a site on each side, it is
    applied to each in turn, which takes half of the time of the matrices of whole sides.
    """
    rows, columns = left.block.shape[1], right.block.shape[1]
    left_factors, right_factors = _multiples(left.block), _multiples(right.block)
    here = np.isfinite(right_factors)
    there = np.isfinite(left_factors) & ~here
    alone = np.tensordot(right_factors[here], left.block[here], 1)
    beside = np.tensordot(left_factors[there], right.block[there], 1).T
    products, mixed = _across(left, right, np.flatnonzero(~here & ~there))

    def apply(vector: NDArray[Any]) -> NDArray[Any]:
        state = vector.reshape(rows, columns)
        found = alone @ state + state @ beside
        for one, other in mixed:
            found += one @ (state @ other)
        shape = (rows // 2, 4, columns // 2)
        for product in products:
            found += _applied(product, state.reshape(shape)).reshape(rows, columns)
        return found.reshape(-1)

    return apply


Product = tuple[Matrix | None, Matrix | None, Matrix | None]
"""Operators on left environment, pair of sites and right environment; none for the identity."""


def _across(
    left: Side, right: Side, bonds: NDArray[np.int64]
) -> tuple[list[Product], list[tuple[Matrix, Matrix]]]:
    """Terms across the bond: as products over environments and sites, and over whole sides."""
    products: list[Product] = []
    mixed = []
    gate: Matrix = np.zeros((4, 4))
    left_factors, right_factors = _multiples(left.environment), _multiples(right.environment)
    for bond in bonds:
        begun, ended = (_single(side.site[..., bond]) for side in (left, right))
        if begun is None or ended is None:
            mixed.append((left.block[bond], right.block[bond].T))
            continue
        pair = np.multiply.outer(left.site[begun, :, :, bond], right.site[ended, :, :, bond])
        sites = pair.transpose(0, 2, 1, 3).reshape(4, 4)
        factors = np.array([left_factors[begun], right_factors[ended]])
        sites = sites * np.prod(factors[np.isfinite(factors)])
        one = None if np.isfinite(factors[0]) else left.environment[begun]
        other = None if np.isfinite(factors[1]) else right.environment[ended].T
        if one is None and other is None:
            gate = gate + sites
        else:
            products.append((one, None if np.array_equal(sites, np.eye(4)) else sites, other))
    return ([(None, gate, None), *products] if gate.any() else products), mixed


def _applied(product: Product, state: NDArray[Any]) -> NDArray[Any]:
    """Apply a product to a state of shape ``(left, 4, right)``."""
    one, sites, other = product
    found = state
    if one is not None:
        found = (one @ found.reshape(len(found), -1)).reshape(state.shape)
    if other is not None:
        found = (found.reshape(-1, len(other)) @ other).reshape(state.shape)
    return found if sites is None else sites @ found


def _single(operators: NDArray[Any]) -> int | None:
    """Place of the only one of some operators that is not zero, if there is only one."""
    places = np.flatnonzero(np.any(operators, axis=(1, 2)))
    return int(places[0]) if len(places) == 1 else None


def _multiples(block: Block) -> NDArray[Any]:
    """Factors of the identity that operators are, NaN for those that are none."""
    factors = block[:, 0, 0].copy()
    largest = np.abs(block).max(axis=(1, 2), initial=0)
    rest = block - factors[:, None, None] * np.eye(block.shape[1])
    factors[np.abs(rest).max(axis=(1, 2)) > _ROUNDING * largest] = np.nan
    return factors
