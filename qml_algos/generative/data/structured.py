"""Sets of bit strings with a rule, of which every member is equally likely."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.checks import as_discrete
from qml_algos.generative.data.discrete import (
    DiscreteData,
    Samples,
    binary_data,
    require_room,
    require_shape,
)
from qml_algos.svm.data.drawing import RandomState, generator_of, require_at_least

Membership = Callable[[ArrayLike], NDArray[np.bool_]]
"""Tells of rows whether they belong to a set."""

_MOST_BITS = 62
"""Bits of a number from which a pattern is made: those of a signed word."""
_SHUFFLED_BITS = 20
"""Up to so many, distinct patterns are drawn from a list of all."""


def make_bars_and_stripes(
    height: int = 4,
    width: int = 4,
    n_samples: int | None = None,
    *,
    random_state: RandomState = None,
) -> DiscreteData:
    """Pictures of which all columns (bars) or all rows (stripes) have one colour each.

    There are ``2**height + 2**width - 2`` of them: pictures of one colour are both. Their entropy,
    in nats the logarithm of this, is the least negative log-likelihood.

    Parameters
    ----------
    height, width
        Pixels, 2 or more; at most 62.
    n_samples
        How many are drawn, all equally likely; ``None`` for every picture once.
    random_state
        Seed, generator, or ``None`` for a fresh one; unused where every picture is returned.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the pictures would not fit into memory.

    References
    ----------
    D. MacKay, "Information Theory, Inference, and Learning Algorithms" (2003), Ch. 43.
    """
    for name, value in (("height", height), ("width", width)):
        require_at_least(name, value, 2)
        if value > _MOST_BITS:
            raise InvalidProblemError(f"{name} = {value}: at most {_MOST_BITS}")
    bars = 2**width
    numbers = _numbers(bars + 2**height - 2, height * width, n_samples, random_state)
    is_bar = numbers < bars
    columns = _bits(np.where(is_bar, numbers, 0), width)
    # The stripes of one colour, 0 and 2**height - 1, are among the bars.
    rows = _bits(np.where(is_bar, 0, numbers - bars + 1), height)
    X = (columns[:, np.newaxis, :] | rows[:, :, np.newaxis]).reshape(len(numbers), -1)
    return binary_data(f"bars-and-stripes-{height}x{width}", X, (height, width))


def is_bars_and_stripes(shape: tuple[int, int]) -> Membership:
    """Return what tells bars and stripes of a height and a width from other pictures."""
    height, width = shape

    def contains(X: ArrayLike) -> NDArray[np.bool_]:
        rows = as_discrete(X)
        require_shape(shape, rows.shape[1])
        pictures = rows.reshape(-1, height, width)
        bars = np.all(pictures == pictures[:, :1, :], axis=(1, 2))
        stripes = np.all(pictures == pictures[:, :, :1], axis=(1, 2))
        found: NDArray[np.bool_] = (bars | stripes) & np.all(rows <= 1, axis=1)
        return found

    return contains


def make_parity(
    n_variables: int, n_samples: int | None = None, *, random_state: RandomState = None
) -> DiscreteData:
    """Bit strings with an even number of ones; ``2**(n_variables - 1)`` exist.

    No marginal of fewer than all variables differs from that of fair coins.

    Parameters
    ----------
    n_variables
        Bits, 2 or more.
    n_samples
        How many are drawn, all equally likely; ``None`` for every string once.
    random_state
        Seed, generator, or ``None`` for a fresh one; unused where every string is returned.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the strings would not fit into memory.
    """
    require_at_least("n_variables", n_variables, 2)
    if n_samples is None:
        free = _bits(_numbers(2 ** (n_variables - 1), n_variables, None, None), n_variables - 1)
    else:
        require_at_least("n_samples", n_samples, 1)
        require_room(n_samples, n_variables)
        free = generator_of(random_state).integers(0, 2, size=(n_samples, n_variables - 1))
    X = np.column_stack([free, free.sum(axis=1) % 2])
    return binary_data(f"parity-{n_variables}", X)


def has_even_parity(X: ArrayLike) -> NDArray[np.bool_]:
    """Tell of rows of bits whether they have an even number of ones."""
    rows = as_discrete(X)
    found: NDArray[np.bool_] = (rows.sum(axis=1) % 2 == 0) & np.all(rows <= 1, axis=1)
    return found


def make_cardinality(
    n_variables: int,
    ones: int,
    n_samples: int | None = None,
    *,
    random_state: RandomState = None,
) -> DiscreteData:
    """Bit strings with a given number of ones; the binomial coefficient says how many exist.

    Parameters
    ----------
    n_variables
        Bits, 2 or more.
    ones
        How many of them are 1, from 0 to all.
    n_samples
        How many are drawn, all equally likely; ``None`` for every string once.
    random_state
        Seed, generator, or ``None`` for a fresh one; unused where every string is returned.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the strings would not fit into memory.

    References
    ----------
    K. Gili, M. Mauri, A. Perdomo-Ortiz, arXiv:2201.08770, where the strings are portfolios.
    """
    require_at_least("n_variables", n_variables, 2)
    require_at_least("ones", ones, 0)
    if ones > n_variables:
        raise InvalidProblemError(f"ones = {ones}: there are {n_variables} variables only")
    if n_samples is None:
        count = math.comb(n_variables, ones)
        require_room(count, n_variables)
        flat = itertools.chain.from_iterable(itertools.combinations(range(n_variables), ones))
        lit = np.fromiter(flat, dtype=np.int64, count=count * ones).reshape(count, ones)
    else:
        require_at_least("n_samples", n_samples, 1)
        require_room(n_samples, n_variables)
        keys = generator_of(random_state).random((n_samples, n_variables))
        lit = np.argsort(keys, axis=1)[:, :ones]
    X = np.zeros((len(lit), n_variables), dtype=np.int64)
    np.put_along_axis(X, lit, 1, axis=1)
    return binary_data(f"cardinality-{n_variables}-{ones}", X)


def has_cardinality(ones: int) -> Membership:
    """Return what tells rows of bits with a number of ones from others."""

    def contains(X: ArrayLike) -> NDArray[np.bool_]:
        rows = as_discrete(X)
        found: NDArray[np.bool_] = (rows.sum(axis=1) == ones) & np.all(rows <= 1, axis=1)
        return found

    return contains


def make_random_patterns(
    n_variables: int,
    n_patterns: int,
    n_samples: int | None = None,
    *,
    random_state: RandomState = None,
) -> DiscreteData:
    """Distinct bit strings without a rule, which a model can only learn by heart.

    Parameters
    ----------
    n_variables
        Bits, 1 or more.
    n_patterns
        How many strings there are.
    n_samples
        How many are drawn of them, all equally likely; ``None`` for every string once.
    random_state
        Seed, generator, or ``None`` for a fresh one; makes the strings, and then the draws.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range; if there are not so many strings.
    TooLargeError
        If the strings would not fit into memory.
    """
    require_at_least("n_variables", n_variables, 1)
    require_at_least("n_patterns", n_patterns, 1)
    if n_patterns > 2**n_variables:
        raise InvalidProblemError(
            f"n_patterns = {n_patterns:,}: {n_variables} bits have {2**n_variables:,} only"
        )
    require_room(n_patterns, n_variables)
    generator = generator_of(random_state)
    X = _distinct(n_variables, n_patterns, generator)
    if n_samples is not None:
        require_at_least("n_samples", n_samples, 1)
        require_room(n_samples, n_variables)
        X = X[generator.integers(0, n_patterns, size=n_samples)]
    return binary_data(f"random-{n_variables}-{n_patterns}", X)


def among(patterns: ArrayLike) -> Membership:
    """Return what tells the rows of a table from others; O(n log n) for n rows of both together."""
    table = as_discrete(patterns, "patterns")

    def contains(X: ArrayLike) -> NDArray[np.bool_]:
        rows = as_discrete(X)
        if rows.shape[1] != table.shape[1]:
            raise InvalidProblemError(
                f"X has {rows.shape[1]} columns: the patterns have {table.shape[1]}"
            )
        together = np.vstack([table, rows])
        _, codes = np.unique(together, axis=0, return_inverse=True)
        found: NDArray[np.bool_] = np.isin(codes[len(table) :], codes[: len(table)])
        return found

    return contains


def _numbers(
    count: int, variables: int, n_samples: int | None, random_state: RandomState
) -> NDArray[np.int64]:
    """Return all numbers below ``count``, or some drawn with replacement."""
    if n_samples is None:
        require_room(count, variables)
        return np.arange(count, dtype=np.int64)
    require_at_least("n_samples", n_samples, 1)
    require_room(n_samples, variables)
    return generator_of(random_state).integers(0, count, size=n_samples)


def _bits(numbers: NDArray[np.int64], count: int) -> Samples:
    bits: Samples = (numbers[:, np.newaxis] >> np.arange(count)) & 1
    return bits


def _distinct(variables: int, count: int, generator: np.random.Generator) -> Samples:
    if variables <= _SHUFFLED_BITS:
        return _bits(generator.permutation(2**variables)[:count], variables)
    found = np.empty((0, variables), dtype=np.int64)
    while len(found) < count:
        more = generator.integers(0, 2, size=(count - len(found), variables))
        together = np.vstack([found, more])
        # The first of equal rows stays, so that those found before keep their places.
        _, first = np.unique(together, axis=0, return_index=True)
        found = together[np.sort(first)]
    return found
