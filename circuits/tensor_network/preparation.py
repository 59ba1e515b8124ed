"""The circuit of fewest two-qubit gates that prepares a matrix product state well enough."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.transpiler import Target

from circuits.matrix_product_state import compress, mps_inner_product, mps_preparation, truncate
from circuits.tensor_network.environments import environments
from circuits.tensor_network.exact_network import exact_network, fewest_two_qubit_gates
from circuits.tensor_network.gate_network import GateNetwork, staircase
from circuits.tensor_network.optimisation import optimised, with_more_gates

Matrix = NDArray[Any]

EXACT = 1e-12
"""Infidelity that counts as rounding."""

LARGEST_SEARCHED = 16
"""Largest bond of a real state whose exact circuit is searched for."""

LARGEST_WINDOW = 6
"""Qubits of a block of a gate network; the cost of optimisation is as four to this power."""

_ITERATIONS = 500
_LEAST_GAIN = 1e-7
_TRANSPILER_SEED = 0


@dataclass(frozen=True)
class PreparedMPS:
    """Circuit that prepares a matrix product state from ``|0...0>``.

    Attributes
    ----------
    circuit
        One qubit for each site, site 0 the most significant; not transpiled.
    fidelity
        Squared overlap with the state asked for, computed from the tensors.
    method
        ``"sequential"``: one isometry for each site, of the state or of a truncated one, by
        closed formulas. ``"network"``: two-qubit gates found numerically.
    two_qubit_gates
        Of the circuit, or of what it is transpiled to if a target was given.
    """

    circuit: QuantumCircuit
    fidelity: float
    method: Literal["sequential", "network"]
    two_qubit_gates: int


def prepare_mps(
    tensors: Sequence[Matrix],
    *,
    fidelity: float = 1.0,
    max_two_qubit_gates: int | None = None,
    target: Target | None = None,
) -> PreparedMPS:
    r"""Prepare a matrix product state to a fidelity, with few two-qubit gates.

    Parameters
    ----------
    tensors
        One array ``(left bond, 2, right bond)`` for each site, real or complex, in any gauge and
        of any norm; the outer bonds are 1. Real ones take gates of 2 CX, complex ones of 3.
    fidelity
        Least squared overlap, above 0 and at most 1.
    max_two_qubit_gates
        None for as many as it takes. A limit goes before the fidelity: if both cannot be had, the
        best state found within the limit is returned, and its ``fidelity`` says so.
    target
        Device to count gates on. Unless all its qubits are coupled, gates of a network are on
        neighbouring sites only, which takes no SWAP where the device has a line of qubits.

    Returns
    -------
    PreparedMPS
        The cheapest of three. The state, truncated as far as the fidelity allows, site by site:
        by closed formulas (`mps_preparation`), or if real and of bonds 3 to 16 by a numerical
        search (`exact_network`). Or a staircase of gates that is exact at bond 2, to which gates
        are added where they gain most, one in each block of sites, all being optimised again
        after each round: a round costs O(500 g 4**w) for g gates and bonds ``2**(w-1)``; w is at
        most `LARGEST_WINDOW`.

    Raises
    ------
    ValueError
        If a tensor or bond has the wrong shape or is not finite, the vector is zero, or an
        argument is out of its range.

    References
    ----------
    S.-J. Ran, Phys. Rev. A 101, 032310 (2020), arXiv:1908.07958. M. Rudolph et al., Quantum Sci.
    Technol. 9, 015012 (2024), arXiv:2209.00595.
    """
    arrays = [np.asarray(tensor) for tensor in tensors]
    _require_arguments(arrays, fidelity, max_two_qubit_gates, target)
    state, _ = compress(arrays, 0.0)
    count = _counter(target)
    # Unit vectors of this fidelity are this far apart.
    distance = math.sqrt(2 - 2 * math.sqrt(fidelity))
    enough, _ = compress(state, distance)
    bond = max(tensor.shape[2] for tensor in enough)
    limit = math.inf if max_two_qubit_gates is None else max_two_qubit_gates
    direct = _exact(state, enough, limit, count)
    within = direct.two_qubit_gates <= limit
    if within and (bond <= 2 or fidelity > 1 - EXACT):
        return direct
    if bond <= 2:
        return _best_truncated(state, limit, count)
    limit = min(limit, direct.two_qubit_gates - 1)
    window = min((bond - 1).bit_length() + 1, LARGEST_WINDOW)
    network = _grown_network(state, window, fidelity, limit, count, _pairs(window, target))
    if within:
        return direct if network is None or network.fidelity < fidelity else network
    return network or _best_truncated(state, limit, count)


def _grown_network(
    state: Sequence[Matrix],
    window: int,
    fidelity: float,
    limit: float,
    count: Callable[[QuantumCircuit], int],
    pairs: Sequence[tuple[int, int]],
) -> PreparedMPS | None:
    """Grow a network to the fidelity or the limit; None if the limit is below its start."""
    network = optimised(staircase(truncate(state, 2), window), state, _ITERATIONS)
    best = _network(state, network, count)
    if best.two_qubit_gates > limit:
        return None

    def after_round(gates: int) -> tuple[GateNetwork, PreparedMPS]:
        larger = with_more_gates(network, state, pairs, gates, _ITERATIONS)
        return larger, _network(state, larger, count)

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


def _network(
    state: Sequence[Matrix], network: GateNetwork, count: Callable[[QuantumCircuit], int]
) -> PreparedMPS:
    circuit = network.circuit()
    fidelity = min(1.0, abs(environments(network, state).overlap) ** 2)
    return PreparedMPS(circuit, fidelity, "network", count(circuit))


def _exact(
    state: Sequence[Matrix],
    truncated: Sequence[Matrix],
    limit: float,
    count: Callable[[QuantumCircuit], int],
) -> PreparedMPS:
    """Prepare a truncated state exactly, by the cheaper method; no search if above the limit."""
    sequential = _sequential(state, truncated, count)
    bond = max(tensor.shape[2] for tensor in truncated)
    if not 3 <= bond <= LARGEST_SEARCHED or any(map(np.iscomplexobj, truncated)):
        return sequential
    if fewest_two_qubit_gates(len(truncated), bond) > limit:
        return sequential
    network = exact_network(truncated)
    if network is None:
        return sequential
    searched = _network(state, network, count)
    return min(searched, sequential, key=lambda prepared: prepared.two_qubit_gates)


def _sequential(
    state: Sequence[Matrix], truncated: Sequence[Matrix], count: Callable[[QuantumCircuit], int]
) -> PreparedMPS:
    circuit = mps_preparation(truncated)
    fidelity = min(1.0, abs(mps_inner_product(state, truncated)) ** 2)
    return PreparedMPS(circuit, fidelity, "sequential", count(circuit))


def _best_truncated(
    state: Sequence[Matrix], limit: float, count: Callable[[QuantumCircuit], int]
) -> PreparedMPS:
    """Truncate the state to bond 2 if that is within the limit, to a product state otherwise."""
    chain = _sequential(state, truncate(state, 2), count)
    if chain.two_qubit_gates <= limit:
        return chain
    return _sequential(state, truncate(state, 1), count)


def _pairs(window: int, target: Target | None) -> list[tuple[int, int]]:
    """Places in a window that may be coupled."""
    if target is None or _all_coupled(target):
        return list(itertools.combinations(range(window), 2))
    return list(itertools.pairwise(range(window)))


def _all_coupled(target: Target) -> bool:
    coupling = target.build_coupling_map()
    if coupling is None:
        return True
    coupled = {frozenset(edge) for edge in coupling.get_edges()}
    return len(coupled) == math.comb(coupling.size(), 2)


def _counter(target: Target | None) -> Callable[[QuantumCircuit], int]:
    """Count two-qubit gates, of a circuit or of what a device would run."""

    def count(circuit: QuantumCircuit) -> int:
        if target is not None:
            circuit = transpile(
                circuit, target=target, optimization_level=2, seed_transpiler=_TRANSPILER_SEED
            )
        return int(circuit.num_nonlocal_gates())

    return count


def _require_arguments(
    tensors: Sequence[Matrix], fidelity: float, limit: int | None, target: Target | None
) -> None:
    for site, tensor in enumerate(tensors):
        if not np.all(np.isfinite(tensor)):
            raise ValueError(f"tensors[{site}] contains NaN or infinity: entries must be finite")
    if not 0 < fidelity <= 1:
        raise ValueError(f"fidelity is {fidelity}: above 0 and at most 1 is needed")
    if limit is not None and limit < 0:
        raise ValueError(f"max_two_qubit_gates is {limit}: 0 or more is needed, or None")
    qubits = None if target is None else target.num_qubits
    if qubits is not None and qubits < len(tensors):
        raise ValueError(f"target has {qubits} qubits: {len(tensors)} are needed, one for a site")
