"""Trained models on a backend: what their circuits cost, and the densities that these reach."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.backends.base import seed_for
from qml_algos.backends.execution import execute
from qml_algos.errors import NothingAcceptedError, TooLargeError, UnsuitableSolverError
from qml_algos.generative.checks import Categories
from qml_algos.generative.circuit_density import CircuitDensity
from qml_algos.generative.data.configurations import configuration_count, configuration_numbers
from qml_algos.generative.deployment.interpolation import interpolated_log_likelihoods
from qml_algos.generative.evaluation import Density
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel
from qml_algos.generative.factor_graph.preparation import preparation
from qml_algos.results import Resources, circuit_costs

Samples = NDArray[np.int64]
Decoder = Callable[[NDArray[np.bool_]], tuple[Samples, NDArray[np.bool_]]]
"""Reads bits, those of qubit 0 in the first column, and says which rows are categories."""

MOST_EXACT_QUBITS = 20
"""Qubits of a circuit whose distribution is written down."""

_FEWEST_SAMPLES = 2
"""From which a density can be estimated."""


@dataclass(frozen=True, eq=False)
class ModelRun:
    """What the circuit of a trained model came to.

    Attributes
    ----------
    density
        Log-likelihoods under the distribution of the circuit: exact, or estimated from the samples
        by `interpolated_log_likelihoods`.
    fidelity
        Of the circuit's state to that of the model, without noise.
    valid_share
        Of what is measured, the share that shows categories.
    resources
        Of the circuit as it ran.
    samples
        Shape ``(valid shots, variables)``; ``None`` if the distribution is exact.
    """

    density: Density
    fidelity: float
    valid_share: float
    resources: Resources
    samples: Samples | None


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A circuit without measurements, and how its bits are read."""

    circuit: QuantumCircuit
    decode: Decoder
    fidelity: float
    seconds: float


def run_model(
    model: Any,
    categories: tuple[int, ...],
    backend: Backend,
    *,
    shots: int | None,
    fidelity: float,
    max_two_qubit_gates: int | None = None,
    random_state: int | np.random.Generator | None = None,
) -> ModelRun:
    """Prepare the state of a trained model on a backend and measure it.

    Parameters
    ----------
    model
        Fitted; one of those named in `qml_algos.generative.registry.RUNNABLE`.
    categories
        Of the variables.
    backend
        Where it runs.
    shots
        Repetitions; ``None`` for the exact distribution, of backends that give it.
    fidelity, max_two_qubit_gates
        Of circuits that approximate the state, see `MPSBornMachine.to_circuit`; circuits of other
        models are exact.
    random_state
        Of a simulator.

    Raises
    ------
    UnsuitableSolverError
        If no circuit is made of such a model.
    TooLargeError
        If the circuit has more qubits than the backend; or than 20, if its distribution is asked
        for.
    NothingAcceptedError
        If fewer than two shots show categories.
    """
    prepared = _prepared(model, backend, fidelity, max_two_qubit_gates)
    if shots is None:
        return _exact(prepared, categories, backend)
    measured = prepared.circuit.copy()
    measured.measure_all()
    executed = execute([measured], backend, shots, seed_for(backend, random_state))
    X, valid = prepared.decode(executed.outcomes[0]["meas"])
    if valid.sum() < _FEWEST_SAMPLES:
        raise NothingAcceptedError(
            f"of {shots:,} shots on backend {backend.name!r} {valid.sum()} show categories: at "
            f"least {_FEWEST_SAMPLES} are needed"
        )
    samples = X[valid]
    return ModelRun(
        partial(interpolated_log_likelihoods, samples, categories=Categories(categories)),
        prepared.fidelity,
        float(valid.mean()),
        _resources(
            prepared,
            executed.compiled[0],
            shots=executed.shots,
            compile_seconds=executed.compile_seconds,
            run_seconds=executed.run_seconds,
        ),
        samples,
    )


def _prepared(
    model: Any, backend: Backend, fidelity: float, max_two_qubit_gates: int | None
) -> _Prepared:
    start = time.perf_counter()
    if isinstance(model, FactorGraphGenerativeModel):
        made = preparation(model.state_, "staircase", project=True).circuit
        circuit, places = _without_idle_qubits(made)
        # A visible qubit on which nothing acts stays in 0.
        columns = [places.get(qubit, -1) for qubit in model.state_.visible]
        return _Prepared(circuit, partial(_columns, columns), 1.0, time.perf_counter() - start)
    if isinstance(model, CircuitDensity):
        circuit = model.to_circuit()
        every = range(circuit.num_qubits)
        return _Prepared(circuit, partial(_columns, every), 1.0, time.perf_counter() - start)
    if not hasattr(model, "to_circuit"):
        raise UnsuitableSolverError(f"no circuit is made of a {type(model).__name__}")
    found = model.to_circuit(backend, fidelity, max_two_qubit_gates)
    seconds = time.perf_counter() - start
    return _Prepared(found.circuit, found.decode, found.fidelity, seconds)


def _exact(prepared: _Prepared, categories: tuple[int, ...], backend: Backend) -> ModelRun:
    qubits = prepared.circuit.num_qubits
    if qubits > MOST_EXACT_QUBITS:
        raise TooLargeError(
            f"a circuit of {qubits} qubits: distributions of at most {MOST_EXACT_QUBITS} are "
            "written down; with shots it is sampled"
        )
    start = time.perf_counter()
    [compiled] = backend.compile([prepared.circuit])
    begun = time.perf_counter()
    chances = np.abs(backend.statevector(compiled)) ** 2
    done = time.perf_counter()
    bits = (np.arange(2**qubits)[:, np.newaxis] >> np.arange(qubits)) & 1
    X, valid = prepared.decode(bits.astype(bool))
    numbers = configuration_numbers(X[valid], categories)
    valid_share = float(chances[valid].sum())
    table = np.bincount(numbers, chances[valid], configuration_count(categories)) / valid_share

    def density(rows: Samples) -> NDArray[np.float64]:
        with np.errstate(divide="ignore"):
            return np.log(np.minimum(table[configuration_numbers(rows, categories)], 1.0))

    resources = _resources(
        prepared, compiled, compile_seconds=begun - start, run_seconds=done - begun
    )
    return ModelRun(density, prepared.fidelity, valid_share, resources, None)


def _resources(prepared: _Prepared, compiled: QuantumCircuit, **known: Any) -> Resources:
    return Resources(
        classical_seconds=0.0,
        **circuit_costs(compiled),
        build_seconds=prepared.seconds,
        classically_diagonalised=None,
        **known,
    )


def _columns(columns: Any, bits: NDArray[np.bool_]) -> tuple[Samples, NDArray[np.bool_]]:
    """Take the bits of some qubits; of qubit -1, which does not exist, 0."""
    padded = np.column_stack([bits, np.zeros(len(bits), dtype=bool)])
    return padded[:, list(columns)].astype(np.int64), np.ones(len(bits), dtype=bool)


def _without_idle_qubits(circuit: QuantumCircuit) -> tuple[QuantumCircuit, dict[int, int]]:
    """Leave out qubits on which nothing acts; say where each of the others went."""
    places = {bit: place for place, bit in enumerate(circuit.qubits)}
    used = sorted({places[bit] for instruction in circuit.data for bit in instruction.qubits})
    moved = {qubit: place for place, qubit in enumerate(used)}
    smaller = QuantumCircuit(len(used))
    for instruction in circuit.data:
        on = [moved[places[bit]] for bit in instruction.qubits]
        smaller.append(instruction.operation, on)
    return smaller, moved
