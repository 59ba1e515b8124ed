"""The worked tridiagonal case: where the lines cross, and whether that is an advantage.

One observable of the solution of a tridiagonal system (-1/3, 1, -1/3), to 1e-2. Three bills are
projected on a fault-tolerant device (50 ns gates, errors of 1e-3): one counted by hand, of
25 (2 n + 4) CCZ and 79 rotations at a success probability of 0.125, read with 1 / epsilon^2
accepted runs, or pi / (epsilon sqrt(p)) uses; that of our own circuits at 95 % confidence with b
for free; and the same with a random b loaded amplitude by amplitude. The comparison is of systems
whose b is a Walsh function, which a product state loads. The rivals are measured here, on one
thread: the solvers of a comparison, among them sampling by local windows, which finds the
observable alone; SciPy's solver for banded definite matrices; and, stated and not measured, 52 ns
an unknown.
Run seconds of simulators are not used.

Run: python benchmarks/crossover.py [--largest 22] [--out benchmarks/results/crossover.json]
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# One thread for all: set before any of them is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import scipy.linalg

from circuits.costs import GateCounts
from linear_report import keep, now, table, versions
from qml_algos.speedup import Comparison, compare
from qml_algos.speedup.bills import STRATEGIES, Bill
from qml_algos.speedup.bills.law import BillLaw
from qml_algos.speedup.bills.linear_systems import linear_system_bill
from qml_algos.speedup.devices import DeviceModel, device_model
from qml_algos.speedup.linear_systems import LinearSystemsContest
from qml_algos.speedup.projection import Projection, answer, project
from qml_algos.speedup.projection.classical import ClassicalCurve, classical_curve
from qml_algos.speedup.projection.crossovers import crossover_line
from qml_algos.speedup.projection.quantum import QuantumCurve, seconds_of_runs
from qml_algos.speedup.record import Row

RESULTS = Path(__file__).with_name("results") / "crossover.json"
DEVICE = "superconducting_e3"
EPSILON, CONFIDENCE = 1e-2, 0.95
QUBITS = 22
SIMULATED = (4, 8, 16, 32)
BY_HAND_SUCCESS, BY_HAND_QUBITS = 0.125, 60
STATED = 52e-9
REPETITIONS = 5


def by_hand(size: int) -> Bill:
    """Bill a circuit that was counted by hand, with the read-out that was assumed for it."""
    n = (size - 1).bit_length()
    run = GateCounts(
        qubits=BY_HAND_QUBITS, toffolis=25 * (2 * n + 4), rotations=79, rotation_depth=79
    )
    return Bill(
        size=size,
        preparation=GateCounts(qubits=BY_HAND_QUBITS),
        algorithm=run,
        readout=GateCounts(qubits=BY_HAND_QUBITS, measurements=BY_HAND_QUBITS),
        success_probability=BY_HAND_SUCCESS,
        shots=EPSILON**-2,
        estimation_uses=math.pi / (EPSILON * math.sqrt(BY_HAND_SUCCESS)),
    )


def ours(size: int) -> Bill:
    """Bill our circuits, with b for free."""
    return linear_system_bill("qsvt", "tridiagonal", size, epsilon=EPSILON, loaded=False)


def ours_loaded(size: int) -> Bill:
    """Bill our circuits, with a random b."""
    return linear_system_bill("qsvt", "tridiagonal", size, epsilon=EPSILON)


BILLS: dict[str, Callable[[int], Bill]] = {
    "counted by hand": by_hand,
    "ours, b for free": ours,
    "ours, b loaded": ours_loaded,
}


def measured(largest: int) -> Comparison:
    """Time the rivals, and simulate our circuits where that can be done."""
    large = [2**power for power in range(10, largest + 1, 2)]
    return compare(
        LinearSystemsContest(output="observable"),
        sizes=[*SIMULATED, *large],
        family="walsh",
        epsilon=EPSILON,
        random_state=0,
    )


def banded_seconds(size: int) -> float:
    """Return the least processor seconds of a few solutions by ``scipy.linalg.solveh_banded``."""
    bands = np.vstack([np.full(size, -1 / 3), np.ones(size)])
    b = np.random.default_rng(0).normal(size=size)
    seconds = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        scipy.linalg.solveh_banded(bands, b, check_finite=False)
        seconds.append(time.process_time() - start)
    return min(seconds)


def banded(
    name: str, seconds: Callable[[int], float], largest: int, grid: Sequence[int]
) -> ClassicalCurve:
    """Fit a law to a banded solver."""
    rows = [
        Row(
            problem=f"tridiagonal {2**power}",
            size=2**power,
            condition_number=None,
            solver=name,
            kind="classical",
            backend=None,
            target_error=EPSILON,
            error=0.0,
            cpu_seconds=seconds(2**power),
        )
        for power in range(10, largest + 1, 2)
    ]
    return classical_curve(rows, grid, CONFIDENCE)


def worked(name: str, device: DeviceModel) -> dict[str, Any]:
    """Seconds of one run, of an accepted one, and of an answer, for 2^22 unknowns."""
    bill = BILLS[name](2**QUBITS)
    once = device.execution(bill.run, 1.0)
    answers = {strategy: answer(bill, device, strategy) for strategy in STRATEGIES}
    return {
        "bill": name,
        "run_seconds": once.seconds_per_run,
        "accepted_seconds": once.seconds_per_run / bill.success_probability,
        "physical_qubits": once.qubits,
        "code_distance": once.code_distance,
        "success_probability": bill.success_probability,
        **{strategy: found.seconds for strategy, found in answers.items() if found},
    }


def crossings(
    name: str, projection: Projection, device: DeviceModel, classical: ClassicalCurve
) -> dict[str, Any]:
    """Where a bill crosses one rival, by each strategy."""
    sizes = projection.quantum[0].sizes
    bills = tuple(BILLS[name](size) for size in sizes)
    curve = QuantumCurve(name, "tridiagonal", (), sizes, bills, BillLaw(None), None)
    found: dict[str, Any] = {}
    for strategy in STRATEGIES:
        seconds = seconds_of_runs(curve.runs(strategy), device)
        line = crossover_line(curve, seconds, [classical], device, strategy, CONFIDENCE)
        assert line is not None
        found[strategy] = {"size": line.size, "low": line.low, "high": _finite(line.high)}
    return {"bill": name, "rival": classical.solver, "formula": classical.formula, **found}


def main() -> None:
    """Measure, project, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--largest", type=int, default=QUBITS)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    comparison = measured(options.largest)
    start = time.process_time()
    projection = project(comparison)
    seconds = time.process_time() - start
    device = device_model(DEVICE)
    grid = projection.quantum[0].sizes
    rivals = [
        *(curve for curve in projection.classical if curve.known),
        banded("solveh_banded", banded_seconds, options.largest, grid),
        banded("52 ns an unknown", lambda size: STATED * size, options.largest, grid),
    ]
    cases = [worked(name, device) for name in BILLS]
    lines = [crossings(name, projection, device, rival) for name in BILLS for rival in rivals]
    report = {
        "measured": now(),
        "versions": versions("qml-algos", "numpy", "scipy", "qiskit"),
        "device": DEVICE,
        "epsilon": EPSILON,
        "confidence": CONFIDENCE,
        "cases": cases,
        "crossovers": lines,
        "rivals": [_rival(curve) for curve in rivals],
        "verdict": list(projection.verdict),
        "projection_cpu_seconds": seconds,
    }
    keep(options.out, "tridiagonal", report)
    print(shown_cases(cases))
    print(shown_lines(lines))
    print("\n".join(projection.verdict))


def _rival(curve: ClassicalCurve) -> dict[str, Any]:
    return {
        "solver": curve.solver,
        "output": curve.output,
        "formula": curve.formula,
        "points": [[row.size, row.cpu_seconds] for row in curve.rows],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def shown_cases(cases: list[dict[str, Any]]) -> str:
    """Lay out the seconds."""
    header = ["bill, 2^22 unknowns", "run ms", "accepted ms", *(f"{s} s" for s in STRATEGIES)]
    rows = [
        [
            case["bill"],
            f"{1e3 * case['run_seconds']:.3g}",
            f"{1e3 * case['accepted_seconds']:.3g}",
            *(f"{case[strategy]:.3g}" for strategy in STRATEGIES),
        ]
        for case in cases
    ]
    return table(header, rows, 1)


def shown_lines(lines: list[dict[str, Any]]) -> str:
    """Lay out the crossovers."""
    rows = [
        [line["bill"], line["rival"], line["formula"], *(_size(line[s]) for s in STRATEGIES)]
        for line in lines
    ]
    return table(["bill", "rival", "its seconds", *STRATEGIES], rows, 3)


def _size(found: dict[str, Any]) -> str:
    return "none" if found["size"] is None else f"{found['size']:.1e}"


if __name__ == "__main__":
    main()
