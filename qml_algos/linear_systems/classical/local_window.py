"""Windows: the rows of A around a few unknowns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

Indices = NDArray[np.int64]

DENSE_ENTRIES = 2**14
"""Up to which a window is dense: calls of sparse routines take longer than the work."""


@dataclass(frozen=True, eq=False)
class Window:
    """Some rows of A, and where their columns stand.

    Attributes
    ----------
    rows
        ``A[W, E]`` for the unknowns W of the window and E, which are these and all others that
        their rows refer to; dense if small.
    inside
        Places of the unknowns of W in E; shape ``(w,)``.
    centre
        Places in W of the unknowns that are sought, in their order.
    unknowns
        Numbers of the unknowns of W; shape ``(w,)``.
    """

    rows: NDArray[Any] | scipy.sparse.csr_array
    inside: Indices
    centre: Indices
    unknowns: Indices


class Neighbourhood(Protocol):
    """A matrix of which windows can be taken."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Unknowns on each axis of the grid, in C order."""
        ...

    def window(self, first: int, count: int, radius: int) -> Window:
        """Take the rows around consecutive unknowns of one line of the last axis."""
        ...

    @property
    def uniform(self) -> bool:
        """Whether rows are alike far from the boundary, so that windows recur."""
        ...

    def kinds(self, first: Indices, count: int, radius: int) -> Indices:
        """Tell windows apart by numbers, a row for each window.

        Those with equal rows differ in the numbers of their unknowns only.
        """
        ...

    def moved(self, unknowns: Indices, first: int, others: Indices) -> Indices:
        """Carry the unknowns of a window over to others of its kind, a row for each."""
        ...
