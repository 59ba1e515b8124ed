"""The handwritten digits of scikit-learn in black and white."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits

from qml_algos.generative.data.discrete import DiscreteData, binary_data

_THRESHOLD = 8
"""Of grey levels from 0 to 16."""
_TRAINING = 1500


def load_binary_digits() -> tuple[DiscreteData, DiscreteData]:
    """Load pictures of 8 x 8 pixels, lit where the grey level, from 0 to 16, is 8 or more.

    Returns
    -------
    train, test
        1,500 and 297 pictures, drawn once and for all (seed 0); nothing is downloaded.
    """
    X = (load_digits().data >= _THRESHOLD).astype(np.int64)
    order = np.random.default_rng(0).permutation(len(X))
    train, test = X[order[:_TRAINING]], X[order[_TRAINING:]]
    return binary_data("digits", train, (8, 8)), binary_data("digits", test, (8, 8))
