"""Diagonal unitaries from their phase polynomials, without a sine for every amplitude."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.kernels.states.linear_forms import LinearForm, LinearForms, evaluate
from qml_algos.kernels.states.local import walsh
from qml_algos.kernels.states.scratch import Scratch
from qml_algos.kernels.states.tensor import Range, multiply

_LEAF_BITS = 4
"""Functions of so few bits are computed by sines and cosines."""

_ONE = np.ones((1, 1), dtype=np.complex64)

Mask = tuple[int, int]
"""A parity mask, and its place among the terms."""


@dataclass(frozen=True)
class _Leaf:
    bits: Range
    column: int


@dataclass(frozen=True)
class _Product:
    """Functions of different bits, multiplied."""

    bits: Range
    upper: _Node
    lower: _Node


@dataclass(frozen=True)
class _Fold:
    r"""``common`` times :math:`e^{i h}` where the top bit is 0, times :math:`e^{-i h}` where 1."""

    bits: Range
    common: _Node | None
    odd: _Node


_Node = _Leaf | _Product | _Fold


class _Planner:
    """Recursion that turns a set of masks into few multiplications.

    Terms with the top bit change sign with it, the others do not: so a function of k bits comes
    from two of k - 1 bits by two multiplications a pair of entries. Where no mask crosses some
    place, the function is a product of one above and one below it.
    """

    def __init__(self) -> None:
        self.leaves: list[tuple[_Leaf, list[Mask]]] = []
        self.columns = 0

    def plan(self, masks: Sequence[Mask], floor: int = 0) -> _Node:
        """Plan for masks without bits below ``floor``."""
        low, high = _range(masks, floor)
        if high - low <= _LEAF_BITS:
            return self._leaf((low, high), list(masks))
        cut = _cut(masks, (low, high))
        if cut is not None:
            lower = [(m, place) for m, place in masks if m < 1 << cut]
            upper = [(m, place) for m, place in masks if m >= 1 << cut]
            return _Product((low, high), self.plan(upper, cut), self.plan(lower, low))
        top = 1 << (high - 1)
        odd = self.plan([(m ^ top, place) for m, place in masks if m & top], low)
        rest = [(m, place) for m, place in masks if not m & top]
        return _Fold((low, high), self.plan(rest, low) if rest else None, odd)

    def _leaf(self, bits: Range, masks: list[Mask]) -> _Leaf:
        leaf = _Leaf(bits, self.columns)
        self.columns += 2 ** (bits[1] - bits[0])
        self.leaves.append((leaf, masks))
        return leaf


def _range(masks: Sequence[Mask], floor: int) -> Range:
    union = 0
    for mask, _ in masks:
        union |= mask
    low = (union & -union).bit_length() - 1
    # Further down, products would run over too few neighbouring entries at once.
    return (low if low >= _LEAF_BITS else floor), max(floor, union.bit_length())


def _cut(masks: Sequence[Mask], bits: Range) -> int | None:
    """Bit nearest to the middle such that no mask has bits on both sides of it."""
    crossed = 0
    for mask, _ in masks:
        if mask:
            lowest = mask & -mask
            crossed |= (1 << mask.bit_length()) - 2 * lowest
    low, high = bits
    free = [c for c in range(max(low + 1, _LEAF_BITS - 1), high) if not crossed >> c & 1]
    return min(free, key=lambda c: abs(2 * c - low - high), default=None)


class PhasePolynomial:
    r"""``exp(i sum_m angle_m chi_m(z))``, with angles linear in the circuit's parameters.

    Costs at most ``n 2**n`` complex multiplications a row, for all :math:`2^n` masks at once;
    about ``3 * 2**n`` for masks of two bits.

    Parameters
    ----------
    terms
        Masks with their angles.
    qubits, parameters
        Of the circuit.
    """

    def __init__(
        self, terms: Sequence[tuple[int, LinearForm]], qubits: int, parameters: int
    ) -> None:
        self._qubits = qubits
        self._masks = np.array([mask for mask, _ in terms])
        self._forms = LinearForms([angle for _, angle in terms], parameters)
        planner = _Planner()
        self._node = planner.plan([(mask, m) for m, (mask, _) in enumerate(terms)])
        characters = _characters(planner, len(terms))
        self._slopes = (self._forms.slopes @ characters).tocsr()
        self._constants = characters.T @ self._forms.constants

    @property
    def parameterised(self) -> bool:
        """Whether any angle depends on a parameter."""
        return bool(self._forms.slopes.nnz)

    def bind(self, angles: NDArray[np.float64], dtype: Any, scratch: Scratch) -> BoundPhases:
        """Compute the leaves for rows of angles; one row if none depends on them."""
        given = angles if self.parameterised else angles[:1]
        values = evaluate(self._slopes, self._constants, given)
        table = np.empty(values.shape, dtype=dtype)
        np.cos(values, out=table.real, casting="same_kind")
        np.sin(values, out=table.imag, casting="same_kind")
        return BoundPhases(table, self._node, self._qubits, scratch)

    def raw_derivatives(
        self, left: NDArray[Any], states: NDArray[Any], scratch: Scratch
    ) -> NDArray[np.float64]:
        """Return derivatives by the angles of the terms, ``(R, M)``.

        The same before and after the phases, which drop out of ``conj(left) * states``.
        """
        product = scratch.conj(left)
        product *= states
        imaginary = scratch.empty(product.shape, product.real.dtype)
        np.negative(product.imag, out=imaginary)
        return walsh(imaginary, self._qubits, scratch)[:, self._masks]

    def pullback(
        self,
        angles: NDArray[np.float64],  # noqa: ARG002 - they are linear in them
        raw: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return derivatives by the circuit's parameters, ``(N, P)``."""
        return self._forms.pullback(raw)


def _characters(planner: _Planner, terms: int) -> Any:
    """Values ``(terms, columns)`` of the masks at all entries of the leaves they belong to."""
    places, columns, signs = [], [], []
    for leaf, masks in planner.leaves:
        low, high = leaf.bits
        entries = np.arange(2 ** (high - low))
        for mask, place in masks:
            places.append(np.full(entries.size, place))
            columns.append(leaf.column + entries)
            signs.append(1.0 - 2.0 * (np.bitwise_count(entries & (mask >> low)) & 1))
    where = np.concatenate(places), np.concatenate(columns)
    shape = (terms, planner.columns)
    return scipy.sparse.csr_array((np.concatenate(signs), where), shape=shape)


class BoundPhases:
    """The phases of some rows of angles."""

    def __init__(self, table: NDArray[Any], node: _Node, qubits: int, scratch: Scratch) -> None:
        self._table = table
        self._node = node
        self._qubits = qubits
        self._scratch = scratch

    def rows(self, chosen: slice) -> BoundPhases:
        """Choose rows."""
        table = self._table if len(self._table) == 1 else self._table[chosen]
        return BoundPhases(table, self._node, self._qubits, self._scratch)

    @cached_property
    def _factors(self) -> NDArray[Any]:
        return _evaluated(self._node, self._table, self._scratch)

    def apply(self, states: NDArray[Any]) -> NDArray[Any]:
        """Multiply states by the phases."""
        return self._multiplied(states, self._factors)

    def adjoint(self, states: NDArray[Any]) -> NDArray[Any]:
        """Multiply states by the conjugate phases."""
        return self._multiplied(states, self._scratch.conj(self._factors))

    def _multiplied(self, states: NDArray[Any], factors: NDArray[Any]) -> NDArray[Any]:
        whole = 0, self._qubits
        out = self._scratch.empty((max(len(states), len(factors)), 2**self._qubits), states.dtype)
        return multiply(states, whole, factors, self._node.bits, whole, out)


def _evaluated(node: _Node, table: NDArray[Any], scratch: Scratch) -> NDArray[Any]:
    low, high = node.bits
    if isinstance(node, _Leaf):
        return table[:, node.column : node.column + 2 ** (high - low)]
    if isinstance(node, _Product):
        upper, lower = (_evaluated(n, table, scratch) for n in (node.upper, node.lower))
        out = scratch.empty((len(table), 2 ** (high - low)), table.dtype)
        return multiply(upper, node.upper.bits, lower, node.lower.bits, node.bits, out)
    common, bits = _ONE, (low, low)
    if node.common is not None:
        common, bits = _evaluated(node.common, table, scratch), node.common.bits
    odd = _evaluated(node.odd, table, scratch)
    halves = scratch.empty((len(table), 2, 2 ** (high - 1 - low)), table.dtype)
    for half, factor in enumerate((odd, scratch.conj(odd))):
        multiply(common, bits, factor, node.odd.bits, (low, high - 1), halves[:, half])
    return halves.reshape(len(table), -1)
