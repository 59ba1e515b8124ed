"""The state of the model as a circuit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit

from circuits.graph_state.chain import MOST_FRONTIER, chain_order, chain_preparation
from circuits.graph_state.filters import filter_weight, filtered_graph_state
from circuits.graph_state.tree import is_forest, tree_preparation
from qml_algos.errors import TooLargeError, UnknownNameError
from qml_algos.generative.factor_graph.path_plan import PathPlan, plan_path
from qml_algos.generative.factor_graph.preparation_path import kept_state, path_circuit
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.results import circuit_costs

METHODS = ("filters", "staircase", "path")

ERROR = 1e-3
"""Infidelity that a path is planned for."""


@dataclass(frozen=True, eq=False)
class Preparation:
    r"""A circuit that prepares ``|Q>``, or its projection, in the shots that are kept.

    Attributes
    ----------
    circuit
        Register ``system``, qubit i the model's qubit i, and ancillas; nothing else of the system
        is measured.
    post_selected
        Names of classical registers: kept are shots with all their bits 0. None if the circuit
        succeeds always.
    success_probability
        Of a shot to be kept, predicted exactly.
    method
        That it was made by.
    projected
        Whether the conditioned qubits are in 0 in what is kept.
    infidelity
        Of what is kept, computed; 0 but for rounding unless the method is a path.
    plan
        Of a path.
    """

    circuit: QuantumCircuit
    post_selected: tuple[str, ...]
    success_probability: float
    method: str
    projected: bool
    infidelity: float = 0.0
    plan: PathPlan | None = None

    @property
    def attempts(self) -> float:
        """Mean number of shots for one that is kept."""
        return 1 / self.success_probability

    @property
    def costs(self) -> dict[str, int]:
        """Qubits, two-qubit gates and depths before compilation, as `circuit_costs`."""
        return circuit_costs(self.circuit)


def preparation(
    state: QuantumGenerativeState,
    method: str = "staircase",
    *,
    project: bool = False,
    reuse: bool = False,
    error: float = ERROR,
) -> Preparation:
    r"""Build a circuit that prepares the state of a model.

    Parameters
    ----------
    state
        Of the model. `QuantumGenerativeState.conditional` gives that for known variables.
    method
        ``"filters"``: any graph, a filter by an ancilla for each matrix, succeeding with
        probability :math:`\langle Q|Q\rangle / \prod_i \sigma_{\max}(M_i)^2`, exponentially
        small in the number of qubits.

        ``"staircase"``: always succeeds. Forests: isometries along each tree, 2 CX a qubit. Other
        graphs: a matrix product state, for cuts of at most 6 qubits.

        ``"path"``: the route of Gao, Zhang and Duan, for up to 12 qubits: one filter at a time
        is added by phase estimation to the ground state of a parent Hamiltonian. Each step succeeds
        with the overlap of two states, and takes time by the gap; see `plan_path`.
    project
        Whether to have the conditioned qubits in 0: by filters with a chance, by a staircase
        without. A path measures them at its end; `condition_by_filters` makes 0 likelier there.
        Otherwise they are as the others.
    reuse
        Whether one ancilla serves all filters, by reset: fewer qubits for a device, but a
        simulator then runs every shot anew.
    error
        Largest infidelity that a path leaves.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    InvalidProblemError
        If the error is not between 0 and 1.
    TooLargeError
        If cuts are too wide for a staircase, the network too wide to predict the success of
        filters, or the qubits too many for a path.
    NotConvergedError
        If a gap of a path is too small to be computed.
    """
    projected = state.conditioned if project else ()
    if method == "filters":
        circuit = filtered_graph_state(
            state.edges, state.matrices, projected=projected, reuse=reuse
        )
        registers = tuple(register.name for register in circuit.cregs)
        return Preparation(circuit, registers, _filter_success(state, project), method, project)
    if method == "staircase":
        return Preparation(_staircase(state, projected), (), 1.0, method, project)
    if method == "path":
        return _path(state, project, error)
    raise UnknownNameError("method", method, METHODS)


def _path(state: QuantumGenerativeState, project: bool, error: float) -> Preparation:
    projected = state.conditioned if project else ()
    plan = plan_path(state, error)
    circuit = path_circuit(state, plan, projected)
    kept = kept_state(state, plan, projected)
    return Preparation(
        circuit=circuit,
        post_selected=tuple(register.name for register in circuit.cregs),
        success_probability=kept.probability,
        method="path",
        projected=project,
        infidelity=kept.infidelity,
        plan=plan,
    )


def _filter_success(state: QuantumGenerativeState, project: bool) -> float:
    projected = state.conditioned if project else ()
    none = np.zeros((1, 0), dtype=np.int64)
    log_weight = state.log_weights((), none)[0] if project else state.log_norm()
    return float(np.exp(log_weight - filter_weight(state.matrices, projected)))


def _staircase(state: QuantumGenerativeState, projected: tuple[int, ...]) -> QuantumCircuit:
    if is_forest(state.edges, state.n_qubits):
        return tree_preparation(state.edges, state.matrices, projected=projected)
    frontier = chain_order(state.edges, state.n_qubits)[1]
    if frontier > MOST_FRONTIER:
        raise TooLargeError(
            f"the graph of {state.n_qubits} qubits has pathwidth {frontier} in the order found, so "
            f"bonds of 2**{frontier}; a staircase goes up to {MOST_FRONTIER}. Use "
            'method="filters", which takes any graph'
        )
    return chain_preparation(state.edges, state.matrices, projected=projected)
