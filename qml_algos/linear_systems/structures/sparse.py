"""Matrices known by their nonzero entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse

from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import Spectrum, is_hermitian, require_square
from qml_algos.linear_systems.structures.spectra import sparse_spectrum
from qml_algos.validation import as_floating, require_finite


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix stored by its nonzero entries.

    Parameters
    ----------
    csr
        Shape ``(N, N)``, of any scipy sparse form, real or complex; copied, and read-only from
        then on.

    Raises
    ------
    InvalidProblemError
        If it is not square, or holds what is no finite number.
    """

    csr: scipy.sparse.csr_array = field(repr=False)

    def __post_init__(self) -> None:
        require_square(self.csr.shape)
        matrix = as_floating(scipy.sparse.csr_array(self.csr), "A").copy()
        require_finite(matrix, "A")
        matrix.sum_duplicates()
        for part in (matrix.data, matrix.indices, matrix.indptr):
            part.setflags(write=False)
        object.__setattr__(self, "csr", matrix)

    @property
    def description(self) -> str:
        """``"sparse"``."""
        return "sparse"

    @property
    def size(self) -> int:
        """Number of rows N."""
        return int(self.csr.shape[0])

    @property
    def real(self) -> bool:
        """Whether the entries are of real type."""
        return self.csr.dtype.kind != "c"

    @cached_property
    def sparsity(self) -> int:
        """Largest number of nonzero entries in a row or a column."""
        rows: Any = np.diff(self.csr.indptr)
        columns = np.bincount(self.csr.indices, minlength=1)
        return int(max(rows.max(), columns.max()))

    @cached_property
    def hermitian(self) -> bool:
        """Whether the matrix equals its conjugate transpose, up to rounding."""
        return is_hermitian(self.csr)

    @property
    def layout(self) -> Layout:
        """On as few qubits as hold the unknowns."""
        return Layout.plain(self.size)

    @cached_property
    def spectrum(self) -> Spectrum:
        """From all values up to 1,024 unknowns, else from Lanczos: see `sparse_spectrum`."""
        return sparse_spectrum(self.csr, hermitian=self.hermitian)

    def matrix(self) -> scipy.sparse.csr_array:
        """Return the sparse array."""
        return self.csr
