"""How families of data share their variance among components, at any number of features."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.pca.families import DATASETS, RANK, SAMPLES_A_FEATURE, SPIKES

_NOISE_EDGE = (1 + SAMPLES_A_FEATURE**-0.5) ** 2
"""Largest eigenvalue of the covariance of white noise, by the mean one: Marchenko and Pastur."""


def variance_shares(family: str, features: int, count: int) -> tuple[float, ...]:
    """Return the shares of the leading components in the variance, the largest first.

    Parameters
    ----------
    family
        Of `qml_algos.pca.FAMILIES` or `qml_algos.pca.DATASETS`.
    features
        Number of features, from 2 to 1e30.
    count
        Number of components.

    Returns
    -------
    tuple of float
        Of families the limit of many samples, which those of few scatter about. Of a data set those
        of its leading features, or of all where more are asked for. 0 beyond the rank.

    Raises
    ------
    UnknownNameError
        If there is no such family.
    """
    if family in DATASETS:
        shares = _of_data_set(family, features)
    elif family in _LIMITS:
        shares = _LIMITS[family](features)
    else:
        raise UnknownNameError("family", family, [*_LIMITS, *DATASETS])
    return (*shares, *[0.0] * count)[:count]


def samples_of(family: str, features: int) -> int:
    """Return how many samples a family, or a data set, has."""
    return len(_data(family)) if family in DATASETS else SAMPLES_A_FEATURE * features


def _low_rank(features: int) -> list[float]:
    values = [4.0**-place for place in range(min(RANK, features))]
    return [value / sum(values) for value in values]


def _spiked(features: int) -> list[float]:
    strengths = [deviation**2 for deviation in SPIKES[: min(len(SPIKES), features)]]
    total = sum(strengths) + 1
    noise = [_NOISE_EDGE / features / total] * max(0, min(2, features - len(strengths)))
    return [*((strength + 1 / features) / total for strength in strengths), *noise]


_LIMITS: dict[str, Callable[[int], list[float]]] = {"low-rank": _low_rank, "spiked": _spiked}


def _of_data_set(name: str, features: int) -> list[float]:
    return _shares_of_data(name, min(features, _data(name).shape[1]))


@cache
def _shares_of_data(name: str, features: int) -> list[float]:
    data = _data(name)[:, :features]
    squares = np.linalg.svd(data - data.mean(axis=0), compute_uv=False) ** 2
    found: list[float] = (squares / squares.sum()).tolist()
    return found


@cache
def _data(name: str) -> NDArray[np.float64]:
    return DATASETS[name]()
