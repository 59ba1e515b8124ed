"""Addition and comparison against integers, exhaustively for small registers."""

import itertools

import numpy as np
import pytest
from encoding_checks import columns, cx_count
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from circuits.arithmetic import adder, at_least, temporary_and

PLACES = [places for r in (1, 2, 3) for places in itertools.combinations(range(4), r)]
SUMS = [
    (size, places, carry)
    for size in (1, 2, 3, 4)
    for places in PLACES
    for carry in (False, True)
    if places[-1] < size
]


@pytest.mark.parametrize(("size", "places", "carry_out"), SUMS)
def test_adder_adds_the_digits_and_returns_the_workspace(size, places, carry_out):
    circuit = adder(size, places, carry_out=carry_out)
    digits = len(places)
    unitary = columns(circuit, digits + size)
    for a, x in itertools.product(range(2**digits), range(2**size)):
        total = x + sum((a >> k & 1) << place for k, place in enumerate(places))
        if not carry_out:
            total %= 2**size
        # The carry's qubit comes right after the register.
        assert unitary[a | total << digits, a | x << digits] == pytest.approx(1)


@pytest.mark.parametrize(("size", "places", "carry_out"), SUMS)
def test_adder_takes_the_stated_cx_and_workspace(size, places, carry_out):
    circuit = adder(size, places, carry_out=carry_out)
    digits, lowest = len(places), places[0]
    expected = 7 * (size - lowest) + 5 * (digits - 1) - (3 if carry_out else 6)
    if digits > 1 and places[-1] == size - 1:
        expected -= 1 if carry_out else 4
    assert cx_count(circuit) == circuit.num_nonlocal_gates() == expected
    assert circuit.num_qubits == digits + size + carry_out + size - lowest - 1


THRESHOLDS = [(size, threshold) for size in (1, 2, 3, 4) for threshold in range(1, 2**size)]


@pytest.mark.parametrize(("size", "threshold"), THRESHOLDS)
def test_comparison_flips_the_flag_from_the_threshold_on(size, threshold):
    unitary = columns(at_least(size, threshold), size + 1)
    for flag, x in itertools.product((0, 1), range(2**size)):
        flipped = flag ^ (x >= threshold)
        assert unitary[x | flipped << size, x | flag << size] == pytest.approx(1)


@pytest.mark.parametrize(("size", "threshold"), THRESHOLDS)
def test_comparison_takes_the_stated_cx_and_workspace(size, threshold):
    circuit = at_least(size, threshold)
    factors = (threshold & -threshold).bit_length() - 1
    assert cx_count(circuit) == max(1, 6 * (size - 1 - factors))
    assert circuit.num_qubits == size + 1 + max(0, size - 2 - factors)


def test_temporary_and_is_its_own_inverse_and_exact_on_a_clean_target():
    circuit = QuantumCircuit(3)
    temporary_and(circuit, *circuit.qubits)
    unitary = Operator(circuit).data
    np.testing.assert_allclose(unitary @ unitary, np.eye(8), atol=1e-12)
    np.testing.assert_allclose(unitary[:, :4], np.eye(8)[:, [0, 1, 2, 7]], atol=1e-12)
    assert circuit.num_nonlocal_gates() == 3


@pytest.mark.parametrize("places", [(), (1, 0), (0, 0), (-1,), (3,)])
def test_places_outside_the_register_or_out_of_order_are_refused(places):
    with pytest.raises(ValueError, match=r"places = .* from 0 to 2"):
        adder(3, places)


@pytest.mark.parametrize("threshold", [0, -1, 8])
def test_threshold_that_no_number_or_all_numbers_reach_is_refused(threshold):
    with pytest.raises(ValueError, match=f"threshold = {threshold}: .* from 1 to 7"):
        at_least(3, threshold)
