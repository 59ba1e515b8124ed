"""Right-hand sides sampled from a smooth function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from circuits.matrix_product_state import mps_norm, mps_total
from circuits.sampled_function import SampledFunction, sampled_function
from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side.base import Preparation, Vector
from qml_algos.linear_systems.right_hand_side.choice import prepare_tensors, prepare_vector
from qml_algos.linear_systems.structures.base import Structure, require_storable
from qml_algos.linear_systems.structures.poisson import Poisson

_WRITTEN_DOWN = 20
"""Up to this many qubits the vector is sampled point by point."""


@dataclass(frozen=True, eq=False)
class SmoothFunction:
    """Values of a smooth function at the points of a grid, as a matrix product state.

    Parameters
    ----------
    function
        Called with one array of coordinates in [0, 1] for each axis, all of one shape; returns
        the values, real or complex, in an array of that shape.
    layout
        The grid. On an axis of ``2**q`` amplitudes, amplitude i stands at ``(i + offset) / 2**q``;
        those before ``layout.first`` and after the last unknown are zero (in a state that is
        prepared with an error, up to this error).
    offset
        0, or 1/2 for midpoints of cells (a Neumann boundary).

    Raises
    ------
    InvalidProblemError
        If an argument is of the wrong kind, or the function returns anything but finite numbers
        in the shape asked for, or zeros only.
    UnsuitableSolverError
        If the grid has more than 2^20 amplitudes and either more than three axes or amplitudes
        unused other than the first of each axis.

    Notes
    -----
    Up to 2^20 amplitudes the vector is written down and decomposed; beyond, the function is
    interpolated by polynomials (see `circuits.sampled_function`), whose error is an estimate from
    random points. The circuit takes 2 CX a qubit with bond 2 (an exponential, a sine, a constant)
    and 11 with bond 4 (see `circuits.matrix_product_state`).
    """

    function: Callable[..., Any] = field(repr=False)
    layout: Layout
    offset: float = 0.0

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise InvalidProblemError(f"function is a {type(self.function).__name__}: not callable")
        if not 0 <= self.offset < 1:
            raise InvalidProblemError(f"offset = {self.offset!r}: must be at least 0 and below 1")
        self._values(np.linspace(0.1, 0.9, 3 * len(self.layout.shape)).reshape(-1, 3))
        if not self._large:
            if not np.any(self._vector):
                raise InvalidProblemError(
                    "b is zero: the solution is zero and no state represents it"
                )
            return
        first, shape = self.layout.first, self.layout.shape
        if (
            len(shape) > 3
            or first > 1
            or any(
                first + count != 2**q for count, q in zip(shape, self.layout.qubits, strict=True)
            )
        ):
            raise UnsuitableSolverError(
                f"a smooth function on {self.layout.unknowns:,} points needs one to three axes of "
                "2**q points, or of 2**q - 1 without the first"
            )
        if not all(np.any(tensor) for tensor in self._sampled.tensors):
            raise InvalidProblemError("b is zero: the solution is zero and no state represents it")

    @classmethod
    def on(cls, structure: Structure, function: Callable[..., Any]) -> SmoothFunction:
        """At the grid points of a matrix: see `Poisson` for where they are."""
        midpoints = isinstance(structure, Poisson) and structure.boundary == "neumann"
        return cls(function, structure.layout, 0.5 if midpoints else 0.0)

    @property
    def size(self) -> int:
        """Number of entries N."""
        return self.layout.unknowns

    @cached_property
    def real(self) -> bool:
        """Whether the function returns numbers of real type."""
        return not np.iscomplexobj(self._values(np.full((len(self.layout.shape), 1), 0.5)))

    def norm(self) -> float:
        """Euclidean norm, positive."""
        if self._large:
            return mps_norm(self._sampled.tensors)
        return float(scipy.linalg.norm(self._vector))

    def total(self) -> complex:
        """Sum of all entries."""
        if self._large:
            return mps_total(self._sampled.tensors)
        return complex(np.sum(self._vector))

    def vector(self) -> Vector:
        """Write the vector down; shape ``(N,)``.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size, "b")
        return self._vector

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:
        """Prepare a matrix product state with the smallest bonds that the error allows.

        Raises
        ------
        UnsuitableSolverError
            If the layout is another one than that of the grid, and the grid is too large to
            be written down; or if the function is not smooth enough for it.
        """
        if not self._large:
            return prepare_vector(layout.spread(self._vector), epsilon)
        if layout != self.layout:
            raise UnsuitableSolverError(
                f"b is a function on the grid {self.layout}, which is too large to be moved to "
                f"{layout}"
            )
        interpolation = self._sampled.error
        if interpolation > epsilon / 2:
            raise UnsuitableSolverError(
                f"b is not smooth enough: polynomials reach it to {interpolation:.1e}, and half of "
                f"{epsilon:.1e} is allowed"
            )
        found = prepare_tensors(self._sampled.tensors, epsilon - interpolation)
        return Preparation(found.circuit, found.error + interpolation)

    @property
    def _large(self) -> bool:
        return self.layout.total_qubits > _WRITTEN_DOWN

    @cached_property
    def _vector(self) -> Vector:
        first = self.layout.first
        axes = [
            (np.arange(first, first + count) + self.offset) / 2**q
            for count, q in zip(self.layout.shape, self.layout.qubits, strict=True)
        ]
        grid = np.meshgrid(*axes, indexing="ij")
        vector = self._values(np.array([axis.ravel() for axis in grid]))
        vector.setflags(write=False)
        return vector

    @cached_property
    def _sampled(self) -> SampledFunction:
        return sampled_function(
            lambda *points: self._values(np.array([p.ravel() for p in points])).reshape(
                points[0].shape
            ),
            self.layout.qubits,
            offset=self.offset,
            zero_first=self.layout.first == 1,
        )

    def _values(self, points: NDArray[np.float64]) -> Vector:
        """Values at points of shape ``(axes, count)``."""
        values = np.asarray(self.function(*points))
        if values.shape != points[0].shape or values.dtype.kind not in "buifc":
            raise InvalidProblemError(
                f"function returned shape {values.shape} of {values.dtype} for coordinates of "
                f"shape {points[0].shape}: numbers in the same shape are needed"
            )
        if not np.all(np.isfinite(values)):
            raise InvalidProblemError("function returned NaN or infinity: values must be finite")
        return values.astype(complex if values.dtype.kind == "c" else float)
