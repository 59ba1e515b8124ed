"""How eigenvalues show in the outcomes of a clock register."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qml_algos.phase_estimation.kernel import PhaseKernel

Array = NDArray[np.float64]

_USED = 0.9
"""Share of the circle that eigenvalues take up, so that the largest is not next to 0."""


class Clock(Protocol):
    """Distribution of outcomes for each eigenvalue; ``offset`` turns the clock, in outcomes."""

    @property
    def outcomes(self) -> int:
        """M, the number of outcomes."""
        ...

    def cell(self, value: float) -> float:
        """Difference of eigenvalues, near this one, that moves the clock by one outcome."""
        ...

    def readings(self, offset: float) -> Array:
        """Eigenvalue that each outcome stands for, at least 0; shape ``(M,)``."""
        ...

    def distributions(self, values: Array, offset: float) -> tuple[Array, Array]:
        """Probabilities of the outcomes and their derivatives; shapes ``(J, M)``."""
        ...

    def selected(self, values: Array, offset: float) -> Array:
        """Probabilities of outcomes with which the system is left in the eigenvector."""
        ...


@dataclass(frozen=True)
class LinearClock:
    """Clock of an evolution ``exp(i rho t)``: the phase is the eigenvalue times t.

    Attributes
    ----------
    clock_qubits
        M is 2 to this power.
    time
        t.
    """

    clock_qubits: int
    time: float

    @classmethod
    def up_to(cls, largest: float, clock_qubits: int) -> LinearClock:
        """Clock with the longest time at which eigenvalues up to ``largest`` stay apart from 0."""
        return cls(clock_qubits, _USED * 2 * np.pi / largest)

    @property
    def outcomes(self) -> int:
        """M, the number of outcomes."""
        return 1 << self.clock_qubits

    @cached_property
    def _kernel(self) -> PhaseKernel:
        return PhaseKernel(self.clock_qubits)

    def cell(self, value: float) -> float:  # noqa: ARG002
        """Return ``2 pi / (M t)``; see `Clock`."""
        return 2 * np.pi / (self.outcomes * self.time)

    def readings(self, offset: float) -> Array:
        """See `Clock`."""
        return np.maximum(np.arange(self.outcomes) - offset, 0) * self.cell(0.0)

    def distributions(self, values: Array, offset: float) -> tuple[Array, Array]:
        """See `Clock`."""
        phases = np.asarray(values) * self.time + offset * self._kernel.cell
        value, slope, _ = self._kernel.derivatives(phases)
        return value, slope * self.time

    def selected(self, values: Array, offset: float) -> Array:
        """Return the distribution: the system is left in the eigenvector by any outcome."""
        return self.distributions(values, offset)[0]


@dataclass(frozen=True)
class WalkClock:
    r"""Clock of a quantum walk, whose phases are plus and minus the arc cosine of the eigenvalue.

    Attributes
    ----------
    clock_qubits
        M is 2 to this power.
    """

    clock_qubits: int

    @property
    def outcomes(self) -> int:
        """M, the number of outcomes."""
        return 1 << self.clock_qubits

    @cached_property
    def _kernel(self) -> PhaseKernel:
        return PhaseKernel(self.clock_qubits)

    def cell(self, value: float) -> float:
        """See `Clock`; narrower for eigenvalues near 1."""
        return self._kernel.cell * float(np.sqrt(max(1 - value**2, self._kernel.cell**2)))

    def readings(self, offset: float) -> Array:
        """See `Clock`."""
        turns = (np.arange(self.outcomes) - offset) / self.outcomes
        return np.maximum(np.cos(2 * np.pi * turns), 0)

    def distributions(self, values: Array, offset: float) -> tuple[Array, Array]:
        """See `Clock`."""
        angles = np.arccos(np.clip(values, 0, 1 - 1e-12))
        turn = offset * self._kernel.cell
        forward, forward_slope, _ = self._kernel.derivatives(turn + angles)
        backward, backward_slope, _ = self._kernel.derivatives(turn - angles)
        slopes = (backward_slope - forward_slope) / (2 * np.sin(angles)[:, None])
        return (forward + backward) / 2, slopes

    def selected(self, values: Array, offset: float) -> Array:
        """Return the probabilities with the walk's own qubits back in 0, where both phases meet."""
        angles = np.arccos(np.clip(values, 0, 1))
        turn = offset * self._kernel.cell
        both = self._amplitudes(turn + angles) + self._amplitudes(turn - angles)
        found: Array = np.abs(both / 2) ** 2
        return found

    def _amplitudes(self, phases: Array) -> NDArray[np.complex128]:
        M = self.outcomes
        waves = np.exp(1j * phases[:, None] * np.arange(M))
        return np.fft.fft(waves, axis=1) / M
