"""What the task of phases found."""

from __future__ import annotations

from dataclasses import dataclass

from qml_algos.physics.phases import ConfusionScan, PhaseBoundaryClassifier, PhaseClusters
from qml_algos.results import Estimate


@dataclass(frozen=True, eq=False)
class PhasesResult:
    """What a task found.

    Attributes
    ----------
    source
        Of the snapshots, in words.
    qubits, samples, parameters
        How many of each.
    supervised, confusion, clusters
        The fitted estimators.
    boundaries
        By the name of the method, with their standard errors; NaN where there is none.
    exact
        Transition of the infinite system; ``None`` of a user's own snapshots.
    worst_v_score
        Of the circuits without noise; ``None`` of a user's own snapshots.
    written
        Path of the plot.
    """

    source: str
    qubits: int
    samples: int
    parameters: int
    supervised: PhaseBoundaryClassifier
    confusion: ConfusionScan
    clusters: PhaseClusters
    boundaries: dict[str, Estimate]
    exact: float | None
    worst_v_score: float | None
    written: str | None
