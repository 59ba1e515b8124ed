"""What all tasks have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

from qml_algos.backends import Backend


class Task(Protocol):
    """Something to do that another process, on another day, can do again."""

    name: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """All fields as JSON values."""
        ...

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        LedgerError
            If that is damaged.
        """
        ...

    def check(self, backend: Backend) -> None:
        """Refuse what cannot be done there, before anything is recorded."""
        ...

    def run(self, backend: Backend) -> Any:
        """Do it."""
        ...

    def unknown_cost(self, backend: Backend) -> str | None:
        """Say what follows the first jobs of a run, and is not known before their results are.

        ``None`` if all jobs are known before the first one is sent.
        """
        ...
