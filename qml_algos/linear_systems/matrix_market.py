"""Matrix Market files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import scipy.io
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import MatrixMarketError
from qml_algos.validation import as_dense


def read_matrix(path: str | PathLike[str]) -> NDArray[Any] | scipy.sparse.coo_array:
    """Read a matrix, sparse if the file is in coordinate format.

    Raises
    ------
    MatrixMarketError
        If the file is missing or malformed; the message names it.
    """
    file = Path(path)
    if not file.is_file():
        raise MatrixMarketError(f"{file}: no such file")
    try:
        return scipy.io.mmread(file, spmatrix=False)
    except (ValueError, OverflowError, OSError, EOFError) as error:
        raise MatrixMarketError(f"{file}: not a readable Matrix Market file: {error}") from None


def read_vector(path: str | PathLike[str]) -> NDArray[Any]:
    """Read a vector, stored as one column or one row.

    Raises
    ------
    MatrixMarketError
        If the file is missing or malformed, or holds a matrix.
    """
    content = read_matrix(path)
    array = as_dense(content)
    if array.ndim != 2 or 1 not in array.shape:
        raise MatrixMarketError(f"{path}: holds a matrix of shape {array.shape}, not a vector")
    vector: NDArray[Any] = array.ravel()
    return vector
