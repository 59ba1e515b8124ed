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
_KEY = (
    "Under each strategy: the size from which the solver answers sooner than its rival, up to "
    "1e30, and an interval for it."
)
_ASIDE = (
    " In brackets: rivals that find the whole solution, where less is asked for; crossovers with "
    "them are no advantage."
)


def render_projection(projection: Projection, console: Console) -> None:
    """Print where the curves cross, and the verdict.

    Parameters
    ----------
    projection
        What to print.
    console
        Where to print it.
    """
    asked = f"{projection.output} to {projection.epsilon:g}, sizes in {projection.size_of}"
    console.print(Text(f"\nProjection: {projection.family}, {asked}", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("solver", "rival", "device"):
        table.add_column(heading, overflow="fold")
    for strategy in projection.strategies:
        table.add_column(strategy, justify="right", no_wrap=True)
    for (aside, solver, rival, device), cells in _by_device(projection).items():
        shown = [cells.get(strategy, "") for strategy in projection.strategies]
        table.add_row(solver, f"({rival})" if aside else rival, device, *shown)
    if projection.crossovers:
        console.print(table, highlight=False)
        aside = any(line.aside for line in projection.crossovers)
        print_text(console, _KEY + (_ASIDE if aside else ""))
    console.print(Text("\nVerdict on the projection", style="bold"))
    print_list(console, [("-", sentence) for sentence in projection.verdict])


def _by_device(projection: Projection) -> dict[tuple[bool, str, str, str], dict[str, str]]:
    """Return a cell for each strategy, by what stands before them; those aside come last."""
    found: dict[tuple[bool, str, str, str], dict[str, str]] = {}
    for line in sorted(projection.crossovers, key=lambda line: line.aside):
        row = (line.aside, line.quantum, line.classical, line.device)
        found.setdefault(row, {})[line.strategy] = _cell(line)
    return found


def _cell(line: CrossoverLine) -> str:
    """Return the size and, below it, the interval, ends outside the range as words."""
    size = _NONE if line.size is None else size_text(line.size)
    if line.size is None and math.isinf(line.low):
        return size
    low = "below" if line.low == 0 else size_text(line.low)
    return f"{size}\n{low}..{_NONE if math.isinf(line.high) else size_text(line.high)}"
