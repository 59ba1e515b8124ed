"""Checks of arguments that several tasks share."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError


def is_number(value: object) -> bool:
    """Whether something is a real number, and no truth value."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def require_positive(name: str, value: object, *, zero: bool = False) -> None:
    """Refuse a parameter that is no finite positive number.

    Parameters
    ----------
    name, value
        Of the parameter.
    zero
        Whether 0 is accepted too.

    Raises
    ------
    InvalidProblemError
        Naming the parameter and what is accepted.
    """
    # NumPy takes no integers beyond its own, which are finite as all are.
    finite = is_number(value) and (isinstance(value, int) or np.isfinite(value))  # type: ignore[call-overload]
    if not finite or value < 0 or (value == 0 and not zero):  # type: ignore[operator]
        accepted = "at least 0" if zero else "above 0"
        raise InvalidProblemError(f"{name} = {value!r}: must be a finite number {accepted}")


def require_count(name: str, value: object) -> None:
    """Refuse a parameter that is no positive integer.

    Raises
    ------
    InvalidProblemError
        Naming the parameter and what is accepted.
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < 1:  # type: ignore[operator]
        raise InvalidProblemError(f"{name} = {value!r}: must be a positive integer")


def require_epsilon(epsilon: float) -> None:
    """Refuse a precision that is not between 0 and 1.

    Raises
    ------
    ValueError
        Naming the argument and the range.
    """
    if isinstance(epsilon, bool) or not isinstance(epsilon, int | float | np.floating):
        raise ValueError(f"epsilon = {epsilon!r}: must be a number between 0 and 1")
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon = {epsilon}: must lie strictly between 0 and 1")


def require_kappa(kappa: float | None) -> None:
    """Refuse a condition number that is none; ``None`` stands for one to be computed.

    Raises
    ------
    ValueError
        Naming the argument and the range.
    """
    number = isinstance(kappa, int | float | np.number) and not isinstance(kappa, bool)
    if kappa is not None and not (number and np.isfinite(kappa) and kappa >= 1):
        raise ValueError(f"kappa = {kappa!r}: the condition number is a finite number >= 1")


def numeric_array(given: Any, name: str) -> NDArray[Any]:
    """Return a dense copy, real or complex in double precision, of what is array-like or sparse.

    Raises
    ------
    InvalidProblemError
        If it is ragged, holds anything but numbers, or holds NaN or infinity.
    """
    try:
        array = given.toarray() if scipy.sparse.issparse(given) else np.array(given)
    except ValueError:
        raise InvalidProblemError(f"{name} is ragged: all its rows need the same length") from None
    array = as_floating(array, name)
    require_finite(array, name)
    return array


def as_floating(array: Any, name: str) -> Any:
    """Convert a dense or sparse array of numbers to double precision; refuse any other.

    Raises
    ------
    InvalidProblemError
        If the entries are no numbers.
    """
    if array.dtype.kind not in "buifc":
        raise InvalidProblemError(f"{name} has entries of type {array.dtype}: numbers are needed")
    return array.astype(complex if array.dtype.kind == "c" else float)


def require_finite(array: Any, name: str) -> None:
    """Refuse NaN and infinity in a dense or sparse array.

    Raises
    ------
    InvalidProblemError
        Saying how many there are and where the first is.
    """
    if scipy.sparse.issparse(array):
        entries = array.tocoo()
        bad = np.argwhere(~np.isfinite(entries.data))[:, 0]
        places = np.column_stack([entries.row[bad], entries.col[bad]])
    else:
        places = np.argwhere(~np.isfinite(array))
    if len(places):
        first = tuple(map(int, places[0]))
        raise InvalidProblemError(
            f"{name} contains NaN or infinity ({len(places)} entries, first at index {first}): all "
            "must be finite"
        )


def seed_from(random_state: int | np.random.Generator | None) -> int:
    """Seed of a simulator from a seed, a generator, or nothing (then a fresh one).

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(random_state, np.random.Generator):
        generator = random_state
    else:
        try:
            generator = np.random.default_rng(random_state)
        except (TypeError, ValueError):
            raise ValueError(
                f"random_state = {random_state!r}: must be None, a non-negative integer or a "
                "numpy.random.Generator"
            ) from None
    return int(generator.integers(2**31))
