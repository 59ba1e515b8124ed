"""Violations that restricted Boltzmann machines find."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.nonlocality import chsh, mermin, rbm_violation, two_body_symmetric


def test_chsh_is_violated_by_the_most_that_there_is() -> None:
    found = rbm_violation(chsh(), random_state=0)
    assert found.value > 2.828427
    assert found.violation == pytest.approx(found.value - 2)


@pytest.mark.parametrize("n", [3, 4, 5, 8])
def test_mermin_is_violated_by_the_most_that_there_is(n: int) -> None:
    assert rbm_violation(mermin(n), random_state=0).value > (1 - 1e-6) * 2 ** (n - 1)


@pytest.mark.parametrize("n", [6, 8, 10, 20, 40])
def test_the_two_body_inequality_is_violated_by_the_most_that_there_is(n: int) -> None:
    bell = two_body_symmetric(n)
    found = rbm_violation(bell, random_state=0)
    assert found.value < -2 * n
    assert found.value == pytest.approx(bell.quantum_maximum(), rel=1e-6)


def test_the_value_is_that_of_the_state_returned() -> None:
    bell = two_body_symmetric(8)
    found = rbm_violation(bell, random_state=1)
    state = found.state.statevector()
    matrix = bell.operator(found.measurements).to_matrix(sparse=True)
    assert np.vdot(state, matrix @ state).real == pytest.approx(found.value, abs=1e-8)


def test_a_basis_with_signs_takes_complex_parameters() -> None:
    drawn = np.random.default_rng(3).normal(size=(2, 2, 3))
    directions = drawn / np.linalg.norm(drawn, axis=2, keepdims=True)
    found = rbm_violation(chsh(), directions, alpha=2, random_state=0)
    assert found.value == pytest.approx(chsh().quantum_maximum(directions), abs=1e-6)


@pytest.mark.parametrize(
    ("bell", "best"),
    [(mermin(3), 4.0), (two_body_symmetric(8, (0.3, np.pi - 0.3)), -16.64934)],
    ids=repr,
)
def test_directions_are_improved_in_turns_with_the_state(bell: object, best: float) -> None:
    start = None
    if bell.parties == 3:
        drawn = np.random.default_rng(0).normal(size=(3, 2, 3))
        start = drawn / np.linalg.norm(drawn, axis=2, keepdims=True)
    found = rbm_violation(bell, start, alpha=2, optimise_measurements=True, random_state=0)
    assert found.value == pytest.approx(best, rel=1e-4)


def test_progress_ends_with_all_steps() -> None:
    reports = []
    rbm_violation(chsh(), steps=5, random_state=0, progress=lambda *counts: reports.append(counts))
    assert reports[-1] == (5, 5)
    assert reports[0] == (1, 5)


def test_equal_seeds_give_equal_states() -> None:
    first, second = (rbm_violation(chsh(), random_state=4).state.W for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="alpha"):
        rbm_violation(chsh(), alpha=0)
    with pytest.raises(InvalidProblemError, match="steps"):
        rbm_violation(chsh(), steps=1.5)
    with pytest.raises(InvalidProblemError, match="unit vectors"):
        rbm_violation(chsh(), np.ones((2, 2, 3)))
    with pytest.raises(ValueError, match="random_state"):
        rbm_violation(chsh(), random_state="none")
    directions = np.array(mermin(13).measurements)
    directions[0] = -directions[0]
    with pytest.raises(TooLargeError, match="at most 12"):
        rbm_violation(mermin(13), directions)
