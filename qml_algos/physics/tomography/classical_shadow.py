"""Observables, fidelities and entropies from snapshots in random Pauli bases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.quantum_info import Pauli, SparsePauliOp

from qml_algos.errors import InvalidProblemError, SignalLostError, TooLargeError
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.physics.tomography.labels import require_one_state
from qml_algos.physics.tomography.pauli_sums import expectation_of
from qml_algos.physics.tomography.settings import pauli_bases, require_random
from qml_algos.physics.tomography.shadow_fidelity import fidelity_with
from qml_algos.physics.tomography.shadow_matrices import density_matrix_of, purity_of
from qml_algos.results import Estimate

MAX_FIDELITY_QUBITS = 12
MAX_MATRIX_QUBITS = 8
MAX_PURITY_QUBITS = 6


@dataclass(frozen=True, eq=False)
class ClassicalShadow:
    r"""What snapshots in Pauli bases tell of a state, pure or mixed.

    Snapshots may come from any backend, or from a file, with bases repeated or not.

    Attributes
    ----------
    snapshots
        Of one state, in X, Y and Z.

    Raises
    ------
    InvalidProblemError
        If other bases were measured, or labels tell of several states.

    References
    ----------
    H.-Y. Huang, R. Kueng and J. Preskill, Nature Physics 16, 1050 (2020), arXiv:2002.08953. Its
    medians of means are not used: Pauli operators have bounded outcomes, and the standard errors
    given here, unlike its bounds, are those of the very data.
    """

    snapshots: Snapshots
    _bases: NDArray[np.int16] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bases", pauli_bases(require_one_state(self.snapshots)))

    @property
    def qubits(self) -> int:
        """Number of qubits."""
        return self.snapshots.qubits

    def expectation(self, operator: SparsePauliOp | Pauli | SpinHamiltonian) -> Estimate:
        """Estimate the expectation value of a sum of Pauli operators.

        Right whatever the bases, drawn or chosen, repeated or not. Each Pauli operator is averaged
        over the snapshots that measure it; of random bases, a share of 3^-w, for one on w qubits.

        Parameters
        ----------
        operator
            Hermitian, on as many qubits.

        Returns
        -------
        Estimate
            The standard error has the covariances between operators. It is that of the outcomes
            that occurred: where all agree, it is 0.

        Raises
        ------
        InvalidProblemError
            If it is no such operator, or fewer than two snapshots measure one of its terms.

        Notes
        -----
        Cost: O(samples * terms * w).
        """
        terms = self._terms(operator)
        spins = (1 - 2 * self.snapshots.bits.T).astype(np.int8)
        return expectation_of(terms, spins, np.ascontiguousarray(self._bases.T))

    def fidelity(self, target: WaveFunction | ArrayLike) -> Estimate:
        """Estimate the fidelity with a pure state, without assuming that this one is pure.

        Parameters
        ----------
        target
            Wave function, or statevector of any norm, of the same qubits.

        Returns
        -------
        Estimate
            Unbiased, so that it may lie above 1 or below 0. Its error grows with the qubits, by a
            factor of up to the root of 3 for each.

        Raises
        ------
        InvalidProblemError
            If the target has other qubits, or bases were not drawn uniformly.
        TooLargeError
            Above 12 qubits.

        Notes
        -----
        Cost: O(bases * qubits * 2^qubits).
        """
        self._require_at_most(MAX_FIDELITY_QUBITS, self.qubits, "fidelities")
        state = statevector_of("target", target)
        if len(state) != 2**self.qubits:
            raise InvalidProblemError(
                f"target has {len(state).bit_length() - 1} qubits, snapshots {self.qubits}: they "
                "need the same"
            )
        require_random(self._bases, np.arange(self.qubits))
        return fidelity_with(state, self.snapshots.bits, self._bases)

    def density_matrix(self, qubits: Sequence[int]) -> NDArray[np.complex128]:
        """Estimate the reduced density matrix of a few qubits.

        Parameters
        ----------
        qubits
            At most 8 different ones; the first is the least significant bit.

        Returns
        -------
        NDArray
            Shape ``(2**k, 2**k)``, Hermitian, of trace 1, unbiased and so not positive in general.

        Raises
        ------
        InvalidProblemError
            If there are no such qubits, or bases were not drawn uniformly.
        TooLargeError
            If there are too many.
        """
        chosen = self._chosen(qubits, MAX_MATRIX_QUBITS, "density matrices")
        bases = self._bases[:, chosen]
        require_random(bases, chosen)
        return density_matrix_of(self.snapshots.bits[:, chosen], bases)

    def purity(self, qubits: Sequence[int]) -> Estimate:
        """Estimate the trace of the square of a reduced density matrix.

        Parameters
        ----------
        qubits
            At most 6 different ones.

        Returns
        -------
        Estimate
            Unbiased; the error is a jackknife's, of 20 groups.

        Raises
        ------
        InvalidProblemError
            If there are no such qubits, or they have fewer than 3 snapshots in one of their bases.
        TooLargeError
            If there are too many.
        """
        chosen = self._chosen(qubits, MAX_PURITY_QUBITS, "purities")
        return purity_of(self.snapshots.bits[:, chosen], self._bases[:, chosen])

    def renyi2(self, qubits: Sequence[int]) -> Estimate:
        """Estimate the second Renyi entropy of a few qubits, in bits.

        Raises
        ------
        SignalLostError
            If the purity estimated is not positive.
        InvalidProblemError, TooLargeError
            As `purity`.
        """
        purity = self.purity(qubits)
        if purity.value <= 0:
            raise SignalLostError(
                f"the purity of qubits {list(qubits)} is {purity.value:.2g} +- "
                f"{purity.standard_error:.2g}: it has no logarithm; take more snapshots"
            )
        error = purity.standard_error / (purity.value * log(2))
        return Estimate(-log(purity.value) / log(2), error)

    def _terms(self, operator: object) -> SparsePauliOp:
        if isinstance(operator, SpinHamiltonian):
            operator = operator.operator
        if not isinstance(operator, SparsePauliOp | Pauli):
            raise InvalidProblemError(
                f"operator is of type {type(operator).__name__}: a SparsePauliOp, a Pauli or a "
                "SpinHamiltonian is needed"
            )
        terms = SparsePauliOp(operator).simplify()
        if terms.num_qubits != self.qubits:
            raise InvalidProblemError(
                f"operator has {terms.num_qubits} qubits, snapshots {self.qubits}: they need the "
                "same"
            )
        if not np.all(np.isfinite(terms.coeffs)) or np.any(terms.coeffs.imag != 0):
            raise InvalidProblemError("operator must have real and finite coefficients")
        return terms

    def _chosen(self, qubits: Sequence[int], most: int, what: str) -> NDArray[np.int64]:
        chosen = np.asarray(qubits)
        valid = chosen.ndim == 1 and chosen.size and chosen.dtype.kind in "iu"
        if not valid or chosen.min() < 0 or chosen.max() >= self.qubits:
            raise InvalidProblemError(
                f"qubits = {qubits!r}: numbers from 0 to {self.qubits - 1} are needed, at least one"
            )
        if len(np.unique(chosen)) < len(chosen):
            raise InvalidProblemError(f"qubits = {qubits!r}: each may be named once")
        self._require_at_most(most, len(chosen), what)
        return chosen.astype(np.int64)

    def _require_at_most(self, most: int, qubits: int, what: str) -> None:
        if qubits > most:
            raise TooLargeError(f"{qubits} qubits: {what} are estimated on at most {most}")
