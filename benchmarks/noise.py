"""Benchmark of the noisy backend: speed and rightness beside IBM's local testing mode.

``python benchmarks/noise.py --help``. One run, one machine, one compiled circuit.

Compared are 4,096 shots of a small circuit under the noise of the same calibration snapshot:
qml-algos' backend ``heron_r3``, and the sampler of IBM's client in its local testing mode on
``FakeBoston``. *Cold* is the first run with everything that it builds: snapshot, noise model,
simulator; imports and compiling are not in it. *Warm* is the median of the runs after it on the
same sampler; processor seconds, of all threads, show what a busy machine adds to the clock's.
Distances are the total variation distance to the exact distribution, averaged over the warm runs: a
density matrix under the gates' noise, with readout errors applied to its diagonal. The two models
of readout differ, IBM's local mode being symmetric, so each sampler is held against both; what
finite sampling alone gives is printed beside it.

The second table is qml-algos alone, warm: what each method of simulation takes at each size. Where
fewer shots were run than are reported, the time is scaled up and says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import real_amplitudes
from qiskit.primitives import BaseSamplerV2
from qiskit.primitives.containers import BitArray
from qiskit_aer import AerSimulator

from qml_algos.backends import backend, snapshots
from qml_algos.backends.config import NoiseMethods
from qml_algos.backends.cut import cut_circuit, used_qubits
from qml_algos.backends.noise_model import cut_noise
from qml_algos.backends.noisy import NoisyBackend
from qml_algos.backends.readout_errors import Misreading

SHOTS = 4_096
TARGET_RATIO = 20.0
STOCK_RUNS = 3
OUR_RUNS = 8
LAYERED = "RealAmplitudes, 2 layers"
ENTANGLING = "brickwork, 14 layers"
LARGEST = {"density_matrix": 14, "branching": 20, "matrix_product_state": 30}
# Qubits, circuit, method, shots: fewer where all of them would take minutes.
SIZES = [
    (5, LAYERED, "density_matrix", SHOTS),
    (5, LAYERED, "branching", SHOTS),
    (5, LAYERED, "matrix_product_state", SHOTS),
    (10, LAYERED, "density_matrix", SHOTS),
    (10, LAYERED, "branching", SHOTS),
    (11, LAYERED, "density_matrix", SHOTS),
    (12, LAYERED, "density_matrix", SHOTS),
    (12, LAYERED, "branching", SHOTS),
    (12, LAYERED, "matrix_product_state", 256),
    (15, LAYERED, "branching", SHOTS),
    (18, LAYERED, "branching", SHOTS),
    (18, LAYERED, "matrix_product_state", 256),
    (25, LAYERED, "matrix_product_state", 128),
    (14, ENTANGLING, "branching", SHOTS),
    (14, ENTANGLING, "matrix_product_state", 4),
]


@dataclass(frozen=True)
class Comparison:
    """One sampler on the small circuit.

    Distances are total variation, to the exact distribution with asymmetric and with symmetric
    readout errors, means over the runs after the first; ``warm`` are the seconds of these.
    """

    sampler: str
    cold_seconds: float
    warm_seconds: float
    warm_processor_seconds: float
    warm: list[float]
    distance_asymmetric: float
    distance_symmetric: float


@dataclass(frozen=True)
class Size:
    """One method of qml-algos at one size; ``seconds`` are for `SHOTS` shots."""

    circuit: str
    qubits: int
    method: str
    shots_run: int
    seconds: float
    processor_seconds: float
    extrapolated: bool


def make_circuit(qubits: int, kind: str, seed: int) -> QuantumCircuit:
    """Make a measured circuit with random angles."""
    rng = np.random.default_rng([seed, qubits])
    if kind == LAYERED:
        ansatz = real_amplitudes(qubits, reps=2, entanglement="linear")
        circuit = ansatz.assign_parameters(rng.uniform(-np.pi, np.pi, ansatz.num_parameters))
    else:
        circuit = brickwork(qubits, 14, rng)
    circuit.measure_all()
    return circuit


def brickwork(qubits: int, layers: int, rng: np.random.Generator) -> QuantumCircuit:
    """Entangle as much as neighbours can: bond dimension 2**(qubits / 2) after as many layers."""
    circuit = QuantumCircuit(qubits)
    for layer in range(layers):
        for qubit in range(qubits):
            circuit.ry(rng.uniform(0, np.pi), qubit)
            circuit.rz(rng.uniform(0, np.pi), qubit)
        for low in range(layer % 2, qubits - 1, 2):
            circuit.cz(low, low + 1)
    return circuit


class Stopwatch:
    """Wall-clock and processor time since it was made."""

    def __init__(self) -> None:
        self._start = (time.perf_counter(), time.process_time())

    def read(self) -> tuple[float, float]:
        """Seconds by the clock, and seconds of all threads together."""
        clock, processor = self._start
        return time.perf_counter() - clock, time.process_time() - processor


def compare(
    name: str,
    open_sampler: Callable[[], BaseSamplerV2],
    circuit: QuantumCircuit,
    runs: int,
    references: Sequence[NDArray[np.float64]],
) -> Comparison:
    """Time a sampler and hold its samples against two distributions."""
    stopwatch = Stopwatch()
    sampler = open_sampler()
    sampler.run([circuit], shots=SHOTS).result()
    cold, _ = stopwatch.read()
    warm: list[tuple[float, float]] = []
    samples: list[BitArray] = []
    for _ in range(runs):
        stopwatch = Stopwatch()
        samples.append(sampler.run([circuit], shots=SHOTS).result()[0].data.meas)
        warm.append(stopwatch.read())
    distances = [
        float(np.mean([distance(bits, reference) for bits in samples])) for reference in references
    ]
    clock, processor = zip(*warm, strict=True)
    return Comparison(name, cold, median(clock), median(processor), list(clock), *distances)


def distance(bits: BitArray, distribution: NDArray[np.float64]) -> float:
    """Total variation distance between samples and a distribution."""
    found = np.zeros(len(distribution))
    for value, count in bits.get_int_counts().items():
        found[value] = count / bits.num_shots
    return float(np.abs(found - distribution).sum() / 2)


def expected_distance(distribution: NDArray[np.float64]) -> float:
    """Mean distance of samples from their own distribution, by the normal approximation."""
    spread = np.sqrt(distribution * (1 - distribution) / SHOTS)
    return float(np.sqrt(2 / np.pi) * spread.sum() / 2)


def exact_distributions(
    ours: NoisyBackend, compiled: QuantumCircuit
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact noisy distributions over the measured bits: readout asymmetric, and symmetric."""
    qubits = used_qubits(compiled)
    noise = cut_noise(ours.device, qubits)
    cut = cut_circuit(compiled, qubits)
    measured = {
        cut.find_bit(item.clbits[0]).index: cut.find_bit(item.qubits[0]).index
        for item in cut.data
        if item.operation.name == "measure"
    }
    state = cut.remove_final_measurements(inplace=False)
    order = [measured[bit] for bit in range(len(measured))]
    state.save_probabilities(order)
    simulator = AerSimulator(method="density_matrix", noise_model=noise.gates)
    before = simulator.run(state).result().data()["probabilities"]
    asymmetric = [noise.readout["measure", qubit] for qubit in order]
    rates = [ours.device.target["measure"][(qubits[qubit],)].error for qubit in order]
    symmetric = [Misreading(zero_as_one=rate, one_as_zero=rate) for rate in rates]
    return with_readout(before, asymmetric), with_readout(before, symmetric)


def with_readout(
    distribution: NDArray[np.float64], misreadings: Sequence[Misreading]
) -> NDArray[np.float64]:
    """Apply readout errors, given from bit 0 on, to a distribution."""
    array = distribution.reshape([2] * len(misreadings))
    for axis, wrong in enumerate(reversed(misreadings)):
        table = np.array(
            [
                [1 - wrong.zero_as_one, wrong.one_as_zero],
                [wrong.zero_as_one, 1 - wrong.one_as_zero],
            ]
        )
        array = np.moveaxis(np.tensordot(table, array, axes=(1, axis)), 0, axis)
    return array.ravel()


def open_noisy(method: str | None = None) -> NoisyBackend:
    """Open ``heron_r3``, with one method for everything if asked for."""
    opened = backend("heron_r3")
    assert isinstance(opened, NoisyBackend)
    if method is None:
        return opened
    sizes = {"density_matrix": 0, "branching": 0, "matrix_product_state": 0}
    methods = NoiseMethods(**{**sizes, method: LARGEST[method]}, max_seconds=1e9)
    return NoisyBackend(opened.config.model_copy(update={"methods": methods}))


def cold_sampler() -> BaseSamplerV2:
    """Open our sampler as the first in its process, the snapshot to be read still."""
    snapshots._shipped.cache_clear()
    return open_noisy().sampler()


def stock_sampler() -> BaseSamplerV2:
    """Open the sampler of IBM's client in its local testing mode."""
    from qiskit_ibm_runtime.executor_sampler import Sampler
    from qiskit_ibm_runtime.fake_provider import FakeBoston

    sampler: BaseSamplerV2 = Sampler(mode=FakeBoston())
    return sampler


def run_comparison(seed: int) -> tuple[list[Comparison], tuple[float, float]]:
    """Run both samplers on the same compiled circuit; also how far samples are off by chance."""
    ours = open_noisy()
    [compiled] = ours.compile([make_circuit(5, LAYERED, seed)])
    references = exact_distributions(ours, compiled)
    rows = [
        compare("qml-algos", cold_sampler, compiled, OUR_RUNS, references),
        compare("IBM local testing mode", stock_sampler, compiled, STOCK_RUNS, references),
    ]
    first, second = (expected_distance(reference) for reference in references)
    return rows, (first, second)


def run_size(qubits: int, kind: str, method: str, shots: int, seed: int) -> Size:
    """Time one method at one size, the noise model being built already."""
    ours = open_noisy(method)
    [compiled] = ours.compile([make_circuit(qubits, kind, seed)])
    sampler = ours.sampler(seed)
    sampler.run([compiled], shots=1).result()
    stopwatch = Stopwatch()
    sampler.run([compiled], shots=shots).result()
    clock, processor = stopwatch.read()
    # Only matrix product states are run with fewer shots, whose time is proportional to them.
    scale = SHOTS / shots
    used = len(used_qubits(compiled))
    return Size(kind, used, method, shots, clock * scale, processor * scale, scale != 1)


def print_comparison(rows: Sequence[Comparison], chance: tuple[float, float]) -> float:
    """Print the first table; return how many times faster qml-algos is, warm."""
    print("| 5 qubits, 4,096 shots | cold s | warm s | CPU s | distance, asymmetric | symmetric |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        print(
            f"| {row.sampler} | {row.cold_seconds:.2f} | {row.warm_seconds:.3f} | "
            f"{row.warm_processor_seconds:.3f} | "
            f"{row.distance_asymmetric:.4f} | {row.distance_symmetric:.4f} |"
        )
    print(f"| sampling alone | | | | {chance[0]:.4f} | {chance[1]:.4f} |")
    ours, stock = rows
    ratio = stock.warm_seconds / ours.warm_seconds
    print(f"warm: {ratio:.0f} times faster; cold: {stock.cold_seconds / ours.cold_seconds:.0f}")
    print(f"{'reached' if ratio >= TARGET_RATIO else 'MISSED '}  at least {TARGET_RATIO:g} times")
    return ratio


def print_sizes(rows: Sequence[Size]) -> None:
    """Print the second table."""
    print("| circuit | qubits | method | s for 4,096 shots | CPU s |")
    print("| --- | ---: | --- | ---: | ---: |")
    for row in rows:
        note = f" (from {row.shots_run} shots)" if row.extrapolated else ""
        figures = f"{row.seconds:,.2f}{note} | {row.processor_seconds:,.2f}"
        print(f"| {row.circuit} | {row.qubits} | {row.method} | {figures} |")


def versions() -> dict[str, str]:
    """Versions of what the measurements depend on, and the number of processors."""
    names = ("qml-algos", "qiskit", "qiskit-aer", "qiskit-ibm-runtime", "numpy")
    found = {name: version(name) for name in names}
    return {"python": platform.python_version(), **found, "processors": str(os.cpu_count())}


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of angles and samples")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "noise.json", metavar="JSON"
    )
    return parser.parse_args()


def main() -> None:
    """Run the benchmark, print the tables, and write the JSON."""
    options = parse_options()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    # The first compilation and simulation of a process also load plugins: not to be timed.
    warm_up = open_noisy()
    [compiled] = warm_up.compile([make_circuit(2, LAYERED, options.seed)])
    warm_up.sampler().run([compiled], shots=10).result()

    compared, chance = run_comparison(options.seed)
    ratio = print_comparison(compared, chance)
    sizes = []
    for size in SIZES:
        sizes.append(run_size(*size, options.seed))
        print(f"{size}: {sizes[-1].seconds:.2f} s", file=sys.stderr, flush=True)
    print_sizes(sizes)

    report: dict[str, Any] = {
        "versions": versions(),
        "seed": options.seed,
        "shots": SHOTS,
        "comparison": [asdict(row) for row in compared],
        "distance_by_sampling_alone": {"asymmetric": chance[0], "symmetric": chance[1]},
        "warm_ratio": ratio,
        "target_ratio": TARGET_RATIO,
        "sizes": [asdict(row) for row in sizes],
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
