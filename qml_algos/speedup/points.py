"""Finished points of comparisons, kept in the ledger under all that decides them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qml_algos.backends import Ledger
from qml_algos.errors import ComparisonFileError, LedgerError
from qml_algos.speedup.content import content_hash
from qml_algos.speedup.contest import Contest, Setting
from qml_algos.speedup.reading import row_of
from qml_algos.speedup.record import SCHEMA_VERSION, Row

_KIND = "comparison point"


@dataclass(frozen=True)
class Points:
    """Finished points, in a ledger.

    Attributes
    ----------
    ledger
        Where they are.
    environment
        Versions of the packages and the processor: other ones make other points.
    resume
        Whether points that are there are taken; else they are replaced.
    """

    ledger: Ledger
    environment: Mapping[str, str]
    resume: bool = True

    def key(self, contest: Contest, problem: Any, solver: str, setting: Setting) -> str | None:
        """Return a hash of what decides a point.

        That is the task and its options, the data of the problem, the solver, what was asked, the
        seed, the versions of the packages, and where circuits run with its calibration.

        Returns
        -------
        str or None
            ``None`` if the data hold something whose content cannot be told; such a point is
            measured each time.
        """
        bare = contest.failed(problem, solver, setting)
        where = None
        if bare.backend is not None:
            device = setting.backend
            where = [device.config.model_dump(mode="json"), str(device.calibrated)]
        asked = [solver, setting.epsilon, setting.shots, setting.seed]
        versions = [_KIND, SCHEMA_VERSION, dict(sorted(self.environment.items()))]
        return content_hash([versions, contest.name, contest, problem, asked, where])

    def find(self, key: str | None) -> Row | None:
        """Read a point, if it is kept and may be taken.

        Raises
        ------
        LedgerError
            If the ledger cannot be read, or is damaged.
        """
        content = self.ledger.kept(key) if key is not None and self.resume else None
        if content is None:
            return None
        try:
            return row_of(json.loads(content), "point")
        except (ValueError, ComparisonFileError) as error:
            raise LedgerError(f"ledger {self.ledger.path}: a damaged row: {error}") from None

    def keep(self, key: str | None, row: Row) -> None:
        """Keep a measured point; what failed or was too large is tried again the next time."""
        if key is not None and row.status == "measured":
            self.ledger.keep(key, _KIND, json.dumps(asdict(row), default=_plain).encode())


def _plain(value: Any) -> object:
    """Return the number in one of NumPy's."""
    return value.item()
