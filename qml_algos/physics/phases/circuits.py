"""Ground states along a control parameter as circuits, whose snapshots show the phases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.snapshots.measuring import make_snapshots
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.variational.ground_state import VariationalCircuitGroundState
from qml_algos.validation import numeric_array


@dataclass(frozen=True, eq=False)
class CircuitSweep:
    """Trained circuits along a control parameter.

    Attributes
    ----------
    parameters
        Values of the control parameter, a field, say; shape ``(P,)``.
    circuits
        One for each, with its angles, without measurements.
    energies, v_scores
        Of their states without noise; shape ``(P,)``.
    name
        Of the first Hamiltonian.
    """

    parameters: NDArray[np.float64]
    circuits: tuple[QuantumCircuit, ...]
    energies: NDArray[np.float64]
    v_scores: NDArray[np.float64]
    name: str

    def __repr__(self) -> str:
        qubits = self.circuits[0].num_qubits
        ends = f"{self.parameters[0]:g} to {self.parameters[-1]:g}"
        return (
            f"CircuitSweep({len(self.circuits)} circuits of {qubits} qubits, parameter {ends}, "
            f"V-score at most {self.v_scores.max():.1g})"
        )

    def snapshots(
        self,
        backend: Backend | str | Path,
        shots: int,
        *,
        bases: Any = "Z",
        random_state: int | np.random.Generator | None = None,
    ) -> Snapshots:
        """Measure all circuits on a backend, as one job; labels are the parameters.

        Parameters
        ----------
        backend
            Opened, or its name or file.
        shots, bases, random_state
            As for `make_snapshots`.

        Returns
        -------
        Snapshots
            ``bits`` and ``labels`` are the X and y of the estimators of `qml_algos.physics.phases`.

        Raises
        ------
        InvalidProblemError, UnknownNameError, ValueError, TooLargeError
            As `make_snapshots`.
        """
        return make_snapshots(
            self.circuits,
            backend,
            shots,
            bases=bases,
            labels=self.parameters,
            random_state=random_state,
        )


def circuit_sweep(
    hamiltonian_at: Callable[[float], SpinHamiltonian],
    parameters: ArrayLike,
    *,
    layers: int | None = None,
    starts: int = 4,
    random_state: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CircuitSweep:
    """Train a Hamiltonian-variational circuit for each value of a control parameter.

    Parameters
    ----------
    hamiltonian_at
        Makes the Hamiltonian of a parameter, all on the same number of qubits, at most 20.
    parameters
        At least one, different from each other; shape ``(P,)``.
    layers, starts
        Of `VariationalCircuitGroundState`: fewer layers than half the qubits leave an error of the
        energy, but less noise.
    random_state
        Of random starts.
    progress
        Told of each circuit.

    Returns
    -------
    CircuitSweep
        In ascending order of the parameter.

    Raises
    ------
    InvalidProblemError
        If parameters are not as described, or the Hamiltonians do not match or have no layers.
    TooLargeError
        Above 20 qubits.

    Notes
    -----
    *Cost*: as many trainings on a statevector, 0.1 s each for 8 qubits on one core.
    """
    values = numeric_array(parameters, "parameters")
    if values.ndim != 1 or values.dtype.kind == "c" or len(np.unique(values)) != len(values):
        raise InvalidProblemError(
            f"parameters has shape {values.shape}: a vector of different real numbers is needed"
        )
    if not len(values):
        raise InvalidProblemError("parameters is empty: at least one is needed")
    values = np.sort(values).astype(float)
    models = [hamiltonian_at(float(value)) for value in values]
    if len({model.qubits for model in models}) > 1:
        raise InvalidProblemError("hamiltonian_at: all Hamiltonians need the same number of qubits")
    found = []
    for done, model in enumerate(models):
        solver = VariationalCircuitGroundState(layers, starts=starts, random_state=random_state)
        found.append(solver.fit(model))
        if progress is not None:
            progress(done + 1, len(models))
    return CircuitSweep(
        values,
        tuple(solver.circuit_ for solver in found),
        np.array([solver.exact_energy_ for solver in found]),
        np.array([solver.v_score_ for solver in found]),
        models[0].name,
    )
