"""A Gram matrix with what it cost and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.results import Resources

__all__ = ["GramMatrix"]


@dataclass(frozen=True, eq=False)
class GramMatrix:
    """Kernel values between the rows of X and those of Y, or of X among themselves.

    Attributes
    ----------
    values
        Shape ``(N, M)``, real.
    standard_errors
        Of the entries as they were measured, before any projection; same shape. ``None`` if exact.
    resources
        `qml_algos.results.Resources`: of one compiled circuit, all shots, and the times. An exact
        Gram matrix has the qubits of the feature map, and its time as ``run_seconds``.
    shots
        Repetitions of each circuit; ``None`` if exact.
    executions
        Shots of all circuits together; ``None`` if exact.
    projected
        Whether ``values`` is the nearest positive semidefinite matrix instead of what was measured.
    least_eigenvalue
        Of what was measured, if it was sampled and symmetric; negative before a projection.
    """

    values: NDArray[np.float64]
    standard_errors: NDArray[np.float64] | None
    resources: Resources
    shots: int | None = None
    executions: int | None = None
    projected: bool = False
    least_eigenvalue: float | None = None
