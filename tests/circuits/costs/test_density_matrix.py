"""Costs of evolutions under a density matrix, held against what is counted."""

import math

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.costs import GateCounts, count_gates
from circuits.costs.density_matrix import (
    controlled_swap_cost,
    copies_of_bits,
    copy_phase_estimation_cost,
    copy_powers_cost,
    density_matrix_exponentiation_cost,
    iterative_copy_phase_estimation_cost,
    partial_swap_cost,
    walk_powers_cost,
)
from circuits.density_matrix import (
    CopyEvolution,
    WalkEvolution,
    copy_phase_estimation,
    density_matrix_exponentiation,
    iterative_copy_phase_estimation,
    partial_swap,
    purified_data,
)
from circuits.density_matrix.partial_swap import controlled_swap

QUBITS = [1, 2, 3]


def _copy(qubits, samples=3):
    """Prepare a density matrix of a rank up to the number of samples."""
    data = np.random.default_rng(qubits).normal(size=(samples, 2**qubits))
    return purified_data(data).circuit


@pytest.mark.parametrize("qubits", [1, 2, 3, 6])
def test_partial_swaps_are_exact(qubits):
    check_closed_form(partial_swap_cost(qubits), partial_swap(qubits, 0.3))
    check_closed_form(controlled_swap_cost(qubits), controlled_swap(qubits))
    cost = partial_swap_cost(1, controlled=False)
    check_closed_form(cost, partial_swap(1, 0.3, controlled=False))


@pytest.mark.parametrize("controlled", [False, True])
@pytest.mark.parametrize("qubits", QUBITS)
def test_exponentiation_is_exact(qubits, controlled):
    copy = _copy(qubits)
    circuit = density_matrix_exponentiation(copy, qubits, 0.4, 3, controlled=controlled)
    cost = density_matrix_exponentiation_cost(count_gates(copy), qubits, 3, controlled=controlled)
    check_closed_form(cost, circuit)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize(("qubits", "clock", "copies"), [(1, 1, 2), (1, 3, 12), (2, 4, 25)])
def test_phase_estimations_from_copies_are_exact(qubits, clock, copies, samples):
    copy = _copy(qubits, samples)
    circuit = copy_phase_estimation(copy, qubits, clock, 0.7, copies).circuit
    cost = copy_phase_estimation_cost(count_gates(copy), qubits, clock, copies)
    check_closed_form(cost, circuit)
    circuit = iterative_copy_phase_estimation(copy, qubits, clock, 0.7, copies).circuit
    cost = iterative_copy_phase_estimation_cost(count_gates(copy), qubits, clock, copies)
    check_closed_form(cost, circuit)


@pytest.mark.parametrize(("clock", "copies"), [(1, 2), (2, 10), (5, 6), (5, 37), (8, 1000)])
def test_copies_are_shared_out_as_the_circuit_does(clock, copies):
    copy = _copy(1)
    taken = copy_phase_estimation(copy, 1, 1, 0.3, 2).copies
    assert taken == 2
    shares = copies_of_bits(clock, copies)
    step = (2**clock - 1) / (copies - 1 - clock) if copies > 1 + clock else math.inf
    evolution = CopyEvolution(copy, 1, step)
    assert sum(shares) == evolution.copies(clock, 1.0) <= copies - 1


@pytest.mark.parametrize("qubits", QUBITS)
def test_powers_of_copies_and_of_the_walk_are_exact(qubits):
    copy = _copy(qubits)
    counted = count_gates(copy)
    evolution = CopyEvolution(copy, qubits, 1.0)
    powers = evolution.controlled_powers(2, 1.0)
    check_closed_form(copy_powers_cost(counted, qubits, [1, 2]), powers)
    walk = WalkEvolution(copy, qubits)
    check_closed_form(walk_powers_cost(counted, qubits, 3), walk.controlled_powers(3, 1.0))


def test_many_qubits_bits_and_copies_are_counted_in_whole_numbers():
    copy = GateCounts(qubits=100, two_qubit_gates=99)
    cost = copy_phase_estimation_cost(copy, 100, 50, 10**30)
    assert cost.two_qubit_gates % 1 == 0
    assert 10**30 * (99 + 798) * 0.99 < cost.two_qubit_gates < 10**30 * (99 + 798) * 1.01
    assert walk_powers_cost(copy, 100, 60).toffolis == 100 * (2**60 - 1)


def test_copies_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="copy has 1 qubits: at least system_qubits = 2"):
        density_matrix_exponentiation_cost(GateCounts(qubits=1), 2, 1)
    with pytest.raises(ValueError, match="copies = 3: at least 4"):
        copies_of_bits(3, 3)
    with pytest.raises(ValueError, match="more than 1 need controlled"):
        partial_swap_cost(2, controlled=False)
