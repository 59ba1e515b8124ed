"""Pictures of bars and of stripes."""

from __future__ import annotations

import numpy as np

from qml_algos.svm.data.drawing import (
    Drawn,
    RandomState,
    generator_of,
    halves,
    require_at_least,
    require_sizes,
    shuffled,
)
from qml_algos.validation import require_positive


def make_bars_and_stripes(
    n_samples: int = 300,
    *,
    height: int = 4,
    width: int = 4,
    noise: float = 0.5,
    random_state: RandomState = None,
) -> Drawn:
    """Draw noisy pictures with some columns (bars) or some rows (stripes) lit.

    Each column of a bar, and each row of a stripe, is lit with probability 1/2; lit pixels are +1
    and dark ones -1, with normal noise on all. Pictures all dark or all lit occur in both classes,
    as in the paper: shares of ``2^(1 - width)`` of the bars and of ``2^(1 - height)`` of the
    stripes, of which nobody can tell more than half.

    Parameters
    ----------
    n_samples
        Number of pictures, half of each class.
    height, width
        Pixels; the paper has 4, 8, 16 and 32 of each.
    noise
        Standard deviation of the noise of a pixel.
    random_state
        Seed, generator, or ``None`` for a fresh one.

    Returns
    -------
    X : (n_samples, height * width) float64, a picture in a row, its pixels row by row.
    y : (n_samples,) int64, -1 for bars, +1 for stripes.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range.
    TooLargeError
        If the pictures would not fit into memory.

    References
    ----------
    J. Bowles, S. Ahmed, M. Schuld, arXiv:2403.07059, "bars and stripes".
    """
    require_at_least("height", height, 2)
    require_at_least("width", width, 2)
    require_sizes(n_samples, height * width)
    require_positive("noise", noise, zero=True)
    generator = generator_of(random_state)
    y = halves(n_samples)
    rows = generator.choice([-1.0, 1.0], size=(n_samples, height, 1))
    columns = generator.choice([-1.0, 1.0], size=(n_samples, 1, width))
    stripes = (y == 1)[:, np.newaxis, np.newaxis]
    pictures = np.where(stripes, rows, columns)
    X = pictures.reshape(n_samples, -1) + generator.normal(
        scale=noise, size=(n_samples, height * width)
    )
    return shuffled(X, y, generator)
