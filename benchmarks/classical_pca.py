"""Classical principal components: exact, randomised and dequantised; shadows of a quantum state.

Run: OMP_NUM_THREADS=1 python benchmarks/classical_pca.py [--parts tall million uneven shadows]
Seconds are those of the processor, as other programs may share it; one thread is the fair setting.
Each part is kept in results/classical_pca.json under its name and the number of threads.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector, partial_trace

from linear_report import keep, now, table, versions
from qml_algos.linear_systems.classical import SampledProduct
from qml_algos.pca.classical import CLASSICAL, ShadowPCA, shadow_copies
from qml_algos.pca.classical.row_access import factored_rows, stored_rows
from qml_algos.pca.classical.snapshots import Ensemble

RESULTS = Path(__file__).with_name("results") / "classical_pca.json"
NOISE = 0.05
"""Standard deviation of each entry beside the low-rank part."""
EPSILONS = (0.1, 0.05, 0.02)
ENSEMBLES: tuple[Ensemble, ...] = ("pauli", "clifford")
SUBSAMPLE = 10_000
"""Rows of the baseline that takes some uniformly and forgets the rest."""


def factors(
    rows: int, columns: int, rank: int, generator: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scores with deviations from 5 to 2, and orthonormal directions."""
    scores = generator.standard_normal((rows, rank), dtype=np.float32)
    directions = np.linalg.qr(generator.normal(size=(columns, rank)))[0]
    return scores * np.linspace(5, 2, rank, dtype=np.float32), directions.astype(np.float32)


def noisy(
    scores: NDArray[np.float32], directions: NDArray[np.float32], generator: np.random.Generator
) -> NDArray[np.float32]:
    """Write the data down with noise, block by block."""
    X = np.empty((len(scores), len(directions)), dtype=np.float32)
    for start in range(0, len(X), 10_000):
        part = slice(start, start + 10_000)
        generator.standard_normal(out=X[part], dtype=np.float32)
        X[part] *= NOISE
        X[part] += scores[part] @ directions.T + 1
    return X


def errors(found: Any, exact: Any) -> dict[str, float]:
    """Largest angle between the subspaces, and largest relative error of an eigenvalue."""
    components = found.components_.astype(float), exact.components_.astype(float)
    angles = scipy.linalg.subspace_angles(*(part.T for part in components))
    ratio = found.explained_variance_ / exact.explained_variance_
    return {
        "angle": float(angles.max()),
        "eigenvalue_error": float(np.abs(ratio - 1).max()),
    }


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Run something and time it: seconds of the processor, and by the clock on the wall."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    taken = {"cpu_seconds": time.process_time() - processor}
    return found, taken | {"wall_seconds": time.perf_counter() - wall}


def fitted(name: str, X: Any, rank: int, **options: Any) -> tuple[Any, dict[str, float]]:
    """Fit one estimator and time it."""
    return timed(lambda: CLASSICAL[name](n_components=rank, **options).fit(X))


def row(name: str, found: Any, seconds: dict[str, float], exact: Any) -> dict[str, Any]:
    """Describe a fit in one line of a table; ``exact`` is what it is compared with."""
    rows = getattr(found, "row_samples_", None)
    line = {"solver": name, "rows": rows} | seconds | errors(found, exact)
    print(line, file=sys.stderr, flush=True)
    return line


def measure(X: Any, rank: int, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Fit the exact and randomised solvers, the sampler, and PCA of some rows."""
    reference, seconds = fitted("covariance", X, rank)
    lines = [row("covariance", reference, seconds, reference)]
    lines += sampled(X, rank, reference)
    lines += [row(name, *fitted(name, X, rank), reference) for name in names]
    generator = np.random.default_rng(1)

    def subsample() -> Any:
        chosen = np.sort(generator.choice(len(X), size=min(SUBSAMPLE, len(X) // 2), replace=False))
        return fitted("covariance", X[chosen], rank)[0]

    found, seconds = timed(subsample)
    lines.append(row("covariance of uniform rows", found, seconds, reference))
    lines[-1]["rows"] = found.n_samples_
    return lines


def sampled(X: Any, rank: int, reference: Any) -> list[dict[str, Any]]:
    """Fit the sampler for each epsilon, and time its first pass alone."""
    lines = []
    for epsilon in EPSILONS:
        found, seconds = fitted("dequantised", X, rank, epsilon=epsilon, random_state=0)
        lines.append(row(f"dequantised, epsilon {epsilon:g}", found, seconds, reference))
    access = factored_rows if isinstance(X, SampledProduct) else stored_rows
    _, seconds = timed(lambda: access(X))
    return [*lines, {"solver": "of it the access", "rows": None} | seconds]


def show(title: str, lines: list[dict[str, Any]]) -> None:
    """Print a table of one data set."""
    cells = [
        [
            line["solver"],
            f"{line['cpu_seconds']:.3f}",
            f"{line['rows']:,}" if line["rows"] else "all",
            f"{line['angle']:.1e}" if "angle" in line else "",
            f"{line['eigenvalue_error']:.1e}" if "angle" in line else "",
        ]
        for line in lines
    ]
    header = ["solver", "CPU seconds", "rows", "angle", "eigenvalue error"]
    print(f"\n{title}\n{table(header, cells, 1)}", flush=True)


def tall() -> dict[str, Any]:
    """Measure data that a machine holds easily: 10,000 x 256 and 20,000 x 1,024, 8 components."""
    found = {}
    for shape in ((10_000, 256), (20_000, 1024)):
        generator = np.random.default_rng(0)
        X = noisy(*factors(*shape, 8, generator), generator)
        title = f"{shape[0]:,} x {shape[1]:,}"
        found[title] = measure(X, 8, ("svd", "randomised", "lanczos", "incremental"))
        show(title, found[title])
    return found


def million() -> dict[str, Any]:
    """Measure a million rows: stored with 256 columns, as factors with 256 and 1,000 columns."""
    generator, rank = np.random.default_rng(0), 5
    found = {}
    scores, directions = factors(10**6, 256, rank, generator)
    X = noisy(scores, directions, generator)
    found["1,000,000 x 256, stored"] = measure(X, rank, ("randomised", "lanczos", "incremental"))
    show("1,000,000 x 256, stored", found["1,000,000 x 256, stored"])
    del X
    for columns in (256, 1000):
        title = f"1,000,000 x {columns:,}, factors of rank {rank}"
        scores, directions = factors(10**6, columns, rank, generator)
        found[title] = from_factors(scores.astype(float), directions.astype(float))
        show(title, found[title])
    return found


def uneven() -> dict[str, Any]:
    """Measure 200,000 x 256 entries most of whose weight is in few rows: where sampling matters.

    The lengths of the rows are log-normal, with a deviation of two of the logarithm.
    """
    generator, rank = np.random.default_rng(0), 5
    scores, directions = factors(200_000, 256, rank, generator)
    lengths = np.exp(2 * generator.standard_normal((len(scores), 1), dtype=np.float32))
    X = noisy(scores * lengths, directions, generator)
    title = "200,000 x 256, uneven rows"
    found = {title: measure(X, rank, ("randomised",))}
    show(title, found[title])
    return found


def from_factors(
    scores: NDArray[np.float64], directions: NDArray[np.float64]
) -> list[dict[str, Any]]:
    """Sample a product of factors; exact components come from the small covariance of scores."""
    rank = scores.shape[1]
    exact, seconds = fitted("covariance", scores, rank)
    exact.components_ = exact.components_ @ directions.T
    lines = [row("covariance of the factors", exact, seconds, exact)]
    product, seconds = timed(lambda: SampledProduct(scores, directions))
    lines.append({"solver": "building the product", "rows": None} | seconds)
    return lines + sampled(product, rank, exact)


def noisy_ghz(qubits: int, flip: float) -> QuantumCircuit:
    """GHZ state, each qubit flipped with a given probability by an environment of its own."""
    circuit = QuantumCircuit(2 * qubits)
    circuit.h(0)
    for k in range(1, qubits):
        circuit.cx(k - 1, k)
    for k in range(qubits):
        circuit.ry(2 * np.arcsin(np.sqrt(flip)), qubits + k)
        circuit.cx(qubits + k, k)
    return circuit


def shadows() -> list[dict[str, Any]]:
    """Learn a 4-qubit GHZ state with 5 % flips from more and more copies, several times each."""
    qubits = 4
    circuit = noisy_ghz(qubits, 0.05)
    environment = list(range(qubits, 2 * qubits))
    values, vectors = np.linalg.eigh(partial_trace(Statevector(circuit), environment).data)
    truth, state = float(values[-1]), vectors[:, -1]
    lines = []
    plans: list[tuple[Ensemble, int, int | None, int]] = [
        *(("pauli", copies, None, 10) for copies in (2_000, 5_000, 20_000, 100_000)),
        # A circuit for every copy takes its time.
        *(("clifford", copies, copies, 5) for copies in (200, 500)),
    ]
    for ensemble, copies, bases, seeds in plans:
        fits = [
            ShadowPCA(copies=copies, ensemble=ensemble, bases=bases, random_state=seed).fit_circuit(
                circuit, range(qubits)
            )
            for seed in range(seeds)
        ]
        deviations = [float(fit.explained_variance_[0]) - truth for fit in fits]
        overlaps = [abs(np.vdot(state, fit.components_[0])) ** 2 for fit in fits]
        stated = [float(fit.explained_variance_standard_error_[0]) for fit in fits]
        lines.append(
            {
                "ensemble": ensemble,
                "copies": fits[0].copies_,
                "circuits": fits[0].bases_,
                "eigenvalue_rms_error": float(np.sqrt(np.mean(np.square(deviations))) / truth),
                "stated_error": float(np.mean(stated) / truth),
                "infidelity": float(1 - np.mean(overlaps)),
            }
        )
    header = ["ensemble", "copies", "circuits", "eigenvalue error", "stated", "infidelity"]
    cells: list[list[str]] = [
        [
            str(line["ensemble"]),
            f"{line['copies']:,}",
            f"{line['circuits']:,}",
            *(f"{line[key]:.2%}" for key in ("eigenvalue_rms_error", "stated_error", "infidelity")),
        ]
        for line in lines
    ]
    print(f"\nshadows, principal eigenvalue {truth:.4f}\n{table(header, cells, 1)}")
    promised = {name: shadow_copies(qubits, 0.02 * truth, name) for name in ENSEMBLES}
    print(f"copies that always give a standard error of 2 %: {promised}")
    return lines


PARTS = {"tall": tall, "million": million, "uneven": uneven, "shadows": shadows}


def main() -> None:
    """Measure the parts asked for and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    for part in parser.parse_args().parts:
        measured = PARTS[part]()
        about = {"when": now(), "threads": threads} | versions("numpy", "scikit-learn", "qiskit")
        keep(RESULTS, f"{part}, threads {threads}", {"measured": measured, "about": about})


if __name__ == "__main__":
    main()
