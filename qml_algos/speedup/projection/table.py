"""The projection as a table in a terminal."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qml_algos.speedup.projection.crossovers import CrossoverLine
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.projection.words import size_text
from qml_algos.speedup.table import print_list, print_text

_NONE = "none"


def render_projection(projection: Projection, console: Console) -> None:
    """Print where the curves cross, and the verdict.

    Parameters
    ----------
    projection
        What to print.
    console
        Where to print it.
    """
    console.print(Text(f"\nProjection: {projection.family}, {_asked(projection)}", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    interval = f"{100 * projection.confidence:g} % interval"
    for heading in ("solver", "device", "strategy", "rival", "first from", interval):
        table.add_column(heading)
    for line in sorted(projection.crossovers, key=lambda line: line.aside):
        table.add_row(
            line.quantum,
            line.device,
            line.strategy,
            f"({line.classical})" if line.aside else line.classical,
            _NONE if line.size is None else size_text(line.size),
            _interval(line),
        )
    console.print(table)
    aside = any(line.aside for line in projection.crossovers)
    print_text(console, _KEY + (_ASIDE if aside else ""))
    console.print(Text("\nVerdict on the projection", style="bold"))
    print_list(console, [("-", sentence) for sentence in projection.verdict])


_KEY = (
    "first from: the size from which the quantum solver answers sooner than its rival, up to 1e30."
)
_ASIDE = (
    " In brackets: rivals that find the whole solution, where less is asked for; crossovers with "
    "them are no advantage."
)


def _asked(projection: Projection) -> str:
    return f"{projection.output} to {projection.epsilon:g}, sizes in {projection.size_of}"


def _interval(line: CrossoverLine) -> str:
    """Return the interval, its ends as words where they lie outside the range."""
    if line.size is None and math.isinf(line.low):
        return ""
    low = "below" if line.low == 0 else size_text(line.low)
    return f"{low} to {_NONE if math.isinf(line.high) else size_text(line.high)}"
