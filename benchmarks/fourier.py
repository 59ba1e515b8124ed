"""The textbook's faster Fourier transform with loading and read-out in the bill.

Run: python benchmarks/fourier.py [--qubits 6 8 ... 20] [--out results/fourier.json]

For N = 2^n samples of the family ``off-grid`` (three tones in noise): seconds of the fast Fourier
transform of SciPy and of FFTW (one thread, FFTW with a plan made before), seconds to all three
frequencies with `FFT` and with `SparseFFT`; beside them two-qubit gates of preparing the signal and
of the transform, shots for an error of a hundredth of a bin, and what these take at a million
two-qubit gates a second. Gates of the preparation are counted to 2^12 samples and taken to be N
beyond. The last column is for tones without noise that are given by their formula.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# One thread for all: set before any of them is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyfftw
import scipy.fft

from circuits.fourier import fourier_design
from linear_report import keep, now, table, versions
from qml_algos import backend
from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier import FFT, DominantFrequencies, FullQFT, Signal, SparseFFT, draw, solve
from qml_algos.fourier.precision import shots_for
from qml_algos.linear_systems.layout import Layout
from qml_algos.results import two_qubit_gates

RESULTS = Path(__file__).with_name("results") / "fourier.json"
QUESTION = DominantFrequencies(3, threshold=0.05)
EPSILON = 1e-2
GATES_A_SECOND = 1e6
COUNTED_QUBITS = 12
REPETITIONS = 5


def median_seconds(action: Callable[[], object]) -> float:
    """Median of some runs."""
    seconds = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def classical(signal: Signal) -> dict[str, Any]:
    """Time the transforms, and the way to the frequencies."""
    values = np.array(signal.values)
    plan = pyfftw.builders.rfft(np.empty_like(values), planner_effort="FFTW_MEASURE", threads=1)
    reference = solve(signal, FFT(), question=QUESTION)
    found: dict[str, Any] = {
        "scipy_seconds": median_seconds(lambda: scipy.fft.rfft(values)),
        "fftw_seconds": median_seconds(lambda: plan(values)),
        "fft_to_frequencies_seconds": median_seconds(
            lambda: solve(signal, FFT(), question=QUESTION)
        ),
    }
    try:
        sparse = solve(signal, SparseFFT(), question=QUESTION, reference=reference, random_state=0)
    except UnsuitableSolverError:
        return found
    found["sparse_seconds"] = median_seconds(
        lambda: solve(signal, SparseFFT(), question=QUESTION, random_state=0)
    )
    found["sparse_samples"] = sparse.details["samples read"]
    found["sparse_error_bins"] = sparse.error
    return found


def quantum(signal: Signal, formula: Signal, qubits: int) -> dict[str, Any]:
    """Count gates and shots."""
    device = backend("aer")
    shots = shots_for(QUESTION, EPSILON / 2)
    transform = fourier_design(qubits, swaps=False).two_qubit_gates
    counted = qubits <= COUNTED_QUBITS
    preparation = signal.size
    if counted:
        program = FullQFT(EPSILON).build(signal, QUESTION)
        whole, part = device.compile([program.circuits[0], program.transform])
        preparation = two_qubit_gates(whole) - two_qubit_gates(part)
    (cheap,) = device.compile([formula.samples.prepare(Layout.plain(formula.size), 1e-3).circuit])
    by_formula = two_qubit_gates(cheap)
    return {
        "preparation_gates": preparation,
        "preparation_counted": counted,
        "transform_gates": transform,
        "shots": shots,
        "seconds": shots * (preparation + transform) / GATES_A_SECOND,
        "textbook_seconds": transform / GATES_A_SECOND,
        "formula_preparation_gates": by_formula,
        "formula_seconds": shots * (by_formula + transform) / GATES_A_SECOND,
    }


def main() -> None:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--qubits", type=int, nargs="+", default=[*range(6, 21, 2)])
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows = []
    for qubits in options.qubits:
        rng = np.random.default_rng(0)
        signal, formula = draw("off-grid", 2**qubits, rng), draw("formula", 2**qubits, rng)
        rows.append({"qubits": qubits, **classical(signal), **quantum(signal, formula, qubits)})
        packages = ("qml-algos", "numpy", "scipy", "pyfftw", "qiskit")
        report = {"measured": now(), "versions": versions(*packages), "rows": rows}
        keep(options.out, "spectrum", report)
        print(shown(rows[-1:]))
    print(shown(rows))


def shown(rows: list[dict[str, Any]]) -> str:
    """Lay the figures out as a table."""
    header = [
        *("N", "scipy rfft s", "FFTW s", "FFT, frequencies s", "sparse s"),
        *("gates, prepare", "gates, transform", "shots", "quantum s", "quantum, formula s"),
    ]
    return table(header, [_cells(row) for row in rows], 1)


def _cells(row: dict[str, Any]) -> list[str]:
    about = "" if row["preparation_counted"] else ">= "
    return [
        f"2^{row['qubits']}",
        f"{row['scipy_seconds']:.1e}",
        f"{row['fftw_seconds']:.1e}",
        f"{row['fft_to_frequencies_seconds']:.1e}",
        f"{row['sparse_seconds']:.1e}" if "sparse_seconds" in row else "-",
        f"{about}{row['preparation_gates']:,}",
        f"{row['transform_gates']:,}",
        f"{row['shots']:,}",
        f"{about}{row['seconds']:.1e}",
        f"{row['formula_seconds']:.1e}",
    ]


if __name__ == "__main__":
    main()
