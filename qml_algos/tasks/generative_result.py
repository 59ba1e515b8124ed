"""What a trained generative model came to, beside classical ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import TooLargeError
from qml_algos.generative.data.problem import DensityProblem
from qml_algos.generative.deployment.deployed import Deployed
from qml_algos.generative.evaluation import loss
from qml_algos.generative.execution import ModelRun
from qml_algos.generative.metrics.likelihood import (
    MeanEstimate,
    negative_log_likelihood,
    nll_difference,
)


@dataclass(frozen=True)
class Baseline:
    """A classical model beside the one that was trained.

    Attributes
    ----------
    name
        Its name.
    nll
        Negative log-likelihood of the test samples, nats.
    difference
        Of the trained model's from this one's, on the same samples; ``None`` if that has no finite
        likelihood.
    """

    name: str
    nll: MeanEstimate
    difference: MeanEstimate | None


@dataclass(frozen=True, eq=False)
class GenerativeResult:
    """What a task found.

    Attributes
    ----------
    solver, data
        Names.
    variables
        How many there are.
    training, validation, test
        Numbers of samples.
    nll
        Negative log-likelihood of the test samples, nats; ``None`` for a model without likelihoods.
    entropy, divergence
        Of the data, and of the model from them, nats, where the distribution is known.
    baselines
        Classical models.
    bond_dimensions
        Of tensor networks.
    seconds
        Of training.
    run
        What a backend drew: of matrix product states with all comparisons; ``None`` if nothing was
        run.
    density_nll
        Negative log-likelihood of the test samples under the density estimated from what the
        backend drew.
    written
        Files with samples.
    caveats
        What belongs beside the figures.
    """

    solver: str
    data: str
    variables: int
    training: int
    validation: int
    test: int
    nll: MeanEstimate | None
    entropy: float | None
    divergence: float | None
    baselines: tuple[Baseline, ...]
    bond_dimensions: tuple[int, ...] | None
    seconds: float
    run: Deployed | ModelRun | None
    density_nll: MeanEstimate | None
    written: tuple[str, ...]
    caveats: tuple[str, ...]


def measured(
    solver: str,
    model: Any,
    problem: DensityProblem,
    baselines: Mapping[str, NDArray[np.float64]],
    *,
    seconds: float,
    run: Deployed | ModelRun | None,
    written: tuple[str, ...],
    caveats: tuple[str, ...],
) -> GenerativeResult:
    """Measure a trained model.

    Parameters
    ----------
    solver, model
        The model and its name.
    problem
        The data.
    baselines
        Log-likelihoods of the test samples under classical models, by name.
    seconds, run, written, caveats
        Of the result, as they are.
    """
    logs = _log_likelihoods(model, problem)
    bonds = getattr(model, "bond_dimensions_", None)
    known = problem.truth is not None and logs is not None
    return GenerativeResult(
        solver=solver,
        data=problem.name,
        variables=problem.variables,
        training=problem.train.samples,
        validation=problem.valid.samples,
        test=problem.test.samples,
        nll=None if logs is None else negative_log_likelihood(logs),
        entropy=None if problem.truth is None else problem.truth.entropy,
        divergence=loss(model.score_samples, problem).value if known else None,
        baselines=tuple(
            _beside(name, theirs, logs) for name, theirs in baselines.items() if name != solver
        ),
        bond_dimensions=None if bonds is None else tuple(int(bond) for bond in bonds),
        seconds=seconds,
        run=run,
        density_nll=_density_nll(run, problem),
        written=written,
        caveats=caveats,
    )


def _log_likelihoods(model: Any, problem: DensityProblem) -> NDArray[np.float64] | None:
    """Return those of the test samples, of models that have likelihoods."""
    try:
        found: NDArray[np.float64] = model.score_samples(problem.test.X)
    except TooLargeError:
        return None
    return found


def _beside(name: str, theirs: NDArray[np.float64], logs: NDArray[np.float64] | None) -> Baseline:
    difference = None
    if logs is not None and np.all(np.isfinite(logs)):
        difference = nll_difference(logs, theirs)
    return Baseline(name, negative_log_likelihood(theirs), difference)


def _density_nll(run: Deployed | ModelRun | None, problem: DensityProblem) -> MeanEstimate | None:
    if not isinstance(run, ModelRun):
        return None
    return negative_log_likelihood(run.density(problem.test.X))
