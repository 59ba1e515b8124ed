"""Costs of graph states with a matrix on each qubit, and of the ways that prepare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts
from circuits.costs.gates import CP, CX, MEASUREMENT, RESET, ROTATION, TURN, layer, side_by_side
from circuits.costs.isometry import isometry_cost, unitary_cost
from circuits.costs.matrix_product_state import mps_preparation_bound
from circuits.costs.multiplexed import require_count
from circuits.graph_state.ground_path import Stage


def graph_state_cost(qubits: int, edges: int) -> GateCounts:
    """Count `circuits.graph_state.graph.graph_state`: a CZ for each edge, one after another."""
    return replace(edges * CX, qubits=qubits)


def filtered_graph_state_cost(
    qubits: int,
    edges: int,
    *,
    filtered: int,
    turned: int = 0,
    projected: int = 0,
    reuse: bool = False,
) -> GateCounts:
    """Count `circuits.graph_state.filters.filtered_graph_state`.

    Parameters
    ----------
    qubits, edges
        Of the graph.
    filtered
        Number of qubits, not projected, whose matrix is not unitary.
    turned
        Number of those whose matrix is unitary, but no multiple of the identity.
    projected
        Number of projected qubits.
    reuse
        Whether one ancilla serves all filters.

    Returns
    -------
    GateCounts
        Gates exact: for each filter one CX, 8 rotations and a measurement.

    Raises
    ------
    ValueError
        If there are fewer qubits in all.
    """
    require_count(qubits, "qubits", filtered + turned + projected)
    step = side_by_side(TURN, ROTATION)
    one_filter = step + CX + step + MEASUREMENT
    if reuse:
        filters = filtered * one_filter + max(0, filtered - 1) * RESET
    else:
        filters = layer(one_filter, filtered)
    others = side_by_side(layer(TURN, turned), layer(TURN + MEASUREMENT, projected))
    ancillas = min(filtered, 1) if reuse else filtered
    total = graph_state_cost(qubits, edges) + filters + others
    return replace(total, qubits=qubits + ancillas)


def tree_preparation_cost(qubits: int, trees: int = 1, *, kept: int | None = None) -> GateCounts:
    """Count `circuits.graph_state.tree.tree_preparation`.

    Parameters
    ----------
    qubits
        Of the forest.
    trees
        Number of trees with a qubit that is not projected.
    kept
        Number of these qubits; all by default.

    Returns
    -------
    GateCounts
        With k qubits kept in t trees ``2 (k - t)`` CX and ``21 (k - t) + 3 t`` rotations. Gates
        exact for complex matrices in general; real ones may take 3 rotations less for each
        isometry.

    Raises
    ------
    ValueError
        If there are more trees than qubits kept, or more kept than there are.
    """
    left = qubits if kept is None else kept
    require_count(qubits, "qubits", left)
    require_count(left, "kept", trees)
    return replace((left - trees) * isometry_cost(1) + layer(TURN, trees), qubits=qubits)


def chain_preparation_bound(
    qubits: int, frontier: int, *, kept: int | None = None, real: bool = True
) -> GateCounts:
    """Bound the gates of `circuits.graph_state.chain.chain_preparation`.

    Parameters
    ----------
    qubits
        Of the graph.
    frontier
        As `circuits.graph_state.chain.chain_order` finds it.
    kept
        Number of qubits that are not projected; all by default.
    real
        Whether the matrices are.

    Returns
    -------
    GateCounts
        Upper bounds: those of a matrix product state of bonds of ``2**frontier``.

    Raises
    ------
    ValueError
        If more qubits are kept than there are.
    """
    left = qubits if kept is None else kept
    require_count(qubits, "qubits", left)
    if not left:
        return GateCounts(qubits=qubits)
    bonds = [2 ** min(frontier, k, left - k) for k in range(1, left)]
    return replace(mps_preparation_bound(bonds, real=real), qubits=qubits)


def kernel_frame_bound(qubits: int, *, plain: bool = False) -> GateCounts:
    """Bound the gates of `circuits.graph_state.parent.kernel_frame`.

    Parameters
    ----------
    qubits
        Number k of qubits of the term, at least 1.
    plain
        Whether it is a stabiliser's.

    Returns
    -------
    GateCounts
        Exact for plain terms, and for complex ones of up to two qubits; else an upper bound, as
        parts of an isometry happen to be diagonal.

    Raises
    ------
    ValueError
        If there is no qubit.
    """
    require_count(qubits, "qubits", 1)
    if plain:
        return replace((qubits - 1) * CX, qubits=qubits)
    # With one qubit before, the isometry leaves no residual.
    behind = unitary_cost(qubits - 1) if qubits > 2 else GateCounts()
    return isometry_cost(qubits - 1) + behind


def parent_step_bound(
    system_qubits: int, terms: Iterable[int], plain_terms: Iterable[int] = ()
) -> GateCounts:
    """Bound one controlled step of `circuits.graph_state.parent_evolution.ParentEvolution`.

    Parameters
    ----------
    system_qubits
        Of the system.
    terms, plain_terms
        Numbers of qubits of the terms that are not plain, and of those that are.

    Returns
    -------
    GateCounts
        For each term its frame, a controlled phase and the frame undone. Exact where the frames
        are; see `kernel_frame_bound`.

    Raises
    ------
    ValueError
        If a term has no qubit.
    """
    frames = [kernel_frame_bound(size) for size in terms]
    frames += [kernel_frame_bound(size, plain=True) for size in plain_terms]
    total = GateCounts()
    for frame in frames:
        total += 2 * frame + CP
    return replace(total, qubits=system_qubits + 1)


def path_preparation_bound(
    qubits: int,
    edges: int,
    steps: Sequence[GateCounts],
    stages: Sequence[Stage],
    *,
    turned: int | None = None,
    projected: int = 0,
) -> GateCounts:
    """Bound the gates of `circuits.graph_state.ground_path.path_preparation`.

    Parameters
    ----------
    qubits, edges
        Of the graph.
    steps
        For each stage, one controlled step; see `parent_step_bound`.
    stages
        As there.
    turned
        Number of qubits whose matrix is not positive, so that a gate follows; all by default.
    projected
        Number of qubits that are measured.

    Returns
    -------
    GateCounts
        Those of a run without failure, exact where the steps are.

    Raises
    ------
    ValueError
        If there is not one step for each stage.
    """
    if len(steps) != len(stages):
        raise ValueError(f"steps has {len(steps)} entries: one is needed for each of the stages")
    total = graph_state_cost(qubits, edges)
    for step, stage in zip(steps, stages, strict=True):
        bits = stage.rounds * stage.clock_bits
        total += stage.steps * step + bits * (RESET + MEASUREMENT)
    turns = layer(TURN, qubits if turned is None else turned)
    read = layer(MEASUREMENT, projected)
    return replace(total + turns + read, qubits=qubits + 1)
