"""Costs of product formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from circuits.costs.counts import GateCounts, count_gates
from circuits.costs.evolution import EvolutionCost
from circuits.costs.gates import CX, ROTATION
from circuits.costs.multiplexed import require_count
from circuits.product_formula import Group, ProductFormulaEvolution, group_cost
from circuits.splitting import Splitting

# A step ends with one of two strings turned on, from the second step on always with the same or
# with both in turn; four rounds bring back the sign of their product, too.
_FIRST, _PERIOD = 2, 8


def pauli_group_cost(group: Group) -> GateCounts:
    """Count what one group of a `circuits.product_formula.ProductFormula` takes.

    Parameters
    ----------
    group
        Parts of the formula that commute, each of strings that commute qubit by qubit.

    Returns
    -------
    GateCounts
        Gates exact: a rotation for each string, CX along the walk through their parities. Time
        grows with the number of strings, not with ``2**n``.
    """
    rotations = sum(len(part) for part in group)
    entangling = group_cost(group)
    return GateCounts(
        qubits=max(part.num_qubits for part in group),
        two_qubit_gates=entangling,
        rotations=rotations,
        two_qubit_depth=entangling,
        rotation_depth=rotations,
    )


def path_group_costs(qubits: int) -> tuple[GateCounts, ...]:
    """Count the groups of `circuits.path_evolution.path_formula`.

    Parameters
    ----------
    qubits
        n, at least 1.

    Returns
    -------
    tuple[GateCounts, ...]
        One rotation for the first matching; for the second, if there is one, ``2**n - 2``
        rotations and as many CX, exact.

    Raises
    ------
    ValueError
        If there are no qubits.
    """
    require_count(qubits, "qubits", 1)
    first, gates = replace(ROTATION, qubits=qubits), 2**qubits - 2
    second = replace(CX * gates + ROTATION * gates, qubits=qubits)
    return (first, second) if gates else (first,)


def product_formula_cost(
    groups: Sequence[GateCounts], splitting: Splitting, steps: int
) -> GateCounts:
    """Count ``ProductFormula.circuit``: an evolution in steps.

    Parameters
    ----------
    groups
        Cost of each group: `pauli_group_cost`, or `path_group_costs`.
    splitting
        How a step is made of stages.
    steps
        Number of steps, at least 1.

    Returns
    -------
    GateCounts
        Gates exact: stages that meet where two steps do are merged. Time does not grow with the
        number of steps.

    Raises
    ------
    ValueError
        If there are no steps.
    """
    require_count(steps, "steps", 1)
    stages = [group for group, _ in splitting.stages]
    total = sum((groups[group] for group in stages), GateCounts()) * steps
    if stages and stages[0] == stages[-1]:
        total += groups[stages[0]] * (1 - steps)
    return total


def product_formula_evolution_cost(
    groups: Sequence[GateCounts],
    splitting: Splitting,
    steps: int,
    time_qubits: int,
    *,
    toggle_weight: int,
    frame: GateCounts | None = None,
) -> EvolutionCost:
    """Count `circuits.product_formula.ProductFormulaEvolution` where one string K turns all terms.

    Parameters
    ----------
    groups, splitting
        As for `product_formula_cost`.
    steps
        Of half a unit of time: ``ProductFormulaEvolution.steps``.
    time_qubits
        Bits of time.
    toggle_weight
        Letters of K, which anticommutes with every term: n for `circuits.path_evolution`.
    frame
        Cost of the frame's circuit, if there is one.

    Returns
    -------
    EvolutionCost
        For bit j ``steps * 2**j`` steps, twice the weight in CX, and one rotation. Gates are exact.

    Raises
    ------
    ValueError
        If there are no groups, steps or bits.
    """
    require_count(len(groups), "groups", 1)
    require_count(time_qubits, "time_qubits", 1)
    qubits = int(groups[0].qubits)
    powers = (CX * (2 * toggle_weight) + ROTATION) * time_qubits
    for bit in range(time_qubits):
        powers += product_formula_cost(groups, splitting, steps << bit)
    enter = GateCounts(qubits) if frame is None else frame
    return EvolutionCost(qubits, replace(powers, qubits=qubits + time_qubits), enter, enter)


def pauli_evolution_cost(
    evolution: ProductFormulaEvolution, time_qubits: int, time: float
) -> EvolutionCost:
    """Count a `circuits.product_formula.ProductFormulaEvolution`, whatever strings turn its terms.

    Parameters
    ----------
    evolution
        Its terms are walked through a few times; the number of steps may be any.
    time_qubits
        Bits of time.
    time
        Of one unit.

    Returns
    -------
    EvolutionCost
        Gates exact: fewer than 18 steps are built and counted for each bit, and what eight of them
        take is added as often as there are more. Depths are those of gates one after
        another.

    Raises
    ------
    ValueError
        If there is no bit of time.
    """
    require_count(time_qubits, "time_qubits", 1)
    qubits, steps = evolution.system_qubits, evolution.steps(time)
    powers = sum((_power_cost(evolution, steps << bit) for bit in range(time_qubits)), GateCounts())
    enter, leave = count_gates(evolution.enter()), count_gates(evolution.leave())
    return EvolutionCost(qubits, replace(powers, qubits=qubits + time_qubits), enter, leave)


def _power_cost(evolution: ProductFormulaEvolution, steps: int) -> GateCounts:
    few = steps if steps < _FIRST + 2 * _PERIOD else _FIRST + (steps - _FIRST) % _PERIOD
    total = _built(evolution, few)
    if few < steps:
        more = _built(evolution, few + _PERIOD) + -1 * total
        total += more * ((steps - few) // _PERIOD)
    return replace(total, two_qubit_depth=total.two_qubit_gates, rotation_depth=total.rotations)


def _built(evolution: ProductFormulaEvolution, steps: int) -> GateCounts:
    return count_gates(evolution.controlled_powers(1, 2 * steps * evolution.longest_step))
