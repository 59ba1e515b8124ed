"""Observables of the solution: what they may be given as, and how shots measure them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from circuits.measurement import pauli_basis_change
from qml_algos.backends.estimator import common_basis, parity_signs
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.readout.sampling import PLAIN, Shots
from qml_algos.results import Estimate
from qml_algos.validation import as_floating, numeric_array, require_finite

MAX_PAULI_QUBITS = 10
"""Largest register on which a matrix is written as Paulis: there are 4**n of them."""

_HERMITIAN = 1e-12


@dataclass(frozen=True, eq=False)
class Observable:
    """A Hermitian matrix as its diagonal and the rest.

    Attributes
    ----------
    diagonal
        Shape ``(N,)``, real. Read from the same shots as x, at any size.
    rest
        Shape ``(N, N)`` with a zero diagonal, a sparse array; ``None`` if there is nothing.
    """

    diagonal: NDArray[np.float64]
    rest: Any

    def value(self, x: NDArray[Any]) -> float:
        """Return ``<x|M|x>``, x not normalised."""
        value = float(self.diagonal @ np.abs(x) ** 2)
        if self.rest is not None:
            value += float(np.vdot(x, self.rest @ x).real)
        return value


def as_observables(given: Mapping[str, Any], size: int) -> dict[str, Observable]:
    """Check observables and bring them into one form.

    Parameters
    ----------
    given
        By name: a Hermitian matrix, dense or any scipy sparse form, of shape ``(N, N)``; or the
        diagonal of one, shape ``(N,)``; or an `Observable`.
    size
        N.

    Raises
    ------
    InvalidProblemError
        If one has another shape, is not Hermitian, or not finite; the message names it.
    """
    return {
        name: _as_observable(matrix, f"observable {name!r}", size) for name, matrix in given.items()
    }


def _as_observable(given: Any, name: str, size: int) -> Observable:
    if isinstance(given, Observable):
        return given
    if scipy.sparse.issparse(given):
        matrix = as_floating(scipy.sparse.csr_array(given), name)
        require_finite(matrix, name)
    else:
        matrix = numeric_array(given, name)
    if matrix.shape not in ((size,), (size, size)):
        raise InvalidProblemError(
            f"{name} has shape {matrix.shape}: {(size, size)} is needed, or {(size,)} for a "
            "diagonal"
        )
    diagonal = matrix if matrix.ndim == 1 else matrix.diagonal()
    rest = None
    largest = float(np.max(np.abs(diagonal), initial=0.0))
    if matrix.ndim == 2:
        rest = scipy.sparse.csr_array(matrix)
        rest = rest - scipy.sparse.dia_array((diagonal[None], [0]), shape=rest.shape).tocsr()
        rest.eliminate_zeros()
        largest = max(largest, float(abs(rest).max()) if rest.nnz else 0.0)
    skew = 0.0 if rest is None or not rest.nnz else abs(rest - rest.conj().T).max()
    if max(skew, np.max(np.abs(np.imag(diagonal)), initial=0.0)) > _HERMITIAN * largest:
        raise InvalidProblemError(f"{name} is not Hermitian")
    return Observable(
        np.real(diagonal).astype(float), rest if rest is not None and rest.nnz else None
    )


PauliPlan = dict[str, dict[str, SparsePauliOp]]
"""For each basis measured, the part of each observable that is read from it."""


def plan_paulis(observables: Mapping[str, Observable], layout: Layout) -> PauliPlan:
    """Split what is not diagonal into Paulis measured together.

    Raises
    ------
    TooLargeError
        If the register is beyond `MAX_PAULI_QUBITS`.
    """
    plan: PauliPlan = {}
    for name, observable in observables.items():
        if observable.rest is None:
            continue
        for group in _paulis(name, observable.rest, layout).group_commuting(qubit_wise=True):
            basis = common_basis(group.paulis.to_labels())
            parts = plan.setdefault(basis, {})
            parts[name] = parts[name] + group if name in parts else group
    return plan


def basis_circuit(circuit: QuantumCircuit, basis: str) -> QuantumCircuit:
    """Copy the circuit and turn its lowest qubits into a Pauli basis."""
    return circuit.compose(pauli_basis_change(basis), range(len(basis)))


def expectation(
    name: str,
    observable: Observable,
    layout: Layout,
    plan: PauliPlan,
    samples: Mapping[Any, Shots],
    unit: float,
) -> Estimate:
    """``<x|M|x>``: the mean over all shots of what each says, 0 where it was not accepted.

    ``unit`` is the squared magnitude of the program's factor.
    """
    plain = samples[PLAIN]
    totals = [(layout.spread(observable.diagonal)[plain.outcomes()], plain)]
    for basis, parts in plan.items():
        if name in parts:
            shots = samples[basis]
            terms = zip(parts[name].coeffs.real, parts[name].paulis, strict=True)
            signs = sum(
                weight * parity_signs(shots.data[:, pauli.x | pauli.z]) for weight, pauli in terms
            )
            totals.append((signs, shots))
    value, variance = 0.0, 0.0
    for total, shots in totals:
        kept = np.where(shots.accepted, total, 0.0)
        value += float(np.mean(kept))
        variance += float(np.var(kept)) / kept.size
    return Estimate(unit * value, unit * float(np.sqrt(variance)))


def _paulis(name: str, rest: Any, layout: Layout) -> SparsePauliOp:
    qubits = layout.total_qubits
    if qubits > MAX_PAULI_QUBITS:
        raise TooLargeError(
            f"observable {name!r} is not diagonal: measuring it on {qubits} qubits takes up to "
            f"4**{qubits} Paulis, at most 4**{MAX_PAULI_QUBITS} are written down"
        )
    places = layout.gather(np.arange(2**qubits))
    padded = np.zeros((2**qubits,) * 2, dtype=complex)
    padded[np.ix_(places, places)] = rest.toarray()
    # Qiskit drops coefficients below 1e-8, whatever the matrix's unit.
    unit = max(float(np.max(np.abs(padded))), np.finfo(float).tiny)
    return SparsePauliOp.from_operator(padded / unit) * unit
