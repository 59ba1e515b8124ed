"""Checks of arguments that several tasks share."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray


def require_epsilon(epsilon: float) -> None:
    """Refuse a precision that is not between 0 and 1.

    Raises
    ------
    ValueError
        Naming the argument and the range.
    """
    if isinstance(epsilon, bool) or not isinstance(epsilon, int | float | np.floating):
        raise ValueError(f"epsilon = {epsilon!r}: must be a number between 0 and 1")
    if not 0 < epsilon < 1:
        raise ValueError(f"epsilon = {epsilon}: must lie strictly between 0 and 1")


def as_dense(given: Any) -> NDArray[Any]:
    """Return a dense array of anything array-like or sparse."""
    return given.toarray() if scipy.sparse.issparse(given) else np.asarray(given)


def seed_from(random_state: int | np.random.Generator | None) -> int:
    """Seed of a simulator from a seed, a generator, or nothing (then a fresh one).

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(random_state, np.random.Generator):
        generator = random_state
    else:
        try:
            generator = np.random.default_rng(random_state)
        except (TypeError, ValueError):
            raise ValueError(
                f"random_state = {random_state!r}: must be None, a non-negative integer or a "
                "numpy.random.Generator"
            ) from None
    return int(generator.integers(2**31))
