"""Reports of a comparison: files, a terminal table, and a verdict in plain sentences."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qml_algos.speedup.record import Record
from qml_algos.speedup.table import render_table
from qml_algos.speedup.verdict import verdict

__all__ = ["render_table", "verdict", "write_report"]

JSON_NAME, PNG_NAME, HTML_NAME = "comparison.json", "comparison.png", "comparison.html"
NAMES = (JSON_NAME, PNG_NAME, HTML_NAME)


def write_report(comparison: Record, directory: Path) -> Path:
    """Write ``comparison.json``, ``comparison.png`` and ``comparison.html``.

    All three are finished before the first is put in place. If that is interrupted, the
    directory is left as it was.

    Parameters
    ----------
    comparison
        What to report.
    directory
        Created, with its parents, if need be.

    Returns
    -------
    Path
        The HTML page.

    Raises
    ------
    OSError
        If the directory cannot be written; `NotADirectoryError` if the path is a file.
    """
    # Printing a table needs neither, and matplotlib is slow to import.
    import qml_algos.speedup.figure as figure
    import qml_algos.speedup.page as page

    document = strict_json(comparison)
    with _directory(directory), _staging(directory) as staging:
        (staging / JSON_NAME).write_text(document, encoding="utf-8")
        figure.write_figure(comparison, staging / PNG_NAME)
        html = page.render_page(comparison, (staging / PNG_NAME).read_bytes())
        (staging / HTML_NAME).write_text(html, encoding="utf-8")
        _put_in_place(staging, directory)
    return directory / HTML_NAME


def strict_json(comparison: Record) -> str:
    """Return the document as JSON text, with ``null`` for figures that are not finite."""
    document = _finite(comparison.to_json())
    return json.dumps(document, allow_nan=False, ensure_ascii=False, indent=2) + "\n"


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value


@contextmanager
def _directory(directory: Path) -> Iterator[None]:
    """Make a directory; if the body fails, remove again what was made."""
    if directory.exists() and not directory.is_dir():
        raise NotADirectoryError(f"cannot write a report into {directory}: it is not a directory")
    made = [path for path in (directory, *directory.parents) if not path.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise


@contextmanager
def _staging(directory: Path) -> Iterator[Path]:
    # Inside the directory, not beside it: the directory may be a mount of its own, and files
    # cannot be moved from one file system to another in a single step.
    with tempfile.TemporaryDirectory(prefix=".comparison-", dir=directory) as staging:
        yield Path(staging)


def _put_in_place(staging: Path, directory: Path) -> None:
    """Replace the three files, or, if that fails half-way, bring the earlier ones back."""
    earlier = staging / "earlier"
    earlier.mkdir()
    for name in NAMES:
        if (directory / name).exists():
            shutil.copy2(directory / name, earlier / name)
    try:
        for name in NAMES:
            (staging / name).replace(directory / name)
    except BaseException:
        for name in NAMES:
            if (staging / name).exists():
                continue
            if (earlier / name).exists():
                (earlier / name).replace(directory / name)
            else:
                (directory / name).unlink(missing_ok=True)
        raise
