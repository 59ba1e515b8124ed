"""Samples as the methods of this package take them: spins for bits, anything else as it is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError

Encoding = Literal["bits", "spins", "real"]


def encoding_of(X: NDArray[Any]) -> Encoding:
    """Tell bits 0 and 1 from spins -1 and +1, and both from other real features."""
    if np.all((X == 0) | (X == 1)):
        return "bits"
    return "spins" if np.all(np.abs(X) == 1) else "real"


def encoded(X: NDArray[Any], encoding: Encoding) -> NDArray[Any]:
    """Return bits as spins (8-bit integers, +1 for bit 0), spins as 8-bit integers, others as is.

    Raises
    ------
    InvalidProblemError
        If X is not of this encoding, which was that of the fit.
    """
    if encoding == "bits":
        if not np.all((X == 0) | (X == 1)):
            raise InvalidProblemError("X must hold bits 0 and 1 only, as what was learnt from")
        return (1 - 2 * X.astype(np.int8)).astype(np.int8)
    if encoding == "spins":
        if not np.all(np.abs(X) == 1):
            raise InvalidProblemError("X must hold spins -1 and +1 only, as what was learnt from")
        return X.astype(np.int8)
    return X
