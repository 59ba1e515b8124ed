r"""What it would cost to prepare the state: post-selected filters, or a path of Hamiltonians.

By polar decomposition :math:`M_i = U_i P_i`; the unitary parts are local gates at the end, so only
the positive filters :math:`P_i` cost anything.

*Post-selected filters.* Each filter, scaled to norm 1, succeeds or fails by an ancilla. Together
they succeed with probability :math:`\langle Q|Q\rangle / \prod_i \sigma_{\max}(M_i)^2`, which falls
exponentially with the number of qubits.

*The path.* :math:`|Q_t\rangle = \prod_{i \le t} P_i |G\rangle` is the unique ground state, of
energy 0, of a frustration-free sum of local projectors, :func:`parent_terms`. Phase estimation of
it projects :math:`|Q_{t-1}\rangle` on :math:`|Q_t\rangle` with probability
:math:`p_t = |\langle Q_{t-1}|Q_t\rangle|^2`; after a failure the two projections alternate until
one succeeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.linalg
import scipy.sparse.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, NotConvergedError, TooLargeError
from qml_algos.generative.factor_graph import statevector
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

Array = NDArray[np.complex128]
Edges = tuple[tuple[int, int], ...]

MOST_PATH_QUBITS = 12
"""Most qubits whose gaps are computed."""

_DENSE_QUBITS = 6
_LANCZOS_RESTARTS = 500
_PAULI_X: Array = np.array([[0, 1], [1, 0]], dtype=complex)
_PAULI_Z: Array = np.diag([1, -1]).astype(complex)


@dataclass(frozen=True, eq=False)
class ParentTerm:
    """A projector of the parent Hamiltonian.

    Attributes
    ----------
    qubits
        A qubit and its neighbours in the graph, ascending.
    projector
        Shape ``(2**k, 2**k)``, the first of the qubits the most significant bit; of rank
        ``2**(k - 1)``.
    """

    qubits: tuple[int, ...]
    projector: Array


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


@dataclass(frozen=True)
class PathReport:
    r"""Predicted costs of preparing ``|Q>`` on a quantum computer.

    Attributes
    ----------
    steps
        One for each qubit, in their order.
    first_gap
        Of the graph state's own Hamiltonian: 1.
    filter_success
        Probability that all post-selected filters succeed.
    condition_probability
        Probability that the conditioned qubits are then found in 0; both routes pay for it.
        `condition_by_filters` moves this cost into the path.
    """

    steps: tuple[PathStep, ...]
    first_gap: float
    filter_success: float
    condition_probability: float

    @property
    def smallest_gap(self) -> float:
        """Along the path."""
        return min(self.first_gap, *(step.gap for step in self.steps))

    @property
    def smallest_overlap(self) -> float:
        """Along the path."""
        return min(step.overlap for step in self.steps)

    @property
    def overlap_product(self) -> float:
        """Probability that every projection succeeds at the first attempt."""
        return float(np.prod([step.overlap for step in self.steps]))

    @property
    def unique_ground_state(self) -> bool:
        """Whether every state has energy 0 and a gap above it, both up to rounding."""
        return all(abs(step.energy) < 1e-9 < step.gap for step in self.steps)

    @property
    def filter_attempts(self) -> float:
        """Mean runs of the circuit of filters for one sample."""
        return 1 / (self.filter_success * self.condition_probability)

    @property
    def projections(self) -> float:
        """Mean phase estimations along the path for one sample."""
        counts = sum(sum(step.expected_projections()) for step in self.steps)
        return counts / self.condition_probability

    @property
    def evolution_time(self) -> float:
        r"""Mean time of evolution under the parent Hamiltonians for one sample.

        A phase estimation that tells energy 0 from the gap takes :math:`2\pi` over the gap; its
        error probability adds a logarithm that is left out.
        """
        gaps = [self.first_gap, *(step.gap for step in self.steps)]
        total = 0.0
        for before, after, step in zip(gaps, gaps[1:], self.steps, strict=False):
            back, forth = step.expected_projections()
            total += 2 * np.pi * (back / before + forth / after)
        return total / self.condition_probability

    @property
    def clock_qubits(self) -> int:
        """Of the finest phase estimation: its range is the number of terms, its step half a gap."""
        return int(np.ceil(np.log2(2 * len(self.steps) / self.smallest_gap)))

    def __str__(self) -> str:
        """Lay the steps out, and the costs of both routes below."""
        lines = ["qubit  cond(M)  overlap        gap"]
        lines += [
            f"{s.qubit:5d} {s.condition_number:8.2f} {s.overlap:8.4f} {s.gap:10.3e}"
            for s in self.steps
        ]
        ground = "unique" if self.unique_ground_state else "not resolved"
        return "\n".join(
            [
                *lines,
                f"ground state at every step: {ground}",
                f"conditioned qubits in 0: probability {self.condition_probability:.3g}",
                f"post-selected filters: success {self.filter_success:.3g}, "
                f"{self.filter_attempts:.3g} runs a sample",
                f"path of Hamiltonians: {self.projections:.3g} phase estimations a sample, "
                f"evolution time {self.evolution_time:.3g}, {self.clock_qubits} clock qubits",
            ]
        )


def parent_terms(edges: Edges, matrices: Array) -> tuple[ParentTerm, ...]:
    r"""Return the parent Hamiltonian of :math:`\bigotimes_i M_i |G\rangle`, one term a qubit.

    With :math:`K_i = X_i \prod_{j \in N(i)} Z_j` the stabiliser of the graph state and
    :math:`M = \bigotimes_{j \in N[i]} M_j`, term i projects on the support of
    :math:`M^{-\dagger} (1 - K_i) M^{-1}`. All terms annihilate the state; it is the only such one,
    since invertible M keep the dimension of the common kernel.

    Parameters
    ----------
    edges
        Of the graph.
    matrices
        Shape ``(m, 2, 2)``, invertible.

    Notes
    -----
    ``8**(d + 1)`` operations for a qubit of degree d.
    """
    inverses: Array = np.linalg.inv(matrices).astype(complex)
    near: list[set[int]] = [{i} for i in range(len(matrices))]
    for i, j in edges:
        near[i].add(j)
        near[j].add(i)
    return tuple(_term(i, tuple(sorted(near[i])), inverses) for i in range(len(matrices)))


def _term(centre: int, qubits: tuple[int, ...], inverses: Array) -> ParentTerm:
    stabiliser = _kron([_PAULI_X if q == centre else _PAULI_Z for q in qubits])
    local = _kron([inverses[q] for q in qubits])
    # Eigenvalue -1 of the stabiliser has half of the eigenvectors, and they come first.
    _, vectors = np.linalg.eigh(stabiliser)
    support, _ = np.linalg.qr(local.conj().T @ vectors[:, : len(vectors) // 2])
    return ParentTerm(qubits, support @ support.conj().T)


def _kron(matrices: Iterable[Array]) -> Array:
    product: Array = np.ones((1, 1), dtype=complex)
    for matrix in matrices:
        product = np.kron(product, matrix).astype(complex)
    return product


def apply_terms(terms: Sequence[ParentTerm], qubits: int, vectors: Array) -> Array:
    """Apply the sum of the terms to the columns of ``vectors``, shape ``(2**qubits, N)``.

    Qubit 0 is the most significant bit of a row.
    """
    tensor = vectors.reshape((2,) * qubits + (-1,))
    total = np.zeros_like(tensor)
    for term in terms:
        k = len(term.qubits)
        gate = term.projector.reshape((2,) * (2 * k))
        moved = np.tensordot(gate, tensor, axes=(range(k, 2 * k), term.qubits))
        total += np.moveaxis(moved, range(k), term.qubits)
    return total.reshape(vectors.shape)


def path_report(state: QuantumGenerativeState) -> PathReport:
    """Compute gap and overlap of each step of the path, and the costs of both routes.

    Parameters
    ----------
    state
        Of at most 12 qubits.

    Raises
    ------
    TooLargeError
        If there are more.
    NotConvergedError
        If a gap is too small to be computed.

    Notes
    -----
    An eigenvalue of a matrix of ``2**m`` rows for each qubit: seconds at 10 qubits, and longer the
    smaller the gaps.
    """
    if state.n_qubits > MOST_PATH_QUBITS:
        raise TooLargeError(
            f"the path of {state.n_qubits} qubits needs gaps of matrices of 2**{state.n_qubits} "
            f"rows; it is computed for up to {MOST_PATH_QUBITS} qubits"
        )
    filters = [scipy.linalg.polar(matrix, side="right")[1] for matrix in state.matrices]
    filters = [positive / np.linalg.norm(positive, 2) for positive in filters]
    matrices = np.array([np.eye(2)] * state.n_qubits, dtype=complex)
    before, norm, steps = _normalised(matrices, state.edges)[0], 1.0, []
    for qubit, positive in enumerate(filters):
        matrices[qubit] = positive
        after, norm = _normalised(matrices, state.edges)
        terms = parent_terms(state.edges, matrices)
        lifted = apply_terms(terms, state.n_qubits, after[:, None])[:, 0]
        steps.append(
            PathStep(
                qubit=qubit,
                condition_number=float(np.linalg.cond(positive)),
                overlap=min(float(abs(np.vdot(before, after)) ** 2), 1.0),
                gap=_gap(terms, state.n_qubits, after),
                energy=float(np.vdot(after, lifted).real),
            )
        )
        before = after
    return PathReport(tuple(steps), 1.0, norm**2, state.condition_probability())


def condition_by_filters(
    state: QuantumGenerativeState, condition_number: float
) -> QuantumGenerativeState:
    """Return a state of the same distribution whose conditioned qubits are likelier to be in 0.

    Of a conditioned qubit's matrix only the first row matters to P. Here the second one becomes
    orthogonal to it and shorter, so that the filter does what the projection did by chance: what
    is gained in `QuantumGenerativeState.condition_probability` is paid in gaps and overlaps.

    Parameters
    ----------
    state
        Any model.
    condition_number
        Of the conditioned qubits' new matrices, at least 1: the ratio of the rows' lengths.

    Raises
    ------
    InvalidProblemError
        If ``condition_number`` is below 1 or not finite.
    """
    if not 1 <= condition_number < np.inf:
        raise InvalidProblemError(
            f"condition_number = {condition_number!r}: must be finite and at least 1"
        )
    matrices = state.matrices.copy()
    for qubit in state.conditioned:
        first, second = matrices[qubit, 0].conj()
        matrices[qubit, 1] = np.array([-second, first]) / condition_number
    return replace(state, matrices=matrices)


def _normalised(matrices: Array, edges: Edges) -> tuple[Array, float]:
    """Return the state as a unit vector, qubit 0 most significant, and the norm it had."""
    state = statevector.amplitudes(matrices, edges).reshape(-1)
    norm = float(np.linalg.norm(state))
    return state / norm, norm


def _gap(terms: Sequence[ParentTerm], qubits: int, ground: Array) -> float:
    """Least energy of a state orthogonal to the ground state."""
    size = 2**qubits

    def lifted(vectors: Array) -> Array:
        # No energy of a sum of projectors exceeds their number: there the ground state goes.
        block = vectors.reshape(size, -1)
        raised = len(terms) * np.outer(ground, ground.conj() @ block)
        return apply_terms(terms, qubits, block) + raised

    if qubits <= _DENSE_QUBITS:
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
