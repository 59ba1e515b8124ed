"""Learning by confusion: the transition is where wrong labels confuse a classifier least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import validate_data

from qml_algos.errors import InvalidProblemError, TooFewPointsError
from qml_algos.physics.phases.boundary import folds, require_folds, seeded
from qml_algos.physics.phases.curves import PhaseCurve
from qml_algos.physics.phases.encoding import encoded, encoding_of
from qml_algos.physics.phases.network import SpinNetworkClassifier
from qml_algos.validation import numeric_array, seed_from

Progress = Callable[[int, int], None]


class ConfusionScan(BaseEstimator):
    """Cut the labels at one trial value after the other, and learn each of these labellings.

    Where the cut is at an end, nearly all labels agree; where it is at the true transition, labels
    agree with what configurations show. Between, they contradict it. The accuracy, drawn against
    the cut, is a W, whose middle peak is the transition: nothing was known of it.

    Parameters
    ----------
    estimator
        A classifier with ``predict_proba``; one network of `SpinNetworkClassifier` if ``None``.
    trials
        Cuts, at least 3; ``None`` for the middles between neighbouring values of the parameter.
    cv
        Parts of the samples, at least 2: each is judged by a classifier learnt from the others.
    random_state
        Seed, generator, or ``None``: of the parts, and of the estimators if they have one.

    Attributes
    ----------
    accuracy_curve_
        `PhaseCurve` of the accuracy on samples not learnt from, against the cuts.
    transition_
        The cut of the middle peak; NaN if there is none, a V instead of a W.
    prominence_
        How far the peak rises above the higher of the minima at its sides; 0 if there is none.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    ``cv * trials`` fits of the estimator. `SpinNetworkClassifier` trains the networks of all cuts
    side by side, which takes a fraction of that.

    References
    ----------
    E. P. L. van Nieuwenburg, Y.-H. Liu, S. D. Huber, Nat. Phys. 13, 435 (2017), arXiv:1610.02048.
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        trials: ArrayLike | None = None,
        cv: int = 3,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.estimator = estimator
        self.trials = trials
        self.cv = cv
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, *, progress: Progress | None = None) -> Self:
        """Learn all labellings.

        Parameters
        ----------
        X
            Bits, spins or real features; shape ``(samples, features)``.
        y
            Control parameter of each sample; shape ``(samples,)``.
        progress
            Told the parts of the samples done and those in all.

        Raises
        ------
        InvalidProblemError, TooFewPointsError
            If a parameter is out of range, a cut leaves all samples at one side, or there are
            fewer than 3 cuts.
        ValueError
            If X or y is not as described.
        """
        require_folds(self.cv)
        checked, parameters = validate_data(
            self, X, y, dtype="numeric", y_numeric=True, ensure_min_samples=2
        )
        trials = self._cuts(parameters)
        spins = encoded(checked, encoding_of(checked))
        labels = (parameters[:, None] > trials).astype(int)
        generator = np.random.default_rng(seed_from(self.random_state))
        estimator = SpinNetworkClassifier(networks=1) if self.estimator is None else self.estimator
        right = np.empty(labels.shape, dtype=bool)
        for done, (learnt, judged) in enumerate(folds(len(spins), self.cv, generator)):
            template = seeded(estimator, generator)
            found = _outputs(template, spins[learnt], labels[learnt], spins[judged])
            right[judged] = (found > 0.5) == labels[judged]
            if progress:
                progress(done + 1, self.cv)
        accuracy = right.mean(axis=0)
        errors = np.sqrt(accuracy * (1 - accuracy) / len(spins))
        self.accuracy_curve_ = PhaseCurve(trials, accuracy, errors)
        self.transition_, self.prominence_ = middle_peak(self.accuracy_curve_)
        return self

    def _cuts(self, parameters: NDArray[Any]) -> NDArray[np.float64]:
        if self.trials is None:
            values = np.unique(parameters).astype(float)
            cuts = (values[1:] + values[:-1]) / 2
        else:
            cuts = np.unique(numeric_array(self.trials, "trials"))
        if len(cuts) < 3:
            raise TooFewPointsError("trials of confusion", 3, len(cuts))
        if cuts[0] < parameters.min() or cuts[-1] >= parameters.max():
            raise InvalidProblemError(
                f"trials from {cuts[0]:g} to {cuts[-1]:g}: each must have samples at both sides, "
                f"whose y are from {parameters.min():g} to {parameters.max():g}"
            )
        return cuts


def _outputs(
    estimator: Any, X: NDArray[Any], labels: NDArray[np.int64], judged: NDArray[Any]
) -> NDArray[np.float64]:
    """Probabilities of label 1, for each labelling; shape ``(judged, labellings)``."""
    constant = labels.min(axis=0) == labels.max(axis=0)
    found = np.repeat(labels[:1].astype(float), len(judged), axis=0)
    varied = labels[:, ~constant]
    if isinstance(estimator, SpinNetworkClassifier):
        fitted = estimator.fit_labellings(X, varied)
    else:
        fitted = [clone(estimator).fit(X, one) for one in varied.T]
    if fitted:
        found[:, ~constant] = np.column_stack([f.predict_proba(judged)[:, 1] for f in fitted])
    return found


def middle_peak(curve: PhaseCurve) -> tuple[float, float]:
    """Find the peak that rises most above the minima at both its sides.

    Returns
    -------
    tuple
        Where it is, NaN if there is none, and how far it rises above the higher minimum.
    """
    values = curve.values
    left = np.minimum.accumulate(values)
    right = np.minimum.accumulate(values[::-1])[::-1]
    rises = values - np.maximum(left, right)
    best = int(np.argmax(rises))
    if rises[best] <= 0:
        return float("nan"), 0.0
    return float(curve.parameters[best]), float(rises[best])
