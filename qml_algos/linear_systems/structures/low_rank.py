"""Matrices of low rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import Spectrum, require_storable
from qml_algos.linear_systems.structures.spectra import condition_from
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class LowRank:
    """``A = left @ right^H``; what is sought is the pseudo-inverse applied to b.

    Parameters
    ----------
    left, right
        Shape ``(N, r)`` with ``r < N``, real or complex, of full column rank.

    Raises
    ------
    InvalidProblemError
        If shapes do not match, or an entry is no finite number.
    """

    left: NDArray[Any] = field(repr=False)
    right: NDArray[Any] = field(repr=False)

    def __post_init__(self) -> None:
        left, right = numeric_array(self.left, "left"), numeric_array(self.right, "right")
        if left.ndim != 2 or left.shape != right.shape or not 0 < left.shape[1] < left.shape[0]:
            raise InvalidProblemError(
                f"left has shape {left.shape} and right {right.shape}: both need the same (N, r) "
                "with r < N"
            )
        for name, array in (("left", left), ("right", right)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def rank(self) -> int:
        """Number of columns r."""
        return int(self.left.shape[1])

    @property
    def description(self) -> str:
        """As in ``"rank 5"``."""
        return f"rank {self.rank}"

    @property
    def size(self) -> int:
        """Number of rows N."""
        return int(self.left.shape[0])

    @property
    def real(self) -> bool:
        """Whether both factors are of real type."""
        return not (np.iscomplexobj(self.left) or np.iscomplexobj(self.right))

    @cached_property
    def hermitian(self) -> bool:
        """Whether the matrix equals its conjugate transpose, up to rounding; O(N r^2)."""
        # || L R^H - R L^H ||_F^2 through Gram matrices of r columns.
        both = self._core(np.hstack([self.left, self.right]))
        left, right = both[:, : self.rank], both[:, self.rank :]
        product = left @ right.conj().T
        return bool(np.linalg.norm(product - product.conj().T) <= 1e-14 * np.linalg.norm(product))

    @property
    def layout(self) -> Layout:
        """On as few qubits as hold the unknowns."""
        return Layout.plain(self.size)

    @cached_property
    def spectrum(self) -> Spectrum:
        """Nonzero singular values, in O(N r^2).

        Raises
        ------
        SingularMatrixError
            If the rank is less than r to working precision.
        """
        core = self._core(self.left) @ self._core(self.right).conj().T
        values = scipy.linalg.svdvals(core)
        condition_from(values)
        return Spectrum(float(values[-1]), float(values[0]), null_space=True)

    def matrix(self) -> NDArray[Any]:
        """Write the matrix down, dense.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size**2, "a matrix of low rank")
        product: NDArray[Any] = self.left @ self.right.conj().T
        return product

    @staticmethod
    def _core(factor: NDArray[Any]) -> NDArray[Any]:
        return np.linalg.qr(factor)[1]
