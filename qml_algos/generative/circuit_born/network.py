"""Networks of few gates that approximate the state of a trained model."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from circuits.matrix_product_state import compress, truncate
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.optimisation import optimised, with_more_gates

Tensors = Sequence[NDArray[Any]]

_LARGEST_WINDOW = 4
"""Qubits of a block in which gates meet: enough for bonds of 8."""
_ITERATIONS = 200


def mps_network(cores: Tensors, rounds: int) -> GateNetwork:
    """Approximate a real matrix product state by rotations of pairs of qubits.

    Parameters
    ----------
    cores
        Shape ``(left bond, 2, right bond)``, two or more.
    rounds
        At least 1. The first makes the state truncated to bond 2, exactly, by a staircase; in each
        other one a gate joins every block of up to four qubits, where it gains most, and all are
        optimised.

    References
    ----------
    M. S. Rudolph, J. Chen, J. Miller, A. Acharya, A. Perdomo-Ortiz, Quantum Sci. Technol. 9, 015012
    (2024), arXiv:2209.00595.
    """
    state, _ = compress(list(cores), 0.0)
    bond = max(core.shape[2] for core in state)
    window = max(2, min((bond - 1).bit_length() + 1, _LARGEST_WINDOW, len(state)))
    pairs = list(itertools.combinations(range(window), 2))
    network = optimised(staircase(truncate(state, 2), window), state, _ITERATIONS)
    for _ in range(rounds - 1):
        network = with_more_gates(network, state, pairs, len(network.pairs), _ITERATIONS)
    return network
