"""Benchmark of phase estimation: error against evolution time, coverage, the four eigenvalues.

``python benchmarks/phase_estimation.py``: writes ``results/phase_estimation.json`` and prints
tables. Outcomes are drawn from the exact distributions of the circuits, whose agreement with the
circuits the tests check; the rows named ``circuits`` run on the simulator.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.evolution import DiagonalisedEvolution
from circuits.state_preparation import state_preparation
from qml_algos.errors import UnsuitableSolverError
from qml_algos.phase_estimation import METHODS, PhaseKernel, estimate_phases, fit_phases
from qml_algos.phase_estimation.bayesian import bayesian_phase
from qml_algos.phase_estimation.hadamard_data import Setting
from qml_algos.phase_estimation.robust import robust_phase

RESULTS = Path(__file__).parent / "results" / "phase_estimation.json"
EIGENVALUES = np.array([0.65, 0.25, 0.06, 0.04])
CLOCK_QUBITS = 8
Array = NDArray[np.float64]


def wrapped(difference: Any) -> Any:
    """Bring differences of phases into [-pi, pi)."""
    return (difference + np.pi) % (2 * np.pi) - np.pi


def measurer(
    phase: float, generator: np.random.Generator, decay: float = 0.0
) -> Callable[[Sequence[Setting]], list[int]]:
    """Draw the outcomes of Hadamard tests."""

    def measure(settings: Sequence[Setting]) -> list[int]:
        found = []
        for setting in settings:
            visibility = np.exp(-decay * setting.power)
            cosine = np.cos(setting.power * phase + setting.control_phase)
            found.append(int(generator.binomial(setting.shots, (1 + visibility * cosine) / 2)))
        return found

    return measure


def one_phase(
    method: str, bits: int, shots: int, seed: int, decay: float = 0.0
) -> tuple[float, bool, int]:
    """Error of a random eigenphase, whether its interval covers, and the evolution time."""
    generator = np.random.default_rng([seed, bits, shots])
    phase = float(generator.uniform(-np.pi, np.pi))
    measure = measurer(phase, generator, decay)
    if method == "bayesian":
        posterior = bayesian_phase(2 ** (bits - 1), shots, measure, noisy=decay > 0)
        low, high = (wrapped(end - phase) for end in posterior.interval())
        error = float(wrapped(posterior.mean - phase))
        return error, bool(low <= 0 <= high), posterior.data.evolution
    if method == "robust":
        found, standard_error, data = robust_phase(bits, shots, measure, noisy=decay > 0)
        error = float(wrapped(found - phase))
        return error, abs(error) <= 1.96 * standard_error, data.evolution
    guards = int(method == "standard, guard qubit")
    p = PhaseKernel(bits + guards, guards).values(np.array([phase]))[0]
    counts = generator.multinomial(shots, p / p.sum())
    spectrum = fit_phases(counts, bits + guards, guard_qubits=guards, max_components=1)
    error = float(wrapped(spectrum.phases[0] - phase))
    low, high = wrapped(spectrum.interval()[0] - phase)
    return error, bool(low <= 0 <= high), shots * (2**bits - 1)


def scaling(method: str, sizes: Sequence[tuple[int, int]], seeds: int) -> dict[str, Any]:
    """Errors for several sizes, and the slope of their logarithm by that of the time."""
    rows = []
    for bits, shots in sizes:
        runs = [one_phase(method, bits, shots, seed) for seed in range(seeds)]
        errors = np.array([run[0] for run in runs])
        rows.append(
            {
                "clock_qubits": bits,
                "shots": shots,
                "total_evolution": float(np.mean([run[2] for run in runs])),
                "rms_error": float(np.sqrt(np.mean(errors**2))),
                "median_error": float(np.median(np.abs(errors))),
            }
        )
    logs = np.log([[row["total_evolution"], row["median_error"]] for row in rows])
    slope = float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
    return {"method": method, "rows": rows, "slope": slope}


def coverage(method: str, bits: int, shots: int, decay: float, seeds: int) -> dict[str, Any]:
    """Share of runs whose 95 % interval covers, and of those refused."""
    covered, refused = 0, 0
    for seed in range(seeds):
        try:
            covered += one_phase(method, bits, shots, 10_000 + seed, decay)[1]
        except UnsuitableSolverError:
            refused += 1
    return {
        "method": method,
        "clock_qubits": bits,
        "shots": shots,
        "decay": decay,
        "coverage": covered / (seeds - refused),
        "refused": refused / seeds,
    }


def four_eigenvalues(shots: int, seeds: int) -> dict[str, Any]:
    """Fit the four eigenvalues of the issue's example, weights equal to them."""
    kernel, phases = PhaseKernel(CLOCK_QUBITS), 2 * np.pi * EIGENVALUES
    p = EIGENVALUES @ kernel.values(phases)
    good, wrong, seconds = 0, 0, 0.0
    errors, profile, normal = [], np.zeros(4), np.zeros(4)
    for seed in range(seeds):
        counts = np.random.default_rng(seed).multinomial(shots, p / p.sum())
        start = time.process_time()
        found = fit_phases(counts, CLOCK_QUBITS)
        seconds += time.process_time() - start
        if found.phases.size != 4:
            wrong += 1
            continue
        error = wrapped(found.phases[:, None] - phases)
        order = np.argmin(np.abs(error), axis=0)
        error = error[order, range(4)]
        errors.append(np.abs(error) / (2 * np.pi))
        good += bool(np.max(errors[-1]) <= 1e-3)
        ends = wrapped(found.interval()[order] - phases[:, None])
        profile += (ends[:, 0] <= 0) & (ends[:, 1] >= 0)
        normal += np.abs(error) <= 1.96 * found.phase_standard_errors[order]
    fitted = max(len(errors), 1)
    return {
        "shots": shots,
        "seeds": seeds,
        "all_within_1e-3": good,
        "wrong_number": wrong,
        "largest_error": np.max(errors, axis=0).tolist(),
        "profile_coverage": (profile / fitted).tolist(),
        "normal_coverage": (normal / fitted).tolist(),
        "cpu_seconds": seconds / seeds,
    }


def circuits_agree(seeds: int) -> list[dict[str, Any]]:
    """Run every method's circuits for an eigenstate of a random 3-qubit Hamiltonian."""
    matrix = np.random.default_rng(5).normal(size=(8, 8))
    values, vectors = np.linalg.eigh((matrix + matrix.T).astype(complex))
    time_unit = 2.5 / float(np.max(np.abs(values)))
    systems: list[tuple[str, QuantumCircuit, Any, float, float]] = [
        (
            "1 qubit",
            QuantumCircuit(1),
            DiagonalisedEvolution.of_hermitian(np.array([0.7, -1.9]), np.eye(2, dtype=complex)),
            1.0,
            0.7,
        ),
        (
            "3 qubits",
            state_preparation(vectors[:, 2]),
            DiagonalisedEvolution.of_hermitian(values, vectors),
            time_unit,
            float(values[2]) * time_unit,
        ),
    ]
    rows = []
    for name, preparation, evolution, unit, phase in systems:
        for method in METHODS:
            errors, last = [], None
            for seed in range(seeds):
                last = estimate_phases(
                    preparation,
                    evolution,
                    method=method,
                    clock_qubits=6,
                    time=unit,
                    shots=600,
                    max_components=1,
                    random_state=seed,
                )
                errors.append(float(wrapped(last.phases[0] - phase)))
            assert last is not None
            rows.append(
                {
                    "system": name,
                    "method": method,
                    "rms_error": float(np.sqrt(np.mean(np.square(errors)))),
                    "total_evolution": last.total_evolution,
                    "qubits": last.resources.qubits,
                    "two_qubit_gates": last.resources.two_qubit_gates,
                }
            )
    return rows


def main() -> None:
    """Measure all, write and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="of coverages")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    seeds, fewer = arguments.seeds, max(arguments.seeds // 8, 2)
    deeper = [(bits, 32) for bits in range(3, 11)]
    longer = [(bits, 50 * bits) for bits in range(3, 11)]
    results: dict[str, Any] = {
        "scaling": [
            scaling("standard", deeper, fewer),
            scaling("standard", [(5, 16 * 4**i) for i in range(5)], fewer),
            scaling("standard, guard qubit", deeper, fewer),
            scaling("standard, guard qubit", [(5, 16 * 4**i) for i in range(5)], fewer),
            scaling("robust", longer, fewer),
            scaling("robust", [(5, 200 * 4**i) for i in range(5)], fewer),
            scaling("bayesian", longer, fewer),
            scaling("bayesian", [(5, 200 * 4**i) for i in range(5)], fewer),
        ],
        "coverage": [
            coverage("standard", 6, 100, 0.0, seeds),
            coverage("standard", 8, 1000, 0.0, seeds),
            coverage("standard, guard qubit", 6, 100, 0.0, seeds),
            coverage("robust", 8, 1000, 0.0, seeds),
            coverage("robust", 8, 1000, 0.01, seeds),
            coverage("bayesian", 8, 1000, 0.0, seeds),
            coverage("bayesian", 8, 1000, 0.01, fewer),
        ],
        "four_eigenvalues": [
            four_eigenvalues(10**5, seeds // 2),
            four_eigenvalues(10**4, seeds // 2),
            four_eigenvalues(10**3, seeds // 2),
        ],
        "circuits": circuits_agree(max(seeds // 60, 2)),
    }
    arguments.out.parent.mkdir(exist_ok=True)
    arguments.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for part in results["scaling"]:
        first, last = part["rows"][0], part["rows"][-1]
        print(
            f"{part['method']:9} slope {part['slope']:+.2f}  time {first['total_evolution']:.0f} "
            f"to {last['total_evolution']:.0f}  median error {first['median_error']:.1e} "
            f"to {last['median_error']:.1e}"
        )
    for part in ("coverage", "four_eigenvalues", "circuits"):
        for row in results[part]:
            print(row)


if __name__ == "__main__":
    main()
