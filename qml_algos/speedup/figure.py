"""The comparison as a figure."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from qml_algos.speedup.layout import Layout, Series, layout_of, series_of
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.wording import preparation_seconds, target
from qml_algos.speedup.words import Words

_LineStyle = Literal["-", "--", "-.", ":"]

LINES: tuple[_LineStyle, ...] = ("-", "--", "-.", ":")
GREY = "#555555"
LABEL_WIDTH = 44

# Logarithmic axes have no zero; the reference compared with itself has this error.
SMALLEST_ERROR = 1e-17


def write_figure(comparison: Record, path: Path) -> None:
    """Draw errors, gate counts and classical computing times, and write them as PNG.

    Parameters
    ----------
    comparison
        What to draw. Failed rows are left out.
    path
        The file to write, 1600 pixels wide.
    """
    results = [row for row in comparison.rows if row.failure is None]
    layout = layout_of(results)
    series = series_of(results, layout)
    panels: list[Callable[[Axes], None]] = [
        lambda axes: _draw_errors(axes, series, layout, comparison)
    ]
    if any(row.two_qubit_gates is not None for row in results):
        panels.append(lambda axes: _draw_gates(axes, series, layout))
    panels.append(lambda axes: _draw_seconds(axes, series, layout))

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
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(path, metadata={"Software": None})


def _all_rows(series: Sequence[Series]) -> list[Row]:
    return [row for one in series for row in one.rows.values()]


def _draw_errors(axes: Axes, series: Sequence[Series], layout: Layout, comparison: Record) -> None:
    # Shares of wrong labels are often 0, and of one size: they have a linear axis.
    shares = any(row.error_standard_error is not None for row in _all_rows(series))
    least = 0 if shares else SMALLEST_ERROR

    def error(row: Row) -> float | None:
        return None if row.error is None else max(row.error, least)

    for one in series:
        _plot(axes, one, layout, error, one.label)
    if axes.lines:
        level = comparison.rows[0].target_error
        label = f"target error, {target(comparison)}"
        axes.axhline(level, color=GREY, linestyle=(0, (6, 4)), linewidth=1.4, label=label)
    if shares:
        _draw_standard_errors(axes, series, layout)
        axes.set_ylim(bottom=0)
    else:
        _logarithmic(axes)
    exact = not shares and any(row.error == 0 for row in _all_rows(series))
    axes.set_title(f"{comparison.words.error.capitalize()} reached")
    drawn = f" (0 drawn at {SMALLEST_ERROR:g})" if exact else ""
    bars = ", with standard errors" if shares else ""
    axes.set_ylabel(textwrap.fill(f"{comparison.error_in_full}{drawn}{bars}", LABEL_WIDTH))


def _draw_standard_errors(axes: Axes, series: Sequence[Series], layout: Layout) -> None:
    for one in series:
        for problem, row in one.rows.items():
            if row.error is not None and row.error_standard_error:
                x = layout.positions[problem] + one.offset
                half = row.error_standard_error
                axes.errorbar(x, row.error, half, fmt="none", ecolor=one.colour, capsize=3)


def _draw_gates(axes: Axes, series: Sequence[Series], layout: Layout) -> None:
    for one in series:
        if one.kind == "quantum":
            _plot(axes, one, layout, lambda row: row.two_qubit_gates, f"{one.label}: gates")
            _plot(
                axes,
                one,
                layout,
                lambda row: row.two_qubit_depth,
                f"{one.label}: depth",
                hollow=True,
            )
    _logarithmic(axes)
    axes.set_title("Size of the compiled circuit")
    axes.set_ylabel("two-qubit gates, two-qubit depth")


def _draw_seconds(axes: Axes, series: Sequence[Series], layout: Layout) -> None:
    for one in series:
        if one.kind == "classical":
            _plot(axes, one, layout, lambda row: row.classical_seconds, f"{one.label}: solving")
        else:
            _plot(axes, one, layout, preparation_seconds, f"{one.label}: preparing the circuit")
    _logarithmic(axes)
    axes.set_title("Classical computing time only")
    axes.set_ylabel("time on a classical computer, s")


def _plot(
    axes: Axes,
    series: Series,
    layout: Layout,
    value: Callable[[Row], float | None],
    label: str,
    *,
    hollow: bool = False,
) -> None:
    """Plot one figure of one series: a line for each family, markers for lone problems."""
    runs = [*zip(layout.lines.values(), _line_styles(layout), strict=True)]
    for problems, style in [*runs, *(([problem], "none") for problem in layout.lone)]:
        points = [
            (layout.positions[problem] + series.offset, figure)
            for problem in problems
            if problem in series.rows
            and (figure := value(series.rows[problem])) is not None
            and math.isfinite(figure)
        ]
        if points:
            axes.plot(
                *zip(*points, strict=True),
                color=series.colour,
                marker=series.marker,
                markerfacecolor="white" if hollow else series.colour,
                markersize=8,
                markeredgewidth=1.6,
                linewidth=1.6,
                linestyle=style,
                label=label,
            )


def _logarithmic(axes: Axes) -> None:
    """Scale the y axis by whole decades, so that small differences do not look large."""
    heights = [float(height) for line in axes.lines for height in np.asarray(line.get_ydata())]
    if 0 in heights:
        smallest = min((height for height in heights if height > 0), default=1)
        axes.set_yscale("symlog", linthresh=smallest)
    elif heights:
        axes.set_yscale("log")
        low, high = math.log10(min(heights)), math.log10(max(heights))
        margin = 0.1 + 0.03 * (high - low)
        axes.set_ylim(10 ** math.floor(low - margin), 10 ** math.ceil(high + margin))


def _line_styles(layout: Layout) -> list[_LineStyle]:
    return [LINES[index % len(LINES)] for index in range(len(layout.lines))]


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
        for name, style in zip(layout.lines, _line_styles(layout), strict=True):
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
