"""Results of the benchmark of linear solvers: the file they are kept in, and tables."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["keep", "kept", "now", "table", "versions"]


def versions(*names: str) -> dict[str, str]:
    """Versions of Python and of packages."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def now() -> str:
    """Return the time, to the minute."""
    return datetime.now(UTC).isoformat(timespec="minutes")


def kept(path: Path) -> dict[str, Any]:
    """Read the results kept so far; none if there is no file."""
    return json.loads(path.read_text()) if path.exists() else {}


def keep(path: Path, part: str, value: Any) -> None:
    """Write one part of the results and leave the others as they are."""
    # Read anew: another run may have written since.
    results = kept(path) | {part: value}
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".tmp")
    written.write_text(json.dumps(results, indent=2) + "\n")
    written.replace(path)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int) -> str:
    """Lay rows out as an aligned table, readable as it is and as Markdown.

    The first ``text_columns`` columns stand at the left, the others, numbers, at the right.
    """
    cells = [list(header), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(values: Sequence[str]) -> str:
        padded = (
            value.ljust(width) if k < text_columns else value.rjust(width)
            for k, (value, width) in enumerate(zip(values, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = ["-" * w if k < text_columns else "-" * (w - 1) + ":" for k, w in enumerate(widths)]
    return "\n".join([line(cells[0]), line(rule), *map(line, cells[1:])])
