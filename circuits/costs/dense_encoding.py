"""Costs of block encodings of dense matrices."""

from __future__ import annotations

from dataclasses import replace

from circuits.costs.block_encoding import BlockEncodingCost
from circuits.costs.counts import GateCounts
from circuits.costs.gates import CSWAP, CX, SWAP, layer
from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.costs.multiplexed import (
    multiplexed_state_cost,
    require_count,
    rotation_from_zero_cost,
)
from circuits.costs.state_preparation import index_state_cost


def frobenius_block_encoding_cost(system_qubits: int, *, real: bool = True) -> BlockEncodingCost:
    """Count `circuits.dense_encoding.frobenius_block_encoding` of a matrix in general.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    real
        Whether the matrix is.

    Returns
    -------
    BlockEncodingCost
        Gates as exact as those of the index's state,
        `circuits.costs.state_preparation.index_state_cost`; controlled, exact.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    n = system_qubits
    require_count(n, "system_qubits", 1)
    swaps = layer(SWAP, n)
    circuit = index_state_cost(n) + multiplexed_state_cost(n, n, real=real) + swaps
    controlled = index_state_cost(n, controlled=True) + CSWAP * n
    controlled += multiplexed_state_cost(n + 1, n, real=real) + swaps
    return _encoding(n, n, circuit, controlled)


def row_block_encoding_cost(system_qubits: int, *, real: bool = True) -> BlockEncodingCost:
    """Count `circuits.dense_encoding.row_block_encoding` of a matrix in general.

    Parameters
    ----------
    system_qubits
        n, at least 1.
    real
        Whether the matrix is.

    Returns
    -------
    BlockEncodingCost
        As exact as `frobenius_block_encoding_cost`.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    n = system_qubits
    require_count(n, "system_qubits", 1)
    circuits = []
    for controls in (0, 1):
        total = index_state_cost(n, controlled=bool(controls)) + layer(CX, n)
        total += multiplexed_state_cost(n + controls, n, real=real)
        circuits.append(total + rotation_from_zero_cost(n + controls))
    return _encoding(n, n + 1, *circuits)


def dilation_block_encoding_cost(system_qubits: int) -> BlockEncodingCost:
    """Count `circuits.dense_encoding.dilation_block_encoding`, ``demultiplexed=True``.

    Parameters
    ----------
    system_qubits
        n, at least 1.

    Returns
    -------
    BlockEncodingCost
        Gates exact for a complex matrix in general, for a real one an upper bound. There is no
        controlled circuit.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    require_count(system_qubits, "system_qubits", 1)
    circuit = isometry_cost(system_qubits)
    # An isometry of one qubit leaves no residual.
    if system_qubits > 1:
        circuit += unitary_cost(system_qubits)
    return _encoding(system_qubits, 1, circuit)


def dilation_block_encoding_bound(system_qubits: int) -> BlockEncodingCost:
    """Bound the gates of `circuits.dense_encoding.dilation_block_encoding`, column by column.

    Qiskit eliminates the columns and optimises what comes out.

    Parameters
    ----------
    system_qubits
        n, at least 1.

    Returns
    -------
    BlockEncodingCost
        ``5 * 4**n / 2`` CX and ``8 * 4**n`` rotations, held against circuits of up to 6 qubits,
        which take 2.0 to 2.3 and 7 times ``4**n`` from n = 3 on. There is no controlled circuit.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    require_count(system_qubits, "system_qubits", 1)
    columns = 4**system_qubits
    circuit = GateCounts(
        two_qubit_gates=5 * columns // 2,
        rotations=8 * columns,
        two_qubit_depth=5 * columns // 2,
        rotation_depth=8 * columns,
    )
    return _encoding(system_qubits, 1, circuit)


def _encoding(
    system: int, signal: int, circuit: GateCounts, controlled: GateCounts | None = None
) -> BlockEncodingCost:
    circuit = replace(circuit, qubits=system + signal)
    if controlled is not None:
        controlled = replace(controlled, qubits=system + signal + 1)
    return BlockEncodingCost(circuit, system, signal, controlled)
