"""Discrete data to try density estimators on, by name and number of variables."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.generative.data.configurations import MOST_CONFIGURATIONS, all_configurations
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.data.discrete import DiscreteData, binary_data
from qml_algos.generative.data.graph_states import (
    Edge,
    graph_state_probabilities,
    make_graph_state,
    random_directions,
)
from qml_algos.generative.data.problem import (
    TEST_SHARE,
    DensityProblem,
    Truth,
    parted,
    require_no_test_share,
    validated,
)
from qml_algos.generative.data.structured import (
    make_bars_and_stripes,
    make_cardinality,
    make_parity,
)
from qml_algos.svm.data.drawing import require_at_least

WHAT_A_SIZE_IS = "number of variables (pixels, where samples are pictures)"
"""For help texts and messages."""

DEFAULT_SAMPLES = 2000

_DIGIT_SIDE = 8


def _bars_and_stripes(
    size: int, samples: int, rng: np.random.Generator
) -> tuple[DiscreteData, Truth]:
    height, width = _sides(size)
    if height < 2:
        raise InvalidProblemError(
            f"size = {size}: bars and stripes have height * width pixels, both at least 2"
        )
    data = make_bars_and_stripes(height, width, samples, random_state=rng)
    count = 2**height + 2**width - 2
    return data, _uniform(count, lambda: make_bars_and_stripes(height, width))


def _parity(size: int, samples: int, rng: np.random.Generator) -> tuple[DiscreteData, Truth]:
    data = make_parity(size, samples, random_state=rng)
    return data, _uniform(2 ** (size - 1), lambda: make_parity(size))


def _cardinality(size: int, samples: int, rng: np.random.Generator) -> tuple[DiscreteData, Truth]:
    ones = size // 2
    data = make_cardinality(size, ones, samples, random_state=rng)
    return data, _uniform(math.comb(size, ones), lambda: make_cardinality(size, ones))


def _graph_state(size: int, samples: int, rng: np.random.Generator) -> tuple[DiscreteData, Truth]:
    edges, bases = _grid(*_sides(size)), random_directions(size, rng)
    data = make_graph_state(size, edges, samples, bases=bases, random_state=rng)
    chances = graph_state_probabilities(size, edges, bases)
    possible = chances > 0
    found = chances[possible]
    entropy = -float(found @ np.log(found))
    return data, Truth(entropy, all_configurations((2,) * size)[possible], found)


FAMILIES: dict[str, Callable[[int, int, np.random.Generator], tuple[DiscreteData, Truth]]] = {
    "bars-and-stripes": _bars_and_stripes,
    "parity": _parity,
    "cardinality": _cardinality,
    "graph-state": _graph_state,
}
"""Each takes numbers of variables and of samples, and a generator.

Pictures are as square as their number of pixels allows, and so are the grids on which the edges of
graph states lie, measured along random directions. Half of the bits of ``cardinality`` are 1.
"""

DATASETS = ("digits",)
"""Those that are not drawn: of the digits, the square in the middle with so many pixels."""


def draw_problem(
    name: str,
    size: int,
    rng: np.random.Generator,
    *,
    samples: int | None = None,
    test_share: float | None = None,
) -> DensityProblem:
    """Draw samples of a family, or take a data set.

    Parameters
    ----------
    name
        Of `FAMILIES` or `DATASETS`.
    size
        Number of variables.
    rng
        Draws samples, and the parts that are set aside.
    samples
        How many in all, 2,000 by default; of a data set, how many are learnt from, all by default.
    test_share
        Part of the samples that tests, a quarter by default; a data set has its own.

    Raises
    ------
    UnknownNameError
        If there is no family or data set of this name.
    InvalidProblemError
        If a number is out of range for it.
    TooLargeError
        If the samples would not fit into memory.
    """
    require_at_least("size", size, 2)
    if name in FAMILIES:
        number = DEFAULT_SAMPLES if samples is None else samples
        data, truth = FAMILIES[name](size, number, rng)
        return parted(data, rng, TEST_SHARE if test_share is None else test_share, truth)
    if name not in DATASETS:
        raise UnknownNameError("family", name, [*FAMILIES, *DATASETS])
    require_no_test_share(name, test_share)
    train, test = (_middle(part, size) for part in load_binary_digits())
    if samples is not None and samples < train.samples:
        require_at_least("samples", samples, 2)
        train = train.split(samples, rng)[1]
    return validated(train, test, rng)


def _sides(size: int) -> tuple[int, int]:
    """Return height and width of a picture, as equal as may be; of primes 1 and themselves."""
    height = max(k for k in range(1, math.isqrt(size) + 1) if size % k == 0)
    return height, size // height


def _uniform(count: int, all_of_them: Callable[[], DiscreteData]) -> Truth:
    if count > MOST_CONFIGURATIONS:
        return Truth(math.log(count))
    return Truth.uniform(all_of_them().X)


def _grid(height: int, width: int) -> list[Edge]:
    """Edges of a grid whose vertices are counted row by row."""
    rows = [(k, k + 1) for k in range(height * width) if (k + 1) % width]
    columns = [(k, k + width) for k in range((height - 1) * width)]
    return rows + columns


def _middle(data: DiscreteData, size: int) -> DiscreteData:
    side = math.isqrt(size)
    if side**2 != size or side > _DIGIT_SIDE:
        raise InvalidProblemError(
            f"size = {size}: digits have a square number of pixels, from 4 to 64"
        )
    first = (_DIGIT_SIDE - side) // 2
    pictures = data.X.reshape(-1, _DIGIT_SIDE, _DIGIT_SIDE)
    part = pictures[:, first : first + side, first : first + side]
    return binary_data(data.name, part.reshape(len(part), size), (side, side))
