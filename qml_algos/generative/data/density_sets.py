"""Density-estimation sets as the literature keeps them: three files for each."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_discrete
from qml_algos.generative.data.discrete import DiscreteData, Samples
from qml_algos.svm.data.tables import require_no_gaps, require_small

_PARTS = ("train", "valid", "test")


@dataclass(frozen=True, eq=False)
class DensitySet:
    """The three parts of a set, of the same variables.

    Attributes
    ----------
    train, valid, test
        To learn from, to choose by, and to measure by.
    """

    train: DiscreteData
    valid: DiscreteData
    test: DiscreteData


def density_set_names(folder: str | PathLike[str]) -> tuple[str, ...]:
    """Return the sets of which a folder holds all three files, sorted.

    Raises
    ------
    InvalidProblemError
        If there is no such folder.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InvalidProblemError(f"{place}: no such folder")
    begun = [file.name.removesuffix(".train.data") for file in place.glob("*.train.data")]
    return tuple(
        sorted(
            name
            for name in begun
            if all((place / f"{name}.{part}.data").is_file() for part in _PARTS)
        )
    )


def read_density_set(folder: str | PathLike[str], name: str) -> DensitySet:
    """Read ``NAME.train.data``, ``NAME.valid.data`` and ``NAME.test.data``.

    Parameters
    ----------
    folder
        Where the files are.
    name
        Of the set: ``"nltcs"``, say.

    Returns
    -------
    DensitySet
        A variable has the categories 0 to the largest of the three files, at least two.

    Raises
    ------
    InvalidProblemError
        If a file is not there, is malformed (a sample a line, whole numbers from 0 apart by commas)
        or empty, or has other columns than the others; the message names it and the place.
    TooLargeError
        If a file is larger than 1 GiB.
    """
    known = density_set_names(folder)
    if name not in known:
        raise InvalidProblemError(
            f"{Path(folder)}: no set {name!r} of three files {name}.train.data, {name}.valid.data "
            f"and {name}.test.data; sets there: {', '.join(known) or 'none'}"
        )
    files = [Path(folder) / f"{name}.{part}.data" for part in _PARTS]
    parts = [_read(file) for file in files]
    variables = parts[0].shape[1]
    for file, part in zip(files, parts, strict=True):
        if part.shape[1] != variables:
            raise InvalidProblemError(
                f"{file}: {part.shape[1]} columns: {files[0].name} has {variables}"
            )
    largest = np.max([part.max(axis=0) for part in parts], axis=0)
    categories = tuple(int(top) + 1 for top in np.maximum(largest, 1))
    names = tuple(f"x{k}" for k in range(variables))
    return DensitySet(*(DiscreteData(name, part, categories, names) for part in parts))


def _read(file: Path) -> Samples:
    require_small(file, file.stat().st_size)
    try:
        table = pd.read_csv(file, header=None, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidProblemError(f"{file}: cannot be read ({error})") from None
    table.columns = pd.Index([f"x{k}" for k in range(table.shape[1])])
    for name in table.columns:
        require_no_gaps(file, table[name])
    return as_discrete(table.to_numpy(), str(file))
