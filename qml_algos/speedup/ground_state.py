"""Ground states of spins as a contest."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from circuits.costs import GateCounts, count_gates
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.ground_states import GROUND_STATE_SOLVERS, MODELS, make_model
from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.hamiltonians.hamiltonian import MAX_SPARSE_QUBITS
from qml_algos.physics.variational.ground_state import MOST_QUBITS
from qml_algos.results import Resources
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.ground_state_notes import (
    TRAINED,
    gap_note,
    noise_note,
    reference_note,
    sampling_note,
)
from qml_algos.speedup.ground_state_reference import Known, known_of
from qml_algos.speedup.measure import measure
from qml_algos.speedup.record import Row
from qml_algos.validation import require_count

SOLVERS = tuple(GROUND_STATE_SOLVERS)
"""All solvers by the names that the command line takes."""

NOISY = "circuit-noisy"
"""The same circuit on a noisy model of a device."""

COMPARED = (*SOLVERS, NOISY)
"""All that can be compared."""

CIRCUITS = ("circuit", NOISY)

DEFAULT_NOISY_BACKEND = "heron_r3"

MOST_WRITTEN = {"exact": MAX_SPARSE_QUBITS, "circuit": MOST_QUBITS}
"""Spins up to which solvers find a state that is written down, amplitude by amplitude."""

MOST_TRAINED, MOST_NOISY = 12, 8
"""Spins up to which circuits are among the default solvers; they can be named above it."""

_REPETITIONS = 3
"""Of what is timed and takes no chances; sampled states are found once."""


@dataclass(frozen=True)
class GroundStateContest:
    """Find the ground state of a Hamiltonian; the error is the relative error of its energy.

    Attributes
    ----------
    field, boundary
        Of drawn Hamiltonians, see `make_model`.
    layers
        Of circuits; by default what their class takes.
    bond_dimension
        Of matrix-product states, at most; by default what their class takes.
    alpha
        Hidden neurons of Boltzmann machines for each spin; by default what their class takes.
    noisy_backend
        Name or file of the noisy model that `NOISY` runs on.
    """

    field: float | None = None
    boundary: str | None = None
    layers: int | None = None
    bond_dimension: int | None = None
    alpha: int | None = None
    noisy_backend: str = DEFAULT_NOISY_BACKEND

    name = "ground-state"
    default_sizes = (4, 6, 8, 10, 12, 16)

    def __post_init__(self) -> None:
        for option in ("layers", "bond_dimension", "alpha"):
            if getattr(self, option) is not None:
                require_count(option, getattr(self, option))

    @property
    def families(self) -> Collection[str]:
        """Models of Hamiltonians; the first the default."""
        return MODELS

    def draw(self, family: str, size: int, rng: np.random.Generator) -> SpinHamiltonian:  # noqa: ARG002
        """Make the Hamiltonian of a model; nothing in it is random."""
        return make_model(family, size, self.field, self.boundary)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        if name not in COMPARED:
            raise UnknownNameError("solver", name, COMPARED)

    def default_solvers(self, problem: SpinHamiltonian) -> list[str]:
        """Name those that suit a Hamiltonian of that size."""
        suits = {
            "exact": problem.qubits <= MAX_SPARSE_QUBITS,
            "mps": True,
            "rbm": problem.sign_qubits is not None,
            "circuit": problem.qubits <= MOST_TRAINED,
            NOISY: problem.qubits <= MOST_NOISY,
        }
        return [name for name, suitable in suits.items() if suitable]

    def reference(self, problem: SpinHamiltonian) -> Known:
        """Find the exact energy, and the states where they can be written down."""
        return known_of(problem)

    def demand(self, problem: SpinHamiltonian, solver: str) -> Demand:
        """Memory of statevectors: twenty of Lanczos' method, four of training a circuit."""
        vectors = {"exact": 20, "circuit": 4, NOISY: 4}.get(solver, 0)
        return Demand(memory=vectors * 16 * 2**problem.qubits)

    def row(self, problem: SpinHamiltonian, solver: str, reference: Known, setting: Setting) -> Row:
        """Find a state and say how good it is."""
        bare = self.failed(problem, solver, setting)
        if solver in CIRCUITS:
            fitted = self.fitted(problem, solver, setting)
            costs = _costs(fitted)
        else:
            repetitions = 1 if solver == "rbm" else _REPETITIONS
            measured = measure(
                lambda: self.fitted(problem, solver, setting),
                seconds_of=lambda found: float(found.seconds_),
                repetitions=repetitions,
            )
            fitted, costs = measured.value, measured.costs()
        error, standard_error = reference.error_of(fitted)
        ran_on = self._backend(solver, setting)
        return replace(
            bare,
            error=error,
            error_standard_error=standard_error,
            energy=float(fitted.energy_),
            energy_standard_error=float(fitted.energy_error_),
            reference_energy=reference.energy,
            fidelity=reference.fidelity_of(state_of(solver, fitted, ran_on)),
            v_score=None if fitted.v_score_ is None else float(fitted.v_score_),
            parameters=int(fitted.parameters_),
            caveats=caveats(problem, solver, fitted, reference, setting.epsilon),
            **costs,
        )

    def failed(self, problem: SpinHamiltonian, solver: str, setting: Setting) -> Row:
        """Return what is known without a result."""
        backend = None
        if solver in CIRCUITS:
            backend = self._backend(solver, setting).name
        return Row(
            problem="",
            size=problem.qubits,
            condition_number=None,
            solver=solver,
            kind="quantum" if solver in CIRCUITS else "classical",
            backend=backend,
            target_error=setting.epsilon,
            output="ground state",
            error_of="relative error of the energy",
        )

    def fitted(self, problem: SpinHamiltonian, solver: str, setting: Setting) -> Any:
        """Fit a new estimator.

        Raises
        ------
        QmlAlgosError
            As the estimator does.
        """
        given: dict[str, Any] = {"random_state": setting.seed}
        if solver == "exact":
            given = {}
        elif solver == "mps":
            given["bond_dimension"] = self.bond_dimension
        elif solver == "rbm":
            given["alpha"] = self.alpha
        else:
            given |= {"layers": self.layers, "shots": setting.shots}
            given["backend"] = self._backend(solver, setting)
        named = "circuit" if solver == NOISY else solver
        asked = {name: value for name, value in given.items() if value is not None}
        with warnings.catch_warnings():
            # What did not converge is said beside its figures.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return GROUND_STATE_SOLVERS[named](**asked).fit(problem)

    def _backend(self, solver: str, setting: Setting) -> Backend:
        if solver != NOISY:
            return setting.backend
        found = open_backend(self.noisy_backend)
        if not found.noisy:
            raise InvalidProblemError(
                f"noisy_backend = {self.noisy_backend!r}: a noisy model is needed, such as "
                f"{DEFAULT_NOISY_BACKEND!r}"
            )
        return found


def state_of(solver: str, fitted: Any, backend: Backend) -> Any:
    """Return the state that an estimator's energy is of; ``None`` where noise has made a mixture.

    What a circuit would give without noise is not what was measured.
    """
    return None if solver in CIRCUITS and backend.noisy else fitted.state_


def caveats(
    problem: SpinHamiltonian, solver: str, fitted: Any, known: Known, epsilon: float
) -> tuple[str, ...]:
    """Sentences that belong beside the figures of a fitted estimator."""
    notes = [reference_note(problem, known), *gap_note(problem, known, epsilon)]
    if solver in CIRCUITS:
        notes.append(TRAINED)
        notes += noise_note(solver, fitted, known)
    if fitted.energy_error_ > 0:
        notes.append(sampling_note(solver))
    if not getattr(fitted, "converged_", True):
        notes.append(f"{solver} on {problem.name} ended before its energy had stopped changing.")
    return tuple(notes)


def _costs(fitted: Any) -> dict[str, Any]:
    """Figures of a circuit by the names that they have in a row; training is classical work."""
    resources: Resources = fitted.resources_
    figures = ("qubits", "two_qubit_gates", "two_qubit_depth", "depth", "shots")
    times = ("classical", "build", "compile", "run", "postprocessing")
    names = (*figures, *(f"{time}_seconds" for time in times))
    gates: GateCounts = count_gates(fitted.circuit_)
    return {
        **{name: getattr(resources, name) for name in names},
        "gates_per_accepted_shot": resources.two_qubit_gates,
        "gates_as_built": gates,
        "classically_trained": True,
    }
