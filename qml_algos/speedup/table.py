"""The comparison as a table in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.verdict import verdict
from qml_algos.speedup.wording import (
    MISSING,
    NOT_IN_FIGURES,
    PROJECTED,
    Notes,
    by_problem,
    columns,
    reached,
    scientific,
    size_of,
    target,
)

LONGEST_NAME = 16


class _Shown(NamedTuple):
    """A column as printed, its width the same in the tables of all problems."""

    heading: str
    width: int
    is_name: bool
    cell: Callable[[Row], Text]


def render_table(comparison: Record, console: Console) -> None:
    """Print a block for each problem, then the notes and the verdict.

    Consoles too narrow for all columns get several tables for each problem, the times last.

    Parameters
    ----------
    comparison
        What to print.
    console
        Where to print it.
    """
    notes, words = Notes.of(comparison), comparison.words
    layouts = _layouts(comparison, notes, console.width)
    for problem, rows in by_problem(comparison.rows).items():
        _print_block(console, problem, rows, layouts)
    if comparison.rows:
        print_text(
            console,
            f"ok: {comparison.error_in_full} at or below the target of {target(comparison)}; "
            "no: above it. "
            f"class.: time of a classical solver, or classical work on {words.work} before a "
            "circuit is built.",
        )
    if any(row.status == "projected" for row in comparison.rows):
        print_text(console, PROJECTED)
    if notes.numbers:
        console.print(Text("\nNotes", style="bold"))
        print_list(console, [(f"{index}.", text) for text, index in notes.numbers.items()])
    console.print()
    print_text(console, NOT_IN_FIGURES)
    console.print(Text("\nVerdict", style="bold"))
    print_list(console, [("-", sentence) for sentence in verdict(comparison)])


def _layouts(comparison: Record, notes: Notes, console_width: int) -> list[list[_Shown]]:
    """Return the columns of one wide table, or of several if that does not fit."""
    names = [
        _shown(comparison, "solver", lambda row: Text(row.solver), is_name=True),
        _shown(comparison, "backend", lambda row: Text(row.backend or MISSING), is_name=True),
    ]
    results = [
        _shown(
            comparison,
            column.short,
            _error_cell if column.short == "error" else _text_cell(column.text),
        )
        for column in columns(comparison)
        if column.short and column.group != "time"
    ]
    times = [
        _shown(comparison, column.short, _text_cell(column.text))
        for column in columns(comparison)
        if column.group == "time"
    ]
    noted = (
        [_shown(comparison, "notes", lambda row: Text(notes.marks(row)))] if notes.numbers else []
    )
    wide = names + results + times + noted
    if _width(wide, gap=1) <= console_width:
        return [wide]
    return [
        shown for group in (results + noted, times) for shown in _split(names, group, console_width)
    ]


def _split(names: list[_Shown], columns: list[_Shown], console_width: int) -> list[list[_Shown]]:
    """Return the columns in as few tables as fit, each of which begins with the names."""
    tables = [list(names)]
    for column in columns:
        if len(tables[-1]) > len(names) and _width([*tables[-1], column], 1) > console_width:
            tables.append(list(names))
        tables[-1].append(column)
    return tables


def _shown(
    comparison: Record, heading: str, cell: Callable[[Row], Text], is_name: bool = False
) -> _Shown:
    cells = [cell(row).cell_len for row in comparison.rows]
    width = max([*cells, *map(len, heading.split("\n"))])
    return _Shown(heading, min(width, LONGEST_NAME) if is_name else width, is_name, cell)


def _text_cell(text: Callable[[Row], str]) -> Callable[[Row], Text]:
    return lambda row: Text(text(row))


def _error_cell(row: Row) -> Text:
    if row.status != "measured":
        return Text(row.status, style="red" if row.status == "failed" else "yellow")
    figure = scientific(row.error, digits=1)
    if figure == MISSING:
        return Text(figure)
    if reached(row):
        return Text(f"{figure} ok", style="bold green")
    return Text(f"{figure} no", style="red")


def _print_block(
    console: Console, problem: str, rows: list[Row], layouts: list[list[_Shown]]
) -> None:
    heading = Text(problem, style="bold")
    heading.append(f"   {size_of(rows[0])}", style="not bold")
    console.print(heading)
    for shown in layouts:
        gap = 2 if _width(shown, gap=2) <= console.width else 1
        console.print(_table(rows, shown, gap))
    for row in rows:
        if row.status == "failed":
            name = f"{row.solver} on {row.backend}" if row.backend else row.solver
            console.print(Text(f"{name} failed: {row.failure}", style="red"))
    console.print()


def _width(columns: list[_Shown], gap: int) -> int:
    return sum(column.width + gap for column in columns) - gap


def _table(rows: list[Row], columns: list[_Shown], gap: int) -> Table:
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(
            column.heading,
            justify="left" if column.is_name else "right",
            vertical="bottom",
            min_width=column.width,
            max_width=column.width,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(column.cell(row) for column in columns))
    return table


def print_text(console: Console, text: str) -> None:
    """Print a remark."""
    console.print(Text(text, style="dim"))


def print_list(console: Console, entries: list[tuple[str, str]]) -> None:
    """Print texts, each beside its mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text in entries:
        grid.add_row(Text(mark), Text(text))
    console.print(Padding(grid, (0, 0, 0, 1)))
