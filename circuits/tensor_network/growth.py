"""Gate networks grown gate by gate to a fidelity, or to as many gates as are allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.optimisation import optimised, with_more_gates
from circuits.tensor_network.prepared import Compiler, PreparedMPS, prepared_by_network

Matrix = NDArray[Any]

ITERATIONS = 500
"""Of the optimisation of each round, at most."""

_LEAST_GAIN = 1e-7


def grown_network(
    state: Sequence[Matrix],
    start: GateNetwork,
    fidelity: float,
    limit: float,
    compiled: Compiler,
    pairs: Sequence[tuple[int, int]],
    *,
    hopeful: bool,
) -> PreparedMPS | None:
    """Grow a network to the fidelity or the limit; None if the limit is below its start.

    Parameters
    ----------
    state
        Normalised, on as many sites as the network.
    start
        Network that is optimised first.
    fidelity, limit
        What ends the growth: the fidelity reached, or more two-qubit gates than the limit.
    compiled
        What a circuit becomes before its gates are counted.
    pairs
        Places in a window that gates may act on.
    hopeful
        Whether to grow on where the fidelity is out of reach. If not, growth ends where the loss,
        the negative logarithm of the fidelity, would be too large at the limit were it to fall in
        all further rounds by the factor that it fell by in the last.
    """
    network = optimised(start, state, ITERATIONS, fidelity)
    best = prepared_by_network(state, network, "network", compiled)
    if best.two_qubit_gates > limit:
        return None

    def after_round(gates: int) -> tuple[GateNetwork, PreparedMPS]:
        larger = with_more_gates(network, state, pairs, gates, ITERATIONS, fidelity)
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
        if not hopeful and _out_of_reach(best, prepared, fidelity, limit):
            break
        network, best = larger, prepared
    return best


def _out_of_reach(
    before: PreparedMPS, after: PreparedMPS, fidelity: float, limit: float
) -> bool:
    """Extrapolate the loss of the last round to the limit."""
    added = max(1, after.two_qubit_gates - before.two_qubit_gates)
    rounds = (limit - after.two_qubit_gates) / added
    least, loss, previous = (-math.log(f) for f in (fidelity, after.fidelity, before.fidelity))
    return loss * (loss / previous) ** rounds > least


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
