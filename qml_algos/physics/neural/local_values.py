"""Local values of an operator in a wave function whose amplitudes can be read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.configurations import Bits
from qml_algos.physics.hamiltonians.connections import Connections
from qml_algos.physics.states.wave_function import WaveFunction

_AT_ONCE = 2**14
"""Configurations whose amplitudes are asked for at a time."""


def local_values(state: WaveFunction, connections: Connections, bits: Bits) -> NDArray[Any]:
    """Return ``sum_s' <s|H|s'> psi(s') / psi(s)`` for rows s of bits; shape ``(samples,)``.

    Reads ``F + 1`` amplitudes for each row, F the number of sets of spins that the operator flips.

    Parameters
    ----------
    state
        Whose amplitudes may vanish, but not on the rows given.
    connections
        `SpinHamiltonian.connections`, or `connections_of` another operator.
    bits
        Shape ``(samples, qubits)``.
    """
    portion = max(1, _AT_ONCE // len(connections.flips))
    parts = np.split(bits, range(portion, len(bits), portion))
    return np.concatenate([_portion(state, connections, part) for part in parts])


def _portion(state: WaveFunction, connections: Connections, bits: Bits) -> NDArray[Any]:
    flips = connections.flips.astype(np.int8)
    connected = (bits ^ flips[:, None]).reshape(-1, bits.shape[1])
    logs = state.log_amplitudes(connected).reshape(len(flips), len(bits))
    ratios = np.exp(logs - state.log_amplitudes(bits))
    return np.asarray(np.sum(connections.elements(bits) * ratios, axis=0))
