"""Build a linear solver's circuit with Qrisp and write it as QPY.

Runs in the environment of ``requirements-qrisp.txt`` in this folder, and needs nothing else of
the project: ``python qrisp_linear.py SYSTEM.npz OUT.qpy OUT.json --method qsvt``.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qiskit import qpy
from qrisp import QuantumFloat, prepare
from qrisp.algorithms.gqsp.dalzell_inversion import dalzell_inversion
from qrisp.algorithms.gqsp.inversion import inversion
from qrisp.block_encodings import BlockEncoding


def apply_inverse(
    a: NDArray[np.float64], b: NDArray[np.float64], method: str, epsilon: float
) -> QuantumFloat:
    """Prepare a register that holds the solution where all other qubits are 0.

    The method is told the exact smallest singular value, and Dalzell's the exact norm of the
    solution, which it takes an estimate of.
    """
    encoding = BlockEncoding.from_array(a)
    kappa = float(encoding.alpha / np.linalg.svd(a, compute_uv=False)[-1])
    unknowns = QuantumFloat(len(b).bit_length() - 1)
    if method == "dalzell":
        norm = float(encoding.alpha * np.linalg.norm(np.linalg.solve(a, b)))
        inverse = dalzell_inversion(
            encoding, lambda register: prepare(register, b), norm, epsilon, kappa
        )
    else:
        inverse = inversion(encoding, epsilon, kappa)
        prepare(unknowns, b)
    inverse.apply(unknowns)
    return unknowns


def main() -> None:
    """Read the system, build its circuit, and write the circuit and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", type=Path, help=".npz file with the arrays A and b")
    parser.add_argument("qpy", type=Path, help="where the circuit is written")
    parser.add_argument("report", type=Path, help="where the measurements are written, as JSON")
    parser.add_argument("--method", choices=["qsvt", "dalzell"], default="qsvt")
    parser.add_argument("--epsilon", type=float, default=1e-2)
    options = parser.parse_args()

    with np.load(options.system) as arrays:
        a, b = arrays["A"], arrays["b"]
    start = time.perf_counter()
    unknowns = apply_inverse(a, b, options.method, options.epsilon)
    compiled = unknowns.qs.compile()
    build_seconds = time.perf_counter() - start

    names = [qubit.identifier for qubit in compiled.qubits]
    with options.qpy.open("wb") as file:
        qpy.dump(compiled.to_qiskit(), file)
    report = {
        "build_seconds": build_seconds,
        "data_qubits": [names.index(qubit.identifier) for qubit in unknowns.reg],
        "ones": [],
        "versions": {name: version(name) for name in ("qrisp", "qiskit", "jax", "numpy")},
    }
    options.report.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
