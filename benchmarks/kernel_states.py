"""Benchmark of exact kernels: states of all samples, and their Gram matrix.

``OMP_NUM_THREADS=1 python benchmarks/kernel_states.py --help``. Two feature maps: the ZZ map, and
one whose layers are not diagonal. Methods take turns in one process, and what is compared is the
least time of the processor over the turns. Compiling a circuit (ours, or Aer's transpilation) is
not part of it; it is measured once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import ParameterVector
from qiskit_aer import AerSimulator
from scipy.linalg import hadamard
from scipy.linalg.blas import zherk

from circuits.feature_maps import CircuitMap, FeatureMap, ZZMap
from qml_algos.kernels.states import state_program

OURS = "qml-algos"
SINGLE = "qml-algos, single precision"
TUNED = "tuned NumPy"
AER = "Aer"
PEER_SCRIPT = Path(__file__).parent / "peers" / "statevector_kernels.py"
REPETITIONS = 2
ZZ, LAYERED = "ZZ map", "layered map"

Gram = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """What was measured for one method on one map.

    Attributes
    ----------
    seconds
        Of the processor, least over the turns: states and Gram matrix.
    of_ours
        Relative to qml-algos on the same map.
    error
        Largest difference of an entry to that of qml-algos in double precision.
    compile_seconds
        For a circuit, once for all samples.
    """

    feature_map: str
    method: str
    seconds: float
    of_ours: float
    error: float
    compile_seconds: float | None


def layered_map(qubits: int, layers: int = 3) -> CircuitMap:
    """Rotations of all axes by the data, rings of CX, and controlled rotations by the data."""
    x = ParameterVector("x", qubits)
    circuit = QuantumCircuit(qubits)
    for layer in range(layers):
        for q in range(qubits):
            circuit.ry(x[q], q)
            circuit.rz(x[(q + 1) % qubits], q)
            circuit.rx(x[(q + layer) % qubits], q)
        for q in range(qubits):
            circuit.cx(q, (q + 1) % qubits)
        for q in range(qubits - 1):
            circuit.crz(x[q], q, q + 1)
    return CircuitMap(circuit)


def squared_gram(states: NDArray[np.complex128]) -> Gram:
    """Fidelities of all pairs of rows, one triangle computed."""
    upper = zherk(1.0, states.T, trans=2)
    fidelities = upper.real**2 + upper.imag**2
    return np.triu(fidelities) + np.triu(fidelities, 1).T


def ours(feature_map: FeatureMap, X: Gram, dtype: Any) -> tuple[Callable[[], Gram], float]:
    """Our engine."""
    start = time.process_time()
    program = state_program(feature_map.circuit(X.shape[1]))
    compiled = time.process_time() - start
    return lambda: squared_gram(program.states(feature_map.angles(X), dtype)), compiled


def tuned_numpy(X: Gram, repetitions: int, chunk: int = 16) -> Callable[[], Gram]:
    """ZZ map by hand: all phases by sines and cosines, Walsh transforms as two products."""
    qubits = X.shape[1]
    first, second = np.triu_indices(qubits, 1)
    bits = (np.arange(2**qubits) >> np.arange(qubits)[:, None]) & 1
    signs = np.vstack([bits, bits[first] ^ bits[second]]).astype(float)
    low, high = (hadamard(2**k) / np.sqrt(2**k) for k in (qubits // 2, qubits - qubits // 2))

    def walsh(states: NDArray[np.complex128]) -> NDArray[np.complex128]:
        planes = np.stack([states.real, states.imag]).reshape(2, -1, len(high), len(low))
        planes = high @ (planes @ low)
        return (planes[0] + 1j * planes[1]).reshape(states.shape)

    def evaluate() -> Gram:
        pairs = (np.pi - X[:, first]) * (np.pi - X[:, second])
        angles = 2 * np.hstack([X, pairs])
        states = np.empty((len(X), 2**qubits), dtype=complex)
        for start in range(0, len(X), chunk):
            rows = slice(start, start + chunk)
            given = angles[rows] @ signs
            phases = np.empty(given.shape, dtype=complex)
            np.cos(given, out=phases.real)
            np.sin(given, out=phases.imag)
            part = phases * 2 ** (-qubits / 2)
            for _ in range(repetitions - 1):
                part = phases * walsh(part)
            states[rows] = part
        overlaps = states @ states.conj().T
        return overlaps.real**2 + overlaps.imag**2

    return evaluate


def aer(
    feature_map: FeatureMap, X: Gram, *, fusion: bool, bind: bool
) -> tuple[Callable[[], Gram], float]:
    """Aer, one state after the other: one compiled circuit, the samples as its parameters."""
    circuit = feature_map.circuit(X.shape[1])
    parameters = list(circuit.parameters)
    simulator = AerSimulator(
        method="statevector",
        fusion_enable=fusion,
        runtime_parameter_bind_enable=bind,
        max_parallel_threads=1,
    )
    start = time.process_time()
    # Aer binds no parameters of controlled rotations (qiskit-aer 0.18): they are decomposed.
    basis = ["h", "p", "rx", "ry", "rz", "u", "cx", "cz", "swap", "rzz"]
    compiled = transpile(circuit, basis_gates=basis, optimization_level=1)
    compiled.save_statevector()
    seconds = time.process_time() - start

    def evaluate() -> Gram:
        angles = feature_map.angles(X)
        values = {p: angles[:, k].tolist() for k, p in enumerate(parameters)}
        result = simulator.run(compiled, parameter_binds=[values]).result()
        states = [np.asarray(result.get_statevector(k)) for k in range(len(X))]
        return squared_gram(np.array(states))

    return evaluate, seconds


def methods(name: str, feature_map: FeatureMap, X: Gram) -> dict[str, tuple[Any, float | None]]:
    """All methods in the environment of the project, each with its seconds of compilation."""
    chosen: dict[str, tuple[Any, float | None]] = {
        OURS: ours(feature_map, X, np.complex128),
        SINGLE: ours(feature_map, X, np.complex64),
    }
    if name == ZZ:
        chosen[TUNED] = tuned_numpy(X, REPETITIONS), None
    for fusion in (True, False):
        for bind in (True, False):
            text = f"{AER}, fusion {'on' if fusion else 'off'}{', bound at run time' * bind}"
            chosen[text] = aer(feature_map, X, fusion=fusion, bind=bind)
    return chosen


def measured(name: str, feature_map: FeatureMap, X: Gram, turns: int) -> tuple[list[Row], Gram]:
    """Let the methods take turns."""
    chosen = methods(name, feature_map, X)
    seconds: dict[str, float] = dict.fromkeys(chosen, np.inf)
    grams: dict[str, Gram] = {}
    for turn in range(turns):
        for method, (evaluate, _) in chosen.items():
            # The slow ones are not as sensitive to what else the machine does.
            for _ in range(1 if method.startswith(AER) else 5):
                if method.startswith(AER) and turn > 1:
                    continue
                start = time.process_time()
                grams[method] = evaluate()
                seconds[method] = min(seconds[method], time.process_time() - start)
    reference = grams[OURS]
    rows = [
        Row(
            name,
            method,
            seconds[method],
            seconds[method] / seconds[OURS],
            float(np.max(np.abs(grams[method] - reference))),
            compiled,
        )
        for method, (_, compiled) in chosen.items()
    ]
    return rows, reference


def peers(python: str, X: Gram, reference: Gram, own: float) -> tuple[list[Row], dict[str, str]]:
    """Measure the other libraries, in their environment."""
    with tempfile.TemporaryDirectory() as folder:
        data, grams, report = (Path(folder, name) for name in ("in.npz", "out.npz", "out.json"))
        np.savez(data, X=X)
        command = [python, "-W", "ignore", *map(str, (PEER_SCRIPT, data, grams, report))]
        subprocess.run(command, check=True)
        facts, found = json.loads(report.read_text()), dict(np.load(grams))
    rows = [
        Row(ZZ, method, s, s / own, float(np.max(np.abs(found[method] - reference))), None)
        for method, s in facts["seconds"].items()
    ]
    return rows, facts["versions"]


def targets(rows: list[Row]) -> list[tuple[str, bool]]:
    """Compare with what was to be reached."""
    by_name = {(row.feature_map, row.method): row for row in rows}
    layered = [row.of_ours for row in rows if row.feature_map == LAYERED and AER in row.method]
    double = [row.error for row in rows if row.method != SINGLE]
    tuned = by_name[ZZ, TUNED].of_ours
    reached = [
        (f"at most 1.2 of tuned NumPy: {1 / tuned:.2f}", 1 / tuned <= 1.2),
        (f"Aer at least 5 times as long on the layered map: {min(layered):.1f}", min(layered) >= 5),
        (f"all agree within 1e-10: {max(double):.1e}", max(double) <= 1e-10),
    ]
    for peer, least in (("qiskit-machine-learning", 60), ("sQUlearn + qulacs", 10)):
        if (ZZ, peer) in by_name:
            ratio = by_name[ZZ, peer].of_ours
            reached.append((f"{peer} at least {least} times as long: {ratio:.0f}", ratio >= least))
    return reached


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--qubits", type=int, default=12)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peers", help="Python of the environment of the other libraries")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "kernel_states.json"
    )
    options = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != "1":
        parser.error("set OMP_NUM_THREADS=1: seconds of the processor are of one thread")
    X = np.random.default_rng(options.seed).uniform(0, 2 * np.pi, (options.samples, options.qubits))
    rows, reference = measured(ZZ, ZZMap(repetitions=REPETITIONS), X, options.turns)
    others: dict[str, str] = {}
    if options.peers:
        found, others = peers(options.peers, X, reference, rows[0].seconds)
        rows += found
    rows += measured(LAYERED, layered_map(options.qubits), X, options.turns)[0]
    for row in rows:
        print(
            f"{row.feature_map:12} {row.method:36} {row.seconds:9.4f} s {row.of_ours:8.2f} of ours,"
            f" error {row.error:.0e}"
        )
    reached = targets(rows)
    for text, done in reached:
        print(f"{'reached' if done else 'MISSED '}  {text}")
    names = ("numpy", "scipy", "qiskit", "qiskit-aer")
    report = {
        "versions": {name: version(name) for name in names} | {"python": platform.python_version()},
        "peer_versions": others,
        "samples": options.samples,
        "qubits": options.qubits,
        "rows": [asdict(row) for row in rows],
        "targets": [{"target": text, "reached": done} for text, done in reached],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
