"""Checks of discrete data: rows of categories, numbered from 0 in each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError

MISSING = -1
"""Stands for an entry that is to be drawn."""
MOST_CATEGORIES = 1024
"""Categories of one variable at most: beyond, a column is rather a number or an identifier."""


@dataclass(frozen=True)
class Categories:
    """How many categories each variable has.

    Attributes
    ----------
    sizes
        One number for each variable, at least 2: category ``k`` of variable ``v`` is a whole number
        in ``0 .. sizes[v] - 1``.
    """

    sizes: tuple[int, ...]

    @property
    def variables(self) -> int:
        """Number of variables."""
        return len(self.sizes)

    @property
    def binary(self) -> bool:
        """Whether every variable is 0 or 1."""
        return all(size == 2 for size in self.sizes)

    @property
    def total(self) -> int:
        """Number of categories of all variables together."""
        return sum(self.sizes)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where the categories of each variable begin if all are numbered through."""
        return np.concatenate([[0], np.cumsum(self.sizes)[:-1]]).astype(np.int64)


def as_discrete(X: ArrayLike, name: str = "X") -> NDArray[np.int64]:
    """Return rows of categories as integers.

    Parameters
    ----------
    X
        Shape ``(samples, variables)``: truth values, integers, or floating-point numbers that are
        whole; none below 0.
    name
        What messages call it.

    Returns
    -------
    ndarray
        Of the same shape. Not a copy where X is of that type already.

    Raises
    ------
    InvalidProblemError
        If X is no table of at least one row and one column, holds anything but numbers, or holds
        NaN, infinity, a fraction, or a number below 0 or from 1024 on; the message names the place.
    """
    try:
        array = np.asarray(X)
    except ValueError:
        raise InvalidProblemError(f"{name} is ragged: all its rows need the same length") from None
    if array.ndim != 2 or 0 in array.shape:
        raise InvalidProblemError(
            f"{name} has shape {array.shape}: (samples, variables) is needed, at least one of each"
        )
    if array.dtype.kind not in "buif":
        raise InvalidProblemError(
            f"{name} has entries of type {array.dtype}: whole numbers 0, 1, ... are needed; number "
            "the categories of each column"
        )
    if array.dtype.kind == "f":
        _refuse(~np.isfinite(array), array, name, "NaN and infinity are no categories")
        _refuse(array != np.floor(array), array, name, "categories are whole numbers 0, 1, ...")
    if np.any(array < 0):
        # The words by which scikit-learn's checks know this refusal.
        known = f"Negative values in data {name}: {name}"
        _refuse(array < 0, array, known, "the first category is 0")
    most = f"a variable has at most {MOST_CATEGORIES} categories, numbered from 0"
    _refuse(array >= MOST_CATEGORIES, array, name, most)
    return array.astype(np.int64, copy=False)


def categories_of(
    X: NDArray[np.int64], given: int | Sequence[int] | None = None, name: str = "n_categories"
) -> Categories:
    """Return the categories of each variable.

    Parameters
    ----------
    X
        From `as_discrete`.
    given
        Numbers of categories, where known: one for all variables or one for each. ``None``: one
        more than the largest category seen, at least 2.
    name
        What messages call ``given``.

    Raises
    ------
    InvalidProblemError
        If ``given`` is no such number or numbers, or X holds a category beyond.
    """
    variables = X.shape[1]
    if given is None:
        return Categories(tuple(int(top) for top in np.maximum(X.max(axis=0) + 1, 2)))
    sizes = [given] * variables if isinstance(given, int | np.integer) else list(given)
    for size in sizes:
        whole = isinstance(size, int | np.integer) and not isinstance(size, bool)
        if not whole or not 2 <= size <= MOST_CATEGORIES:
            raise InvalidProblemError(
                f"{name} = {given!r}: numbers of categories are integers from 2 to "
                f"{MOST_CATEGORIES}"
            )
    if len(sizes) != variables:
        raise InvalidProblemError(f"{name} has {len(sizes)} entries: X has {variables} columns")
    categories = Categories(tuple(int(size) for size in sizes))
    require_known(X, categories, "X")
    return categories


def require_known(X: NDArray[np.int64], categories: Categories, name: str = "X") -> None:
    """Refuse data with other columns or categories than those that a model was made for.

    Raises
    ------
    InvalidProblemError
        Naming the place of the first unknown category, and how many the variable has.
    """
    if X.shape[1] != categories.variables:
        raise InvalidProblemError(
            f"{name} has {X.shape[1]} columns: the model has {categories.variables} variables"
        )
    unknown = np.argwhere(np.asarray(categories.sizes) <= X)
    if len(unknown):
        row, column = map(int, unknown[0])
        raise InvalidProblemError(
            f"{name}[{row}, {column}] = {X[row, column]}: variable {column} has the categories 0 "
            f"to {categories.sizes[column] - 1} only; say so with n_categories if it has more than "
            "the training data shows"
        )


def require_binary(categories: Categories, who: str) -> None:
    """Refuse variables of more than two categories.

    Raises
    ------
    InvalidProblemError
        Naming the first variable that is not binary.
    """
    wide = [v for v, size in enumerate(categories.sizes) if size != 2]
    if wide:
        raise InvalidProblemError(
            f"{who} takes binary data only: variable {wide[0]} has {categories.sizes[wide[0]]} "
            "categories"
        )


def as_weights(sample_weight: ArrayLike | None, samples: int) -> NDArray[np.float64]:
    """Return the weight of each sample, ones if none are given.

    Raises
    ------
    InvalidProblemError
        If they are not one finite number for each sample, none below 0 and one above.
    """
    if sample_weight is None:
        return np.ones(samples)
    weights = np.asarray(sample_weight, dtype=np.float64)
    if weights.ndim == 0:
        weights = np.full(samples, float(weights))
    if weights.shape != (samples,):
        raise InvalidProblemError(
            f"sample_weight has shape {weights.shape}: ({samples},) is needed, one for each sample"
        )
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or not np.any(weights > 0):
        raise InvalidProblemError(
            "sample_weight: weights are finite, none below zero, and at least one is above zero"
        )
    return weights


def _refuse(bad: NDArray[np.bool_], array: NDArray[Any], name: str, needed: str) -> None:
    if bad.any():
        row, column = map(int, np.argwhere(bad)[0])
        raise InvalidProblemError(f"{name}[{row}, {column}] = {array[row, column]}: {needed}")
