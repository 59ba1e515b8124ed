"""Exact states of a system register for each outcome of a clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class ConditionalStates(Protocol):
    """State of clock and system, with no coherence between outcomes of the clock left."""

    @property
    def frequencies(self) -> Array:
        """Probabilities of the clock's outcomes, shape ``(M,)``."""
        ...

    def weighted(self, filters: Array) -> NDArray[Any]:
        """Sum the states of all outcomes, of trace their probability, with weights.

        ``filters`` has shape ``(G, M)``, the result ``(G, 2**n, 2**n)``.
        """
        ...


@dataclass(frozen=True, eq=False)
class FrameStates:
    """States where the clock's evolution is diagonal in a frame of the system.

    Attributes
    ----------
    density
        Density matrix in the frame, shape ``(2**n, 2**n)``.
    amplitudes
        Amplitude of each outcome for each basis state of the frame, shape ``(M, 2**n)``.
    leave
        From the frame to the computational basis, shape ``(2**n, 2**n)``.
    """

    density: NDArray[Any]
    amplitudes: NDArray[Any]
    leave: NDArray[Any]

    @property
    def frequencies(self) -> Array:
        """See `ConditionalStates`."""
        found: Array = np.abs(self.amplitudes) ** 2 @ np.diag(self.density).real
        return found

    def weighted(self, filters: Array) -> NDArray[Any]:
        """See `ConditionalStates`."""
        factors = [
            (self.amplitudes.T * weights) @ self.amplitudes.conj()
            for weights in np.asarray(filters)
        ]
        return np.array([self.leave @ (self.density * f) @ self.leave.conj().T for f in factors])


@dataclass(frozen=True, eq=False)
class OutcomeStates:
    """States written down for each outcome, shape ``(M, 2**n, 2**n)``.

    ``frequencies`` may be more than their traces, where some runs are not used.
    """

    states: NDArray[Any]
    frequencies: Array

    def weighted(self, filters: Array) -> NDArray[Any]:
        """See `ConditionalStates`."""
        return np.tensordot(np.asarray(filters), self.states, axes=1)
