"""The path of parent Hamiltonians as a circuit, with an exact prediction of what it keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.graph_state.ground_path import filtered_along, path_preparation, polar
from circuits.graph_state.parent import parent_terms
from qml_algos.errors import TooLargeError
from qml_algos.generative.factor_graph import statevector
from qml_algos.generative.factor_graph.path_gates import apply_gates, step_gates
from qml_algos.generative.factor_graph.path_plan import PathPlan
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

Array = NDArray[np.complex128]

MOST_PATH_GATES = 300_000
"""Most two-qubit gates of a path that is written down; seconds to build, a minute to compile."""


@dataclass(frozen=True, eq=False)
class KeptState:
    """What the circuit of a path keeps.

    Attributes
    ----------
    amplitudes
        A unit vector of shape ``(2**m,)``, qubit 0 the least significant bit.
    probability
        Of a shot to be kept.
    infidelity
        With the state that was asked for.
    """

    amplitudes: Array
    probability: float
    infidelity: float


def path_circuit(
    state: QuantumGenerativeState, plan: PathPlan, projected: tuple[int, ...] = ()
) -> QuantumCircuit:
    """Write a planned path down: see `circuits.graph_state.ground_path.path_preparation`.

    Raises
    ------
    TooLargeError
        If it takes more than `MOST_PATH_GATES` two-qubit gates.
    """
    if plan.two_qubit_gates > MOST_PATH_GATES:
        raise TooLargeError(
            f"the path of {state.n_qubits} qubits takes {plan.two_qubit_gates:,} two-qubit gates, "
            f"since phases of {min(s.phase_gap for s in plan.stages):.2g} have to be resolved; "
            f"circuits of up to {MOST_PATH_GATES:,} are built. Use smaller condition numbers, or "
            'method="staircase" or "filters"; plan_path gives the costs of the path'
        )
    stages = [planned.stage for planned in plan.stages]
    return path_preparation(state.edges, state.matrices, stages, projected=projected)


def kept_state(
    state: QuantumGenerativeState, plan: PathPlan, projected: tuple[int, ...] = ()
) -> KeptState:
    """Compute what the circuit of a planned path keeps.

    Parameters
    ----------
    state
        Of at most 12 qubits.
    plan
        Of its path.
    projected
        Qubits that the circuit measures at its end, kept in 0.

    Notes
    -----
    Every step of evolution of one shot is applied to a statevector.
    """
    kept = _after_all_clocks(state, plan)
    left = polar(state.matrices)[0]
    for qubit in projected:
        left[qubit, 1] = 0
    for qubit, matrix in enumerate(left):
        kept = np.moveaxis(np.tensordot(matrix, kept, axes=(1, qubit)), 0, qubit)
    norm = float(np.linalg.norm(kept))
    kept = kept / norm
    overlap = float(abs(np.vdot(_asked_for(state, projected), kept)) ** 2)
    return KeptState(kept.transpose().reshape(-1), norm**2, max(0.0, 1 - overlap))


def _after_all_clocks(state: QuantumGenerativeState, plan: PathPlan) -> Array:
    """Find all clocks of a path in 0; axis i is qubit i."""
    qubits, edges = state.n_qubits, state.edges
    kept = statevector.amplitudes(np.array([np.eye(2)] * qubits, dtype=complex), edges)
    stages = [planned.stage for planned in plan.stages]
    filters = filtered_along(polar(state.matrices)[1], stages)
    for stage, matrices in zip(stages, filters, strict=True):
        gates = step_gates(parent_terms(edges, matrices), stage.time)
        for bit in [*range(stage.clock_bits)] * stage.rounds:
            evolved = kept
            for _ in range(2**bit):
                evolved = apply_gates(gates, qubits, evolved)
            kept = (kept + evolved) / 2
    return kept


def _asked_for(state: QuantumGenerativeState, projected: tuple[int, ...]) -> Array:
    matrices = state.matrices.copy()
    for qubit in projected:
        matrices[qubit, 1] = 0
    whole = statevector.amplitudes(matrices, state.edges)
    exact: Array = whole / np.linalg.norm(whole)
    return exact
