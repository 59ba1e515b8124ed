"""The curves of a projection as a figure for papers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.layout import COLOURS, MARKERS
from qml_algos.speedup.projection.answer import answer
from qml_algos.speedup.projection.classical import ClassicalCurve, seconds_of
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.projection.quantum import QuantumCurve
from qml_algos.speedup.projection.words import size_text

LARGEST, LONGEST = 1e30, 1e20
"""Sizes and seconds that the axes end at."""

_COLUMNS = 3
_GREYS = ("#222222", "#777777", "#4d4d4d", "#999999")

# TrueType outlines, which journals take; matplotlib's default are Type 3 fonts.
_SETTINGS: Any = {"pdf.fonttype": 42, "font.size": 9.0}


def write_figure(projection: Projection, paths: Iterable[Path]) -> None:
    """Draw seconds against size: a panel for each quantum solver, with all its rivals.

    Parameters
    ----------
    projection
        What to draw. On each device a solver is read by the fastest strategy at every size.
    paths
        Files to write, ``.png`` (300 dots an inch) or ``.pdf`` (vectors).
    """
    billed: list[QuantumCurve | None] = [curve for curve in projection.quantum if curve.bills]
    panels = billed or [None]
    columns = min(_COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    with rc_context(_SETTINGS):
        engine = ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06)
        width = max(5.5, 3.6 * columns)
        figure = Figure(figsize=(width, 3.4 * rows + 1.0), layout=engine, facecolor="white")
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, curve in zip(grid.flat, panels, strict=False):
            _draw_panel(axes, projection, curve)
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        _draw_legend(figure, list(grid.flat[: len(panels)]))
        for path in paths:
            _print(figure, path)


def _print(figure: Figure, path: Path) -> None:
    # Not Figure.savefig, which would crop the picture if the user's settings say so; untyped.
    if path.suffix == ".pdf":
        vectors: Any = FigureCanvasPdf(figure)
        vectors.print_pdf(path, metadata={"CreationDate": None})
    else:
        figure.set_dpi(300)
        pixels: Any = FigureCanvasAgg(figure)
        pixels.print_png(path, metadata={"Software": None})


def _draw_panel(axes: Axes, projection: Projection, quantum: QuantumCurve | None) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for place, rival in enumerate(projection.classical):
        _draw_classical(axes, rival, place)
    for place, device in enumerate(projection.devices):
        if quantum is not None:
            _draw_quantum(axes, projection, quantum, device, COLOURS[place % len(COLOURS)])
    axes.set_title(quantum.solver if quantum else projection.task.replace("-", " "), fontsize=10)
    axes.set_xlim(right=LARGEST)
    low, high = axes.get_ylim()
    axes.set_ylim(low, min(high, LONGEST))
    axes.grid(which="major", color="#d9d9d9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"size N, {projection.size_of}")
    axes.set_ylabel("seconds for one answer")
    axes.label_outer()


def _draw_classical(axes: Axes, rival: ClassicalCurve, place: int) -> None:
    colour, marker = _GREYS[place % len(_GREYS)], MARKERS[place % len(MARKERS)]
    if rival.rows:
        sizes = [row.size for row in rival.rows]
        seconds = np.array([seconds_of(row) for row in rival.rows], dtype=float)
        label = f"{rival.solver}, measured"
        axes.plot(sizes, seconds, marker, color=colour, markersize=4, label=label, zorder=4)
    if rival.known:
        line = (0, (5, 1 + place))
        axes.fill_between(
            rival.sizes,
            rival.low,
            np.minimum(rival.high, LONGEST * 1e6),
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
        label = f"{rival.solver}, law {rival.formula}"
        axes.plot(
            rival.sizes, rival.seconds, color=colour, linestyle=line, linewidth=1.1, label=label
        )


def _draw_quantum(
    axes: Axes, projection: Projection, quantum: QuantumCurve, device: DeviceModel, colour: str
) -> None:
    seconds = [
        min(
            found.seconds
            for strategy in projection.strategies
            if (found := answer(bill, device, strategy)) is not None
        )
        for bill in quantum.bills
    ]
    sizes = np.array([float(size) for size in quantum.sizes])
    values = np.where(np.isfinite(seconds), seconds, np.nan)
    axes.plot(sizes, values, color=colour, linewidth=1.8, label=device.name, zorder=3)
    # Bills are for powers of two; where none can be run, a cross tells how far the curve goes.
    known = np.flatnonzero(np.isfinite(values))
    if known.size and known[-1] + 1 < len(values):
        axes.plot(sizes[known[-1]], values[known[-1]], "x", color=colour, markersize=6, zorder=5)
    _mark_crossover(axes, projection, quantum, device, colour)


def _mark_crossover(
    axes: Axes, projection: Projection, quantum: QuantumCurve, device: DeviceModel, colour: str
) -> None:
    """Mark the earliest crossover with the hardest rival, and its interval."""
    found = [
        (line.size, line)
        for line in projection.crossovers
        if (line.quantum, line.device, line.aside) == (quantum.solver, device.name, False)
        and line.size is not None
    ]
    if not found:
        return
    size, line = min(found, key=lambda pair: pair[0])
    low, high, then = max(line.low, 1.0), min(line.high, LARGEST), line.seconds or 1.0
    axes.axvspan(low, high, color=colour, alpha=0.12, linewidth=0)
    axes.plot([size], [then], "o", markerfacecolor="white", color=colour, zorder=6)
    axes.annotate(
        size_text(size),
        (size, then),
        xytext=(6, -10),
        textcoords="offset points",
        color=colour,
        fontsize=8,
    )


def _draw_legend(figure: Figure, panels: Sequence[Axes]) -> None:
    """Put one legend below all panels."""
    entries: dict[str, Any] = {}
    for axes in panels:
        handles, labels = axes.get_legend_handles_labels()
        entries |= dict(zip(labels, handles, strict=True))
    figure.legend(
        entries.values(),
        entries.keys(),
        loc="outside lower center",
        ncols=2,
        frameon=False,
        fontsize=8,
    )
