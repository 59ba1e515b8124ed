"""What all generators of labelled data share: seeds, sizes, balance and order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError

Samples = NDArray[np.float64]
Labels = NDArray[np.int64]
Drawn = tuple[Samples, Labels]
RandomState = int | np.random.Generator | np.random.RandomState | None

_LARGEST = 2**27
"""Numbers in one array: 1 GiB."""
_LEAST_DRAWN = 256
"""Samples drawn at a time at least: rare ones would take many rounds."""
_MOST_DRAWS = 1000
"""Samples drawn in vain for each one wanted, before giving up."""


def generator_of(random_state: RandomState) -> np.random.Generator:
    """Return a generator from whatever scikit-learn takes as ``random_state``, or a generator.

    Raises
    ------
    InvalidProblemError
        If it is none of these.
    """
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31))
    try:
        return np.random.default_rng(random_state)
    except (TypeError, ValueError):
        raise InvalidProblemError(
            f"random_state = {random_state!r}: must be None, a non-negative integer, a "
            "numpy.random.Generator or a numpy.random.RandomState"
        ) from None


def require_at_least(name: str, value: int, least: int) -> None:
    """Refuse what is no integer, or one that is too small.

    Raises
    ------
    InvalidProblemError
        Naming the argument and the range.
    """
    integer = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not integer or value < least:
        raise InvalidProblemError(f"{name} = {value!r}: must be an integer of at least {least}")


def require_sizes(n_samples: int, n_features: int) -> None:
    """Refuse sizes of data that cannot hold two classes, or that would not fit into memory.

    Raises
    ------
    InvalidProblemError
        Naming the argument and the range.
    TooLargeError
        If there would be more than 2**27 numbers.
    """
    require_at_least("n_samples", n_samples, 2)
    require_at_least("n_features", n_features, 1)
    if n_samples * n_features > _LARGEST:
        raise TooLargeError(
            f"n_samples * n_features = {n_samples * n_features:,}: at most {_LARGEST:,} numbers "
            "are written down"
        )


def balanced(
    draw: Callable[[int], Drawn], n_samples: int, generator: np.random.Generator, why: str
) -> Drawn:
    """Draw until each class has its half, the class +1 the larger of an odd number.

    Parameters
    ----------
    draw
        Takes a number of samples and returns at most so many with labels -1 and +1.
    n_samples, generator
        How many are wanted; what puts them in order.
    why
        What makes samples rare, for the message.

    Raises
    ------
    InvalidProblemError
        If a class stays too small.
    """
    wanted = {-1: n_samples // 2, 1: n_samples - n_samples // 2}
    parts: dict[int, list[Samples]] = {-1: [], 1: []}
    missing, drawn, batch = dict(wanted), 0, max(2 * n_samples, _LEAST_DRAWN)
    while any(missing.values()):
        if drawn > _MOST_DRAWS * n_samples:
            raise InvalidProblemError(
                f"{why}: {drawn:,} samples drawn hold too few of a class ({missing} missing)"
            )
        X, y = draw(batch)
        drawn += batch
        for label, number in missing.items():
            found = X[y == label][:number]
            parts[label].append(found)
            missing[label] = number - len(found)
    X = np.vstack([*parts[-1], *parts[1]])
    return shuffled(X, np.repeat([-1, 1], [wanted[-1], wanted[1]]), generator)


def halves(n_samples: int) -> Labels:
    """Labels -1 and then +1, half of each, one more of +1 if the number is odd."""
    return np.repeat(np.array([-1, 1]), [n_samples // 2, n_samples - n_samples // 2])


def shuffled(X: Samples, y: Labels, generator: np.random.Generator) -> Drawn:
    """Put samples in random order."""
    order = generator.permutation(len(y))
    return X[order], y[order]


def standardised(X: Samples) -> Samples:
    """Shift and scale each feature to mean 0 and variance 1; constant ones are shifted only."""
    deviation = X.std(axis=0)
    found: Samples = (X - X.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return found
