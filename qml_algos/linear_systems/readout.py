"""Running a built circuit and reading the solution from statevector or shots."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import BaseSamplerV2
from qiskit.primitives.containers import DataBin
from qiskit.quantum_info import SparsePauliOp

from circuits.measurement import pauli_basis_change
from qml_algos.backends import Backend
from qml_algos.backends.estimator import common_basis, parity_signs
from qml_algos.errors import NothingAcceptedError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.solution import Estimate


@dataclass(frozen=True, eq=False)
class Reading:
    """What running a program gave.

    Attributes
    ----------
    x
        Shape ``(N,)``: with signs if exact, else absolute values.
    standard_errors
        Of the absolute values, from shots; ``None`` if exact.
    success_probability
        Of the post-selection.
    observables
        As asked for.
    circuit
        The compiled circuit that read x.
    shots
        Of all circuits together; ``None`` if exact.
    compile_seconds, run_seconds
        Time of each.
    """

    x: NDArray[Any]
    standard_errors: NDArray[np.float64] | None
    success_probability: float
    observables: Mapping[str, Estimate]
    circuit: QuantumCircuit
    shots: int | None
    compile_seconds: float
    run_seconds: float


def read_exact(program: Program, backend: Backend) -> Reading:
    """Read the solution, signs and phases included, from the statevector."""
    start = time.perf_counter()
    [compiled] = backend.compile([program.circuit])
    compiled_at = time.perf_counter()
    state = backend.statevector(compiled)
    run_seconds = time.perf_counter() - compiled_at
    amplitudes = state.reshape(-1, 2**program.data_qubits)[program.accepted]
    x = program.factor * program.layout.gather(amplitudes)
    return Reading(
        x=x.real if program.real else x,
        standard_errors=None,
        success_probability=float(np.linalg.norm(amplitudes) ** 2),
        observables={},  # follow from x
        circuit=compiled,
        shots=None,
        compile_seconds=compiled_at - start,
        run_seconds=run_seconds,
    )


def read_shots(
    program: Program,
    backend: Backend,
    observables: Mapping[str, NDArray[Any]],
    shots: int | None,
    sampling_error: float,
    seed: int,
) -> Reading:
    r"""Read absolute values and observables from shots.

    With ``shots=None`` a first run of the backend's default number estimates the success
    probability, and a second adds what is missing for the relative error ``sampling_error``
    (root mean square, of the normalised absolute values), up to the backend's limit: with n
    accepted shots it is ``sqrt((N - 1) / (4 n))``.
    """
    start = time.perf_counter()
    plan = _plan(observables, program.layout)
    compiled = backend.compile([_measured(program, basis) for basis in plan])
    compiled_at = time.perf_counter()
    # A sampler starts its random numbers anew: every job needs a seed of its own.
    seeds = count(seed)
    if shots is not None:
        # All that is measured goes as one job.
        samples = _sample(program, backend.sampler(next(seeds)), compiled, shots)
    else:
        samples = _sample_to_precision(program, backend, compiled, sampling_error, seeds)
    plain = samples[0]
    shots_each = plain.accepted.size
    x, standard_errors = _absolute_values(program, plain)
    return Reading(
        x=x,
        standard_errors=standard_errors,
        success_probability=float(np.mean(plain.accepted)),
        observables={name: _expectation(name, program, plan, samples) for name in observables},
        circuit=compiled[0].remove_final_measurements(inplace=False),
        shots=shots_each * len(samples),
        compile_seconds=compiled_at - start,
        run_seconds=time.perf_counter() - compiled_at,
    )


class _Shots(NamedTuple):
    """Bits of the data qubits, shape (shots, data qubits), and which shots passed."""

    data: NDArray[np.bool_]
    accepted: NDArray[np.bool_]


_Plan = dict[str, dict[str, SparsePauliOp]]
"""For each basis measured, the part of each observable that is read from it."""


def _plan(observables: Mapping[str, NDArray[Any]], layout: Layout) -> _Plan:
    """Split observables into Paulis measured together; all diagonal ones come with x itself."""
    plain = "Z" * layout.total_qubits
    places = layout.gather(np.arange(2**layout.total_qubits))
    plan: _Plan = {plain: {}}
    for name, matrix in observables.items():
        padded = np.zeros((2**layout.total_qubits,) * 2, dtype=complex)
        padded[np.ix_(places, places)] = matrix
        # Qiskit drops coefficients below 1e-8, whatever the matrix's unit.
        unit = max(float(np.max(np.abs(padded))), np.finfo(float).tiny)
        operator = SparsePauliOp.from_operator(padded / unit) * unit
        diagonal = ~operator.paulis.x.any(axis=1)
        if diagonal.any():
            plan[plain][name] = operator[diagonal]
        if not diagonal.all():
            for group in operator[~diagonal].group_commuting(qubit_wise=True):
                basis = common_basis(group.paulis.to_labels())
                parts = plan.setdefault(basis, {})
                parts[name] = parts[name] + group if name in parts else group
    return plan


def _measured(program: Program, basis: str) -> QuantumCircuit:
    """Copy the circuit and measure its data qubits in a Pauli basis, the others as they are."""
    n = program.data_qubits
    circuit = program.circuit.copy()
    data, others = ClassicalRegister(n, "data"), ClassicalRegister(circuit.num_qubits - n, "others")
    circuit.add_register(data, others)
    circuit.compose(pauli_basis_change(basis), range(n), inplace=True)
    circuit.measure(range(n), data)
    circuit.measure(range(n, circuit.num_qubits), others)
    return circuit


def _sample(
    program: Program, sampler: BaseSamplerV2, circuits: list[QuantumCircuit], shots: int
) -> list[_Shots]:
    """Run circuits as one job."""
    result = sampler.run(circuits, shots=shots).result()
    return [_passed(program, pub.data, shots) for pub in result]


def _sample_to_precision(
    program: Program,
    backend: Backend,
    compiled: list[QuantumCircuit],
    sampling_error: float,
    seeds: Iterator[int],
) -> list[_Shots]:
    """Run the first circuit until its sampling error is reached, the others as often."""
    limits = backend.config.limits
    [plain] = _sample(program, backend.sampler(next(seeds)), compiled[:1], limits.default_shots)
    wanted = (program.unknowns - 1) / (4 * sampling_error**2 * np.mean(plain.accepted))
    extra = int(min(np.ceil(wanted), limits.max_shots)) - plain.accepted.size
    if extra > 0:
        [again] = _sample(program, backend.sampler(next(seeds)), compiled[:1], extra)
        plain = _Shots(*(np.concatenate(pair) for pair in zip(plain, again, strict=True)))
    if len(compiled) == 1:
        return [plain]
    rest = _sample(program, backend.sampler(next(seeds)), compiled[1:], plain.accepted.size)
    return [plain, *rest]


def _passed(program: Program, bits: DataBin, shots: int) -> _Shots:
    """Find the shots that passed post-selection."""
    others = bits.others.to_bool_array(order="little")
    wanted = np.array([program.accepted >> bit & 1 for bit in range(others.shape[1])], dtype=bool)
    accepted = np.all(others == wanted, axis=1)
    if not accepted.any():
        raise NothingAcceptedError(
            f"none of {shots:,} shots passed post-selection; use more shots, or a system whose "
            "solution is found with a higher probability (smaller condition number)"
        )
    return _Shots(bits.data.to_bool_array(order="little"), accepted)


def _absolute_values(
    program: Program, shots: _Shots
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Absolute values of x and their standard errors."""
    total = shots.accepted.size
    powers = 1 << np.arange(program.data_qubits)
    outcomes = shots.data[shots.accepted] @ powers
    counts = program.layout.gather(np.bincount(outcomes, minlength=2**program.data_qubits))
    probabilities = counts / total
    # The square root makes the variance of a count the same for every entry (delta method).
    errors = np.sqrt((1 - probabilities) / (4 * total))
    factor = abs(program.factor)
    return factor * np.sqrt(probabilities), factor * errors


def _expectation(name: str, program: Program, plan: _Plan, samples: list[_Shots]) -> Estimate:
    """``<x|M|x>``: for every Pauli the mean over all shots of its sign, 0 where not accepted."""
    value, variance = 0.0, 0.0
    for parts, shots in zip(plan.values(), samples, strict=True):
        if name in parts:
            terms = zip(parts[name].coeffs.real, parts[name].paulis, strict=True)
            total = sum(
                weight * parity_signs(shots.data[:, pauli.x | pauli.z]) for weight, pauli in terms
            )
            total = np.where(shots.accepted, total, 0.0)
            value += float(np.mean(total))
            variance += float(np.var(total)) / total.size
    unit = abs(program.factor) ** 2
    return Estimate(unit * value, unit * float(np.sqrt(variance)))
