"""Panels of the figure of ground states: how good the states are, and what they took."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes

from qml_algos.speedup.layout import Layout, Series
from qml_algos.speedup.panels import Panel, draw_target, logarithmic, plot
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.wording import preparation_seconds

SMALLEST = 1e-12
"""What is smaller is drawn here: rounding would take most of the axis."""

_LONGEST_BAR = 0.9
"""Share of an error that its bar goes down: on a logarithmic axis, to 0 is no length."""

Value = Callable[[Row], float | None]


def panels_of(comparison: Record, series: Sequence[Series], layout: Layout) -> list[Panel]:
    """Return the panels: energy, V-score, fidelity, time."""

    def energies(axes: Axes) -> None:
        if comparison.rows:
            draw_target(axes, comparison)
        label = f"{comparison.words.error}, with standard errors"
        _draw(axes, series, layout, "Energy", label, lambda row: row.error)
        # Last: the axis is scaled to the points.
        _draw_standard_errors(axes, series, layout)

    def figures(title: str, label: str, value: Value) -> Panel:
        return lambda axes: _draw(axes, series, layout, title, label, value)

    def times(axes: Axes) -> None:
        for one in series:
            plot(axes, one, layout, _seconds, one.label)
        logarithmic(axes)
        axes.set_title("Classical time only")
        axes.set_ylabel("solving, or training a circuit and compiling it, s")

    panels: list[Panel] = [energies]
    if _any(series, lambda row: row.v_score):
        label = "N variance / (E - E of the mixed state)²"
        panels.append(figures("V-score", label, lambda row: row.v_score))
    if _any(series, _infidelity):
        panels.append(figures("Fidelity", "1 - fidelity with the exact ground state", _infidelity))
    return [*panels, times]


def _any(series: Sequence[Series], value: Value) -> bool:
    return any(value(row) is not None for one in series for row in one.rows.values())


def _infidelity(row: Row) -> float | None:
    return None if row.fidelity is None else 1 - row.fidelity


def _seconds(row: Row) -> float | None:
    return row.classical_seconds if row.kind == "classical" else preparation_seconds(row)


def _draw(
    axes: Axes, series: Sequence[Series], layout: Layout, title: str, label: str, value: Value
) -> None:
    def drawn(row: Row) -> float | None:
        found = value(row)
        return None if found is None else max(found, SMALLEST)

    for one in series:
        plot(axes, one, layout, drawn, one.label)
    small = any(
        found is not None and found < SMALLEST
        for one in series
        for found in map(value, one.rows.values())
    )
    logarithmic(axes)
    axes.set_title(title)
    axes.set_ylabel(label + (f"\n(smaller ones at {SMALLEST:g})" if small else ""))


def _draw_standard_errors(axes: Axes, series: Sequence[Series], layout: Layout) -> None:
    for one in series:
        for problem, row in one.rows.items():
            if row.error is not None and row.error_standard_error:
                error = max(row.error, SMALLEST)
                half = row.error_standard_error
                ends = [[min(half, _LONGEST_BAR * error)], [half]]
                x = layout.positions[problem] + one.offset
                axes.errorbar(x, error, ends, fmt="none", ecolor=one.colour, capsize=3)
