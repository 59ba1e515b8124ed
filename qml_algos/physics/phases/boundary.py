"""The boundary of two phases, from a classifier of configurations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.curves import curve_of
from qml_algos.physics.phases.encoding import encoded, encoding_of
from qml_algos.physics.phases.network import SpinNetworkClassifier
from qml_algos.validation import is_number, require_count, seed_from

Progress = Callable[[int, int], None]


class PhaseBoundaryClassifier(BaseEstimator):
    """Learn two phases, and find where the mean output of the classifier crosses one half.

    Parameters
    ----------
    estimator
        A classifier with ``predict_proba``; `SpinNetworkClassifier` if ``None``.
    transition
        A pair: what lies between the two values is not learnt from, only judged. A number: labels
        are cut there, and all is learnt from, as Carrasquilla and Melko did; the boundary is then
        no discovery of the classifier. ``None`` for a pair that leaves out the middle third of
        the range.
    cv
        Parts of the samples, at least 2: each is judged by a classifier learnt from the others.
    random_state
        Seed, generator, or ``None``: of the parts, and of the estimators if they have one.

    Attributes
    ----------
    boundary_
        Value of the parameter where the mean output crosses 1/2; NaN where it does not.
    boundary_error_
        Its standard error: from the scatter of outputs, or, where larger, that among the parts,
        which contains what training scatters by.
    curve_
        `PhaseCurve` of the mean probability of the upper phase.
    fold_curves_
        The same of each part: independent data and training, for `finite_size_scaling`.
    outputs_
        Probability of the upper phase for each sample, by the classifier that did not learn from
        it; shape ``(samples,)``.
    accuracy_
        Share of the samples with a label that these judge rightly.
    estimators_
        One for each part.
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    ``cv`` fits of the estimator. A classifier judges by how often it met each value, too: values
    that crowd at one side of a cut push the boundary of small systems away from them. A sample's
    neighbours in its Markov chain may be in another part: spacings below the autocorrelation time
    flatter the accuracy.

    References
    ----------
    J. Carrasquilla, R. Melko, Nat. Phys. 13, 431 (2017), arXiv:1605.01735.
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        transition: float | tuple[float, float] | None = None,
        cv: int = 2,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.estimator = estimator
        self.transition = transition
        self.cv = cv
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike, *, progress: Progress | None = None) -> Self:
        """Learn from configurations, and judge all of them.

        Parameters
        ----------
        X
            Bits, spins or real features; shape ``(samples, features)``.
        y
            Control parameter of each sample; shape ``(samples,)``.
        progress
            Told the fits done and those in all.

        Raises
        ------
        InvalidProblemError
            If a parameter is out of range, or a phase has no samples to learn from.
        ValueError
            If X or y is not as described.
        """
        require_folds(self.cv)
        checked, parameters = validate_data(
            self, X, y, dtype="numeric", y_numeric=True, ensure_min_samples=2
        )
        parameters = parameters.astype(float)
        encoding = encoding_of(checked)
        spins = encoded(checked, encoding)
        labels, known = self._labels(parameters)
        generator = np.random.default_rng(seed_from(self.random_state))
        parts = folds(len(spins), self.cv, generator)
        outputs = np.empty(len(spins))
        estimators = [seeded(self.estimator, generator) for _ in parts]
        for done, (learnt, judged) in enumerate(parts):
            chosen = learnt[known[learnt]]
            require_both(labels[chosen], "in each part of the samples")
            estimators[done].fit(spins[chosen], labels[chosen])
            outputs[judged] = estimators[done].predict_proba(spins[judged])[:, 1]
            if progress:
                progress(done + 1, self.cv)
        self._encoding, self.estimators_, self.outputs_ = encoding, estimators, outputs
        self.accuracy_ = float(np.mean((outputs > 0.5)[known] == labels[known]))
        self.curve_ = curve_of(parameters, outputs)
        self.fold_curves_ = [curve_of(parameters[part], outputs[part]) for _, part in parts]
        self.boundary_ = self.curve_.crossing()
        self.boundary_error_ = self._error(generator)
        return self

    def _labels(
        self, parameters: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the phase of each sample, and whether it is learnt from."""
        low, high = self._limits(parameters)
        labels = (parameters > low).astype(int)
        known = (parameters <= low) | (parameters >= high)
        require_both(labels[known], "outside of transition")
        return labels, known

    def _limits(self, parameters: NDArray[np.float64]) -> tuple[float, float]:
        given = self.transition
        if given is None:
            ends = float(parameters.min()), float(parameters.max())
            return (2 * ends[0] + ends[1]) / 3, (ends[0] + 2 * ends[1]) / 3
        if is_number(given) and np.isfinite(given):
            return float(given), float(given)  # type: ignore[arg-type]
        pair = np.asarray(given)
        if pair.shape != (2,) or pair.dtype.kind not in "iuf" or not pair[0] < pair[1]:
            raise InvalidProblemError(
                f"transition = {given!r}: must be a finite number, a pair of ascending numbers, or "
                "None"
            )
        return float(pair[0]), float(pair[1])

    def _error(self, generator: np.random.Generator) -> float:
        folded = [curve.crossing() for curve in self.fold_curves_]
        among = float(np.std(folded, ddof=1) / np.sqrt(len(folded)))
        return float(np.fmax(self.curve_.crossing_error(generator), among))

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Mean probabilities of the lower and of the upper phase; shape ``(samples, 2)``.

        Raises
        ------
        InvalidProblemError
            If X is not encoded as what was fitted.
        ValueError
            If X is no matrix of so many finite numbers.
        """
        check_is_fitted(self, "estimators_")
        checked = validate_data(self, X, dtype="numeric", reset=False)
        spins = encoded(checked, self._encoding)
        found: NDArray[np.float64] = np.mean(
            [fitted.predict_proba(spins) for fitted in self.estimators_], axis=0
        )
        return found

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return 0 for the phase of small parameters, 1 for the other; shape ``(samples,)``."""
        return (self.predict_proba(X)[:, 1] > 0.5).astype(int)


def seeded(estimator: Any, generator: np.random.Generator) -> Any:
    """Copy an estimator, `SpinNetworkClassifier` for ``None``, and seed it if it has no seed."""
    found = SpinNetworkClassifier() if estimator is None else clone(estimator)
    for name in ("fit", "predict_proba"):
        if not hasattr(found, name):
            raise InvalidProblemError(
                f"estimator is of type {type(found).__name__}, without {name}: a classifier that "
                "gives probabilities is needed"
            )
    parameters = found.get_params()
    names = [name for name in parameters if name.split("__")[-1] == "random_state"]
    seeds = {name: int(generator.integers(2**31)) for name in names if parameters[name] is None}
    return found.set_params(**seeds)


def folds(
    samples: int, cv: int, generator: np.random.Generator
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Part samples at random: for each part, all others and itself."""
    if samples < cv:
        raise InvalidProblemError(f"cv = {cv}: there are {samples} samples only")
    return list(KFold(cv, shuffle=True, random_state=seed_from(generator)).split(np.empty(samples)))


def require_folds(cv: int) -> None:
    """Refuse fewer than two parts.

    Raises
    ------
    InvalidProblemError
        Naming what is accepted.
    """
    require_count("cv", cv)
    if cv < 2:
        raise InvalidProblemError("cv = 1: at least 2 parts are needed")


def require_both(labels: NDArray[np.int64], where: str) -> None:
    """Refuse labels of one phase only.

    Raises
    ------
    InvalidProblemError
        Saying which phase has no samples.
    """
    for label, phase in ((0, "below"), (1, "above")):
        if not np.any(labels == label):
            raise InvalidProblemError(f"y has no values {phase} the transition {where}")
