r"""Classical factor graphs, and the quantum model that each of them is.

A positive table is the exponential of a sum of parities,
:math:`\log f(x) = \sum_S J_S \prod_{k \in S} (-1)^{x_k}`: the Walsh expansion of its logarithm. The
product of all factors then has one such term for each set S that lies in a factor. A conditioned
qubit joined to the qubits of S multiplies the amplitude by

.. math:: \langle 0|M \sum_a |a\rangle (-1)^{a \sum_S x_k}
    = M_{00} + M_{01} \prod_{k \in S} (-1)^{x_k},

and with :math:`M_{00} = \cosh(J_S/2)` and :math:`M_{01} = \sinh(J_S/2)` this is the square root of
the term. Terms of one variable are diagonal matrices on its own qubit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, product

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.checks import checked_qubits
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.validation import numeric_array

MOST_IN_A_FACTOR = 10
"""Most variables of one factor: it takes up to ``2**10`` conditioned qubits."""

_ROUNDING = 16 * np.finfo(float).eps


@dataclass(frozen=True, eq=False)
class Factor:
    """A positive function of some binary variables.

    Parameters
    ----------
    variables
        Distinct, integers from 0.
    table
        Shape ``(2,) * len(variables)``, real and positive; axis j is ``variables[j]``.

    Raises
    ------
    InvalidProblemError
        If the variables are none, too many, or repeated, the shape differs, or an entry is not
        positive: no finite matrix makes an amplitude vanish for good.
    """

    variables: tuple[int, ...]
    table: NDArray[np.float64]

    def __post_init__(self) -> None:
        variables = checked_qubits("variables", self.variables, np.iinfo(np.int32).max)
        if not variables:
            raise InvalidProblemError("variables is empty: a factor needs at least one variable")
        if len(variables) > MOST_IN_A_FACTOR:
            raise TooLargeError(
                f"a factor of {len(variables)} variables: at most {MOST_IN_A_FACTOR}, since it "
                "takes a conditioned qubit for every set of two or more of them"
            )
        table = numeric_array(self.table, "table")
        if table.shape != (2,) * len(variables):
            raise InvalidProblemError(
                f"table has shape {table.shape}: {len(variables)} binary variables need "
                f"{(2,) * len(variables)}"
            )
        if np.iscomplexobj(table) or not np.all(table > 0):
            raise InvalidProblemError("table: all entries of a factor must be real and positive")
        table.setflags(write=False)
        object.__setattr__(self, "variables", variables)
        object.__setattr__(self, "table", table)


def parity_couplings(factors: Iterable[Factor]) -> dict[tuple[int, ...], float]:
    r"""Expand the logarithm of a product of factors in parities.

    Returns
    -------
    dict
        :math:`J_S` by the sorted variables S, smallest sets first; those that are 0 up to rounding
        left out, as is the constant.
    """
    totals: dict[tuple[int, ...], float] = {}
    largest = 0.0
    for factor in factors:
        degree = len(factor.variables)
        logarithms = np.log(factor.table).reshape(-1)
        largest = max(largest, float(np.abs(logarithms).max()))
        spectrum = scipy.linalg.hadamard(2**degree) @ logarithms / 2**degree
        for chosen, coupling in zip(product((0, 1), repeat=degree), spectrum, strict=True):
            members = tuple(sorted(compress(factor.variables, chosen)))
            totals[members] = totals.get(members, 0.0) + float(coupling)
    kept = sorted((s for s in totals if s), key=lambda s: (len(s), s))
    return {s: totals[s] for s in kept if abs(totals[s]) > _ROUNDING * largest}


def from_factor_graph(
    factors: Sequence[Factor], n_variables: int | None = None, hidden: Iterable[int] = ()
) -> QuantumGenerativeState:
    r"""Build the quantum model whose distribution is that of a factor graph.

    Parameters
    ----------
    factors
        Positive tables; :math:`P(x) \propto \prod_f f(x_f)`.
    n_variables
        Number of variables; ``None`` for those that occur. A variable without factor is uniform.
    hidden
        Variables that are summed over; the others are visible, in their order.

    Returns
    -------
    QuantumGenerativeState
        Qubit k is variable k; a conditioned qubit follows for every set of two or more variables
        whose coupling is not 0. Exact for every positive factor graph. Conditioned qubits have
        orthogonal matrices up to scale, and variable k the condition number
        :math:`e^{|J_k|}`.

    Raises
    ------
    InvalidProblemError
        If there is no factor, or a variable is not below ``n_variables``.

    Notes
    -----
    A factor of degree d adds at most ``2**d - d - 1`` qubits (1, 4 and 11 for d = 2, 3 and 4), and
    factors share those of sets that they share. What measured hardware pays is the probability
    that all conditioned qubits are found in 0: see `QuantumGenerativeState.condition_probability`.

    Gao, Zhang and Duan, Science Advances 4, eaat9004 (2018), show that such a map exists for every
    factor graph of bounded degree; the construction by parities is ours.
    """
    if not factors:
        raise InvalidProblemError("factors is empty: at least one is needed")
    least = 1 + max(max(factor.variables) for factor in factors)
    count = least if n_variables is None else n_variables
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < least:
        raise InvalidProblemError(
            f"n_variables = {n_variables!r}: must be an integer of at least {least}, the variables "
            "in factors"
        )
    traced = checked_qubits("hidden", hidden, count)
    couplings = parity_couplings(factors)
    joint = [members for members in couplings if len(members) > 1]
    fields = [couplings.get((k,), 0.0) / 2 for k in range(count)]
    matrices = [np.diag(np.exp([field, -field])) for field in fields]
    matrices += [_link(couplings[members] / 2) for members in joint]
    return QuantumGenerativeState(
        edges=tuple((k, count + j) for j, members in enumerate(joint) for k in members),
        matrices=np.array(matrices, dtype=complex),
        visible=tuple(k for k in range(count) if k not in traced),
        conditioned=tuple(range(count, count + len(joint))),
    )


def _link(half: float) -> NDArray[np.float64]:
    """Return the matrix whose first row is proportional to (cosh, sinh): a rotation."""
    angle = np.arctan(np.tanh(half))
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
