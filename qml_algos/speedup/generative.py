"""Generative models as a contest."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import (
    InvalidProblemError,
    TooLargeError,
    UnknownNameError,
    UnsuitableSolverError,
)
from qml_algos.generative.classical import CLASSICAL
from qml_algos.generative.data.families import DATASETS, FAMILIES, draw_problem
from qml_algos.generative.data.problem import DensityProblem
from qml_algos.generative.evaluation import ABOVE_ENTROPY, OF_TEST_SAMPLES, Loss, loss
from qml_algos.generative.execution import ModelRun, run_model
from qml_algos.generative.registry import (
    DEFAULT_BOND_DIMENSION,
    MODELS,
    QUANTUM,
    RUNNABLE,
    make_model,
)
from qml_algos.results import Resources
from qml_algos.speedup.bills.generative import samples_for
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.generative_notes import (
    ACCESS,
    BASELINES,
    DRAWN,
    SMOOTHED,
    STANDING,
    UNKNOWN,
    likelihood_note,
    of_circuit,
)
from qml_algos.speedup.measure import measure
from qml_algos.speedup.record import Row
from qml_algos.speedup.wording import seconds as seconds_text
from qml_algos.validation import require_count

SOLVERS = MODELS
"""All models by the names that the command line takes."""

SAMPLING = "mps-sampling"
"""Drawing from a trained matrix product state classically: the rival of its circuit."""

COMPARED = (*SOLVERS, SAMPLING)
"""All that can be compared."""

DEFAULT_SOLVERS = ("mps", SAMPLING, "independent", "chow-liu", "chow-liu-mixture")
DEFAULT_SOLVERS_OF_BITS = (*DEFAULT_SOLVERS, "made")

DEFAULT_FIDELITY = 0.99

DENSITY, SAMPLES = "density", "batch of samples"
"""What classical models and what states give: the one tells likelihoods, and the other is drawn."""


@dataclass(frozen=True)
class GenerativeContest:
    """Learn a distribution from samples; the error is in nats a sample.

    It is the negative log-likelihood above the entropy of the data where that is known, as of drawn
    data (the Kullback-Leibler divergence), and else the negative log-likelihood of test samples.
    That of a quantum model is measured on its circuit: exactly, or from as many samples as there
    are shots, by `interpolated_log_likelihoods`.

    Attributes
    ----------
    samples, test_share
        See `draw_problem`.
    bond_dimension
        Of tensor networks, at most.
    fidelity
        Of circuits that approximate a trained state, at least. Patterns that are rare may be lost
        to an approximation: the error of the circuit shows it.
    """

    samples: int | None = None
    test_share: float | None = None
    bond_dimension: int = DEFAULT_BOND_DIMENSION
    fidelity: float = DEFAULT_FIDELITY

    name = "generative"
    default_sizes = (4, 6, 9, 12, 16)

    def __post_init__(self) -> None:
        require_count("bond_dimension", self.bond_dimension)
        if not 0 < self.fidelity <= 1:
            raise InvalidProblemError(
                f"fidelity = {self.fidelity:g}: must be above 0 and at most 1"
            )
        if self.samples is not None:
            require_count("samples", self.samples)
        if self.test_share is not None and not 0 < self.test_share < 1:
            raise InvalidProblemError(f"test_share = {self.test_share:g}: must lie between 0 and 1")

    @property
    def families(self) -> Collection[str]:
        """Of drawn data, and data sets; the first the default."""
        return [*FAMILIES, *DATASETS]

    def draw(self, family: str, size: int, rng: np.random.Generator) -> DensityProblem:
        """Draw samples."""
        return draw_problem(family, size, rng, samples=self.samples, test_share=self.test_share)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one."""
        if name not in COMPARED:
            raise UnknownNameError("solver", name, COMPARED)

    def default_solvers(self, problem: DensityProblem) -> list[str]:
        """Name a quantum model and classical ones."""
        return [*(DEFAULT_SOLVERS_OF_BITS if problem.binary else DEFAULT_SOLVERS)]

    def reference(self, problem: DensityProblem) -> dict[str, NDArray[np.float64]]:
        """Log-likelihoods of the test samples under each of `BASELINES`."""
        return {
            name: make_model(name, problem).fit(problem.train.X).score_samples(problem.test.X)
            for name in BASELINES
        }

    def demand(self, problem: DensityProblem, solver: str) -> Demand:
        """Memory of the joint tables of all pairs of variables, of trees."""
        pairs = sum(problem.categories) ** 2
        return Demand(memory=8 * pairs if solver.startswith("chow-liu") else 0)

    def row(
        self,
        problem: DensityProblem,
        solver: str,
        reference: dict[str, NDArray[np.float64]],
        setting: Setting,
    ) -> Row:
        """Train a model, and measure it or its circuit."""
        row = self.failed(problem, solver, setting)
        if solver == SAMPLING:
            return self._drawn(row, problem, setting)
        if solver in CLASSICAL:
            measured = measure(
                lambda: self.trained(problem, solver, setting), seconds_of=lambda found: found[1]
            )
            model = measured.value[0]
            note = likelihood_note(solver, model.score_samples(problem.test.X), reference)
            row = replace(row, **measured.costs(), caveats=(note, *row.caveats))
            return _measured(row, loss(model.score_samples, problem))
        model, seconds = self.trained(problem, solver, setting)
        row = replace(row, classical_seconds=seconds, access=ACCESS)
        return self._quantum(row, model, problem, reference, setting)

    def _drawn(self, row: Row, problem: DensityProblem, setting: Setting) -> Row:
        """Train a matrix product state as for its circuit, and time drawing samples from it."""
        model, training = self.trained(problem, "mps", setting)
        count = samples_wanted(setting)
        measured = measure(lambda: model.sample(count, random_state=setting.seed))
        note = DRAWN.format(count=count, training=seconds_text(training))
        row = replace(row, **measured.costs(), caveats=(note, *row.caveats))
        return _measured(row, loss(model.score_samples, problem))

    def _quantum(
        self,
        row: Row,
        model: Any,
        problem: DensityProblem,
        reference: dict[str, NDArray[np.float64]],
        setting: Setting,
    ) -> Row:
        """Measure a trained quantum model, on its circuit where that can be run."""
        own: Loss | None = None
        notes = (STANDING[row.solver], *row.caveats)
        try:
            logs = model.score_samples(problem.test.X)
        except TooLargeError as error:
            notes = (f"{error}.", *notes)
        else:
            own = loss(model.score_samples, problem)
            notes = (likelihood_note(row.solver, logs, reference), *notes)
        try:
            run = self.run(model, problem, setting)
        except (TooLargeError, UnsuitableSolverError) as error:
            if own is None:
                raise
            unrun = f"{row.solver} was not run: {error}. Its error is that of the model."
            return _measured(replace(row, caveats=(*notes, unrun)), own)
        row = replace(
            row,
            **_costs(run.resources),
            success_probability=run.valid_share,
            gates_per_accepted_shot=(run.resources.two_qubit_gates or 0) / run.valid_share,
        )
        found = loss(run.density, problem)
        weight = getattr(model, "smoothing_", 0.0)
        if weight > 0:
            notes = (*notes, SMOOTHED.format(row.solver, weight))
        return _measured(replace(row, caveats=(*notes, of_circuit(row, run, found, own))), found)

    def failed(self, problem: DensityProblem, solver: str, setting: Setting) -> Row:
        """Return what is known without a result."""
        return Row(
            problem="",
            size=problem.variables,
            condition_number=None,
            solver=solver,
            kind="quantum" if solver in QUANTUM else "classical",
            backend=setting.backend.name if solver in RUNNABLE else None,
            target_error=setting.epsilon,
            output=DENSITY if solver in CLASSICAL else SAMPLES,
            error_of=OF_TEST_SAMPLES if problem.truth is None else ABOVE_ENTROPY,
            caveats=(UNKNOWN,) if problem.truth is None else (),
        )

    def trained(
        self, problem: DensityProblem, solver: str, setting: Setting, *, verbose: bool = False
    ) -> tuple[Any, float]:
        """Train a new model, and say how many seconds that took.

        Parameters
        ----------
        problem, solver, setting
            What is to be done.
        verbose
            Whether to show a progress bar, of models that have one.
        """
        model = make_model(
            solver,
            problem,
            bond_dimension=self.bond_dimension,
            random_state=setting.seed,
            verbose=verbose,
        )
        start = time.perf_counter()
        model.fit(problem.train.X, X_valid=problem.valid.X)
        return model, time.perf_counter() - start

    def run(
        self,
        model: Any,
        problem: DensityProblem,
        setting: Setting,
        max_two_qubit_gates: int | None = None,
    ) -> ModelRun:
        """Run the circuit of a trained model."""
        return run_model(
            model,
            problem.categories,
            setting.backend,
            shots=shots_of(setting),
            fidelity=self.fidelity,
            max_two_qubit_gates=max_two_qubit_gates,
            random_state=setting.seed,
        )


def shots_of(setting: Setting) -> int | None:
    """Return the shots that are taken; ``None`` if a distribution is exact."""
    if setting.shots is None and setting.backend.exact:
        return None
    return samples_wanted(setting)


def samples_wanted(setting: Setting) -> int:
    """Return how many samples are drawn where the distribution is not written down."""
    return samples_for(setting.epsilon) if setting.shots is None else setting.shots


def _measured(row: Row, found: Loss) -> Row:
    return replace(
        row, error=found.value, error_standard_error=found.standard_error, error_of=found.of
    )


def _costs(resources: Resources) -> dict[str, Any]:
    names = ("qubits", "two_qubit_gates", "two_qubit_depth", "depth", "shots")
    times = ("build_seconds", "compile_seconds", "run_seconds")
    return {name: getattr(resources, name) for name in (*names, *times)}
