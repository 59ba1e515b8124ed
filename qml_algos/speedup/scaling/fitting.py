"""Laws of growth fitted to measured or counted costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.scaling.bootstrap import draw_replicates
from qml_algos.speedup.scaling.laws import FORMS, Form, candidate_laws
from qml_algos.speedup.scaling.points import (
    allowed_forms,
    logarithms,
    points_of,
    require_points,
    size_of,
)
from qml_algos.speedup.scaling.regression import fit_samples
from qml_algos.speedup.scaling.result import ScalingFit
from qml_algos.speedup.scaling.selection import akaike_weights, information_criterion
from qml_algos.validation import require_count, seed_from

_REPLICATES = 1000


def fit_law(
    sizes: ArrayLike | Mapping[str, ArrayLike],
    costs: ArrayLike,
    *,
    forms: Sequence[Form] | Mapping[str, Sequence[Form]] = FORMS,
    offset: bool = True,
    log_factor: bool = True,
    unit: str = "",
    confidence: float = 0.95,
    replicates: int = _REPLICATES,
    random_state: int | np.random.Generator | None = None,
) -> ScalingFit:
    """Fit laws of growth to costs, choose one, and say how far it can be trusted.

    The laws stand in `qml_algos.speedup.scaling.laws`. Costs are taken to err by independent
    factors of one spread at all sizes, so the logarithms are fitted by least squares; the law is
    chosen by AICc, and what is uncertain about both is in the replicates (see
    `qml_algos.speedup.scaling.bootstrap`). Whether an extrapolation holds cannot be seen in any
    measurement: a law that changes beyond the largest size is beyond this.

    Cost: O(replicates * points * laws); a tenth of a second for 8 points and one variable.

    Parameters
    ----------
    sizes
        Sizes N, shape (points,), or a mapping from names of variables to such values, as
        ``{"N": ..., "kappa": ..., "epsilon": ...}``. Repeated sizes are measurements of their own.
    costs
        Costs, shape (points,): positive; integers may be of any size.
    forms
        To be tried: for all variables, or for each by name.
    offset
        Whether to try a constant cost too; that takes six points or more.
    log_factor
        Whether to try polynomials times the logarithm of the first variable too, as of a sort.
    unit
        Of the costs.
    confidence
        Of bands and intervals, between 0 and 1.
    replicates
        Number of replicates.
    random_state
        Seed or generator; ``None`` for a fresh one.

    Returns
    -------
    ScalingFit

    Raises
    ------
    TooFewPointsError
        If there are fewer different points than three more than there are variables.
    InvalidProblemError
        If a size or a cost is not positive and finite, or variables change together.
    UnknownNameError
        If a form is not known.
    ValueError
        If ``confidence`` is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence = {confidence!r}: must lie strictly between 0 and 1")
    require_count("replicates", replicates)
    variables, logs = points_of(sizes)
    log_costs = logarithms("costs", costs)
    if log_costs.shape != logs[:, 0].shape:
        raise InvalidProblemError(
            f"costs has shape {log_costs.shape} and {variables[0]} {logs[:, 0].shape}: one cost "
            "for each size is needed"
        )
    tried = allowed_forms(forms, variables, logs)
    different = require_points(variables, logs, tried)
    laws = candidate_laws(
        tried,
        offset=offset and len(logs) >= len(variables) + 5 and different >= len(variables) + 4,
        log_factor=log_factor and bool(np.all(logs[:, 0] > 0)),
    )
    fits = [fit_samples(law, logs, log_costs[None]) for law in laws]
    criteria = [
        information_criterion(law, fit, len(logs))[0] for law, fit in zip(laws, fits, strict=True)
    ]
    weights = akaike_weights(np.array(criteria))
    best = int(np.argmin(criteria))
    generator = np.random.default_rng(seed_from(random_state))
    return ScalingFit(
        law=laws[best],
        variables=variables,
        estimate=fits[best].parameters[0],
        law_weights=tuple(zip(laws, weights.tolist(), strict=True)),
        scatter=float(np.sqrt(fits[best].squares[0] / (len(logs) - laws[best].parameters))),
        ranges={
            name: (size_of(logs[:, i].min()), size_of(logs[:, i].max()))
            for i, name in enumerate(variables)
        },
        points=len(logs),
        unit=unit,
        confidence=confidence,
        replicates=draw_replicates(laws, fits, weights, logs, replicates, generator),
    )
