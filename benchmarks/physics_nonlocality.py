"""Violations of Bell inequalities by Boltzmann machines and by measured counts: one run.

Run: OMP_NUM_THREADS=1 python benchmarks/physics_nonlocality.py

Boltzmann machines start from three seeds; the worst is told. The reference is the largest
eigenvalue, for parties alike from all total spins. With ``--sampled`` the two-body inequality of 20
and 40 parties is also given to the sampling ground-state solver. Counts are of GHZ states on an
ideal simulator and on the model of a device. Seconds are those of the processor. Kept in
results/physics_nonlocality.json.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from qiskit import QuantumCircuit

from linear_report import keep, now, table, versions
from qml_algos.physics.neural.ground_state import RBMGroundState
from qml_algos.physics.nonlocality import (
    BellOperator,
    chsh,
    measure_bell,
    mermin,
    rbm_violation,
    two_body_symmetric,
)

RESULTS = Path(__file__).with_name("results") / "physics_nonlocality.json"
SEEDS = range(3)
SHOTS = 4000
SAMPLED = (20, 40)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--sampled", action="store_true", help="also by Monte Carlo")
    options = parser.parse_args()
    cases = [chsh(), *map(mermin, (3, 4, 5, 8, 12))]
    cases += [two_body_symmetric(n) for n in (6, 8, 10, 20, 40, 100)]
    violations = [by_machine(bell) for bell in cases]
    header = ["inequality", "classical", "machine", "quantum", "relative error", "CPU s"]
    print(
        table(
            header,
            [
                [
                    row["inequality"],
                    f"{row['classical']:g}",
                    f"{row['machine']:.6f}",
                    f"{row['quantum']:.6f}",
                    f"{row['relative_error']:.0e}",
                    f"{row['cpu_seconds']:.2f}",
                ]
                for row in violations
            ],
            1,
        )
    )
    about = {"measured": now(), "versions": versions("qml-algos", "numpy", "scipy")}
    keep(options.out, "machines", about | {"seeds": len(SEEDS), "rows": violations})
    if options.sampled:
        sampled = [by_sampling(two_body_symmetric(n)) for n in SAMPLED]
        print(*sampled, sep="\n")
        keep(options.out, "sampled", about | {"rows": sampled})
    counts = [
        by_counts(bell, name)
        for bell in (chsh(), *map(mermin, (3, 4, 5)))
        for name in ("aer_shots", "heron_r3")
    ]
    header = ["inequality", "backend", "value", "error", "classical", "standard errors"]
    print(
        table(
            header,
            [
                [
                    row["inequality"],
                    row["backend"],
                    f"{row['value']:.3f}",
                    f"{row['standard_error']:.3f}",
                    f"{row['classical']:g}",
                    f"{row['significance']:.0f}",
                ]
                for row in counts
            ],
            2,
        )
    )
    about = {"measured": now(), "versions": versions("qml-algos", "qiskit", "qiskit-aer")}
    keep(options.out, "counts", about | {"shots_per_setting": SHOTS, "rows": counts})


def by_machine(bell: BellOperator) -> dict[str, Any]:
    """Let machines find the violation; the worst of some seeds."""
    start = time.process_time()
    found = [rbm_violation(bell, random_state=seed) for seed in SEEDS]
    seconds = (time.process_time() - start) / len(found)
    worst = min(found, key=lambda one: one.violation)
    quantum = bell.quantum_maximum()
    return {
        "inequality": bell.name,
        "classical": bell.classical_bound,
        "machine": worst.value,
        "quantum": quantum,
        "relative_error": abs(worst.value / quantum - 1),
        "hidden_units": len(worst.state.b),
        "cpu_seconds": seconds,
    }


def by_sampling(bell: BellOperator) -> dict[str, Any]:
    """Give the Hamiltonian to the ground-state solver that samples."""
    start = time.process_time()
    solver = RBMGroundState(alpha=2, random_state=0).fit(bell.hamiltonian())
    return {
        "inequality": bell.name,
        "classical": bell.classical_bound,
        "energy": float(solver.energy_),
        "energy_error": float(solver.energy_error_),
        "quantum": bell.quantum_maximum(),
        "cpu_seconds": time.process_time() - start,
    }


def by_counts(bell: BellOperator, name: str) -> dict[str, Any]:
    """Measure the operator in a GHZ state on a backend."""
    circuit = QuantumCircuit(bell.parties)
    circuit.h(0)
    for target in range(1, bell.parties):
        circuit.cx(target - 1, target)
    found = measure_bell(bell, circuit, name, SHOTS, random_state=0)
    return {
        "inequality": bell.name,
        "backend": name,
        "value": found.value,
        "standard_error": found.standard_error,
        "classical": bell.classical_bound,
        "significance": found.significance,
        "samples": found.samples,
    }


if __name__ == "__main__":
    main()
