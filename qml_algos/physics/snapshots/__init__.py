"""Measured configurations of spins, from any backend or from a file."""

from qml_algos.physics.snapshots.files import load_snapshots
from qml_algos.physics.snapshots.measuring import make_snapshots
from qml_algos.physics.snapshots.snapshots import PAULI_ROTATIONS, Snapshots

__all__ = ["PAULI_ROTATIONS", "Snapshots", "load_snapshots", "make_snapshots"]
