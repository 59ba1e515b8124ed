"""The reciprocal filter: its promises checked without the module's own kernel."""

import functools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator

import circuits.reciprocal
from circuits import reciprocal_filter, reciprocal_rotation

RUNS = settings(deadline=None, derandomize=True, max_examples=15)

GRID = [
    (kappa, epsilon, definite)
    for kappa in (1.0, 1.3, 2.0, 6.7, 20.0)
    for epsilon in (0.3, 1e-1, 1e-2, 1e-3)
    for definite in (True, False)
]


def transfer(found, eigenvalues):
    """Sum of r_k |alpha_k|^2, the alpha_k as explicit sums of exponentials."""
    size, length = 2**found.clock_qubits, 2**found.clock_qubits // 2
    ticks, k = np.arange(length), np.arange(size)
    alpha = np.exp(1j * np.outer(eigenvalues * found.time, ticks)) @ np.exp(
        -2j * np.pi * np.outer(ticks, k) / size
    )
    return (np.abs(alpha) ** 2 / (size * length)) @ found.values


def random_spectrum(kappa, definite, count=5000):
    generator = np.random.default_rng(17)
    # Half of the points near the pole, where the filter is steepest.
    uniform = generator.uniform(1 / kappa, 1, count // 2)
    logarithmic = kappa ** -generator.uniform(0, 1, count - count // 2 - 2)
    eigenvalues = np.concatenate([uniform, logarithmic, [1 / kappa, 1.0]])
    return eigenvalues if definite else eigenvalues * generator.choice([-1, 1], count)


@functools.cache
def largest_deviation(kappa, epsilon, definite):
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    eigenvalues = random_spectrum(kappa, definite)
    return np.max(np.abs(eigenvalues * transfer(found, eigenvalues) / found.scale - 1))


@pytest.mark.parametrize(("kappa", "epsilon", "definite"), GRID)
def test_filter_is_within_epsilon_of_the_reciprocal_on_the_whole_range(kappa, epsilon, definite):
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    assert (found.kappa, found.epsilon, found.definite) == (kappa, epsilon, definite)
    assert largest_deviation(kappa, epsilon, definite) <= epsilon


@pytest.mark.parametrize(("kappa", "epsilon", "definite"), GRID)
def test_deviation_attribute_is_honest(kappa, epsilon, definite):
    """Neither less than what 5000 random points find, nor much more."""
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    assert found.deviation <= epsilon
    largest = largest_deviation(kappa, epsilon, definite)
    assert 0.9 * found.deviation <= largest <= 1.01 * found.deviation


@pytest.mark.parametrize(("kappa", "epsilon", "definite"), GRID)
def test_amplitudes_fit_a_rotation_and_the_clock(kappa, epsilon, definite):
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    assert found.values.shape == (2**found.clock_qubits,)
    assert np.max(np.abs(found.values)) <= 1


@pytest.mark.parametrize(("kappa", "epsilon", "definite"), GRID)
def test_scale_is_near_the_best_possible(kappa, epsilon, definite):
    """At 1/kappa the filter is at most 1, so C kappa cannot exceed 1 / (1 - epsilon)."""
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    assert 0.7 <= found.scale * kappa <= 1 / (1 - epsilon)


@pytest.mark.parametrize(
    ("kappa", "epsilon"), [(kappa, epsilon) for kappa, epsilon, definite in GRID if not definite]
)
def test_indefinite_filter_is_odd_in_twos_complement(kappa, epsilon):
    values = reciprocal_filter(kappa, epsilon, definite=False).values
    half = values.size // 2
    np.testing.assert_allclose(values[1:half], -values[:half:-1], atol=1e-12)
    np.testing.assert_allclose(values[[0, half]], 0, atol=1e-12)


@RUNS
@given(kappa=st.floats(1, 10), epsilon=st.floats(5e-3, 0.5), definite=st.booleans())
@example(kappa=8.41106781500001, epsilon=0.1, definite=False)
@example(kappa=7.44735371294006, epsilon=1e-3, definite=True)
def test_filter_keeps_its_precision_for_any_condition_number(kappa, epsilon, definite):
    found = reciprocal_filter(kappa, epsilon, definite=definite)
    assert largest_deviation(kappa, epsilon, definite) <= epsilon
    assert np.max(np.abs(found.values)) <= 1


@pytest.mark.parametrize("definite", [True, False])
@pytest.mark.parametrize("epsilon", [1e-5, 0.9, 0.999])
def test_extreme_precision_is_kept(epsilon, definite):
    assert largest_deviation(3.0, epsilon, definite) <= epsilon


@pytest.mark.parametrize("definite", [True, False])
def test_calling_the_filter_evaluates_it_at_any_shape(definite):
    found = reciprocal_filter(4.0, 1e-2, definite=definite)
    eigenvalues = random_spectrum(4.0, definite, count=60).reshape(3, 20)
    expected = transfer(found, eigenvalues.ravel()).reshape(3, 20)
    np.testing.assert_allclose(found(eigenvalues), expected, atol=1e-12)
    np.testing.assert_allclose(found(eigenvalues[0, 0]), expected[0, 0], atol=1e-12)
    # Where a phase falls on the clock's grid the kernel's sines both vanish.
    grid = 2 * np.pi * np.arange(2**found.clock_qubits) / 2**found.clock_qubits / found.time
    np.testing.assert_allclose(found(grid), transfer(found, grid), atol=1e-9)


@pytest.mark.parametrize("definite", [True, False])
@pytest.mark.parametrize("epsilon", [1e-1, 1e-2])
def test_clock_does_not_shrink_when_the_condition_number_grows(epsilon, definite):
    sizes = [
        reciprocal_filter(kappa, epsilon, definite=definite).clock_qubits
        for kappa in (2.0, 4.0, 8.0, 16.0, 32.0)
    ]
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


@pytest.mark.parametrize("definite", [True, False])
def test_clock_does_not_shrink_when_the_precision_grows(definite):
    sizes = [
        reciprocal_filter(6.0, epsilon, definite=definite).clock_qubits
        for epsilon in (0.3, 0.1, 1e-2, 1e-3)
    ]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("definite", [True, False])
def test_clock_holds_about_the_logarithm_that_the_docstring_gives(definite):
    """One qubit more if indefinite, and two for the constant."""
    for kappa, epsilon in [(8.0, 1e-1), (32.0, 1e-1), (32.0, 1e-2)]:
        found = reciprocal_filter(kappa, epsilon, definite=definite)
        estimate = np.log2(kappa * np.log(1 / epsilon)) + (not definite)
        assert abs(found.clock_qubits - estimate) <= 2


@pytest.mark.parametrize("kappa", [0.99, 0.0, -2.0, np.nan, np.inf])
def test_condition_number_out_of_range_is_refused(kappa):
    with pytest.raises(ValueError, match="kappa"):
        reciprocal_filter(kappa, 0.1, definite=True)


@pytest.mark.parametrize("epsilon", [0.0, 4e-6, 1.0, -0.1, 2.0, np.nan])
def test_precision_out_of_range_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon"):
        reciprocal_filter(2.0, epsilon, definite=True)


@pytest.mark.parametrize("definite", [True, False])
def test_condition_number_beyond_the_largest_clock_is_refused_by_name(monkeypatch, definite):
    # A smaller limit: at the real one the search alone takes a minute.
    monkeypatch.setattr(circuits.reciprocal, "MAX_CLOCK_QUBITS", 5)
    with pytest.raises(ValueError, match=r"kappa = 1234 .*epsilon = 0\.05 .*5 clock qubits"):
        reciprocal_filter(1234.0, 0.05, definite=definite)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_rotation_gives_the_flag_the_amplitude_of_the_clock_state(m):
    values = np.random.default_rng(m).uniform(-1, 1, 2**m)
    values[0], values[-1] = 1.0, -1.0
    columns = Operator(reciprocal_rotation(values)).data[:, : 2**m]
    np.testing.assert_allclose(columns[2**m :], np.diag(values), atol=1e-10)
    np.testing.assert_allclose(columns[: 2**m], np.diag(np.sqrt(1 - values**2)), atol=1e-10)
    assert reciprocal_rotation(values).count_ops()["cx"] <= 2**m


@pytest.mark.parametrize("bad", [1.0000001, -2.0, np.nan, np.inf])
def test_rotation_refuses_what_is_no_amplitude(bad):
    with pytest.raises(ValueError, match=r"values|angles"):
        reciprocal_rotation([0.5, bad])


def test_rotation_refuses_a_number_of_values_that_is_no_power_of_two():
    with pytest.raises(ValueError, match="shape"):
        reciprocal_rotation([0.1, 0.2, 0.3])


@pytest.mark.parametrize(("kappa", "definite"), [(1e9, True), (1e5, False)])
def test_hopeless_condition_number_is_refused_without_designing(kappa, definite, monkeypatch):
    def design(*_, **__):
        pytest.fail("a filter was designed")

    monkeypatch.setattr("circuits.reciprocal.linprog", design)
    with pytest.raises(ValueError, match="kappa"):
        reciprocal_filter(kappa, 0.1, definite=definite)
