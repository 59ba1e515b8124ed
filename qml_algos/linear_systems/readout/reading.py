"""What running a program gives: the solution, and what was asked for beside it."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.readout.mitigation import mitigated_reading
from qml_algos.linear_systems.readout.observables import (
    as_observables,
    basis_circuit,
    expectation,
    plan_paulis,
)
from qml_algos.linear_systems.readout.overlaps import (
    OverlapMethod,
    as_vector,
    as_vectors,
    overlap_circuits,
    read_overlap,
)
from qml_algos.linear_systems.readout.sampling import PLAIN, Session, Shots, require_accepted
from qml_algos.linear_systems.readout.signs import (
    missing_masks,
    pair_circuits,
    read_phases,
    single_bits,
)
from qml_algos.linear_systems.right_hand_side import RightHandSide
from qml_algos.linear_systems.solution import Mitigated, Overlap
from qml_algos.results import Estimate


@dataclass(frozen=True, eq=False)
class Reading:
    """What running a program gave.

    Attributes
    ----------
    x
        Shape ``(N,)``: with signs if ``signs_known``, else absolute values.
    signs_known
        If exact, or if signs were asked for.
    standard_errors
        Of the absolute values, from shots; ``None`` if exact.
    sign_error_probabilities
        Shape ``(N,)``: bound on the probability that an entry has another sign relative to the
        largest one (another phase by more than a quarter turn); 0.5 where nothing is known, as for
        entries that cannot be told from 0. ``None`` if no signs were measured.
    norm_standard_error
        Of the norm of x; ``None`` if exact.
    success_probability
        Of the post-selection.
    observables, overlaps
        As asked for.
    samples
        Indices of unknowns, i with probability ``|x_i|^2 / ||x||^2``; as many as asked for, or as
        there were.
    mitigated
        The same from counts corrected for read-out errors, if asked for.
    circuit
        The compiled circuit that read x.
    shots
        Of all circuits together; ``None`` if exact.
    accepted_shots
        Those that x was read from; ``None`` if exact.
    compile_seconds, run_seconds
        Time of each.
    """

    x: NDArray[Any]
    signs_known: bool
    standard_errors: NDArray[np.float64] | None
    success_probability: float
    observables: Mapping[str, Estimate]
    circuit: QuantumCircuit
    shots: int | None
    compile_seconds: float
    run_seconds: float
    accepted_shots: int | None = None
    sign_error_probabilities: NDArray[np.float64] | None = None
    norm_standard_error: float | None = None
    overlaps: Mapping[str, Overlap] = field(default_factory=dict)
    samples: NDArray[np.int64] | None = None
    mitigated: Mitigated | None = None


def read_exact(
    program: Program,
    backend: Backend,
    *,
    observables: Mapping[str, Any] | None = None,
    overlaps: Mapping[str, ArrayLike | RightHandSide] | None = None,
    samples: int = 0,
    seed: int = 0,
) -> Reading:
    """Read the solution, signs and phases included, from the statevector.

    Parameters are those of `read_shots`; what is asked for follows from x.
    """
    wanted = as_observables(observables or {}, program.unknowns)
    vectors = as_vectors(overlaps or {}, program.unknowns)
    start = time.perf_counter()
    [compiled] = backend.compile([program.circuit])
    compiled_at = time.perf_counter()
    state = backend.statevector(compiled)
    run_seconds = time.perf_counter() - compiled_at
    amplitudes = state.reshape(-1, 2**program.data_qubits)[program.accepted]
    x: NDArray[Any] = program.factor * program.layout.gather(amplitudes)
    x = x.real if program.real else x
    return Reading(
        x=x,
        signs_known=True,
        standard_errors=None,
        success_probability=float(np.linalg.norm(amplitudes) ** 2),
        observables={name: Estimate(matrix.value(x), 0.0) for name, matrix in wanted.items()},
        circuit=compiled,
        shots=None,
        compile_seconds=compiled_at - start,
        run_seconds=run_seconds,
        overlaps={name: exact_overlap(vector, x) for name, vector in vectors.items()},
        samples=draw_samples(x, samples, seed) if samples else None,
    )


def exact_overlap(vector: RightHandSide, x: NDArray[Any]) -> Overlap:
    """``<v|x>`` of an x that is known."""
    value = np.vdot(vector.vector(), x)
    return Overlap(value if np.iscomplexobj(value) else float(value), 0.0, phase_known=True)


def draw_samples(x: NDArray[Any], count: int, seed: int) -> NDArray[np.int64]:
    """Draw indices i with probability ``|x_i|^2 / ||x||^2``."""
    weights = np.abs(x) ** 2
    return np.random.default_rng(seed).choice(x.size, size=count, p=weights / np.sum(weights))


def read_shots(
    program: Program,
    backend: Backend,
    observables: Mapping[str, Any],
    shots: int | None,
    sampling_error: float,
    seed: int,
    *,
    overlaps: Mapping[str, ArrayLike | RightHandSide] | None = None,
    overlap_method: OverlapMethod = "uncompute",
    signs: bool = False,
    phase_reference: ArrayLike | RightHandSide | None = None,
    samples: int = 0,
    mitigation: bool = False,
) -> Reading:
    r"""Read the solution and what is asked for from shots.

    With ``shots=None`` a first run of the backend's default number estimates the success
    probability, and a second adds what is missing for the relative error ``sampling_error``
    (root mean square, of the normalised absolute values), up to the backend's limit: with n
    accepted shots it is ``sqrt((N - 1) / (4 n))``.

    Parameters
    ----------
    program, backend
        What to run, and where.
    observables
        By name; see `as_observables`. Diagonal ones and the norm come with x itself, others take a
        circuit for each group of Paulis measured together.
    shots
        Of each circuit.
    sampling_error
        Aimed at without ``shots``.
    seed
        Of the first job.
    overlaps
        Vectors v by name: ``<v|x>`` is estimated, in as many circuits as `overlap_circuits` says.
    overlap_method
        ``"uncompute"``, ``"swap"`` or ``"hadamard"``: see `overlap_circuits`.
    signs
        Measure relative signs, or phases unless x is real, by interference of amplitudes that
        differ in one bit: a circuit for each data qubit (two if complex), without ancillas, of as
        many shots and no two-qubit gate more. Should that leave large amplitudes apart, one more
        circuit joins each such island.
    phase_reference
        A vector r with ``<r|x> > 0``, such as ``A^dagger b``: fixes the sign or phase of x as a
        whole, without a circuit, and that of overlaps (see `overlap_circuits`). Without it the
        largest entry of x is taken as positive, and overlaps are absolute values.
    samples
        Number of indices to sample; 0 for none. They are the shots that x is read from.
    mitigation
        Read x and diagonal observables once more, from counts corrected for read-out errors; two
        calibration circuits.

    Raises
    ------
    InvalidProblemError, ValueError
        If an argument has the wrong shape or value.
    NothingAcceptedError
        If no shot passed the post-selection.
    TooLargeError
        If an observable that is not diagonal is too large to be written as Paulis.
    """
    wanted = as_observables(observables, program.unknowns)
    vectors = as_vectors(overlaps or {}, program.unknowns)
    reference = (
        None
        if phase_reference is None
        else as_vector(phase_reference, "phase_reference", program.unknowns)
    )
    plan = plan_paulis(wanted, program.layout)
    circuits: dict[Hashable, QuantumCircuit] = {PLAIN: program.circuit}
    circuits |= {basis: basis_circuit(program.circuit, basis) for basis in plan}
    circuits |= overlap_circuits(program, vectors, overlap_method, reference)
    if signs:
        circuits |= pair_circuits(program, single_bits(program))
    session = Session(program, backend, seed)
    compiled = session.compile(circuits)
    start = time.perf_counter()
    found = (
        session.sample_to_precision(compiled, sampling_error)
        if shots is None
        else session.sample(compiled, shots)  # all that is measured goes as one job
    )
    plain = found[PLAIN]
    require_accepted(plain)
    x, standard_errors = _absolute_values(program, plain)
    wrong = None
    if signs:
        x, wrong = _with_signs(session, x, found, reference)
    mitigated = mitigated_reading(session, compiled[PLAIN], plain, wanted) if mitigation else None
    return Reading(
        x=x,
        signs_known=signs,
        standard_errors=standard_errors,
        success_probability=float(np.mean(plain.accepted)),
        observables={
            name: expectation(
                name, observable, program.layout, plan, found, abs(program.factor) ** 2
            )
            for name, observable in wanted.items()
        },
        circuit=compiled[PLAIN].remove_final_measurements(inplace=False),
        shots=session.shots,
        accepted_shots=int(np.sum(plain.accepted)),
        compile_seconds=session.compile_seconds,
        run_seconds=time.perf_counter() - start,
        sign_error_probabilities=wrong,
        norm_standard_error=_norm_error(program, x, plain),
        overlaps={
            name: read_overlap(program, name, vector, overlap_method, reference, found)
            for name, vector in vectors.items()
        },
        samples=_samples(program, plain, samples) if samples else None,
        mitigated=mitigated,
    )


def _absolute_values(
    program: Program, shots: Shots
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Absolute values of x and their standard errors."""
    probabilities = program.layout.gather(shots.counts()) / shots.total
    # The square root makes the variance of a count the same for every entry (delta method).
    errors = np.sqrt((1 - probabilities) / (4 * shots.total))
    factor = abs(program.factor)
    return factor * np.sqrt(probabilities), factor * errors


def _norm_error(program: Program, x: NDArray[Any], shots: Shots) -> float:
    """Of ``||x|| = factor * sqrt(p)``: from p (delta method) and, if measured, from the factor."""
    norm, factor = float(np.linalg.norm(x)), abs(program.factor)
    sampling = factor * np.sqrt(max(1 - (norm / factor) ** 2, 0.0) / (4 * shots.total))
    return float(np.hypot(sampling, norm * program.factor_error))


def _with_signs(
    session: Session,
    absolute: NDArray[np.float64],
    found: dict[Hashable, Shots],
    reference: RightHandSide | None,
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Give x its signs or phases; returns also the probabilities that they are wrong."""
    program = session.program
    plain = found[PLAIN]
    magnitudes = np.sqrt(plain.counts() / plain.total)
    phases = read_phases(program, magnitudes, found)
    error = 1 / np.sqrt(4 * plain.total)
    masks = missing_masks(program, magnitudes, error, phases, found)
    if masks:
        more = session.compile(pair_circuits(program, masks))
        found |= session.sample(more, plain.total)
        phases = read_phases(program, magnitudes, found)
    x = absolute * program.layout.gather(phases.units)
    if reference is None:
        largest = x[np.argmax(absolute)]
        x = x * np.conj(largest) / abs(largest)
    else:
        inner = np.vdot(reference.vector(), x)
        inner = inner.real if program.real else inner
        x = x * (np.conj(inner) / abs(inner) if inner else 1.0)
    return x, program.layout.gather(phases.wrong)


def _samples(program: Program, shots: Shots, count: int) -> NDArray[np.int64]:
    """Take unknowns in the order in which they were measured; unused amplitudes are none."""
    layout = program.layout
    unknown = np.full(2**program.data_qubits, -1)
    unknown[layout.gather(np.arange(unknown.size))] = np.arange(layout.unknowns)
    drawn = unknown[shots.outcomes()[shots.accepted]]
    return drawn[drawn >= 0][:count]
