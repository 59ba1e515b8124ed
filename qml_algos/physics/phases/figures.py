"""Figures of phases: outputs of classifiers with their collapse, confusion, and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.clusters import PhaseClusters
from qml_algos.physics.phases.confusion import ConfusionScan
from qml_algos.physics.phases.curves import PhaseCurve
from qml_algos.physics.phases.scaling import FiniteSizeScaling

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEMPERATURE = "temperature T (units of J / k$_B$)"
"""Label of the axis of temperatures."""
_SHOWN = 3000
"""Points of a scatter, at most: more hide one another."""


def scaling_figure(
    scaling: FiniteSizeScaling, *, label: str = TEMPERATURE, known: float | None = None
) -> Figure:
    """Draw the outputs for all sizes, and beside them how they collapse on one curve.

    Parameters
    ----------
    scaling
        What `finite_size_scaling` found.
    label
        Of the axis of the control parameter, with units.
    known
        The true transition, where it is known, drawn as a dashed line.
    """
    figure, axes = _sheet(width=8.2, height=5.2)
    colours = _colours(len(scaling.sizes))
    _curves(axes, {f"L = {s}": c for s, c in _by_size(scaling)}, colours)
    _known(axes, known)
    axes.set(xlabel=label, ylabel="mean probability of the upper phase", ylim=(-0.03, 1.03))
    axes.legend(frameon=False, loc="upper left")
    inset = axes.inset_axes((0.67, 0.13, 0.32, 0.38))
    for (size, curve), colour in zip(_by_size(scaling), colours, strict=True):
        inset.plot(scaling.scaled(size, curve.parameters), curve.values, ".", color=colour)
    # As far as the smallest system reaches: beyond, larger ones only say 0 and 1.
    reach = min(8.0, float(np.abs(inset.dataLim.intervalx).max()))
    inset.set_xlim(-reach, reach)
    inset.set_xlabel("(T - T$_c$) L$^{1/\\nu}$" if label == TEMPERATURE else "scaled")
    low, high = scaling.tc_interval
    least, most = scaling.nu_interval
    inset.set_title(
        f"T$_c$ = {scaling.tc:.3f} [{low:.3f}, {high:.3f}]\n"
        f"$\\nu$ = {scaling.nu:.2f} [{least:.2f}, {most:.2f}]",
        fontsize=10,
    )
    _plain(inset)
    return figure


def confusion_figure(
    scans: Mapping[str, ConfusionScan],
    *,
    label: str = "trial transition T' (units of J / k$_B$)",
    known: float | None = None,
) -> Figure:
    """Draw accuracies against trial transitions: a W where there is a transition.

    Parameters
    ----------
    scans
        Fitted, by what is written in the legend.
    label
        Of the horizontal axis, with units.
    known
        The true transition, where it is known, drawn as a dashed line.

    Raises
    ------
    InvalidProblemError
        If there are no scans.
    """
    _require_some(scans)
    figure, axes = _sheet()
    colours = _colours(len(scans))
    for (name, scan), colour in zip(scans.items(), colours, strict=True):
        curve = scan.accuracy_curve_
        axes.errorbar(curve.parameters, curve.values, curve.errors, fmt="o-", color=colour, ms=5)
        axes.lines[-1].set_label(name)
        if np.isfinite(scan.transition_):
            peak = curve.values[curve.parameters == scan.transition_]
            axes.plot(scan.transition_, peak, "*", color=colour, ms=16, zorder=4)
    _known(axes, known)
    axes.set(xlabel=label, ylabel="accuracy on samples not learnt from")
    axes.legend(frameon=False, loc="lower left")
    return figure


def clusters_figure(
    clusters: PhaseClusters,
    y: ArrayLike,
    *,
    label: str = TEMPERATURE,
    known: float | None = None,
) -> Figure:
    """Draw samples in the plane of two components, and what follows along the parameter.

    Parameters
    ----------
    clusters
        Fitted with ``y``, two components at least.
    y
        Control parameter of each sample that was fitted.
    label
        Of the control parameter, with units.
    known
        The true transition, where it is known, drawn as a dashed line.

    Raises
    ------
    InvalidProblemError
        If there is one component only, or y has another length than the samples.
    """
    scores, parameters = clusters.scores_, np.asarray(y, dtype=float)
    if scores.shape[1] < 2:
        raise InvalidProblemError("clusters has one component: a plane needs n_components >= 2")
    if parameters.shape != (len(scores),):
        raise InvalidProblemError(
            f"y has shape {parameters.shape}: one value for each of {len(scores)} samples is needed"
        )
    figure = _blank(11.5, 4.8)
    plane, along = figure.subplots(1, 2, gridspec_kw={"wspace": 0.08})
    shown = np.random.default_rng(0).permutation(len(scores))[:_SHOWN]
    drawn = plane.scatter(
        scores[shown, 0], scores[shown, 1], c=parameters[shown], cmap="coolwarm", s=7, alpha=0.7
    )
    figure.colorbar(drawn, ax=plane, label=label, pad=0.02)
    shares = clusters.explained_variance_ratio_
    plane.set(
        xlabel=f"first component p$_1$ ({shares[0]:.0%} of variance)",
        ylabel=f"second component p$_2$ ({shares[1]:.1%})",
    )
    _plain(plane)
    _order_panel(along, clusters, label)
    _known(along, known)
    _plain(along)
    along.set_ylim(-0.03, 1.45)
    along.legend(loc="upper left", framealpha=1, edgecolor="none")
    return figure


def _order_panel(axes: Axes, clusters: PhaseClusters, label: str) -> None:
    response = clusters.susceptibility_
    highest = float(response.values.max())
    drawn = {
        "|p$_1$| / N$^{1/2}$": clusters.order_,
        "share of the disordered cluster": clusters.disorder_,
        f"susceptibility / {highest:.3g}": PhaseCurve(
            response.parameters, response.values / highest, response.errors / highest
        ),
    }
    _curves(axes, drawn, _colours(3))
    axes.set(xlabel=label, ylabel="order, disorder, response (no units)")


def _curves(axes: Axes, curves: Mapping[str, PhaseCurve], colours: NDArray[np.float64]) -> None:
    for (name, curve), colour in zip(curves.items(), colours, strict=True):
        line = axes.errorbar(
            curve.parameters, curve.values, curve.errors, fmt="o-", color=colour, ms=3.5, lw=1.2
        )
        line.set_label(name)


def _by_size(scaling: FiniteSizeScaling) -> list[tuple[int, PhaseCurve]]:
    return list(zip(scaling.sizes, scaling.curves, strict=True))


def _known(axes: Axes, known: float | None) -> None:
    if known is not None:
        axes.axvline(known, color="black", linestyle="--", linewidth=1, label=f"exact: {known:.4f}")


def _sheet(width: float = 7.2, height: float = 4.8) -> tuple[Figure, Axes]:
    figure = _blank(width, height)
    axes = figure.add_subplot()
    _plain(axes)
    return figure, axes


def _blank(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=150, layout="constrained", facecolor="white")


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def _colours(count: int) -> NDArray[np.float64]:
    from matplotlib import colormaps

    found: NDArray[np.float64] = np.asarray(colormaps["viridis"](np.linspace(0, 0.85, count)))
    return found


def _require_some(given: Mapping[str, Any]) -> None:
    if not given:
        raise InvalidProblemError("nothing to draw: at least one curve is needed")
