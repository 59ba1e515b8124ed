"""What density estimators are compared on: samples to learn from, choose by and measure by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.discrete import DiscreteData, Samples
from qml_algos.generative.data.files import read_discrete
from qml_algos.svm.data.drawing import require_at_least

TEST_SHARE = 0.25
"""Of samples that come without a test set."""
VALID_SHARE = 0.2
"""Of those that are left, which choose when training stops."""

_SET_FILE = ".train.data"
_FEWEST_TESTS = 2
"""A standard error takes two samples."""


@dataclass(frozen=True, eq=False)
class Truth:
    """The distribution that samples were drawn from.

    Attributes
    ----------
    entropy
        In nats: no model's negative log-likelihood is less, but for chance.
    patterns
        Shape ``(K, variables)``: all that have a probability above 0; ``None`` if they are too many
        to write down.
    probabilities
        Theirs, shape ``(K,)``.
    """

    entropy: float
    patterns: Samples | None = None
    probabilities: NDArray[np.float64] | None = None

    @classmethod
    def uniform(cls, patterns: Samples) -> Truth:
        """Return the distribution under which patterns are equally likely."""
        count = len(patterns)
        return cls(float(np.log(count)), patterns, np.full(count, 1 / count))


@dataclass(frozen=True, eq=False)
class DensityProblem:
    """Three parts of one data set, and its distribution where that is known.

    Attributes
    ----------
    train, valid, test
        To learn from, to stop training by, and to measure by; of the same variables.
    truth
        ``None`` if it is not known.
    """

    train: DiscreteData
    valid: DiscreteData
    test: DiscreteData
    truth: Truth | None = None

    @property
    def name(self) -> str:
        """Of the data set."""
        return self.train.name

    @property
    def variables(self) -> int:
        """Number of variables."""
        return self.train.variables

    @property
    def categories(self) -> tuple[int, ...]:
        """Number of categories of each variable."""
        return self.train.categories

    @property
    def binary(self) -> bool:
        """Whether all variables are bits."""
        return set(self.categories) == {2}


def parted(
    data: DiscreteData,
    rng: np.random.Generator,
    test_share: float = TEST_SHARE,
    truth: Truth | None = None,
) -> DensityProblem:
    """Set test samples aside, and of the others a fifth for validation.

    Raises
    ------
    InvalidProblemError
        If the share is out of range, or a part would be empty.
    """
    if not 0 < test_share < 1:
        raise InvalidProblemError(f"test_share = {test_share:g}: must lie between 0 and 1")
    held_out = round(data.samples * test_share)
    if held_out < _FEWEST_TESTS or data.samples - held_out < _FEWEST_TESTS:
        raise InvalidProblemError(
            f"{data.name}: of {data.samples} samples {held_out} are test samples with test_share = "
            f"{test_share:g}: {_FEWEST_TESTS} at least are needed, and as many to learn from"
        )
    rest, test = data.split(held_out, rng)
    return validated(rest, test, rng, truth)


def validated(
    rest: DiscreteData,
    test: DiscreteData,
    rng: np.random.Generator,
    truth: Truth | None = None,
) -> DensityProblem:
    """Set a fifth of the samples aside for validation, where there is a test set already.

    Raises
    ------
    InvalidProblemError
        If there are fewer than two samples.
    """
    aside = max(round(rest.samples * VALID_SHARE), 1)
    train, valid = rest.split(aside, rng)
    return DensityProblem(train, valid, test, truth)


def density_set_files(path: str | PathLike[str]) -> tuple[Path, Path, Path] | None:
    """Return the three files of the set that a path names; ``None`` if it names none.

    A set is named by ``FOLDER/NAME``, or by its file ``FOLDER/NAME.train.data``.
    """
    place = Path(path).expanduser()
    name = place.name.removesuffix(_SET_FILE)
    first, *others = (place.parent / f"{name}.{part}.data" for part in ("train", "valid", "test"))
    return (first, others[0], others[1]) if first.is_file() else None


def read_problem(
    path: str | PathLike[str],
    rng: np.random.Generator,
    *,
    samples: int | None = None,
    test_share: float | None = None,
    shape: tuple[int, int] | None = None,
) -> DensityProblem:
    """Read a table, of which parts are set aside, or a set that comes in three files.

    Parameters
    ----------
    path
        A file as for `read_discrete`; or ``FOLDER/NAME`` (or ``FOLDER/NAME.train.data``) of a set
        as for `read_density_set`.
    rng
        Draws the parts.
    samples
        How many are taken, of the training samples of a set; ``None`` for all.
    test_share
        Of a table: part of the samples that tests; ``None`` for a quarter.
    shape
        Height and width, if samples are pictures.

    Raises
    ------
    InvalidProblemError
        If a file cannot be read as described, or an argument does not fit it.
    """
    files = density_set_files(path)
    if files is None:
        data = _shaped(_taken(read_discrete(path), samples, rng), shape)
        return parted(data, rng, TEST_SHARE if test_share is None else test_share)
    name = files[0].name.removesuffix(_SET_FILE)
    require_no_test_share(name, test_share)
    read = read_density_set(files[0].parent, name)
    train = _taken(read.train, samples, rng)
    return DensityProblem(
        _shaped(train, shape), _shaped(read.valid, shape), _shaped(read.test, shape)
    )


def require_no_test_share(name: str, test_share: float | None) -> None:
    """Refuse to part data that come with a test set.

    Raises
    ------
    InvalidProblemError
        If that is asked for.
    """
    if test_share is not None:
        raise InvalidProblemError(
            f"test_share = {test_share:g}: {name} comes with a test set, which is taken"
        )


def _taken(data: DiscreteData, samples: int | None, rng: np.random.Generator) -> DiscreteData:
    if samples is None or samples == data.samples:
        return data
    require_at_least("samples", samples, 1)
    if samples > data.samples:
        raise InvalidProblemError(f"samples = {samples:,}: {data.name} has {data.samples:,}")
    return data.split(samples, rng)[1]


def _shaped(data: DiscreteData, shape: tuple[int, int] | None) -> DiscreteData:
    return data if shape is None else replace(data, shape=shape)
