"""Images of configurations under symmetries: translations of the lattice, and the flip of all."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.encoding import encoded, encoding_of
from qml_algos.validation import require_count, seed_from

_GROUP = 8
"""Rows that share a translation, drawn anew each time: copies of slices cost a tenth of gathering
every row by its own indices, and rows of a batch come in random order anyway."""


class SpinAugmenter(TransformerMixin, BaseEstimator):
    """Replace each configuration by a random image of it under the symmetries of a periodic system.

    A classifier that sees another image in each epoch learns the symmetry from the data: no feature
    is handed to it. Labels stay as they are.

    Parameters
    ----------
    shape
        Sites along each direction of a periodic lattice, ``(L, L)``, say; ``None`` for a ring.
    translations
        Whether to translate.
    flips
        Whether to turn over all spins of half of the configurations.
    random_state
        Seed, generator, or ``None`` for a fresh one; drawn from by each transformation.

    Attributes
    ----------
    n_features_in_, feature_names_in_
        Of X; names if it had some.

    Notes
    -----
    O(samples * sites). Bits 0 and 1 come back as spins +1 and -1; features that are neither keep
    their values, up to the sign.
    """

    def __init__(
        self,
        shape: tuple[int, ...] | None = None,
        *,
        translations: bool = True,
        flips: bool = True,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.shape = shape
        self.translations = translations
        self.flips = flips
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that two transformations differ."""
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags

    def fit(self, X: ArrayLike, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the encoding of X, shape ``(samples, sites)``, and start the random numbers.

        Raises
        ------
        InvalidProblemError
            If the shape is not one of so many sites.
        ValueError
            If X is no such matrix of finite numbers.
        """
        checked = validate_data(self, X, dtype="numeric")
        shape = require_shape(self.shape, checked.shape[1])
        self._encoding, self._shape = encoding_of(checked), shape
        self._generator = np.random.default_rng(seed_from(self.random_state))
        return self

    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return a random image of each row of X, as spins; shape ``(samples, sites)``.

        Raises
        ------
        InvalidProblemError
            If X is not encoded as what was fitted.
        ValueError
            If X is no matrix of so many finite numbers.
        """
        check_is_fitted(self, "_generator")
        checked = encoded(validate_data(self, X, dtype="numeric", reset=False), self._encoding)
        return images(
            checked,
            self._shape,
            self._generator,
            translations=self.translations,
            flips=self.flips,
        )


def images(
    spins: NDArray[Any],
    shape: tuple[int, ...],
    generator: np.random.Generator,
    *,
    translations: bool = True,
    flips: bool = True,
) -> NDArray[Any]:
    """Translate and flip at random configurations that are encoded as spins."""
    found = spins.copy()
    if translations:
        axes = tuple(range(1, len(shape) + 1))
        for start in range(0, len(spins), _GROUP):
            rows = spins[start : start + _GROUP]
            steps = tuple(int(generator.integers(length)) for length in shape)
            moved = np.roll(rows.reshape(-1, *shape), steps, axis=axes)
            found[start : start + _GROUP] = moved.reshape(rows.shape)
    if flips:
        signs = 1 - 2 * generator.integers(2, size=(len(spins), 1), dtype=np.int8)
        found *= signs
    return found


def require_shape(shape: tuple[int, ...] | None, sites: int) -> tuple[int, ...]:
    """Return the lengths of a lattice of so many sites: a ring for ``None``.

    Raises
    ------
    InvalidProblemError
        If they are no positive integers whose product is the number of sites.
    """
    if shape is None:
        return (sites,)
    lengths = tuple(shape)
    for length in lengths:
        require_count("shape", length)
    if int(np.prod(lengths)) != sites:
        raise InvalidProblemError(
            f"shape = {lengths}: X has {sites} columns, which are not the sites of such a lattice"
        )
    return lengths
