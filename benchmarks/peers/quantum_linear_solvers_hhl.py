"""Build the HHL circuit of quantum-linear-solvers and write it as OpenQASM 2.

Runs in the environment of ``requirements.txt`` in this folder, and needs nothing else of the
project: ``python -W ignore quantum_linear_solvers_hhl.py SYSTEM.npz OUT.qasm OUT.json``, the
warnings being those of old packages about even older ones.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from linear_solvers import HHL
from linear_solvers.matrices import TridiagonalToeplitz
from qiskit import transpile


def main() -> None:
    """Read the system, build its circuit, and write the circuit and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", type=Path, help=".npz file with the arrays A and b")
    parser.add_argument("qasm", type=Path, help="where the circuit is written")
    parser.add_argument("report", type=Path, help="where the measurements are written, as JSON")
    parser.add_argument("--epsilon", type=float, default=1e-2)
    parser.add_argument(
        "--unsigned",
        action="store_true",
        help="leave out the sign qubit of the clock, which solve() always has; only for positive "
        "definite matrices",
    )
    parser.add_argument(
        "--toeplitz",
        action="store_true",
        help="give A, which has to be tridiagonal Toeplitz, as TridiagonalToeplitz: a product "
        "formula in place of the matrix exponential",
    )
    options = parser.parse_args()

    with np.load(options.system) as arrays:
        a, b = arrays["A"], arrays["b"]

    start = time.perf_counter()
    # HHL.solve() makes the same call and then simulates the circuit for the norm of the solution,
    # which is no part of the building and would only add to the time of this peer.
    hhl = HHL(epsilon=options.epsilon)
    matrix = a
    if options.toeplitz:
        matrix = TridiagonalToeplitz(len(b).bit_length() - 1, a[0, 0], a[0, 1])
    circuit = hhl.construct_circuit(matrix, b, neg_vals=not options.unsigned)
    construct_seconds = time.perf_counter() - start
    # The gates are synthesised only now. Every level of this old transpiler leaves the shared one
    # with the same number of cx; level 1 merges runs of one-qubit gates, which the shared one
    # misses, and so gives the peer the least depth at no cost in time.
    unrolled = transpile(circuit, basis_gates=["u3", "cx"], optimization_level=1)
    build_seconds = time.perf_counter() - start

    options.qasm.write_text(unrolled.qasm())
    report = {
        "build_seconds": build_seconds,
        "construct_seconds": construct_seconds,
        "unrolled_cx": unrolled.count_ops().get("cx", 0),
        "solution_qubits": circuit.qregs[0].size,
        "clock_qubits": circuit.qregs[1].size,
        "data_qubits": list(range(circuit.qregs[0].size)),
        "ones": [circuit.num_qubits - 1],
        "flag_qubit": circuit.qubits.index(circuit.qregs[-1][0]),
        "versions": {
            name: version(name) for name in ("quantum-linear-solvers", "qiskit-terra", "numpy")
        },
    }
    options.report.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
