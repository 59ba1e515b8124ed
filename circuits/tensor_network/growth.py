"""Gate networks grown gate by gate to a fidelity, or to as many gates as are allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from numpy.typing import NDArray

from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork
from circuits.tensor_network.optimisation import optimised, with_more_gates
from circuits.tensor_network.prepared import Compiler, PreparedMPS, prepared_by_network

Matrix = NDArray[Any]
Trial = TypeVar("Trial")

_ITERATIONS = 500
_TURNS = 50_000
"""Of a gate in an iteration, which the optimisation of a round has in all."""

_LEAST_GAIN = 1e-7

_SHARES = 8
"""Of a round, to which the number of its gates is found."""


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
    network = optimised(start, state, _ITERATIONS, fidelity)
    best = prepared_by_network(state, network, "network", compiled)
    if best.two_qubit_gates > limit:
        return None

    def after_round(gates: int) -> GateNetwork:
        iterations = min(_ITERATIONS, _TURNS // len(network.gates) + 1)
        return with_more_gates(network, state, pairs, gates, iterations, fidelity)

    def made(network: GateNetwork) -> PreparedMPS:
        return prepared_by_network(state, network, "network", compiled)

    def reaches(network: GateNetwork) -> bool:
        return bool(abs(environments(network, state).overlap) ** 2 >= fidelity)

    def ends(prepared: PreparedMPS) -> bool:
        return prepared.fidelity >= fidelity or prepared.two_qubit_gates > limit

    blocks = len(network.pairs)
    while best.fidelity < fidelity:
        larger = after_round(blocks)
        prepared = made(larger)
        if prepared.two_qubit_gates > limit:
            fewer, more = _bisected(best, prepared, blocks, lambda k: made(after_round(k)), ends)
            return fewer if more.two_qubit_gates > limit else more
        if prepared.fidelity >= fidelity:
            # Fewer gates are within the limit too: no circuit needs to be written to count them.
            return made(_bisected(network, larger, blocks, after_round, reaches)[1])
        if prepared.fidelity < best.fidelity + _LEAST_GAIN:
            break
        if not hopeful and _out_of_reach(best, prepared, fidelity, limit):
            break
        network, best = larger, prepared
    return best


def _out_of_reach(before: PreparedMPS, after: PreparedMPS, fidelity: float, limit: float) -> bool:
    """Extrapolate the loss of the last round to the limit."""
    added = max(1, after.two_qubit_gates - before.two_qubit_gates)
    rounds = (limit - after.two_qubit_gates) / added
    least, last, previous = (-math.log(f) for f in (fidelity, after.fidelity, before.fidelity))
    return last * (last / previous) ** rounds > least


def _bisected(
    fewer: Trial,
    more: Trial,
    gates: int,
    after_round: Callable[[int], Trial],
    ends: Callable[[Trial], bool],
) -> tuple[Trial, Trial]:
    """Find how many new gates end the growth; what there is with hardly fewer, and with these."""
    low, high = 0, gates
    step = max(1, gates // _SHARES)
    while high - low > step:
        middle = (low + high) // 2
        trial = after_round(middle)
        if ends(trial):
            high, more = middle, trial
        else:
            low, fewer = middle, trial
    return fewer, more
