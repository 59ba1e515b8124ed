"""Tasks as values that another process, on another day, can do again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qml_algos.errors import UnknownNameError
from qml_algos.tasks.base import Task
from qml_algos.tasks.files import InputFile
from qml_algos.tasks.fourier import FourierTask
from qml_algos.tasks.linear_systems import LinearSystemsTask
from qml_algos.tasks.pca import PCATask
from qml_algos.tasks.svm import SVMTask

__all__ = [
    "TASKS",
    "FourierTask",
    "InputFile",
    "LinearSystemsTask",
    "PCATask",
    "SVMTask",
    "Task",
    "task_from_json",
]

TASKS: dict[str, type[Task]] = {
    task.name: task for task in (LinearSystemsTask, FourierTask, PCATask, SVMTask)
}
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
    return TASKS[name].from_json(values)
