r"""The path as phase estimations of steps of evolution: how long, how often, at what cost.

A step :math:`S = \prod_i e^{-i \tau h_i}` has the ground state at phase 0 exactly; its clock is
read for 0 only. With gap g of the Hamiltonian of m terms, :math:`\tau = 2 \pi / (m + g)`: the
highest energy, m, which is one of a common eigenvector of all terms, comes around to the phase
:math:`g \tau` from the other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.graph_state.ground_path import Stage, polar
from circuits.graph_state.parent import ParentTerm, parent_terms
from circuits.graph_state.parent_evolution import ParentEvolution
from qml_algos.errors import InvalidProblemError
from qml_algos.generative.factor_graph.path import require_path
from qml_algos.generative.factor_graph.path_walk import PathStep, phase_gap, walk
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.validation import is_number

Array = NDArray[np.complex128]

_UNITARY = 1e-9
_POINTS = 64


@dataclass(frozen=True)
class PlannedStage:
    """A stage of the path, with what was predicted of it.

    Attributes
    ----------
    stage
        What its circuit takes.
    step
        Overlap with the state before, and gap of the Hamiltonian.
    phase_gap
        Of a step of evolution, in radians, computed: not that of the Hamiltonian.
    leak
        Largest probability of an excited state to pass all rounds.
    two_qubit_gates
        Of all rounds, before compilation.
    """

    stage: Stage
    step: PathStep
    phase_gap: float
    leak: float
    two_qubit_gates: int


@dataclass(frozen=True)
class PathPlan:
    """Stages of the path, and what a sample costs along it.

    Attributes
    ----------
    stages
        In their order; unitary matrices have none.
    start
        The graph state's own Hamiltonian, to which a failure of the first stage returns.
    """

    stages: tuple[PlannedStage, ...]
    start: PlannedStage

    @property
    def success_probability(self) -> float:
        """Of all stages in a shot; leaks add to it, about the error asked for at most."""
        return float(np.prod([planned.step.overlap for planned in self.stages]))

    @property
    def two_qubit_gates(self) -> int:
        """Of a shot that succeeds."""
        return sum(planned.two_qubit_gates for planned in self.stages)

    @property
    def post_selected_gates(self) -> float:
        """Mean two-qubit gates for one success: shots end with the stage that fails."""
        reached, spent = 1.0, 0.0
        for planned in self.stages:
            spent += reached * planned.two_qubit_gates
            reached *= planned.step.overlap
        return spent / reached

    @property
    def rewound_gates(self) -> float:
        """Mean two-qubit gates for one success where failures are undone by rewinding.

        After a failure the Hamiltonian before is measured, then that after it again, until that
        succeeds. For the state to stay between the two, a clock is undone after it was read: each
        measurement costs twice.

        References
        ----------
        C. Marriott, J. Watrous, Comput. Complexity 14, 122 (2005). M. Schwarz, K. Temme,
        F. Verstraete, Phys. Rev. Lett. 108, 110502 (2012), arXiv:1104.1410.
        """
        total = 0.0
        for before, after in zip((self.start, *self.stages), self.stages, strict=False):
            back, forth = after.step.expected_projections()
            total += 2 * (back * before.two_qubit_gates + forth * after.two_qubit_gates)
        return total


def plan_path(state: QuantumGenerativeState, error: float) -> PathPlan:
    """Choose time, clock and rounds of each stage.

    Parameters
    ----------
    state
        Of at most 12 qubits.
    error
        Largest infidelity of the state after a stage, between 0 and 1. An excited part that one
        stage lets through meets the next one, so that errors do not add up.

    Raises
    ------
    InvalidProblemError
        If the error is not between 0 and 1.
    TooLargeError
        If there are more qubits.
    NotConvergedError
        If a gap is too small to be computed.

    Notes
    -----
    Two eigenvalues of a matrix of ``2**m`` rows for each qubit: seconds at 8 qubits and about a
    minute at 12 with condition numbers of 7.
    """
    if not (is_number(error) and 0 < error < 1):
        raise InvalidProblemError(f"error = {error!r}: must be a number strictly between 0 and 1")
    require_path(state)
    qubits, edges = state.n_qubits, state.edges
    positive = polar(state.matrices)[1]
    filters = {i: positive[i] for i in range(qubits) if np.linalg.cond(positive[i]) > 1 + _UNITARY}
    stages = []
    for point in walk(edges, qubits, filters):
        time = 2 * np.pi / (qubits + point.step.gap)
        gap = phase_gap(point, qubits, time)
        stages.append(_planned(point.step, point.terms, time, gap, error))
    first_overlap = stages[0].step.overlap if stages else 1.0
    start = PathStep(0, 1.0, first_overlap, 1.0, 0.0)
    plain = parent_terms(edges, np.array([np.eye(2)] * qubits, dtype=complex))
    time = 2 * np.pi / (qubits + 1)
    return PathPlan(tuple(stages), _planned(start, plain, time, time, error))


def _planned(
    step: PathStep, terms: Sequence[ParentTerm], time: float, gap: float, error: float
) -> PlannedStage:
    bits, rounds = shortest_clock(gap, step.overlap, error)
    stage = Stage(step.qubit, time, bits, rounds)
    evolution = ParentEvolution(terms, len(terms), time)
    gates = stage.steps * int(evolution.controlled_step.num_nonlocal_gates())
    return PlannedStage(stage, step, gap, clock_leak(bits, gap) ** rounds, gates)


def shortest_clock(gap: float, overlap: float, error: float) -> tuple[int, int]:
    """Choose clock bits and rounds with the fewest steps of evolution.

    Parameters
    ----------
    gap
        Of the phases, in radians.
    overlap
        Squared, of the state with the ground state.
    error
        Infidelity allowed in what is accepted.

    Returns
    -------
    bits, rounds
        Rounds lower the leak exponentially, bits only with the square of their number of steps:
        clocks just resolve the gap, ``2**bits`` about ``2 pi / gap``.
    """
    allowed = error * overlap / max(1 - overlap, 1e-300)
    best, bits = (np.inf, 1, 1), 0
    while 2 ** (bits + 1) - 1 < best[0]:
        bits += 1
        leak = clock_leak(bits, gap)
        if leak < 1:
            rounds = max(1, int(np.ceil(np.log(allowed) / np.log(max(leak, 1e-300)))))
            best = min(best, (rounds * (2**bits - 1), bits, rounds))
    return best[1], best[2]


def clock_leak(bits: int, gap: float) -> float:
    r"""Largest probability of a clock to be found in 0 at a phase from the gap to pi.

    It is :math:`\prod_j \cos^2(2^j \phi / 2)`, whose lobes fall with the phase: those about the
    gap are looked at.
    """
    lobe = 2 * np.pi / 2**bits
    phases = np.linspace(gap, min(np.pi, gap + 2 * lobe), _POINTS)
    cosines = np.cos(phases[:, None] * 2.0 ** np.arange(bits) / 2)
    return float(np.max(np.prod(cosines, axis=1) ** 2))
