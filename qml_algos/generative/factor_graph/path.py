r"""What it would cost to prepare the state: post-selected filters, or a path of Hamiltonians.

By polar decomposition :math:`M_i = U_i P_i`; the unitary parts are local gates at the end, so only
the positive filters :math:`P_i` cost anything.

*Post-selected filters.* Each filter, scaled to norm 1, succeeds or fails by an ancilla. Together
they succeed with probability :math:`\langle Q|Q\rangle / \prod_i \sigma_{\max}(M_i)^2`, which falls
exponentially with the number of qubits.

*The path.* :math:`|Q_t\rangle = \prod_{i \le t} P_i |G\rangle` is the unique ground state, of
energy 0, of a frustration-free sum of local projectors, `parent_terms`. Phase estimation of it
projects :math:`|Q_{t-1}\rangle` on :math:`|Q_t\rangle` with probability
:math:`p_t = |\langle Q_{t-1}|Q_t\rangle|^2`; after a failure the two projections alternate until
one succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from circuits.graph_state.ground_path import polar
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.factor_graph.path_walk import PathStep, walk
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

MOST_PATH_QUBITS = 12
"""Most qubits whose gaps are computed."""


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
    require_path(state)
    filters = dict(enumerate(polar(state.matrices)[1]))
    points = list(walk(state.edges, state.n_qubits, filters))
    success = float(np.prod([point.norm for point in points]) ** 2)
    return PathReport(
        tuple(point.step for point in points), 1.0, success, state.condition_probability()
    )


def require_path(state: QuantumGenerativeState) -> None:
    """Refuse a state of too many qubits for a path.

    Raises
    ------
    TooLargeError
        If it has more than `MOST_PATH_QUBITS`.
    """
    if state.n_qubits > MOST_PATH_QUBITS:
        raise TooLargeError(
            f"the path of {state.n_qubits} qubits needs gaps of matrices of 2**{state.n_qubits} "
            f"rows; it is computed for up to {MOST_PATH_QUBITS} qubits"
        )


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
