"""What is known of the size where two costs cross: what `crossover` returns."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["crosses", "none in range", "already crossed"]


@dataclass(frozen=True)
class Crossover:
    """Where the first of two costs falls below the second, and stays there.

    Attributes
    ----------
    outcome
        ``"crosses"``; ``"none in range"`` if the first is not the cheaper one at the largest size;
        ``"already crossed"`` if it is so throughout.
    size
        From which the first is cheaper, up to the largest; ``None`` if there is none such.
    low, high
        Ends of the interval of that size: 0 for below the smallest size, infinite for none in
        range. The size itself lies inside.
    seconds
        The cost of both at the crossover, in the unit of the costs; ``None`` without one.
    direction
        Which is cheaper at the largest size.
    share_none, share_below
        Share of the replicates in which the first is not cheaper at the largest size, and in which
        it is cheaper throughout.
    smallest, largest
        Sizes looked at.
    confidence
        Of the interval.
    dominated_by
        Largest term of each cost at the crossover; without one at the smallest size, if already
        crossed, or the largest.
    reason
        All of this as a whole sentence.
    """

    outcome: Outcome
    size: float | None
    low: float
    high: float
    seconds: float | None
    direction: Literal["first", "second"]
    share_none: float
    share_below: float
    smallest: float
    largest: float
    confidence: float
    dominated_by: tuple[str, str]
    reason: str

    def to_json(self) -> dict[str, Any]:
        """All attributes, as strict JSON takes them: an infinite end is ``None``."""
        ends = {
            name: end if math.isfinite(end) else None
            for name, end in (("low", self.low), ("high", self.high))
        }
        return {**asdict(self), **ends}


def crossover_sentence(
    crossing: Crossover, names: tuple[str, str], cheaper_up_to: float | None
) -> str:
    """Say in one sentence what a crossover says in numbers.

    Parameters
    ----------
    crossing
        Without its reason.
    names
        Of the two costs.
    cheaper_up_to
        Size below which the first is cheaper for a while, where it is not at the largest.
    """
    first, second = names
    interval = f"{crossing.confidence:.0%} interval {_ends(crossing)}"
    if crossing.outcome == "crosses":
        return f"{first} costs less than {second} from {crossing.size:.2g} on ({interval})."
    if crossing.outcome == "already crossed":
        return (
            f"{first} costs less than {second} throughout, from {crossing.smallest:.2g} to "
            f"{crossing.largest:.2g}; {crossing.share_below:.0%} of the replicates agree."
        )
    beaten = "throughout" if cheaper_up_to is None else f"beyond {cheaper_up_to:.2g}"
    return (
        f"No crossover up to {crossing.largest:.2g}: {second} costs no more than {first} {beaten}; "
        f"{crossing.share_none:.0%} of the replicates agree."
    )


def _ends(crossing: Crossover) -> str:
    low = f"{crossing.low:.2g}" if crossing.low else f"below {crossing.smallest:.2g}"
    if math.isfinite(crossing.high):
        return f"{low} to {crossing.high:.2g}"
    return f"{low} to none, which {crossing.share_none:.0%} of the replicates have"
