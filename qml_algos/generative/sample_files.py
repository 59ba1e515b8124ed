"""Samples of models in files: tables, and sheets of pictures."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data.discrete import DiscreteData
from qml_algos.generative.sheets import sample_sheet

_PICTURES = 100
"""Of a panel."""


def write_samples(
    data: DiscreteData, samples: NDArray[np.int64], path: str | PathLike[str]
) -> None:
    """Write samples as CSV, in the names and words of the data that a model learnt from.

    Parameters
    ----------
    data
        Gives the names of the columns and of their categories.
    samples
        Shape ``(n, variables)``.
    path
        Replaced if it exists; `read_discrete` reads it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(data.variable_names)
        table.writerows(data.decoded(samples).tolist())


def draw_samples(
    data: DiscreteData, models: Mapping[str, NDArray[np.int64]], path: str | PathLike[str]
) -> None:
    """Draw pictures of models beside those of the data, and write them as PNG.

    Parameters
    ----------
    data
        Pictures, shown in the first panel.
    models
        Samples by name, each a panel of its own; 100 pictures at most of each.
    path
        Replaced if it exists.

    Raises
    ------
    InvalidProblemError
        If the data are no pictures.
    OSError
        If the file cannot be written.
    """
    if data.shape is None:
        raise InvalidProblemError(f"{data.name} holds no pictures: it has no height and width")
    panels = {"data": data.X, **models}
    sample_sheet(panels, data.shape, path, categories=max(data.categories), most=_PICTURES)
