"""States along an evolution, and what was read off them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.neural.rbm import RBMState


@dataclass(frozen=True, eq=False)
class EvolvedStates:
    """What `TimeEvolution.evolve` returns.

    Attributes
    ----------
    times
        As given.
    states
        One for each time.
    expectations, errors
        Of the observables by name, and of the Hamiltonian as "energy", which stays the same in real
        time; the standard errors are those of reading the states that were reached, 0 where all
        configurations are summed: they do not tell how far these are from the true ones. Shape
        ``(times,)`` each.
    residuals
        Share of the true motion ``(H - E) psi``, by norm, that the parameters cannot follow; shape
        ``(times,)``. Near 1, the machine has too few hidden units; 0 in an eigenstate.
    evaluations
        Number of equations solved for a velocity.
    """

    times: NDArray[Any]
    states: tuple[RBMState, ...] = field(repr=False)
    expectations: dict[str, NDArray[np.float64]] = field(repr=False)
    errors: dict[str, NDArray[np.float64]] = field(repr=False)
    residuals: NDArray[np.float64] = field(repr=False)
    evaluations: int

    def __repr__(self) -> str:
        names = ", ".join(self.expectations)
        return (
            f"EvolvedStates({len(self.times)} times from {self.times[0]:g} to {self.times[-1]:g}, "
            f"{self.states[0].qubits} qubits: {names}; largest residual "
            f"{self.residuals.max():.2g}, {self.evaluations:,} evaluations)"
        )
