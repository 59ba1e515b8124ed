"""Files of a study: the page, figures, and tables of data."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.bills.registry import UNPROJECTED
from qml_algos.speedup.devices import DEFAULT_DEVICES, device_model
from qml_algos.speedup.projection.project import project
from qml_algos.speedup.record import Record
from qml_algos.speedup.study.payload import Task, study_json

PAGE_NAME, DATA_NAME = "report.html", "report.json"


def write_study(
    comparisons: Sequence[Record],
    directory: str | Path,
    *,
    devices: Sequence[str] | None = None,
    machine: str | None = None,
    pdf: bool = False,
) -> Path:
    """Project comparisons on devices and write a report of all.

    Parameters
    ----------
    comparisons
        One or more, of any tasks.
    directory
        Created, with its parents, if need be. Files of an earlier report in it are replaced once
        all new ones are finished.
    devices
        Names of device models, or ``.toml`` files; a selection by default.
    machine
        Larger classical machine to project rivals to: see `project`.
    pdf
        Whether figures are written as PDF too.

    Returns
    -------
    Path
        The page, ``report.html``: it holds everything, and fetches nothing. Beside it are
        ``report.json``, and for each comparison a figure (``.png``, and ``.pdf`` if asked for),
        the curves and the measured figures (``.csv``), under its task's name. Comparisons of tasks
        that are not projected have no curves, and the figure of what was measured. Cost: one to
        three seconds for each comparison.

    Raises
    ------
    InvalidProblemError
        If there is no comparison, or one has no rows.
    UnknownNameError, UnsuitableDeviceError, ConfigError
        If a device or the machine is not known, or a device cannot be projected on.
    OSError
        If the directory cannot be written; `NotADirectoryError` if the path is a file.
    """
    target = Path(directory)
    if not comparisons:
        raise InvalidProblemError("comparisons is empty: a report needs at least one")
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(f"cannot write a report into {target}: it is not a directory")
    models = [device_model(name) for name in devices or DEFAULT_DEVICES]
    tasks = [
        Task(
            name,
            comparison,
            None
            if comparison.task in UNPROJECTED
            else project(comparison, devices=models, machine=machine),
        )
        for name, comparison in zip(_names(comparisons), comparisons, strict=True)
    ]
    target.mkdir(parents=True, exist_ok=True)
    # Inside the directory, so that files can be moved in a single step.
    with tempfile.TemporaryDirectory(prefix=".report-", dir=target) as staging:
        _write_files(tasks, Path(staging), pdf=pdf)
        for file in sorted(Path(staging).iterdir()):
            file.replace(target / file.name)
    return target / PAGE_NAME


def _names(comparisons: Sequence[Record]) -> list[str]:
    """Name comparisons by their tasks, numbered from the second of a task on."""
    seen: Counter[str] = Counter()
    names = []
    for comparison in comparisons:
        seen[comparison.task] += 1
        number = seen[comparison.task]
        names.append(comparison.task if number == 1 else f"{comparison.task}-{number}")
    return names


def _write_files(tasks: Sequence[Task], directory: Path, *, pdf: bool) -> None:
    # matplotlib is slow to import, and wrong arguments should be told before.
    import pandas as pd

    from qml_algos.speedup.study.page import render_page

    kinds = (".png", ".pdf") if pdf else (".png",)
    tasks = [_drawn(task, [directory / f"{task.name}{kind}" for kind in kinds]) for task in tasks]
    document = study_json(tasks)
    data = json.dumps(document, allow_nan=False, ensure_ascii=False, indent=1) + "\n"
    (directory / DATA_NAME).write_text(data, encoding="utf-8")
    (directory / PAGE_NAME).write_text(render_page(tasks, document), encoding="utf-8")
    for task, entry in zip(tasks, document["tasks"], strict=True):
        base = directory / task.name
        if task.projection is not None:
            task.projection.to_frame().to_csv(f"{base}-curves.csv", index=False)
        pd.DataFrame(entry["rows"]).to_csv(f"{base}-measured.csv", index=False)


def _drawn(task: Task, paths: Sequence[Path]) -> Task:
    """Draw a task's figure into files, PNG first; the page shows that of one not projected."""
    import qml_algos.speedup.figure as measured
    import qml_algos.speedup.study.figure as projected

    if task.projection is not None:
        projected.write_figure(task.projection, paths)
        return task
    for path in paths:
        measured.write_figure(task.comparison, path)
    return replace(task, picture=paths[0].read_bytes())
