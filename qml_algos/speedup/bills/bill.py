"""The bill: all that one answer of a quantum solver takes, each part on a line of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from circuits.costs import Count, GateCounts

Strategy = Literal["sampling", "amplification", "estimation"]
"""How an answer is read: from accepted shots; from shots whose success probability was amplified;
or by amplitude estimation."""

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)

Source = Literal["counted", "closed form", "fitted"]
"""Where gate counts come from: from a circuit that was built, from formulas that were held
against such circuits, or from a law fitted to counts."""


@dataclass(frozen=True)
class Bill:
    """What a quantum solver takes for one answer to a problem of one size.

    Attributes
    ----------
    size
        N, what the size of the task counts: unknowns, samples, features or variables. Up to 1e30.
    preparation
        Gates of one run that load data which is new to every run: a right-hand side, a signal.
    algorithm
        Gates of one run that are neither loading nor reading.
    readout
        Gates and measurements of one run that read the answer.
    success_probability
        That a run is accepted.
    shots
        Accepted runs that the error and the confidence asked for take, of each circuit.
    estimation_uses
        How often amplitude estimation to the same error and confidence uses the circuit, its
        inverse included and the success probability accounted for; ``None`` where it does not
        apply.
    circuits
        Different circuits that are all run: the pairs of a Gram matrix, the steps of a training.
    preprocessing_seconds, postprocessing_seconds
        Classical work before the first run and after the last, on the machine measured.
    kappa_exponent
        The algorithm's gates grow as the condition number to this power.
    source
        Of the gate counts.
    assumptions
        Whole sentences: what must hold for the bill to be right.
    """

    size: Count
    preparation: GateCounts
    algorithm: GateCounts
    readout: GateCounts
    success_probability: float
    shots: float
    estimation_uses: float | None
    circuits: float = 1.0
    preprocessing_seconds: float = 0.0
    postprocessing_seconds: float = 0.0
    kappa_exponent: float = 0.0
    source: Source = "closed form"
    assumptions: tuple[str, ...] = ()

    @property
    def run(self) -> GateCounts:
        """Gates of one run, all lines together."""
        return self.preparation + self.algorithm + self.readout

    @property
    def amplification_rounds(self) -> int:
        """Rounds that amplification takes: see `amplification_rounds`."""
        return amplification_rounds(self.success_probability)


def amplification_rounds(success_probability: float) -> int:
    """Return the rounds of amplitude amplification that bring a probability nearest to 1.

    Parameters
    ----------
    success_probability
        p, above 0.

    Returns
    -------
    int
        About ``pi / (4 sqrt(p))``; 0 where a run is accepted more often than not.
    """
    angle = math.asin(math.sqrt(success_probability))
    return max(0, round(math.pi / (4 * angle) - 0.5))
