"""The figure of entropies: area law, volume law, and what matrix-product states can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.neural.entanglement.profiles import LAWS, EntropyProfile, Law
from qml_algos.validation import require_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLES: dict[Law, str] = {
    "volume": "Volume law",
    "critical": "Between: critical chain",
    "area": "Area law",
}
_CAP = "Cap of matrix-product states"
# Safe for colour-blind readers; the lightness of each group falls with the lines.
_COLOURS: dict[Law, tuple[str, ...]] = {
    "volume": ("#b2182b", "#ef8a62", "#f4a6a0"),
    "critical": ("#4d9221",),
    "area": ("#053061", "#4393c3", "#92c5de"),
}
_MARKERS = "osD^v"
_GREY = "#777777"


def entanglement_figure(
    profiles: Sequence[EntropyProfile], bond_dimensions: Sequence[int] = (4, 16)
) -> Figure:
    """Draw profiles of entropies, and the caps of matrix-product states.

    Parameters
    ----------
    profiles
        Of the same number of qubits, as `entanglement_profiles` returns.
    bond_dimensions
        Of the matrix-product states: their entropy is at most its logarithm.

    Returns
    -------
    matplotlib.figure.Figure
        12 by 6.75 inches, as a slide.

    Raises
    ------
    InvalidProblemError
        If there is no profile, their lengths differ, or a bond dimension is no positive integer.
    """
    if len({len(profile.entropies) for profile in profiles}) != 1:
        raise InvalidProblemError("profiles: one or more, all of the same number of qubits")
    for dimension in bond_dimensions:
        require_count("bond_dimensions", dimension)
    from matplotlib.figure import Figure

    qubits = len(profiles[0].entropies) + 1
    figure = Figure(figsize=(12, 6.75), dpi=150, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    for law in LAWS:
        _draw(axes, law, [profile for profile in profiles if profile.law == law])
    _draw_caps(axes, qubits, bond_dimensions)
    axes.set_title(f"Entanglement of neural-network states, {qubits} qubits", fontsize=18)
    axes.set_xlabel("qubits on one side of the cut, $\\ell$", fontsize=15)
    axes.set_ylabel("entropy of entanglement $S(\\ell)$, bits", fontsize=15)
    axes.set_xlim(0.5, qubits - 0.5)
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(1, qubits, 1 + qubits // 20))
    axes.tick_params(labelsize=13)
    axes.spines[["top", "right"]].set_visible(False)
    legend = figure.legend(
        loc="outside right center", frameon=False, fontsize=12.5, labelspacing=0.7
    )
    for text in legend.get_texts():
        if text.get_text() in {*_TITLES.values(), _CAP}:
            text.set_fontweight("bold")
    return figure


def _draw(axes: Axes, law: Law, profiles: Sequence[EntropyProfile]) -> None:
    if profiles:
        axes.plot([], [], " ", label=_TITLES[law])
    for number, profile in enumerate(profiles):
        cuts = np.arange(1, len(profile.entropies) + 1)
        machine = profile.weights is not None
        weights = f"\n  {profile.weights:,} weights" if machine else ""
        axes.plot(
            cuts,
            profile.entropies,
            color=_COLOURS[law][number % len(_COLOURS[law])],
            marker=_MARKERS[number % len(_MARKERS)] if machine else "",
            linestyle="-" if machine else "-.",
            linewidth=2.4,
            markersize=7,
            label=f"{profile.name}{weights}",
        )


def _draw_caps(axes: Axes, qubits: int, bond_dimensions: Sequence[int]) -> None:
    cuts = np.arange(1, qubits)
    if bond_dimensions:
        axes.plot([], [], " ", label=_CAP)
    for dimension, style in zip(bond_dimensions, ("--", ":", "-.") * qubits, strict=False):
        cap = np.minimum(np.log2(dimension), np.minimum(cuts, qubits - cuts))
        label = f"$\\log_2 \\chi$, bond dimension {dimension}"
        axes.plot(cuts, cap, color=_GREY, linestyle=style, linewidth=2, label=label, zorder=1)
