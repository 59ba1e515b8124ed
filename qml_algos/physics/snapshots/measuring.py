"""Snapshots of the states of circuits, from any backend."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.circuit import ParameterVector

from circuits.measurement import append_turns
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_shots, seed_for
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.sampled.parameters import numbered, places_left
from qml_algos.physics.snapshots.settings import (
    Settings,
    fixed_settings,
    random_pauli_settings,
    require_bases_count,
)
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.validation import numeric_array, require_count

REGISTER = "snapshot"


@dataclass(frozen=True, eq=False)
class Measured:
    """Outcomes of circuits in their settings.

    Attributes
    ----------
    bits
        Circuit by circuit, setting by setting, shot by shot; shape ``(samples, qubits)``.
    compiled
        The circuits as they ran.
    compile_seconds, run_seconds
        Time of each.
    """

    bits: NDArray[np.int8]
    compiled: tuple[QuantumCircuit, ...]
    compile_seconds: float
    run_seconds: float


def make_snapshots(
    circuits: QuantumCircuit | Iterable[QuantumCircuit],
    backend: Backend | str | Path,
    shots: int,
    *,
    bases: str | Sequence[str] | NDArray[Any] = "Z",
    bases_count: int | None = None,
    labels: ArrayLike | None = None,
    random_state: int | np.random.Generator | None = None,
) -> Snapshots:
    """Prepare the states of circuits and measure all their qubits, all in one job.

    A circuit is compiled once, whatever the number of bases: its last rotations have parameters,
    and its bases are the sets of their values, one PUB. A backend that records finds what it was
    asked before, so that a program that is run again, or was interrupted, buys nothing twice.

    Parameters
    ----------
    circuits
        With the same number of qubits n, without measurements and without free parameters.
    backend
        Where they run: opened, or its name or file.
    shots
        Repetitions of each circuit in each basis. Of random bases without ``bases_count`` that many
        are drawn for each circuit, for one repetition each, as classical shadows have it.
    bases
        ``"Z"``; ``"random-pauli"``, X, Y or Z drawn for each qubit; strings such as ``"XZY"``, a
        letter for each qubit, that of qubit 0 last; or unitaries that are applied before Z is
        measured, shape ``(settings, n, 2, 2)``, qubit 0 first.
    bases_count
        Number of random bases, drawn for each circuit.
    labels
        A number for each circuit, which all its snapshots get; by default its place, and none if
        there is but one.
    random_state
        Of the bases and a simulator's shots. On a device ``None`` stands for one fixed state, see
        `seed_for`.

    Returns
    -------
    Snapshots
        Circuit by circuit, basis by basis.

    Raises
    ------
    InvalidProblemError, UnknownNameError
        If an argument is not as described.
    ValueError, TooLargeError
        If the backend refuses the shots or the number of qubits; nothing is run then.

    Notes
    -----
    A local simulator takes time for each circuit and each basis once, and little for each shot:
    random bases with one shot each are the dearest.
    """
    device = open_backend(backend)
    states = _checked([circuits] if isinstance(circuits, QuantumCircuit) else [*circuits])
    values = _checked_labels(labels, len(states))
    require_count("shots", shots)
    require_bases_count(bases, bases_count)
    seed = seed_for(device, random_state)
    settings, repetitions = _settings(
        bases, bases_count, shots, len(states), states[0].num_qubits, seed
    )
    bits = measure(states, settings, repetitions, device, seed).bits
    rows = [np.repeat(of_one.indices, repetitions, axis=0) for of_one in settings]
    return Snapshots(
        bits,
        np.concatenate(rows),
        labels=None if values is None else np.repeat(values, [len(row) for row in rows]),
        rotations=settings[0].rotations,
        source=f"backend {device.name}",
    )


def _checked(circuits: list[Any]) -> list[QuantumCircuit]:
    if not circuits:
        raise InvalidProblemError("circuits is empty: at least one is needed")
    for place, circuit in enumerate(circuits):
        where = f"circuits[{place}]"
        if not isinstance(circuit, QuantumCircuit):
            raise InvalidProblemError(
                f"{where} is of type {type(circuit).__name__}: a QuantumCircuit is needed"
            )
        if circuit.num_clbits:
            raise InvalidProblemError(
                f"{where} has classical bits: a preparation without measurements is needed"
            )
        if circuit.num_parameters:
            raise InvalidProblemError(
                f"{where} has free parameters, {circuit.parameters[0].name!r} first: assign "
                "values to them"
            )
        if not circuit.num_qubits or circuit.num_qubits != circuits[0].num_qubits:
            raise InvalidProblemError(
                f"{where} has {circuit.num_qubits} qubits and circuits[0] "
                f"{circuits[0].num_qubits}: all need the same number, at least one"
            )
    return circuits


def _checked_labels(labels: ArrayLike | None, circuits: int) -> NDArray[np.float64] | None:
    if labels is None:
        return None if circuits == 1 else np.arange(circuits, dtype=float)
    values = numeric_array(labels, "labels")
    if values.shape != (circuits,) or values.dtype.kind == "c":
        raise InvalidProblemError(
            f"labels has shape {values.shape}: a real number for each of the {circuits} circuits "
            "is needed"
        )
    return np.asarray(values, dtype=float)


def _settings(
    bases: Any, bases_count: int | None, shots: int, circuits: int, qubits: int, seed: int
) -> tuple[list[Settings], int]:
    """Choose settings for each circuit, and the repetitions of each setting."""
    if isinstance(bases, str) and bases == "random-pauli":
        count, repetitions = (shots, 1) if bases_count is None else (bases_count, shots)
        generator = np.random.default_rng([seed, 1])
        drawn = [random_pauli_settings(count, qubits, generator) for _ in range(circuits)]
        return drawn, repetitions
    return [fixed_settings(bases, qubits)] * circuits, shots


def measure(
    states: Sequence[QuantumCircuit],
    settings: Sequence[Settings],
    shots: int,
    device: Backend,
    seed: int,
) -> Measured:
    """Measure the states of circuits, each in settings of its own, as one job.

    Parameters
    ----------
    states
        Circuits with the same number of qubits, without measurements and parameters.
    settings
        Of each circuit.
    shots
        Of each circuit in each setting.
    device
        Where they run.
    seed
        See `qml_algos.backends.base.seed_for`.

    Raises
    ------
    ValueError, TooLargeError
        If the backend refuses the shots or the number of qubits; nothing is run then.
    """
    require_shots(device.config, shots)
    turned = any(of_one.turned for of_one in settings)
    circuits = [_with_measurement(state, turned) for state in states]
    start = time.perf_counter()
    compiled = device.compile(circuits)
    compile_seconds = time.perf_counter() - start
    pubs: list[Any] = []
    for circuit, ready, of_one in zip(circuits, compiled, settings, strict=True):
        turns = of_one.turns[:, places_left(circuit, ready)] if turned else None
        pubs.append((ready, turns, shots))
    start = time.perf_counter()
    results = device.sampler(seed).run(pubs).result()
    qubits = states[0].num_qubits
    found = [result.data[REGISTER].to_bool_array(order="little") for result in results]
    bits = np.concatenate([one.reshape(-1, qubits) for one in found]).astype(np.int8)
    return Measured(bits, tuple(compiled), compile_seconds, time.perf_counter() - start)


def _with_measurement(state: QuantumCircuit, turned: bool) -> QuantumCircuit:
    measured = QuantumCircuit(state.num_qubits, name="snapshot")
    measured.compose(state, inplace=True)
    if turned:
        append_turns(measured, ParameterVector("basis", 2 * state.num_qubits))
    register = ClassicalRegister(state.num_qubits, REGISTER)
    measured.add_register(register)
    measured.measure(range(state.num_qubits), register)
    return numbered(measured)
