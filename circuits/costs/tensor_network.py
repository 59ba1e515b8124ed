"""Costs of networks of two-qubit gates that prepare matrix product states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from circuits.costs.counts import Count, GateCounts
from circuits.costs.gates import layer
from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.costs.matrix_product_state import mps_preparation_cost
from circuits.costs.multiplexed import require_count
from circuits.costs.state_preparation import state_preparation_cost
from circuits.tensor_network.real_isometry import MOST_EXTRA_GATES, fewest_gates


def gate_network_cost(
    sites: int, pairs: Iterable[tuple[int, int]], *, real: bool = True
) -> GateCounts:
    """Count the circuit of a `circuits.tensor_network.gate_network.GateNetwork`.

    Parameters
    ----------
    sites
        Number of qubits.
    pairs
        Sites of each gate, in the order of time, as `GateNetwork.sequence` has them.
    real
        Whether the gates are, of determinant 1.

    Returns
    -------
    GateCounts
        Gates exact for gates in general: 2 CX and 18 rotations if real, 3 and 24 if not; on two
        sites that are still in 0, 1 and 7, and on one such site 2 and 18, or 21 if not real. In a
        time linear in the number of gates.
    """
    touched: set[int] = set()
    levels: dict[int, tuple[Count, Count]] = {}
    total = GateCounts()
    for pair in pairs:
        gate = _gate_cost(2 - len(touched & {*pair}), real)
        total += gate
        reached = [levels.get(site, (0, 0)) for site in pair]
        level = (
            max(two_qubit for two_qubit, _ in reached) + gate.two_qubit_depth,
            max(rotation for _, rotation in reached) + gate.rotation_depth,
        )
        levels.update(dict.fromkeys(pair, level))
        touched |= {*pair}
    return replace(
        total,
        qubits=sites,
        two_qubit_depth=max((two_qubit for two_qubit, _ in levels.values()), default=0),
        rotation_depth=max((rotation for _, rotation in levels.values()), default=0),
    )


def staircase_cost(sites: int, *, real: bool = True) -> GateCounts:
    """Count the circuit of `circuits.tensor_network.gate_network.staircase`, for bonds of 2.

    Parameters
    ----------
    sites
        Number n of qubits, at least 2.
    real
        Whether the tensors are.

    Returns
    -------
    GateCounts
        A gate on each pair of neighbours, ``2 n - 3`` CX. Gates exact, but for 3 rotations less
        where a gate happens to be the identity.

    Raises
    ------
    ValueError
        If there are fewer sites.
    """
    require_count(sites, "sites", 2)
    steps = (sites - 2) * _gate_cost(1, real)
    return replace(_gate_cost(2, real) + steps, qubits=sites)


def brick_wall_cost(sites: int, layers: int, *, real: bool = True) -> GateCounts:
    """Count the circuit of `circuits.tensor_network.brick_wall.brick_wall`.

    Parameters
    ----------
    sites
        Number n of qubits, at least 2.
    layers
        Number l of layers, from 1 to n - 1.
    real
        Whether the gates are, of determinant 1.

    Returns
    -------
    GateCounts
        Gates exact for gates in general; at most ``2 l - 1`` layers of CX if real, ``3 l - 2`` if
        not.

    Raises
    ------
    ValueError
        If there are fewer sites, or there is no layer or too many.
    """
    require_count(sites, "sites", 2)
    if not 1 <= layers < sites:
        raise ValueError(f"layers = {layers}: from 1 to sites - 1 = {sites - 1} are needed")
    even, odd = sites // 2, (sites - 1) // 2
    # With an odd number of sites, the last one waits for the second layer.
    joining = sites % 2 if layers > 1 else 0
    others = (layers - 1) // 2 * even + layers // 2 * odd - joining
    first, join, general = (_gate_cost(fresh, real) for fresh in (2, 1, 0))
    gates = first * even + join * joining + general * others
    behind = layer(general, 1) * (layers - 1)
    return replace(
        gates,
        qubits=sites,
        two_qubit_depth=first.two_qubit_depth + behind.two_qubit_depth,
        rotation_depth=first.rotation_depth + behind.rotation_depth,
    )


def exact_network_bound(sites: int, bond: int) -> GateCounts:
    """Bound the circuit of `circuits.tensor_network.exact_network.exact_network`.

    Parameters
    ----------
    sites
        Number of qubits, more than hold the bond.
    bond
        Largest bond, at least 3.

    Returns
    -------
    GateCounts
        Upper bound: of each isometry the numerical search may take up to three gates more than its
        parameters ask for. Mostly it takes none, and the circuit has as many CX as
        `circuits.tensor_network.exact_network.fewest_two_qubit_gates` says.

    Raises
    ------
    ValueError
        If the bond is smaller, or there are too few sites.
    """
    require_count(bond, "bond", 3)
    held = (bond - 1).bit_length()
    require_count(sites, "sites", held + 1)
    blocks = [(min(site, held), min(site + 1, held)) for site in range(sites - held)]
    gates = sum(fewest_gates(2 ** (right + 1), 2**left, True) for left, right in blocks)
    gates += fewest_gates(2**held, 2**held, False) + MOST_EXTRA_GATES * (len(blocks) + 1)
    return replace(_gate_cost(2, True) + (gates - 1) * _gate_cost(0, True), qubits=sites)


def prepare_mps_bound(sites: int, bond: int, *, real: bool = True) -> GateCounts:
    """Bound the circuit of `circuits.tensor_network.preparation.prepare_mps` of fewest gates.

    Parameters
    ----------
    sites, bond, real
        As of `mps_preparation_cost`, the state truncated as far as the fidelity asked for allows.

    Returns
    -------
    GateCounts
        Upper bound on CX: those of the state prepared site by site, which anything else that is
        taken has to beat. Rotations: for each of them as many as a gate of a network has.

    Raises
    ------
    ValueError
        If a number is not positive.
    """
    direct = mps_preparation_cost(sites, bond, real=real)
    join = _gate_cost(1, real)
    # Of all gates one that joins a site has the most rotations for a CX.
    first = _gate_cost(2, real).rotations
    rotations = first + direct.two_qubit_gates * join.rotations // join.two_qubit_gates
    return replace(
        direct,
        rotations=max(direct.rotations, rotations),
        two_qubit_depth=direct.two_qubit_gates,
        rotation_depth=max(direct.rotation_depth, rotations),
    )


def _gate_cost(fresh: int, real: bool) -> GateCounts:
    """Count a gate of which so many qubits are still in 0."""
    if fresh == 2:
        return state_preparation_cost(2, real=real)
    return isometry_cost(1) if fresh and not real else unitary_cost(2, real=real)
