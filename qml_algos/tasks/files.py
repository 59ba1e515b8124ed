"""Files that tasks read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from qml_algos.errors import TaskChangedError


@dataclass(frozen=True)
class InputFile:
    """A file that a task reads.

    Attributes
    ----------
    path
        Absolute.
    digest
        SHA-256 of its content.
    """

    path: str
    digest: str

    @classmethod
    def of(cls, path: str | Path) -> InputFile:
        """Note a file's present content.

        Raises
        ------
        OSError
            If it cannot be read.
        """
        absolute = Path(path).expanduser().absolute()
        return cls(str(absolute), hashlib.sha256(absolute.read_bytes()).hexdigest())

    def unchanged(self) -> Path:
        """Return the path.

        Raises
        ------
        TaskChangedError
            If the content is not what it was.
        """
        try:
            now = InputFile.of(self.path)
        except OSError as error:
            raise TaskChangedError(f"{self.path}: cannot be read ({error.strerror})") from None
        if now != self:
            raise TaskChangedError(
                f"{self.path} has changed since the computation was begun. Restore it to resume, "
                "or begin anew."
            )
        return Path(self.path)
