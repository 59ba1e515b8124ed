"""Diagnostics of kernels: cases that can be computed by hand, inequalities that always hold."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_moons
from sklearn.gaussian_process.kernels import RBF, DotProduct

from circuits.feature_maps import ZZMap
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.kernels.diagnostics import (
    KernelConcentrationWarning,
    approximate_dimension,
    concentration,
    diagnose,
    effective_dimension,
    geometric_difference,
    model_complexity,
    shots_for_decisions,
    shots_to_resolve,
)
from qml_algos.kernels.fidelity import FidelityKernel

SEEDS = st.integers(0, 1000)
EXAMPLES = settings(max_examples=12, derandomize=True)


def gram(seed: int, samples: int = 6) -> np.ndarray:
    features = np.random.default_rng(seed).normal(size=(samples, samples + 1))
    return features @ features.T


def signs(seed: int, samples: int = 6) -> np.ndarray:
    y = np.random.default_rng(seed).choice([-1, 1], size=samples)
    y[:2] = -1, 1
    return y


def random_states(qubits: int, samples: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    states = generator.normal(size=(samples, 2**qubits, 2)) @ [1, 1j]
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    return np.abs(states @ states.conj().T) ** 2


def root(K: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(K)
    return vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T


# geometric difference


def test_a_kernel_does_not_differ_from_itself_in_any_unit() -> None:
    K = gram(0)
    found = geometric_difference(K, 3 * K)
    assert (found.value, found.generalisation) == pytest.approx((1, 1))
    assert found.training == 0


def test_of_diagonal_kernels_the_difference_is_the_largest_ratio() -> None:
    found = geometric_difference(np.diag([1.5, 0.5]), np.diag([0.8, 1.2]))
    assert found.value == pytest.approx(np.sqrt(1.2 / 0.5))


@EXAMPLES
@given(SEEDS, st.floats(1e-3, 1))
def test_the_difference_is_that_of_the_published_formulas(seed: int, ridge: float) -> None:
    C, Q = (K * 6 / np.trace(K) for K in (gram(seed), gram(seed + 1)))
    found = geometric_difference(C, Q, regularisation=ridge)
    inverse, q, c = np.linalg.inv(C + ridge * np.eye(6)), root(Q), root(C)
    assert found.value == pytest.approx(np.sqrt(np.linalg.norm(q @ inverse @ q, 2)))
    inner = q @ c @ inverse @ inverse @ c @ q
    assert found.generalisation == pytest.approx(np.sqrt(np.linalg.norm(inner, 2)))
    outer = q @ inverse @ inverse @ q
    assert found.training == pytest.approx(ridge * np.sqrt(np.linalg.norm(outer, 2)))


@EXAMPLES
@given(SEEDS, st.floats(0, 1))
def test_a_classical_model_is_at_most_g_squared_times_as_complex(seed: int, ridge: float) -> None:
    C, Q, y = gram(seed), gram(seed + 1), signs(seed)
    difference = geometric_difference(C, Q, regularisation=ridge)
    quantum = model_complexity(Q, y).complexity
    classical = model_complexity(C, y, regularisation=ridge)
    assert classical.complexity <= difference.generalisation**2 * quantum * (1 + 1e-9)
    assert classical.training <= difference.training**2 * quantum * (1 + 1e-9)


# model complexity


def test_complexities_that_can_be_computed_by_hand() -> None:
    y = np.array([1, -1, 1, 1])
    assert model_complexity(np.eye(4), y).complexity == pytest.approx(4)
    # K = y y^T: one direction, of eigenvalue N, that holds all of y.
    aligned = model_complexity(np.outer(y, y), y, regularisation=0.5)
    assert aligned.complexity == pytest.approx(4 * 4 / 4.5**2)
    assert aligned.training == pytest.approx(0.25 * 4 / 4.5**2)
    assert aligned.error_bound == pytest.approx(np.sqrt(0.25 / 4.5**2) + np.sqrt(4 / 4.5**2))


def test_complexity_is_the_squared_norm_of_the_ridge_model_and_training_its_error() -> None:
    features = np.random.default_rng(3).normal(size=(8, 5))
    features *= np.sqrt(8) / np.linalg.norm(features)
    y = np.random.default_rng(4).normal(size=8)
    weights = np.linalg.solve(features.T @ features + 0.1 * np.eye(5), features.T @ y)
    found = model_complexity(features @ features.T, y, regularisation=0.1)
    assert found.complexity == pytest.approx(weights @ weights)
    assert found.training == pytest.approx(np.sum((features @ weights - y) ** 2))


def test_of_several_classes_it_is_the_mean_over_one_against_the_rest() -> None:
    K, y = gram(1), np.array(list("abcabc"))
    single = [model_complexity(K, np.where(y == name, 1, -1)).complexity for name in "abc"]
    assert model_complexity(K, y).complexity == pytest.approx(np.mean(single))


# dimensions


def test_dimensions_count_directions() -> None:
    assert approximate_dimension(np.eye(5)) == pytest.approx(5)
    assert approximate_dimension(np.ones((5, 5))) == pytest.approx(1)
    assert effective_dimension(np.eye(5), regularisation=1) == pytest.approx(2.5)
    assert effective_dimension(np.ones((5, 5)), regularisation=1) == pytest.approx(5 / 6)


@EXAMPLES
@given(SEEDS, st.floats(1e-6, 10))
def test_dimensions_lie_between_one_and_the_number_of_points(seed: int, ridge: float) -> None:
    K = gram(seed)
    assert 1 <= approximate_dimension(K) <= 6 + 1e-9
    dimension = effective_dimension(K, regularisation=ridge)
    assert effective_dimension(K, regularisation=2 * ridge) < dimension <= 6


# concentration


def test_random_states_are_recognised_and_their_moments_are_haar_s() -> None:
    with pytest.warns(KernelConcentrationWarning, match="100% of the entries|9.% of the entries"):
        found = concentration(random_states(6, 60), 6)
    # 1,770 pairs; five standard errors of a mean of independent ones, which pairs nearly are.
    assert found.mean == pytest.approx(
        found.random_mean, abs=5 * (found.random_variance / 1770) ** 0.5
    )
    assert found.variance == pytest.approx(found.random_variance, rel=0.25)
    assert found.concentrated


def test_two_clusters_are_no_concentration() -> None:
    K = np.kron(np.eye(2), np.ones((10, 10)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = concentration(K, 12)
    assert not found.concentrated
    assert found.random_share == pytest.approx(100 / 190)


def test_on_few_qubits_small_entries_are_no_collapse() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not concentration(random_states(3, 20), 3).concentrated


# shots


def test_shots_follow_the_binomial_variance() -> None:
    K = np.array([[1.0, 0.2], [0.2, 1.0]])
    z = 1.959963984540054
    assert shots_to_resolve(K, precision=0.01) == np.ceil(z**2 * 0.16 / 1e-4)
    assert shots_to_resolve(K, precision=0.1, unit="entry") == np.ceil(z**2 * 0.8 / (0.01 * 0.2))
    assert shots_to_resolve(K, precision=0.1, unit="spread") == np.inf
    assert shots_to_resolve(np.eye(3), precision=0.1, unit="entry") == np.inf
    assert shots_to_resolve(np.ones((3, 3)), precision=0.1, unit="entry") == 1


def test_with_these_shots_entries_are_as_precise_as_promised() -> None:
    K = random_states(4, 12, seed=5)
    entries = K[np.triu_indices(12, 1)]
    shots = int(shots_to_resolve(K, precision=0.02, share=1.0))
    sampled = np.random.default_rng(0).binomial(shots, entries, size=(200, entries.size)) / shots
    within = np.mean(np.abs(sampled - entries) <= 0.02, axis=0)
    # 0.95 or more for each; the lowest of 66 frequencies of 200 falls below 0.88 at 4.5 standard
    # errors, with probability 66 * 3e-6 = 2e-4.
    assert within.min() > 0.88


def test_the_spread_of_concentrated_entries_takes_as_many_shots_as_there_are_dimensions() -> None:
    shots = [shots_to_resolve(random_states(n, 40), precision=1, unit="spread") for n in (4, 6, 8)]
    assert shots[1] / shots[0] == pytest.approx(4, rel=0.5)
    assert shots[2] / shots[1] == pytest.approx(4, rel=0.5)


def test_signs_of_decisions_stand_as_often_as_promised() -> None:
    generator = np.random.default_rng(7)
    columns, dual = generator.random((5, 8)), generator.normal(size=8)
    decisions = columns @ dual
    shots = shots_for_decisions(columns, dual, decisions, confidence=0.9).astype(int)
    for row, count, decision in zip(columns, shots, decisions, strict=True):
        sampled = generator.binomial(count, row, size=(2000, 8)) / count @ dual
        # 0.9 at least (rounding up); 4 standard errors of 2,000 trials: probability 3e-5 a row.
        assert np.mean(np.sign(sampled) == np.sign(decision)) > 0.9 - 4 * 0.3 / 2000**0.5
    assert shots_for_decisions(columns, dual, 0 * decisions)[0] == np.inf


# report


def test_a_report_puts_the_kernel_beside_classical_ones() -> None:
    X, y = make_moons(30, noise=0.1, random_state=0)
    report = diagnose(FidelityKernel(ZZMap()), X, y)
    K = FidelityKernel(ZZMap())(X)
    assert [figures.name.split(",")[0] for figures in report.classical] == ["linear", "rbf"]
    assert report.quantum.complexity == model_complexity(K, y, regularisation=0.01)
    assert report.quantum.approximate_dimension == pytest.approx(approximate_dimension(K))
    assert report.concentration == concentration(K, 2)
    assert report.shots == shots_to_resolve(K, precision=0.1, unit="spread")
    for word in ("FidelityKernel", "linear", "rbf", "random states", "shots", "advantage"):
        assert word in str(report)


def test_a_concentrated_kernel_is_called_so() -> None:
    X = np.random.default_rng(0).normal(size=(30, 7))
    with pytest.warns(KernelConcentrationWarning):
        report = diagnose(FidelityKernel(ZZMap()), X, X[:, 0] > 0)
    assert "CONCENTRATED" in str(report)
    assert "No advantage is to be expected" in report.verdict


def test_any_kernel_can_be_diagnosed() -> None:
    X = np.random.default_rng(0).normal(size=(20, 3))
    report = diagnose(RBF(2.0) + DotProduct(), X, X @ [1.0, 2.0, 0.0])
    assert report.concentration is None
    assert report.shots is None
    assert report.quantum.difference is None
    assert "geometric difference" in report.verdict or "No advantage" in report.verdict


INDEFINITE = np.array([[1.0, 2.0], [2.0, 1.0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: model_complexity(INDEFINITE, [0, 1]), "eigenvalue"),
        (lambda: model_complexity(np.ones((2, 2)), [0, 1]), "K is singular"),
        (lambda: model_complexity(-np.eye(2), [0, 1]), "trace"),
        (lambda: model_complexity(np.eye(2), [0, 1], regularisation=-1), "regularisation = -1"),
        (lambda: geometric_difference(np.ones((2, 2)), np.eye(2)), "K_classical is singular"),
        (lambda: geometric_difference(np.eye(2), INDEFINITE), "K_quantum has the eigenvalue"),
        (lambda: geometric_difference(np.eye(2), np.eye(3)), "same points"),
        (lambda: effective_dimension(np.eye(2), regularisation=0), "above 0"),
        (lambda: concentration(np.eye(2), 0), "qubits = 0"),
        (lambda: concentration(np.eye(1), 1), "one row"),
        (lambda: shots_to_resolve(2 * np.ones((2, 2)), precision=0.1), "between 0 and 1"),
        (lambda: shots_to_resolve(np.eye(2), precision=0), "precision = 0"),
        (lambda: shots_to_resolve(np.eye(2), precision=0.1, confidence=1), "confidence = 1"),
        (lambda: shots_to_resolve(np.eye(2), precision=0.1, share=0), "share = 0"),
        (lambda: shots_for_decisions(np.eye(2), [1], [1, 1]), "columns has shape"),
        (lambda: diagnose("rbf", np.eye(2), [0, 1]), "kernel = 'rbf'"),
        (lambda: diagnose(RBF(), np.eye(2), [1, 1]), "y is constant"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        call()  # type: ignore[operator]


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnknownNameError, match="entry, one, spread"):
        shots_to_resolve(np.eye(2), precision=0.1, unit="percent")  # type: ignore[arg-type]
