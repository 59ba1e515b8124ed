"""Sums over the deep and hidden units of a Boltzmann machine, by elimination of one at a time.

Hidden units are kept as variables of the sum, so that every table has two variables at most: where
one hidden unit is joined to many deep ones, summing it first would make a table of them all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.generative.factor_graph.elimination import (
    Elimination,
    Scope,
    Table,
    contract,
    elimination,
    least_width,
)
from qml_algos.physics.neural.rbm import log_two_cosh

WIDEST = 22
"""Largest width that is summed: a table has ``2 ** 23`` entries then, 128 MiB."""
_ENTRIES_AT_ONCE = 2**18
_SPINS = np.array([1.0, -1.0])


def log_sums(angles: NDArray[Any], U: NDArray[Any], g: NDArray[Any]) -> NDArray[np.complex128]:
    r"""Return :math:`\log \sum_{d, h} \exp(g \cdot d + h \cdot (\theta + U d))` for each row.

    Parameters
    ----------
    angles
        What hidden units feel from visible ones, shape ``(samples, hidden)``.
    U
        Shape ``(hidden, deep)``.
    g
        Shape ``(deep,)``.

    Raises
    ------
    TooLargeError
        If the width is above `WIDEST`.
    """
    alone = ~np.any(U, axis=1)
    logs = log_two_cosh(angles[:, alone]).sum(axis=1).astype(complex)
    if U.shape[1]:
        angles, U = angles[:, ~alone], U[~alone]
        plan = _plan(U)
        portion = max(1, _ENTRIES_AT_ONCE >> (plan.width + 1))
        parts = np.split(angles, range(portion, len(angles), portion))
        logs += np.concatenate([_portion(part, U, g, plan) for part in parts])
    return logs


def width_of_sum(U: NDArray[Any]) -> int:
    """Return the width of the order in which units are summed; 0 without deep units."""
    return _order(U[np.any(U, axis=1)]).width if U.shape[1] else 0


def _plan(U: NDArray[Any]) -> Elimination:
    least = least_width(sum(U.shape), _scopes(U))
    plan = None if least > WIDEST else _order(U)
    if plan is None or plan.width > WIDEST:
        width = f"at least {least}" if plan is None else f"{plan.width} in the order found"
        raise TooLargeError(
            f"the machine of {U.shape[1]} deep units has width {width}; they are summed up to a "
            f"width of {WIDEST}, tables of 2**{WIDEST + 1} entries. A shallower circuit, or one "
            "whose qubits meet fewer others, has a narrower machine"
        )
    return plan


def _order(U: NDArray[Any]) -> Elimination:
    return elimination(sum(U.shape), _scopes(U))


def _scopes(U: NDArray[Any]) -> tuple[Scope, ...]:
    """Variables: deep units k, then ``deep + j`` for hidden unit j; a table for each weight."""
    joined, deep = np.argwhere(U), U.shape[1]
    return (*((int(k), deep + int(j)) for j, k in joined), *((v,) for v in range(sum(U.shape))))


def _portion(
    angles: NDArray[Any], U: NDArray[Any], g: NDArray[Any], plan: Elimination
) -> NDArray[np.complex128]:
    weights = U[tuple(np.argwhere(U).T)]
    exponents = [np.multiply.outer(np.outer(_SPINS, _SPINS), weight[None]) for weight in weights]
    exponents += [np.outer(_SPINS, bias[None]) for bias in g]
    exponents += [np.outer(_SPINS, column) for column in angles.T]
    # Tables of largest entry 1, so that large weights do not overflow.
    tops = [np.max(exponent.real, axis=tuple(range(exponent.ndim - 1))) for exponent in exponents]
    tables = [
        Table(scope, np.exp(exponent - top).astype(complex))
        for scope, exponent, top in zip(_scopes(U), exponents, tops, strict=True)
    ]
    done = contract(tables, plan.order, len(angles))
    with np.errstate(divide="ignore"):
        logs = np.log(done.value.astype(complex))
    return np.asarray(logs + done.log_scale + sum(tops))
