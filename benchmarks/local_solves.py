"""What one entry, or an observable, of a local system takes beside solving it whole.

``python benchmarks/local_solves.py``: tridiagonal Toeplitz matrices (condition number 5, then
others), one thread, processor seconds. A minute; results in ``results/local_solves.json``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from linear_report import keep, now, table, versions
from qml_algos.linear_systems import (
    ConjugateGradient,
    Direct,
    LinearSystem,
    ProductVector,
    Toeplitz,
    solve,
)
from qml_algos.linear_systems.classical import (
    NeighbourCorrelation,
    Observable,
    SquareShare,
    local_entry,
    sample_observable,
)
from qml_algos.speedup.measure import Measurement, measure, this_machine

RESULTS = Path(__file__).parent / "results" / "local_solves.json"
TRIDIAGONAL = {-1: -1 / 3, 0: 1.0, 1: -1 / 3}
WHOLE_UP_TO = 2**22
QUBITS = (10, 14, 18, 22, 40, 60)
KAPPAS = (5.0, 1e2, 1e4, 1e6)
OBSERVABLES: dict[str, Observable] = {"share": SquareShare(), "neighbours": NeighbourCorrelation()}


def spread(qubits: int) -> ProductVector:
    """Return a product of unequal factors, of which random entries tell enough."""
    return ProductVector([[1.0, 0.97 * (-1) ** place] for place in range(qubits)])


def figures(name: str, qubits: int, found: Measurement[Any], **others: float) -> dict[str, Any]:
    """Return one row of the results."""
    return {
        "solver": name,
        "qubits": qubits,
        "cpu_seconds": found.cpu_seconds,
        "peak_memory_bytes": found.peak_memory_bytes,
        **others,
    }


def over_sizes() -> list[dict[str, Any]]:
    """Measure all solvers at an error of 1e-2."""
    rows = []
    for qubits in QUBITS:
        problem = LinearSystem(Toeplitz(2**qubits, TRIDIAGONAL), spread(qubits))
        entry = measure(
            lambda: local_entry(problem, problem.size // 2),  # noqa: B023
            seconds_of=lambda found: found.seconds,
        )
        window = {"window": entry.value.window, "flops": entry.value.flops}
        rows.append(figures("local", qubits, entry, **window))
        for name, observable in OBSERVABLES.items() if qubits >= 18 else ():
            sampled = measure(
                lambda: sample_observable(problem, observable, random_state=0),  # noqa: B023
                seconds_of=lambda found: found.seconds,
            )
            part = {"entries": sampled.value.entries, "flops": sampled.value.flops}
            rows.append(figures(f"local-sampling, {name}", qubits, sampled, **part))
        if problem.size <= WHOLE_UP_TO:
            rows += whole(problem, qubits, OBSERVABLES)
    return rows


def whole(
    problem: LinearSystem, qubits: int, observables: dict[str, Observable]
) -> list[dict[str, Any]]:
    """Measure solvers that find all of x, and how far the local ones were off."""
    rows = []
    for solver in (Direct(), ConjugateGradient()):
        found = measure(
            lambda: solve(problem, solver),  # noqa: B023
            seconds_of=lambda solution: solution.resources.classical_seconds,
        )
        rows.append(figures(solver.name, qubits, found))
    x = solve(problem, Direct()).x
    entry = local_entry(problem, problem.size // 2)
    error = abs(entry.value - x[problem.size // 2]) / np.abs(x).max()
    rows.append({"solver": "local, error", "qubits": qubits, "error": float(error)})
    for name, observable in observables.items() if qubits >= 18 else ():
        matrix = observable.matrix(x.shape)
        true = x @ (matrix * x if matrix.ndim == 1 else matrix @ x) / (x @ x)
        sampled = sample_observable(problem, observable, random_state=0)
        error = abs(sampled.value - true)
        rows.append({"solver": f"{name}, error", "qubits": qubits, "error": float(error)})
    return rows


def over_kappas() -> list[dict[str, Any]]:
    """Measure the local solver at 2^40 unknowns and other condition numbers."""
    rows = []
    for kappa in KAPPAS:
        matrix = Toeplitz(2**40, {-1: -1.0, 0: 2 + 4 / (kappa - 1), 1: -1.0})
        problem = LinearSystem(matrix, spread(40))
        for epsilon in (1e-2, 1e-6):
            found = measure(
                lambda: local_entry(problem, 2**39, epsilon=epsilon),  # noqa: B023
                seconds_of=lambda entry: entry.seconds,
            )
            row = {"kappa": kappa, "epsilon": epsilon, "radius": found.value.radius}
            rows.append({**row, "cpu_seconds": found.cpu_seconds})
    return rows


def main() -> None:
    """Measure, keep and print."""
    sizes, kappas = over_sizes(), over_kappas()
    setting = {
        "measured": now(),
        "versions": versions("qml-algos", "numpy", "scipy"),
        "machine": this_machine().to_json(),
    }
    keep(RESULTS, "setting", setting)
    keep(RESULTS, "sizes", sizes)
    keep(RESULTS, "condition numbers", kappas)
    shown = [
        [row["solver"], f"2^{row['qubits']}", f"{row.get('cpu_seconds', row.get('error')):.2e}"]
        for row in sizes
    ]
    print(table(["solver", "N", "CPU s, or error"], shown, 1))
    lines = [
        [
            f"{row['kappa']:g}",
            f"{row['epsilon']:g}",
            f"{row['radius']}",
            f"{row['cpu_seconds']:.2e}",
        ]
        for row in kappas
    ]
    print(table(["kappa", "epsilon", "radius", "CPU s"], lines, 0))


if __name__ == "__main__":
    main()
