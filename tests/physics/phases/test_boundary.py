from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.onsager import ONSAGER_TEMPERATURE
from qml_algos.physics.ising import IsingConfigurations
from qml_algos.physics.phases import (
    PhaseBoundaryClassifier,
    SpinAugmenter,
    SpinNetworkClassifier,
    linear_baseline,
)

NETWORK = SpinNetworkClassifier(networks=2, augmenter=SpinAugmenter((24, 24)))


@pytest.fixture(scope="module")
def fitted(ising: IsingConfigurations) -> PhaseBoundaryClassifier:
    model = PhaseBoundaryClassifier(NETWORK, transition=ONSAGER_TEMPERATURE, random_state=0)
    return model.fit(ising.bits, ising.temperatures)


def test_the_boundary_at_length_24_is_within_005_of_onsagers(
    fitted: PhaseBoundaryClassifier,
) -> None:
    """Its standard error is 0.013: this holds for all but one seed in 5,000."""
    assert abs(fitted.boundary_ - ONSAGER_TEMPERATURE) < 0.05
    assert 0.002 < fitted.boundary_error_ < 0.05


def test_a_linear_model_sees_nothing_where_a_network_sees_the_phase(
    fitted: PhaseBoundaryClassifier, ising: IsingConfigurations
) -> None:
    linear = linear_baseline(ising.bits, ising.temperatures, ONSAGER_TEMPERATURE, random_state=0)
    assert linear.accuracy < 0.6
    assert linear.majority == pytest.approx(14 / 27)
    assert fitted.accuracy_ > 0.9


def test_what_lies_between_is_judged_without_having_been_learnt(
    ising: IsingConfigurations,
) -> None:
    model = PhaseBoundaryClassifier(NETWORK, transition=(2.0, 2.55), random_state=0)
    model.fit(ising.bits, ising.temperatures)
    assert len(model.curve_.parameters) == 27
    assert model.accuracy_ > 0.97
    assert 2.2 < model.boundary_ < 2.42


def test_the_middle_third_is_left_out_unless_told(ising: IsingConfigurations) -> None:
    chosen, y = ising.bits[:, :20], ising.temperatures
    low, high = (2 * y.min() + y.max()) / 3, (y.min() + 2 * y.max()) / 3
    models = [
        PhaseBoundaryClassifier(LogisticRegression(), transition=transition, random_state=0)
        for transition in (None, (low, high))
    ]
    first, second = (model.fit(chosen, y).outputs_ for model in models)
    assert np.array_equal(first, second)


def test_outputs_are_of_classifiers_that_did_not_learn_from_them() -> None:
    """Labels of pure noise: whoever judges what it learnt from is right more often than not."""
    generator = np.random.default_rng(0)
    X = generator.normal(size=(60, 200))
    model = PhaseBoundaryClassifier(LogisticRegression(), transition=0.5, random_state=0)
    assert model.fit(X, generator.random(60)).accuracy_ < 0.8


def test_no_crossing_is_not_a_number() -> None:
    X = np.random.default_rng(0).integers(2, size=(400, 10))
    y = np.where(np.arange(400) < 360, 1.0, 3.0)
    model = PhaseBoundaryClassifier(LogisticRegression(), transition=2, random_state=0).fit(X, y)
    assert np.isnan(model.boundary_)
    assert np.isnan(model.boundary_error_)


def test_the_folds_curves_average_to_the_curve(fitted: PhaseBoundaryClassifier) -> None:
    folded = np.mean([curve.values for curve in fitted.fold_curves_], axis=0)
    assert folded == pytest.approx(fitted.curve_.values, abs=0.06)


def test_the_seed_decides() -> None:
    X = np.random.default_rng(0).integers(2, size=(40, 10))
    y = np.repeat([1.0, 2.0, 3.0, 4.0], 10)
    model = PhaseBoundaryClassifier(SpinNetworkClassifier(epochs=2), random_state=3)
    assert np.array_equal(clone(model).fit(X, y).outputs_, clone(model).fit(X, y).outputs_)


def test_progress_counts_fits() -> None:
    told: list[tuple[int, int]] = []
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40.0)
    model = PhaseBoundaryClassifier(LogisticRegression(), transition=19.5, cv=3, random_state=0)
    model.fit(X, y, progress=lambda *a: told.append(a))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_keeps_scikit_learns_contract() -> None:
    # That check has 20 samples, of three values: a part of them lacks one.
    few = {"check_f_contiguous_array_estimator": "a phase must be in each part"}
    model = PhaseBoundaryClassifier(LogisticRegression(), random_state=0)
    check_estimator(model, expected_failed_checks=few)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"cv": 1}, "cv = 1"),
        ({"cv": 2.0}, "cv"),
        ({"cv": 11}, "cv = 11"),
        ({"transition": 9}, "above the transition"),
        ({"transition": 0}, "below the transition"),
        ({"transition": np.inf}, "transition"),
        ({"transition": (3, 2)}, "transition"),
        ({"transition": (1, 2, 3)}, "transition"),
        ({"transition": "warm"}, "transition"),
        ({"estimator": LinearSVC()}, "without predict_proba"),
    ],
)
def test_bad_parameters_are_refused_by_name(parameters: dict[str, Any], message: str) -> None:
    model = PhaseBoundaryClassifier(LogisticRegression(), random_state=0).set_params(**parameters)
    with pytest.raises(InvalidProblemError, match=message):
        model.fit(np.eye(10), np.repeat([1.0, 2.0, 3.0, 4.0, 5.0], 2))


@pytest.mark.parametrize("transition", [None, (1.0, 2.0)])
def test_the_baseline_needs_a_number(transition: Any) -> None:
    with pytest.raises(InvalidProblemError, match="transition"):
        linear_baseline(np.eye(4), [1, 2, 3, 4], transition)
