"""The comparison: what `compare` returns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.report import write_report

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Comparison(Record):
    """Figures of several solvers on the same problems; the attributes are those of `Record`."""

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
