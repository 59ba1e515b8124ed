"""Matrix Market files.

Read here and not by ``scipy.io.mmread``, whose parser (SciPy 1.17) ends the whole process on some
malformed files instead of raising an exception.
"""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import MatrixMarketError

MAX_DIMENSION = 2**27
"""Most rows or columns read: more would take over 1 GiB before a single entry is stored."""

_NUMBERS = {"real": 1, "integer": 1, "complex": 2, "pattern": 0}
_SYMMETRIES = ("general", "symmetric", "hermitian", "skew-symmetric")


class _MalformedError(Exception):
    """What is wrong with a file, without its name."""


def read_matrix(path: str | PathLike[str]) -> NDArray[Any] | scipy.sparse.coo_array:
    """Read a matrix, sparse if the file is in coordinate format.

    Parameters
    ----------
    path
        A Matrix Market file, compressed if it ends in ``.gz`` or ``.bz2``.

    Raises
    ------
    MatrixMarketError
        If the file is missing or malformed; the message names it.

    References
    ----------
    R. Boisvert, R. Pozo, K. Remington, "The Matrix Market exchange formats: initial design",
    NIST Interagency Report 5935 (1996).
    """
    file = Path(path)
    if not file.is_file():
        raise MatrixMarketError(f"{file}: no such file")
    opener = {".gz": gzip.open, ".bz2": bz2.open}.get(file.suffix, open)
    try:
        with opener(file, "rt", encoding="utf-8") as stream:  # type: ignore[operator]
            return _parse(stream.read().splitlines())
    except (_MalformedError, OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise MatrixMarketError(f"{file}: not a readable Matrix Market file: {error}") from None


def read_vector(path: str | PathLike[str]) -> NDArray[Any]:
    """Read a vector, stored as one column or one row.

    Raises
    ------
    MatrixMarketError
        If the file is missing or malformed, or holds a matrix.
    """
    content = read_matrix(path)
    if 1 not in content.shape:
        raise MatrixMarketError(f"{path}: holds a matrix of shape {content.shape}, not a vector")
    return (content if isinstance(content, np.ndarray) else content.toarray()).ravel()


def _parse(lines: list[str]) -> NDArray[Any] | scipy.sparse.coo_array:
    header = lines[0].lower().split() if lines else []
    if len(header) != 5 or header[:2] != ["%%matrixmarket", "matrix"]:
        raise _MalformedError(
            "it does not begin with '%%MatrixMarket matrix FORMAT FIELD SYMMETRY'"
        )
    layout, field, symmetry = header[2:]
    if layout not in ("coordinate", "array"):
        raise _MalformedError(f"format {layout!r}; known: coordinate, array")
    if field not in _NUMBERS or (field, layout) == ("pattern", "array"):
        raise _MalformedError(f"field {field!r} in {layout} format; known: {', '.join(_NUMBERS)}")
    if symmetry not in _SYMMETRIES:
        raise _MalformedError(f"symmetry {symmetry!r}; known: {', '.join(_SYMMETRIES)}")
    body = [line for line in lines[1:] if line.strip() and not line.lstrip().startswith("%")]
    if not body:
        raise _MalformedError("it has no size line")
    if layout == "array":
        return _array(_sizes(body[0], 2), body[1:], field, symmetry)
    return _coordinate(_sizes(body[0], 3), body[1:], field, symmetry)


def _sizes(line: str, count: int) -> list[int]:
    words = line.split()
    # More digits than these are no size, and too many are more than int() takes.
    if len(words) != count or not all(re.fullmatch("[0-9]{1,15}", word) for word in words):
        raise _MalformedError(f"size line {line.strip()!r}: {count} whole numbers are needed")
    sizes = [int(word) for word in words]
    if not all(1 <= size <= MAX_DIMENSION for size in sizes[:2]):
        raise _MalformedError(f"size line {line.strip()!r}: dimensions from 1 to {MAX_DIMENSION:,}")
    return sizes


def _array(sizes: list[int], body: list[str], field: str, symmetry: str) -> NDArray[Any]:
    rows, columns = sizes
    if symmetry == "general":
        matrix = _values(_table(body, rows * columns, _NUMBERS[field]), field)
        return matrix.reshape(columns, rows).T
    _require_square(rows, columns, symmetry)
    skew = symmetry == "skew-symmetric"
    stored = rows * (rows - 1) // 2 if skew else rows * (rows + 1) // 2
    values = _values(_table(body, stored, _NUMBERS[field]), field)
    # Stored by columns, from the diagonal down: by rows of the transpose, to the right.
    column, row = np.triu_indices(rows, k=int(skew))
    matrix = np.zeros((rows, rows), dtype=values.dtype)
    matrix[row, column] = values
    return _completed(matrix, np.tril(matrix, -1), symmetry)


def _coordinate(
    sizes: list[int], body: list[str], field: str, symmetry: str
) -> scipy.sparse.coo_array:
    rows, columns, stored = sizes
    table = _table(body, stored, 2 + _NUMBERS[field])
    places = table[:, :2] - 1
    if np.any(places != np.floor(places)) or np.any((places < 0) | (places >= [rows, columns])):
        raise _MalformedError(
            f"an index is no whole number from 1 to {rows} and from 1 to {columns}"
        )
    row, column = places.T.astype(np.int64)
    values = _values(table[:, 2:], field)
    matrix = scipy.sparse.coo_array((values, (row, column)), shape=(rows, columns))
    if symmetry == "general":
        return matrix
    _require_square(rows, columns, symmetry)
    below = row > column
    lower = scipy.sparse.coo_array((values[below], (row[below], column[below])), shape=(rows, rows))
    if np.any(row < column):
        raise _MalformedError(f"an entry above the diagonal of a {symmetry} matrix")
    return _completed(matrix, lower, symmetry).tocoo()


def _table(body: list[str], count: int, width: int) -> NDArray[np.float64]:
    """Entries as numbers, ``width`` to a line."""
    if len(body) != count:
        raise _MalformedError(
            f"it has {len(body):,} lines of entries; its size line says {count:,}"
        )
    if count == 0:
        return np.zeros((0, width))
    try:
        table = np.loadtxt(body, ndmin=2, comments=None)
    except ValueError as error:
        raise _MalformedError(str(error)) from None
    if table.shape != (count, width):
        raise _MalformedError(f"entries of {table.shape[1]} numbers; {width} are needed")
    return table


def _values(table: NDArray[np.float64], field: str) -> NDArray[Any]:
    if field == "pattern":
        return np.ones(len(table))
    if field == "complex":
        # Not real + 1j * imaginary, which makes NaN of an infinite part.
        return np.ascontiguousarray(table).view(complex)[:, 0]
    return table[:, 0]


def _completed(matrix: Any, lower: Any, symmetry: str) -> Any:
    """Add the mirror image of the entries below the diagonal."""
    if symmetry == "skew-symmetric":
        return matrix - lower.T
    return matrix + (lower.conj().T if symmetry == "hermitian" else lower.T)


def _require_square(rows: int, columns: int, symmetry: str) -> None:
    if rows != columns:
        raise _MalformedError(f"a {symmetry} matrix of {rows} rows and {columns} columns")
