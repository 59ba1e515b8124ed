"""Maximum likelihood for the matrices: by exact gradients, or by those that shots give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from qml_algos.backends import Backend
from qml_algos.backends.jobs.cost import DEFAULT_SECONDS_PER_JOB, Plan, PlannedJob
from qml_algos.backends.optimisers import adam
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.measured_gradient import MeasuredGradient, measured_gradient
from qml_algos.generative.factor_graph.measurement import settings_for, turned_circuit
from qml_algos.generative.factor_graph.preparation import preparation
from qml_algos.generative.factor_graph.structure import Structure
from qml_algos.generative.mps.samples import Samples
from qml_algos.results import Resources

Floats = NDArray[np.float64]
Report = Callable[[int, float], None]

_BLIND = 0.1
"""Share of the data in no shot from which on the result is in doubt."""


@dataclass(eq=False)
class Run:
    """One descent as far as it has come, so that breaking it off loses nothing.

    Attributes
    ----------
    values
        Of the free parameters, after the last step.
    losses
        Mean negative log-likelihoods in nats. Exact ones are those after each step; measured ones
        those before it, with their shot noise.
    steps
        That were taken.
    stopped
        Whether it came to its end, rather than to the most steps allowed.
    settings, resources
        Circuits run; what they took.
    unseen
        As in `MeasuredGradient`, in the last step.
    """

    values: Floats
    losses: list[float] = field(default_factory=list)
    steps: int = 0
    stopped: bool = False
    settings: int = 0
    resources: Resources | None = None
    unseen: float = 0.0

    def add(self, measured: MeasuredGradient) -> None:
        """Take down a measurement."""
        self.losses.append(-measured.log_likelihood.value)
        self.settings += measured.settings
        self.unseen = measured.unseen
        self.resources = total_resources([self.resources, measured.resources])

    def doubts(self) -> list[str]:
        """Say what speaks against the result."""
        found = []
        if not self.stopped:
            found.append(f"L-BFGS-B stopped at max_iterations = {self.steps}")
        if self.unseen > _BLIND:
            found.append(
                f"{self.unseen:.0%} of the data was in no shot of the last step, so that hardly "
                "anything pulled the model towards it: take more shots"
            )
        return found


def total_resources(parts: Iterable[Resources | None]) -> Resources | None:
    """Add up shots and times; of circuits the last one counts. ``None`` if nothing was run."""
    spent = [part for part in parts if part is not None]
    if not spent:
        return None
    return replace(
        spent[-1],
        shots=sum(part.shots or 0 for part in spent),
        build_seconds=sum(part.build_seconds or 0.0 for part in spent),
        compile_seconds=sum(part.compile_seconds or 0.0 for part in spent),
        run_seconds=sum(part.run_seconds or 0.0 for part in spent),
    )


@dataclass(frozen=True, eq=False)
class ExactDescent:
    """L-BFGS-B on exact gradients.

    Attributes
    ----------
    condition_number, max_iterations, tol, method
        As in `FactorGraphGenerativeModel`.
    """

    condition_number: float
    max_iterations: int
    tol: float
    method: str

    def __call__(self, structure: Structure, samples: Samples, run: Run, report: Report) -> None:
        """Move the values of a run to a minimum of the loss."""

        def loss(values: Floats) -> tuple[float, Floats]:
            state, slopes = structure.state_and_slopes(values)
            logs, by_entry = log_probability_gradient(state, samples.X, self.method)
            mean = np.einsum("n,nmba->mba", samples.weights, by_entry)
            by_parameter = np.einsum("mba,mpba->mp", mean.conj(), slopes).real
            return -float(samples.weights @ logs), -by_parameter[structure.free]

        def watch(intermediate_result: scipy.optimize.OptimizeResult) -> None:
            run.values = intermediate_result.x.copy()
            run.losses.append(float(intermediate_result.fun))
            run.steps += 1
            report(run.steps, run.losses[-1])

        found = scipy.optimize.minimize(
            loss,
            run.values,
            jac=True,
            method="L-BFGS-B",
            bounds=structure.bounds(self.condition_number),
            callback=watch,
            options={
                "maxcor": 30,
                "maxiter": self.max_iterations,
                "maxfun": 4 * self.max_iterations,
                "ftol": self.tol,
                "gtol": 1e-7,
            },
        )
        run.values, run.stopped = found.x, found.status != 1
        if not run.steps:  # The beginning was a minimum.
            run.losses.append(float(found.fun))


@dataclass(frozen=True, eq=False)
class MeasuredDescent:
    """Adam on gradients from shots.

    Attributes
    ----------
    condition_number, steps, learning_rate, shots, preparation
        As in `FactorGraphGenerativeModel`; ``steps`` is its ``max_iterations``.
    backend
        Opened.
    generator
        Of the seeds of all steps.
    """

    condition_number: float
    steps: int
    learning_rate: float
    backend: Backend
    shots: int
    preparation: str
    generator: np.random.Generator

    def __call__(self, structure: Structure, samples: Samples, run: Run, report: Report) -> None:
        """Take all steps from the values of a run."""
        low, high = structure.bounds(self.condition_number).T

        def slope(values: Floats) -> Floats:
            state, slopes = structure.state_and_slopes(values)
            found = measured_gradient(
                state,
                samples.X,
                slopes,
                sample_weight=samples.counts,
                backend=self.backend,
                shots=self.shots,
                preparation=self.preparation,
                random_state=self.generator,
            )
            run.add(found)
            return -found.gradient[structure.free]

        def allowed(values: Floats) -> Floats:
            return np.clip(values, low, high)

        for values in adam(slope, run.values, self.learning_rate, self.steps, allowed):
            run.values = values
            run.steps += 1
            report(run.steps, run.losses[-1])
        run.stopped = True

    def plan(self, structure: Structure, restarts: int) -> Plan:
        """Say what all descents will run, for circuits as long as that of a random beginning."""
        values = structure.random_values(np.random.default_rng(0), self.condition_number)
        state = structure.state(values)
        sets = sum(setting.repetitions for setting in settings_for(state))
        circuit = turned_circuit(preparation(state, self.preparation).circuit, state.n_qubits)
        [compiled] = self.backend.compile([circuit])
        seconds = self.backend.seconds(compiled)
        if seconds is not None:
            timing = getattr(self.backend.config, "timing", None)
            overhead = DEFAULT_SECONDS_PER_JOB if timing is None else timing.per_job
            seconds = overhead + seconds * sets * self.shots
        job = PlannedJob(1, sets, self.shots, sets * self.shots, seconds)
        name = self.backend.name
        return Plan(name, name, (job,) * (restarts * self.steps))
