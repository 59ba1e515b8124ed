"""What the page's script computes with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from circuits.costs.gates import CX, RCCX
from qml_algos.speedup.projection.answer import LINES
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.record import Record
from qml_algos.speedup.report import strict_json

_COUNTS = ("preparation", "algorithm", "readout")


@dataclass(frozen=True)
class Task:
    """One comparison of a study.

    Attributes
    ----------
    name
        Unique within the study, fit for names of files.
    comparison
        What was measured.
    projection
        What it comes to on devices; ``None`` of tasks that are not projected.
    picture
        PNG of the measured figures, of these.
    """

    name: str
    comparison: Record
    projection: Projection | None
    picture: bytes = b""


def study_json(tasks: Sequence[Task]) -> dict[str, Any]:
    """Return all of a study as strict JSON takes it.

    Parameters
    ----------
    tasks
        Its comparisons.

    Returns
    -------
    dict
        ``lines``, ``reflection`` (counts of one more qubit and of none, see
        `qml_algos.speedup.projection.answer.coherent_run`), ``devices`` by name, and ``tasks``:
        each the document of its projection, if it has one, and the ``rows`` of its comparison. Of
        gate counts only those that are not 0.
    """
    documents = [None if task.projection is None else task.projection.to_json() for task in tasks]
    return {
        "lines": list(LINES),
        "reflection": {"each": _nonzero(asdict(2 * RCCX)), "once": _nonzero(asdict(CX))},
        "devices": {
            device["name"]: device
            for document in documents
            if document is not None
            for device in document["devices"]
        },
        "tasks": [
            _task_json(task, document) for task, document in zip(tasks, documents, strict=True)
        ],
    }


def embedded(document: Mapping[str, Any]) -> str:
    """Return JSON text that an HTML script element can hold."""
    text = json.dumps(document, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _task_json(task: Task, document: Mapping[str, Any] | None) -> dict[str, Any]:
    rows = json.loads(strict_json(task.comparison))["rows"]
    if task.projection is None or document is None:
        return {"name": task.name, "task": task.comparison.task, "rows": rows}
    quantum = [
        {**solver, "bills": [_bill_json(bill) for bill in solver["bills"]]}
        for solver in document["quantum"]
    ]
    return {
        "name": task.name,
        **document,
        "devices": [device["name"] for device in document["devices"]],
        "strategies": list(task.projection.strategies),
        "quantum": quantum,
        "rows": rows,
    }


def _bill_json(bill: Mapping[str, Any]) -> dict[str, Any]:
    return {**bill, **{part: _nonzero(bill[part]) for part in _COUNTS}}


def _nonzero(counts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in counts.items() if value != 0}
