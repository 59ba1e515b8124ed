"""The ground state of one Hamiltonian by one solver as a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits, require_shots
from qml_algos.errors import TooLargeError
from qml_algos.physics.ground_states import read_hamiltonian
from qml_algos.physics.hamiltonians import SpinHamiltonian
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.results import Estimate
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.ground_state import (
    MOST_WRITTEN,
    SOLVERS,
    GroundStateContest,
    caveats,
    state_of,
)
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.ground_state_result import GroundStateResult
from qml_algos.tasks.plots import require_plot, write_png
from qml_algos.tasks.recording import fields_of
from qml_algos.validation import require_epsilon

_ALWAYS = ("solver", "epsilon", "shots", "seed")
_OPTIONS = {"layers": "circuit", "bond_dimension": "mps", "alpha": "rbm", "shots": "circuit"}
"""Options of one solver only."""


@dataclass(frozen=True)
class GroundStateTask:
    """Find the ground state of one Hamiltonian with one solver.

    Attributes
    ----------
    solver
        Its name.
    epsilon
        Relative error of the energy that notes are about.
    shots
        Repetitions of each circuit.
    seed
        Of what is drawn, and of the shots.
    hamiltonian
        File with Pauli operators; or
    family, size, field, boundary
        model, see `make_model`.
    layers, bond_dimension, alpha
        See `GroundStateContest`.
    plot
        Absolute path of a PNG file.
    """

    name: ClassVar[str] = "ground-state"

    solver: str
    epsilon: float
    shots: int | None
    seed: int
    hamiltonian: InputFile | None = None
    family: str | None = None
    size: int | None = None
    field: float | None = None
    boundary: str | None = None
    layers: int | None = None
    bond_dimension: int | None = None
    alpha: int | None = None
    plot: str | None = None

    def __post_init__(self) -> None:
        contest = self._contest()
        contest.require_solver(self.solver)
        if self.solver not in SOLVERS:
            raise ValueError(
                f"--solver: {self.solver} is for comparisons; here a circuit runs on the "
                "--backend that is named"
            )
        require_epsilon(self.epsilon)
        for option, solver in _OPTIONS.items():
            if getattr(self, option) is not None and self.solver != solver:
                raise ValueError(
                    f"--{option.replace('_', '-')}: not for {self.solver}, but for {solver}"
                )
        for option in ("field", "boundary"):
            if self.hamiltonian is not None and getattr(self, option) is not None:
                raise ValueError(f"--{option}: the Hamiltonian is read from a file")
        require_plot(self.plot)

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GroundStateTask:
        """Read what `to_json` wrote; see `fields_of`."""
        return cls(**fields_of(cls, values, always=_ALWAYS, files=("hamiltonian",)))

    def problem(self) -> SpinHamiltonian:
        """Read or make the Hamiltonian."""
        if self.hamiltonian is not None:
            return read_hamiltonian(self.hamiltonian.unchanged())
        assert self.family is not None
        assert self.size is not None
        return self._contest().draw(self.family, self.size, np.random.default_rng(self.seed))

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded.

        Raises
        ------
        InvalidProblemError, UnknownNameError, TooLargeError, ValueError, OSError
            Saying what is wrong.
        """
        problem = self.problem()
        if self.shots is not None:
            require_shots(backend.config, self.shots)
        if self.solver == "circuit":
            require_qubits(backend.config, problem.qubits, problem.name)
        most = MOST_WRITTEN.get(self.solver)
        if most is not None and problem.qubits > most:
            raise TooLargeError(
                f"size = {problem.qubits}: {self.solver} writes states down, for at most {most} "
                "spins; mps and rbm do not"
            )

    def run(self, backend: Backend) -> GroundStateResult:
        """Do it; the energy is measured against the exact one where that is known."""
        problem = self.problem()
        contest = self._contest()
        setting = Setting(backend, self.epsilon, self.shots, self.seed)
        fitted = contest.fitted(problem, self.solver, setting)
        known = contest.reference(problem)
        error, _ = known.error_of(fitted)
        energies = getattr(fitted, "energies_", None)
        state = state_of(self.solver, fitted, backend)
        written_down = None
        if known.states is not None and state is not None:
            written_down = statevector_of("state", state)[None]
        result = GroundStateResult(
            solver=self.solver,
            hamiltonian=problem.name,
            qubits=problem.qubits,
            terms=problem.terms,
            energy=Estimate(float(fitted.energy_), float(fitted.energy_error_)),
            exact=known.energy,
            source=known.source,
            error=error,
            fidelity=known.fidelity_of(state),
            variance=_variance(fitted),
            v_score=fitted.v_score_,
            parameters=int(fitted.parameters_),
            seconds=float(fitted.seconds_),
            resources=getattr(fitted, "resources_", None),
            energies=None if energies is None else np.asarray(energies, dtype=float),
            correlations=None if written_down is None else _correlations(written_down),
            exact_correlations=None if known.states is None else _correlations(known.states),
            written=self.plot,
            caveats=caveats(problem, self.solver, fitted, known, self.epsilon),
        )
        if self.plot is not None:
            from qml_algos.tasks.ground_state_plot import ground_state_figure

            write_png(ground_state_figure(result), self.plot)
        return result

    def unknown_cost(self, backend: Backend) -> str | None:  # noqa: ARG002
        """Say that nothing is: training is classical, and one job measures the energy."""
        return None

    def _contest(self) -> GroundStateContest:
        return GroundStateContest(
            field=self.field,
            boundary=self.boundary,
            layers=self.layers,
            bond_dimension=self.bond_dimension,
            alpha=self.alpha,
        )


def _correlations(states: NDArray[Any]) -> NDArray[np.float64]:
    """``<Z_0 Z_r>`` for each r, the mean over states; rows need no norm."""
    weights = (np.abs(states) ** 2).sum(axis=0)
    weights /= weights.sum()
    numbers = np.arange(len(weights))
    signs = (1.0 - 2.0 * (numbers >> spin & 1) for spin in range(len(weights).bit_length() - 1))
    first = next(signs)
    return np.array([1.0, *(float(weights @ (first * sign)) for sign in signs)])


def _variance(fitted: Any) -> Estimate | None:
    """Variance of the Hamiltonian, with its standard error where the solver tells one."""
    if fitted.variance_ is None:
        return None
    return Estimate(fitted.variance_, getattr(fitted, "variance_error_", 0.0))
