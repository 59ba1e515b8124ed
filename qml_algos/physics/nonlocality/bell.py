"""Bell operators: sums of correlations of local measurements, and what bounds them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp
from scipy.sparse.linalg import eigsh

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import every_configuration
from qml_algos.physics.hamiltonians.hamiltonian import MAX_SPARSE_QUBITS, SpinHamiltonian
from qml_algos.physics.nonlocality.deterministic import enumerated_values, symmetric_values
from qml_algos.physics.nonlocality.expansion import expanded_operator
from qml_algos.physics.nonlocality.sectors import extreme_of_sectors
from qml_algos.physics.nonlocality.symmetric_form import symmetric_form

Directions = NDArray[np.float64]
"""Of measurements: unit vectors on the Bloch sphere, shape ``(parties, settings, 3)``."""

UNMEASURED = -1
"""Setting of a party that a correlation leaves out."""
_UNIT = 1e-9
_DENSE_QUBITS = 8


@dataclass(frozen=True, eq=False)
class BellOperator:
    """A sum of correlations between parties, each of whom measures one of a few observables +-1.

    Attributes
    ----------
    name
        What it is called in tables and plots.
    settings
        Shape ``(terms, parties)``: which observable each party measures in a correlation, from 0;
        -1 for none.
    coefficients
        Of the correlations; shape ``(terms,)``.
    measurements
        The observables of each party, as directions on the Bloch sphere: unit vectors, shape
        ``(parties, settings, 3)``. Qubit k is party k.
    violated_below
        Whether the classical bound is a lower one, as in Tura et al., and not an upper one.

    Raises
    ------
    InvalidProblemError
        If shapes do not match, a setting is unknown, or a direction is no unit vector.
    """

    name: str
    settings: NDArray[np.int8] = field(repr=False)
    coefficients: NDArray[np.float64] = field(repr=False)
    measurements: Directions = field(repr=False)
    violated_below: bool = False

    def __post_init__(self) -> None:
        settings, coefficients = np.asarray(self.settings), np.asarray(self.coefficients, float)
        if settings.ndim != 2 or not settings.size or coefficients.shape != settings.shape[:1]:
            raise InvalidProblemError(
                f"settings has shape {settings.shape} and coefficients {coefficients.shape}: "
                "(terms, parties) and (terms,) are needed"
            )
        if not np.all(np.isfinite(coefficients)):
            raise InvalidProblemError("coefficients must be finite")
        measurements = require_directions("measurements", self.measurements, settings.shape[1])
        known = measurements.shape[1]
        whole = settings.dtype.kind in "iu"
        if not whole or settings.min() < UNMEASURED or settings.max() >= known:
            raise InvalidProblemError(
                f"settings must be integers from -1, for no measurement, to {known - 1}"
            )
        object.__setattr__(self, "settings", settings.astype(np.int8))
        object.__setattr__(self, "coefficients", coefficients)
        object.__setattr__(self, "measurements", measurements)

    def __repr__(self) -> str:
        terms = len(self.coefficients)
        return f"BellOperator({self.name}: {self.parties} parties, {terms:,} correlations)"

    @property
    def parties(self) -> int:
        """Number of parties."""
        return int(self.settings.shape[1])

    @property
    def sign(self) -> int:
        """-1 if it is violated below the classical bound, else 1."""
        return -1 if self.violated_below else 1

    @cached_property
    def symmetric(self) -> NDArray[np.float64] | None:
        """Coefficients by how many parties measure 0 and 1, if no party is preferred.

        See `symmetric_form.symmetric_form`; ``None`` if some party is preferred, or the settings
        are more than two.
        """
        if self.measurements.shape[1] != 2:
            return None
        return symmetric_form(self.settings, self.coefficients)

    @property
    def collective(self) -> bool:
        """Whether no party is preferred and all measure in the same directions."""
        return self.symmetric is not None and is_collective(self.measurements)

    @cached_property
    def classical_bound(self) -> float:
        """Most, or least, that parties who share no entanglement reach.

        It is reached by a deterministic strategy, which are enumerated: where no party is
        preferred, by how many parties follow each, O(parties^3); else all of them, up to 2^22.

        Raises
        ------
        TooLargeError
            If there are more strategies than that.
        """
        if self.symmetric is not None:
            values = symmetric_values(self.symmetric, self.parties)
        else:
            values = enumerated_values(self.settings, self.coefficients, self.measurements.shape[1])
        return self.sign * float(np.max(self.sign * values))

    def operator(self, measurements: Directions | None = None) -> SparsePauliOp:
        """Write it as an observable of qubits; qubit k is that of party k.

        Parameters
        ----------
        measurements
            Directions instead of its own.

        Raises
        ------
        TooLargeError
            If there are more than 2^20 Pauli operators on the way.
        """
        return expanded_operator(self.settings, self.coefficients, self._directions(measurements))

    def hamiltonian(self, measurements: Directions | None = None) -> SpinHamiltonian:
        """Return the Hamiltonian whose ground state violates the inequality most.

        Its ground energy is ``-sign`` times the quantum maximum. With it, all that finds ground
        states finds violations. Where no off-diagonal element is positive, the Hamiltonian says so
        (``sign_qubits``), and where all parties are alike, it has the rotations of their ring as
        symmetries.
        """
        directions = self._directions(measurements)
        operator = (-self.sign * self.operator(directions)).simplify()
        operator = SparsePauliOp(operator.paulis, operator.coeffs.real)
        sites = np.arange(self.parties)
        alike = self.symmetric is not None and is_collective(directions)
        found = SpinHamiltonian(
            operator,
            name=self.name,
            symmetries=(sites[:, None] + sites) % self.parties if alike else None,
        )
        return replace(found, sign_qubits=()) if has_no_signs(found) else found

    def quantum_maximum(self, measurements: Directions | None = None) -> float:
        """Return the most, or least, that any quantum state reaches with given measurements.

        Where all parties are alike, the operator is diagonalised for each total spin: O(parties^4),
        some seconds for 100 parties. Else by the Lanczos method on 2^parties amplitudes.

        Parameters
        ----------
        measurements
            Directions instead of its own.

        Raises
        ------
        TooLargeError
            Above 24 parties, unless all are alike.
        """
        directions = self._directions(measurements)
        if self.symmetric is not None and is_collective(directions):
            cosine = float(directions[0, 0] @ directions[0, 1])
            signed = self.sign * self.symmetric
            return self.sign * extreme_of_sectors(signed, self.parties, cosine)
        if self.parties > MAX_SPARSE_QUBITS:
            raise TooLargeError(
                f"{self.parties} parties that are not alike: at most {MAX_SPARSE_QUBITS}"
            )
        return self.sign * extreme_eigenpair(self.sign * self.operator(directions))[0]

    def _directions(self, given: Directions | None) -> Directions:
        if given is None:
            return self.measurements
        return require_directions("measurements", given, *self.measurements.shape[:2])


def extreme_eigenpair(operator: SparsePauliOp) -> tuple[float, NDArray[Any]]:
    """Return the largest eigenvalue of an observable and its eigenvector."""
    matrix = operator.to_matrix(sparse=True).tocsr()
    if not np.any(matrix.data.imag):
        matrix = matrix.real
    if operator.num_qubits <= _DENSE_QUBITS:
        values, vectors = np.linalg.eigh(matrix.toarray())
        return float(values[-1]), vectors[:, -1]
    start = np.random.default_rng(0).normal(size=matrix.shape[0])
    values, vectors = eigsh(matrix, 1, which="LA", v0=start)
    return float(values[0]), vectors[:, 0]


def has_no_signs(hamiltonian: SpinHamiltonian) -> bool:
    """Whether every off-diagonal element is real and not positive, by Pauli operators alone.

    A group of terms with the same flips has the elements ``sum_z c_z (-1)^(z.s)``. The test is
    exact where the terms of each group are few enough to enumerate their signs, 2^12; beyond, the
    answer is no.
    """
    connections = hamiltonian.connections
    if np.iscomplexobj(connections.coefficients):
        return False
    ends = np.append(connections.starts[1:], len(connections.coefficients))
    for flips, start, end in zip(connections.flips, connections.starts, ends, strict=True):
        if not np.any(flips):
            continue
        masks = connections.phases[start:end]
        touched = masks[:, np.any(masks, axis=0)]
        if touched.shape[1] > 12:
            return False
        bits = every_configuration(touched.shape[1])
        signs = 1 - 2 * (bits @ touched.T.astype(int) % 2)
        if np.max(signs @ connections.coefficients[start:end]) > _UNIT:
            return False
    return True


def is_collective(measurements: Directions) -> bool:
    """Whether all parties measure in the same directions."""
    return bool(np.allclose(measurements, measurements[:1], rtol=0, atol=_UNIT))


def require_directions(
    name: str, given: object, parties: int, settings: int | None = None
) -> Directions:
    """Return directions as an array, or refuse what are none.

    Raises
    ------
    InvalidProblemError
        Naming the argument and the shape that is needed.
    """
    array = np.asarray(given, dtype=float)
    wanted = "settings" if settings is None else settings
    if array.ndim != 3 or array.shape[0] != parties or array.shape[2] != 3 or not array.size:
        raise InvalidProblemError(
            f"{name} has shape {array.shape}: ({parties}, {wanted}, 3) is needed"
        )
    if settings is not None and array.shape[1] != settings:
        raise InvalidProblemError(
            f"{name} has shape {array.shape}: ({parties}, {wanted}, 3) is needed"
        )
    lengths = np.linalg.norm(array, axis=2)
    if not np.allclose(lengths, 1, rtol=0, atol=_UNIT):
        raise InvalidProblemError(f"{name} must hold unit vectors on the Bloch sphere")
    return array
