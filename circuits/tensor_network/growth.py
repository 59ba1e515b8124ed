"""Gate networks grown gate by gate to a fidelity, or to as many gates as are allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from circuits.matrix_product_state import truncate
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.optimisation import optimised, with_more_gates
from circuits.tensor_network.prepared import Compiler, PreparedMPS, prepared_by_network

Matrix = NDArray[Any]

_ITERATIONS = 500
_LEAST_GAIN = 1e-7


def grown_network(
    state: Sequence[Matrix],
    window: int,
    fidelity: float,
    limit: float,
    compiled: Compiler,
    pairs: Sequence[tuple[int, int]],
) -> PreparedMPS | None:
    """Grow a network to the fidelity or the limit; None if the limit is below its start.

    Parameters
    ----------
    state
        Normalised, on at least as many sites as a window has.
    window
        Qubits of a block.
    fidelity, limit
        What ends the growth: the fidelity reached, or more two-qubit gates than the limit.
    compiled
        What a circuit becomes before its gates are counted.
    pairs
        Places in a window that gates may act on.
    """
    network = optimised(staircase(truncate(state, 2), window), state, _ITERATIONS)
    best = prepared_by_network(state, network, "network", compiled)
    if best.two_qubit_gates > limit:
        return None

    def after_round(gates: int) -> tuple[GateNetwork, PreparedMPS]:
        larger = with_more_gates(network, state, pairs, gates, _ITERATIONS)
        return larger, prepared_by_network(state, larger, "network", compiled)

    def ends(prepared: PreparedMPS) -> bool:
        return prepared.fidelity >= fidelity or prepared.two_qubit_gates > limit

    blocks = len(network.pairs)
    while best.fidelity < fidelity:
        larger, prepared = after_round(blocks)
        if ends(prepared):
            return _last_round(best, prepared, blocks, limit, lambda k: after_round(k)[1], ends)
        if prepared.fidelity < best.fidelity + _LEAST_GAIN:
            break
        network, best = larger, prepared
    return best


def _last_round(
    fewer: PreparedMPS,
    more: PreparedMPS,
    gates: int,
    limit: float,
    after_round: Callable[[int], PreparedMPS],
    ends: Callable[[PreparedMPS], bool],
) -> PreparedMPS:
    """Find by bisection the fewest new gates that end the growth; one fewer if above the limit."""
    low, high = 0, gates
    while high - low > 1:
        middle = (low + high) // 2
        trial = after_round(middle)
        if ends(trial):
            high, more = middle, trial
        else:
            low, fewer = middle, trial
    return fewer if more.two_qubit_gates > limit else more
