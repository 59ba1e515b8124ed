"""Discrete samples read from a table: CSV, NPZ or Parquet."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import MOST_CATEGORIES
from qml_algos.generative.data.discrete import DiscreteData, Samples
from qml_algos.svm.data.tables import read_table, require_no_gaps

Labels = tuple[str, ...]

_LARGEST = 2**53
"""Whole numbers of double precision are told apart up to here."""


def read_discrete(path: str | PathLike[str], like: DiscreteData | None = None) -> DiscreteData:
    """Read samples of discrete variables, one a column.

    Parameters
    ----------
    path
        A CSV, NPZ or Parquet file as for `qml_algos.svm.data.read_labelled`. Columns hold words,
        truth values, or whole numbers of either sign.
    like
        Data read before, of the same columns, whose categories are taken: a test set must not be
        numbered by itself. ``None``: the categories of a column are the values that occur, sorted;
        of zeros and ones always both.

    Returns
    -------
    DiscreteData
        Named as the file without its suffix; its ``labels`` are the values as words.

    Raises
    ------
    InvalidProblemError
        If the file cannot be read; if a column holds numbers that are not whole, a gap, one value
        only (unless 0 or 1), or more than 1,024; if it has other columns or values than ``like``.
        The message names the file, the column, and the sample (counted from 0).
    TooLargeError
        If it would take more than 1 GiB.
    MissingExtraError
        If a Parquet file is given and pyarrow is not installed.
    """
    file = Path(path)
    table = read_table(path, "discrete data")
    names = tuple(table.columns)
    values = [_values(file, table[name]) for name in names]
    if like is None:
        labels = tuple(
            _labels(file, name, column) for name, column in zip(names, values, strict=True)
        )
    else:
        if names != like.variable_names:
            raise InvalidProblemError(
                f"{file}: its columns are {_listed(names)}: {_listed(like.variable_names)} are "
                f"needed, as {like.name!r} has them"
            )
        labels = like.labels or tuple(tuple(map(str, range(size))) for size in like.categories)
    columns = [
        _numbered(file, name, column, known)
        for name, column, known in zip(names, values, labels, strict=True)
    ]
    categories = tuple(map(len, labels))
    shape = None if like is None else like.shape
    return DiscreteData(file.stem, np.column_stack(columns), categories, names, shape, labels)


def _values(file: Path, column: pd.Series) -> NDArray[Any]:
    """Return a column as integers or as words."""
    require_no_gaps(file, column)
    if pd.api.types.is_bool_dtype(column):
        return column.to_numpy(dtype=np.int64)
    if not pd.api.types.is_numeric_dtype(column):
        return column.to_numpy().astype(str)
    numbers = column.to_numpy()
    whole = np.isfinite(numbers) & (numbers == np.round(numbers)) & (np.abs(numbers) <= _LARGEST)
    bad = np.flatnonzero(~whole)
    if bad.size or np.iscomplexobj(numbers):
        first = int(bad[0]) if bad.size else 0
        raise InvalidProblemError(
            f"{file}: column {column.name!r} holds {numbers[first]} in sample {first}: discrete "
            "variables are whole numbers (to 2**53), words or truth values; sort it into bins, or "
            "leave it out"
        )
    return numbers.astype(np.int64)


def _labels(file: Path, name: str, values: NDArray[Any]) -> Labels:
    found = np.unique(values)
    if found.dtype.kind == "i" and found[0] >= 0 and found[-1] <= 1:
        return ("0", "1")
    if len(found) == 1:
        raise InvalidProblemError(
            f"{file}: every sample has {name!r} = {found[0]}: leave the column out"
        )
    if len(found) > MOST_CATEGORIES:
        raise InvalidProblemError(
            f"{file}: column {name!r} holds {len(found):,} different values: at most "
            f"{MOST_CATEGORIES:,} categories are taken; sort it into bins, or leave it out"
        )
    return tuple(map(str, found))


def _numbered(file: Path, name: str, values: NDArray[Any], labels: Labels) -> Samples:
    words, places = np.unique(values, return_inverse=True)
    numbers = {label: number for number, label in enumerate(labels)}
    unknown = [place for place, word in enumerate(words) if str(word) not in numbers]
    if unknown:
        first = int(np.flatnonzero(np.isin(places, unknown))[0])
        raise InvalidProblemError(
            f"{file}: column {name!r} holds {str(values[first])!r} in sample {first}: its "
            f"categories are {_listed(labels)}"
        )
    return np.array([numbers[str(word)] for word in words], dtype=np.int64)[places]


def _listed(names: tuple[str, ...]) -> str:
    shown = 20
    return ", ".join(names[:shown]) + (", ..." if len(names) > shown else "")
