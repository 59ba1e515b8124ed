"""Pieces of HTML that pages of comparisons share, and their style."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files

from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.wording import (
    COLUMNS,
    MISSING,
    PROJECTED,
    Column,
    Notes,
    by_problem,
    columns,
    reached,
    size_of,
)

GROUPS = {"result": "result", "circuit": "compiled circuit", "time": "time"}


def shared_style() -> str:
    """Return the style of text, tables and lists; colours are variables that a page defines."""
    return files("qml_algos.speedup").joinpath("markup.css").read_text(encoding="utf-8")


def listing(tag: str, name: str, texts: Iterable[str]) -> str:
    """Return a list.

    Parameters
    ----------
    tag
        ``"ul"`` or ``"ol"``.
    name
        Its class.
    texts
        Plain text of the entries.
    """
    entries = "\n".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<{tag} class="{name}">\n{entries}\n</{tag}>'


def definitions(entries: Mapping[str, object]) -> str:
    """Return names with their JSON values."""
    if not entries:
        return "<p>Not recorded.</p>"
    lines = (
        f"<dt>{escape(name)}</dt><dd>{escape(_plain(value))}</dd>"
        for name, value in entries.items()
    )
    return "<dl>\n" + "\n".join(lines) + "\n</dl>"


def _plain(value: object) -> str:
    """Return a JSON value as a reader would write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value)) or "none"
    return "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def projected_note(comparison: Record) -> str:
    """Return a sentence on rows that were not run, after a space, if there are any."""
    projected = any(row.status == "projected" for row in comparison.rows)
    return f" {PROJECTED[0].upper()}{PROJECTED[1:]}" if projected else ""


def figures_table(comparison: Record, notes: Notes) -> str:
    """Return the table of all measured figures, a group of rows for each problem."""
    shown = columns(comparison)
    bodies = "\n".join(
        _body(problem, rows, shown, notes) for problem, rows in by_problem(comparison.rows).items()
    )
    return (
        f"<table>\n<caption>One row for each solver on each {comparison.words.problem}</caption>\n"
        f"{_head(shown)}\n{bodies}\n</table>"
    )


def _head(shown: list[Column]) -> str:
    groups = "".join(
        f'<th scope="colgroup" colspan="{sum(column.group == group for column in shown)}">'
        f"{title}</th>"
        for group, title in GROUPS.items()
        if any(column.group == group for column in shown)
    )
    titles = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in shown)
    return (
        '<thead>\n<tr><th scope="col" rowspan="2" class="stay">solver</th>'
        f'<th scope="col" rowspan="2">backend</th>{groups}'
        '<th scope="col" rowspan="2">notes</th></tr>\n'
        f"<tr>{titles}</tr>\n</thead>"
    )


def _body(problem: str, rows: list[Row], shown: list[Column], notes: Notes) -> str:
    heading = (
        f'<tr><th scope="rowgroup" colspan="{len(shown) + 3}"><div>{escape(problem)}'
        f"<span>{size_of(rows[0])}</span>"
        "</div></th></tr>"
    )
    lines = "\n".join(_line(row, shown, notes) for row in rows)
    return f"<tbody>\n{heading}\n{lines}\n</tbody>"


def _line(row: Row, shown: list[Column], notes: Notes) -> str:
    if row.status != "failed":
        cells = _error_cell(row) + "".join(f"<td>{column.text(row)}</td>" for column in shown[1:])
    else:
        cells = (
            f'<td class="text failure" colspan="{len(shown)}">Failed: '
            f"{escape(row.failure or MISSING)}</td>"
        )
    return (
        f'<tr><th scope="row" class="stay">{escape(row.solver)}</th>'
        f'<td class="text">{escape(row.backend or MISSING)}</td>{cells}'
        f"<td>{notes.marks(row) or MISSING}</td></tr>"
    )


def _error_cell(row: Row) -> str:
    if row.status == "projected":
        return '<td class="projected">projected</td>'
    figure = COLUMNS[0].text(row)
    if figure == MISSING:
        return f"<td>{figure}</td>"
    state, mark = ("good", "✓") if reached(row) else ("bad", "✗")
    return f'<td class="{state}">{figure}&nbsp;{mark}</td>'
