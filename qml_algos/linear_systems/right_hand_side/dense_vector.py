"""Right-hand sides stored entry by entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.right_hand_side.base import Preparation, Vector
from qml_algos.linear_systems.right_hand_side.choice import prepare_vector
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class DenseVector:
    """A vector stored entry by entry.

    Parameters
    ----------
    values
        Shape ``(N,)``, real or complex, not zero; copied, and read-only from then on.

    Raises
    ------
    InvalidProblemError
        If it is no such vector.
    """

    values: ArrayLike = field(repr=False)

    def __post_init__(self) -> None:
        vector = numeric_array(self.values, "b")
        if vector.ndim != 1:
            raise InvalidProblemError(f"b has shape {vector.shape}: a vector is needed")
        if not np.any(vector):
            raise InvalidProblemError(
                "b is zero: the solution is zero and no state can represent it"
            )
        vector.setflags(write=False)
        object.__setattr__(self, "values", vector)

    @property
    def size(self) -> int:
        """Number of entries N."""
        return int(self.vector().size)

    @property
    def real(self) -> bool:
        """Whether the entries are of real type."""
        return not np.iscomplexobj(self.values)

    def norm(self) -> float:
        """Euclidean norm, positive."""
        return float(scipy.linalg.norm(self.vector()))

    def total(self) -> complex:
        """Sum of all entries."""
        return complex(np.sum(self.vector()))

    def vector(self) -> Vector:
        """Return the entries."""
        values: Any = self.values
        return values

    def prepare(self, layout: Layout, epsilon: float) -> Preparation:
        """Prepare all amplitudes by the cheapest of the circuits that `prepare_vector` knows."""
        return prepare_vector(layout.spread(self.vector()), epsilon)
