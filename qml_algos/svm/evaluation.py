"""Classifiers of every kind on the same folds, and whether one is better than another."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr
from sklearn.base import clone
from sklearn.metrics import accuracy_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.utils.validation import check_X_y

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.pca.method import Progress
from qml_algos.svm.checks import require_two_classes
from qml_algos.validation import require_count, seed_from

_Fold = tuple[NDArray[np.int_], NDArray[np.int_]]


@dataclass(frozen=True, eq=False)
class _Result:
    """One classifier on one fold."""

    name: str
    fold: int
    accuracy: float
    fit_seconds: float
    predict_seconds: float
    fitted: Any


@dataclass(frozen=True)
class Score:
    """How one classifier did.

    Attributes
    ----------
    name
        Of the classifier.
    accuracies
        Shares of right labels in the test part of each fold.
    test_share
        Test samples for each training sample.
    fit_seconds, predict_seconds
        By the clock on the wall, each the mean of a fold; with several jobs they share the machine.
    fitted
        The classifiers of the folds, with what they know of circuits and shots.
    """

    name: str
    accuracies: tuple[float, ...]
    test_share: float
    fit_seconds: float
    predict_seconds: float
    fitted: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    @property
    def mean(self) -> float:
        """Mean accuracy."""
        return float(np.mean(self.accuracies))

    @property
    def standard_error(self) -> float:
        """Of the mean: training parts overlap, for which Nadeau and Bengio correct it."""
        return _corrected_error(np.array(self.accuracies), self.test_share)


@dataclass(frozen=True)
class Difference:
    """One classifier against another on the same folds.

    Attributes
    ----------
    name, reference
        Of the two.
    mean
        Mean accuracy of the first minus that of the reference.
    standard_error
        Corrected for the overlap of the training parts.
    p_value
        Of the corrected resampled t-test, two-sided: how likely a difference at least as large is
        if there is none.
    adjusted_p_value
        For the number of classifiers compared (Holm): this one is to be below the significance
        level.
    """

    name: str
    reference: str
    mean: float
    standard_error: float
    p_value: float
    adjusted_p_value: float


@dataclass(frozen=True)
class Evaluation:
    """Scores of classifiers on the same folds.

    Attributes
    ----------
    scores
        In the order of the classifiers given.
    """

    scores: tuple[Score, ...]

    def __getitem__(self, name: str) -> Score:
        """Return the score of a classifier.

        Raises
        ------
        UnknownNameError
            If none has that name.
        """
        for score in self.scores:
            if score.name == name:
                return score
        raise UnknownNameError("classifier", name, [score.name for score in self.scores])

    def table(self) -> pd.DataFrame:
        """Return the scores, best first: a row for each classifier, indexed by name."""
        columns = ("mean", "standard_error", "fit_seconds", "predict_seconds")
        rows = {s.name: [getattr(s, column) for column in columns] for s in self.scores}
        found = pd.DataFrame.from_dict(rows, orient="index", columns=list(columns))
        return found.sort_values("mean", ascending=False, kind="stable")

    def differences(self, reference: str) -> tuple[Difference, ...]:
        """Compare all others with one, named before the scores were seen.

        Raises
        ------
        UnknownNameError
            If no classifier has the reference's name.

        Notes
        -----
        The t-statistic is the mean difference over ``sqrt((1 / J + test / train) s^2)`` with J
        folds and sample variance s^2 of their differences, and J - 1 degrees of freedom. Without
        the second term a test of overlapping training sets finds differences that are not there.

        References
        ----------
        C. Nadeau, Y. Bengio, Machine Learning 52, 239 (2003), section 3.3. S. Holm, Scand. J. Stat.
        6, 65 (1979).
        """
        base = self[reference]
        others = [score for score in self.scores if score.name != reference]
        gaps = [np.subtract(score.accuracies, base.accuracies) for score in others]
        errors = [_corrected_error(gap, base.test_share) for gap in gaps]
        p_values = [
            _p_value(float(gap.mean()), error, len(gap))
            for gap, error in zip(gaps, errors, strict=True)
        ]
        return tuple(
            Difference(score.name, reference, float(gap.mean()), error, p, adjusted)
            for score, gap, error, p, adjusted in zip(
                others, gaps, errors, p_values, _holm(p_values), strict=True
            )
        )


def evaluate(
    estimators: Mapping[str, Any],
    X: ArrayLike,
    y: ArrayLike,
    *,
    folds: int = 5,
    repetitions: int = 1,
    random_state: int | np.random.Generator | None = 0,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Fit and test classifiers, quantum and classical alike, on the same stratified folds.

    Parameters
    ----------
    estimators
        Classifiers of scikit-learn by name, unfitted; each fold has a clone. One that searches its
        hyperparameters (`qml_algos.svm.classical`) does so within each training part.
    X
        Shape ``(n_samples, n_features)``. Scaling belongs into the estimators.
    y
        Labels, shape ``(n_samples,)``.
    folds
        Parts of the data, each the test part once; at least 2, at most the size of the smallest
        class.
    repetitions
        How often the data is parted anew.
    random_state
        Seed of the parts, generator, or ``None`` for a fresh one. Estimators whose ``random_state``
        is unset get one that follows from it, so that results repeat themselves.
    n_jobs
        Fits at a time, as joblib takes it.
    progress
        Called after each fit with a stage's name, the fits done and the fits there are.

    Raises
    ------
    InvalidProblemError
        If there is no estimator, one class only, or a class of fewer samples than folds.
    ValueError
        If X or y is of the wrong shape or not finite; and whatever an estimator raises, with its
        name and the fold in a note.

    Notes
    -----
    *Cost.* ``folds * repetitions`` fits of each estimator.
    """
    if not estimators:
        raise InvalidProblemError("estimators is empty: at least one classifier is needed")
    data, labels = check_X_y(X, y, dtype=np.float64)
    seed = seed_from(random_state)
    parts = _parts(data, labels, folds, repetitions, seed)
    tasks = [
        delayed(_fold_result)(name, k, _seeded(estimator, seed + k), data, labels, part)
        for name, estimator in estimators.items()
        for k, part in enumerate(parts)
    ]
    results: dict[tuple[str, int], _Result] = {}
    running: Iterable[Any] = Parallel(n_jobs=n_jobs, return_as="generator_unordered")(tasks)
    for result in running:
        results[result.name, result.fold] = result
        if progress is not None:
            progress("folds", len(results), len(tasks))
    return Evaluation(tuple(_score(name, results, parts) for name in estimators))


def _parts(
    X: NDArray[np.float64], y: NDArray[Any], folds: int, repetitions: int, seed: int
) -> list[_Fold]:
    require_count("folds", folds)
    require_count("repetitions", repetitions)
    require_two_classes(y)
    classes, counts = np.unique(y, return_counts=True)
    if not 2 <= folds <= counts.min():
        raise InvalidProblemError(
            f"folds = {folds}: must be from 2 to {counts.min()}, the number of samples of class "
            f"{classes[counts.argmin()]}"
        )
    splitter = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repetitions, random_state=seed)
    return list(splitter.split(X, y))


def _seeded(estimator: Any, seed: int) -> Any:
    """Clone an estimator and set every ``random_state`` in it that is unset."""
    fresh = clone(estimator)
    parameters = fresh.get_params(deep=True)
    unset = [
        name
        for name, value in parameters.items()
        if name.split("__")[-1] == "random_state" and value is None
    ]
    return fresh.set_params(**dict.fromkeys(unset, seed))


def _fold_result(
    name: str, fold: int, estimator: Any, X: NDArray[np.float64], y: NDArray[Any], part: _Fold
) -> _Result:
    train, test = part
    try:
        start = time.perf_counter()
        fitted = estimator.fit(X[train], y[train])
        between = time.perf_counter()
        predicted = fitted.predict(X[test])
        end = time.perf_counter()
    except Exception as error:
        error.add_note(f"in classifier {name!r}, fold {fold}")
        raise
    accuracy = float(accuracy_score(y[test], predicted))
    return _Result(name, fold, accuracy, between - start, end - between, fitted)


def _score(name: str, results: Mapping[tuple[str, int], _Result], parts: list[_Fold]) -> Score:
    rows = [results[name, fold] for fold in range(len(parts))]
    return Score(
        name=name,
        accuracies=tuple(row.accuracy for row in rows),
        test_share=float(np.mean([len(test) / len(train) for train, test in parts])),
        fit_seconds=float(np.mean([row.fit_seconds for row in rows])),
        predict_seconds=float(np.mean([row.predict_seconds for row in rows])),
        fitted=tuple(row.fitted for row in rows),
    )


def _corrected_error(values: NDArray[np.float64], test_share: float) -> float:
    return float(np.sqrt((1 / len(values) + test_share) * values.var(ddof=1)))


def _p_value(mean: float, error: float, folds: int) -> float:
    if mean == 0:
        return 1.0
    with np.errstate(divide="ignore"):
        return float(2 * stdtr(folds - 1, -np.abs(np.divide(mean, error))))


def _holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for their number, step by step from the smallest."""
    order = np.argsort(p_values, kind="stable")
    factors = len(p_values) - np.arange(len(p_values))
    steps = np.minimum(1.0, np.maximum.accumulate(np.array(p_values)[order] * factors))
    adjusted = np.empty(len(p_values))
    adjusted[order] = steps
    return [float(value) for value in adjusted]
