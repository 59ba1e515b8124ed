"""Eigendecompositions of Gram matrices, brought to one scale."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.checks import as_gram

NEGATIVE = 1e-7
"""Eigenvalues down to minus this fraction of the trace are 0, rounded (in single precision too)."""

_SINGULAR = 1e-12
"""Of the largest eigenvalue: what counts as 0 where it would be inverted."""


class Decomposition(NamedTuple):
    """Eigenvalues, ascending and not negative, of trace N; eigenvectors in columns."""

    values: NDArray[np.float64]
    vectors: NDArray[np.float64]


def normalised(K: ArrayLike, name: str = "K") -> NDArray[np.float64]:
    """Return a Gram matrix divided by its mean diagonal entry, so that its trace is N.

    Raises
    ------
    InvalidProblemError
        If it is not symmetric, not finite, or its trace is not positive.
    """
    gram = as_gram(K, name)
    trace = float(np.trace(gram))
    if not trace > 0:
        raise InvalidProblemError(
            f"{name} has the trace {trace:.3g}: that of a Gram matrix is positive"
        )
    return gram * (len(gram) / trace)


def decomposition(K: ArrayLike, name: str = "K") -> Decomposition:
    """Decompose a Gram matrix of trace N.

    Raises
    ------
    InvalidProblemError
        As `normalised`; and if an eigenvalue is negative beyond rounding.
    """
    gram = normalised(K, name)
    values, vectors = scipy.linalg.eigh(gram)
    if values[0] < -NEGATIVE * len(gram):
        raise InvalidProblemError(
            f"{name} has the eigenvalue {values[0]:.3g} (of a trace {len(gram)}): it must be "
            "positive semidefinite; nearest_positive_semidefinite projects it"
        )
    return Decomposition(np.maximum(values, 0.0), vectors)


def require_regularisation(regularisation: float) -> None:
    """Refuse a regularisation that is no finite number of at least 0.

    Raises
    ------
    InvalidProblemError
        Naming the argument.
    """
    number = isinstance(regularisation, int | float | np.number)
    if isinstance(regularisation, bool) or not number or not 0 <= regularisation < np.inf:
        raise InvalidProblemError(
            f"regularisation = {regularisation!r}: must be a finite number of at least 0"
        )


def require_regular(values: NDArray[np.float64], regularisation: float, name: str) -> None:
    """Refuse to invert a singular matrix without regularisation.

    Raises
    ------
    InvalidProblemError
        Saying what helps.
    """
    if regularisation == 0 and not values[0] > _SINGULAR * values[-1]:
        raise InvalidProblemError(
            f"{name} is singular (smallest eigenvalue {values[0]:.1e}): a regularisation above 0 "
            "is needed"
        )
