"""Checks of what the sampled engine is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.validation import numeric_array


def checked_angles(given: ArrayLike, parameters: int, name: str) -> NDArray[np.float64]:
    """Angles of states as rows, one column for each parameter of a circuit.

    Raises
    ------
    InvalidProblemError
        If they have another shape, or are not real and finite.
    """
    angles = numeric_array(given, name)
    if np.iscomplexobj(angles):
        raise InvalidProblemError(f"{name} is complex: angles are real")
    if angles.ndim != 2 or not len(angles) or angles.shape[1] != parameters:
        raise InvalidProblemError(
            f"{name} has shape {angles.shape}: one row or more of {parameters} angles, the "
            "circuit's parameters, are needed"
        )
    checked: NDArray[np.float64] = angles
    return checked
