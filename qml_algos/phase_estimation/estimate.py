"""Eigenphases of an evolution in a state, measured on a backend."""

from __future__ import annotations

import math
import time as clock_time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from qiskit import QuantumCircuit
from scipy.special import ndtri

from circuits.evolution_hadamard_test import evolution_hadamard_test
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.backends.execution import Executed, execute
from qml_algos.errors import UnknownNameError
from qml_algos.phase_estimation.bayesian import bayesian_phase
from qml_algos.phase_estimation.clock import CLOCK_METHODS, clock_circuit
from qml_algos.phase_estimation.hadamard_data import Setting
from qml_algos.phase_estimation.kernel import Array
from qml_algos.phase_estimation.level import require_level
from qml_algos.phase_estimation.likelihood import SIGNIFICANCE, fit_phases, require_options
from qml_algos.phase_estimation.posterior import PhasePosterior
from qml_algos.phase_estimation.problem import PhaseProblem
from qml_algos.phase_estimation.robust import robust_phase
from qml_algos.phase_estimation.spectrum import PhaseSpectrum
from qml_algos.results import Resources, circuit_costs

Method = Literal["standard", "semiclassical", "iterative", "robust", "bayesian"]
METHODS = get_args(Method)

MAX_CLOCK_QUBITS = 16
"""Each doubles the evolution time."""

_DEFAULT_CLOCK_QUBITS = 8


@dataclass(frozen=True, eq=False)
class PhaseEstimate:
    """Eigenphases as measured, and what that took.

    Attributes
    ----------
    method
        Its name.
    phases
        Shape ``(J,)``, radians in (-pi, pi]; eigenvalues times ``time``.
    weights
        Shape ``(J,)``: what part of the state is in each; 1 for methods of one phase.
    standard_errors
        Shape ``(J,)``, of the phases, in radians.
    longest_evolution, total_evolution
        Of one circuit and of all shots together, in units of ``time``.
    resources
        Of the circuit with the longest evolution; shots and seconds of all.
    spectrum
        Of the methods that measure a clock: the fit, with errors of the weights.
    posterior
        Of the Bayesian method.
    """

    method: str
    phases: Array
    weights: Array
    standard_errors: Array
    longest_evolution: int
    total_evolution: int
    resources: Resources = field(repr=False)
    spectrum: PhaseSpectrum | None = field(default=None, repr=False)
    posterior: PhasePosterior | None = field(default=None, repr=False)

    def interval(self, level: float = 0.95) -> Array:
        """Intervals of the phases.

        Profile likelihood for a fitted spectrum, equal-tailed credible intervals of a posterior,
        normal for the robust method.

        Parameters
        ----------
        level
            Between 0 and 1.

        Returns
        -------
        numpy.ndarray
            Shape ``(J, 2)``, radians, lower end first; ends are not wrapped.

        Raises
        ------
        ValueError
            If the level is out of range.
        """
        require_level(level)
        if self.spectrum is not None:
            return self.spectrum.interval(level)
        if self.posterior is not None:
            turns = np.round((self.phases[0] - self.posterior.mean) / (2 * np.pi))
            return np.array([self.posterior.interval(level)]) + 2 * np.pi * turns
        half = float(-ndtri((1 - level) / 2)) * self.standard_errors
        return np.column_stack([self.phases - half, self.phases + half])


def estimate_phases(
    preparation: QuantumCircuit,
    evolution: Any,
    *,
    method: Method = "standard",
    clock_qubits: int | None = None,
    guard_qubits: int = 0,
    precision: float | None = None,
    time: float = 1.0,
    backend: str | Path | Backend = "aer",
    shots: int | None = None,
    max_components: int | None = None,
    significance: float = SIGNIFICANCE,
    random_state: int | np.random.Generator | None = None,
) -> PhaseEstimate:
    r"""Estimate the eigenphases of ``exp(i H time)`` that a state has a share in.

    ===============  ============================  =================================================
    method           clock                         state
    ===============  ============================  =================================================
    standard         m qubits, coherent transform  any; phases and weights by `fit_phases`
    semiclassical    m qubits, no two-qubit gate   as standard, same distribution
                     in the transform
    iterative        1 qubit, feed-forward         as standard, same distribution
    robust           1 qubit, one job              an eigenstate; bears errors of probabilities to
                                                   0.35, see `robust`
    bayesian         1 qubit, up to 49 jobs        an eigenstate; decay of the visibility inferred
                                                   on noisy backends
    ===============  ============================  =================================================

    The last two test whether the data are those of one eigenphase and refuse them otherwise.

    Parameters
    ----------
    preparation
        Prepares the state from 0. May have more qubits than the evolution, above it, for a
        purification of a mixed state.
    evolution
        A `circuits.Evolution`, or a unitary as a circuit or matrix: then H is minus i times its
        logarithm, and powers are whole. No method diagonalises it.
    method
        See above.
    clock_qubits
        m, from 1 to 16: the longest evolution is ``2**m - 1`` units for the first three, ``2**(m -
        1)`` for the others. By default 8.
    guard_qubits
        More qubits of the clock, of ``standard`` and ``semiclassical``: without further evolution
        they make its grid finer. With 1, a phase is no longer confused with its mirror image
        about the nearest outcome, which few shots do not tell apart otherwise.
    precision
        In radians, instead of ``clock_qubits``: m is chosen so that ``2 pi / 2**m`` is at most
        this; the Bayesian method stops at that standard deviation.
    time
        Unit of time t. Eigenvalues are told apart modulo ``2 pi / t``.
    backend
        Name, path or opened.
    shots
        In all circuits together; by default the backend's, for the last two methods at most
        ``100 m``.
    max_components, significance
        As for `fit_phases`.
    random_state
        Of a simulator.

    Raises
    ------
    InvalidProblemError
        If preparation, evolution or time cannot be what they should, or qubits do not match.
    ValueError
        If another argument is out of range.
    UnknownNameError
        If there is no such method.
    TooLargeError
        If a circuit or the shots exceed the backend.
    UnsuitableSolverError
        If data of a method for one eigenphase are not those of one.
    """
    if method not in METHODS:
        raise UnknownNameError("method", method, METHODS)
    bits = _clock_qubits(clock_qubits, precision)
    if guard_qubits and method not in ("standard", "semiclassical"):
        raise ValueError(f"guard_qubits = {guard_qubits}: method {method!r} has none")
    require_options(bits, 0, max_components, significance)
    require_options(bits + guard_qubits, guard_qubits, None, significance)
    problem = PhaseProblem.of(preparation, evolution, time)
    device = open_backend(backend)
    single = method not in CLOCK_METHODS
    if shots is None:
        default = device.config.limits.default_shots
        shots = min(default, 100 * bits) if single else default
    require_shots(device.config, shots)
    generator = np.random.default_rng(seed_for(device, random_state))
    run = _Run(problem, device, generator)
    if not single:
        circuit = _clock_circuit(run, method, bits, guard_qubits)
        executed = run.execute([circuit], [Setting(2**bits - 1, 0.0, shots)])
        spectrum = fit_phases(
            executed.counts(0, "phase"),
            bits + guard_qubits,
            guard_qubits=guard_qubits,
            max_components=max_components,
            significance=significance,
            background=device.noisy,
        )
        return _of_spectrum(run, method, spectrum)
    if method == "robust":
        return _from_robust(run, bits, shots)
    posterior = bayesian_phase(
        2 ** (bits - 1), shots, run.measure, noisy=device.noisy, precision=precision or 0.0
    )
    phase = math.pi - (math.pi - posterior.mean) % (2 * math.pi)
    return _of_one_phase(run, method, phase, posterior.standard_deviation, posterior)


class _Run:
    """Runs circuits for a problem and keeps account."""

    def __init__(
        self, problem: PhaseProblem, device: Backend, generator: np.random.Generator
    ) -> None:
        self.problem = problem
        self.device = device
        self.longest = self.total = self.shots = 0
        self._generator = generator
        self._seconds = np.zeros(3)
        self._costs: dict[str, int] = {}

    def execute(self, circuits: Sequence[QuantumCircuit], settings: Sequence[Setting]) -> Executed:
        """Run as one job circuits that ``settings`` describe."""
        seed = int(self._generator.integers(2**31))
        executed = execute(circuits, self.device, [s.shots for s in settings], seed)
        for compiled, setting in zip(executed.compiled, settings, strict=True):
            if setting.power > self.longest:
                self.longest, self._costs = setting.power, circuit_costs(compiled)
            self.total += setting.power * setting.shots
        self.shots += executed.shots
        self._seconds += [0.0, executed.compile_seconds, executed.run_seconds]
        return executed

    def measure(self, settings: Sequence[Setting]) -> list[int]:
        """Run Hadamard tests as one job; how often each clock was read as 0."""
        start = clock_time.perf_counter()
        circuits = [
            evolution_hadamard_test(
                self.problem.preparation,
                self.problem.evolution,
                self.problem.time * setting.power,
                setting.control_phase,
            )
            for setting in settings
        ]
        self.built(start)
        executed = self.execute(circuits, settings)
        return [int(executed.counts(i, "phase")[0]) for i in range(len(settings))]

    def built(self, start: float) -> None:
        """Count the time since as that of building circuits."""
        self._seconds[0] += clock_time.perf_counter() - start

    @property
    def resources(self) -> Resources:
        """The account."""
        build, compiling, running = map(float, self._seconds)
        return Resources(
            classical_seconds=0.0,
            **self._costs,
            shots=self.shots,
            build_seconds=build,
            compile_seconds=compiling,
            run_seconds=running,
            classically_diagonalised=self.problem.evolution.classically_diagonalised,
        )


def _clock_circuit(run: _Run, method: str, bits: int, guard_qubits: int) -> QuantumCircuit:
    start = clock_time.perf_counter()
    circuit = clock_circuit(run.problem, method, bits, guard_qubits)
    run.built(start)
    return circuit


def _of_spectrum(run: _Run, method: str, spectrum: PhaseSpectrum) -> PhaseEstimate:
    return PhaseEstimate(
        method,
        spectrum.phases,
        spectrum.weights,
        spectrum.phase_standard_errors,
        run.longest,
        run.total,
        run.resources,
        spectrum=spectrum,
    )


def _from_robust(run: _Run, bits: int, shots: int) -> PhaseEstimate:
    phase, error, _ = robust_phase(bits, shots, run.measure, noisy=run.device.noisy)
    return _of_one_phase(run, "robust", phase, error, None)


def _of_one_phase(
    run: _Run, method: str, phase: float, error: float, posterior: PhasePosterior | None
) -> PhaseEstimate:
    return PhaseEstimate(
        method,
        np.array([phase]),
        np.ones(1),
        np.array([error]),
        run.longest,
        run.total,
        run.resources,
        posterior=posterior,
    )


def _clock_qubits(clock_qubits: int | None, precision: float | None) -> int:
    if precision is None:
        bits = _DEFAULT_CLOCK_QUBITS if clock_qubits is None else clock_qubits
    elif clock_qubits is not None:
        raise ValueError("clock_qubits and precision are both given: one of them is needed")
    elif not 0 < precision < np.inf:
        raise ValueError(f"precision = {precision!r}: must be positive and finite, in radians")
    else:
        bits = max(1, math.ceil(math.log2(2 * math.pi / precision)))
    if isinstance(bits, bool) or not isinstance(bits, int | np.integer):
        raise ValueError(f"clock_qubits = {bits!r}: must be an integer")
    if not 1 <= bits <= MAX_CLOCK_QUBITS:
        raise ValueError(f"clock_qubits = {bits}: from 1 to {MAX_CLOCK_QUBITS} are possible")
    return int(bits)
