"""Sums of Pauli strings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from qiskit.quantum_info import SparsePauliOp

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.structures.base import Spectrum, require_storable
from qml_algos.linear_systems.structures.spectra import (
    LANCZOS_TOLERANCE,
    sparse_spectrum,
)

_FACTORISED = 12
_ITERATED = 20


@dataclass(frozen=True, eq=False)
class PauliSum:
    """``sum_j c_j P_j`` with Pauli strings P_j on n qubits; N = 2**n.

    Parameters
    ----------
    operator
        The sum; the rightmost letter of a string acts on qubit 0, the lowest bit of the index.

    Raises
    ------
    InvalidProblemError
        If it is no ``SparsePauliOp``, is zero, or a coefficient is not finite.
    """

    operator: SparsePauliOp

    def __post_init__(self) -> None:
        if not isinstance(self.operator, SparsePauliOp):
            raise InvalidProblemError(
                f"operator is a {type(self.operator).__name__}: a SparsePauliOp is needed"
            )
        coefficients = np.asarray(self.operator.coeffs)
        if coefficients.dtype.kind not in "fc" or not np.all(np.isfinite(coefficients)):
            raise InvalidProblemError("operator has coefficients that are no finite numbers")
        operator = self.operator.simplify()
        if not np.any(operator.coeffs):
            raise InvalidProblemError("operator is zero: the matrix would be zero")
        object.__setattr__(self, "operator", operator)

    @property
    def description(self) -> str:
        """As in ``"sum of 5 Pauli strings"``."""
        count = len(self.operator)
        return f"sum of {count} Pauli strings" if count > 1 else "Pauli string"

    @property
    def size(self) -> int:
        """Number of rows N = 2**n."""
        return int(2**self.operator.num_qubits)

    @property
    def real(self) -> bool:
        """Whether coefficients are real for evenly many Y in the string, and else imaginary."""
        odd = np.sum(self.operator.paulis.x & self.operator.paulis.z, axis=1) % 2 == 1
        coefficients = self.operator.coeffs
        return not np.any(np.where(odd, coefficients.real, coefficients.imag))

    @property
    def hermitian(self) -> bool:
        """Whether all coefficients are real."""
        return not np.any(self.operator.coeffs.imag)

    @property
    def layout(self) -> Layout:
        """One axis on the n qubits."""
        return Layout.plain(self.size)

    @cached_property
    def spectrum(self) -> Spectrum:
        """Bounds: by Lanczos up to 20 qubits, beyond from the coefficients if they suffice.

        Up to 12 qubits as `sparse_spectrum`. From 13 to 20, where a factorisation may fill in,
        Lanczos finds the ends of a definite matrix (an estimate, moved outwards by its tolerance).
        A sum in which the identity outweighs all other strings is definite at any size, with bounds
        of the 1-norm.

        Raises
        ------
        SingularMatrixError
            If the matrix is singular to working precision.
        UnsuitableSolverError
            If nothing of this tells the smallest singular value.
        """
        if self.operator.num_qubits <= _FACTORISED:
            return sparse_spectrum(self.matrix(), hermitian=self.hermitian)
        sizes = np.abs(self.operator.coeffs)
        identity = ~np.any(self.operator.paulis.x | self.operator.paulis.z, axis=1)
        centre = float(self.operator.coeffs[identity].sum().real) if self.hermitian else 0.0
        reach = float(sizes[~identity].sum())
        if abs(centre) > reach:
            return Spectrum.of_eigenvalues(centre - reach, centre + reach)
        if self.hermitian and self.operator.num_qubits <= _ITERATED:
            found = self._definite_ends()
            if found is not None:
                return found
        raise UnsuitableSolverError(
            f"the smallest singular value of a {self.description} on "
            f"{self.operator.num_qubits} qubits is not known: give kappa"
        )

    def _definite_ends(self) -> Spectrum | None:
        matrix = self.matrix()
        start = np.random.default_rng(0).normal(size=self.size)
        low, high = (
            float(
                scipy.sparse.linalg.eigsh(
                    matrix,
                    1,
                    which=end,
                    tol=LANCZOS_TOLERANCE,
                    v0=start,
                    return_eigenvectors=False,
                )[0]
            )
            for end in ("SA", "LA")
        )
        if not low * high > 0:
            return None
        outwards = 1 + LANCZOS_TOLERANCE
        ends = (low / outwards, high * outwards) if low > 0 else (low * outwards, high / outwards)
        return Spectrum.of_eigenvalues(*ends)

    def matrix(self) -> scipy.sparse.csr_array:
        """Write the matrix down, sparse.

        Raises
        ------
        TooLargeError
            If it would not fit into memory.
        """
        # As many entries in a row as there are different patterns of flips.
        flips = len(np.unique(self.operator.paulis.x, axis=0))
        require_storable(self.size * flips, "a sum of Pauli strings")
        matrix = scipy.sparse.csr_array(self.operator.to_matrix(sparse=True))
        matrix = matrix.real if self.real else matrix
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return matrix
