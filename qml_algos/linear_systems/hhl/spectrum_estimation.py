"""Finding out on a device which eigenvalues a right-hand side has a share in."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots, seed_for
from qml_algos.backends.execution import execute
from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.hhl.evolutions import EvolvedMatrix, Method, evolved_matrix
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.phase_estimation.clock import clock_circuit
from qml_algos.phase_estimation.likelihood import fit_phases
from qml_algos.phase_estimation.problem import PhaseProblem

MAX_BITS = 12
"""Each bit doubles the evolution time."""

# Part of the full circle that the spectrum is mapped to: what leaks over its ends stays apart.
_ARC_DEFINITE, _ARC_INDEFINITE = 0.9, 0.45
_STATE_ERROR = 1e-3
_MATRIX_CELLS = 0.1


@dataclass(frozen=True, eq=False)
class SpectrumEstimate:
    """Weights of the eigenvalues of A in b, from phase estimation with one clock qubit.

    Attributes
    ----------
    eigenvalues
        Shape ``(2**bits,)``, ascending: centres of the cells, in units of A. Of a matrix that is
        not Hermitian singular values, with both signs.
    weights
        Fraction of the shots in each cell. An eigenvalue off the centres is seen in several: at
        least 0.8 in the two nearest cells (0.4 if the cells are not its neighbours on both sides).
    standard_errors
        Of the weights.
    resolution
        Width of a cell, in units of A.
    shots
        Number of shots.
    circuit
        Compiled.
    components, component_weights, component_standard_errors
        Eigenvalues between the centres, in descending order of weight, with the standard errors of
        the eigenvalues: the fit of `qml_algos.phase_estimation.fit_phases`, with uniform
        background on a noisy backend. At most ``(2**bits - 1) // 2``, and at least one without
        noise.
    """

    eigenvalues: NDArray[np.float64]
    weights: NDArray[np.float64]
    standard_errors: NDArray[np.float64]
    resolution: float
    shots: int
    circuit: QuantumCircuit = field(repr=False)
    components: NDArray[np.float64]
    component_weights: NDArray[np.float64]
    component_standard_errors: NDArray[np.float64]

    def effective_condition_number(self, neglected: float = 0.05) -> float:
        """Ratio of the largest to the smallest eigenvalue in size that b has a share in.

        Parameters
        ----------
        neglected
            Cells nearest to zero, and then the largest, are left out as long as those left out
            at either end have at most half this weight together. What phase estimation leaks into
            other cells has to be neglected; noise adds to it.

        Notes
        -----
        For choosing clock and evolution time before a long run. It proves no bound on the
        condition number: a weight w at an eigenvalue l has a share of ``sqrt(w) / l`` in the
        solution, and weights below about ``3 / shots`` are seen with probability 0.95 or less. So
        `HHL` does not take it for ``kappa`` where it is below the condition number.

        Raises
        ------
        ValueError
            If ``neglected`` is not between 0 and 1.
        """
        if not 0 <= neglected < 1:
            raise ValueError(f"neglected = {neglected}: must be at least 0 and below 1")
        sizes = np.maximum(np.abs(self.eigenvalues), self.resolution / 2)
        order = np.argsort(sizes, kind="stable")
        below = np.cumsum(self.weights[order])
        low = order[np.flatnonzero(below > neglected / 2)[0]]
        high = order[np.flatnonzero(below >= 1 - neglected / 2 - 1e-12)[0]]
        return float(sizes[high] / sizes[low])


def estimate_spectrum(
    problem: LinearSystem,
    backend: Backend,
    bits: int,
    shots: int | None = None,
    *,
    evolution: Method = "auto",
    order: int | None = None,
    seed: int | None = None,
) -> SpectrumEstimate:
    r"""Estimate which eigenvalues of A the right-hand side is made of, and how much.

    Takes n + 1 qubits (one more if A is not Hermitian): the clock is a single qubit, measured,
    reset and turned by what was measured before (`circuits.iterative_phase_estimation`). Such a
    measured clock cannot serve HHL itself, whose clock must stay in superposition; hybrid
    algorithms use it beforehand, to learn which clock states are populated.

    Parameters
    ----------
    problem
        The system; of the spectrum an upper bound on the norm is used, and the sign if it is
        definite.
    backend
        One that runs circuits with feed-forward.
    bits
        The spectrum from 0 to the norm (from minus to plus the norm, if A is not definite) is
        told apart in ``0.9 * 2**bits`` cells.
    shots
        Repetitions; the backend's default if not given.
    evolution, order
        As for `HHL`. A product formula is made exact to a tenth of a cell.
    seed
        Of a simulator.

    Raises
    ------
    ValueError
        If bits or shots are out of range.
    TooLargeError
        If the circuit does not fit the backend.
    UnsuitableSolverError
        If the evolution asked for does not apply.

    References
    ----------
    Y. Lee, J. Joo, S. Lee, Sci. Rep. 9, 4778 (2019), arXiv:1807.10651, for the use in HHL.
    """
    if not 1 <= bits <= MAX_BITS:
        raise ValueError(f"bits = {bits}: from 1 to {MAX_BITS} are possible")
    shots = backend.config.limits.default_shots if shots is None else shots
    require_shots(backend.config, shots)
    matrix = evolved_matrix(problem, evolution, order)
    circuit, cell = _circuit(problem, matrix, bits)
    require_qubits(backend.config, circuit.num_qubits, "phase estimation with one clock qubit")
    executed = execute([circuit], backend, shots, seed_for(backend, None) if seed is None else seed)
    counts = executed.counts(0, "phase")
    places = np.arange(2**bits)
    if not matrix.spectrum.definite:
        places = np.sort(np.fft.fftfreq(2**bits, 2.0**-bits)).astype(int)
    weights = counts[places % 2**bits] / shots
    order_of_size = np.argsort(places * cell)
    fitted = fit_phases(counts, bits, background=backend.noisy)
    per_radian = cell * 2**bits / (2 * np.pi)
    # A phase a little below 0 is an eigenvalue near 0; one further below has come around.
    lowest = -2 * np.pi * (1 - _ARC_DEFINITE) / 2 if matrix.spectrum.definite else -np.pi
    phases = lowest + (fitted.phases - lowest) % (2 * np.pi)
    return SpectrumEstimate(
        eigenvalues=(places * cell)[order_of_size],
        weights=weights[order_of_size],
        standard_errors=np.sqrt(weights * (1 - weights) / shots)[order_of_size],
        resolution=abs(cell),
        shots=shots,
        circuit=executed.compiled[0],
        components=phases * per_radian,
        component_weights=fitted.weights,
        component_standard_errors=fitted.phase_standard_errors * abs(per_radian),
    )


def _circuit(
    problem: LinearSystem, matrix: EvolvedMatrix, bits: int
) -> tuple[QuantumCircuit, float]:
    """Circuit, and the eigenvalue of A that one unit of the outcome stands for."""
    spectrum = matrix.spectrum
    negative = spectrum.definite and spectrum.highest is not None and spectrum.highest < 0
    unit = -spectrum.largest if negative else spectrum.largest
    arc = _ARC_DEFINITE if spectrum.definite else _ARC_INDEFINITE
    cell = 1 / (arc * 2**bits)
    evolution = matrix.evolution(unit, 2 * np.pi * arc, _MATRIX_CELLS * cell)
    prepared = problem.right_hand_side.prepare(matrix.layout, _STATE_ERROR)
    if prepared.error > _STATE_ERROR:
        raise UnsuitableSolverError(
            f"the right-hand side is prepared up to {prepared.error:.1e} only; at most "
            f"{_STATE_ERROR:g} is needed"
        )
    preparation = QuantumCircuit(evolution.system_qubits)
    preparation.compose(prepared.circuit, range(prepared.circuit.num_qubits), inplace=True)
    phases = PhaseProblem(preparation, evolution, 2 * np.pi * arc)
    return clock_circuit(phases, "iterative", bits), cell * unit
