"""A device that counts gates, and comparisons with laws that are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from circuits.costs import GateCounts
from qml_algos.speedup.devices.model import Execution, Kind
from qml_algos.speedup.record import Record, Row


@dataclass(frozen=True)
class GateClock:
    """A device without errors, on which every gate and measurement takes as long.

    Beyond ``limit`` qubits it cannot do anything.
    """

    seconds: float = 1e-6
    limit: float = 1e9
    name: str = "gate-clock"
    kind: Kind = "idealised"
    description: str = "every gate takes as long"

    def execution(self, run: GateCounts, runs: float) -> Execution:
        """Multiply."""
        gates = run.two_qubit_gates + run.t_gates + run.rotations + run.measurements
        once = float(self.seconds * gates)
        feasible = run.qubits <= self.limit
        return Execution(
            seconds_per_run=once,
            seconds=once * runs if feasible else float("inf"),
            fidelity=1.0,
            runs=runs,
            qubits=float(run.qubits),
            feasible=feasible,
            reason=None if feasible else "It has too few qubits.",
        )

    def to_json(self) -> dict[str, Any]:
        """Its constants."""
        return {"name": self.name, "seconds_per_gate": self.seconds}


def classical_rows(
    solver: str,
    law: Callable[[int], float],
    sizes: Sequence[int],
    *,
    output: str | None = None,
    family: str = "tridiagonal",
) -> list[Row]:
    """Rows of a solver that follows a law exactly."""
    return [
        Row(
            problem=f"{family} {size}",
            size=size,
            condition_number=5.0,
            solver=solver,
            kind="classical",
            backend=None,
            target_error=1e-2,
            output=output,
            error=1e-12,
            classical_seconds=law(size),
        )
        for size in sizes
    ]


def quantum_rows(
    solver: str, sizes: Sequence[int], *, family: str = "tridiagonal", seconds: float | None = None
) -> list[Row]:
    """Rows of a quantum solver as a simulator gives them."""
    return [
        Row(
            problem=f"{family} {size}",
            size=size,
            condition_number=5.0,
            solver=solver,
            kind="quantum",
            backend="aer",
            target_error=1e-2,
            error=5e-3,
            success_probability=0.25,
            build_seconds=seconds,
            classically_diagonalised=False,
        )
        for size in sizes
    ]


def comparison(rows: Sequence[Row], **settings: object) -> Record:
    """Record of a linear-systems comparison."""
    return Record("linear-systems", tuple(rows), {"epsilon": 1e-2, **settings}, {}, "")
