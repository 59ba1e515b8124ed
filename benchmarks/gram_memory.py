"""Memory and time of exact Gram matrices, each in a process with a limit: one run.

``python benchmarks/gram_memory.py --help``. The limit, 4 GiB, is one of the operating system: a
process that asks for more data dies. Times are CPU seconds of one BLAS thread.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linear_report import keep, now, table, versions
from qml_algos.kernels import FidelityKernel

LIMIT = 4 * 2**30
# Samples and qubits; the states of the first fit into the kernel's default of 1 GiB, the others do
# not.
CASES = ((2000, 12), (5000, 14), (1000, 18))
CHECKED = 20


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/kernels.json")
    parser.add_argument("--case", type=int, nargs=2, metavar=("N", "QUBITS"), help="one, in here")
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measure(*options.case)))
        return
    rows = [in_its_own_process(samples, qubits) for samples, qubits in CASES]
    keep(
        options.out,
        "memory",
        {
            "measured": now(),
            "versions": versions("qml-algos", "numpy", "scipy"),
            "limit_bytes": LIMIT,
            "rows": rows,
        },
    )
    header = ["N", "qubits", "states, GiB", "peak, GiB", "CPU s", "error"]
    print(
        table(
            header,
            [
                [
                    str(row["samples"]),
                    str(row["qubits"]),
                    f"{row['states_bytes'] / 2**30:.2f}",
                    f"{row['peak_bytes'] / 2**30:.2f}",
                    f"{row['cpu_seconds']:.1f}",
                    f"{row['error']:.0e}",
                ]
                for row in rows
            ],
            0,
        )
    )


def in_its_own_process(samples: int, qubits: int) -> dict[str, Any]:
    """Measure one case where nothing else has used memory before."""
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, __file__, "--case", str(samples), str(qubits)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    row: dict[str, Any] = json.loads(done.stdout)
    print(row, flush=True)
    return row


def measure(samples: int, qubits: int) -> dict[str, Any]:
    """Compute a Gram matrix within the limit, and compare some of its entries."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))
    X = np.random.default_rng(0).uniform(0, 2 * np.pi, (samples, qubits))
    kernel = FidelityKernel()
    start = time.process_time()
    K = kernel(X)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "samples": samples,
        "qubits": qubits,
        "max_bytes": kernel.max_bytes,
        "states_bytes": samples * 16 * 2**qubits,
        "peak_bytes": peak,
        "cpu_seconds": seconds,
        "error": _error(kernel, X, K),
    }


def _error(kernel: FidelityKernel, X: NDArray[np.float64], K: NDArray[np.float64]) -> float:
    """Largest difference from entries computed for few samples from all bands, by themselves."""
    some = np.linspace(0, len(X) - 1, CHECKED).astype(int)
    return float(np.max(np.abs(kernel(X[some]) - K[np.ix_(some, some)])))


if __name__ == "__main__":
    main()
