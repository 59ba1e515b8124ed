"""Samples with labels and the names of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from qml_algos.svm.data.drawing import require_at_least


@dataclass(frozen=True, eq=False)
class LabelledData:
    """Samples in rows, each with the label of its class.

    Attributes
    ----------
    name
        Of the data set.
    X
        Shape ``(n_samples, n_features)``, in the units of the source.
    y
        Shape ``(n_samples,)``, integers or words, of two classes or more.
    feature_names
        One for each column of X.
    target_names
        One for each class, in the order of the sorted labels.
    """

    name: str
    X: NDArray[np.float64]
    y: NDArray[Any]
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(self.X.shape[0])

    @property
    def features(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    def part(self, samples: int, seed: int) -> LabelledData:
        """Draw some of the samples, the shares of the classes kept.

        Parameters
        ----------
        samples
            How many, at least one for each class; all if there are no more, give or take a class.
        seed
            Of the choice.

        Raises
        ------
        InvalidProblemError
            If ``samples`` is out of range.
        """
        classes = len(self.target_names)
        require_at_least("samples", samples, classes)
        # scikit-learn needs one of each class on the other side.
        if samples > self.samples - classes:
            return self
        X, _, y, _ = train_test_split(
            self.X, self.y, train_size=samples, stratify=self.y, random_state=seed
        )
        return replace(self, X=X, y=y)
