"""Gram matrices of the ZZ map, by qiskit-machine-learning and by sQUlearn with qulacs.

Runs in the environment of the peers: ``python statevector_kernels.py DATA.npz OUT.npz OUT.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit.library import zz_feature_map


def qiskit_machine_learning(
    X: NDArray[np.float64], repetitions: int
) -> Callable[[], NDArray[np.float64]]:
    """Its exact kernel: states are kept, pairs are compared one by one."""
    from qiskit_machine_learning.kernels import (  # type: ignore[import-not-found]
        FidelityStatevectorKernel,
    )

    circuit = zz_feature_map(X.shape[1], reps=repetitions)
    return lambda: FidelityStatevectorKernel(feature_map=circuit).evaluate(X)


def squlearn_qulacs(X: NDArray[np.float64], repetitions: int) -> Callable[[], NDArray[np.float64]]:
    """Its fidelity kernel on its fastest executor."""
    from squlearn import Executor  # type: ignore[import-not-found]
    from squlearn.encoding_circuit import (  # type: ignore[import-not-found]
        QiskitEncodingCircuit,
    )
    from squlearn.kernel import FidelityKernel  # type: ignore[import-not-found]

    circuit = zz_feature_map(X.shape[1], reps=repetitions)
    encoding = QiskitEncodingCircuit(circuit, mode="features")
    return lambda: FidelityKernel(encoding, executor=Executor("qulacs")).evaluate(X, X)


PEERS = {
    "qiskit-machine-learning": qiskit_machine_learning,
    "sQUlearn + qulacs": squlearn_qulacs,
}


def main() -> None:
    """Evaluate the kernels, and write them and the seconds of the processor they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "grams", "report"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--repetitions", type=int, default=2)
    options = parser.parse_args()
    X = np.load(options.data)["X"]
    grams: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for name, peer in PEERS.items():
        evaluate = peer(X, options.repetitions)
        start = time.process_time()
        grams[name] = evaluate()
        seconds[name] = time.process_time() - start
    np.savez(options.grams, **grams)
    packages = ("qiskit", "qiskit-machine-learning", "squlearn", "qulacs")
    versions = {name: version(name) for name in packages}
    options.report.write_text(json.dumps({"seconds": seconds, "versions": versions}))


if __name__ == "__main__":
    main()
