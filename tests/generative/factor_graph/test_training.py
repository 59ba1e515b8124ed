"""Training on exact and on measured gradients, to the end and broken off."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from qml_algos.backends import Ledger, Recorder, backend
from qml_algos.backends.recorded import RecordedBackend
from qml_algos.errors import InvalidProblemError
from qml_algos.generative.factor_graph import training
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph

SPIN = np.array([1.0, -1.0])
LINKS = ((0, 1), (0, 2), (1, 2), (0, 1, 2, 3))
STRIPES = np.array(
    [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
)


def ising(variables: int, samples: int = 1000) -> np.ndarray:
    """Samples of a chain of spins in a field."""
    bonds = [Factor((i, i + 1), np.exp(0.7 * np.outer(SPIN, SPIN))) for i in range(variables - 1)]
    fields = [Factor((i,), np.exp(0.2 * SPIN)) for i in range(variables)]
    return from_factor_graph(bonds + fields).sample(samples, 0)


def sampled(**options: Any) -> FactorGraphGenerativeModel:
    defaults: dict[str, Any] = {"shots": 500, "restarts": 1, "random_state": 1}
    return FactorGraphGenerativeModel(**(defaults | options))


def interrupted(after: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Break a function off as Ctrl-C does, in the call after so many."""
    calls = iter(range(after))

    def run(*args: Any, **options: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return function(*args, **options)

    return run


def test_shots_train_two_spins_to_the_exact_likelihood() -> None:
    X = ising(2)
    found = sampled(max_iterations=25, learning_rate=0.3).fit(X)
    exact = FactorGraphGenerativeModel(restarts=1, random_state=1).fit(X)
    assert -found.score(X) == pytest.approx(-exact.score(X), abs=0.005)
    assert found.loss_curve_.shape == (25,)
    assert found.loss_curve_[0] > found.loss_curve_[-1] + 0.2
    assert found.losses_[0] == pytest.approx(-found.score(X), abs=0.05)
    # Four settings for the visible qubits, two for the hidden one, two for all bits.
    assert found.circuits_ == 25 * 8
    assert found.shots_ == 500 * found.circuits_ == found.resources_.shots
    assert found.unseen_ == 0
    assert (exact.circuits_, exact.shots_, exact.resources_) == (0, 0, None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("X", "options"),
    [
        (ising(5), {"shots": 500, "max_iterations": 100}),
        (
            STRIPES,
            {
                "graph": [(k, 4 + j) for j, members in enumerate(LINKS) for k in members],
                "conditioned": (4, 5, 6, 7),
                "shots": 2000,
                "max_iterations": 100,
            },
        ),
        (ising(3), {"preparation": "filters", "shots": 2000, "max_iterations": 60}),
    ],
    ids=["hidden", "conditioned", "filters"],
)
def test_shots_train_to_the_exact_likelihood(X: np.ndarray, options: dict[str, Any]) -> None:
    """Within 0.01 nats for a fixed seed; other seeds may end in another maximum."""
    found = sampled(learning_rate=0.2, **options).fit(X)
    exact = sampled(**(options | {"shots": None, "max_iterations": 500})).fit(X)
    assert exact.resources_ is None
    assert -found.score(X) == pytest.approx(-exact.score(X), abs=0.01)


def test_a_seed_repeats_a_training() -> None:
    X = ising(2)
    first, second = (sampled(max_iterations=2, shots=100).fit(X) for _ in range(2))
    np.testing.assert_array_equal(first.state_.matrices, second.state_.matrices)


def test_the_cost_is_told_before() -> None:
    X = ising(2)
    model = sampled(max_iterations=3, restarts=2, shots=100)
    plan = model.cost(X[:1])
    model.fit(X)
    assert plan.executions == model.shots_
    assert sum(job.parameter_sets for job in plan.jobs) == model.circuits_
    assert len(plan.jobs) == 6
    assert plan.seconds is None
    with pytest.raises(InvalidProblemError, match="nothing is run"):
        FactorGraphGenerativeModel().cost(X)


def test_the_cost_on_a_device_has_its_time() -> None:
    plan = sampled(backend="heron_r3", max_iterations=100).cost(ising(2))
    assert plan.seconds is not None
    assert plan.seconds > 100 * 8 * 500 * 1e-4


@pytest.mark.parametrize(
    ("name", "options"),
    [("log_probability_gradient", {"shots": None}), ("measured_gradient", {"shots": 100})],
)
def test_a_training_that_is_broken_off_is_kept(
    name: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    X = ising(3)
    broken = sampled(**options)
    begun = sampled(**options, max_iterations=1)
    monkeypatch.setattr(training, name, interrupted(6, getattr(training, name)))
    with pytest.raises(KeyboardInterrupt):
        broken.fit(X)
    monkeypatch.undo()
    assert 1 < broken.n_iter_ <= 6
    assert len(broken.loss_curve_) == broken.n_iter_
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        assert broken.score(X) > begun.fit(X).score(X)


def test_what_is_on_record_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    X = ising(2)
    recorded = backend("aer", recorder=Recorder(Ledger(tmp_path / "ledger")))
    model = sampled(backend=recorded, shots=100, max_iterations=4)
    runs = []
    run = RecordedBackend._run

    def counted(self: RecordedBackend, units: Any) -> Any:
        runs.append(len(units))
        return run(self, units)

    monkeypatch.setattr(RecordedBackend, "_run", counted)
    with monkeypatch.context() as patched:
        patched.setattr(training, "measured_gradient", interrupted(2, training.measured_gradient))
        with pytest.raises(KeyboardInterrupt):
            model.fit(X)
    assert runs == [1, 1]
    model.fit(X)
    assert runs == [1] * 4


def test_few_shots_for_the_data_are_said() -> None:
    X = np.random.default_rng(0).integers(0, 2, (60, 5))
    with pytest.warns(ConvergenceWarning, match="in no shot of the last step"):
        sampled(max_iterations=1, shots=4).fit(X)
