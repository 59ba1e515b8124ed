"""Rotations that are Clifford or T gates."""

from __future__ import annotations

import math

_TOLERANCE = 1e-10


def quarter_turns(angle: object) -> int | None:
    """Return an angle in units of pi / 4 where it is a multiple of that, else None.

    Even numbers are Clifford gates, odd ones T gates. Angles with free parameters are none.
    """
    try:
        turns = float(angle) / (math.pi / 4)  # type: ignore[arg-type]
    except TypeError:
        return None
    if not math.isfinite(turns) or abs(turns - round(turns)) > _TOLERANCE * max(1, abs(turns)):
        return None
    return round(turns)
