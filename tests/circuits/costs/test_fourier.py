import numpy as np
import pytest
from cost_checks import check_closed_form

from circuits import controlled_qft, fourier_design, qft, truncated_qft
from circuits.costs import count_gates
from circuits.costs.fourier import (
    controlled_qft_cost,
    direct_qft_cost,
    parity_qft_cost,
    qft_cost,
    truncated_qft_cost,
)
from circuits.fourier.all_to_all import direct_qft, parity_qft
from circuits.fourier.approximation import full_windows, kept_windows

SIZES = (1, 2, 3, 4, 5, 7, 12)
ERRORS = (0.0, 1e-3, 0.1, 0.5)


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", SIZES)
def test_transform_has_the_gates_of_the_closed_form(n, epsilon):
    for swaps in (True, False):
        check_closed_form(qft_cost(n, epsilon, swaps=swaps), qft(n, None, epsilon, swaps=swaps))


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 2, 3, 6, 9])
def test_every_metric_chooses_the_circuit_of_the_closed_form(n, epsilon):
    for metric in ("count", "depth", "balanced"):
        design = fourier_design(n, None, epsilon, metric=metric)
        check_closed_form(qft_cost(n, epsilon), design.circuit)


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", SIZES)
def test_both_circuits_are_counted_for_any_windows(n, epsilon):
    windows = kept_windows(n, epsilon)
    check_closed_form(parity_qft_cost(windows), parity_qft(windows))
    check_closed_form(direct_qft_cost(windows), direct_qft(windows))


@pytest.mark.parametrize("n", [6, 9, 14])
def test_depths_of_the_exact_transform_are_exact(n):
    assert parity_qft_cost(full_windows(n)) == count_gates(parity_qft(full_windows(n)))


def test_gates_hold_for_windows_of_no_order():
    rng = np.random.default_rng(2)
    for n in (4, 7, 10):
        windows = tuple(int(rng.integers(0, t + 1)) for t in range(n))
        counted = count_gates(parity_qft(windows))
        cost = parity_qft_cost(windows)
        assert cost.two_qubit_gates == counted.two_qubit_gates
        assert cost.rotations == counted.rotations


@pytest.mark.parametrize("tolerance", [0.0, 0.05, 0.3, 2.0, 5.0])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 10])
def test_transform_within_a_norm_has_the_gates_of_the_closed_form(n, tolerance):
    check_closed_form(truncated_qft_cost(n, tolerance), truncated_qft(n, tolerance))


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 9])
def test_controlled_transform_has_the_gates_of_the_closed_form(n, epsilon):
    for swaps in (True, False):
        circuit = controlled_qft(n, epsilon, swaps=swaps)
        check_closed_form(controlled_qft_cost(n, epsilon, swaps=swaps), circuit)


def test_transform_of_a_hundred_qubits_is_counted_without_building_it():
    cost = qft_cost(100)
    assert cost.two_qubit_gates == 100 * 99 // 2 + 2 * 100 - 3 + 3 * 50
    assert cost.two_qubit_depth == 4 * 100 - 7 + 3
    assert qft_cost(100, 1e-2).two_qubit_gates < 1100


def test_impossible_arguments_are_refused():
    with pytest.raises(ValueError, match="n = 0"):
        qft_cost(0)
    with pytest.raises(ValueError, match="epsilon = 1"):
        controlled_qft_cost(3, 1.0)
    with pytest.raises(ValueError, match="tolerance = -1"):
        truncated_qft_cost(3, -1.0)
