"""The matrix-product-state Born machine: likelihoods reached, and seconds per sweep and sample.

Run: OMP_NUM_THREADS=1 python benchmarks/born_machine.py [--data DIR] [--parts bars digits ...]
Seconds are those of the processor, the least of several runs where a run is short. The parts
"density" and "variants" need the folder with the files NAME.train.data, NAME.valid.data and
NAME.test.data of nltcs and plants. Each part is kept in results/born_machine.json under its name.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

from circuits.matrix_product_state import mps_preparation
from linear_report import keep, now, table, versions
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.data.structured import make_bars_and_stripes
from qml_algos.generative.mps.chain import orthonormalised
from qml_algos.generative.mps.markov import markov_cores
from qml_algos.generative.mps.one_site import OneSiteSweeper
from qml_algos.generative.mps.sweeps import Sweeper
from qml_algos.generative.mps_born_machine import MPSBornMachine

RESULTS = Path(__file__).with_name("results") / "born_machine.json"
DENSITY = (("nltcs", 8), ("nltcs", 16), ("plants", 16), ("plants", 32))
"""Sets and bond dimensions."""
VARIANTS: dict[str, dict[str, Any]] = {
    "two-site": {"smoothing": "none"},
    "one-site": {"smoothing": "none", "sweeps": "one-site"},
    "both": {"smoothing": "none", "sweeps": "both"},
    "complex": {"smoothing": "none", "dtype": "complex128"},
    "smoothed": {},
}
"""Of the model, and the bond dimensions at which they are compared, with what sets."""
VARIED = (("nltcs", 4), ("nltcs", 8), ("plants", 8))
BATCHES: tuple[dict[str, Any], ...] = (
    {"batch_size": 2000, "learning_rate": 0.005, "max_sweeps": 2},
    {"batch_size": 2000, "learning_rate": 0.002, "max_sweeps": 2},
    {"batch_size": None, "learning_rate": 0.02, "max_sweeps": 5},
    {"batch_size": None, "learning_rate": 0.1, "max_sweeps": 5},
)
"""Mini-batches before all samples at once: the peak of memory only grows."""
SHOTS = 1000
ORDERS = {
    "rows": list(range(64)),
    "columns": [8 * row + column for column in range(8) for row in range(8)],
}
"""Of the pixels of a digit along the chain."""


def seconds(work: Callable[[], Any], runs: int = 5) -> tuple[Any, float]:
    """Run something several times; return its last result and the least seconds."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        found = work()
        taken.append(time.process_time() - start)
    return found, min(taken)


def bars() -> list[dict[str, Any]]:
    """Bars and stripes of 4 x 4 pixels: the whole fit, from data to the state."""
    X = make_bars_and_stripes(4, 4).X
    lines = []
    for rate, sweeps in ((0.02, 40), (0.1, 6), (0.2, 4), (0.3, 3)):
        model = MPSBornMachine(16, order="natural", learning_rate=rate, max_sweeps=sweeps)
        fitted, taken = seconds(partial(model.fit, X), 15)
        lines.append(
            {
                "learning_rate": rate,
                "sweeps": len(fitted.train_losses_),
                "nll": -fitted.score(X),
                "cpu_seconds": taken,
            }
        )
    return lines


def sweeps() -> list[dict[str, Any]]:
    """One two-way sweep over 1,500 binarised digits, bonds fully grown."""
    X = load_binary_digits()[0].X.astype(np.intp)
    weights, sizes = np.full(len(X), 1 / len(X)), [2] * X.shape[1]
    chain = orthonormalised(markov_cores(X, np.ones(len(X)), sizes), 2)
    lines = []
    for bond in (8, 16, 32, 64):
        taken = {}
        for name, phase in (("cpu_seconds", 1), ("complex_cpu_seconds", np.exp(0.3j))):
            sweeper = Sweeper(X, weights, sizes, bond_dimension=bond, clip=100)
            sweeper.start([core * phase for core in chain], 0.0)
            for _ in range(4):
                sweeper.sweep(0.03)
            _, taken[name] = seconds(partial(sweeper.sweep, 0.03), 15)
            if name == "cpu_seconds":
                single = OneSiteSweeper(X, weights, clip=100)
                single.start(sweeper.cores, 0.0)
                _, taken["one_site_cpu_seconds"] = seconds(partial(single.sweep, 0.03), 15)
        lines.append({"bond_dimension": bond} | taken)
    return lines


def large() -> list[dict[str, Any]]:
    """One two-way sweep over 100,000 samples of 100 variables at bond dimension 32."""
    generator = np.random.default_rng(0)
    X = generator.integers(0, 2, size=(100_000, 100))
    cores = [generator.normal(size=(1 if k == 0 else 32, 2, 32)) for k in range(100)]
    cores[-1] = cores[-1][:, :, :1]
    sweeper = Sweeper(X, np.full(len(X), 1e-5), [2] * 100, bond_dimension=32, clip=100)
    sweeper.start(orthonormalised(cores, 32), 0.0)
    _, taken = seconds(partial(sweeper.sweep, 0.03), 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return [{"samples": len(X), "variables": 100, "cpu_seconds": taken, "peak_gib": peak}]


def digits() -> list[dict[str, Any]]:
    """Binarised digits; "best test" stops on the test set, as the figures of other programs do."""
    train, test = (part.X for part in load_binary_digits())
    held_out = np.random.default_rng(0).permutation(len(train)) < 250
    lines = []
    for name, order in ORDERS.items():
        for bond in (16, 32):
            model = MPSBornMachine(bond, order=order)
            for stopping, X, valid in (
                ("best test", train, test),
                ("250 held out", train[~held_out], train[held_out]),
            ):
                line = fitted_line(model, X, valid, test)
                lines.append({"order": name, "stopping": stopping} | line)
    return lines


def density(folder: Path) -> list[dict[str, Any]]:
    """Train on sets of the density-estimation literature, everything chosen on validation."""
    lines = []
    for name, bond in DENSITY:
        read = read_density_set(folder, name)
        model = MPSBornMachine(bond, max_sweeps=200)
        line = fitted_line(model, read.train.X, read.valid.X, read.test.X)
        lines.append({"set": name} | line)
    return lines


def variants(folder: Path) -> list[dict[str, Any]]:
    """Compare complex amplitudes, one-site sweeps and smoothing with the plain model."""
    lines = []
    for name, bond in VARIED:
        read = read_density_set(folder, name)
        for label, options in VARIANTS.items():
            model = MPSBornMachine(bond, max_sweeps=200, random_state=0, **options)
            line = fitted_line(model, read.train.X, read.valid.X, read.test.X)
            lines.append({"set": name, "variant": label} | line)
    return lines


def batches() -> list[dict[str, Any]]:
    """50,000 samples of a model of the digits, in mini-batches and at once, then the memory."""
    source = MPSBornMachine(16, order="natural", max_sweeps=20).fit(load_binary_digits()[0].X)
    X, test = source.sample(50_000, random_state=0), source.sample(5_000, random_state=1)
    print("the source itself:", -source.score(test))
    lines = []
    for options in BATCHES:
        model = MPSBornMachine(16, order="natural", random_state=0, **options)
        fitted, taken = seconds(partial(model.fit, X), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        found = {"test_nll": -fitted.score(test), "cpu_seconds": taken, "peak_gib": peak}
        lines.append(options | found)
        print(lines[-1], flush=True)
    return lines


def fitted_line(
    model: MPSBornMachine, train: NDArray[Any], valid: NDArray[Any], test: NDArray[Any]
) -> dict[str, Any]:
    """Fit and describe in one line of a table."""
    fitted, taken = seconds(partial(model.fit, train, X_valid=valid), 1)
    line = {
        "bond_dimension": model.bond_dimension,
        "sweeps": fitted.n_sweeps_,
        "shrinkage": fitted.shrinkage_,
        "smoothing": fitted.smoothing_,
        "train_nll": -fitted.score(train),
        "valid_nll": -fitted.score(valid),
        "test_nll": -fitted.score(test),
        "cpu_seconds": taken,
    }
    print(line, flush=True)
    return line


def sampling() -> list[dict[str, Any]]:
    """Draw from models of the digits, and from the same states by the MPS method of Aer."""
    X = load_binary_digits()[0].X
    lines = []
    for bond in (8, 16):
        model = MPSBornMachine(bond, order="natural", max_sweeps=10).fit(X)
        model.sample(10, random_state=0)
        drawn, direct = seconds(partial(model.sample, 10_000, random_state=0), 3)
        circuit = mps_preparation(model.cores_)
        circuit.measure_all()
        simulated_counts, simulated = seconds(partial(aer_counts, circuit), 1)
        # Qubit 0 is the last variable of the chain, and the last character.
        seen = np.array([[int(bit) for bit in key] for key in simulated_counts])
        mean = np.average(model.score_samples(seen), weights=list(simulated_counts.values()))
        lines.append(
            {
                "bond_dimension": bond,
                "direct_us": 1e6 * direct / len(drawn),
                "aer_us": 1e6 * simulated / SHOTS,
                "ratio": simulated / SHOTS / (direct / len(drawn)),
                "direct_nll": -model.score(drawn),
                "aer_nll": -float(mean),
            }
        )
    return lines


def aer_counts(circuit: QuantumCircuit) -> dict[str, int]:
    """Sample a circuit by the MPS method of Aer."""
    simulator = AerSimulator(method="matrix_product_state", max_parallel_threads=1)
    return simulator.run(circuit, shots=SHOTS, seed_simulator=1).result().get_counts()


def show(title: str, lines: list[dict[str, Any]]) -> None:
    """Print a table."""
    cells = [
        [f"{value:.4g}" if isinstance(value, float) else str(value) for value in line.values()]
        for line in lines
    ]
    print(f"\n{title}\n{table(list(lines[0]), cells, 0)}", flush=True)


def main() -> None:
    """Measure and keep the parts asked for."""
    parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "bars": bars,
        "sweeps": sweeps,
        "large": large,
        "digits": digits,
        "sampling": sampling,
        "batches": batches,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the density-estimation sets")
    parser.add_argument("--parts", nargs="+", choices=[*parts, "density", "variants"])
    given = parser.parse_args()
    if given.data is not None:
        parts["density"] = lambda: density(given.data)
        parts["variants"] = lambda: variants(given.data)
    for name in given.parts or parts:
        if name not in parts:
            parser.error(f"the part {name} needs --data")
        lines = parts[name]()
        show(name, lines)
        keep(
            RESULTS, name, {"at": now(), "versions": versions("numpy", "qiskit-aer"), "rows": lines}
        )


if __name__ == "__main__":
    main()
