"""What recording costs, and what a Gram matrix weighs on the wire: one run.

``python benchmarks/jobs.py --help``; what is measured, and how, is in the README of this folder.
Nothing leaves this machine: jobs go to the loopback service of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives import BaseSamplerV2
from qiskit.primitives.containers import PubResult

import qml_algos
from qml_algos.backends import Backend, Ledger, Recorder
from qml_algos.backends.config import IBMConfig, load_config
from qml_algos.backends.ibm import IBMBackend
from qml_algos.backends.jobs.courier import Patience
from qml_algos.backends.jobs.units import Unit
from qml_algos.backends.recorded import RecordedBackend

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from ibm_loopback import LoopbackService

SAMPLES, FEATURES, SHOTS = 20, 5, 1000
TARGET_BYTES_RATIO = 100
TARGET_MS_PER_PUB = 2.0
TARGET_SHARE = 0.05


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7)
    results = Path(__file__).parent / "results" / "jobs.json"
    parser.add_argument("--out", type=Path, default=results)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        document = {
            "gram": gram_bytes(Path(folder)),
            "overhead": overheads(Path(folder), options.repetitions),
            "environment": {
                **{p: version(p) for p in ("qml-algos", "qiskit", "qiskit-ibm-runtime")},
                "python": platform.python_version(),
                "machine": platform.machine(),
            },
        }
    options.out.write_text(json.dumps(document, indent=2) + "\n")
    report(document)


def kernel_circuit() -> QuantumCircuit:
    """Overlap of two encoded samples: U(x) forwards, U(y) backwards."""
    x, y = ParameterVector("x", FEATURES), ParameterVector("y", FEATURES)
    circuit = encoding(x)
    circuit.compose(encoding(y).inverse(), inplace=True)
    circuit.measure_all()
    return circuit


def encoding(x: ParameterVector) -> QuantumCircuit:
    """Two repetitions of a ZZ feature map with neighbouring couplings."""
    circuit = QuantumCircuit(FEATURES)
    for _ in range(2):
        circuit.h(range(FEATURES))
        for i in range(FEATURES):
            circuit.p(2 * x[i], i)
        for i in range(FEATURES - 1):
            circuit.cx(i, i + 1)
            circuit.p(2 * (np.pi - x[i]) * (np.pi - x[i + 1]), i + 1)
            circuit.cx(i, i + 1)
    return circuit


def pairs() -> np.ndarray:
    """Parameter sets of the upper triangle of a Gram matrix."""
    data = np.random.default_rng(0).uniform(0, np.pi, (SAMPLES, FEATURES))
    rows, columns = np.triu_indices(SAMPLES, 1)
    return np.hstack([data[rows], data[columns]])


def gram_bytes(folder: Path) -> dict[str, Any]:
    """Bytes that the client sends, and receives, for a Gram matrix: three ways."""
    config = load_config("ibm_device")
    assert isinstance(config, IBMConfig)
    config = config.model_copy(update={"budget": 1e6, "max_execution_time": 10_000})
    values = pairs()
    figures: dict[str, Any] = {"samples": SAMPLES, "pairs": len(values), "shots": SHOTS}
    with LoopbackService(devices=("FakeBoston",), seed=0) as server:
        os.environ.update(server.environment())
        patience = Patience(settle=1, first_poll=0.1)
        recorder = Recorder(Ledger(folder / "gram.sqlite"), patience=patience)
        backend = IBMBackend(config, recorder, server.service)
        [compiled] = backend.compile([kernel_circuit()])
        bound = [compiled.assign_parameters(row) for row in values]

        def ours() -> None:
            backend.sampler(0).run([(compiled, values)], shots=SHOTS).result()

        def one_job() -> None:
            peer_sampler(backend).run(bound, shots=SHOTS).result()

        def one_job_each() -> None:
            for circuit in bound:
                peer_sampler(backend).run([circuit], shots=SHOTS).result()

        for name, run in (("ours", ours), ("one job", one_job), ("one job each", one_job_each)):
            before = len(server.requests)
            start = time.perf_counter()
            run()
            seconds = time.perf_counter() - start
            made = server.requests[before:]
            figures[name] = {
                "requests": len(made),
                "jobs": sum(r.method == "POST" and r.path == "/jobs" for r in made),
                "submitted_bytes": sum(
                    r.request_bytes for r in made if r.method == "POST" and r.path == "/jobs"
                ),
                "sent_bytes": sum(r.request_bytes for r in made),
                "received_bytes": sum(r.response_bytes for r in made),
                "seconds": seconds,
            }
    return figures


def peer_sampler(backend: IBMBackend) -> Any:
    """IBM's sampler as a library without broadcasting uses it."""
    from qiskit_ibm_runtime.executor_sampler import Sampler

    return Sampler(backend.device)


def overheads(folder: Path, repetitions: int) -> list[dict[str, Any]]:
    """Time of the same run with and without a ledger on the same simulator."""
    cases: list[tuple[str, str, list[QuantumCircuit], int]] = [
        ("50 circuits of 5 qubits", "aer_shots", [ansatz(5, 2, seed) for seed in range(50)], 1000),
        ("1,000 circuits of 5 qubits", "aer_shots", [ansatz(5, 2, s) for s in range(1000)], 1000),
        ("1 circuit, 10,000 sets", "aer_shots", [kernel_circuit()], 1000),
        ("1 circuit of 5 qubits", "aer_shots", [ansatz(5, 2, 0)], 1000),
        ("40 circuits of 14 qubits", "aer_shots", [ansatz(14, 8, s) for s in range(40)], 20_000),
        ("10 circuits of 16 qubits", "aer_shots", [ansatz(16, 8, s) for s in range(10)], 50_000),
        ("20 circuits of 7 qubits, noisy", "heron_r3", [ansatz(7, 3, s) for s in range(20)], 4000),
    ]
    return [overhead(folder / str(index), *case, repetitions) for index, case in enumerate(cases)]


def overhead(
    folder: Path,
    name: str,
    where: str,
    circuits: list[QuantumCircuit],
    shots: int,
    repetitions: int,
) -> dict[str, Any]:
    """One case: without a ledger, with one, and read from it."""
    plain = qml_algos.backend(where)
    compiled = plain.compile(circuits)
    pubs = [(circuit, sets_for(circuit)) for circuit in compiled]
    plain.sampler(0).run(pubs, shots=10).result()

    def without_ledger() -> None:
        plain.sampler(0).run(pubs, shots=shots).result()

    measured: dict[str, list[float]] = {"without": [], "first": [], "again": [], "ledger": []}
    for repetition in range(repetitions):
        ledger = Ledger(folder / f"{repetition}.sqlite")
        backend = TimedBackend(plain, Recorder(ledger))
        sampler = backend.sampler(0)

        def with_ledger(sampler: BaseSamplerV2 = sampler) -> None:
            sampler.run(pubs, shots=shots).result()

        measured["without"].append(seconds(without_ledger))
        measured["first"].append(seconds(with_ledger))
        # Within the same run, so that what else the machine does touches it less.
        measured["ledger"].append(measured["first"][-1] - sum(backend.sampling))
        measured["again"].append(seconds(with_ledger))
        ledger.close()
    medians = {key: statistics.median(values) for key, values in measured.items()}
    return {
        "case": name,
        "pubs": len(circuits),
        **{f"{key}_seconds": value for key, value in medians.items()},
        "overhead_ms_per_pub": 1e3 * medians["ledger"] / len(circuits),
        "overhead_share": medians["ledger"] / medians["without"],
    }


def sets_for(circuit: QuantumCircuit) -> np.ndarray | None:
    """Parameter sets of a sweep; none for a circuit without parameters."""
    count = circuit.num_parameters
    return np.random.default_rng(0).uniform(size=(10_000, count)) if count else None


class TimedBackend(RecordedBackend):
    """Notes the time spent in the sampler inside."""

    def __init__(self, inner: Backend, recorder: Recorder) -> None:
        super().__init__(inner, recorder)
        object.__setattr__(self, "sampling", [])

    sampling: list[float]

    def _run(self, units: Sequence[Unit]) -> list[PubResult]:
        start = time.perf_counter()
        results = super()._run(units)
        self.sampling.append(time.perf_counter() - start)
        return results


def ansatz(qubits: int, layers: int, seed: int) -> QuantumCircuit:
    """Layers of random rotations and neighbouring CX, measured."""
    rng = np.random.default_rng(seed)
    circuit = QuantumCircuit(qubits)
    for _ in range(layers):
        for qubit in range(qubits):
            circuit.ry(rng.uniform(0, 2 * np.pi), qubit)
        for qubit in range(qubits - 1):
            circuit.cx(qubit, qubit + 1)
    circuit.measure_all()
    return circuit


def seconds(run: Callable[[], object]) -> float:
    """Wall time."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def report(document: dict[str, Any]) -> None:
    """Print both tables with what was to be reached."""
    gram = document["gram"]
    print(f"Gram matrix of {gram['samples']} samples, {gram['pairs']} pairs")
    ours = gram["ours"]["submitted_bytes"]
    for name in ("ours", "one job", "one job each"):
        row = gram[name]
        print(
            f"  {name:<13} {row['jobs']:>4} jobs {row['requests']:>5} requests "
            f"{row['submitted_bytes']:>10,} B submitted ({row['submitted_bytes'] / ours:,.1f}x) "
            f"{row['sent_bytes']:>10,} B sent {row['received_bytes']:>10,} B received "
            f"{row['seconds']:.1f} s"
        )
    ratio = gram["one job each"]["submitted_bytes"] / ours
    print(f"  to reach: {TARGET_BYTES_RATIO}x; reached: {ratio:,.0f}x")
    print("Ledger overhead")
    for row in document["overhead"]:
        print(
            f"  {row['case']:<30} without {row['without_seconds']:.3f} s, first "
            f"{row['first_seconds']:.3f} s, again {row['again_seconds']:.3f} s: "
            f"{row['overhead_ms_per_pub']:+.2f} ms per PUB, {100 * row['overhead_share']:+.1f} %"
        )
    print(
        f"  to reach: under {TARGET_MS_PER_PUB} ms per PUB, and under {TARGET_SHARE:.0%} of a run "
        "over 1 s"
    )


if __name__ == "__main__":
    main()
