"""Benchmark of a parameter sweep: many sets of values for one small circuit.

``python benchmarks/aer_sweep.py --help``. The circuit is RealAmplitudes, compiled to cx, rz, sx
and x; every sampler gets it as one PUB with an array of parameter sets. The samplers take turns,
and what is compared are medians over the turns, so that a busy machine slows all of them alike.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import real_amplitudes
from qiskit.primitives import BackendSamplerV2, BaseSamplerV2, StatevectorSampler
from qiskit.primitives.containers import BitArray
from qiskit.quantum_info import Statevector
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

import qml_algos

OURS = "qml-algos"
STATEVECTOR = "StatevectorSampler"
BACKEND = "BackendSamplerV2"
AER = "Aer SamplerV2"
AER_OPTIONS: dict[str, dict[str, Any]] = {
    AER: {},
    f"{AER}, runtime binding": {"runtime_parameter_bind_enable": True},
    f"{AER}, 2 experiments": {"max_parallel_experiments": 2},
    f"{AER}, 1 thread": {"max_parallel_threads": 1},
    f"{AER}, runtime binding, 2 experiments": {
        "runtime_parameter_bind_enable": True,
        "max_parallel_experiments": 2,
    },
    f"{AER}, runtime binding, 1 thread": {
        "runtime_parameter_bind_enable": True,
        "max_parallel_threads": 1,
    },
}
TARGET_OF_BEST_AER = 1.2
TARGET_OF_STATEVECTOR = 0.25


@dataclass(frozen=True)
class Row:
    """What was measured for one sampler.

    Attributes
    ----------
    sampler
        Name.
    seconds
        Median.
    turns
        Seconds of every turn.
    of_ours
        Median relative to that of qml-algos.
    total_variation
        Mean over the parameter sets of the distance from the exact distribution.
    """

    sampler: str
    seconds: float
    turns: list[float]
    of_ours: float
    total_variation: float


def samplers(seed: int) -> dict[str, BaseSamplerV2]:
    """Open all of them."""
    simulator = AerSimulator(method="statevector", seed_simulator=seed)
    opened: dict[str, BaseSamplerV2] = {
        OURS: qml_algos.backend("aer_shots").sampler(seed),
        STATEVECTOR: StatevectorSampler(seed=seed),
        BACKEND: BackendSamplerV2(backend=simulator),
    }
    for name, chosen in AER_OPTIONS.items():
        options = {"backend_options": {"method": "statevector", **chosen}}
        opened[name] = SamplerV2(seed=seed, options=options)
    return opened


def make_sweep(
    qubits: int, layers: int, sets: int, seed: int
) -> tuple[QuantumCircuit, NDArray[np.float64]]:
    """Compile the circuit and draw its parameter sets."""
    circuit = real_amplitudes(qubits, reps=layers).measure_all(inplace=False)
    values = np.random.default_rng(seed).uniform(0, 2 * np.pi, (sets, circuit.num_parameters))
    [compiled] = qml_algos.backend("aer_shots").compile([circuit])
    return compiled, values


def exact_distributions(
    circuit: QuantumCircuit, values: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Probabilities of all outcomes for each parameter set."""
    bare = circuit.remove_final_measurements(inplace=False)
    return [Statevector(bare.assign_parameters(row)).probabilities() for row in values]


def total_variation(bits: BitArray, exact: Sequence[NDArray[np.float64]]) -> float:
    """Mean distance of samples from the exact distributions."""
    distances = []
    for index, probabilities in enumerate(exact):
        found = np.zeros(len(probabilities))
        for outcome, count in bits[index].get_int_counts().items():
            found[outcome] = count / bits.num_shots
        distances.append(float(np.abs(found - probabilities).sum()) / 2)
    return statistics.mean(distances)


def run_turn(
    opened: Mapping[str, BaseSamplerV2],
    circuit: QuantumCircuit,
    values: NDArray[np.float64],
    shots: int,
) -> dict[str, tuple[float, BitArray]]:
    """Run every sampler once, one after the other."""
    found = {}
    for name, sampler in opened.items():
        start = time.perf_counter()
        result = sampler.run([(circuit, values)], shots=shots).result()
        found[name] = (time.perf_counter() - start, result[0].data.meas)
    return found


def measure(
    circuit: QuantumCircuit, values: NDArray[np.float64], shots: int, turns: int, seed: int
) -> list[Row]:
    """Run all samplers in turns."""
    opened = samplers(seed)
    # The first run of a process also loads libraries: not to be timed.
    run_turn(opened, circuit, values[:1], 1)
    results = []
    for turn in range(turns):
        results.append(run_turn(opened, circuit, values, shots))
        print(f"turn {turn + 1} of {turns}", file=sys.stderr, flush=True)
    exact = exact_distributions(circuit, values)
    seconds = {name: [result[name][0] for result in results] for name in opened}
    median = {name: statistics.median(each) for name, each in seconds.items()}
    return [
        Row(
            sampler=name,
            seconds=median[name],
            turns=seconds[name],
            of_ours=median[name] / median[OURS],
            total_variation=total_variation(results[0][name][1], exact),
        )
        for name in opened
    ]


def markdown_table(rows: Sequence[Row]) -> str:
    """Lay the rows out as an aligned table, readable as it is and as Markdown."""
    cells = [
        ["sampler", "seconds", "of ours", "total variation"],
        *(
            [row.sampler, f"{row.seconds:.3f}", f"{row.of_ours:.2f}", f"{row.total_variation:.4f}"]
            for row in rows
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]

    def line(values: Sequence[str]) -> str:
        first, *others = values
        padded = [first.ljust(widths[0])]
        padded += [value.rjust(w) for value, w in zip(others, widths[1:], strict=True)]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(cells[0]), line(rule), *map(line, cells[1:])])


def check_targets(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """List the targets, and whether they were reached."""
    seconds = {row.sampler: row.seconds for row in rows}
    best = min(AER_OPTIONS, key=lambda name: seconds[name])
    checked = []
    for name, limit in ((best, TARGET_OF_BEST_AER), (STATEVECTOR, TARGET_OF_STATEVECTOR)):
        ratio = seconds[OURS] / seconds[name]
        text = f"{ratio:.2f} of the time of {name} (at most {limit:g})"
        checked.append((text, ratio <= limit))
    return checked


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--qubits", type=int, default=10)
    parser.add_argument("--layers", type=int, default=2, help="of RealAmplitudes")
    parser.add_argument("--sets", type=int, default=200, help="parameter sets")
    parser.add_argument("--shots", type=int, default=1024, help="of every set")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0, help="of values and shots")
    default = Path(__file__).parent / "results" / "aer_sweep.json"
    parser.add_argument("--out", type=Path, default=default, metavar="JSON")
    return parser.parse_args()


def main() -> None:
    """Run the benchmark, print the table and the targets, and write the JSON."""
    options = parse_options()
    circuit, values = make_sweep(options.qubits, options.layers, options.sets, options.seed)
    rows = measure(circuit, values, options.shots, options.turns, options.seed)
    targets = check_targets(rows)

    print(markdown_table(rows))
    for text, reached in targets:
        print(f"{'reached' if reached else 'MISSED '}  {text}")

    packages = ("qml-algos", "qiskit", "qiskit-aer", "numpy")
    report = {
        "versions": {"python": platform.python_version(), **{p: version(p) for p in packages}},
        "qubits": options.qubits,
        "parameters": circuit.num_parameters,
        "gates": dict(circuit.count_ops()),
        "sets": options.sets,
        "shots": options.shots,
        "seed": options.seed,
        "rows": [asdict(row) for row in rows],
        "targets": [{"target": text, "reached": reached} for text, reached in targets],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
