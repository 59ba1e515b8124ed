"""Integration of the equation of motion along straight lines in complex time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from qml_algos.errors import NotConvergedError

Velocity = Callable[[NDArray[Any]], NDArray[np.complex128]]
"""From parameters to their velocity per unit of ``-i dt``."""
Integrator = Callable[[Velocity, NDArray[Any], complex], NDArray[np.complex128]]
"""Moves parameters through an interval of time."""


def adaptive(tolerance: float) -> Integrator:
    """Integrate by Runge and Kutta's method of order 5, with steps that keep the error small.

    Raises
    ------
    NotConvergedError
        When used, if the steps become too small.
    """

    def integrate(
        velocity: Velocity, parameters: NDArray[Any], interval: complex
    ) -> NDArray[np.complex128]:
        found = solve_ivp(
            lambda _, values: -1j * interval * velocity(values),
            (0, 1),
            parameters.astype(complex),
            rtol=tolerance,
            atol=tolerance,
        )
        if not found.success or not np.all(np.isfinite(found.y[:, -1])):
            raise NotConvergedError(
                f"an interval of {interval:g} was not integrated: {found.message} A larger cutoff, "
                "or a start from weights that are not all nearly 0, makes the motion smoother"
            )
        return np.asarray(found.y[:, -1])

    return integrate


def steps_of(length: float) -> Integrator:
    """Integrate by Heun's method in equal steps of at most a length.

    With noise, the error of a step cannot be told well enough to adapt it.

    Raises
    ------
    NotConvergedError
        When used, if the parameters grow without bound.
    """

    def integrate(
        velocity: Velocity, parameters: NDArray[Any], interval: complex
    ) -> NDArray[np.complex128]:
        count = max(1, int(np.ceil(abs(interval) / length - 1e-9)))
        step = -1j * interval / count
        for _ in range(count):
            first = velocity(parameters)
            second = velocity(parameters + step * first)
            parameters = parameters + step / 2 * (first + second)
            if not np.all(np.isfinite(parameters)):
                raise NotConvergedError(
                    f"step = {length:g}: the parameters grew without bound; take more samples, a "
                    "larger cutoff or a smaller step"
                )
        return np.asarray(parameters, dtype=complex)

    return integrate
