"""Circulant matrices: diagonal in the Fourier basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import (
    MAX_STORED,
    Spectrum,
    require_storable,
)
from qml_algos.linear_systems.structures.bounds import symbol_spectrum
from qml_algos.linear_systems.structures.coefficients import (
    Coefficients,
    are_real,
    checked_coefficients,
    symbol,
)


@dataclass(frozen=True)
class Circulant:
    r"""A matrix whose entries depend on ``(column - row) mod N`` only.

    Parameters
    ----------
    size
        Number of rows N.
    coefficients
        Entry for each ``column - row``, taken modulo N; zero where none is given. Kept with keys
        from ``-((N - 1) // 2)`` to ``N // 2``.

    Raises
    ------
    InvalidProblemError
        If the size, a key or a value is of the wrong kind, or all coefficients are zero.

    Notes
    -----
    Eigenvectors are ``exp(2 pi i j k / N)`` over j, with eigenvalues
    :math:`\lambda_k = \sum_d c_d e^{2 \pi i d k / N}`. Where some are zero, the solution sought
    is the one of least norm.

    References
    ----------
    G. Golub, C. Van Loan, Matrix Computations, 4th ed., section 4.8.
    """

    size: int
    coefficients: Coefficients

    def __post_init__(self) -> None:
        given = checked_coefficients(self.coefficients, self.size)
        folded: dict[int, complex] = {}
        for offset, value in given.items():
            key = (offset + (self.size - 1) // 2) % self.size - (self.size - 1) // 2
            folded[key] = folded.get(key, 0.0) + value
        kept = checked_coefficients(folded, self.size)
        object.__setattr__(self, "size", int(self.size))
        object.__setattr__(self, "coefficients", MappingProxyType(dict(kept)))

    @property
    def description(self) -> str:
        """``"circulant"``."""
        return "circulant"

    @property
    def real(self) -> bool:
        """Whether all coefficients are real."""
        return are_real(self.coefficients)

    @property
    def hermitian(self) -> bool:
        """Whether opposite coefficients are conjugates."""
        fold = self.size - (self.size - 1) // 2
        return all(
            np.conj(value) == self.coefficients.get(-k if 2 * k != self.size else k, 0.0)
            for k, value in self.coefficients.items()
            if k < fold
        )

    @property
    def layout(self) -> Layout:
        """On as few qubits as hold the unknowns."""
        return Layout.plain(self.size)

    def eigenvalues(self, indices: NDArray[Any] | None = None) -> NDArray[Any]:
        """Eigenvalues of the Fourier modes of the given indices, of all by default.

        Raises
        ------
        TooLargeError
            If all are asked for and do not fit into memory.
        """
        if indices is None:
            require_storable(self.size, "the spectrum of a circulant matrix")
            row = np.zeros(self.size, dtype=complex)
            row[[k % self.size for k in self.coefficients]] = list(self.coefficients.values())
            values = np.fft.ifft(row, norm="forward")
        else:
            values = symbol(self.coefficients, 2 * np.pi * (indices % self.size) / self.size)
        return values.real if self.hermitian else values

    @cached_property
    def null_modes(self) -> NDArray[np.int64]:
        """Indices of the Fourier modes whose eigenvalue is zero, up to rounding."""
        sizes = np.abs(self.eigenvalues())
        return np.flatnonzero(sizes <= _rounding(self.coefficients) * self.size.bit_length())

    @cached_property
    def spectrum(self) -> Spectrum:
        """From all eigenvalues in O(N log N); above 2^22 unknowns from bounds on the symbol.

        Raises
        ------
        UnsuitableSolverError
            If neither applies.
        """
        if self.size > MAX_STORED >> 5:
            found = symbol_spectrum(self.coefficients, hermitian=self.hermitian)
            if found is None:
                raise UnsuitableSolverError(
                    f"the smallest singular value of a circulant matrix of {self.size:,} rows is "
                    "not known: give kappa"
                )
            return found
        values = np.delete(self.eigenvalues(), self.null_modes)
        sizes = np.abs(values)
        return Spectrum(
            float(sizes.min()),
            float(sizes.max()),
            lowest=float(values.min()) if self.hermitian else None,
            highest=float(values.max()) if self.hermitian else None,
            null_space=bool(self.null_modes.size),
        )

    def matrix(self) -> scipy.sparse.csr_array:
        """Write the matrix down, sparse.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size * len(self.coefficients), "a circulant matrix")
        rows = np.arange(self.size)
        kind = float if self.real else complex
        data = np.concatenate(
            [np.full(self.size, value, dtype=kind) for value in self.coefficients.values()]
        )
        columns = np.concatenate([(rows + k) % self.size for k in self.coefficients])
        places = (np.tile(rows, len(self.coefficients)), columns)
        return scipy.sparse.csr_array((data, places), shape=(self.size, self.size))


def _rounding(coefficients: Mapping[int, complex]) -> float:
    return float(4 * np.finfo(float).eps * sum(abs(value) for value in coefficients.values()))
