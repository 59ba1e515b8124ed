"""The comparison as a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

import qml_algos.speedup.ground_state_panels as ground_state
import qml_algos.speedup.panels as usual
from qml_algos.speedup.layout import Layout, Series, layout_of, series_of
from qml_algos.speedup.panels import GREY, line_styles
from qml_algos.speedup.record import Record
from qml_algos.speedup.words import Words


def write_figure(comparison: Record, path: Path) -> None:
    """Draw errors, gate counts and classical computing times, and write them as PNG.

    Of ground states, what tells how good a state is stands in the place of gate counts.

    Parameters
    ----------
    comparison
        What to draw. Failed rows are left out.
    path
        The file to write: ``.pdf`` (vectors), or PNG, 1600 pixels wide.
    """
    results = [row for row in comparison.rows if row.failure is None]
    layout = layout_of(results)
    series = series_of(results, layout)
    of_task = ground_state if comparison.task == "ground-state" else usual
    panels = of_task.panels_of(comparison, series, layout)

    # A second row of empty axes holds the legends: they never cover points.
    legend_height = 0.27 * _legend_rows(series, layout) + 0.4
    height = 6 if _crowded(layout) else 5
    engine = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.1)
    figure = Figure(figsize=(16, height + legend_height), dpi=100, layout=engine, facecolor="white")
    grid = figure.add_gridspec(2, len(panels), height_ratios=(height, legend_height))
    for index, draw in enumerate(panels):
        axes = figure.add_subplot(grid[0, index])
        draw(axes)
        _finish(axes, layout, comparison.words)
        _draw_legend(figure.add_subplot(grid[1, index]), axes, layout)
    # Not Figure.savefig, which would crop the picture if the user's settings say so; untyped.
    if path.suffix == ".pdf":
        vectors: Any = FigureCanvasPdf(figure)
        with rc_context({"pdf.fonttype": 42}):
            vectors.print_pdf(path, metadata={"CreationDate": None})
        return
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(path, metadata={"Software": None})


def _finish(axes: Axes, layout: Layout, words: Words) -> None:
    axes.title.set_fontsize(15)
    if not axes.lines:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no results", transform=axes.transAxes, ha="center", fontsize=13)
        return
    if layout.by_size:
        _size_axis(axes, layout, words)
    else:
        _problem_axis(axes, layout, words)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=12)
    axes.xaxis.label.set_fontsize(13)
    axes.yaxis.label.set_fontsize(13)


def _size_axis(axes: Axes, layout: Layout, words: Words) -> None:
    axes.set_xscale("log", base=2)
    axes.set_xlabel(f"number of {words.size} N")
    low, high = min(layout.positions.values()), max(layout.positions.values())
    margin = (high / low) ** 0.06
    axes.set_xlim(low / margin, high * margin)
    ticks = _spaced(sorted(set(layout.sizes.values())))
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    lone: dict[int, list[str]] = {}
    for problem in layout.lone:
        lone.setdefault(layout.sizes[problem], []).append(problem)
    for problems in lone.values():
        _name(axes, problems, max(layout.positions[problem] for problem in problems))


def _name(axes: Axes, problems: Sequence[str], position: float) -> None:
    """Write the names of lone problems of one size right of their markers, behind all points."""
    axes.annotate(
        ", ".join(map(_short, problems)),
        (position, 1),
        xycoords=("data", "axes fraction"),
        xytext=(8, -2),
        textcoords="offset points",
        rotation=90,
        horizontalalignment="left",
        verticalalignment="top",
        fontsize=11,
        color=GREY,
        parse_math=False,
        zorder=1.5,
    )


def _problem_axis(axes: Axes, layout: Layout, words: Words) -> None:
    sizes = set(layout.sizes.values())
    size = f" (N = {sizes.pop():,} {words.size})" if sizes else ""
    axes.set_xlabel(f"{words.problem}{size}")
    names = [_short(problem) for problem in layout.positions]
    axes.set_xticks(list(layout.positions.values()), names, parse_math=False)
    if _crowded(layout):
        for label in axes.get_xticklabels():
            label.set(rotation=30, horizontalalignment="right", rotation_mode="anchor")
    axes.set_xlim(-0.6, max(len(names), 1) - 0.4)


def _legend_rows(series: Sequence[Series], layout: Layout) -> int:
    """Return the rows of the longest legend: all series and the target, or two a quantum one."""
    quantum = sum(one.kind == "quantum" for one in series)
    return max(len(series) + 1, 2 * quantum) + len(layout.lines)


def _crowded(layout: Layout) -> bool:
    """Return whether the names of the problems have no room beside each other."""
    return not layout.by_size and sum(len(_short(name)) for name in layout.positions) > 40


def _draw_legend(place: Axes, axes: Axes, layout: Layout) -> None:
    """Draw the legend of one panel into axes of its own."""
    place.set_axis_off()
    handles: dict[str, Any] = {}
    for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
        # A lone marker must not stand for the series where there is also a line.
        if label not in handles or handles[label].get_linestyle() == "None":
            handles[label] = handle
    if len(layout.lines) + len(layout.lone) > 1:
        for name, style in zip(layout.lines, line_styles(layout), strict=True):
            handles[f"line: {_short(name)}"] = Line2D([], [], color=GREY, linestyle=style)
    if handles:
        legend = place.legend(
            handles.values(), handles.keys(), loc="upper left", fontsize=12, frameon=False
        )
        legend.set_in_layout(False)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _spaced(sizes: Sequence[int]) -> list[int]:
    """Return the sizes whose labels have room beside each other on a logarithmic axis."""
    least = 2 ** (0.07 * math.log2(sizes[-1] / sizes[0]))
    chosen = [sizes[-1]]
    for size in reversed(sizes[:-1]):
        if size * least <= chosen[0]:
            chosen.insert(0, size)
    return chosen


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"…{name[-23:]}"
