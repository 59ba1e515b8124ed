"""Machines that maximise the likelihood of outcomes, their penalties chosen on held-out ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.tomography.likelihood import MeasuredAmplitudes
from qml_algos.physics.tomography.machines import (
    Vector,
    machine_of,
    parameters_of,
    random_machine,
    values_and_slopes,
)
from qml_algos.physics.tomography.objectives import phase_objective, state_objective

PENALTIES = (3e-2, 1e-2, 3e-3, 1e-3, 1e-4, 1e-5)
"""Factors of the squared weights that are tried for the modulus, one after the other."""
PHASE_PENALTIES = (1e-2, 1e-3, 1e-4, 1e-5)
"""The same for the phase."""
COHERENCES = (0.05, 0.5, 0.9, 0.99, 1.0)
"""How much of the state is left coherent, one after the other, while phases are found."""
ITERATIONS = 500
TOLERANCE = 1e-6
"""Relative change of the mean log-likelihood at which a fit ends; its error is far larger."""
_SPREAD = 0.1
"""Of the first weights."""

Report = Callable[[], None]
"""Called after each of the steps that a fit consists of."""


@dataclass(frozen=True)
class Found:
    """Machines and how they were chosen.

    Attributes
    ----------
    modulus, phase
        ``phase`` is ``None`` if all amplitudes are positive.
    penalties
        Factors of the squared weights of both.
    """

    modulus: RBMState
    phase: RBMState | None
    penalties: tuple[float, float]


def counted(steps: int, progress: Callable[[int, int], None] | None) -> Report:
    """Tell progress of one more of some steps each time."""
    done = 0

    def report() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps)

    return report


def exact_steps(folds: int, starts: int, *, phase: bool) -> int:
    """Count the steps of `fit_exactly`."""
    return folds * len(PENALTIES) + 1 + (phase_steps(starts) + 2 if phase else 0)


def phase_steps(starts: int) -> int:
    """Count the steps of `fit_phase`."""
    return starts + len(PHASE_PENALTIES) + 1


def fit_exactly(
    data: MeasuredAmplitudes,
    *,
    hidden: int,
    phase: bool,
    starts: int,
    folds: int,
    generator: np.random.Generator,
    report: Report,
) -> Found:
    """Fit the modulus, the phase with the modulus held, then both, all configurations summed over.

    Parameters
    ----------
    data
        With all configurations listed.
    hidden
        Hidden units of each machine.
    phase
        Whether there is a phase; if not, outcomes in all bases go into the modulus.
    starts
        Random starts of the phase.
    folds
        Parts of the snapshots, held out in turn to choose penalties. The last fit is to all.
    generator, report
        Random numbers, and what is told of each step.
    """
    parts = data.folds(folds, generator)
    if not phase:
        modulus, penalty = _fit_modulus(data, parts, hidden, generator, report)
        return Found(modulus, None, (penalty, 0.0))
    measured = [(rest.where(rest.diagonal), held.where(held.diagonal)) for rest, held in parts]
    modulus, penalty = _fit_modulus(data.where(data.diagonal), measured, hidden, generator, report)
    moduli = values_and_slopes(modulus, data.spins)[0]
    angle, angle_penalty = fit_phase(data, moduli, hidden, starts, folds, generator, report)
    # Of the same size in all for the outcomes of all bases together.
    penalties = (
        penalty * data.where(data.diagonal).samples / data.samples,
        angle_penalty * data.where(~data.diagonal).samples / data.samples,
    )
    apart = np.concatenate([parameters_of(modulus), parameters_of(angle)])
    size = len(parameters_of(modulus))
    rest, held = parts[0]
    joint = _minimum(state_objective, apart, rest, size, penalties)
    report()
    together = _score(joint, held, size) < _score(apart, held, size)
    best = _minimum(state_objective, apart, data, size, penalties) if together else apart
    report()
    qubits = data.spins.shape[1]
    return Found(
        machine_of(best[:size], qubits), machine_of(best[size:], qubits), (penalty, angle_penalty)
    )


def fit_phase(
    data: MeasuredAmplitudes,
    moduli: Vector,
    hidden: int,
    starts: int,
    folds: int,
    generator: np.random.Generator,
    report: Report,
) -> tuple[RBMState, float]:
    """Fit the phase to the outcomes in bases other than Z, the moduli held.

    An outcome that one choice of phases forbids is a wall of infinite height in the likelihood;
    with two outcomes of either sign there are walls on all sides of every start. A state mostly
    dephased has none, and close to full dephasing the likelihood is linear in the density matrix:
    from there the coherence is raised to 1, which the phases follow.

    Returns
    -------
    machine, penalty
    """
    turned = data.where(~data.diagonal)
    rest, held = turned.folds(folds, generator)[0]
    moduli = moduli - moduli.max()
    qubits = data.spins.shape[1]
    middle = PHASE_PENALTIES[len(PHASE_PENALTIES) // 2]
    found = []
    for _ in range(starts):
        y = parameters_of(random_machine(qubits, hidden, _SPREAD, generator))
        for coherence in COHERENCES:
            y = _minimum(phase_objective, y, rest, moduli, middle, coherence)
        found.append((phase_objective(y, rest, moduli, middle, 1.0)[0], y))
        report()
    start = min(found, key=lambda pair: pair[0])[1]
    scored = []
    for penalty in PHASE_PENALTIES:
        y = _minimum(phase_objective, start, rest, moduli, penalty, 1.0)
        scored.append((phase_objective(y, held, moduli, 0.0, 1.0)[0], penalty, y))
        report()
    _, penalty, y = min(scored, key=lambda triple: triple[:2])
    y = _minimum(phase_objective, y, turned, moduli, penalty, 1.0)
    report()
    return machine_of(y, qubits), penalty


def _fit_modulus(
    data: MeasuredAmplitudes,
    folds: Sequence[tuple[MeasuredAmplitudes, MeasuredAmplitudes]],
    hidden: int,
    generator: np.random.Generator,
    report: Report,
) -> tuple[RBMState, float]:
    """Choose the penalty by what is held out of each fold, each with a start of its own."""
    qubits = data.spins.shape[1]
    size = hidden * (qubits + 1) + qubits
    scores = np.zeros(len(PENALTIES))
    paths = []
    for rest, held in folds:
        x, path = np.zeros(size), []
        for i, penalty in enumerate(PENALTIES):
            # A strong penalty can leave weights zero or alike, where the gradient keeps them so.
            fresh = parameters_of(random_machine(qubits, hidden, _SPREAD, generator))
            x = _minimum(state_objective, x + fresh, rest, size, (penalty, 0.0))
            scores[i] += _score(x, held, size)
            path.append(x)
            report()
        paths.append(path)
    best = int(np.argmin(scores))
    penalties = (PENALTIES[best], 0.0)
    ends = [_minimum(state_objective, path[best], data, size, penalties) for path in paths]
    x = min(ends, key=lambda end: state_objective(end, data, size, penalties)[0])
    report()
    return machine_of(x, qubits), PENALTIES[best]


def _score(parameters: Vector, held: MeasuredAmplitudes, size: int) -> float:
    """Negative mean log-likelihood of what was held out."""
    return state_objective(parameters, held, size, (0.0, 0.0))[0]


def _minimum(
    objective: Callable[..., tuple[float, Vector]], start: Vector, *arguments: Any
) -> Vector:
    """Go down by L-BFGS."""
    found: Vector = minimize(
        objective,
        start,
        args=arguments,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": ITERATIONS, "ftol": TOLERANCE},
    ).x
    return found
