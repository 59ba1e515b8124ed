"""Snapshots of several states, told apart by their labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.snapshots.snapshots import Snapshots


def split_by_label(snapshots: Snapshots) -> tuple[list[Snapshots], NDArray[np.float64]]:
    """Part snapshots by their labels, the states of a sweep, say.

    Returns
    -------
    parts, labels
        A part for each different label, in ascending order.

    Raises
    ------
    InvalidProblemError
        If they have no labels.
    """
    if snapshots.labels is None:
        raise InvalidProblemError("snapshots has no labels to tell states apart by")
    labels = np.unique(snapshots.labels)
    parts = [
        replace(snapshots, bits=snapshots.bits[of], bases=snapshots.bases[of],
                labels=snapshots.labels[of])
        for of in (snapshots.labels == label for label in labels)
    ]  # fmt: skip
    return parts, labels


def require_one_state(snapshots: object) -> Snapshots:
    """Refuse what is no snapshots, or is of several states.

    Raises
    ------
    InvalidProblemError
        Saying which.
    """
    if not isinstance(snapshots, Snapshots):
        raise InvalidProblemError(
            f"snapshots is of type {type(snapshots).__name__}: Snapshots are needed"
        )
    different = 1 if snapshots.labels is None else len(np.unique(snapshots.labels))
    if different > 1:
        raise InvalidProblemError(
            f"snapshots has {different} different labels: those of one state are needed; "
            "split_by_label parts them"
        )
    return snapshots
