"""A progress bar for long fits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from qml_algos.pca.method import Progress as Report


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Report]:
    """Offer a function that moves a bar on the terminal; none where there is no terminal."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield lambda stage, done, total: None  # noqa: ARG005
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("fit", total=1)
        yield lambda stage, done, total: bar.update(
            task, description=stage, completed=done, total=total
        )
