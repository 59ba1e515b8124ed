"""Sheets of pictures that models drew."""

from __future__ import annotations

import math
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_discrete
from qml_algos.generative.data.discrete import require_shape
from qml_algos.svm.data.drawing import require_at_least

_SIDE = 5.0
"""Inches of a panel, of 100 pixels each."""
_PAPER = "#b8c4d6"
"""Between pictures: neither black nor white."""


def sample_sheet(
    samples: ArrayLike | Mapping[str, ArrayLike],
    shape: tuple[int, int],
    path: str | PathLike[str],
    *,
    categories: int = 2,
    most: int = 100,
) -> None:
    """Draw pictures side by side, and write them as PNG.

    Parameters
    ----------
    samples
        Shape ``(n, height * width)``, pixels row by row; or several such by name (``data`` and
        models, say), each a panel of its own under its name.
    shape
        Height and width of a picture.
    path
        The file to write, 500 pixels in width for each panel.
    categories
        Grey levels: 0 is black, ``categories - 1`` white.
    most
        Pictures of a panel at most, the first of the samples; they fill its rows from the left.

    Raises
    ------
    InvalidProblemError
        If there are no samples, they are no pictures of this shape and so many grey levels, or
        ``most`` is out of range; nothing is written then.
    OSError
        If the file cannot be written.
    """
    require_at_least("most", most, 1)
    require_at_least("categories", categories, 2)
    named = samples if isinstance(samples, Mapping) else {"samples": samples}
    if not named:
        raise InvalidProblemError("samples: no panel is given; one array, or several by name")
    panels = {
        name: _pictures(given, shape, categories, name)[:most] for name, given in named.items()
    }
    across = math.ceil(math.sqrt(max(map(len, panels.values())) * shape[0] / shape[1]))
    mosaics = {name: _mosaic(pictures, across) for name, pictures in panels.items()}
    tallest = max(mosaic.shape[0] / mosaic.shape[1] for mosaic in mosaics.values())
    size = (_SIDE * len(panels), _SIDE * tallest + (0.4 if isinstance(samples, Mapping) else 0))
    figure = Figure(figsize=size, dpi=100, layout=ConstrainedLayoutEngine(), facecolor="white")
    for place, (name, mosaic) in enumerate(mosaics.items()):
        axes = figure.add_subplot(1, len(panels), place + 1)
        _draw(axes, mosaic, categories)
        if isinstance(samples, Mapping):
            axes.set_title(name, fontsize=13, parse_math=False)
    # Not Figure.savefig, which would crop the picture if the user's settings say so; untyped.
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(Path(path), metadata={"Software": None})


def _pictures(
    given: ArrayLike, shape: tuple[int, int], categories: int, name: str
) -> NDArray[np.int64]:
    rows = as_discrete(given, name)
    require_shape(shape, rows.shape[1])
    if np.any(rows >= categories):
        raise InvalidProblemError(
            f"{name} holds the grey level {rows.max()}: with categories = {categories} there are "
            f"0 to {categories - 1} only"
        )
    return rows.reshape(-1, *shape)


def _mosaic(pictures: NDArray[np.int64], across: int) -> NDArray[np.float64]:
    """Return one picture of all, a pixel apart; NaN between them."""
    count, height, width = pictures.shape
    down = math.ceil(count / across)
    mosaic = np.full((down * (height + 1) + 1, across * (width + 1) + 1), np.nan)
    for index, picture in enumerate(pictures):
        top = 1 + index // across * (height + 1)
        left = 1 + index % across * (width + 1)
        mosaic[top : top + height, left : left + width] = picture
    return mosaic


def _draw(axes: Axes, mosaic: NDArray[np.float64], categories: int) -> None:
    axes.set_facecolor(_PAPER)
    shown = np.ma.masked_invalid(mosaic)
    axes.imshow(shown, cmap="gray", vmin=0, vmax=categories - 1, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
