"""Coefficients of Toeplitz and circulant matrices: checked, in one form, and as a symbol."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError

Coefficients = Mapping[int, complex]
"""Entry on each diagonal; the key is column - row."""


def checked_coefficients(given: Mapping[int, Any], size: int) -> Coefficients:
    """Return nonzero coefficients in order of their diagonal, read-only.

    Real ones become ``float``, others ``complex``.

    Raises
    ------
    InvalidProblemError
        If the size is not positive, a key is no integer, a value no finite number, or all are 0.
    """
    require_size(size)
    for offset, value in given.items():
        if isinstance(offset, bool) or not isinstance(offset, int | np.integer):
            raise InvalidProblemError(
                f"coefficients has key {offset!r}: keys are integers, column - row"
            )
        if not isinstance(value, int | float | complex | np.number) or not np.isfinite(value):
            raise InvalidProblemError(
                f"coefficients[{offset}] = {value!r}: must be a finite number"
            )
    kept = {int(k): _plain(given[k]) for k in sorted(given) if given[k] != 0}
    if not kept:
        raise InvalidProblemError("coefficients are all zero: the matrix would be zero")
    return MappingProxyType(kept)


def require_size(size: int) -> None:
    """Refuse what is no number of rows.

    Raises
    ------
    InvalidProblemError
        Naming the argument.
    """
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise InvalidProblemError(f"size = {size!r}: must be a positive integer")


def are_real(coefficients: Coefficients) -> bool:
    """Whether no coefficient has an imaginary part."""
    return not any(isinstance(value, complex) for value in coefficients.values())


def symbol(coefficients: Coefficients, angles: NDArray[np.float64]) -> NDArray[Any]:
    """Return ``sum_k c_k exp(i k angle)``, at each angle in radians."""
    total = np.zeros(angles.shape, dtype=complex)
    for offset, value in coefficients.items():
        total += value * np.exp(1j * offset * angles)
    return total


def _plain(value: Any) -> complex:
    number = complex(value)
    return number if number.imag else number.real
