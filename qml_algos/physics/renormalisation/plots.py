"""Plots of what hidden units look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.physics.renormalisation.stacks import receptive_field_radius, uniform_radius
from qml_algos.validation import numeric_array, require_count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 8


def plot_receptive_fields(fields: ArrayLike, shape: tuple[int, int], most: int = 16) -> Figure:
    """Draw the weights of hidden units on the lattice, the most local ones first.

    Parameters
    ----------
    fields
        Shape ``(units, sites)``, of `receptive_fields`.
    shape
        Rows and columns of the lattice.
    most
        Units to draw at most.
    """
    from matplotlib.figure import Figure

    require_count("most", most)
    radii = receptive_field_radius(fields, shape)
    chosen = np.argsort(radii)[:most]
    columns = min(_COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    figure = Figure(figsize=(1.35 * columns + 1.6, 1.55 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    maps = numeric_array(fields, "fields").reshape(-1, *shape)[chosen]
    maps = maps / np.maximum(np.abs(maps).max(axis=(1, 2), keepdims=True), 1e-300)
    for place in axes.flat[len(chosen) :]:
        place.set_axis_off()
    for place, drawn, radius in zip(axes.flat, maps, radii[chosen], strict=False):
        picture = place.imshow(drawn, cmap="RdBu_r", vmin=-1, vmax=1)
        place.set_title(f"{radius:.1f}", fontsize=9)
        place.set_xticks([])
        place.set_yticks([])
    figure.colorbar(picture, ax=axes, label="weight / largest of the unit", shrink=0.8)
    figure.suptitle(
        "Weights of hidden units on the lattice, and their radii\n"
        f"in lattice constants (uniform: {uniform_radius(shape):.1f})",
        fontsize=10,
    )
    return figure
