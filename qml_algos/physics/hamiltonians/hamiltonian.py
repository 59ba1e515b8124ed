"""A Hamiltonian of spins: one value for all representations of its ground state."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.hamiltonians.connections import Connections, connections_of

MAX_SPARSE_QUBITS = 24
"""Qubits up to which a Hamiltonian is written down as a sparse matrix."""


@dataclass(frozen=True)
class Reference:
    """A ground energy known without this library's solvers.

    Attributes
    ----------
    energy
        Ground energy.
    source
        Where it comes from: "free fermions", "Bethe ansatz", or a publication.
    """

    energy: float
    source: str


@dataclass(frozen=True, eq=False)
class SpinHamiltonian:
    r"""A sum of Pauli operators, with what is known of it.

    Attributes
    ----------
    operator
        Hermitian; qubit k is site k.
    name
        What it is called in tables and plots.
    layers
        Sums of commuting terms that add up to ``operator``, in the order in which a
        Hamiltonian-variational circuit evolves under them.
    symmetries
        Permutations of the sites that leave it unchanged, the identity first; shape ``(G,
        qubits)``, as `Lattice.translations`.
    sign_qubits
        Qubits such that, with Z applied to them, the ground state has no negative amplitude
        (Marshall's rule on two sublattices); ``None`` where no such set is known.
    magnetisation
        Sum of Z in the ground state, where it is conserved; else ``None``.
    reference
        Its ground energy, where that is known in closed form.
    """

    operator: SparsePauliOp
    name: str = "Hamiltonian"
    layers: tuple[SparsePauliOp, ...] = field(default=(), repr=False)
    symmetries: NDArray[np.int64] | None = field(default=None, repr=False)
    sign_qubits: tuple[int, ...] | None = field(default=None, repr=False)
    magnetisation: int | None = field(default=None, repr=False)
    reference: Reference | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.operator, SparsePauliOp):
            raise InvalidProblemError(
                f"operator is of type {type(self.operator).__name__}: a SparsePauliOp is needed"
            )
        if not np.all(np.isfinite(self.operator.coeffs)):
            raise InvalidProblemError("operator has coefficients that are not finite")
        if np.any(self.operator.simplify().coeffs.imag != 0):
            raise InvalidProblemError(
                "operator has complex coefficients: a Hamiltonian is Hermitian, with real ones"
            )

    def __repr__(self) -> str:
        known = "" if self.reference is None else f", ground energy {self.reference.energy:.6g}"
        return f"SpinHamiltonian({self.name}: {self.qubits} qubits, {self.terms:,} terms{known})"

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return int(self.operator.num_qubits)

    @property
    def terms(self) -> int:
        """Number of Pauli operators."""
        return len(self.operator)

    @cached_property
    def connections(self) -> Connections:
        """Matrix elements, grouped by the spins that they flip."""
        return connections_of(self.operator)

    @property
    def mean_energy(self) -> float:
        """Energy of the completely mixed state: the coefficient of the identity."""
        identity = ~np.any(self.operator.paulis.x | self.operator.paulis.z, axis=1)
        return float(self.operator.coeffs[identity].real.sum())

    def without_signs(self) -> SpinHamiltonian:
        """Conjugate with Z on ``sign_qubits``: the ground state's amplitudes become positive.

        Raises
        ------
        InvalidProblemError
            If no such qubits are known.
        """
        if self.sign_qubits is None:
            raise InvalidProblemError(f"{self.name}: no rule for the signs of its ground state")
        chosen = list(self.sign_qubits)
        signs = 1 - 2 * (self.operator.paulis.x[:, chosen].sum(axis=1) % 2)
        turned = SparsePauliOp(self.operator.paulis, self.operator.coeffs * signs)
        return SpinHamiltonian(
            turned,
            name=self.name,
            symmetries=self.symmetries,
            sign_qubits=(),
            magnetisation=self.magnetisation,
            reference=self.reference,
        )

    def to_sparse(self) -> scipy.sparse.csr_array:
        """Write it down as a sparse matrix, real where it can be.

        Raises
        ------
        TooLargeError
            Above 24 qubits.
        """
        if self.qubits > MAX_SPARSE_QUBITS:
            raise TooLargeError(
                f"{self.qubits} qubits: a sparse matrix is written down for at most "
                f"{MAX_SPARSE_QUBITS}"
            )
        matrix = scipy.sparse.csr_array(self.operator.to_matrix(sparse=True))
        return matrix if np.any(matrix.data.imag != 0) else matrix.real


def require_hamiltonian(given: object) -> SpinHamiltonian:
    """Return a Hamiltonian, or refuse what is none.

    Raises
    ------
    InvalidProblemError
        If it is no `SpinHamiltonian`.
    """
    if not isinstance(given, SpinHamiltonian):
        raise InvalidProblemError(
            f"hamiltonian is of type {type(given).__name__}: a SpinHamiltonian is needed"
        )
    return given
