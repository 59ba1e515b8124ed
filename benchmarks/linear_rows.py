"""Rows of the benchmark of linear solvers, their table, and the targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from linear_report import table

__all__ = ["EPSILON", "OURS", "Row", "check_targets", "show"]

EPSILON = 1e-2
OURS = "qml-algos"

TARGET_CX = {
    "tri 4": 400,
    "tri 8": 650,
    "tri 16": 850,
    "tri 32": 1_000,
    "tri 1024, b = 1": 2_500,
    "tri 1024, smooth b": 2_500,
    "Dirichlet 16": 300,
    "Dirichlet 1024, smooth b": 4_000,
    "periodic 16": 120,
    "periodic 1024, smooth b": 2_500,
    "Dirichlet 16x16": 1_500,
    "spd 4": 700,
    "spd 16": 9_000,
}
TARGET_COST = {"tri 8": 2_500, "tri 16": 6_000, "spd 4": 10_000}
TARGET_SECONDS = {"tri 32": 5.0, "tri 1024, b = 1": 60.0, "tri 1024, smooth b": 60.0}


@dataclass(frozen=True)
class Row:
    """What was measured for one method on one system, when, and with which versions.

    Where a method failed, ``failure`` says how and there are no figures.
    """

    system: str
    method: str
    measured: str
    versions: dict[str, str]
    qubits: int = 0
    cx: int = 0
    two_qubit_depth: int = 0
    depth: int = 0
    relative_error: float = 0.0
    success_probability: float = 0.0
    build_seconds: float = 0.0
    compile_seconds: float = 0.0
    classically_diagonalised: bool = False
    failure: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """Two-qubit gates spent for each accepted shot."""
        return self.cx / self.success_probability

    @property
    def seconds(self) -> float:
        """Time of building and compiling."""
        return self.build_seconds + self.compile_seconds

    @property
    def ours(self) -> bool:
        """Whether it is a row of qml-algos."""
        return self.method.startswith(OURS)

    @property
    def counts(self) -> bool:
        """Whether the error is met by a circuit built without diagonalising A."""
        met = self.failure is None and self.relative_error <= EPSILON
        return met and not self.classically_diagonalised


def show(rows: Sequence[Row]) -> str:
    """Lay the rows out as a table, and say below why some have no figures."""
    columns: dict[str, Callable[[Row], Any]] = {
        "qubits": lambda row: f"{row.qubits}",
        "cx": lambda row: f"{row.cx:,}",
        "2q depth": lambda row: f"{row.two_qubit_depth:,}",
        "rel. error": lambda row: f"{row.relative_error:.1e}",
        "success": lambda row: f"{row.success_probability:.3f}",
        "cx / success": lambda row: f"{row.cost:,.0f}",
        "build s": lambda row: f"{row.build_seconds:.2f}",
        "compile s": lambda row: f"{row.compile_seconds:.2f}",
    }
    cells = [
        [
            row.system,
            row.method + (" *" if row.classically_diagonalised else ""),
            *("-" if row.failure is not None else figure(row) for figure in columns.values()),
        ]
        for row in rows
    ]
    failures = [f"{row.system}, {row.method}: {row.failure}" for row in rows if row.failure]
    # A line right below would belong to the table.
    return "\n\n".join([table(["system", "method", *columns], cells, 2), *failures])


def check_targets(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """List the targets of the systems that ours were run on, and whether they were reached."""
    checked = []
    for system in dict.fromkeys(row.system for row in rows if row.ours):
        here = [row for row in rows if row.system == system and row.counts]
        ours = [row for row in here if row.ours]
        cost_of_peers = min((row.cost for row in here if not row.ours), default=None)
        for what, figure, limit in [
            ("cx", lambda row: row.cx, TARGET_CX.get(system)),
            ("cx / success", lambda row: row.cost, TARGET_COST.get(system)),
            ("cx / success, against peers", lambda row: row.cost, cost_of_peers),
            ("s to build and compile", lambda row: row.seconds, TARGET_SECONDS.get(system)),
        ]:
            if limit is not None:
                best = min(map(figure, ours), default=float("inf"))
                checked.append(
                    (f"{system}: {best:,.6g} {what} (at most {limit:,.6g})", best <= limit)
                )
    return checked
