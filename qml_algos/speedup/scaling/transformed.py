"""Laws with some variables held fixed, or with all costs multiplied."""

from __future__ import annotations

import numpy as np

from qml_algos.speedup.scaling.laws import Floats, Law


def held(law: Law, parameters: Floats, logs: Floats, left: list[int]) -> tuple[Law, Floats]:
    """Hold variables fixed: their factors go into the scale.

    Parameters
    ----------
    law
        In all variables.
    parameters
        Shape (sets of parameters, parameters).
    logs
        Natural logarithms of the variables, shape (1, variables); those of ``left`` do not matter.
    left
        Places of the variables that still vary.

    Returns
    -------
    Law
        In the variables that are left.
    ndarray
        Its parameters.
    """
    held = [i for i in range(len(law.forms)) if i not in left]
    factors = parameters[:, [1 + i for i in held]] @ law.features(logs)[0, held]
    if law.log_factor and 0 in held:
        factors = factors + law.known_logs(logs)[0]
    scale = parameters[:, :1] + factors[:, None]
    kept = parameters[:, [*(1 + i for i in left), *range(1 + len(law.forms), law.parameters)]]
    return left_over(law, left), np.hstack([scale, kept])


def left_over(law: Law, left: list[int]) -> Law:
    """Return the shape of a law in the variables that still vary."""
    forms = tuple(law.forms[i] for i in left)
    return Law(forms, law.offset, law.log_factor and 0 in left)


def multiplied(law: Law, parameters: Floats, factor: float) -> Floats:
    """Multiply the cost, and return the parameters: shape (sets of parameters, parameters)."""
    moved = parameters.copy()
    moved[:, 0] += np.log(factor)
    if law.offset:
        moved[:, -1] += np.log(factor)
    return moved
