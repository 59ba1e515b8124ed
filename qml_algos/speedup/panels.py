"""Panels of the figure of a comparison: one figure of its rows each, against the problems."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from qml_algos.speedup.layout import Layout, Series
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.wording import preparation_seconds, target

Panel = Callable[[Axes], None]
"""Draws into axes."""

LineStyle = Literal["-", "--", "-.", ":"]

LINES: tuple[LineStyle, ...] = ("-", "--", "-.", ":")
GREY = "#555555"
LABEL_WIDTH = 44

# Logarithmic axes have no zero; the reference compared with itself has this error.
SMALLEST_ERROR = 1e-17


def panels_of(comparison: Record, series: Sequence[Series], layout: Layout) -> list[Panel]:
    """Return the panels of a comparison whose errors are of solutions: circuits last but one."""
    panels: list[Panel] = [lambda axes: _draw_errors(axes, series, layout, comparison)]
    if any(row.two_qubit_gates is not None for row in _all_rows(series)):
        panels.append(lambda axes: _draw_gates(axes, series, layout))
    return [*panels, lambda axes: _draw_seconds(axes, series, layout)]


def _all_rows(series: Sequence[Series]) -> list[Row]:
    return [row for one in series for row in one.rows.values()]


def _draw_errors(axes: Axes, series: Sequence[Series], layout: Layout, comparison: Record) -> None:
    # Shares of wrong labels are often 0, and of one size: they have a linear axis.
    shares = any(row.error_standard_error is not None for row in _all_rows(series))
    least = 0 if shares else SMALLEST_ERROR

    def error(row: Row) -> float | None:
        return None if row.error is None else max(row.error, least)

    for one in series:
        plot(axes, one, layout, error, one.label)
    if axes.lines:
        draw_target(axes, comparison)
    if shares:
        _draw_standard_errors(axes, series, layout)
        axes.set_ylim(bottom=0)
    else:
        logarithmic(axes)
    exact = not shares and any(row.error == 0 for row in _all_rows(series))
    axes.set_title(f"{comparison.words.error.capitalize()} reached")
    drawn = f" (0 drawn at {SMALLEST_ERROR:g})" if exact else ""
    bars = ", with standard errors" if shares else ""
    axes.set_ylabel(textwrap.fill(f"{comparison.error_in_full}{drawn}{bars}", LABEL_WIDTH))


def draw_target(axes: Axes, comparison: Record) -> None:
    """Draw a line at the target error."""
    level = comparison.rows[0].target_error
    label = f"target error, {target(comparison)}"
    axes.axhline(level, color=GREY, linestyle=(0, (6, 4)), linewidth=1.4, label=label)


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
            plot(axes, one, layout, lambda row: row.two_qubit_gates, f"{one.label}: gates")
            plot(
                axes,
                one,
                layout,
                lambda row: row.two_qubit_depth,
                f"{one.label}: depth",
                hollow=True,
            )
    logarithmic(axes)
    axes.set_title("Size of the compiled circuit")
    axes.set_ylabel("two-qubit gates, two-qubit depth")


def _draw_seconds(axes: Axes, series: Sequence[Series], layout: Layout) -> None:
    for one in series:
        if one.kind == "classical":
            plot(axes, one, layout, lambda row: row.classical_seconds, f"{one.label}: solving")
        else:
            plot(axes, one, layout, preparation_seconds, f"{one.label}: preparing the circuit")
    logarithmic(axes)
    axes.set_title("Classical computing time only")
    axes.set_ylabel("time on a classical computer, s")


def plot(
    axes: Axes,
    series: Series,
    layout: Layout,
    value: Callable[[Row], float | None],
    label: str,
    *,
    hollow: bool = False,
) -> None:
    """Plot one figure of one series: a line for each family, markers for lone problems."""
    runs = [*zip(layout.lines.values(), line_styles(layout), strict=True)]
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


def logarithmic(axes: Axes) -> None:
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


def line_styles(layout: Layout) -> list[LineStyle]:
    """Return a style for each family."""
    return [LINES[index % len(LINES)] for index in range(len(layout.lines))]
