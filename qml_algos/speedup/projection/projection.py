"""The projection: curves of both sides, crossovers, and what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from qml_algos.speedup.bills import Strategy
from qml_algos.speedup.bills.law import Check
from qml_algos.speedup.devices import Estimator, FaultTolerantEstimate
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.projection.answer import LINES, answer
from qml_algos.speedup.projection.classical import ClassicalCurve, seconds_of
from qml_algos.speedup.projection.crossovers import CrossoverLine, Sensitivity
from qml_algos.speedup.projection.document import classical_json, finite_values, quantum_json
from qml_algos.speedup.projection.fine_print import FinePrint
from qml_algos.speedup.projection.quantum import QuantumCurve
from qml_algos.speedup.projection.resources import physical_resources

if TYPE_CHECKING:
    import pandas as pd

_POINT_COLUMNS = (
    "kind",
    "solver",
    "device",
    "strategy",
    "size",
    "seconds",
    "low",
    "high",
    *LINES,
    "runs",
    "qubits",
    "code_distance",
    "reason",
)


@dataclass(frozen=True, repr=False)
class Projection:
    """What the answers of a comparison would take on devices, and where the curves cross.

    Attributes
    ----------
    task
        Name of the task.
    family
        Of the problems.
    output
        What is answered.
    size_of, error_of
        What sizes count, and what the error is of, in words.
    epsilon, confidence
        Error asked for, and the probability that the read-out keeps to it; also that of the bands.
    devices, strategies
        Where quantum solvers run, and how they are read.
    quantum, classical
        Curves of the solvers.
    crossovers
        One for each quantum solver, device and strategy, with the hardest rival; where less than
        the whole solution is asked, a second one aside.
    sensitivities
        How those that are not aside move with each assumption alone.
    fine_print
        Of each quantum solver.
    verdict
        Sentences.
    references
        Of the formulas.
    machine
        Larger machine that classical seconds are projected to, and the factor that they were
        divided by; ``None`` where they stay as measured.
    """

    task: str
    family: str
    output: str
    size_of: str
    error_of: str
    epsilon: float
    confidence: float
    devices: tuple[DeviceModel, ...]
    strategies: tuple[Strategy, ...]
    quantum: tuple[QuantumCurve, ...]
    classical: tuple[ClassicalCurve, ...]
    crossovers: tuple[CrossoverLine, ...]
    sensitivities: tuple[Sensitivity, ...]
    fine_print: tuple[FinePrint, ...]
    verdict: tuple[str, ...]
    references: tuple[str, ...]
    machine: tuple[str, float] | None = None

    def __repr__(self) -> str:
        solvers = ", ".join(curve.solver for curve in self.quantum)
        return f"Projection({self.task}, {self.family}, {self.output}: {solvers})\n" + "\n".join(
            self.verdict
        )

    def to_frame(self) -> pd.DataFrame:
        """Return all points of all curves, one row each.

        Returns
        -------
        pandas.DataFrame
            Columns ``kind`` ("quantum", "classical" or "measured"), ``solver``, ``device``,
            ``strategy``, ``size``, ``seconds``, ``low`` and ``high`` (of the band), the lines that
            quantum seconds are made of, ``runs``, ``qubits`` (physical), ``code_distance`` and
            ``reason`` (why the device cannot do it).
        """
        import pandas as pd

        points = [*self._quantum_points(), *self._classical_points()]
        return pd.DataFrame(points, columns=[*_POINT_COLUMNS])

    def crossovers_frame(self) -> pd.DataFrame:
        """Return the crossovers, one row each; columns as of `CrossoverLine`."""
        return _frame(CrossoverLine, self.crossovers)

    def sensitivity_frame(self) -> pd.DataFrame:
        """Return what moves the crossovers, one row each; columns as of `Sensitivity`."""
        return _frame(Sensitivity, self.sensitivities)

    def resources_frame(self, estimator: Estimator = "auto") -> pd.DataFrame:
        """Return what a run of each largest circuit that was built takes on fault-tolerant devices.

        Parameters
        ----------
        estimator
            ``"auto"`` asks Azure's resource estimator where it is installed, ``"formulas"`` never.

        Returns
        -------
        pandas.DataFrame
            Columns ``solver``, ``problem``, ``device``, and those of `FaultTolerantEstimate`.
        """
        import pandas as pd

        found = physical_resources(self.quantum, self.devices, estimator)
        names = ("solver", "problem", "device")
        lines = [
            {**{name: getattr(each, name) for name in names}, **asdict(each.estimate)}
            for each in found
        ]
        estimated = [field.name for field in fields(FaultTolerantEstimate)]
        return pd.DataFrame(lines, columns=[*names, *estimated])

    def fine_print_frame(self) -> pd.DataFrame:
        """Return the fine print: the solver, and the columns of `Check`."""
        import pandas as pd

        lines = [{"solver": line.solver, **asdict(line.check)} for line in self.fine_print]
        return pd.DataFrame(lines, columns=["solver", *(field.name for field in fields(Check))])

    def to_json(self) -> dict[str, Any]:
        """Return all that a page needs to compute the curves itself, as strict JSON takes it."""
        return {
            "task": self.task,
            "family": self.family,
            "output": self.output,
            "size_of": self.size_of,
            "error_of": self.error_of,
            "epsilon": self.epsilon,
            "confidence": self.confidence,
            "machine": None if self.machine is None else self.machine[0],
            "machine_speedup": 1.0 if self.machine is None else self.machine[1],
            "devices": [device.to_json() for device in self.devices],
            "quantum": [quantum_json(curve) for curve in self.quantum],
            "classical": [classical_json(curve) for curve in self.classical],
            "crossovers": [
                {**finite_values(asdict(line)), "verdict": line.reason} for line in self.crossovers
            ],
            "sensitivity": [finite_values(asdict(line)) for line in self.sensitivities],
            "fine_print": [
                {"solver": line.solver, **finite_values(asdict(line.check))}
                for line in self.fine_print
            ],
            "verdict": list(self.verdict),
            "references": list(self.references),
        }

    def _quantum_points(self) -> Iterator[dict[str, Any]]:
        for curve in self.quantum:
            for device in self.devices:
                for strategy in self.strategies:
                    for bill in curve.bills:
                        found = answer(bill, device, strategy)
                        if found is not None:
                            yield {
                                "kind": "quantum",
                                "solver": curve.solver,
                                "device": device.name,
                                "strategy": strategy,
                                "size": float(bill.size),
                                "seconds": found.seconds,
                                **dict(zip(LINES, found.lines, strict=True)),
                                "runs": found.runs,
                                "qubits": found.qubits,
                                "code_distance": found.code_distance,
                                "reason": found.reason,
                            }

    def _classical_points(self) -> Iterator[dict[str, Any]]:
        for curve in self.classical:
            for row in curve.rows:
                yield {
                    "kind": "measured",
                    "solver": curve.solver,
                    "size": float(row.size),
                    "seconds": seconds_of(row),
                }
            for size, low, seconds, high in zip(
                curve.sizes, curve.low, curve.seconds, curve.high, strict=True
            ):
                yield {
                    "kind": "classical",
                    "solver": curve.solver,
                    "size": size,
                    "seconds": seconds,
                    "low": low,
                    "high": high,
                }


def _frame(kind: type, lines: Sequence[Any]) -> pd.DataFrame:
    import pandas as pd

    columns = [field.name for field in fields(kind)]
    return pd.DataFrame([asdict(line) for line in lines], columns=columns)
