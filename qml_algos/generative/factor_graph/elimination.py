"""Sums over binary variables of products of tables, by eliminating one variable at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.complex128]
Scope = tuple[int, ...]


@dataclass(frozen=True)
class Elimination:
    """An order of elimination.

    Attributes
    ----------
    order
        Variables, the first to be summed first.
    width
        An upper bound on the treewidth: most variables left in a table after a sum. The largest
        table on the way has ``2 ** (width + 1)`` entries.
    """

    order: tuple[int, ...]
    width: int


@dataclass(frozen=True, eq=False)
class Table:
    """Values for each setting of some binary variables.

    Attributes
    ----------
    scope
        Variables, ascending.
    values
        Shape ``(2, ..., 2, batch)``, one axis a variable; the batch may be 1 where it is shared.
    """

    scope: Scope
    values: Array


@dataclass(frozen=True, eq=False)
class _Sum:
    """One elimination: positions of the tables multiplied, and what was divided out."""

    inputs: tuple[int, ...]
    scope: Scope
    axis: int
    output: int
    scale: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contraction:
    """A finished sum, with what the derivatives need.

    Attributes
    ----------
    value, log_scale
        Shape ``(batch,)``; the sum is ``value * exp(log_scale)``.
    """

    value: Array
    log_scale: NDArray[np.float64]
    _tables: dict[int, Table]
    _sums: list[_Sum]
    _constants: tuple[int, ...]

    def log_derivatives(self, wanted: Sequence[int]) -> list[Array]:
        """Differentiate the logarithm of the sum with respect to the entries of some tables.

        Parameters
        ----------
        wanted
            Positions of tables in the list that was contracted, with ``differentiable``.

        Returns
        -------
        list of arrays
            Of the shapes of the tables, each with the whole batch; not finite where the sum is 0.

        Notes
        -----
        The chain rule, backwards along the elimination: its cost is that of the sum times the
        number of tables that meet in a variable.
        """
        needed = set(wanted) | {s.output for s in self._sums}
        adjoints: dict[int, Array] = {}
        for k in self._constants:
            others = _product(self._tables, [c for c in self._constants if c != k], ())
            adjoints[k] = np.broadcast_to(others / self.value, self.value.shape)
        for done in reversed(self._sums):
            upper = np.expand_dims(adjoints.pop(done.output) / done.scale, done.axis)
            for k in needed.intersection(done.inputs):
                others = _product(self._tables, [i for i in done.inputs if i != k], done.scope)
                absent = [a for a, v in enumerate(done.scope) if v not in self._tables[k].scope]
                full = np.broadcast_to(upper * others, (2,) * len(done.scope) + self.value.shape)
                adjoints[k] = full.sum(axis=tuple(absent))
        return [adjoints[k] for k in wanted]


@lru_cache(maxsize=256)
def elimination(variables: int, scopes: tuple[Scope, ...]) -> Elimination:
    """Find an order by the min-fill rule: next is the variable that adds the fewest edges.

    Parameters
    ----------
    variables
        Their number.
    scopes
        Of the tables.

    Notes
    -----
    A heuristic: the least width is NP-hard to find. It is exact on chains and trees. Cost about
    ``variables * width ** 4``.
    """
    near = _neighbourhoods(variables, scopes)
    keys = {v: (_fill(near, v), len(near[v]), v) for v in near}
    queue = sorted(keys.values())
    order, width = [], 0
    while near:
        key = heappop(queue)
        v = key[-1]
        if keys.get(v) != key:
            continue
        del keys[v]
        neighbours = near.pop(v)
        width = max(width, len(neighbours))
        for u in neighbours:
            near[u] |= neighbours - {u}
            near[u].discard(v)
        for u in neighbours.union(*(near[u] for u in neighbours)):
            keys[u] = (_fill(near, u), len(near[u]), u)
            heappush(queue, keys[u])
        order.append(v)
    return Elimination(tuple(order), width)


@lru_cache(maxsize=256)
def least_width(variables: int, scopes: tuple[Scope, ...]) -> int:
    """Bound the treewidth from below: some subgraph has this least degree.

    Cost about the number of pairs in the scopes, also where an order would take long to find and be
    of no use.
    """
    near = _neighbourhoods(variables, scopes)
    queue = sorted((len(near[v]), v) for v in near)
    bound = 0
    while near:
        degree, v = heappop(queue)
        if v not in near or len(near[v]) != degree:
            continue
        bound = max(bound, degree)
        for u in near.pop(v):
            near[u].discard(v)
            heappush(queue, (len(near[u]), u))
    return bound


def _neighbourhoods(variables: int, scopes: tuple[Scope, ...]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {v: set() for v in range(variables)}
    for scope in scopes:
        for v in scope:
            near[v].update(u for u in scope if u != v)
    return near


def _fill(near: dict[int, set[int]], v: int) -> int:
    return sum(b not in near[a] for a, b in combinations(near[v], 2))


def contract(
    tables: Sequence[Table], order: Sequence[int], batch: int, *, differentiable: bool = False
) -> Contraction:
    """Multiply all tables and sum over all variables.

    Parameters
    ----------
    tables
        At least one for each variable.
    order
        All variables, the first to be summed first.
    batch
        Number of sums done at once.
    differentiable
        Whether to keep the tables on the way, which the derivatives take: several times the memory.
    """
    every, sums = dict(enumerate(tables)), []
    open_tables = set(range(len(every)))
    log_scale = np.zeros(batch)
    for step, v in enumerate(order):
        inputs = tuple(sorted(k for k in open_tables if v in every[k].scope))
        scope = tuple(sorted({u for k in inputs for u in every[k].scope}))
        axis = scope.index(v)
        message = _product(every, inputs, scope).sum(axis=axis)
        # Long products would run out of the range of doubles.
        scale = np.max(np.abs(message), axis=tuple(range(message.ndim - 1)))
        scale[scale == 0] = 1.0
        log_scale = log_scale + np.log(scale)
        output = len(tables) + step
        every[output] = Table(tuple(u for u in scope if u != v), message / scale)
        open_tables = open_tables.difference(inputs) | {output}
        if differentiable:
            sums.append(_Sum(inputs, scope, axis, output, scale))
        else:
            for k in inputs:
                del every[k]
    constants = tuple(sorted(open_tables))
    value = np.broadcast_to(_product(every, constants, ()), (batch,))
    return Contraction(value, log_scale, every, sums, constants)


def _product(tables: Mapping[int, Table], chosen: Sequence[int], scope: Scope) -> Array:
    """Multiply tables over the variables of ``scope``; 1 if there are none."""
    product: Array = np.ones((1,) * (len(scope) + 1), dtype=complex)
    for k in chosen:
        present = set(tables[k].scope)
        index = tuple(slice(None) if v in present else None for v in scope)
        product = product * tables[k].values[(*index, slice(None))]
    return product
