"""Figures that tasks write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qml_algos.errors import InvalidProblemError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def require_plot(path: str | None) -> None:
    """Refuse a path that no figure can be written to.

    Parameters
    ----------
    path
        Of a PNG file, or ``None``.

    Raises
    ------
    InvalidProblemError
        If it does not end in ``.png``, or its folder is not there.
    """
    if path is None:
        return
    if Path(path).suffix.lower() != ".png":
        raise InvalidProblemError(f"--plot: {path} does not end in .png")
    if not Path(path).parent.is_dir():
        raise InvalidProblemError(f"--plot: no folder {Path(path).parent}")


def write_png(figure: Figure, path: str) -> None:
    """Write a figure as PNG, 150 dots an inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(150)
    # Not Figure.savefig, which would crop the picture if the user's settings say so; untyped.
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(path, metadata={"Software": None})
