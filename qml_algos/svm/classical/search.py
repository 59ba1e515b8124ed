"""Search of hyperparameters within the training data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def tuned(
    classifier: Any,
    grid: Mapping[str, Sequence[Any]],
    *,
    scaler: Any = None,
    inner_folds: int = 5,
    random_state: int = 0,
    n_jobs: int | None = None,
) -> GridSearchCV:
    """Return a classifier that scales its data and searches its hyperparameters when it is fitted.

    Both happen on the training data alone, scaling anew in each of its folds: within an outer
    cross-validation nothing of the test data leaks. A quantum classifier is searched the same way.

    Parameters
    ----------
    classifier
        Of scikit-learn, unfitted.
    grid
        Values of its parameters by name.
    scaler
        Of the features; ``None`` for mean 0 and variance 1, ``"passthrough"`` for none at all.
    inner_folds
        Parts of the training data, stratified; each class needs so many samples.
    random_state
        Seed of the parts.
    n_jobs
        Fits at a time, as joblib takes it.

    Notes
    -----
    *Cost.* ``inner_folds`` fits for each point of the grid, and one more.
    """
    pipeline = make_pipeline(StandardScaler() if scaler is None else scaler, classifier)
    step = pipeline.steps[-1][0]
    return GridSearchCV(
        pipeline,
        {f"{step}__{name}": list(values) for name, values in grid.items()},
        cv=StratifiedKFold(inner_folds, shuffle=True, random_state=random_state),
        n_jobs=n_jobs,
        error_score="raise",
    )
