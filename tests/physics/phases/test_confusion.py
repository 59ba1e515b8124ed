import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, TooFewPointsError
from qml_algos.physics.ising import IsingConfigurations
from qml_algos.physics.phases import (
    ConfusionScan,
    PhaseCurve,
    SpinAugmenter,
    SpinNetworkClassifier,
)
from qml_algos.physics.phases.confusion import middle_peak


def test_the_middle_peak_of_ising_is_at_its_transition(ising: IsingConfigurations) -> None:
    network = SpinNetworkClassifier(networks=1, epochs=20, augmenter=SpinAugmenter((24, 24)))
    scan = ConfusionScan(network, trials=np.arange(1.645, 2.9, 0.1), cv=2, random_state=0)
    scan.fit(ising.bits, ising.temperatures)
    assert 2.1 <= scan.transition_ <= 2.5
    assert scan.prominence_ > 0.02


def test_any_classifier_finds_a_step_that_it_can_see() -> None:
    y = np.repeat(np.arange(10.0), 20)
    X = np.where(y > 5.5, 1.0, -1.0)[:, None]
    scan = ConfusionScan(LogisticRegression(), random_state=0).fit(X, y)
    assert scan.transition_ == 5.5
    assert scan.accuracy_curve_.values[5] == 1
    assert np.array_equal(scan.accuracy_curve_.parameters, np.arange(0.5, 9))


def test_noise_has_no_middle_peak_to_speak_of() -> None:
    y = np.repeat(np.arange(10.0), 20)
    X = np.random.default_rng(0).normal(size=(200, 2))
    assert ConfusionScan(LogisticRegression(), random_state=0).fit(X, y).prominence_ < 0.05


@pytest.mark.parametrize(
    ("values", "peak", "rise"),
    [([5, 1, 4, 2, 5], 2, 2), ([5, 4, 3, 4, 5], np.nan, 0), ([3, 3, 3], np.nan, 0)],
)
def test_the_middle_peak_of_simple_curves(values: list[int], peak: float, rise: float) -> None:
    grid = np.arange(len(values))
    found = middle_peak(PhaseCurve(grid, values, 0 * grid))
    assert np.array_equal(found, (peak, rise), equal_nan=True)


def test_a_cut_of_few_samples_may_leave_a_part_one_label() -> None:
    y = np.r_[0.0, np.repeat([1.0, 2.0, 3.0], 9)]
    scan = ConfusionScan(LogisticRegression(), random_state=0).fit(np.eye(28), y)
    assert np.all(np.isfinite(scan.accuracy_curve_.values))


def test_progress_counts_parts() -> None:
    told: list[tuple[int, int]] = []
    y = np.repeat(np.arange(5.0), 4)
    scan = ConfusionScan(LogisticRegression(), random_state=0)
    scan.fit(y[:, None], y, progress=lambda *a: told.append(a))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_fewer_than_three_cuts_are_refused() -> None:
    with pytest.raises(TooFewPointsError, match="trials"):
        ConfusionScan().fit(np.eye(6), [1, 1, 2, 2, 3, 3])
    with pytest.raises(TooFewPointsError, match="trials"):
        ConfusionScan(trials=[1.5, 2.5]).fit(np.eye(6), np.arange(6))


@pytest.mark.parametrize(
    ("scan", "message"),
    [
        (ConfusionScan(trials=[-1, 1, 2]), "trials from -1"),
        (ConfusionScan(trials=[1, 2, 5]), "trials from 1 to 5"),
        (ConfusionScan(trials=[1, 2, np.nan]), "trials"),
        (ConfusionScan(cv=1), "cv"),
        (ConfusionScan(SpinAugmenter()), "predict_proba"),
    ],
)
def test_bad_parameters_are_refused_by_name(scan: ConfusionScan, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        scan.fit(np.eye(6), np.arange(6))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_keeps_scikit_learns_contract_where_there_are_cuts_enough() -> None:
    for result in check_estimator(
        ConfusionScan(LogisticRegression(), random_state=0), on_fail=None
    ):
        allowed = "trials of confusion: 3 needed" in str(result["exception"]) or (
            # It wraps what it caught.
            result["check_name"] == "check_positive_only_tag_during_fit"
        )
        assert result["status"] != "failed" or allowed, result
