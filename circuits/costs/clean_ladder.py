"""Costs of conjunctions in clean workspace."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import RCCX


def conjunction_cost(qubits: int) -> GateCounts:
    """Count `circuits.clean_ladder.conjunction`, going in and coming out again.

    Parameters
    ----------
    qubits
        How many are conjoined, at least 1.

    Returns
    -------
    GateCounts
        Exact, depths included: ``6 (qubits - 1)`` CX and ``8 (qubits - 1)`` T gates.

    Raises
    ------
    ValueError
        If there is no qubit.
    """
    if qubits < 1:
        raise ValueError(f"qubits = {qubits}: at least 1 is needed")
    gates = RCCX * (2 * (qubits - 1))
    # The first CX of each Toffoli but the last of the ladder waits for no other, there and back.
    depth = 4 * qubits - 2 if qubits > 1 else 0
    return replace(gates, qubits=2 * qubits - 1, two_qubit_depth=depth)
