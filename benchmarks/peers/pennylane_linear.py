"""Build a linear solver's circuit with PennyLane's block encoding and QSVT; write OpenQASM 2.

PennyLane has no inversion polynomial: it is part of the input. Runs in the environment of the
project: ``python pennylane_linear.py SYSTEM.npz OUT.qasm OUT.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pennylane as qml
from numpy.polynomial import chebyshev
from numpy.typing import NDArray


def circuit(
    a: NDArray[np.float64], b: NDArray[np.float64], polynomial: NDArray[np.float64]
) -> tuple[qml.tape.QuantumScript, list[int]]:
    """Build the circuit; the solution is on the wires returned, where all others are 0.

    The real part of the polynomial is the mean of the QSVT and its adjoint, by one more qubit, as
    in PennyLane's own demonstration of linear systems.
    """
    n = len(b).bit_length() - 1
    operator = qml.pauli_decompose(a, wire_order=range(n), check_hermitian=True)
    terms = len(operator.terms()[0])
    encoding = list(range(n, n + max(1, (terms - 1).bit_length())))
    choice = encoding[-1] + 1
    with qml.queuing.AnnotatedQueue() as queue:
        qml.StatePrep(b, wires=range(n))
        qml.Hadamard(choice)
        with qml.QueuingManager.stop_recording():
            transformed = qml.qsvt(
                operator, polynomial, encoding_wires=encoding, block_encoding="prepselprep"
            )
        qml.ctrl(transformed, choice, control_values=0)
        qml.ctrl(qml.adjoint(transformed), choice, control_values=1)
        qml.Hadamard(choice)
    # Wire 0 is the most significant one.
    return qml.tape.QuantumScript.from_queue(queue), list(reversed(range(n)))


def main() -> None:
    """Read the system, build its circuit, and write the circuit and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "system", type=Path, help=".npz file with A, b and the Chebyshev series polynomial"
    )
    parser.add_argument("qasm", type=Path, help="where the circuit is written")
    parser.add_argument("report", type=Path, help="where the measurements are written, as JSON")
    parser.add_argument(
        "--largest",
        type=float,
        default=0.6,
        help="value of the polynomial: for larger ones the "
        "default solver of poly_to_angles raises an error",
    )
    options = parser.parse_args()

    with np.load(options.system) as arrays:
        a, b, series = arrays["A"], arrays["b"], arrays["polynomial"]
    start = time.perf_counter()
    monomials = chebyshev.cheb2poly(options.largest * series)
    monomials[::2] = 0.0
    tape, data_wires = circuit(a, b, monomials)
    qasm = qml.to_openqasm(tape, wires=qml.wires.Wires(range(len(tape.wires))), measure_all=False)
    build_seconds = time.perf_counter() - start

    # OpenQASM 2 knows neither global phases nor identities on many qubits: PennyLane writes both.
    lines = [line for line in qasm.splitlines() if not line.startswith(("gphase", "id "))]
    options.qasm.write_text("\n".join(lines))
    report = {
        "build_seconds": build_seconds,
        "data_qubits": data_wires,
        "ones": [],
        "versions": {name: version(name) for name in ("pennylane", "numpy")},
    }
    options.report.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
