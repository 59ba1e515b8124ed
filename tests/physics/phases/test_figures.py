import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.ising import IsingConfigurations
from qml_algos.physics.phases import (
    ConfusionScan,
    PhaseClusters,
    PhaseCurve,
    clusters_figure,
    confusion_figure,
    finite_size_scaling,
    scaling_figure,
)

GRID = np.linspace(1.6, 2.9, 66)
CURVES = [
    PhaseCurve(GRID, (1 + np.tanh((GRID - 2.27) * size / 3)) / 2, 0.01 + 0 * GRID)
    for size in (8, 12, 16)
]


def test_the_collapse_is_drawn_beside_all_sizes() -> None:
    scaling = finite_size_scaling(CURVES, (8, 12, 16), draws=20, random_state=0)
    axes = scaling_figure(scaling, known=2.2692).axes[0]
    inset = axes.child_axes[0]
    assert len(inset.lines) == 3
    assert f"{scaling.tc:.3f}" in inset.get_title()


def test_confusion_is_drawn_with_its_peak() -> None:
    y = np.repeat(np.arange(8.0), 10)
    scan = ConfusionScan(LogisticRegression(), random_state=0)
    scan.fit(np.where(y > 3.5, 1.0, -1.0)[:, None], y)
    axes = confusion_figure({"step": scan}, label="field").axes[0]
    stars = [line for line in axes.lines if line.get_marker() == "*"]
    assert [list(star.get_xdata()) for star in stars] == [[3.5]]


def test_clusters_are_drawn_in_the_plane_and_along_the_parameter(
    ising: IsingConfigurations,
) -> None:
    clusters = PhaseClusters(random_state=0).fit(ising.bits, ising.temperatures)
    plane, along, _ = clusters_figure(clusters, ising.temperatures, known=2.2692).axes
    assert "p$_1$" in plane.get_xlabel()
    assert len(along.get_legend().get_texts()) == 4


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="nothing to draw"):
        confusion_figure({})


def test_clusters_without_a_plane_or_their_parameters_are_refused() -> None:
    X, y = np.eye(6), np.arange(6)
    with pytest.raises(InvalidProblemError, match="n_components"):
        clusters_figure(PhaseClusters(1, random_state=0).fit(X, y), y)
    with pytest.raises(InvalidProblemError, match="y has shape"):
        clusters_figure(PhaseClusters(random_state=0).fit(X, y), y[:3])
