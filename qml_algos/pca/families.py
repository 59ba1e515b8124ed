"""Data to try methods on, by name and size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

from qml_algos.errors import UnknownNameError

Array = NDArray[np.float64]

SAMPLES_A_FEATURE = 4
"""Of the families."""

RANK = 4
"""Of data of low rank, at most."""

SPIKES = (4.0, 2.5, 1.6)
"""Standard deviations along the directions of spiked data; the noise has 1 in all."""


def low_rank(features: int, generator: np.random.Generator) -> Array:
    """Draw ``4 * features`` samples of rank 4 (or less), singular values halving."""
    rank = min(RANK, features)
    left = generator.normal(size=(SAMPLES_A_FEATURE * features, rank))
    right = np.linalg.qr(generator.normal(size=(features, rank)))[0]
    found: Array = left * 2.0 ** -np.arange(rank) @ right.T
    return found


def spiked(features: int, generator: np.random.Generator) -> Array:
    """Draw ``4 * features`` samples with three directions of larger variance in white noise."""
    spikes = min(len(SPIKES), features)
    directions = np.linalg.qr(generator.normal(size=(features, spikes)))[0]
    samples = SAMPLES_A_FEATURE * features
    noise = generator.normal(size=(samples, features)) / np.sqrt(features)
    scores = generator.normal(size=(samples, spikes)) * np.array(SPIKES[:spikes])
    found: Array = noise + scores @ directions.T
    return found


FAMILIES: dict[str, Callable[[int, np.random.Generator], Array]] = {
    "low-rank": low_rank,
    "spiked": spiked,
}
"""Families of data by size: each takes a number of features and a generator."""

DATASETS: dict[str, Callable[[], Array]] = {
    "wine": lambda: _standardised(load_wine().data),
    "breast-cancer": lambda: _standardised(load_breast_cancer().data),
    "digits": lambda: np.asarray(load_digits().data, dtype=float),
}
"""Data sets of scikit-learn; wine and breast cancer standardised, since their units differ."""


def make_data(name: str, features: int, generator: np.random.Generator) -> Array:
    """Draw data of a family, or the leading samples and features of a data set.

    Raises
    ------
    UnknownNameError
        If there is no family or data set of this name.
    ValueError
        If fewer than 2 features are asked for, or more than a data set has.
    """
    if features < 2:
        raise ValueError(f"features = {features}: at least 2 are needed")
    if name in FAMILIES:
        return FAMILIES[name](features, generator)
    if name not in DATASETS:
        raise UnknownNameError("family", name, [*FAMILIES, *DATASETS])
    data = DATASETS[name]()
    if features > data.shape[1]:
        raise ValueError(f"features = {features}: {name} has {data.shape[1]}")
    return data[:, :features]


def _standardised(data: NDArray[np.float64]) -> Array:
    found: Array = (data - data.mean(axis=0)) / data.std(axis=0)
    return found
