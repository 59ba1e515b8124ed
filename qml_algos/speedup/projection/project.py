"""From a comparison to its projection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.speedup.bills import STRATEGIES, Strategy
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.bills.registry import (
    PROPORTIONAL_RIVALS,
    READING_RIVALS,
    SIZE_FREE_RIVALS,
    UNPROJECTED,
)
from qml_algos.speedup.devices import DEFAULT_DEVICES, device_model
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.measure import Machine, largest_speedup
from qml_algos.speedup.measure import machine as machine_named
from qml_algos.speedup.projection.classical import WHOLE, ClassicalCurve, classical_curve
from qml_algos.speedup.projection.crossovers import (
    CrossoverLine,
    Sensitivity,
    changes,
    crossover_line,
    sensitivity,
)
from qml_algos.speedup.projection.fine_print import SLOW, fine_print, kappa_growth
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.projection.quantum import (
    LARGEST,
    QuantumCurve,
    grid,
    quantum_curve,
    seconds_of_runs,
    with_gate_time,
)
from qml_algos.speedup.projection.references import REFERENCES
from qml_algos.speedup.projection.verdict import Asked, earliest, verdict
from qml_algos.speedup.record import Record, Row

_NUMBER = re.compile(r"\s*[\d,]+$")


def project(
    comparison: Record,
    *,
    devices: Sequence[str | DeviceModel] = DEFAULT_DEVICES,
    output: str | None = None,
    strategies: Sequence[Strategy] = STRATEGIES,
    family: str | None = None,
    confidence: float = 0.95,
    machine: str | Machine | None = None,
) -> Projection:
    """Project the answers of a comparison on devices, up to sizes of 1e30.

    Parameters
    ----------
    comparison
        Of any task that has bills.
    devices
        Names, paths of TOML files, or models.
    output
        What is to be answered: of linear systems ``"observable"``, ``"entry"`` or ``"vector"``.
        By default what the quantum rows answer, else the whole solution.
    strategies
        How answers are read.
    family
        Problems named so, up to the number at the end, are projected; by default those of most
        different sizes.
    confidence
        Of the read-out, and of the bands of classical laws.
    machine
        Larger machine that classical solvers would run on, one of
        `qml_algos.speedup.measure.MACHINES`: their seconds are divided by the most that it can
        gain, of operations or of bytes a second, over this machine, where they must have been
        measured. By default they stay as measured.

    Returns
    -------
    Projection
        Solvers without bills, and those measured at too few sizes, are in it and say why. Costs:
        about a second for five solvers, four devices and three strategies, and a tenth of a second
        for the law of each classical solver.

    Raises
    ------
    UnknownNameError
        If a device, a strategy, a family or a machine is not known.
    InvalidProblemError
        If the comparison has no rows, or is of a task in
        `qml_algos.speedup.bills.registry.UNPROJECTED`.
    ValueError
        If the confidence is not between 0 and 1.
    """
    if not comparison.rows:
        raise InvalidProblemError("comparison has no rows: there is nothing to project")
    if comparison.task in UNPROJECTED:
        raise InvalidProblemError(UNPROJECTED[comparison.task])
    if not 0 < confidence < 1:
        raise ValueError(f"confidence = {confidence!r}: must lie strictly between 0 and 1")
    for strategy in strategies:
        if strategy not in STRATEGIES:
            raise UnknownNameError("strategy", strategy, STRATEGIES)
    models = tuple(device_model(each) if isinstance(each, str) else each for each in devices)
    name, rows = _family(comparison.rows, family)
    asked = output or next((row.output for row in rows if row.kind == "quantum" and row.output), "")
    asked = asked or "vector"
    sizes = grid(min(row.size for row in rows), LARGEST)
    quantum = _quantum(comparison, rows, name, asked, confidence, sizes)
    classical = _classical(comparison.task, rows, asked, confidence, sizes)
    faster = None
    if machine is not None:
        there = machine_named(machine) if isinstance(machine, str) else machine
        faster = (there.name, largest_speedup(there))
        classical = tuple(curve.on_faster(faster[1]) for curve in classical)
    crossovers, sensitivities = _crossed(
        quantum, classical, models, strategies, confidence, kappa_growth(rows)
    )
    size_of = comparison.words.size
    return Projection(
        task=comparison.task,
        family=name,
        output=asked,
        size_of=size_of,
        error_of=comparison.error_in_full,
        epsilon=rows[0].target_error,
        confidence=confidence,
        devices=models,
        strategies=tuple(strategies),
        quantum=quantum,
        classical=classical,
        crossovers=crossovers,
        sensitivities=sensitivities,
        fine_print=tuple(
            line
            for curve in quantum
            for line in fine_print(curve, classical, rows, _best(curve, crossovers), asked, size_of)
        ),
        verdict=verdict(
            Asked(asked, size_of, LARGEST, faster), quantum, classical, crossovers, sensitivities
        ),
        machine=faster,
        references=REFERENCES,
    )


def _family(rows: Sequence[Row], asked: str | None) -> tuple[str, list[Row]]:
    """Choose the rows of one family, by size."""
    families: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.size):
        families.setdefault(_NUMBER.sub("", row.problem), []).append(row)
    if asked is None:
        asked = max(families, key=lambda name: len({row.size for row in families[name]}))
    if asked not in families:
        raise UnknownNameError("family", asked, families)
    return asked, families[asked]


def _quantum(
    comparison: Record,
    rows: Sequence[Row],
    family: str,
    output: str,
    confidence: float,
    sizes: Sequence[int],
) -> tuple[QuantumCurve, ...]:
    solvers = dict.fromkeys(row.solver for row in rows if row.kind == "quantum")
    return tuple(
        quantum_curve(
            comparison.task,
            BillRequest(
                rows=tuple(row for row in rows if row.solver == solver and row.failure is None),
                solver=solver,
                family=family,
                settings=comparison.settings,
                output=output,
                epsilon=rows[0].target_error,
                confidence=confidence,
            ),
            sizes,
        )
        for solver in solvers
    )


def _classical(
    task: str, rows: Sequence[Row], output: str, confidence: float, sizes: Sequence[int]
) -> tuple[ClassicalCurve, ...]:
    growth = kappa_growth(rows) or 0.0
    size_free = SIZE_FREE_RIVALS.get(task, ()) if growth < SLOW else ()
    solvers: dict[tuple[str, str | None], list[Row]] = {}
    best_quantum: dict[str, Row] = {}
    for row in rows:
        if row.kind == "quantum" and row.error is not None:
            best_quantum[row.problem] = min(
                best_quantum.get(row.problem, row), row, key=lambda row: row.error or 0.0
            )
        if row.kind == "classical" and row.output in (*WHOLE, output):
            solvers.setdefault((row.solver, row.output), []).append(row)
    return tuple(
        classical_curve(
            found,
            sizes,
            confidence,
            size_free=solver in size_free,
            proportional=solver in PROPORTIONAL_RIVALS.get(task, ()),
            reads_all=solver in READING_RIVALS.get(task, ()),
            best_quantum=best_quantum,
        )
        for (solver, _), found in solvers.items()
    )


def _crossed(
    quantum: Sequence[QuantumCurve],
    classical: Sequence[ClassicalCurve],
    devices: Sequence[DeviceModel],
    strategies: Sequence[Strategy],
    confidence: float,
    growth: float | None,
) -> tuple[tuple[CrossoverLine, ...], tuple[Sensitivity, ...]]:
    whole = [curve for curve in classical if curve.whole]
    # Beside the rivals for this output: those that the commonest mistake compares with.
    rivals: Mapping[bool, Sequence[ClassicalCurve]] = {False: classical}
    if len(whole) < len(classical):
        rivals = {False: classical, True: whole}
    crossovers: list[CrossoverLine] = []
    sensitivities: list[Sensitivity] = []
    for curve in quantum:
        changed = changes(growth)
        for strategy in _applicable(curve, strategies):
            base = curve.runs(strategy)
            runs = {
                name: base if assumptions.of_gates_alone else curve.runs(strategy, assumptions)
                for name, (_, assumptions) in changed.items()
            }
            for device in devices:
                seconds = seconds_of_runs(base, device)
                moved = {}
                for name, (words, assumptions) in changed.items():
                    same = runs[name] is base
                    found = seconds if same else seconds_of_runs(runs[name], device)
                    moved[name] = (words, with_gate_time(found, base, assumptions.gate_time))
                for aside, against in rivals.items():
                    line = crossover_line(
                        curve, seconds, against, device, strategy, confidence, aside=aside
                    )
                    if line is not None:
                        crossovers.append(line)
                        sensitivities += sensitivity(line, moved, against)
    return tuple(crossovers), tuple(sensitivities)


def _applicable(curve: QuantumCurve, strategies: Sequence[Strategy]) -> Iterator[Strategy]:
    """Yield strategies that there are bills for."""
    for strategy in strategies:
        estimated = all(bill.estimation_uses is not None for bill in curve.bills)
        if curve.bills and (strategy != "estimation" or estimated):
            yield strategy


def _best(curve: QuantumCurve, crossovers: Sequence[CrossoverLine]) -> str | None:
    """Name of the hardest rival where the solver does best."""
    own = [line for line in crossovers if line.quantum == curve.solver and not line.aside]
    return earliest(own).classical if own else None
