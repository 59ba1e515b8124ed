"""Derivatives of the log-likelihood, measured on a backend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import seed_for
from qml_algos.generative.factor_graph.gradient_estimate import GradientEstimate, GradientProblem
from qml_algos.generative.factor_graph.measurement import measure, settings_for
from qml_algos.generative.factor_graph.preparation import preparation as prepare
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.results import Resources


@dataclass(frozen=True, eq=False)
class MeasuredGradient(GradientEstimate):
    """An estimate with what it took.

    Attributes
    ----------
    settings
        That were run, with repetitions: one compiled circuit with as many sets of parameters.
    resources
        Of the compiled circuit, and all shots.
    """

    settings: int
    resources: Resources


def measured_gradient(
    state: QuantumGenerativeState,
    X: ArrayLike,
    slopes: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    backend: str | Backend = "aer",
    shots: int | None = None,
    preparation: str = "staircase",
    random_state: int | np.random.Generator | None = None,
) -> MeasuredGradient:
    r"""Estimate the gradient of the mean log-likelihood from shots of a backend.

    Parameters
    ----------
    state
        The model, of at most 52 qubits.
    X
        Shape ``(N, n_variables)``, 0 or 1.
    slopes
        Derivatives of the matrices by p real parameters each, shape ``(m, p, 2, 2)``.
    sample_weight
        Shape ``(N,)``; ``None`` for ones.
    backend
        Where circuits run.
    shots
        Of each setting, see `settings_for`; ``None`` for the backend's default.
    preparation
        As in `preparation.preparation`.
    random_state
        Seed of a simulator, generator, or ``None`` for a fresh one.

    Returns
    -------
    MeasuredGradient

    Raises
    ------
    InvalidProblemError
        If X is not binary or has another number of columns, weights are not finite, below 0 or all
        0, or slopes have another shape.
    UnknownNameError
        If there is no such backend or preparation.
    ValueError, TooLargeError
        If shots are no positive integer or more than the backend takes, or there are too many
        qubits; nothing is run then.
    NothingAcceptedError
        If no shot passed post-selection.

    Notes
    -----
    *Cost.* For all m matrices together ``k + ceil(sqrt(k))`` settings with ``k = 2 (n + c)`` for n
    visible and c conditioned qubits, 2 more with hidden ones: one PUB. X and Y of a visible qubit
    cost settings of their own, since its bit is lost in them.

    *Shots.* Estimates are nearly unbiased if each row of X is expected in several shots of a
    setting; rows never seen add hardly anything to the gradient, and ``unseen`` tells how much of
    the data they are. That takes shots in the inverse of P(x): it is for few variables, or for data
    and models that are concentrated on few values. See `gradient_estimate`.

    *Noise* of a device changes the state, and so the gradient: that is in no standard error.

    References
    ----------
    Gao, Zhang and Duan, Science Advances 4, eaat9004 (2018), arXiv:1711.02038: the gradient as a
    difference of expectation values.
    """
    settings = settings_for(state)
    problem = GradientProblem.of(state, X, slopes, sample_weight)
    opened = open_backend(backend)
    outcomes, resources = measure(
        state,
        settings,
        prepare(state, preparation),
        opened,
        opened.config.limits.default_shots if shots is None else shots,
        seed_for(opened, random_state),
    )
    found = problem.estimate(outcomes)
    return MeasuredGradient(
        **vars(found),
        settings=sum(setting.repetitions for setting in settings),
        resources=resources,
    )
