"""Tables of crossovers, of physical resources and of the fine print, as HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from qml_algos.speedup.projection.crossovers import CrossoverLine
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.projection.resources import PhysicalResources, physical_resources
from qml_algos.speedup.projection.words import size_text
from qml_algos.speedup.wording import MISSING, seconds

_MARKS = {"good": "✓ ", "bad": "✗ ", "neutral": ""}


def crossovers_table(projection: Projection) -> str:
    """Write a row for each solver, device and kind of rival, a column for each strategy."""
    if not projection.crossovers:
        return "<p>None could be computed: the verdict says why.</p>"
    groups: dict[tuple[str, bool], list[CrossoverLine]] = {}
    for line in projection.crossovers:
        groups.setdefault((line.quantum, line.aside), []).append(line)
    strategies = projection.strategies
    bodies = "\n".join(
        _crossover_group(solver, aside, lines, strategies)
        for (solver, aside), lines in sorted(groups.items(), key=lambda group: group[0][1])
    )
    head = "".join(f'<th scope="col" class="text">{name}</th>' for name in ("device", *strategies))
    return (
        f'<table class="crossovers">\n<caption>Sizes in {escape(projection.size_of)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n{bodies}\n</table>"
    )


def _crossover_group(
    solver: str, aside: bool, lines: Sequence[CrossoverLine], strategies: Sequence[str]
) -> str:
    rivals = "rivals for the whole solution alone" if aside else "all rivals"
    heading = f"<div>{escape(solver)}<span>against {rivals}</span></div>"
    rows = [f'<tr><th scope="rowgroup" colspan="{len(strategies) + 1}">{heading}</th></tr>']
    for device in dict.fromkeys(line.device for line in lines):
        own = {str(line.strategy): line for line in lines if line.device == device}
        cells = "".join(_crossover_cell(own.get(strategy)) for strategy in strategies)
        rows.append(f'<tr><th scope="row" class="stay">{escape(device)}</th>{cells}</tr>')
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def _crossover_cell(line: CrossoverLine | None) -> str:
    if line is None:
        return f'<td class="text">{MISSING}</td>'
    found, when = "none", ""
    if line.size is not None:
        low = size_text(line.low) if line.low else "below the range"
        high = size_text(line.high) if math.isfinite(line.high) else "none"
        found, when = size_text(line.size), f"{low} to {high}, after {seconds(line.seconds)}; "
    details = f"{when}{line.classical}; most for {line.dominated_by}"
    return f'<td class="text">{found}<small>{escape(details)}</small></td>'


def resources_table(projection: Projection) -> str:
    """Write what a run of each largest circuit that was built takes on fault-tolerant devices."""
    found = physical_resources(projection.quantum, projection.devices)
    if not found:
        return "<p>No circuit was counted, or no device here is fault-tolerant.</p>"
    texts, figures = ("circuit", "device"), ("logical qubits", "physical qubits", "distance")
    head = "".join(f'<th scope="col" class="text">{name}</th>' for name in texts)
    head += "".join(f'<th scope="col">{name}</th>' for name in (*figures, "T states", "a run"))
    head += '<th scope="col" class="text">estimator</th>'
    rows = "\n".join(map(_resources_row, found))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _resources_row(found: PhysicalResources) -> str:
    run = found.estimate
    return (
        f'<tr><th scope="row" class="stay">{escape(f"{found.solver}, {found.problem}")}</th>'
        f'<td class="text">{escape(found.device)}</td>'
        f"<td>{run.logical_qubits:,}</td><td>{run.qubits:,}</td><td>{run.code_distance}</td>"
        f"<td>{run.t_states:,}</td><td>{seconds(run.seconds)}</td>"
        f'<td class="text">{run.estimator}</td></tr>'
    )


def fine_print_table(projection: Projection) -> str:
    """Write the checks, one group of rows for each solver."""
    solvers = dict.fromkeys(line.solver for line in projection.fine_print)
    bodies = "\n".join(_checks(projection, solver) for solver in solvers)
    return (
        '<table class="fine-print">\n<thead><tr><th scope="col" class="text">check</th>'
        '<th scope="col" class="text">answer</th><th scope="col" class="text">figures</th>'
        f"</tr></thead>\n{bodies}\n</table>"
    )


def _checks(projection: Projection, solver: str) -> str:
    checks = [line.check for line in projection.fine_print if line.solver == solver]
    rows = "\n".join(
        f'<tr><th scope="row">{escape(check.check)}</th>'
        f'<td class="text wrap {check.tone}">{_MARKS[check.tone]}{escape(check.answer)}</td>'
        f'<td class="text wrap sentence">{escape(check.sentence)}</td></tr>'
        for check in checks
    )
    heading = f'<tr><th scope="rowgroup" colspan="3"><div>{escape(solver)}</div></th></tr>'
    return f"<tbody>\n{heading}\n{rows}\n</tbody>"
