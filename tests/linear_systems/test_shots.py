"""Read-out from shots, noiseless and noisy.

Every random number comes from a fixed seed, so that no test fails by chance from one run to the
next; the error probabilities state how often an arbitrary seed would fail.
"""

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats

from qml_algos.errors import NothingAcceptedError, TooLargeError
from qml_algos.linear_systems import HHL, LinearSystem, solve

# Deviation of the filter far below that of sampling.
FINE = 1e-3


def system(kind, size, seed=0):
    """A solution with all entries well away from 0, where the square root is not normal."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(0.5, 1, size) * np.exp(2j * np.pi * generator.random(size))
    basis, _ = np.linalg.qr(generator.normal(size=(size, size)) + 1j * generator.normal(size=size))
    values = np.linspace(0.4, 1, size)
    if kind == "indefinite":
        values = values * (-1.0) ** np.arange(size)
    matrix = basis @ np.diag(values) @ basis.conj().T
    if kind == "general":
        matrix = matrix @ np.roll(np.eye(size), 1, axis=0)
    return LinearSystem(matrix, matrix @ x), x


def observables_for(size, seed=0):
    generator = np.random.default_rng([seed, 2])
    full = generator.normal(size=(size, size)) + 1j * generator.normal(size=(size, size))
    real = generator.normal(size=(size, size))
    return {
        "diagonal": np.diag(generator.normal(size=size)),
        "identity": np.eye(size),
        "real": real + real.T,
        "complex": full + full.conj().T,
        "projector": np.ones((size, size)),
        "sparse": sp.csr_array(np.diag(np.ones(size - 1), 1) + np.diag(np.ones(size - 1), -1)),
    }


def exact_value(matrix, x):
    return np.vdot(x, matrix @ x).real


CASES = [("definite", 2), ("definite", 3), ("indefinite", 4), ("general", 2), ("general", 3)]


@pytest.mark.parametrize(("kind", "size"), CASES)
def test_absolute_values_are_within_five_standard_errors(kind, size):
    """14 entries in all, 6e-7 each for a normal distribution: 1e-5 by chance."""
    problem, x = system(kind, size)
    solution = solve(problem, HHL(FINE), "aer_shots", shots=20_000, random_state=11)
    assert solution.standard_errors.shape == (size,)
    assert np.all(solution.standard_errors > 0)
    assert np.all(np.abs(solution.x - np.abs(x)) <= 5 * solution.standard_errors)
    assert np.max(solution.standard_errors) < 0.1


@pytest.mark.parametrize(("kind", "size"), CASES)
def test_observables_are_within_five_standard_errors(kind, size):
    """30 values in all, 6e-7 each: 2e-5 by chance."""
    problem, x = system(kind, size)
    wanted = observables_for(size)
    solution = solve(
        problem, HHL(FINE), "aer_shots", shots=20_000, observables=wanted, random_state=12
    )
    assert set(solution.observables) == set(wanted)
    for name, matrix in wanted.items():
        estimate = solution.observables[name]
        assert estimate.standard_error > 0
        assert abs(estimate.value - exact_value(matrix, x)) <= 5 * estimate.standard_error, name


@pytest.fixture(scope="module")
def pauli_scores():
    """Errors of 60 runs in units of their standard errors: X, Y, Z and their sum."""
    problem, x = system("definite", 2, seed=3)
    wanted = {
        "x": np.array([[0, 1], [1, 0]]),
        "y": np.array([[0, -1j], [1j, 0]]),
        "z": np.diag([1, -1]),
    }
    wanted["sum"] = sum(wanted.values())
    solver = HHL(FINE, kappa=2.6)
    scores = []
    for seed in range(60):
        found = solve(
            problem, solver, "aer_shots", shots=1000, observables=wanted, random_state=seed
        ).observables
        scores.append(
            [
                (found[name].value - exact_value(matrix, x)) / found[name].standard_error
                for name, matrix in wanted.items()
            ]
        )
    return np.array(scores)


def test_standard_errors_of_observables_are_those_that_repetition_shows(pauli_scores):
    """Sums of z^2 over 60 seeds against chi^2: 2e-6 by chance for each of 4 values."""
    low, high = scipy.stats.chi2(60).ppf([1e-6, 1 - 1e-6])
    sums = np.sum(pauli_scores**2, axis=0)
    assert np.all((low <= sums) & (sums <= high))


def test_circuits_of_one_estimate_have_independent_random_numbers(pauli_scores):
    """Correlation of 60 pairs; beyond 0.6 (5.2 sigma after Fisher's transform) 2e-7 by chance."""
    correlations = np.corrcoef(pauli_scores[:, :3].T)
    assert np.max(np.abs(correlations - np.eye(3))) < 0.6


def test_standard_errors_of_absolute_values_are_those_that_repetition_shows():
    """Sum of z^2 over 150 seeds against chi^2: 2e-5 by chance for each of 2 entries."""
    x = np.array([1.0, 1.2j])
    problem = LinearSystem(2 * np.eye(2), 2 * x)
    runs = [
        solve(problem, HHL(FINE), "aer_shots", shots=1000, random_state=seed) for seed in range(150)
    ]
    low, high = scipy.stats.chi2(150).ppf([1e-5, 1 - 1e-5])
    for i in range(2):
        scores = [(run.x[i] - abs(x[i])) / run.standard_errors[i] for run in runs]
        assert low <= np.sum(np.square(scores)) <= high


def test_success_probability_is_that_of_the_exact_simulation():
    """Six standard errors: 2e-9 by chance."""
    problem, _ = system("general", 3)
    exact = solve(problem, HHL(FINE)).success_probability
    shots = 20_000
    found = solve(problem, HHL(FINE), "aer_shots", shots=shots, random_state=5)
    assert abs(found.success_probability - exact) <= 6 * np.sqrt(exact * (1 - exact) / shots)


def test_solution_from_shots_knows_no_signs():
    problem, x = system("indefinite", 4)
    solution = solve(
        problem, HHL(FINE), "aer_shots", shots=20_000, random_state=1, reference=-1j * x
    )
    assert not solution.signs_known
    assert solution.residual is None
    assert np.isrealobj(solution.x)
    assert np.all(solution.x >= 0)
    # The reference's phases must not count.
    assert solution.error < 0.1
    assert "signs" in " ".join(solution.caveats)


@pytest.mark.parametrize("seed", [0, 12345, 2**31])
def test_same_random_state_gives_the_same_result_and_another_another(seed):
    """Equal counts of 5000 shots in 3 entries from different seeds: about 1e-5 by chance."""
    problem, _ = system("general", 3)
    wanted = observables_for(3)
    first, again, other = (
        solve(problem, HHL(0.1), "aer_shots", shots=5000, observables=wanted, random_state=state)
        for state in (seed, seed, seed + 1)
    )
    np.testing.assert_array_equal(first.x, again.x)
    assert dict(first.observables) == dict(again.observables)
    assert first.success_probability == again.success_probability
    assert not np.array_equal(first.x, other.x)
    assert first.observables["complex"] != other.observables["complex"]


def test_generator_as_random_state_is_reproducible_and_moves_on():
    problem, _ = system("definite", 2)
    generators = [np.random.default_rng(3), np.random.default_rng(3)]
    first, same, following = (
        solve(problem, HHL(0.1), "aer_shots", shots=5000, random_state=state).x
        for state in (generators[0], generators[1], generators[0])
    )
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, following)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_default_shots_reach_the_target_error(size, seed):
    """Half of epsilon is left to 100,000 shots or more: over 20 standard errors."""
    problem, x = system("definite", size, seed)
    epsilon = 5e-2
    solution = solve(problem, HHL(epsilon), "aer_shots", random_state=seed, reference=x)
    assert solution.error <= epsilon
    assert solution.resources.shots >= 100_000


def test_default_shots_are_topped_up_to_what_the_target_error_takes(small_backend):
    """A filter for one eigenvalue changes no direction, so that all error is of sampling.

    Its mean square over 30 seeds is (epsilon/2)^2 times chi^2 / 60 with 60 degrees of freedom:
    outside the bounds 2e-6 by chance.
    """
    epsilon, size = 0.05, 3
    problem = LinearSystem(2 * np.eye(size), [1.0, -1.1, 0.9])
    path = small_backend(default_shots=100, max_shots=100_000)
    runs = [
        solve(problem, HHL(epsilon), path, random_state=seed, reference=problem.b)
        for seed in range(30)
    ]
    low, high = scipy.stats.chi2(60).ppf([1e-6, 1 - 1e-6]) / 60
    mean_square = np.mean([run.error**2 for run in runs])
    assert low <= mean_square / (epsilon / 2) ** 2 <= high
    for run in runs:
        accepted = run.resources.shots * run.success_probability
        assert accepted == pytest.approx((size - 1) / epsilon**2, rel=0.2)
        assert "fewer" not in " ".join(run.caveats)


def test_topping_up_does_not_repeat_the_first_shots(small_backend):
    """Twice the same 200 shots would make every count even; 30 times that is 1e-9 by chance."""
    problem = LinearSystem(np.eye(2), [1.0, 1.2])
    solver = HHL(1 / np.sqrt(400))
    path = small_backend(default_shots=200, max_shots=400)
    counts = []
    for seed in range(30):
        run = solve(problem, solver, path, random_state=seed)
        assert run.resources.shots == 400
        accepted = 400 * run.success_probability
        counts.append(accepted * (run.x[0] / np.linalg.norm(run.x)) ** 2)
    np.testing.assert_allclose(counts, np.round(counts), atol=1e-6)
    assert np.any(np.round(counts) % 2)


def test_default_shots_stop_at_the_limit_and_say_so(small_backend):
    problem, _ = system("definite", 3)
    path = small_backend(default_shots=100, max_shots=300)
    solution = solve(problem, HHL(1e-2), path, random_state=0)
    assert solution.resources.shots == 300
    assert "fewer were run" in " ".join(solution.caveats)


def test_shots_of_all_circuits_are_counted():
    problem, _ = system("definite", 2)
    paulis = [[1, 0], [0, -1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]]
    solution = solve(
        problem,
        HHL(0.1),
        "aer_shots",
        shots=100,
        observables={"all": np.sum([np.array(pauli) for pauli in paulis], axis=0)},
        random_state=0,
    )
    assert solution.resources.shots == 300
    diagonal = solve(
        problem,
        HHL(0.1),
        "aer_shots",
        shots=100,
        observables={"z": np.diag([1, -1])},
        random_state=0,
    )
    assert diagonal.resources.shots == 100


@pytest.mark.parametrize("factor", [1e-12, 1e-6, 1e6])
def test_units_of_an_observable_do_not_matter(factor):
    problem, _ = system("definite", 2)
    matrix = observables_for(2)["complex"]
    estimates = [
        solve(
            problem,
            HHL(0.1),
            "aer_shots",
            shots=1000,
            observables={"m": scale * matrix},
            random_state=0,
        ).observables["m"]
        for scale in (1, factor)
    ]
    assert estimates[1].value == pytest.approx(factor * estimates[0].value, rel=1e-6, abs=0)
    assert estimates[1].standard_error == pytest.approx(
        factor * estimates[0].standard_error, rel=1e-6, abs=0
    )


def test_zero_observable_is_zero():
    problem, _ = system("definite", 3)
    solution = solve(problem, HHL(0.1), "aer_shots", shots=100, observables={"0": np.zeros((3, 3))})
    assert solution.observables["0"].value == 0
    assert solution.observables["0"].standard_error == 0


def test_observables_of_an_exact_solution_are_exact():
    problem, _ = system("general", 3)
    wanted = observables_for(3)
    solution = solve(problem, HHL(0.1), observables=wanted)
    for name, matrix in wanted.items():
        assert solution.observables[name].value == pytest.approx(exact_value(matrix, solution.x))
        assert solution.observables[name].standard_error == 0


def test_one_unknown_is_read_from_shots():
    """Binomial with 1000 shots, six standard errors: 2e-9 by chance."""
    solution = solve(
        LinearSystem([[-4.0]], [2.0]), HHL(FINE), "aer_shots", shots=1000, random_state=0
    )
    assert abs(solution.x[0] - 0.5) <= 6 * solution.standard_errors[0] + 5e-4


def test_circuit_of_a_solution_has_no_measurements():
    """As the docstring of Solution says, from shots as from a statevector."""
    problem, _ = system("definite", 2)
    for backend in ("aer", "aer_shots"):
        circuit = solve(problem, HHL(0.1), backend, shots=100, random_state=0).circuit
        assert "measure" not in circuit.count_ops()


def test_matrix_product_states_give_the_same_solution():
    """Two entries within five standard errors: 1e-6 by chance."""
    problem, x = system("definite", 2)
    solution = solve(problem, HHL(FINE), "aer_mps", shots=2000, random_state=7)
    assert np.all(np.abs(solution.x - np.abs(x)) <= 5 * solution.standard_errors)


def test_nothing_accepted_is_an_error_of_its_own():
    """b along the largest eigenvalue: probability 1/kappa^2, here 0.004 by chance of passing."""
    problem = LinearSystem(np.diag([1.0, 1 / 15]), [1.0, 0.0])
    with pytest.raises(NothingAcceptedError, match="none of 1 shots"):
        solve(problem, HHL(0.1), "aer_shots", shots=1, random_state=0)


def test_shots_may_be_a_numpy_integer():
    problem, _ = system("definite", 2)
    solution = solve(problem, HHL(0.1), "aer_shots", shots=np.int64(50), random_state=0)
    assert solution.resources.shots == 50


@pytest.mark.parametrize("shots", [0, -1, 1.5, "100", True, 1e3])
def test_shots_that_are_no_positive_integer_are_refused(shots):
    problem, _ = system("definite", 2)
    with pytest.raises(ValueError, match="shots"):
        solve(problem, HHL(0.1), "aer_shots", shots=shots)


def test_shots_above_the_limit_are_refused_with_the_limit():
    problem, _ = system("definite", 2)
    with pytest.raises(TooLargeError, match=r"20,000,000.*at most 10,000,000"):
        solve(problem, HHL(0.1), "aer_shots", shots=20_000_000)


@pytest.mark.parametrize("state", ["abc", -1, 1.5, [1, -2]])
def test_random_state_that_is_no_seed_is_refused(state):
    problem, _ = system("definite", 2)
    with pytest.raises(ValueError, match="random_state"):
        solve(problem, HHL(0.1), "aer_shots", shots=10, random_state=state)


@pytest.fixture(scope="module")
def noisy_pair():
    """The same system without and with noise; its solution is a basis state.

    Noise can then only move weight to the other entry.
    """
    problem = LinearSystem([[2.0, 1.0], [1.0, 3.0]], [2.0, 1.0])
    return [
        solve(problem, HHL(0.1), backend, shots=2000, random_state=4, reference=[1.0, 0.0])
        for backend in ("aer_shots", "heron_r3")
    ]


def test_noise_makes_the_error_larger_but_leaves_a_solution(noisy_pair):
    noiseless, noisy = noisy_pair
    assert noiseless.error < noisy.error < 0.5


def test_noisy_solution_says_that_it_is_noisy(noisy_pair):
    noiseless, noisy = noisy_pair
    assert any(caveat.startswith("Noise") for caveat in noisy.caveats)
    assert not any(caveat.startswith("Noise") for caveat in noiseless.caveats)


def test_noisy_resources_are_counted_in_the_devices_gates(noisy_pair):
    noisy = noisy_pair[1]
    counts = noisy.circuit.count_ops()
    assert noisy.resources.two_qubit_gates == counts["cz"] > 0
    assert "cx" not in counts
    assert noisy.resources.shots == 2000
    assert noisy.resources.qubits < 12


def test_noisy_run_is_reproducible(noisy_pair):
    problem = LinearSystem([[2.0, 1.0], [1.0, 3.0]], [2.0, 1.0])
    again = solve(problem, HHL(0.1), "heron_r3", shots=2000, random_state=4)
    np.testing.assert_array_equal(again.x, noisy_pair[1].x)
