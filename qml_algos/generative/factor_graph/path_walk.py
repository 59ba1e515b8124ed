"""The states of the path that adds one filter at a time, and their parent Hamiltonians."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse.linalg
from numpy.typing import NDArray

from circuits.graph_state.parent import ParentTerm, parent_terms
from qml_algos.errors import NotConvergedError
from qml_algos.generative.factor_graph import statevector
from qml_algos.generative.factor_graph.path_gates import (
    LocalGate,
    applied,
    apply_gates,
    inverse_gates,
    step_gates,
)

Array = NDArray[np.complex128]
Edges = tuple[tuple[int, int], ...]

_DENSE_QUBITS = 6
_LANCZOS_RESTARTS = 500


@dataclass(frozen=True)
class PathStep:
    """One filter added.

    Attributes
    ----------
    qubit
        That it acts on.
    condition_number
        Of the filter.
    overlap
        Squared, of the states before and after.
    gap
        Of the parent Hamiltonian after it, a sum of projectors of norm 1.
    energy
        Of the state in it; 0 but for rounding.
    """

    qubit: int
    condition_number: float
    overlap: float
    gap: float
    energy: float

    def expected_projections(self) -> tuple[float, float]:
        """Mean number of phase estimations of the Hamiltonians before and after this filter.

        With overlap p the first attempt succeeds with p, each return and new attempt after a
        failure with ``2 p (1 - p)``.
        """
        if self.overlap > 1 - 1e-12:
            return 0.0, 1.0
        returns = 1 / (2 * self.overlap)
        return returns, 1 + returns


@dataclass(frozen=True, eq=False)
class PathPoint:
    """A state of the path.

    Attributes
    ----------
    step
        That led to it.
    terms
        Of its parent Hamiltonian.
    ground
        The state, a unit vector, qubit 0 the most significant bit.
    norm
        Of what the step's filter, of norm 1, makes of the unit vector before it.
    """

    step: PathStep
    terms: tuple[ParentTerm, ...]
    ground: Array
    norm: float


def walk(edges: Edges, qubits: int, filters: Mapping[int, Array]) -> Iterator[PathPoint]:
    """Go along the path.

    Parameters
    ----------
    edges, qubits
        The graph.
    filters
        Positive matrices of norm 1 by qubit, in the order in which they are added.

    Raises
    ------
    NotConvergedError
        If a gap is too small to be computed.
    """
    matrices = np.array([np.eye(2)] * qubits, dtype=complex)
    before, earlier = _normalised(matrices, edges)
    for qubit, positive in filters.items():
        matrices[qubit] = positive
        after, norm = _normalised(matrices, edges)
        terms = parent_terms(edges, matrices)
        energies = partial(apply_terms, terms, qubits)
        step = PathStep(
            qubit=qubit,
            condition_number=float(np.linalg.cond(positive)),
            overlap=min(float(abs(np.vdot(before, after)) ** 2), 1.0),
            gap=_least_above(energies, len(terms), after),
            energy=float(np.vdot(after, energies(after[:, None])[:, 0]).real),
        )
        yield PathPoint(step, terms, after, norm / earlier)
        before, earlier = after, norm


def apply_terms(terms: Sequence[ParentTerm], qubits: int, vectors: Array) -> Array:
    """Apply the sum of the terms to the columns of ``vectors``, shape ``(2**qubits, N)``.

    Qubit 0 is the most significant bit of a row.
    """
    tensor = vectors.reshape((2,) * qubits + (-1,))
    total = np.zeros_like(tensor)
    for term in terms:
        total += applied(LocalGate(term.qubits, term.projector), tensor)
    return total.reshape(vectors.shape)


def phase_gap(point: PathPoint, qubits: int, time: float) -> float:
    """Least absolute phase, in radians, of a step of evolution off its invariant ground state.

    Parameters
    ----------
    point
        Of the path.
    qubits
        Their number.
    time
        Of the step, `step_gates`.

    Raises
    ------
    NotConvergedError
        If it is too small to be computed.
    """
    gates = step_gates(point.terms, time)
    inverse = inverse_gates(gates)

    def one_minus_cosine(vectors: Array) -> Array:
        block = vectors.reshape(2**qubits, -1)
        forth, back = apply_gates(gates, qubits, block), apply_gates(inverse, qubits, block)
        return block - (forth + back) / 2

    least = _least_above(one_minus_cosine, 2.0, point.ground)
    return float(np.arccos(np.clip(1 - least, -1, 1)))


def _normalised(matrices: Array, edges: Edges) -> tuple[Array, float]:
    """Return the state as a unit vector, qubit 0 most significant, and the norm it had."""
    state = statevector.amplitudes(matrices, edges).reshape(-1)
    norm = float(np.linalg.norm(state))
    return state / norm, norm


def _least_above(apply: Callable[[Array], Array], norm: float, ground: Array) -> float:
    """Least eigenvalue, but for that of the ground state, of an operator of at most this norm."""
    size = len(ground)

    def lifted(vectors: Array) -> Array:
        block = vectors.reshape(size, -1)
        return apply(block) + norm * np.outer(ground, ground.conj() @ block)

    if size <= 2**_DENSE_QUBITS:
        dense = lifted(np.eye(size, dtype=complex))
        return float(np.linalg.eigvalsh((dense + dense.conj().T) / 2)[0])
    operator = scipy.sparse.linalg.LinearOperator(
        (size, size), matvec=lifted, matmat=lifted, dtype=complex
    )
    start = np.random.default_rng(0).normal(size=size).astype(complex)
    try:
        values = scipy.sparse.linalg.eigsh(
            operator,
            k=1,
            which="SA",
            v0=start,
            tol=1e-6,
            ncv=min(40, size),
            maxiter=_LANCZOS_RESTARTS,
            return_eigenvectors=False,
        )
    except scipy.sparse.linalg.ArpackNoConvergence:
        raise NotConvergedError(
            f"a gap of the path was not found in {_LANCZOS_RESTARTS} restarts of the Lanczos "
            "method: it is too small for that. Gaps close as condition numbers grow"
        ) from None
    return float(values[0])
