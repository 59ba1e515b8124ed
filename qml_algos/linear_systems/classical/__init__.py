"""Classical solvers: the competition at its best."""

from qml_algos.linear_systems.classical.direct import Direct

__all__ = ["Direct"]
