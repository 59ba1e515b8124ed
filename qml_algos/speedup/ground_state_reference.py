"""What is known of a ground state without the solvers that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.hamiltonians import SpinHamiltonian, exact_ground_state
from qml_algos.physics.states.statevector import statevector_of

MOST_WITH_GAP, MOST_WITH_STATE = 16, 20
"""Qubits up to which the next energy is computed too, and the ground state alone."""

_SAME = 1e-9
"""Relative difference below which energies are those of one degenerate level."""


@dataclass(frozen=True, eq=False)
class Known:
    """The exact energy and state, as far as they are known.

    Attributes
    ----------
    energy, source
        Ground energy and where it comes from; ``None`` and "" where neither theory nor
        diagonalisation gives one.
    states
        Orthonormal rows that span the ground states found; shape ``(states, 2**qubits)``, ``None``
        where they are too large.
    gap
        To the next energy, 0 if the ground state is degenerate; ``None`` where it is not known.
    """

    energy: float | None
    source: str
    states: NDArray[Any] | None
    gap: float | None

    def error_of(self, fitted: Any) -> tuple[float | None, float | None]:
        """Relative error of an estimator's energy, and what sampling leaves open of it."""
        if not self.energy:
            return None, None
        scale = abs(self.energy)
        spread = float(fitted.energy_error_) / scale
        return abs(float(fitted.energy_) - self.energy) / scale, spread or None

    def fidelity_of(self, state: Any) -> float | None:
        """Weight of a wave function in the ground states; ``None`` where there is one of neither.

        Cost: all 2^n amplitudes.
        """
        if state is None or self.states is None:
            return None
        amplitudes = statevector_of("state", state)
        overlaps = self.states.conj() @ (amplitudes / np.linalg.norm(amplitudes))
        return min(1.0, float((np.abs(overlaps) ** 2).sum()))


def known_of(hamiltonian: SpinHamiltonian) -> Known:
    """Find out what is known of a ground state.

    Parameters
    ----------
    hamiltonian
        Of any size. Cost: O(terms * 2^n) for each of some tens of products with a vector, up to 20
        qubits; nothing above.
    """
    reference = hamiltonian.reference
    if hamiltonian.qubits > MOST_WITH_STATE:
        if reference is None:
            return Known(None, "", None, None)
        return Known(reference.energy, reference.source, None, None)
    with_gap = hamiltonian.qubits <= MOST_WITH_GAP
    spectrum = exact_ground_state(hamiltonian, states=2 if with_gap else 1)
    lowest = float(spectrum.energies[0])
    above = spectrum.energies - lowest
    ground = above <= _SAME * max(1.0, abs(lowest))
    gap = None if not with_gap else 0.0 if np.all(ground) else float(above[-1])
    energy, source = lowest, "diagonalisation"
    if reference is not None:
        energy, source = reference.energy, reference.source
    return Known(energy, source, spectrum.states[ground], gap)
