"""Tables read from files: CSV, NPZ or Parquet."""

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

TABLE_SUFFIXES = (".csv", ".npz", ".parquet")

_LARGEST = 2**30
"""Bytes read into memory at most."""
# pyarrow's exceptions and pandas' parser errors derive from these.
_UNREADABLE = (
    *(OSError, ValueError, EOFError, KeyError, NotImplementedError),
    *(zipfile.BadZipFile, pd.errors.ParserWarning),
)


def read_table(path: str | PathLike[str], what: str) -> pd.DataFrame:
    """Read columns by name.

    Parameters
    ----------
    path
        ``.csv``: a heading with the names of the columns, then a sample a line, apart by commas.
        ``.npz``: arrays by name, of one axis (a column) or two (columns ``name[0]``, ``name[1]``,
        ...), all with one entry or row for each sample; objects are refused, not unpickled.
        ``.parquet``: columns by name; needs the extra ``parquet``.
    what
        What is read, for messages.

    Returns
    -------
    pandas.DataFrame
        At least one sample and one column, all names words.

    Raises
    ------
    InvalidProblemError
        If there is no such file, it is malformed or empty, or a name occurs twice.
    TooLargeError
        If it would take more than 1 GiB.
    MissingExtraError
        If a Parquet file is given and pyarrow is not installed.
    """
    file = Path(path)
    reader = {".csv": _csv, ".npz": _npz, ".parquet": _parquet}.get(file.suffix.lower())
    if reader is None:
        either = f"{', '.join(TABLE_SUFFIXES[:-1])} or {TABLE_SUFFIXES[-1]}"
        raise InvalidProblemError(f"{file}: {what} is read from {either}")
    if not file.is_file():
        raise InvalidProblemError(f"{file}: no such file")
    try:
        table = reader(file)
    except (InvalidProblemError, TooLargeError, MissingExtraError):
        raise
    except _UNREADABLE as error:
        raise InvalidProblemError(f"{file}: cannot be read ({error})") from None
    table.columns = pd.Index([str(name) for name in table.columns])
    if table.empty:
        raise InvalidProblemError(f"{file}: holds no samples")
    return table


def require_no_gaps(file: Path, column: pd.Series) -> None:
    """Refuse a column in which an entry is missing.

    Raises
    ------
    InvalidProblemError
        Naming the file, the column and the first sample without it.
    """
    missing = np.flatnonzero(column.isna().to_numpy())
    if missing.size:
        raise InvalidProblemError(
            f"{file}: missing entry or NaN in sample {missing[0]}, column {column.name!r} "
            f"({missing.size} in that column)"
        )


def require_small(file: Path, size: int) -> None:
    """Refuse what would not fit into memory.

    Raises
    ------
    TooLargeError
        If it would take more than 1 GiB.
    """
    if size > _LARGEST:
        raise TooLargeError(f"{file}: {size:,} bytes: at most {_LARGEST:,} are read")


def _csv(file: Path) -> pd.DataFrame:
    require_small(file, file.stat().st_size)
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
        require_small(file, sum(entry.file_size for entry in archive.infolist()))
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
        require_small(file, 8 * about.num_rows * about.num_columns)
        _require_unique(file, source.schema_arrow.names)
        return source.read().to_pandas()


def _require_unique(file: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidProblemError(f"{file}: more than one column is named {twice[0]!r}")
