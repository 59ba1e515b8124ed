"""Samples with labels read from a table: CSV, NPZ or Parquet."""

from __future__ import annotations

import csv
import importlib
import warnings
import zipfile
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, MissingExtraError, TooLargeError
from qml_algos.svm.data.labelled import LabelledData

LABELLED_SUFFIXES = (".csv", ".npz", ".parquet")

_LARGEST = 2**30
"""Bytes read into memory at most."""
# pyarrow's exceptions and pandas' parser errors derive from these.
_UNREADABLE = (
    *(OSError, ValueError, EOFError, KeyError, NotImplementedError),
    *(zipfile.BadZipFile, pd.errors.ParserWarning),
)
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
    file = Path(path)
    reader = {".csv": _csv, ".npz": _npz, ".parquet": _parquet}.get(file.suffix.lower())
    if reader is None:
        raise InvalidProblemError(f"{file}: labelled data is read from {_either()}")
    if not file.is_file():
        raise InvalidProblemError(f"{file}: no such file")
    try:
        table = reader(file)
    except (InvalidProblemError, TooLargeError, MissingExtraError):
        raise
    except _UNREADABLE as error:
        raise InvalidProblemError(f"{file}: cannot be read ({error})") from None
    return _labelled(file, table, target)


def _either() -> str:
    return f"{', '.join(LABELLED_SUFFIXES[:-1])} or {LABELLED_SUFFIXES[-1]}"


def _csv(file: Path) -> pd.DataFrame:
    _require_small(file, file.stat().st_size)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        heading = next(csv.reader(stream), [])
    # pandas would rename the second of two equal names, and a copy of the labels be a feature.
    _require_unique(file, [name.strip() for name in heading])
    with warnings.catch_warnings():
        # Cells beyond the heading would be dropped with no more than a warning.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(file, skipinitialspace=True, index_col=False, encoding="utf-8-sig")


def _npz(file: Path) -> pd.DataFrame:
    with zipfile.ZipFile(file) as archive:
        _require_small(file, sum(entry.file_size for entry in archive.infolist()))
    columns: dict[str, NDArray[Any]] = {}
    # Objects would be unpickled, which runs whatever the file says.
    with np.load(file, allow_pickle=False) as arrays:
        for name in arrays.files:
            columns |= _columns_of(file, name, arrays[name])
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InvalidProblemError(f"{file}: arrays of different lengths: {lengths}")
    return pd.DataFrame(columns)


def _columns_of(file: Path, name: str, array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    if array.ndim == 1:
        return {name: array}
    if array.ndim == 2:
        return {f"{name}[{k}]": column for k, column in enumerate(array.T)}
    raise InvalidProblemError(f"{file}: array {name!r} has {array.ndim} axes: one or two are read")


def _parquet(file: Path) -> pd.DataFrame:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise MissingExtraError(
            f"{file}: reading Parquet needs pyarrow: install qml-algos[parquet], or give a CSV file"
        ) from None
    with parquet.ParquetFile(file) as source:
        about = source.metadata
        _require_small(file, 8 * about.num_rows * about.num_columns)
        _require_unique(file, source.schema_arrow.names)
        return source.read().to_pandas()


def _require_small(file: Path, size: int) -> None:
    if size > _LARGEST:
        raise TooLargeError(f"{file}: {size:,} bytes: at most {_LARGEST:,} are read")


def _require_unique(file: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidProblemError(f"{file}: more than one column is named {twice[0]!r}")


def _labelled(file: Path, table: pd.DataFrame, target: str) -> LabelledData:
    names = [str(name) for name in table.columns]
    if not names or table.empty:
        raise InvalidProblemError(f"{file}: holds no samples")
    if target not in names:
        listed = ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
        raise InvalidProblemError(f"{file}: no column {target!r}; its columns are: {listed}")
    features = [name for name in names if name != target]
    if not features:
        raise InvalidProblemError(f"{file}: holds no column beside {target!r}: features are needed")
    table.columns = pd.Index(names)
    y, classes = _labels(file, table[target])
    X = np.column_stack([_feature(file, table[name]) for name in features])
    return LabelledData(file.stem, X, y, tuple(features), classes)


def _feature(file: Path, column: pd.Series) -> NDArray[np.float64]:
    _require_no_gaps(file, column)
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
    _require_no_gaps(file, column)
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


def _require_no_gaps(file: Path, column: pd.Series) -> None:
    missing = np.flatnonzero(column.isna().to_numpy())
    if missing.size:
        raise InvalidProblemError(
            f"{file}: missing entry or NaN in sample {missing[0]}, column {column.name!r} "
            f"({missing.size} in that column)"
        )


def _first_word(column: pd.Series) -> object:
    words = pd.to_numeric(column.astype(str), errors="coerce").isna()
    return column[words].iloc[0] if words.any() else column.iloc[0]
