"""Principal components by phase estimation on the density matrix."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.backends.execution import Executed, execute
from qml_algos.errors import NotConvergedError, TooLargeError, UnsuitableSolverError
from qml_algos.pca.clock import Clock, LinearClock, WalkClock
from qml_algos.pca.method import Bill, Found, Settings
from qml_algos.pca.programs import EigenbasisProgram, Program, WalkProgram, measured
from qml_algos.pca.readout import (
    Basis,
    Components,
    Groups,
    Table,
    all_bases,
    matrices_from_counts,
    read_components,
)
from qml_algos.pca.spectrum import EXACT_SHOTS, Observation, Spectrum, fit_spectrum
from qml_algos.pca.state import DensityInput
from qml_algos.pca.states import ConditionalStates
from qml_algos.results import circuit_costs

EVOLUTIONS = ("auto", "eigenbasis", "walk")
MOST_CLOCK_QUBITS = 12
MOST_BASES = 128
"""Registers of more than six qubits take too many bases to be read by shots."""

_OFFSETS = (0.0, 0.5)


def phase_estimation_components(source: DensityInput, settings: Settings) -> Found:
    """Find components by a clock; see `QuantumPCA` for the options."""
    make, smallest = _programs(source, settings)
    given = settings.options["clock_qubits"]
    fixed = given is not None
    clock_qubits = given if fixed else smallest
    if settings.shots is not None:
        require_few_bases(source)
    return clock_components(source, settings, make, clock_qubits, fixed=fixed)


def clock_components(
    source: DensityInput,
    settings: Settings,
    make: Callable[[int], Program],
    clock_qubits: int,
    *,
    fixed: bool,
) -> Found:
    """Read eigenvalues, with a longer clock until the components stand out, then eigenvectors."""
    bill = Bill()
    seeds = settings.seeds()
    while True:
        start = time.perf_counter()
        program = make(clock_qubits)
        taken = time.perf_counter() - start
        if program.classically_diagonalised:
            bill.classical_seconds += taken
        else:
            bill.build_seconds += taken
        run = _exact if settings.shots is None else _sampled
        reading = run(source, settings, program, bill, seeds)
        done = fixed or _stand_out(reading.spectrum, program.clock, settings)
        if done or clock_qubits >= _longest(program, settings):
            break
        clock_qubits += 1
    return reading.components(source, settings, program, bill, seeds)


def require_few_bases(source: DensityInput) -> None:
    """Refuse to read a large register by shots.

    Raises
    ------
    TooLargeError
        Naming the number of circuits that it would take.
    """
    n = source.system_qubits
    bases = 2**n if source.real else 2 ** (n + 1) - 1
    if bases > MOST_BASES:
        raise TooLargeError(
            f"reading components of 2**{n} entries by shots takes {bases} circuits, at most "
            f"{MOST_BASES} are run; use an exact backend and shots=None, or fewer features"
        )


class _Exact:
    """The exact states of one program."""

    def __init__(self, spectrum: Spectrum, states: ConditionalStates) -> None:
        self.spectrum = spectrum
        self.states = states

    def components(
        self,
        source: DensityInput,
        settings: Settings,
        program: Program,
        bill: Bill,
        seeds: Callable[[], int],  # noqa: ARG002
    ) -> Found:
        """Filter the states."""
        groups = Groups.of(program.clock, self.spectrum)
        total = self.states.weighted(np.ones((1, program.clock.outcomes)))[0]
        matrices = self.states.weighted(groups.filters(0.0))
        total = total / np.trace(total).real
        if source.real:
            matrices, total = matrices.real, total.real
        found = read_components(groups, matrices, None, total)
        found = _with_rest(found, total, settings)
        start = time.perf_counter()
        circuit, costs = program.priced(settings.backend)
        bill.compile_seconds += time.perf_counter() - start
        resources = bill.resources(costs, exact=True, diagonalised=program.classically_diagonalised)
        return Found(
            _chosen(found, self.spectrum, settings),
            program.copies,
            (circuit,),
            resources,
            _details(program.clock, self.spectrum),
        )


class _Sampled:
    """Counts in the computational basis, of one program."""

    def __init__(self, spectrum: Spectrum, tables: list[Table], executed: Executed) -> None:
        self.spectrum = spectrum
        self.tables = tables
        self.executed = executed

    def components(
        self,
        source: DensityInput,
        settings: Settings,
        program: Program,
        bill: Bill,
        seeds: Callable[[], int],
    ) -> Found:
        """Run the other bases, fit all, and filter the counts."""
        if settings.n_components is not None:
            _require_found(self.spectrum, settings, program.clock)
        n = source.system_qubits
        bases = all_bases(n, real=source.real)[1:]
        start = time.perf_counter()
        turned = [_OFFSETS[place % 2] for place in range(len(bases))]
        circuits = [
            measured(program, basis.circuit(n), offset)
            for basis, offset in zip(bases, turned, strict=True)
        ]
        bill.build_seconds += time.perf_counter() - start
        settings.progress("bases", 0, len(bases))
        assert settings.shots is not None
        executed = execute(circuits, settings.backend, settings.shots, seeds())
        bill.add(executed)
        counts: dict[Basis, list[Table]] = {Basis(0): self.tables}
        for place, (basis, offset) in enumerate(zip(bases, turned, strict=True)):
            counts[basis] = [_table(executed, place, program, n, offset)]
        settings.progress("bases", len(bases), len(bases))
        spectrum = _fit(program.clock, [t for tables in counts.values() for t in tables], settings)
        groups = Groups.of(program.clock, spectrum)
        matrices, variances = matrices_from_counts(counts, groups)
        total = _total(counts, groups)
        found = read_components(groups, matrices, variances, total)
        largest = max(
            [*self.executed.compiled, *executed.compiled], key=lambda c: c.num_nonlocal_gates()
        )
        resources = bill.resources(
            circuit_costs(largest), exact=False, diagonalised=program.classically_diagonalised
        )
        return Found(
            _chosen(found, spectrum, settings),
            program.copies * bill.shots,
            (measured(program, Basis(0).circuit(n), 0.0), *circuits),
            resources,
            _details(program.clock, spectrum),
        )


def _exact(
    source: DensityInput,  # noqa: ARG001
    settings: Settings,
    program: Program,
    bill: Bill,
    seeds: Callable[[], int],  # noqa: ARG001
) -> _Exact:
    settings.progress(f"clock of {program.clock.outcomes:,} outcomes", 0, 1)
    start = time.perf_counter()
    states = program.exact(settings.backend)
    bill.run_seconds += time.perf_counter() - start
    frequencies = states.frequencies / np.sum(states.frequencies)
    spectrum = fit_spectrum(program.clock, [Observation(0.0, frequencies, EXACT_SHOTS)])
    settings.progress(f"clock of {program.clock.outcomes:,} outcomes", 1, 1)
    return _Exact(spectrum, states)


def _sampled(
    source: DensityInput,
    settings: Settings,
    program: Program,
    bill: Bill,
    seeds: Callable[[], int],
) -> _Sampled:
    n = source.system_qubits
    settings.progress(f"clock of {program.clock.outcomes:,} outcomes", 0, 1)
    start = time.perf_counter()
    circuits = [measured(program, Basis(0).circuit(n), offset) for offset in _OFFSETS]
    bill.build_seconds += time.perf_counter() - start
    assert settings.shots is not None
    executed = execute(circuits, settings.backend, math.ceil(settings.shots / 2), seeds())
    bill.add(executed)
    tables = [_table(executed, place, program, n, offset) for place, offset in enumerate(_OFFSETS)]
    spectrum = _fit(program.clock, tables, settings)
    settings.progress(f"clock of {program.clock.outcomes:,} outcomes", 1, 1)
    return _Sampled(spectrum, tables, executed)


def _table(executed: Executed, place: int, program: Program, qubits: int, offset: float) -> Table:
    """Count clock and system together."""
    clock = executed.numbers(place, "clock_read")
    system = executed.numbers(place, "system_read")
    used = np.ones(clock.size, dtype=bool)
    if "flag_read" in executed.outcomes[place]:
        used = ~np.any(executed.outcomes[place]["flag_read"], axis=1)
    M, size = program.clock.outcomes, 2**qubits
    joint = np.bincount(clock[used] * size + system[used], minlength=M * size)
    return Table(offset, joint.reshape(M, size), np.bincount(clock, minlength=M), int(clock.size))


def _fit(clock: Clock, tables: list[Table], settings: Settings) -> Spectrum:
    """Fit the clock's outcomes of all circuits of one offset together."""
    observations = []
    for offset in _OFFSETS:
        chosen = [table for table in tables if table.offset == offset]
        shots = sum(table.shots for table in chosen)
        clocked = sum(table.clock for table in chosen)
        observations.append(Observation(offset, np.asarray(clocked) / shots, shots))
    return fit_spectrum(clock, observations, noisy=settings.backend.noisy)


def _total(counts: dict[Basis, list[Table]], groups: Groups) -> NDArray[Any]:
    """Estimate the density matrix, without regard to the clock."""
    whole = _Everything(groups.clock, groups.spectrum, ((0,),))
    return matrices_from_counts(counts, whole)[0][0]


class _Everything(Groups):
    """A single group of all outcomes."""

    def filters(self, offset: float) -> NDArray[np.float64]:  # noqa: ARG002
        """Weigh all outcomes alike."""
        return np.ones((1, self.clock.outcomes))


def _with_rest(found: Components, total: NDArray[Any], settings: Settings) -> Components:
    """Add the eigenvectors below the clock's floor that are asked for, from what is left."""
    missing = (settings.n_components or 1) - found.values.size
    if missing <= 0:
        return found
    seen = found.vectors
    left = np.eye(len(total)) - (seen.T @ seen.conj() if seen.size else 0)
    rest = left @ total @ left
    values, vectors = np.linalg.eigh((rest + rest.conj().T) / 2)
    chosen = slice(-1, -1 - missing, -1)
    more = vectors.T[chosen]
    none = np.zeros(missing)
    return Components(
        np.concatenate([found.values, np.maximum(values[chosen], 0)]),
        np.concatenate([found.value_errors, none]),
        np.vstack([seen.reshape(-1, len(total)), more]),
        np.vstack([found.vector_errors.reshape(-1, len(total)), np.zeros(more.shape)]),
    )


def _chosen(found: Components, spectrum: Spectrum, settings: Settings) -> Components:
    number = settings.n_components
    if number is None:
        number = max(1, int(np.sum(found.values >= settings.epsilon)))
    if not found.values.size:
        raise NotConvergedError(
            f"no eigenvalue above {spectrum.floor:.2g} of the trace was found; more shots or a "
            "smaller epsilon (a longer clock) are needed"
        )
    return Components(
        found.values[:number],
        found.value_errors[:number],
        found.vectors[:number],
        found.vector_errors[:number],
    )


def _require_found(spectrum: Spectrum, settings: Settings, clock: Clock) -> None:
    assert settings.n_components is not None
    if spectrum.values.size < settings.n_components:
        raise NotConvergedError(
            f"n_components = {settings.n_components}: a clock of {clock.outcomes:,} outcomes and "
            f"{settings.shots:,} shots tell {spectrum.values.size} eigenvalues apart from smaller "
            f"ones, those above {spectrum.floor:.2g} of the trace; ask for fewer components, or "
            "take more shots or clock_qubits"
        )


def _stand_out(spectrum: Spectrum, clock: Clock, settings: Settings) -> bool:
    """Whether the last component wanted is an outcome or more away from what follows."""
    number = settings.n_components
    if number is None:
        return spectrum.values.size > 0
    if spectrum.values.size < number:
        return False
    last = spectrum.values[number - 1]
    following = spectrum.values[number] if spectrum.values.size > number else spectrum.floor
    return bool(last - following >= clock.cell(last))


def _longest(program: Program, settings: Settings) -> int:
    """Most clock qubits that the backend leaves room for."""
    circuit = program.circuit()
    others = circuit.num_qubits - (program.clock.outcomes.bit_length() - 1)
    if settings.shots is None and isinstance(program, EigenbasisProgram):
        others = program.source.system_qubits
    return min(MOST_CLOCK_QUBITS, settings.backend.config.limits.max_qubits - others)


def _details(clock: Clock, spectrum: Spectrum) -> dict[str, float]:
    return {
        "clock qubits": clock.outcomes.bit_length() - 1,
        "resolution": clock.cell(0.0),
        "floor": spectrum.floor,
        "deviance": spectrum.deviance,
    }


def _programs(source: DensityInput, settings: Settings) -> tuple[Callable[[int], Program], int]:
    """Choose the evolution: a maker of programs by clock qubits, and the fewest of these."""
    evolution = settings.options["evolution"]
    if evolution == "auto":
        evolution = "walk" if source.matrix is None else "eigenbasis"
    if evolution == "eigenbasis":
        if source.matrix is None:
            raise UnsuitableSolverError(
                "evolution = 'eigenbasis': only a circuit was given, and no matrix to diagonalise; "
                "use evolution='walk'"
            )
        program = EigenbasisProgram.of(source, 1)

        def linear(clock_qubits: int) -> Program:
            clock = LinearClock.up_to(source.largest, clock_qubits)
            return EigenbasisProgram(source, clock, program.evolution)

        return linear, _fewest(lambda m: LinearClock.up_to(source.largest, m), settings.epsilon)
    if not source.unitary:
        raise UnsuitableSolverError(
            "evolution = 'walk': the circuit resets qubits, so that it has no inverse; purify it "
            "by further qubits, or use method='density-matrix-exponentiation'"
        )
    # A longer walk is simulated only if components do not stand out.
    return lambda m: WalkProgram(source, WalkClock(m)), _fewest(WalkClock, 8 * settings.epsilon)


def _fewest(clock: Callable[[int], Clock], epsilon: float) -> int:
    """Clock qubits with which half of epsilon moves the clock by an outcome."""
    for clock_qubits in range(3, MOST_CLOCK_QUBITS):
        if clock(clock_qubits).cell(0.0) <= epsilon / 2:
            return clock_qubits
    return MOST_CLOCK_QUBITS
