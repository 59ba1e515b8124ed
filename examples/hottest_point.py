"""How hot does the heated plate get? Asked of a direct solver, of HHL, and of HHL read by shots.

Run: ``python examples/hottest_point.py``. The system is that of ``heat_plate.py``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qml_algos.linear_systems import HHL, Direct, LinearSystem, Solution, solve

DATA = Path(__file__).parent / "data"


def describe(name: str, solution: Solution) -> None:
    """Print the hottest temperature and the mean square with its standard error."""
    hottest = np.max(np.abs(solution.x))
    mean_square = solution.observables["mean square"]
    root = np.sqrt(mean_square.value)
    print(
        f"{name:<14} hottest {hottest:6.1f} K   root mean square {root:6.2f} "
        f"+- {mean_square.standard_error / (2 * root):.2f} K"
    )


def main() -> None:
    """Solve three times."""
    system = LinearSystem.from_matrix_market(DATA / "heat_plate_A.mtx", DATA / "heat_plate_b.mtx")
    observables = {"mean square": np.eye(system.size) / system.size}
    describe("direct", solve(system, Direct(), observables=observables))
    describe("HHL, exact", solve(system, HHL(epsilon=1e-2), observables=observables))
    sampled = solve(
        system,
        HHL(epsilon=1e-2),
        backend="aer_shots",
        shots=100_000,
        observables=observables,
        random_state=0,
    )
    describe("HHL, shots", sampled)
    print("\nBefore anyone calls the circuit fast:")
    for caveat in sampled.caveats:
        print(f"- {caveat}")


if __name__ == "__main__":
    main()
