"""Curves of phases from several sources in one figure: what noise leaves of a transition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.curves import PhaseCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVEL = 0.5


def boundary_figure(
    curves: Mapping[str, PhaseCurve],
    accuracies: Mapping[str, PhaseCurve] | None = None,
    *,
    learnt: tuple[float, float] | None = None,
    exact: float | None = None,
    parameter: str = "transverse field h / J",
    title: str = "",
) -> Figure:
    """Draw what a classifier says of each parameter, for each source of snapshots.

    Parameters
    ----------
    curves
        By the name of the source: mean probability of the upper phase.
    accuracies
        By the name of the source, accuracies of the confusion scheme against the cut: a second
        panel, if there are any.
    learnt
        The pair between which nothing was learnt from; shaded.
    exact
        Transition of the infinite system; a line.
    parameter
        Label of the horizontal axis, with its unit.
    title
        Above all.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InvalidProblemError
        If there are no curves.
    """
    if not curves:
        raise InvalidProblemError("curves is empty: at least one is needed")
    from matplotlib.figure import Figure

    panels = 2 if accuracies else 1
    figure = Figure(figsize=(6.2 * panels, 4.6), layout="constrained", facecolor="white")
    left, *right = figure.subplots(1, panels, squeeze=False)[0]
    _draw(left, curves, exact)
    if learnt is not None:
        left.axvspan(*learnt, color="#f0f0f0", zorder=0, label="not learnt from")
    left.axhline(_LEVEL, color="#999999", linewidth=0.8, linestyle=":")
    left.set(xlabel=parameter, ylabel="probability of the disordered phase", ylim=(-0.03, 1.03))
    left.legend(
        frameon=False,
        loc="upper left",
        fontsize="small",
        title="snapshots: boundary",
        alignment="left",
    )
    for axes in right:
        _draw(axes, accuracies or {}, exact)
        axes.set(xlabel=f"trial cut of the {parameter}", ylabel="accuracy of confused labels")
    figure.suptitle(title)
    return figure


def _draw(axes: Axes, curves: Mapping[str, PhaseCurve], exact: float | None) -> None:
    for number, (name, curve) in enumerate(curves.items()):
        crossing = curve.crossing(_LEVEL)
        axes.errorbar(
            curve.parameters,
            curve.values,
            curve.errors,
            fmt=".-",
            color=f"C{number}",
            linewidth=1.6,
            label=f"{name}: {crossing:.2f}" if np.isfinite(crossing) else f"{name}: none",
        )
    if exact is not None:
        axes.axvline(exact, color="#333333", linestyle="--", linewidth=1, label="exact, infinite")
    axes.spines[["top", "right"]].set_visible(False)
