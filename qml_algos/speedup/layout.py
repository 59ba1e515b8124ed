"""Where the figure of a comparison puts problems and solvers, and which points it joins."""

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
    """Where the problems stand on the x axis, and which of them are joined by lines.

    Attributes
    ----------
    sizes
        Number of unknowns of each problem.
    positions
        Place of each problem on the x axis: its size, or a running number if all sizes are equal.
    lines
        The problems of each family in order of size.
    lone
        The problems that belong to no line.
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


def family(problem: str) -> str | None:
    """Return ``tridiagonal`` for ``tridiagonal 8``, None for names without an integer last."""
    head, _, tail = problem.rpartition(" ")
    return head if head and tail.isdecimal() else None


def layout_of(rows: list[Row]) -> Layout:
    """Return the layout for the problems of these rows."""
    sizes = {row.problem: row.size for row in rows}
    by_size = len(set(sizes.values())) > 1
    lines = _lines(sizes)
    joined = [problem for problems in lines.values() for problem in problems]
    lone = [problem for problem in sizes if problem not in joined]
    positions = {problem: float(index) for index, problem in enumerate(sizes)}
    if by_size:
        positions = _positions_by_size(sizes, joined, lone)
    return Layout(sizes, positions, lines, lone, by_size)


def _lines(sizes: dict[str, int]) -> dict[str, list[str]]:
    """Return the problems that may be joined: of one family, each of another size."""
    families: dict[str, list[str]] = {}
    for problem in sorted(sizes, key=lambda problem: sizes[problem]):
        name = family(problem)
        if name is not None:
            families.setdefault(name, []).append(problem)
    return {
        name: problems
        for name, problems in families.items()
        if 1 < len(problems) == len({sizes[problem] for problem in problems})
    }


def _positions_by_size(
    sizes: dict[str, int], joined: list[str], lone: list[str]
) -> dict[str, float]:
    """Put lines at their exact sizes, lone problems a little aside of others of their size."""
    octaves = math.log2(max(sizes.values()) / min(sizes.values()))
    positions = {problem: float(sizes[problem]) for problem in joined}
    taken = Counter({sizes[problem]: 1 for problem in joined})
    for problem in lone:
        size = sizes[problem]
        positions[problem] = size * 2 ** (0.03 * octaves * taken[size])
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
                rows={row.problem: row for row in own},
                colour=COLOURS[index % len(COLOURS)],
                marker=MARKERS[index % len(MARKERS)],
                offset=spread * (index - (len(labels) - 1) / 2),
            )
        )
    return series
