"""Two-qubit gates and fidelity of circuits that prepare matrix product states: one run.

``python benchmarks/mps_circuits.py --help``. States: random ones, real and of the bonds named, and
with ``--data`` the square root of the frequencies of NLTCS, mixed with independent variables and
truncated. Times are CPU seconds of one BLAS thread.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import transpile
from qiskit.quantum_info import Statevector

from circuits.matrix_product_state import (
    Tensor,
    mps_of_vector,
    mps_preparation,
    mps_vector,
    truncate,
)
from circuits.tensor_network.preparation import prepare_mps
from linear_report import keep, now, table, versions

QUBITS = 16
BONDS = (4, 8, 16)
SMOOTHING = 0.02
"""Share of independent variables, without which unseen patterns have no amplitude."""

ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"fidelity": 0.99},
    {"max_two_qubit_gates": 180},
    {"max_two_qubit_gates": 60},
)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/mps_circuits.json"
    )
    parser.add_argument("--data", type=Path, help="directory of nltcs.train.data")
    options = parser.parse_args()
    cases = [(f"random, bond {bond}", random_state(bond), ASKED[:1]) for bond in BONDS]
    if options.data:
        state = nltcs_state(options.data, 8)
        cases += [("NLTCS, bond 8", state, ASKED)]
    rows = [measure(name, state, asked) for name, state, all_asked in cases for asked in all_asked]
    found = {"measured": now(), "versions": versions("qml-algos", "numpy", "scipy", "qiskit")}
    keep(options.out, "preparation", found | {"qubits": QUBITS, "rows": rows})
    header = ["state", "asked", "method", "fidelity", "gates", "transpiled", "formulas", "CPU s"]
    print(table(header, [[str(value) for value in row.values()] for row in rows], 3))


def measure(name: str, state: list[Tensor], asked: dict[str, Any]) -> dict[str, Any]:
    """Prepare one state; the fidelity is that of the circuit simulated."""
    start = time.process_time()
    prepared = prepare_mps(state, **asked)
    seconds = time.process_time() - start
    compiled = transpile(prepared.circuit, basis_gates=["cx", "u"], optimization_level=2)
    overlap = np.vdot(mps_vector(state), Statevector(prepared.circuit).data)
    return {
        "state": name,
        "asked": " ".join(f"{key}={value}" for key, value in asked.items()) or "exact",
        "method": prepared.method,
        "fidelity": round(float(abs(overlap) ** 2), 6),
        "two_qubit_gates": prepared.two_qubit_gates,
        "transpiled": compiled.num_nonlocal_gates(),
        "closed_formulas": mps_preparation(state).num_nonlocal_gates(),
        "cpu_seconds": round(seconds, 1),
    }


def random_state(bond: int) -> list[Tensor]:
    """Draw normal entries."""
    generator = np.random.default_rng(0)
    bonds = [min(bond, 2 ** min(site, QUBITS - site)) for site in range(QUBITS + 1)]
    shapes = [(bonds[site], 2, bonds[site + 1]) for site in range(QUBITS)]
    return truncate([generator.normal(size=shape) for shape in shapes], bond)


def nltcs_state(directory: Path, bond: int) -> list[Tensor]:
    """Read the training set, smooth its frequencies and truncate their square root."""
    data: NDArray[np.int_] = np.loadtxt(directory / "nltcs.train.data", delimiter=",", dtype=int)
    patterns = data @ (1 << np.arange(QUBITS)[::-1])
    frequencies = np.bincount(patterns, minlength=2**QUBITS) / len(data)
    independent = np.ones(1)
    for mean in data.mean(axis=0):
        independent = np.kron(independent, [1 - mean, mean])
    mixture = (1 - SMOOTHING) * frequencies + SMOOTHING * independent
    return truncate(mps_of_vector(np.sqrt(mixture)), bond)


if __name__ == "__main__":
    main()
