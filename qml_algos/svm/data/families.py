"""Labelled data to try classifiers on, by name and number of features."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import numpy as np
from sklearn.decomposition import PCA

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.svm.data.ad_hoc import make_ad_hoc
from qml_algos.svm.data.bars_and_stripes import make_bars_and_stripes
from qml_algos.svm.data.drawing import Drawn, require_at_least, standardised
from qml_algos.svm.data.hidden_manifold import make_hidden_manifold
from qml_algos.svm.data.hyperplanes import make_hyperplanes
from qml_algos.svm.data.known_sets import DATASETS, load
from qml_algos.svm.data.labelled import LabelledData
from qml_algos.svm.data.linearly_separable import make_linearly_separable
from qml_algos.svm.data.two_curves import make_two_curves

Family = Callable[[int, int, np.random.Generator], Drawn]

WHAT_A_SIZE_IS = "number of features, for each of which most feature maps take a qubit"
"""For help texts and messages."""

DEFAULT_SAMPLES = 120


def _pictures(samples: int, features: int, generator: np.random.Generator) -> Drawn:
    height = max((k for k in range(2, isqrt(features) + 1) if features % k == 0), default=0)
    if not height:
        raise InvalidProblemError(
            f"features = {features}: bars and stripes have height * width pixels, both at least 2"
        )
    width = features // height
    return make_bars_and_stripes(samples, height=height, width=width, random_state=generator)


FAMILIES: dict[str, Family] = {
    "hidden-manifold": lambda m, d, rng: make_hidden_manifold(m, d, random_state=rng),
    "linearly-separable": lambda m, d, rng: make_linearly_separable(m, d, random_state=rng),
    "two-curves": lambda m, d, rng: make_two_curves(m, d, random_state=rng),
    "hyperplanes": lambda m, d, rng: make_hyperplanes(m, d, random_state=rng),
    "bars-and-stripes": _pictures,
    "ad-hoc": lambda m, d, rng: make_ad_hoc(m, d, random_state=rng),
}
"""Each takes numbers of samples and features, and a generator; other arguments are the defaults.

Pictures are as square as their number of pixels allows. The ad hoc data are made for the ZZ feature
map and say nothing of other data.
"""

IN_RADIANS = ("ad-hoc",)
"""Families whose features are angles, which scaling would spoil."""


def draw_labelled(
    name: str,
    features: int,
    generator: np.random.Generator,
    samples: int = DEFAULT_SAMPLES,
) -> LabelledData:
    """Draw data of a family, or from a data set of scikit-learn.

    Parameters
    ----------
    name
        Of `FAMILIES` or `DATASETS`.
    features
        Number of features. Of a data set these are the leading principal components of all its
        standardised features, found without the labels.
    generator
        What is random.
    samples
        Number of samples; of a data set at most so many, with the shares of the classes kept.

    Raises
    ------
    UnknownNameError
        If there is no family or data set of this name.
    InvalidProblemError
        If a number is out of range for the family or the data set.
    TooLargeError
        If the data would not fit into memory.
    """
    require_at_least("features", features, 1)
    require_at_least("samples", samples, 2)
    if name in FAMILIES:
        X, y = FAMILIES[name](samples, features, generator)
        names = tuple(f"x{k}" for k in range(features))
        return LabelledData(name, X, y, names, tuple(map(str, np.unique(y))))
    if name not in DATASETS:
        raise UnknownNameError("family", name, [*FAMILIES, *DATASETS])
    return _part_of(load(name), features, samples, generator)


def _part_of(
    data: LabelledData, features: int, samples: int, generator: np.random.Generator
) -> LabelledData:
    if features > data.features:
        raise InvalidProblemError(f"features = {features}: {data.name} has {data.features}")
    X = PCA(features, svd_solver="full").fit_transform(standardised(data.X))
    names = tuple(f"component {k}" for k in range(features))
    whole = LabelledData(data.name, X, data.y, names, data.target_names)
    return whole.part(samples, int(generator.integers(2**31)))
