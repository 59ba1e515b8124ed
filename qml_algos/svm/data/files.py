"""Samples with labels read from a table: CSV, NPZ or Parquet."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.svm.data.labelled import LabelledData
from qml_algos.svm.data.tables import TABLE_SUFFIXES, read_table, require_no_gaps

LABELLED_SUFFIXES = TABLE_SUFFIXES

_LISTED = 20
"""Names of columns listed in a message."""


def read_labelled(path: str | PathLike[str], target: str) -> LabelledData:
    """Read samples and their labels.

    Parameters
    ----------
    path
        ``.csv``: a heading with the names of the columns, then a sample a line, apart by commas.
        ``.npz``: arrays by name, of one axis (a column) or two (columns ``name[0]``, ``name[1]``,
        ...), all with one entry or row for each sample; objects are refused, not unpickled.
        ``.parquet``: columns by name; needs the extra ``parquet``.
    target
        Name of the column that holds the labels: integers, words or truth values. All others are
        features: numbers, or truth values, which become 0 and 1.

    Returns
    -------
    LabelledData
        Named as the file without its suffix; labels integers or words.

    Raises
    ------
    InvalidProblemError
        If there is no such file or column, the file is malformed or empty, a name occurs twice, a
        feature is no number, an entry is missing or infinite, the labels are continuous or all the
        same; the message names the file, the column and the sample (counted from 0).
    TooLargeError
        If it would take more than 1 GiB.
    MissingExtraError
        If a Parquet file is given and pyarrow is not installed.
    """
    return _labelled(Path(path), read_table(path, "labelled data"), target)


def _labelled(file: Path, table: pd.DataFrame, target: str) -> LabelledData:
    names = list(table.columns)
    if target not in names:
        listed = ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
        raise InvalidProblemError(f"{file}: no column {target!r}; its columns are: {listed}")
    features = [name for name in names if name != target]
    if not features:
        raise InvalidProblemError(f"{file}: holds no column beside {target!r}: features are needed")
    y, classes = _labels(file, table[target])
    X = np.column_stack([_feature(file, table[name]) for name in features])
    return LabelledData(file.stem, X, y, tuple(features), classes)


def _feature(file: Path, column: pd.Series) -> NDArray[np.float64]:
    require_no_gaps(file, column)
    if not pd.api.types.is_bool_dtype(column) and not pd.api.types.is_numeric_dtype(column):
        raise InvalidProblemError(
            f"{file}: column {column.name!r} holds {_first_word(column)!r}: features must be "
            "numbers; encode it, or leave it out"
        )
    if np.iscomplexobj(column):
        raise InvalidProblemError(f"{file}: column {column.name!r} is complex: features are real")
    values: NDArray[np.float64] = column.to_numpy(dtype=np.float64)
    infinite = np.flatnonzero(~np.isfinite(values))
    if infinite.size:
        raise InvalidProblemError(
            f"{file}: infinite entry in sample {infinite[0]}, column {column.name!r}"
        )
    return values


def _labels(file: Path, column: pd.Series) -> tuple[NDArray[Any], tuple[str, ...]]:
    require_no_gaps(file, column)
    values: NDArray[Any]
    if pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=np.int64)
    elif pd.api.types.is_numeric_dtype(column):
        numbers = column.to_numpy()
        if not np.all(np.isfinite(numbers)) or np.any(numbers != np.round(numbers)):
            raise InvalidProblemError(
                f"{file}: column {column.name!r} holds numbers that are not whole: labels are "
                "integers or words"
            )
        values = numbers.astype(np.int64)
    else:
        values = column.to_numpy().astype(str)
    classes = np.unique(values)
    if len(classes) < 2:
        raise InvalidProblemError(
            f"{file}: every sample has {column.name!r} = {classes[0]}: two classes are needed"
        )
    return values, tuple(map(str, classes))


def _first_word(column: pd.Series) -> object:
    words = pd.to_numeric(column.astype(str), errors="coerce").isna()
    return column[words].iloc[0] if words.any() else column.iloc[0]
