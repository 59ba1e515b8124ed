import pytest
from cost_checks import check_closed_form
from qiskit.transpiler import CouplingMap

from circuits import qft
from circuits.costs.fourier_line import (
    hybrid_qft_cost,
    ladder_qft_cost,
    line_qft_cost,
    pipelined_qft_cost,
    twine_qft_cost,
)
from circuits.fourier.approximation import full_windows, kept_windows
from circuits.fourier.hybrid import hybrid_qft, hybrid_windows
from circuits.fourier.line import ladder_qft
from circuits.fourier.pipelined import pipelined_qft
from circuits.fourier.twine import twine_qft

ERRORS = (0.0, 1e-2, 0.3)


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13])
def test_ladder_and_twine_have_the_gates_of_the_closed_forms(n, epsilon):
    windows = kept_windows(n, epsilon)
    check_closed_form(ladder_qft_cost(windows), ladder_qft(windows))
    check_closed_form(twine_qft_cost(windows), twine_qft(windows))


def test_depth_of_a_wide_twine_is_below_the_bound():
    check_closed_form(twine_qft_cost(full_windows(40)), twine_qft(full_windows(40)))


@pytest.mark.parametrize("epsilon", ERRORS)
@pytest.mark.parametrize("n", [3, 5, 8, 13])
def test_pipelined_outputs_have_the_gates_of_the_closed_form(n, epsilon):
    windows = kept_windows(n, epsilon)
    check_closed_form(pipelined_qft_cost(windows), pipelined_qft(windows))
    for passing in (1, n // 2, n - 1):
        kept = hybrid_windows(windows, epsilon, passing)
        check_closed_form(hybrid_qft_cost(kept, passing), hybrid_qft(kept, passing))


@pytest.mark.parametrize("epsilon", [0.0, 1e-2, 0.3, 0.9])
@pytest.mark.parametrize("n", [1, 2, 4, 9])
def test_transform_for_a_line_has_the_gates_of_the_closed_form(n, epsilon):
    line = CouplingMap.from_line(12)
    for swaps in (True, False):
        circuit = qft(n, line, epsilon, swaps=swaps)
        check_closed_form(line_qft_cost(n, epsilon, swaps=swaps), circuit)


def test_transform_of_a_hundred_qubits_is_counted_without_building_it():
    assert line_qft_cost(100, swaps=False).two_qubit_gates == 100**2 - 2
    assert line_qft_cost(100).two_qubit_depth < 500
