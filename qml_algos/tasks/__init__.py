"""Tasks as values that another process, on another day, can do again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qml_algos.errors import UnknownNameError
from qml_algos.lazy import LazyMapping
from qml_algos.tasks.base import Task
from qml_algos.tasks.files import InputFile

__all__ = ["TASKS", "InputFile", "Task", "task_from_json"]

TASKS = LazyMapping(
    {
        "linear-systems": "qml_algos.tasks.linear_systems:LinearSystemsTask",
        "fourier": "qml_algos.tasks.fourier:FourierTask",
        "pca": "qml_algos.tasks.pca:PCATask",
        "svm": "qml_algos.tasks.svm:SVMTask",
        "generative": "qml_algos.tasks.generative:GenerativeTask",
        "ground-state": "qml_algos.tasks.ground_state:GroundStateTask",
        "phases": "qml_algos.tasks.phases:PhasesTask",
    }
)
"""All tasks by the names that the command line takes."""


def task_from_json(name: str, values: Mapping[str, Any]) -> Task:
    """Read a recorded task.

    Raises
    ------
    UnknownNameError
        If there is no such task.
    """
    if name not in TASKS:
        raise UnknownNameError("task", name, TASKS)
    task: Task = TASKS[name].from_json(values)
    return task
