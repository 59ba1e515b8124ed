"""The comparison: what `compare` returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Self

from qml_algos.errors import ComparisonFileError
from qml_algos.speedup.reading import read_fields
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.report import JSON_NAME, write_report

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Comparison(Record):
    """Figures of several solvers on the same problems; the attributes are those of `Record`."""

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote.

        Parameters
        ----------
        path
            The directory, or ``comparison.json`` itself.

        Raises
        ------
        ComparisonFileError
            If there is none, or it is not as ``docs/comparison.schema.json`` has it: the message
            names file and field. Other versions of the schema are refused.
        """
        given = Path(path).expanduser()
        return cls(**read_fields(given / JSON_NAME if given.is_dir() else given))

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame, one column for each attribute of `Row`."""
        import pandas as pd

        names = [field.name for field in fields(Row)]
        return pd.DataFrame([asdict(row) for row in self.rows], columns=names)

    def save(self, directory: str | Path) -> Path:
        """Write ``comparison.json``, ``comparison.png`` and ``comparison.html``.

        Parameters
        ----------
        directory
            Created if need be. Files of an earlier comparison in it are replaced, all three or,
            if writing is interrupted, none.

        Returns
        -------
        Path
            The HTML page.
        """
        return write_report(self, Path(directory))


def load_comparisons(paths: Sequence[str | Path]) -> list[Comparison]:
    """Read several comparisons.

    Parameters
    ----------
    paths
        For each, the directory that it was saved to, its ``comparison.json``, or a directory of
        such directories, as ``qml-algos compare all --out`` writes one.

    Raises
    ------
    ComparisonFileError
        As `Comparison.load` does; and if a directory holds none, or none is named.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(Path(path).expanduser())))
    if not files:
        raise ComparisonFileError("no saved comparison was named")
    return [Comparison.load(file) for file in files]


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for file in [path / JSON_NAME] if file.is_file()] or [
        below / JSON_NAME for below in sorted(path.iterdir()) if (below / JSON_NAME).is_file()
    ]
    if not found:
        raise ComparisonFileError(
            f"{path}: neither it nor a directory in it holds {JSON_NAME}; "
            "'qml-algos compare TASK --out DIR' writes one"
        )
    return found
