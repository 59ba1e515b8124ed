"""The boundary of two phases as a figure: three ways to find it, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qml_algos.speedup.layout import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qml_algos.physics.phases import PhaseCurve
    from qml_algos.tasks.phases_result import PhasesResult


def phases_figure(result: PhasesResult) -> Figure:
    """Draw what a network, confused networks, and principal components see of each parameter."""
    from matplotlib.figure import Figure

    parameter = "parameter" if result.exact is None else "transverse field h / J"
    figure = Figure(figsize=(15, 5.4), layout="constrained", facecolor="white")
    left, middle, right = figure.subplots(1, 3)
    _draw(left, result.supervised.curve_, COLOURS[0], "network")
    left.axhline(0.5, color="#999999", linestyle=":")
    left.set_ylabel("probability of the upper phase")
    _draw(middle, result.confusion.accuracy_curve_, COLOURS[1], "network, for each cut")
    middle.set_ylabel("accuracy on labels cut there")
    _draw(right, result.clusters.order_, COLOURS[2], "order parameter")
    _draw(right, result.clusters.disorder_, COLOURS[3], "share of the middle cluster")
    right.set_ylabel("leading principal component; share")
    titles = ("Supervised", "Confusion", "Principal components, clusters")
    for axes, title, (name, found) in zip(
        (left, middle, right), titles, result.boundaries.items(), strict=True
    ):
        axes.set_title(title)
        axes.set_xlabel(f"trial cut of the {parameter}" if name == "confusion" else parameter)
        if np.isfinite(found.value):
            low, high = found.value - found.standard_error, found.value + found.standard_error
            label = f"boundary {found.value:.3f} ± {found.standard_error:.2g}"
            axes.axvspan(low, high, color="#cccccc", alpha=0.5, linewidth=0)
            axes.axvline(found.value, color="#555555", label=label)
        if result.exact is not None:
            axes.axvline(result.exact, color="#000000", linestyle="--", label="infinite chain")
        axes.grid(color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
    figure.suptitle(f"{result.samples:,} snapshots of {result.qubits} spins, {result.source}")
    return figure


def _draw(axes: Axes, curve: PhaseCurve, colour: str, label: str) -> None:
    axes.errorbar(curve.parameters, curve.values, curve.errors, fmt=".-", color=colour, label=label)
