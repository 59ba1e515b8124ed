"""The level of an interval."""

from __future__ import annotations


def require_level(level: float) -> None:
    """Refuse what is no probability between 0 and 1.

    Raises
    ------
    ValueError
        Naming the argument.
    """
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: must lie strictly between 0 and 1")
