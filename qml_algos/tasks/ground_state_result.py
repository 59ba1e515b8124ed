"""What the task of a ground state found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.results import Estimate, Resources


@dataclass(frozen=True, eq=False)
class GroundStateResult:
    """What a task found.

    Attributes
    ----------
    solver, hamiltonian
        Names.
    qubits, terms
        Of the Hamiltonian.
    energy
        With its standard error, 0 if nothing was sampled.
    exact, source
        Ground energy known otherwise and where it is from; ``None`` where it is not known.
    error, fidelity
        Relative error of the energy, and fidelity with the exact state; ``None`` where unknown.
    variance, v_score
        Of the Hamiltonian in the state; ``None`` where they were not measured.
    parameters
        Of the state.
    seconds
        Of the processor.
    resources
        Of a circuit.
    energies
        On the way, of solvers that keep them; shape ``(steps,)``.
    correlations, exact_correlations
        ``<Z_0 Z_r>`` of the state and of the exact one; shape ``(qubits,)``, ``None`` where they
        are not written down.
    written
        Path of the plot.
    caveats
        What belongs beside the figures.
    """

    solver: str
    hamiltonian: str
    qubits: int
    terms: int
    energy: Estimate
    exact: float | None
    source: str
    error: float | None
    fidelity: float | None
    variance: Estimate | None
    v_score: float | None
    parameters: int
    seconds: float
    resources: Resources | None
    energies: NDArray[np.float64] | None
    correlations: NDArray[np.float64] | None
    exact_correlations: NDArray[np.float64] | None
    written: str | None
    caveats: tuple[str, ...]
