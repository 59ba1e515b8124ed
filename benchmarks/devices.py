"""Benchmark of small linear systems on a model of a device: HHL's error with and without noise.

``python benchmarks/devices.py --help``. Systems are the tridiagonal (1, -1/3) matrices of 2, 4 and
8 rows with b drawn at random, from a seed of their own. Each is solved by the product formula
(without eigenvectors) and in the eigenbasis (classically diagonalised, fewer gates at this size),
exactly and on ``heron_r3``; errors are relative errors of the normalised solution, on the device
of its absolute values, plain and corrected for read-out errors. Besides, phase estimation with one
clock qubit and feed-forward: the total variation distance of its outcomes from the exact ones,
which what finite sampling alone would give stands beside.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qml_algos.backends import Backend, backend
from qml_algos.linear_systems import HHL, LinearSystem, solve
from qml_algos.linear_systems.hhl import estimate_spectrum
from qml_algos.linear_systems.structures import Toeplitz

DEVICE = "heron_r3"
SIZES = (2, 4, 8)
EPSILON = 0.1
BITS = 3
METHODS = ("product_formula", "diagonalised")


@dataclass(frozen=True)
class Row:
    """One system, one way of evolving."""

    size: int
    evolution: str
    qubits: int
    two_qubit_gates: int
    success_probability: float
    noisy_success_probability: float
    noiseless_error: float
    sampled_error: float
    noisy_error: float
    mitigated_error: float
    seconds: float


@dataclass(frozen=True)
class SpectrumRow:
    """Phase estimation with one clock qubit on one system."""

    size: int
    qubits: int
    two_qubit_gates: int
    noisy_distance: float
    sampling_distance: float


def main() -> None:
    """Run, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent / "results" / "devices.json"
    )
    arguments = parser.parse_args()
    device = backend(DEVICE)
    rows = []
    for size in SIZES:
        for method in METHODS:
            rows.append(measure(size, method, device, arguments.shots, arguments.seed))
            print(json.dumps(asdict(rows[-1])), flush=True)
    spectra = [spectrum(size, device, arguments.shots, arguments.seed) for size in SIZES]
    for spectrum_row in spectra:
        print(json.dumps(asdict(spectrum_row)))
    report = {
        "device": DEVICE,
        "calibrated": str(device.calibrated),
        "shots": arguments.shots,
        "epsilon": EPSILON,
        "hhl": [asdict(row) for row in rows],
        "one clock qubit": [asdict(row) for row in spectra],
    }
    arguments.output.write_text(json.dumps(report, indent=1) + "\n")


def system(size: int) -> LinearSystem:
    """Tridiagonal system with a right-hand side from its own seed."""
    vector = np.random.default_rng(size).normal(size=size)
    return LinearSystem(Toeplitz(size, {0: 1.0, 1: -1 / 3, -1: -1 / 3}), vector)


def measure(size: int, method: str, device: Backend, shots: int, seed: int) -> Row:
    """Solve exactly, by shots without noise, and on the device."""
    start = time.perf_counter()
    problem = system(size)
    reference = np.linalg.solve(problem.dense(), problem.b)
    solver = HHL(EPSILON, evolution=method)  # type: ignore[arg-type]
    exact = solve(problem, solver, reference=reference)
    sampled, noisy = (
        solve(
            problem,
            solver,
            where,
            shots=shots,
            random_state=seed,
            reference=reference,
            mitigation=where is device,
        )
        for where in ("aer_shots", device)
    )
    assert noisy.mitigated is not None
    return Row(
        size=size,
        evolution=method,
        qubits=noisy.resources.qubits or 0,
        two_qubit_gates=noisy.resources.two_qubit_gates or 0,
        success_probability=exact.success_probability or 0.0,
        noisy_success_probability=noisy.success_probability or 0.0,
        noiseless_error=exact.error or 0.0,
        sampled_error=sampled.error or 0.0,
        noisy_error=noisy.error or 0.0,
        mitigated_error=distance(noisy.mitigated.x, np.abs(reference)),
        seconds=time.perf_counter() - start,
    )


def spectrum(size: int, device: Backend, shots: int, seed: int) -> SpectrumRow:
    """Run phase estimation with one clock qubit with and without noise."""
    problem = system(size)
    found, same = (
        estimate_spectrum(problem, where, BITS, shots, evolution="diagonalised", seed=seed)
        for where in (device, backend("aer_shots"))
    )
    values, vectors = np.linalg.eigh(problem.dense())
    shares = (vectors.T @ (problem.b / np.linalg.norm(problem.b))) ** 2
    # Distribution of the clock for each eigenvalue, as in `circuits.phase_estimation`.
    cells = 2**BITS
    turns = (values[:, None] - found.eigenvalues) / (found.resolution * cells)
    kernel = np.abs(np.exp(2j * np.pi * turns[..., None] * np.arange(cells)).sum(axis=-1)) ** 2
    exact = shares @ kernel / cells**2
    return SpectrumRow(
        size=size,
        qubits=size.bit_length(),
        two_qubit_gates=found.circuit.num_nonlocal_gates(),
        noisy_distance=float(np.abs(found.weights - exact).sum() / 2),
        sampling_distance=float(np.abs(same.weights - exact).sum() / 2),
    )


def distance(x: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """Distance of the normalised vectors."""
    return float(np.linalg.norm(x / np.linalg.norm(x) - reference / np.linalg.norm(reference)))


if __name__ == "__main__":
    main()
