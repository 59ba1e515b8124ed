"""Data sets that come with scikit-learn, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

from qml_algos.errors import UnknownNameError
from qml_algos.svm.data.labelled import LabelledData

DATASETS: dict[str, Callable[[], Any]] = {
    "iris": load_iris,
    "wine": load_wine,
    "breast-cancer": load_breast_cancer,
    "digits": load_digits,
}
"""Loaders: 150 x 4 in 3 classes, 178 x 13 in 3, 569 x 30 in 2, 1,797 x 64 in 10."""


def load(name: str) -> LabelledData:
    """Load a data set of scikit-learn; nothing is downloaded.

    Parameters
    ----------
    name
        ``"iris"`` (lengths in cm), ``"wine"``, ``"breast-cancer"`` or ``"digits"`` (grey levels
        from 0 to 16); an underscore does as well as the hyphen.

    Returns
    -------
    LabelledData
        Features unscaled, as they were published; labels 0, 1, ...

    Raises
    ------
    UnknownNameError
        If there is no such data set.
    """
    known = str(name).replace("_", "-")
    if known not in DATASETS:
        raise UnknownNameError("data set", name, DATASETS)
    bunch = DATASETS[known]()
    return LabelledData(
        name=known,
        X=np.asarray(bunch.data, dtype=np.float64),
        y=np.asarray(bunch.target, dtype=np.int64),
        feature_names=tuple(map(str, bunch.feature_names)),
        target_names=tuple(map(str, bunch.target_names)),
    )
