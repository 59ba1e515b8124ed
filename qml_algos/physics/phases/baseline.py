"""What a linear model sees of a phase: the honest baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases.boundary import PhaseBoundaryClassifier
from qml_algos.physics.threads import one_thread
from qml_algos.validation import is_number


@dataclass(frozen=True)
class LinearBaseline:
    """Accuracies on samples that were not learnt from.

    Attributes
    ----------
    accuracy
        Of logistic regression on the spins.
    majority
        Of always saying the more frequent phase.
    """

    accuracy: float
    majority: float


def linear_baseline(
    X: ArrayLike,
    y: ArrayLike,
    transition: float,
    *,
    cv: int = 2,
    random_state: int | np.random.Generator | None = None,
) -> LinearBaseline:
    """Judge phases by a linear model of the spins.

    Where an ordered phase and its image with all spins turned over are as frequent, a linear model
    sees next to nothing: the two pull its weights in opposite directions, and a cut can tell one of
    them at best. What a network gains above that it owes to its hidden layer.

    Parameters
    ----------
    X
        Bits or spins; shape ``(samples, sites)``.
    y
        Control parameter of each sample; shape ``(samples,)``.
    transition
        Where labels are cut.
    cv, random_state
        As `PhaseBoundaryClassifier` takes them.

    Raises
    ------
    InvalidProblemError
        If ``transition`` is no number, or has samples at one side only.
    ValueError
        If X or y is not as described.
    """
    if not is_number(transition):
        raise InvalidProblemError(f"transition = {transition!r}: a number is needed")
    model = PhaseBoundaryClassifier(
        LogisticRegression(max_iter=1000), transition=transition, cv=cv, random_state=random_state
    )
    with one_thread():
        model.fit(X, y)
    above = float(np.mean(np.asarray(y) > transition))
    return LinearBaseline(model.accuracy_, max(above, 1 - above))
