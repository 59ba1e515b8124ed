"""Samples of discrete variables, with the names of what they stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.checks import as_discrete, categories_of
from qml_algos.svm.data.drawing import RandomState, generator_of, require_at_least

Samples = NDArray[np.int64]

_LARGEST = 2**27
"""Numbers in one array: 1 GiB."""


@dataclass(frozen=True, eq=False)
class DiscreteData:
    """Samples in rows, each variable one of its categories 0, 1, ...

    Attributes
    ----------
    name
        Of the data set.
    X
        Shape ``(samples, variables)``.
    categories
        Number of categories of each variable, at least 2; there may be some that no sample has.
    variable_names
        One for each column of X.
    shape
        Height and width if samples are pictures, their pixels row by row; else ``None``.
    labels
        What the categories of each variable are called; ``None`` if they are plain numbers.

    Raises
    ------
    InvalidProblemError
        If X is no table of categories, or the others do not fit it.
    """

    name: str
    X: Samples
    categories: tuple[int, ...]
    variable_names: tuple[str, ...]
    shape: tuple[int, int] | None = None
    labels: tuple[tuple[str, ...], ...] | None = None

    def __post_init__(self) -> None:
        categories_of(as_discrete(self.X), self.categories, "categories")
        if len(self.variable_names) != self.variables:
            raise InvalidProblemError(
                f"variable_names has {len(self.variable_names)} entries: X has {self.variables} "
                "columns"
            )
        if self.shape is not None:
            require_shape(self.shape, self.variables)
        if self.labels is not None and tuple(map(len, self.labels)) != self.categories:
            raise InvalidProblemError("labels: one is needed for each category of each variable")

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(self.X.shape[0])

    @property
    def variables(self) -> int:
        """Number of variables."""
        return int(self.X.shape[1])

    def split(
        self, samples: int, random_state: RandomState = None
    ) -> tuple[DiscreteData, DiscreteData]:
        """Set samples aside, for validation say, drawn without replacement.

        Parameters
        ----------
        samples
            How many, at least one; one at least must remain.
        random_state
            Seed, generator, or ``None`` for a fresh one.

        Returns
        -------
        rest, aside
            The samples in random order.

        Raises
        ------
        InvalidProblemError
            If ``samples`` is out of range.
        """
        require_at_least("samples", samples, 1)
        if samples >= self.samples:
            raise InvalidProblemError(
                f"samples = {samples}: of {self.samples}, one at least must remain"
            )
        order = generator_of(random_state).permutation(self.samples)
        return (
            replace(self, X=self.X[order[samples:]]),
            replace(self, X=self.X[order[:samples]]),
        )

    def decoded(self, X: ArrayLike) -> NDArray[np.str_]:
        """Return rows of categories in the words of the source.

        Parameters
        ----------
        X
            Shape ``(n, variables)``, categories; drawn from a model, say.

        Raises
        ------
        InvalidProblemError
            If X holds anything but categories of these variables.
        """
        rows = as_discrete(X)
        categories_of(rows, self.categories, "categories")
        if self.labels is None:
            return rows.astype(str)
        columns = [
            np.array(words)[column] for words, column in zip(self.labels, rows.T, strict=True)
        ]
        return np.column_stack(columns)


def binary_data(name: str, X: Samples, shape: tuple[int, int] | None = None) -> DiscreteData:
    """Return samples of bits, their variables called ``x0``, ``x1``, ..."""
    variables = X.shape[1]
    names = tuple(f"x{k}" for k in range(variables))
    return DiscreteData(name, X, (2,) * variables, names, shape)


def require_shape(shape: tuple[int, int], variables: int) -> None:
    """Refuse a height and a width that are not those of pictures of so many pixels.

    Raises
    ------
    InvalidProblemError
        Naming the argument and what is accepted.
    """
    whole = len(shape) == 2 and all(
        isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0 for n in shape
    )
    if not whole or shape[0] * shape[1] != variables:
        raise InvalidProblemError(
            f"shape = {shape!r}: a height and a width are needed with {variables} pixels in all"
        )


def require_room(samples: int, variables: int) -> None:
    """Refuse samples that would not fit into memory.

    Raises
    ------
    TooLargeError
        If there would be more than 2**27 numbers.
    """
    if samples * variables > _LARGEST:
        raise TooLargeError(
            f"{samples:,} samples of {variables:,} variables: at most {_LARGEST:,} numbers are "
            "written down; give n_samples, or a smaller one"
        )
