"""Banded Toeplitz matrices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import MAX_STORED, Spectrum, require_storable
from qml_algos.linear_systems.structures.bounds import symbol_spectrum
from qml_algos.linear_systems.structures.coefficients import (
    Coefficients,
    are_real,
    checked_coefficients,
)
from qml_algos.linear_systems.structures.spectra import (
    ALL_VALUES,
    singular,
    sparse_spectrum,
)


@dataclass(frozen=True)
class Toeplitz:
    r"""A banded matrix whose entries depend on ``column - row`` only.

    Parameters
    ----------
    size
        Number of rows N.
    coefficients
        Entry on each diagonal; the key is ``column - row``. Diagonals without are zero.

    Raises
    ------
    InvalidProblemError
        If the size, a key or a value is of the wrong kind, a diagonal lies outside the matrix,
        or all coefficients are zero.
    """

    size: int
    coefficients: Coefficients

    def __post_init__(self) -> None:
        kept = checked_coefficients(self.coefficients, self.size)
        outside = [k for k in kept if abs(k) >= self.size]
        if outside:
            raise InvalidProblemError(
                f"coefficients has diagonal {outside[0]}: a matrix of {self.size} rows has those "
                f"from {1 - self.size} to {self.size - 1}"
            )
        object.__setattr__(self, "size", int(self.size))
        object.__setattr__(self, "coefficients", kept)

    @property
    def bandwidth(self) -> int:
        """Largest distance of a nonzero entry from the diagonal."""
        return max(abs(k) for k in self.coefficients)

    @property
    def description(self) -> str:
        """``"tridiagonal Toeplitz"`` or ``"banded Toeplitz"``."""
        return "tridiagonal Toeplitz" if self.bandwidth == 1 else "banded Toeplitz"

    @property
    def real(self) -> bool:
        """Whether all coefficients are real."""
        return are_real(self.coefficients)

    @property
    def hermitian(self) -> bool:
        """Whether opposite coefficients are conjugates."""
        return all(
            np.conj(value) == self.coefficients.get(-k, 0.0)
            for k, value in self.coefficients.items()
        )

    @property
    def layout(self) -> Layout:
        """On as few qubits as hold the unknowns."""
        return Layout.plain(self.size)

    @cached_property
    def spectrum(self) -> Spectrum:
        r"""Bounds, exact where the matrix is Hermitian and tridiagonal.

        Tridiagonal with off-diagonal entries of equal size: eigenvalues
        :math:`c_0 + 2 \sqrt{c_1 c_{-1}} \cos(k \pi / (N + 1))`, of a normal matrix, so O(1).
        Any other: all values up to 1,024 rows; above, bounds from the symbol if they
        prove that the matrix is invertible, else Lanczos (see `sparse_spectrum`).

        Raises
        ------
        SingularMatrixError
            If the matrix is singular to working precision.
        UnsuitableSolverError
            If it is too large for Lanczos.

        References
        ----------
        S. Noschese, L. Pasquini, L. Reichel, Numer. Linear Algebra Appl. 20, 302 (2013), Eq. 4.
        """
        above, below = (self.coefficients.get(k, 0.0) for k in (1, -1))
        if self.bandwidth <= 1 and abs(abs(above) - abs(below)) <= 1e-15 * abs(above):
            return self._normal_tridiagonal(complex(above), complex(below))
        if self.size <= ALL_VALUES:
            return sparse_spectrum(self.matrix(), hermitian=self.hermitian)
        found = symbol_spectrum(self.coefficients, hermitian=self.hermitian)
        if found is not None:
            return found
        if self.size * len(self.coefficients) > MAX_STORED >> 3:
            raise UnsuitableSolverError(
                f"the smallest singular value of a Toeplitz matrix of {self.size:,} rows is not "
                "known: give kappa"
            )
        return sparse_spectrum(self.matrix(), hermitian=self.hermitian)

    def _normal_tridiagonal(self, above: complex, below: complex) -> Spectrum:
        centre, reach = complex(self.coefficients.get(0, 0.0)), 2 * np.sqrt(above * below)
        step = np.pi / (self.size + 1)
        # |centre + reach cos| is largest at an end; smallest where cos is nearest to its minimum.
        nearest = -(centre * np.conj(reach)).real / abs(reach) ** 2 if reach else 0.0
        index = np.arccos(np.clip(nearest, -1, 1)) / step
        candidates = np.clip([np.floor(index), np.ceil(index), 1, self.size], 1, self.size)
        # From the nearer end of the spectrum, where 1 - cos would cancel.
        sign = np.where(2 * candidates < self.size + 1, 1, -1)
        from_end = np.where(sign > 0, candidates, self.size + 1 - candidates)
        end = centre + sign * reach
        within = 2 * sign * reach * np.sin(from_end * step / 2) ** 2
        values = end - within
        sizes = np.abs(values)
        if np.any(sizes <= 4 * np.finfo(float).eps * (np.abs(end) + np.abs(within))):
            raise singular(float(sizes.min() / sizes.max()))
        if not self.hermitian:
            return Spectrum(float(sizes.min()), float(sizes.max()))
        real = values.real
        return Spectrum(
            float(sizes.min()), float(sizes.max()), float(real.min()), float(real.max())
        )

    def matrix(self) -> scipy.sparse.csr_array:
        """Write the matrix down, sparse.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size * len(self.coefficients), "a Toeplitz matrix")
        kind = float if self.real else complex
        shape = (self.size, self.size)
        return scipy.sparse.diags_array(
            list(self.coefficients.values()),
            offsets=list(self.coefficients),
            shape=shape,
            dtype=kind,
        ).tocsr()
