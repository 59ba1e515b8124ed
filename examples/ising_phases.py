"""Where does a magnet melt? Networks, confusion and clusters, shown spins of the Ising model.

Run: ``python examples/ising_phases.py [directory]``. It draws configurations of four sizes by
Swendsen and Wang's cluster moves, and writes three figures: the outputs of networks with their
finite-size scaling, the W of learning by confusion, and principal components with clusters. A
minute or less of one processor.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from qml_algos.physics.hamiltonians.onsager import ONSAGER_TEMPERATURE
from qml_algos.physics.ising import IsingConfigurations, make_ising_configurations
from qml_algos.physics.phases import (
    ConfusionScan,
    FiniteSizeScaling,
    PhaseBoundaryClassifier,
    PhaseClusters,
    SpinAugmenter,
    SpinNetworkClassifier,
    clusters_figure,
    confusion_figure,
    finite_size_scaling,
    linear_baseline,
    scaling_figure,
)

SIZES = (12, 16, 24, 32)
TEMPERATURES = np.arange(1.62, 2.925, 0.02)


def network(length: int) -> SpinNetworkClassifier:
    """Make a classifier that sees spins, translated and turned over at random, nothing else."""
    return SpinNetworkClassifier(networks=2, augmenter=SpinAugmenter((length, length)))


def scaled(data: dict[int, IsingConfigurations]) -> FiniteSizeScaling:
    """Learn the two phases of each size, and collapse the outputs on one curve."""
    curves, sizes = [], []
    for length, found in data.items():
        model = PhaseBoundaryClassifier(
            network(length), transition=ONSAGER_TEMPERATURE, random_state=0
        ).fit(found.bits, found.temperatures)
        curves += model.fold_curves_
        sizes += [length] * len(model.fold_curves_)
        print(
            f"L = {length}: boundary {model.boundary_:.3f} +- {model.boundary_error_:.3f}, "
            f"accuracy {model.accuracy_:.3f}"
        )
    return finite_size_scaling(curves, sizes, random_state=0)


def main() -> None:
    """Draw, learn, and write the figures."""
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    directory.mkdir(parents=True, exist_ok=True)
    data = {
        length: make_ising_configurations(
            length, TEMPERATURES, 120, replicas=4, random_state=length
        )
        for length in SIZES
    }
    scaling = scaled(data)
    print(f"All sizes: {scaling!r}. Exact: {ONSAGER_TEMPERATURE:.4f} and 1.")

    chosen = data[24]
    baseline = linear_baseline(
        chosen.bits, chosen.temperatures, ONSAGER_TEMPERATURE, random_state=0
    )
    print(
        f"A linear model, L = 24: accuracy {baseline.accuracy:.3f}, where always saying the same "
        f"gives {baseline.majority:.3f}"
    )
    scan = ConfusionScan(network(24), trials=np.arange(1.67, 2.9, 0.06), cv=2, random_state=0).fit(
        chosen.bits[::2], chosen.temperatures[::2]
    )
    print(f"Confusion, L = 24, told nothing: {scan.transition_:.2f}")
    clusters = PhaseClusters(random_state=0).fit(chosen.bits, chosen.temperatures)
    print(
        f"Clusters, L = 24, told nothing: boundary {clusters.boundary_:.2f}; the leading component "
        f"overlaps with the magnetisation by {clusters.uniform_overlap_:.4f}"
    )
    for name, figure in (
        ("scaling", scaling_figure(scaling, known=ONSAGER_TEMPERATURE)),
        ("confusion", confusion_figure({"L = 24": scan}, known=ONSAGER_TEMPERATURE)),
        (
            "clusters",
            clusters_figure(clusters, chosen.temperatures, known=ONSAGER_TEMPERATURE),
        ),
    ):
        figure.savefig(directory / f"ising_{name}.png")


if __name__ == "__main__":
    main()
