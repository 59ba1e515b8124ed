"""Reading tasks from records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from qml_algos.errors import LedgerError
from qml_algos.tasks.files import InputFile


def fields_of(
    cls: Any, values: Mapping[str, Any], *, always: Sequence[str], files: Sequence[str]
) -> dict[str, Any]:
    """Return the fields of a recorded task.

    Records of versions that did not have an option yet lack its field, and meant its default.

    Parameters
    ----------
    cls
        Class of the task, a dataclass.
    values
        The record.
    always
        Fields in records of any version.
    files
        Fields that name files.

    Raises
    ------
    LedgerError
        If a field is missing that was always there, or is not known.
    """
    known = {field.name for field in fields(cls)}
    missing = [name for name in always if name not in values]
    strange = sorted(set(values) - known)
    if missing or strange:
        raise LedgerError(
            f"record of a {cls.name} task: "
            + "; ".join(
                f"{what} {', '.join(names)}"
                for what, names in (("it lacks", missing), ("it has the unknown", strange))
                if names
            )
            + ". It is damaged, or another version of qml-algos wrote it"
        )
    read = {key: values[key] and InputFile(**values[key]) for key in files if key in values}
    return {**values, **read}
