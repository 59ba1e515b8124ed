"""Parameters of restricted Boltzmann machines that are fitted: with symmetries, or without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Parametrisation:
    """Filters, each of which is moved to all places by the symmetries.

    Hidden unit ``(f, g)`` has the angle ``b_f + sum_k w_fk s_perm[g, k]``, so that a group of
    permutations leaves the wave function unchanged. With the identity alone it is the plain
    machine.

    Attributes
    ----------
    permutations
        A group of permutations of the spins; shape ``(G, qubits)``.
    filters
        Their number F; the machine has F G hidden units.
    biased
        Whether there are biases: without them, amplitudes do not change if all spins are flipped.
    complex_valued
        Whether parameters are complex.
    """

    permutations: NDArray[np.int64]
    filters: int
    biased: bool = True
    complex_valued: bool = False

    @property
    def qubits(self) -> int:
        """Number of visible units."""
        return int(self.permutations.shape[1])

    @property
    def count(self) -> int:
        """Number of parameters, a complex one counted once."""
        biases = self.filters + len(self._orbits) if self.biased else 0
        return self.filters * self.qubits + biases

    @cached_property
    def _orbits(self) -> list[NDArray[np.intp]]:
        """Sets of spins that the permutations mix, and that share a visible bias."""
        least = self.permutations.min(axis=0)
        return [np.flatnonzero(least == first) for first in np.unique(least)]

    def start(self, generator: np.random.Generator) -> NDArray[Any]:
        """Small random parameters; shape ``(count,)``."""
        drawn = generator.normal(scale=0.05, size=(2, self.count))
        return drawn[0] + 1j * drawn[1] if self.complex_valued else drawn[0]

    def machine(self, parameters: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return W, a, b of the machine that parameters stand for."""
        size, group = self.filters * self.qubits, len(self.permutations)
        w = parameters[:size].reshape(self.filters, self.qubits)
        W = np.empty((self.filters, group, self.qubits), dtype=parameters.dtype)
        for place, permutation in enumerate(self.permutations):
            W[:, place, permutation] = w
        a = np.zeros(self.qubits, dtype=parameters.dtype)
        b = np.zeros(self.filters * group, dtype=parameters.dtype)
        if self.biased:
            b[:] = np.repeat(parameters[size : size + self.filters], group)
            for orbit, bias in zip(self._orbits, parameters[size + self.filters :], strict=True):
                a[orbit] = bias
        return W.reshape(-1, self.qubits), a, b

    def log_derivatives(self, spins: NDArray[Any], tanh: NDArray[Any]) -> NDArray[Any]:
        """Differentiate ``log psi`` by the parameters; shape ``(count, samples)``.

        Parameters
        ----------
        spins
            In columns; shape ``(qubits, samples)``.
        tanh
            Of the hidden angles; shape ``(hidden, samples)``.
        """
        samples = spins.shape[1]
        by_filter = tanh.reshape(self.filters, -1, samples)
        found = np.zeros((self.filters, self.qubits, samples), dtype=tanh.dtype)
        for place, permutation in enumerate(self.permutations):
            found += by_filter[:, place, None] * spins[permutation]
        weights = found.reshape(-1, samples)
        if not self.biased:
            return weights
        fields = np.stack([spins[orbit].sum(axis=0) for orbit in self._orbits])
        return np.concatenate([weights, by_filter.sum(axis=1), fields])
