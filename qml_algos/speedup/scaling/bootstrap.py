"""Replicates of a fit: the laws that other measurements might have given.

Each replicate draws one of the laws by its weight, a scatter by what the residuals leave open
(squares / chi-squared of the degrees of freedom: for a linear law, its parameters then spread as
Student's t, so that intervals are right for four points too, where the plain bootstrap is far too
narrow), measurements of that law with that scatter, and fits and *chooses* anew. So the replicates
differ in form where the measurements do not settle it, and bands widen as they should.
Parametric bootstrap: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, chapter 6;
choice in each replicate: S. T. Buckland et al., Biometrics 53, 603 (1997).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qml_algos.speedup.scaling.laws import Floats, Law
from qml_algos.speedup.scaling.regression import Fits, fit_samples
from qml_algos.speedup.scaling.selection import information_criterion

_NEGLIGIBLE_WEIGHT = 1e-3


class Replicates(NamedTuple):
    """Replicates that chose the same law.

    Attributes
    ----------
    law
        The law.
    parameters
        Shape (replicates, parameters).
    """

    law: Law
    parameters: Floats


def draw_replicates(
    laws: list[Law],
    fits: list[Fits],
    weights: Floats,
    logs: Floats,
    count: int,
    generator: np.random.Generator,
) -> tuple[Replicates, ...]:
    """Draw replicates of a fit; laws of negligible weight take no part.

    Parameters
    ----------
    laws, fits, weights
        Candidates, each with its fit to the measurements (one sample) and its weight.
    logs
        Natural logarithms of the variables, shape (points, variables).
    count
        Number of replicates.
    generator
        Of random numbers.
    """
    kept = [i for i, weight in enumerate(weights) if weight >= _NEGLIGIBLE_WEIGHT]
    shares = generator.multinomial(count, weights[kept] / weights[kept].sum())
    samples = np.concatenate(
        [
            _samples(laws[i], fits[i], logs, share, generator)
            for i, share in zip(kept, shares, strict=True)
        ]
    )
    refitted = [fit_samples(laws[i], logs, samples) for i in kept]
    criteria = [
        information_criterion(laws[i], fit, len(logs))
        for i, fit in zip(kept, refitted, strict=True)
    ]
    chosen = np.argmin(criteria, axis=0)
    return tuple(
        Replicates(laws[i], fit.parameters[chosen == place])
        for place, (i, fit) in enumerate(zip(kept, refitted, strict=True))
        if np.any(chosen == place)
    )


def _samples(
    law: Law, fit: Fits, logs: Floats, count: int, generator: np.random.Generator
) -> Floats:
    free = len(logs) - law.parameters
    scatter = np.sqrt(fit.squares[0] / generator.chisquare(free, count))
    errors = generator.standard_normal((count, len(logs)))
    return law.log_costs(fit.parameters, logs) + scatter[:, None] * errors
