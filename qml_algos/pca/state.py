"""What principal components are taken of: a density matrix, as circuits get at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from circuits.density_matrix import purified_data, purified_density_matrix
from qml_algos.errors import InvalidProblemError
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class DensityInput:
    """A density matrix by a circuit that prepares it, and by its entries where these are known.

    Attributes
    ----------
    copy
        Leaves its lowest ``system_qubits`` qubits in the density matrix; what is above purifies
        it.
    system_qubits
        n.
    dimension
        d, the number of features; indices from d to ``2**n - 1`` are padding.
    matrix
        Shape ``(d, d)``, of trace 1; ``None`` if only the circuit was given.
    real
        Whether all entries are known to be real.
    rank
        Of the density matrix; the dimension if only the circuit was given.
    what
        What was given, for messages.
    """

    copy: QuantumCircuit
    system_qubits: int
    dimension: int
    matrix: NDArray[Any] | None
    real: bool
    rank: int
    what: str

    @property
    def largest(self) -> float:
        """Upper bound of the eigenvalues: the Frobenius norm, or 1 if no entry is known."""
        return 1.0 if self.matrix is None else min(1.0, float(np.linalg.norm(self.matrix)))

    @property
    def unitary(self) -> bool:
        """Whether the circuit forgets nothing, so that it has an inverse."""
        return not any(i.operation.name in ("reset", "initialize") for i in self.copy.data)


def input_from_data(X: NDArray[np.float64]) -> DensityInput:
    """Encode centred data: the density matrix is the covariance over its trace.

    O(N d**2) for N samples: a QR decomposition, and the product of the factor with itself.

    Raises
    ------
    InvalidProblemError
        If all samples are equal, so that there is no variance.
    """
    if not np.any(X):
        raise InvalidProblemError(
            "X has rank 0 after centring: all samples are equal, without variance"
        )
    scaled = X / np.max(np.abs(X))
    covariance = scaled.T @ scaled
    purification = purified_data(scaled)
    return DensityInput(
        purification.circuit,
        purification.system_qubits,
        X.shape[1],
        covariance / np.trace(covariance),
        real=True,
        rank=_rank(scaled),
        what="the centred data",
    )


def input_from_matrix(rho: ArrayLike) -> DensityInput:
    """Encode a density matrix or covariance matrix, of any positive trace.

    Raises
    ------
    InvalidProblemError
        If it is not a square, Hermitian, positive semidefinite matrix of finite numbers, or zero.
    """
    matrix = numeric_array(rho, "rho")
    try:
        purification = purified_density_matrix(matrix)
    except ValueError as error:
        raise InvalidProblemError(str(error)) from None
    real = not np.iscomplexobj(matrix) or not np.any(matrix.imag)
    entries = matrix.real if real else matrix
    return DensityInput(
        purification.circuit,
        purification.system_qubits,
        len(matrix),
        entries / np.trace(entries).real,
        real,
        _rank(entries),
        "rho",
    )


def input_from_circuit(
    circuit: QuantumCircuit, system_qubits: int | Sequence[int] | None, *, real: bool
) -> DensityInput:
    """Take a circuit as it is: nothing is known of the density matrix.

    Raises
    ------
    InvalidProblemError
        If it is no circuit, measures, has parameters without a value, or lacks the qubits.
    """
    if not isinstance(circuit, QuantumCircuit):
        raise InvalidProblemError(
            f"circuit is of type {type(circuit).__name__}: a qiskit.QuantumCircuit is needed"
        )
    if circuit.num_clbits:
        raise InvalidProblemError(
            f"circuit has {circuit.num_clbits} classical bits: it must prepare a state and not "
            "measure it; remove measurements (QuantumCircuit.remove_final_measurements)"
        )
    if circuit.parameters:
        names = ", ".join(parameter.name for parameter in circuit.parameters)
        raise InvalidProblemError(f"circuit has parameters without a value: {names}")
    chosen = chosen_qubits(circuit, system_qubits)
    rest = [qubit for qubit in range(circuit.num_qubits) if qubit not in chosen]
    places = {qubit: place for place, qubit in enumerate([*chosen, *rest])}
    moved = QuantumCircuit(circuit.num_qubits, name="copy")
    moved.compose(circuit, [places[qubit] for qubit in range(circuit.num_qubits)], inplace=True)
    size = 2 ** len(chosen)
    return DensityInput(moved, len(chosen), size, None, real, size, "the circuit's state")


def _rank(matrix: NDArray[Any]) -> int:
    """Numerical rank, by a QR decomposition with pivoting."""
    triangle = scipy.linalg.qr(matrix, mode="r", pivoting=True, check_finite=False)[0]
    sizes = np.abs(np.diag(triangle))
    return int(np.sum(sizes > max(matrix.shape) * np.finfo(float).eps * sizes[0]))


def chosen_qubits(circuit: QuantumCircuit, given: int | Sequence[int] | None) -> list[int]:
    """Return the qubits of a circuit that hold the state: the lowest of a number, or those named.

    Raises
    ------
    InvalidProblemError
        If the circuit lacks one, or one is named twice.
    """
    total = circuit.num_qubits
    if given is None:
        given = total
    chosen = list(range(given)) if isinstance(given, int | np.integer) else [int(q) for q in given]
    fits = chosen and len(set(chosen)) == len(chosen) and all(0 <= q < total for q in chosen)
    if not fits:
        raise InvalidProblemError(
            f"system_qubits = {given!r}: a number from 1 to {total}, for the lowest qubits, or "
            f"different indices from 0 to {total - 1} are needed"
        )
    return chosen
