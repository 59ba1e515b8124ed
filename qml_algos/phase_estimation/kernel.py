"""The kernel of phase estimation: how one eigenphase spreads over the clock's outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SMALL = 1e-4


@dataclass(frozen=True)
class PhaseKernel:
    r"""Distribution of the outcome k of a clock for the eigenphase :math:`\phi`.

    .. math:: K_k(\phi) = \frac{1}{M E} \left( \frac{\sin(E \Delta_k / 2)}{\sin(\Delta_k / 2)}
              \right)^2
              = \frac{1}{M} \sum_{|h| < E} \Big(1 - \frac{|h|}{E}\Big) e^{i h \Delta_k}, \qquad
              \Delta_k = \phi - \frac{2 \pi k}{M}

    for M outcomes and an evolution of E units. The second form, Fejer's, gives correlations of K
    with a function of k, for many phases at once, by fast Fourier transforms.

    Attributes
    ----------
    clock_qubits
        M is 2 to this power.
    guard_qubits
        Qubits of the clock that lengthen the transform only: E = M / 2**guard_qubits.

    References
    ----------
    R. Cleve, A. Ekert, C. Macchiavello, M. Mosca, Proc. R. Soc. Lond. A 454, 339 (1998), Sec. 5.
    """

    clock_qubits: int
    guard_qubits: int = 0

    @property
    def outcomes(self) -> int:
        """M, the number of outcomes."""
        return 1 << self.clock_qubits

    @property
    def evolution(self) -> int:
        """E, the number of times the evolution enters with, 0 to E - 1 units."""
        return 1 << (self.clock_qubits - self.guard_qubits)

    @property
    def cell(self) -> float:
        """Resolution in radians, ``2 pi / E``."""
        return 2 * np.pi / self.evolution

    def derivatives(self, phases: Array) -> tuple[Array, Array, Array]:
        """Return K and its first two derivatives by the phase; each of shape ``(J, M)``.

        O(J M).
        """
        grid = 2 * np.pi / self.outcomes * np.arange(self.outcomes)
        distance = np.asarray(phases)[:, None] - grid
        distance = (distance + np.pi) % (2 * np.pi) - np.pi
        value, first, second = _dirichlet(distance, self.evolution)
        norm = self.outcomes * self.evolution
        return (
            value**2 / norm,
            2 * value * first / norm,
            2 * (first**2 + value * second) / norm,
        )

    def values(self, phases: Array) -> Array:
        """Return K; shape ``(J, M)``."""
        return self.derivatives(phases)[0]

    @cached_property
    def series(self) -> Array:
        """Fourier coefficients of K for the harmonics 0 to E - 1, real and even."""
        return (1 - np.arange(self.evolution) / self.evolution) / self.outcomes


def _dirichlet(x: Array, E: int) -> tuple[Array, Array, Array]:
    """``sin(E x / 2) / sin(x / 2)`` with two derivatives, for x in [-pi, pi]."""
    half = x / 2
    near = np.abs(E * x) < _SMALL
    sine = np.where(near, 1.0, np.sin(half))
    cosine = np.cos(half)
    wave, turned = np.sin(E * half), np.cos(E * half)
    value = wave / sine
    first = (E * turned - value * cosine) / (2 * sine)
    second = value * (1 - E**2) / 4 - first * cosine / sine
    # Where both sines vanish: the series about 0, whose next term is of relative size (E x)^2.
    curvature = -E * (E**2 - 1) / 12
    return (
        np.where(near, E + curvature * x**2 / 2, value),
        np.where(near, curvature * x, first),
        np.where(near, curvature, second),
    )
