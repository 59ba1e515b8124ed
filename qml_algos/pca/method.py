"""What every quantum method of principal components takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.synthesis import qs_decomposition

from qml_algos.backends import Backend
from qml_algos.backends.execution import Executed
from qml_algos.pca.readout import Components
from qml_algos.results import Resources, circuit_costs

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, the steps done and the steps there are."""

_COMPILED = 20_000
"""Circuits of more operations are counted as they were built: compiling them takes minutes."""


@dataclass(frozen=True, eq=False)
class Settings:
    """Arguments of the estimator that methods share.

    Attributes
    ----------
    n_components
        Number of components; ``None`` for all with an eigenvalue of at least ``epsilon``.
    epsilon
        Error that eigenvalues may have, as a share of their sum.
    backend, shots
        Where circuits run; ``shots`` repetitions of each, ``None`` for the exact state.
    seed
        Of all that is random.
    options
        Those of single methods, by name.
    progress
        See `Progress`.
    """

    n_components: int | None
    epsilon: float
    backend: Backend
    shots: int | None
    seed: int
    options: dict[str, Any]
    progress: Progress

    def seeds(self) -> Callable[[], int]:
        """Seeds of one job after another, the same in every fit."""
        generator = np.random.default_rng(self.seed)
        return lambda: int(generator.integers(2**31))


@dataclass(frozen=True, eq=False)
class Found:
    """Components of a density matrix, and what they cost.

    Attributes
    ----------
    components
        See `Components`.
    copies
        Uses of the circuit that prepares the density matrix, over all runs; for an exact
        simulation, in one run.
    circuits
        As built: those that were run, or the one that was simulated.
    resources
        The costs of the largest circuit, and all shots.
    details
        Figures of the method, by name.
    """

    components: Components
    copies: int
    circuits: tuple[QuantumCircuit, ...]
    resources: Resources
    details: dict[str, float] = field(default_factory=dict)


@dataclass
class Bill:
    """Times and shots, added up while a method runs."""

    classical_seconds: float = 0.0
    build_seconds: float = 0.0
    compile_seconds: float = 0.0
    run_seconds: float = 0.0
    shots: int = 0

    def add(self, executed: Executed) -> None:
        """Add a job."""
        self.compile_seconds += executed.compile_seconds
        self.run_seconds += executed.run_seconds
        self.shots += executed.shots

    def resources(self, costs: dict[str, int], *, exact: bool, diagonalised: bool) -> Resources:
        """Write it down, with the costs of a circuit."""
        return Resources(
            classical_seconds=self.classical_seconds,
            **costs,
            shots=None if exact else self.shots,
            build_seconds=self.build_seconds,
            compile_seconds=self.compile_seconds,
            run_seconds=self.run_seconds,
            classically_diagonalised=diagonalised,
        )


def costs_of(circuit: QuantumCircuit, backend: Backend) -> dict[str, int]:
    """Compile a circuit and count; a very large one is unrolled to gates instead."""
    unitaries = [i.operation.num_qubits for i in circuit.data if i.operation.name == "unitary"]
    if len(circuit.data) + sum(4**n for n in unitaries) <= _COMPILED:
        return circuit_costs(backend.compile([circuit])[0])
    unrolled = circuit.copy_empty_like()
    for instruction in circuit.data:
        if instruction.operation.name == "unitary":
            # The gate's own definition is checked by multiplying it out, which takes minutes.
            gates = qs_decomposition(instruction.operation.to_matrix())
            unrolled.compose(gates, instruction.qubits, inplace=True)
        else:
            unrolled.append(instruction)
    return circuit_costs(unrolled)
