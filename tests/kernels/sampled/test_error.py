"""The error of a measured Gram matrix."""

from types import SimpleNamespace

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.sampled import gram_error


def noisy(exact: np.ndarray, errors: np.ndarray, bias: float, rng, *, symmetric: bool):
    noise = errors * rng.standard_normal(exact.shape)
    if symmetric:
        noise = np.triu(noise, 1) + np.triu(noise, 1).T
        errors = errors * (1 - np.eye(len(exact)))
    offset = bias * (1 - np.eye(*exact.shape)) if symmetric else bias
    return SimpleNamespace(values=exact + noise + offset, standard_errors=errors)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("bias", [0.0, 0.02])
def test_the_standard_error_is_the_spread_of_repetitions(symmetric, bias) -> None:
    """The spread of 400 repetitions is known to 3.5 percent; 18 percent are five of these.

    Without bias, whose square is then estimated as 0 or more, it is too large by up to 10 percent.
    """
    rng = np.random.default_rng(0)
    exact = rng.uniform(0, 1, (8, 8))
    exact = (exact + exact.T) / 2
    errors = np.full((8, 8), 0.02)
    runs = [
        gram_error(noisy(exact, errors, bias, rng, symmetric=symmetric), exact) for _ in range(400)
    ]
    spread = np.std([run.value for run in runs])
    stated = np.mean([run.standard_error for run in runs])
    assert 0.82 * spread < stated < (1.18 + 0.1 * (not bias)) * spread


def test_the_error_is_relative_in_the_frobenius_norm() -> None:
    exact = np.array([[3.0, 0.0], [0.0, 4.0]])
    found = SimpleNamespace(values=exact + np.diag([0.5, 0.0]), standard_errors=None)
    assert gram_error(found, exact).value == pytest.approx(0.1)
    assert gram_error(found, exact).standard_error == 0


def test_matrices_of_other_shapes_are_refused() -> None:
    found = SimpleNamespace(values=np.eye(2), standard_errors=None)
    with pytest.raises(InvalidProblemError, match=r"exact has shape \(3, 3\)"):
        gram_error(found, np.eye(3))
    with pytest.raises(InvalidProblemError, match="exact is zero"):
        gram_error(found, np.zeros((2, 2)))
