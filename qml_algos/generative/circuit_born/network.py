"""Networks of few gates that approximate the state of a trained model."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from circuits.matrix_product_state import compress, truncate
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.optimisation import optimised, with_more_gates

Tensors = Sequence[NDArray[Any]]

_LARGEST_WINDOW = 4
"""Qubits of a block in which gates meet: enough for bonds of 8."""
_ITERATIONS = 200
_STUCK = 1e-3
"""Gain of fidelity by a round that calls for a push."""
_PUSH = 0.03
"""Of gates, radians."""
_SEED = 0


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

    Notes
    -----
    New gates start as identities, of which a symmetric state may make a saddle point: where a round
    gains nothing the gates are pushed a little, at random with a fixed seed, and optimised again.

    References
    ----------
    M. S. Rudolph, J. Chen, J. Miller, A. Acharya, A. Perdomo-Ortiz, Quantum Sci. Technol. 9, 015012
    (2024), arXiv:2209.00595.
    """
    state, _ = compress(list(cores), 0.0)
    bond = max(core.shape[2] for core in state)
    window = max(2, min((bond - 1).bit_length() + 1, _LARGEST_WINDOW, len(state)))
    pairs = list(itertools.combinations(range(window), 2))
    generator = np.random.default_rng(_SEED)
    network = optimised(staircase(truncate(state, 2), window), state, _ITERATIONS)
    reached = _fidelity(network, state)
    for _ in range(rounds - 1):
        network = with_more_gates(network, state, pairs, len(network.pairs), _ITERATIONS)
        before, reached = reached, _fidelity(network, state)
        if reached < before + _STUCK:
            pushed = optimised(_pushed(network, generator), state, _ITERATIONS)
            if _fidelity(pushed, state) > reached:
                network, reached = pushed, _fidelity(pushed, state)
    return network


def _fidelity(network: GateNetwork, state: Tensors) -> float:
    return abs(environments(network, state).overlap) ** 2


def _pushed(network: GateNetwork, generator: np.random.Generator) -> GateNetwork:
    noise = generator.normal(scale=_PUSH, size=network.gates.shape)
    turns = scipy.linalg.expm(noise - noise.swapaxes(1, 2))
    return network.with_gates(turns @ network.gates)
