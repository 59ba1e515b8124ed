"""Kronecker sums."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from functools import cached_property

import scipy.sparse

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import (
    MAX_STORED,
    Spectrum,
    Structure,
    is_structure,
    require_storable,
)
from qml_algos.linear_systems.structures.spectra import sparse_spectrum


@dataclass(frozen=True)
class KroneckerSum:
    r"""``A = sum_i I x ... x A_i x ... x I``, the operator of a problem with separate axes.

    Parameters
    ----------
    terms
        ``A_i``, two or more; the first acts on the slowest axis (C order).

    Raises
    ------
    InvalidProblemError
        If there are fewer than two terms, or one is no structure.

    Notes
    -----
    Eigenvalues are all sums of one eigenvalue of each term.
    """

    terms: tuple[Structure, ...]

    def __post_init__(self) -> None:
        terms = tuple(self.terms)
        wrong = [term for term in terms if not is_structure(term)]
        if wrong or len(terms) < 2:
            what = f"one is a {type(wrong[0]).__name__}" if wrong else f"there are {len(terms)}"
            raise InvalidProblemError(f"terms: two or more structures are needed, {what}")
        object.__setattr__(self, "terms", terms)

    @property
    def description(self) -> str:
        """As in ``"Kronecker sum (2 x tridiagonal Toeplitz)"``."""
        names = [term.description for term in self.terms]
        counted = [f"{names.count(name)} x {name}" for name in dict.fromkeys(names)]
        return f"Kronecker sum ({', '.join(counted)})"

    @property
    def size(self) -> int:
        """Number of unknowns N, the product of the terms' sizes."""
        return math.prod(term.size for term in self.terms)

    @property
    def real(self) -> bool:
        """Whether all terms are real."""
        return all(term.real for term in self.terms)

    @property
    def hermitian(self) -> bool:
        """Whether all terms are Hermitian."""
        return all(term.hermitian for term in self.terms)

    @property
    def layout(self) -> Layout:
        """Axes of all terms, one after another.

        If the terms do not all start at the same amplitude, every axis starts at 0.
        """
        layouts = [term.layout for term in self.terms]
        shape = tuple(count for layout in layouts for count in layout.shape)
        if len({layout.first for layout in layouts}) > 1:
            return Layout(shape, tuple(max(1, (count - 1).bit_length()) for count in shape))
        qubits = tuple(q for layout in layouts for q in layout.qubits)
        return Layout(shape, qubits, layouts[0].first)

    @cached_property
    def spectrum(self) -> Spectrum:
        """Sums of the terms' ends if the terms are Hermitian and the sum definite; else Lanczos.

        Raises
        ------
        SingularMatrixError
            If the matrix, or a term whose spectrum is needed, is singular to working precision.
        UnsuitableSolverError
            If it is too large for Lanczos.
        """
        if self.hermitian:
            spectra = [term.spectrum for term in self.terms]
            lowest = sum(_lowest(spectrum) for spectrum in spectra)
            highest = sum(_highest(spectrum) for spectrum in spectra)
            if lowest > 0 or highest < 0:
                return Spectrum.of_eigenvalues(lowest, highest)
        if self.size > MAX_STORED >> 5:
            raise UnsuitableSolverError(
                f"the smallest singular value of a Kronecker sum of {self.size:,} rows is not "
                "known: give kappa"
            )
        return sparse_spectrum(self.matrix(), hermitian=self.hermitian)

    def matrix(self) -> scipy.sparse.csr_array:
        """Write the matrix down, sparse.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        require_storable(self.size * (len(self.terms) + 1), "a Kronecker sum")
        parts = [scipy.sparse.csr_array(term.matrix()) for term in self.terms]
        # Kronecker sums of scipy have their first operand on the fastest axis.
        total = functools.reduce(lambda slow, fast: scipy.sparse.kronsum(fast, slow), parts)
        matrix = scipy.sparse.csr_array(total)
        matrix.sort_indices()
        return matrix


def _lowest(spectrum: Spectrum) -> float:
    end = -spectrum.largest if spectrum.lowest is None else spectrum.lowest
    return min(end, 0.0) if spectrum.null_space else end


def _highest(spectrum: Spectrum) -> float:
    end = spectrum.largest if spectrum.highest is None else spectrum.highest
    return max(end, 0.0) if spectrum.null_space else end
