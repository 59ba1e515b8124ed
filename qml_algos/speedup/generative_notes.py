"""Sentences that belong beside the figures of generative models."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.evaluation import Loss
from qml_algos.generative.execution import ModelRun
from qml_algos.generative.metrics.likelihood import (
    MeanEstimate,
    negative_log_likelihood,
    nll_difference,
)
from qml_algos.speedup.record import Row

BASELINES = ("independent", "chow-liu")
"""What every model is set beside; the others are tested against the last."""

UNKNOWN = (
    "The entropy of these data is not known, and no negative log-likelihood is below it: the "
    "target says nothing here, differences between models do."
)
ACCESS = "trained classically on the samples; the circuit prepares the trained state"
_EASY = (
    "{} is classically easy: likelihoods and samples of {} take a classical computer time linear "
    "in the number of variables. A circuit that draws from it shows that a device works, not an "
    "advantage."
)
SMOOTHED = (
    "{}: its likelihoods are those of a mixture in which a classical model has the weight {:.2g}; "
    "the circuit prepares the state alone."
)
DRAWN = (
    "mps-sampling: its seconds are those of drawing {count:,} samples from the trained state; "
    "training it, which the circuit takes as well, took {training}."
)
STANDING = {
    "mps": _EASY.format("mps", "a matrix product state"),
    "ttn": _EASY.format("ttn", "a tree tensor network"),
    "factor-graph": _EASY.format("factor-graph", "a graph state on a tree"),
    "iqp": "iqp: sampling from circuits of this kind is believed to be classically hard in "
    "general; nothing here shows that it is for the circuit that was trained.",
    "circuit": "circuit was trained by simulating it, and could have been sampled so as well.",
}
"""What the circuit of a model says of an advantage."""


def likelihood_note(
    solver: str, logs: NDArray[np.float64], reference: dict[str, NDArray[np.float64]]
) -> str:
    """Say what a model's likelihood of the test samples is, and whether it beats a tree."""
    impossible = int(np.isinf(logs).sum())
    if impossible:
        return f"{solver}: {impossible} of {len(logs)} test samples have the probability 0."
    text = f"{solver}: test samples {estimated(negative_log_likelihood(logs))} nats"
    if solver == BASELINES[-1]:
        return f"{text}."
    difference = estimated(nll_difference(logs, reference[BASELINES[-1]]), sign="+")
    return f"{text}, {difference} against {BASELINES[-1]} on the same samples."


def of_circuit(row: Row, run: ModelRun, found: Loss, own: Loss | None) -> str:
    """Say how well a circuit prepares the state of its model, and what it lost."""
    density = "exact distribution of the circuit"
    if run.samples is not None:
        density = f"density estimated from {len(run.samples):,} samples of {row.backend}"
    model = "" if own is None else f", that of the model itself {own.value:.4g}"
    return (
        f"{row.solver}: fidelity {run.fidelity:.4f} of the circuit to the trained state; the error "
        f"is that of the {density}, {found.value:.4g} nats{model}."
    )


def estimated(mean: MeanEstimate, sign: str = "") -> str:
    """Return a mean and its standard error as text."""
    return f"{mean.value:{sign}.4f} +- {mean.standard_error:.2g}"
