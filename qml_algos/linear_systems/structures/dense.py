"""Matrices without any structure that is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import Spectrum, is_hermitian, require_square
from qml_algos.linear_systems.structures.spectra import dense_spectrum
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class Dense:
    """A matrix stored entry by entry.

    Parameters
    ----------
    array
        Shape ``(N, N)``, real or complex; copied, and read-only from then on.

    Raises
    ------
    InvalidProblemError
        If it is not square, or holds what is no finite number.
    """

    array: NDArray[Any] = field(repr=False)

    def __post_init__(self) -> None:
        array = numeric_array(self.array, "A")
        require_square(array.shape)
        array.setflags(write=False)
        object.__setattr__(self, "array", array)

    @property
    def description(self) -> str:
        """``"dense"``."""
        return "dense"

    @property
    def size(self) -> int:
        """Number of rows N."""
        return int(self.array.shape[0])

    @property
    def real(self) -> bool:
        """Whether the entries are of real type."""
        return not np.iscomplexobj(self.array)

    @cached_property
    def hermitian(self) -> bool:
        """Whether the matrix equals its conjugate transpose, up to rounding."""
        return is_hermitian(self.array)

    @property
    def layout(self) -> Layout:
        """On as few qubits as hold the unknowns."""
        return Layout.plain(self.size)

    @cached_property
    def spectrum(self) -> Spectrum:
        """From all eigenvalues or singular values, O(N^3)."""
        return dense_spectrum(self.array, hermitian=self.hermitian)

    def matrix(self) -> NDArray[Any]:
        """Return the array."""
        return self.array
