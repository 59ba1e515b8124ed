"""The circuit by arithmetic: feature states, their error, kernels and costs."""

import numpy as np
import pytest
from basis_branches import Branches, counted

from circuits.feature_maps.discrete_log import (
    DiscreteLogMap,
    Orbit,
    arithmetic_angles,
    arithmetic_circuit,
    arithmetic_costs,
    character_state,
    erasure_infidelity,
)
from circuits.feature_maps.discrete_log.clock import default_clock


def prepared(orbit, circuit, x):
    """Amplitudes of the element beside the character and 0 in all other registers."""
    n, character = orbit.digits, character_state(orbit)
    support = np.flatnonzero(character)
    bits = np.zeros((circuit.num_qubits, support.size), dtype=bool)
    bits[n : 2 * n] = support >> np.arange(n)[:, np.newaxis] & 1
    bound = circuit.assign_parameters(arithmetic_angles(orbit, [x])[0])
    branches = Branches(bits, character[support]).run(bound)
    clean = ~branches.bits[2 * n :].any(axis=0)
    state = np.zeros((2**n, 2**n), dtype=complex)
    at = branches.values(range(n))[clean], branches.values(range(n, 2 * n))[clean]
    state[at] = branches.amplitudes[clean]
    return state @ character.conj()


def expected(orbit, x):
    state = np.zeros(2**orbit.digits)
    state[orbit.members(np.array([x]))[0]] = 2 ** (-orbit.k / 2)
    return state


def test_states_and_kernels_are_exact_where_the_order_is_a_power_of_two():
    orbit = Orbit(5, 3, 1)
    circuit = arithmetic_circuit(orbit)
    states = np.array([prepared(orbit, circuit, x) for x in range(1, 5)])
    exact = DiscreteLogMap(5, 3, 1).states(np.arange(1, 5)[:, np.newaxis])
    np.testing.assert_allclose(np.abs(np.sum(states * exact, axis=1)), 1, atol=1e-12)
    kernel, reference = np.abs(states.conj() @ states.T) ** 2, (exact @ exact.T) ** 2
    np.testing.assert_allclose(kernel, reference, atol=1e-12)


@pytest.mark.parametrize(
    ("orbit", "clock_qubits", "x"),
    [
        (Orbit(7, 3, 2), 3, 1),
        (Orbit(7, 5, 2), 5, 4),
        pytest.param(Orbit(11, 2, 3), 6, 9, marks=pytest.mark.slow),
        pytest.param(Orbit(13, 2, 2), 7, 8, marks=pytest.mark.slow),
        pytest.param(Orbit(31, 3, 1), 7, 30, marks=pytest.mark.slow),
    ],
)
def test_error_is_that_of_the_clock(orbit, clock_qubits, x):
    state = prepared(orbit, arithmetic_circuit(orbit, clock_qubits), x)
    infidelity = 1 - np.abs(expected(orbit, x) @ state) ** 2
    assert infidelity == pytest.approx(erasure_infidelity(orbit, clock_qubits), abs=1e-11)


@pytest.mark.parametrize("prime", [7, 13, 31, 101, 251])
def test_error_stays_within_its_bound_and_the_default_clock_within_a_hundredth(prime):
    orbit = DiscreteLogMap(prime).orbit
    clock = default_clock(orbit)
    assert orbit.digits + 2 <= clock <= orbit.digits + 3
    for qubits in range(clock - 1, clock + 4):
        margin = 2 ** (qubits - 1) / orbit.order - 1
        error = erasure_infidelity(orbit, qubits)
        assert 0 < error < 2 / (3 * np.pi**2 * margin**3)
    assert erasure_infidelity(orbit, clock) < 1e-2


@pytest.mark.parametrize("prime", [5, 17, 257])
def test_no_error_is_left_where_the_order_is_a_power_of_two(prime):
    orbit = DiscreteLogMap(prime).orbit
    assert default_clock(orbit) == orbit.digits
    assert erasure_infidelity(orbit, orbit.digits) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("orbit", "clock_qubits"),
    [
        (Orbit(5, 2, 1), None),
        (Orbit(7, 3, 2), 3),
        pytest.param(Orbit(17, 3, 3), None, marks=pytest.mark.slow),
        pytest.param(Orbit(31, 3, 2), None, marks=pytest.mark.slow),
    ],
)
def test_costs_are_those_of_the_circuit(orbit, clock_qubits):
    circuit = arithmetic_circuit(orbit, clock_qubits)
    costs = arithmetic_costs(orbit, clock_qubits)
    assert costs.qubits == circuit.num_qubits
    assert (costs.cx, costs.ands) == tuple(counted(circuit))
    names = [item.operation.name for item in circuit.data]
    assert costs.products == sum(name.startswith("modular_product") for name in names)


def test_costs_are_polynomial():
    small, large = (arithmetic_costs(DiscreteLogMap(p).orbit) for p in (251, 16777213))
    # Digits 8 and 24: the cube of the ratio but for lower orders, and its square for the qubits.
    assert large.cx < 3**3.5 * small.cx
    assert large.qubits < 9 * small.qubits


def test_multiplication_turns_the_character_by_the_logarithm():
    orbit = Orbit(13, 6, 2)
    character = character_state(orbit)
    assert np.linalg.norm(character) == pytest.approx(1)
    residues = np.arange(1, 13)
    for logarithm in range(12):
        multiplied = np.zeros_like(character)
        multiplied[residues * pow(6, logarithm, 13) % 13] = character[residues]
        turned = np.exp(2j * np.pi * logarithm / 12) * character
        np.testing.assert_allclose(multiplied, turned, atol=1e-12)


def test_angles_are_half_turns_at_the_bits_of_a_residue_and_its_inverse():
    angles = arithmetic_angles(Orbit(13, 2, 1), [6.0, 1.0])
    # 6 * 11 = 66 = 1 modulo 13.
    np.testing.assert_allclose(angles[0] / np.pi, [0, 1, 1, 0, 1, 1, 0, 1])
    np.testing.assert_allclose(angles[1] / np.pi, [1, 0, 0, 0, 1, 0, 0, 0])
    with pytest.raises(ValueError, match="whole numbers from 1 to 12"):
        arithmetic_angles(Orbit(13, 2, 1), [13])


def test_a_clock_with_fewer_qubits_than_digits_is_refused():
    for call in (arithmetic_circuit, arithmetic_costs, erasure_infidelity):
        with pytest.raises(ValueError, match="clock_qubits = 3: at least the 4 digits"):
            call(Orbit(13, 2, 1), 3)
