"""One entry of the solution from the unknowns around it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.classical.local_green import green_rows
from qml_algos.linear_systems.classical.local_neighbourhood import neighbourhood
from qml_algos.linear_systems.classical.local_right_hand_side import entries_of
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.validation import require_epsilon


@dataclass(frozen=True)
class LocalEntry:
    """An entry of the solution, and what it took.

    Attributes
    ----------
    index
        Of the unknown, from 0.
    value
        Its value.
    truncation
        The value is off by at most this times the largest entry of x in absolute value: proven,
        rounding of the window's factors included.
    radius
        How far the window reaches.
    window
        Unknowns in it.
    flops
        Floating-point operations on real numbers; of complex ones, each counts as one.
    seconds
        Time it took.
    """

    index: int
    value: complex
    truncation: float
    radius: int
    window: int
    flops: float
    seconds: float


def local_entry(problem: LinearSystem, index: int, *, epsilon: float = 1e-2) -> LocalEntry:
    r"""Find one entry of x from a window of b around it.

    The row of the inverse (a discrete Green's function) is computed on a window that grows until
    what it leaves out is proven to be small. It needs neither a bound on the spectrum nor the rest
    of b, so N may be as large as 2^62 where A is a `Toeplitz`, `Circulant` or `Poisson` matrix or
    a Kronecker sum of these, and b a product, a sparse vector or a smooth function. A stored
    sparse matrix and a stored b will do as well.

    Parameters
    ----------
    problem
        The system. The inverse of A must decay away from the diagonal, which it does where A is
        sparse and well-conditioned.
    index
        Of the unknown, from 0.
    epsilon
        Error allowed, relative to the largest entry of x in absolute value.

    Raises
    ------
    InvalidProblemError
        If there is no such unknown.
    UnsuitableSolverError
        If A is dense, or a window would be as large as the system or larger than 2^16 unknowns.
    TooLargeError
        If there are more than 2^62 unknowns.

    Notes
    -----
    Cost: independent of N. On d axes with reach w the window has :math:`(2 r + 1)^d` unknowns with
    :math:`r = O(w \sqrt\kappa \ln(1 / \epsilon))` for Hermitian definite A: entries of the inverse
    decay at least as :math:`q^{|i - j| / w}`,
    :math:`q = (\sqrt\kappa - 1) / (\sqrt\kappa + 1)`. A sparse factorisation of it takes
    :math:`O(r w^2)` operations on one axis, :math:`O(r^3)` on two and :math:`O(r^6)` on three.

    References
    ----------
    S. Demko, W. Moss, P. Smith, Math. Comp. 43, 491 (1984): the decay.
    """
    require_epsilon(epsilon)
    whole = isinstance(index, int | np.integer) and not isinstance(index, bool)
    if not whole or not 0 <= index < problem.size:
        raise InvalidProblemError(
            f"index = {index!r}: must be an integer from 0 to {problem.size - 1:,}"
        )
    structure, b = problem.structure, problem.right_hand_side
    start = time.perf_counter()
    green = green_rows(neighbourhood(structure), int(index), 1, epsilon)
    value = green.weights[0] @ entries_of(b, green.window.unknowns)
    return LocalEntry(
        index=int(index),
        value=complex(value) if np.iscomplexobj(value) else float(value),
        truncation=green.truncation,
        radius=green.radius,
        window=green.window.unknowns.size,
        flops=green.flops + 2.0 * green.window.unknowns.size,
        seconds=time.perf_counter() - start,
    )
