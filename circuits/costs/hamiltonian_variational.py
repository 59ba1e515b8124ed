"""Cost of the Hamiltonian-variational ansatz."""

from __future__ import annotations

from collections.abc import Sequence

from qiskit.quantum_info import SparsePauliOp

from circuits.costs.counts import GateCounts
from circuits.costs.multiplexed import require_count
from circuits.hamiltonian_variational import rounds_of


def hamiltonian_variational_cost(
    layers: Sequence[SparsePauliOp], repetitions: int, reference: GateCounts
) -> GateCounts:
    """Count `circuits.hamiltonian_variational.hamiltonian_variational`.

    Parameters
    ----------
    layers
        As there; terms are looked at once, whatever the number of repetitions.
    repetitions
        At least 1.
    reference
        Cost of the reference state.

    Returns
    -------
    GateCounts
        Gates exact: for each repetition a rotation and ``2 (weight - 1)`` CX for each term. Depths
        are those of rounds one after another.

    Raises
    ------
    ValueError
        If there are no repetitions, or terms of a layer do not commute.
    """
    require_count(repetitions, "repetitions", 1)
    once = sum((_round_cost(apart) for layer in layers for apart in rounds_of(layer)), GateCounts())
    return reference + once * repetitions


def _round_cost(apart: SparsePauliOp) -> GateCounts:
    entangling = [2 * (int(acting.sum()) - 1) for acting in apart.paulis.x | apart.paulis.z]
    return GateCounts(
        qubits=apart.num_qubits,
        two_qubit_gates=sum(entangling),
        rotations=len(entangling),
        two_qubit_depth=max(entangling),
        rotation_depth=1,
    )
