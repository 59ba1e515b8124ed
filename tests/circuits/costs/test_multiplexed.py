"""Costs of multiplexed rotations, diagonals and states, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits.costs import count_gates
from circuits.costs.multiplexed import (
    diagonal_cost,
    multiplexed_amplitude_cost,
    multiplexed_rotation_cost,
    multiplexed_state_cost,
    parity_rotations_cost,
    rotation_from_zero_cost,
)
from circuits.multiplexed import diagonal, multiplexed_rotation
from circuits.multiplexed_state import (
    multiplexed_amplitude,
    multiplexed_state,
    rotation_from_zero,
)
from circuits.parity_rotations import parity_rotations


@pytest.mark.parametrize("qubits", [0, 1, 2, 3, 5, 8])
def test_rotations_and_diagonals_of_general_angles_are_exact_depths_included(qubits):
    angles = np.random.default_rng(qubits).normal(size=2**qubits)
    rotation = count_gates(multiplexed_rotation(angles, "z"))
    assert multiplexed_rotation_cost(qubits) == rotation
    assert rotation_from_zero_cost(qubits) == count_gates(rotation_from_zero(angles))
    assert diagonal_cost(qubits) == count_gates(diagonal(angles))


@pytest.mark.parametrize("controls", [0, 1, 3, 6])
def test_amplitudes_of_a_target_are_exact(controls):
    rng = np.random.default_rng(controls)
    values = rng.uniform(-1, 1, 2**controls)
    check_closed_form(multiplexed_amplitude_cost(controls), multiplexed_amplitude(values))
    turned = values * np.exp(1j * rng.normal(size=values.size))
    cost = multiplexed_amplitude_cost(controls, real=False)
    check_closed_form(cost, multiplexed_amplitude(turned))


@pytest.mark.parametrize(("controls", "qubits"), [(0, 1), (0, 4), (1, 0), (1, 3), (2, 2), (3, 4)])
def test_multiplexed_states_are_exact(controls, qubits):
    rng = np.random.default_rng(qubits)
    states = rng.normal(size=(2**controls, 2**qubits))
    check_closed_form(multiplexed_state_cost(controls, qubits), multiplexed_state(states))
    turned = states + 1j * rng.normal(size=states.shape)
    cost = multiplexed_state_cost(controls, qubits, real=False)
    check_closed_form(cost, multiplexed_state(turned))


@pytest.mark.parametrize(("controls", "terms"), [(2, 0), (3, 1), (4, 5), (8, 40)])
def test_parity_rotations_are_exact_depths_included(controls, terms):
    masks = np.random.default_rng(terms).permutation(2**controls)[:terms].tolist()
    circuit = parity_rotations(dict.fromkeys(masks, 0.1), controls)
    assert parity_rotations_cost(masks, controls) == count_gates(circuit)


def test_a_hundred_qubits_are_counted_in_whole_numbers():
    assert diagonal_cost(100).two_qubit_gates == 2**100 - 2
    assert multiplexed_state_cost(50, 50).two_qubit_gates == 2**50 * (2**50 - 1) - 50


@pytest.mark.parametrize(
    "cost", [multiplexed_rotation_cost, rotation_from_zero_cost, diagonal_cost]
)
def test_negative_numbers_of_qubits_are_refused(cost):
    with pytest.raises(ValueError, match="= -1: at least 0 is needed"):
        cost(-1)
