"""Problems of each family: their parts, and the distribution that they are drawn from."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.data import among, load_binary_digits
from qml_algos.generative.data.families import FAMILIES, draw_problem


@pytest.mark.parametrize("name", FAMILIES)
def test_samples_are_drawn_from_the_distribution_that_is_said(name: str) -> None:
    problem = draw_problem(name, 6, np.random.default_rng(1), samples=2000)
    assert problem.truth is not None
    patterns, chances = problem.truth.patterns, problem.truth.probabilities
    assert patterns is not None
    assert chances is not None
    assert chances.sum() == pytest.approx(1)
    entropy = -float(np.sum(chances * np.log(chances)))
    assert problem.truth.entropy == pytest.approx(entropy)
    assert len(np.unique(patterns, axis=0)) == len(patterns)
    drawn = np.concatenate([problem.train.X, problem.valid.X, problem.test.X])
    assert len(drawn) == 2000
    assert among(patterns)(drawn).all()
    # Pearson's statistic has mean K - 1 and variance about 2 (K - 1): six deviations are allowed.
    counts = np.array([(drawn == pattern).all(axis=1).sum() for pattern in patterns])
    enough = chances * 2000 > 5
    expected = 2000 * chances[enough]
    statistic = np.sum((counts[enough] - expected) ** 2 / expected)
    degrees = enough.sum() - 1
    assert statistic < degrees + 6 * np.sqrt(2 * degrees)


@pytest.mark.parametrize("name", [*FAMILIES, "digits"])
def test_a_seed_draws_the_same_parts_again(name: str) -> None:
    one, other = (
        draw_problem(name, 4, np.random.default_rng(3), samples=40 if name != "digits" else None)
        for _ in range(2)
    )
    for part in ("train", "valid", "test"):
        np.testing.assert_array_equal(getattr(one, part).X, getattr(other, part).X)
    assert one.binary
    assert one.variables == 4


def test_a_quarter_tests_and_a_fifth_of_the_others_chooses() -> None:
    problem = draw_problem("parity", 5, np.random.default_rng(0), samples=100)
    parts = (problem.train, problem.valid, problem.test)
    assert [part.samples for part in parts] == [60, 15, 25]
    half = draw_problem("parity", 5, np.random.default_rng(0), samples=100, test_share=0.5)
    assert half.test.samples == 50


def test_of_digits_the_middle_is_taken_and_their_own_test_set() -> None:
    problem = draw_problem("digits", 16, np.random.default_rng(0), samples=100)
    test = load_binary_digits()[1].X.reshape(-1, 8, 8)
    np.testing.assert_array_equal(problem.test.X, test[:, 2:6, 2:6].reshape(-1, 16))
    assert problem.train.shape == (4, 4)
    assert (problem.train.samples, problem.valid.samples) == (80, 20)
    assert problem.truth is None


def test_of_large_sets_only_the_entropy_is_written_down() -> None:
    problem = draw_problem("parity", 40, np.random.default_rng(0), samples=20)
    assert problem.truth is not None
    assert problem.truth.patterns is None
    assert problem.truth.entropy == pytest.approx(39 * np.log(2))


@pytest.mark.parametrize(
    ("name", "size", "options", "error", "message"),
    [
        ("tea", 4, {}, UnknownNameError, "unknown family 'tea'; known: bars-and-stripes"),
        ("bars-and-stripes", 7, {}, InvalidProblemError, "size = 7: bars and stripes"),
        ("parity", 1, {}, InvalidProblemError, "size = 1: must be an integer of at least 2"),
        ("digits", 15, {}, InvalidProblemError, "size = 15: digits have a square number"),
        ("digits", 81, {}, InvalidProblemError, "size = 81: digits have a square number"),
        ("digits", 16, {"test_share": 0.5}, InvalidProblemError, "digits comes with a test set"),
        ("parity", 4, {"test_share": 1.0}, InvalidProblemError, "test_share = 1: must lie"),
        ("parity", 4, {"samples": 4}, InvalidProblemError, "of 4 samples 1 are test samples"),
        ("graph-state", 25, {}, TooLargeError, "n_qubits = 25"),
    ],
)
def test_bad_requests_are_refused_by_name(
    name: str, size: int, options: dict[str, float], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        draw_problem(name, size, np.random.default_rng(0), **options)  # type: ignore[arg-type]
