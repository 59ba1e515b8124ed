"""How sizes are written in sentences."""

from __future__ import annotations


def size_text(size: float) -> str:
    """Return a size with separators up to a million, ``4.2e9`` beyond."""
    if size < 1e6:
        return f"{round(size):,}"
    mantissa, exponent = f"{size:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
