"""Optimisers for gradients that carry noise, from PennyLane."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def adam(
    gradient: Callable[[Floats], Floats],
    start: ArrayLike,
    learning_rate: float,
    steps: int,
    project: Callable[[Floats], Floats] | None = None,
) -> Iterator[Floats]:
    """Descend along noisy gradients by Adam, with steps that shrink evenly to nothing.

    What noise there is in the gradient stays in the parameters in proportion to the length of the
    steps; these end small, so that the last parameters are the answer and none of them needs to be
    chosen by a noisy value.

    Parameters
    ----------
    gradient
        Of what is minimised; called once a step.
    start
        Shape ``(P,)``.
    learning_rate
        Length of the first steps, in each parameter about.
    steps
        How many.
    project
        Brings parameters back to where they are allowed.

    Yields
    ------
    ndarray
        The parameters after each step, shape ``(P,)``.

    References
    ----------
    D. Kingma, J. Ba, arXiv:1412.6980 (2014).
    """
    from pennylane import numpy as trainable
    from pennylane.optimize import AdamOptimizer

    optimiser = AdamOptimizer(learning_rate)
    parameters = np.array(start, dtype=float)
    for step in range(steps):
        optimiser.stepsize = learning_rate * (1 - step / steps)
        slope = gradient(parameters)
        [moved] = optimiser.apply_grad((slope,), (trainable.array(parameters, requires_grad=True),))
        parameters = np.asarray(moved, dtype=float)
        if project is not None:
            parameters = project(parameters)
        yield parameters
