"""Right-hand sides sampled from a smooth function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg

from circuits.state_preparation import state_preparation
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side.base import Preparation, Vector
from qml_algos.linear_systems.structures.base import Structure, require_storable
from qml_algos.linear_systems.structures.poisson import Poisson


@dataclass(frozen=True, eq=False)
class SmoothFunction:
    """Values of a smooth function at the points of a grid.

    Parameters
    ----------
    function
        Called with one array of coordinates in [0, 1] for each axis, all of one shape; returns
        the values, real or complex, in an array of that shape.
    layout
        The grid. On an axis of 2**q amplitudes, amplitude i stands at ``(i + offset) / 2**q``;
        those before ``layout.first`` and after the last unknown are exactly zero.
    offset
        0, or 1/2 for midpoints of cells (a Neumann boundary).

    Raises
    ------
    InvalidProblemError
        If the function does not return finite numbers of the right shape, or only zeros.
    """

    function: Callable[..., Any]
    layout: Layout
    offset: float = 0.0

    @classmethod
    def on(cls, structure: Structure, function: Callable[..., Any]) -> SmoothFunction:
        """At the grid points of a matrix: see `Poisson` for where they are."""
        midpoints = isinstance(structure, Poisson) and structure.boundary == "neumann"
        return cls(function, structure.layout, 0.5 if midpoints else 0.0)

    @property
    def size(self) -> int:
        """Number of entries N."""
        return self.layout.unknowns

    @property
    def real(self) -> bool:
        return not np.iscomplexobj(self.vector())

    def norm(self) -> float:
        """Euclidean norm, positive."""
        return float(scipy.linalg.norm(self.vector()))

    def total(self) -> complex:
        """Sum of all entries."""
        return complex(np.sum(self.vector()))

    @cached_property
    def _vector(self) -> Vector:
        axes = [
            (np.arange(self.layout.first, self.layout.first + count) + self.offset) / 2**q
            for count, q in zip(self.layout.shape, self.layout.qubits, strict=True)
        ]
        return np.asarray(self.function(*np.meshgrid(*axes, indexing="ij"))).ravel()

    def vector(self) -> Vector:
        """Write the vector down; shape ``(N,)``."""
        require_storable(self.size, "b")
        return self._vector

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:
        return Preparation(state_preparation(layout.spread(self.vector())), 0.0)
