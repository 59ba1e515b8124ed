r"""The path of parent Hamiltonians: a filter at a time, each by phase estimation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.graph_state.graph import Edges, Matrix, graph_state, require_model
from circuits.graph_state.parent import parent_terms
from circuits.graph_state.parent_evolution import ParentEvolution
from circuits.isometry import unitary


@dataclass(frozen=True)
class Stage:
    """A filter that is added by projecting on the ground state of the next Hamiltonian.

    Attributes
    ----------
    qubit
        Of the filter.
    time
        Of a step of evolution, `ParentEvolution.time`.
    clock_bits
        Of a phase estimation: up to ``2**clock_bits - 1`` steps.
    rounds
        Phase estimations.
    """

    qubit: int
    time: float
    clock_bits: int
    rounds: int

    @property
    def steps(self) -> int:
        """Steps of evolution in all."""
        return self.rounds * (2**self.clock_bits - 1)


def path_preparation(
    edges: Edges, matrices: Matrix, stages: Sequence[Stage], *, projected: Sequence[int] = ()
) -> QuantumCircuit:
    r"""Walk from the graph state to :math:`\bigotimes_i M_i |G\rangle` by phase estimations.

    By polar decomposition :math:`M_i = U_i P_i`. Stage t adds the filter of one qubit: the clock
    found in 0 projects on :math:`\prod_{i \le t} P_i |G\rangle`. The :math:`U_i` are gates at the
    end.

    The amplitude of clock 0 needs no Fourier transform: it is that of each clock qubit in
    ``|+>``. So one clock qubit serves all bits of all clocks, and everything after a failure
    is left out.

    Parameters
    ----------
    edges
        Of the graph.
    matrices
        Shape ``(m, 2, 2)``, invertible; their scale does not matter.
    stages
        In order; qubits without one get no filter.
    projected
        Qubits to be found in 0 too, by a measurement at the end.

    Returns
    -------
    QuantumCircuit
        Registers ``system`` (m) and ``clock`` (1); classical registers ``failed`` (1), and
        ``conditions`` if qubits are projected. Kept are shots with all these bits 0.

    Raises
    ------
    ValueError
        If the graph, the matrices or the projected qubits make no state.

    References
    ----------
    X. Gao, Z.-Y. Zhang, L.-M. Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038.
    M. Schwarz, K. Temme, F. Verstraete, Phys. Rev. Lett. 108, 110502 (2012), arXiv:1104.1410.
    """
    require_model(edges, matrices, projected)
    qubits = len(matrices)
    circuit = graph_state(edges, qubits)
    circuit.name = "path"
    circuit.add_register(QuantumRegister(1, "clock"), ClassicalRegister(1, "failed"))
    left, positive = polar(matrices)
    for stage, current in zip(stages, filtered_along(positive, stages), strict=True):
        evolution = ParentEvolution(parent_terms(edges, current), qubits, stage.time)
        for _ in range(stage.rounds):
            # The short ones first: what fails in them spares the long ones.
            for bit in range(stage.clock_bits):
                _append_bit(circuit, evolution, 2**bit)
    for i in range(qubits):
        circuit.compose(unitary(left[i]), [i], inplace=True)
    if projected:
        conditions = ClassicalRegister(len(projected), "conditions")
        circuit.add_register(conditions)
        circuit.measure([*projected], conditions)
    return circuit


def polar(matrices: Matrix) -> tuple[Matrix, Matrix]:
    """Return U and P, ``matrices = U P``, P positive and of norm 1."""
    left, values, right = np.linalg.svd(matrices)
    scaled = values / values[:, :1]
    adjoint = right.conj().swapaxes(1, 2)
    return left @ right, adjoint @ (scaled[:, :, None] * right)


def filtered_along(positive: Matrix, stages: Sequence[Stage]) -> list[Matrix]:
    """Return the filters that are in place after each stage, shape ``(m, 2, 2)`` each."""
    current = np.array([np.eye(2)] * len(positive), dtype=complex)
    found = []
    for stage in stages:
        current[stage.qubit] = positive[stage.qubit]
        found.append(current.copy())
    return found


def _append_bit(circuit: QuantumCircuit, evolution: ParentEvolution, steps: int) -> None:
    """Append a Hadamard test of so many steps, unless one has failed before."""
    clock = circuit.qubits[-1]
    [failed] = circuit.cregs[0]
    with circuit.if_test((failed, 0)):
        circuit.reset(clock)
        circuit.h(clock)
        circuit.compose(evolution.controlled_powers(1, steps), circuit.qubits, inplace=True)
        circuit.h(clock)
        circuit.measure(clock, failed)
