"""Where the figure of a comparison puts systems and solvers, and which points it joins."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from qml_algos.speedup.record import Row
from qml_algos.speedup.wording import solver_label

# Okabe and Ito's palette for all kinds of colour vision, without its yellow: too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "D", "^", "v", "P", "X")


@dataclass(frozen=True)
class Layout:
    """Where the systems stand on the x axis, and which of them are joined by lines.

    Attributes
    ----------
    sizes
        Number of unknowns of each system.
    positions
        Place of each system on the x axis: its size, or a running number if all sizes are equal.
    lines
        The systems of each family in order of size.
    lone
        The systems that belong to no line.
    by_size
        Whether the x axis is the number of unknowns.
    """

    sizes: dict[str, int]
    positions: dict[str, float]
    lines: dict[str, list[str]]
    lone: list[str]
    by_size: bool


@dataclass(frozen=True)
class Series:
    """One solver on one backend."""

    label: str
    kind: str
    rows: dict[str, Row]
    colour: str
    marker: str
    offset: float


def family(system: str) -> str | None:
    """Return ``tridiagonal`` for ``tridiagonal 8``, None for names without an integer last."""
    head, _, tail = system.rpartition(" ")
    return head if head and tail.isdecimal() else None


def layout_of(rows: list[Row]) -> Layout:
    """Return the layout for the systems of these rows."""
    sizes = {row.system: row.size for row in rows}
    by_size = len(set(sizes.values())) > 1
    lines = _lines(sizes)
    joined = [system for systems in lines.values() for system in systems]
    lone = [system for system in sizes if system not in joined]
    positions = {system: float(index) for index, system in enumerate(sizes)}
    if by_size:
        positions = _positions_by_size(sizes, joined, lone)
    return Layout(sizes, positions, lines, lone, by_size)


def _lines(sizes: dict[str, int]) -> dict[str, list[str]]:
    """Return the systems that may be joined: of one family, each of another size."""
    families: dict[str, list[str]] = {}
    for system in sorted(sizes, key=lambda system: sizes[system]):
        name = family(system)
        if name is not None:
            families.setdefault(name, []).append(system)
    return {
        name: systems
        for name, systems in families.items()
        if 1 < len(systems) == len({sizes[system] for system in systems})
    }


def _positions_by_size(
    sizes: dict[str, int], joined: list[str], lone: list[str]
) -> dict[str, float]:
    """Put lines at their exact sizes, lone systems a little aside of others of their size."""
    octaves = math.log2(max(sizes.values()) / min(sizes.values()))
    positions = {system: float(sizes[system]) for system in joined}
    taken = Counter({sizes[system]: 1 for system in joined})
    for system in lone:
        size = sizes[system]
        positions[system] = size * 2 ** (0.03 * octaves * taken[size])
        taken[size] += 1
    return positions


def series_of(rows: list[Row], layout: Layout) -> list[Series]:
    """Return a series for each solver and backend, side by side where sizes are equal."""
    labels = list(dict.fromkeys(solver_label(row) for row in rows))
    spread = 0 if layout.by_size else 0.6 / max(len(labels), 1)
    series = []
    for index, label in enumerate(labels):
        own = [row for row in rows if solver_label(row) == label]
        series.append(
            Series(
                label=label,
                kind=own[0].kind,
                rows={row.system: row for row in own},
                colour=COLOURS[index % len(COLOURS)],
                marker=MARKERS[index % len(MARKERS)],
                offset=spread * (index - (len(labels) - 1) / 2),
            )
        )
    return series
