"""Quantum-native rivals of the matrix product state: IQP circuits, and circuits of a few layers.

Run: OMP_NUM_THREADS=1 python benchmarks/quantum_rivals.py [--data DIR] [--parts large ...]
Seconds are those of the processor. The parts "nltcs" and "start" need the folder with the files
NAME.train.data, NAME.valid.data and NAME.test.data of nltcs; "plants" those of plants. Total
variation is that from the training samples, beside that of as many samples from the model. Each
part is kept in results/quantum_rivals.json under its name.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.frozen import FrozenEstimator

from linear_report import keep, now, table, versions
from qml_algos.generative.circuit_born_machine import CircuitBornMachine
from qml_algos.generative.classical import CLASSICAL
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.structured import make_bars_and_stripes
from qml_algos.generative.iqp_born_machine import IQPBornMachine
from qml_algos.generative.metrics import (
    empirical_probabilities,
    mmd_squared,
    mmd_squared_exact,
    model_probabilities,
    shot_noise,
    total_variation,
)
from qml_algos.generative.mps_born_machine import MPSBornMachine

RESULTS = Path(__file__).with_name("results") / "quantum_rivals.json"
BANDWIDTH = 1.0
"""Of the kernel that models of few variables are compared by."""
Line = dict[str, Any]


def fitted(model: Any, *data: Any, **more: Any) -> tuple[Any, float]:
    """Fit; return the model and the seconds."""
    start = time.process_time()
    model.fit(*data, **more)
    return model, time.process_time() - start


def described(name: str, model: Any, taken: float, train: Any, test: Any) -> Line:
    """Describe a model of at most 20 bits in a line of a table."""
    sizes = [2] * train.shape[1]
    p, q = model_probabilities(model, sizes), empirical_probabilities(train, sizes)
    line = {
        "model": name,
        "parameters": parameters(model),
        "steps": steps(model),
        "test_nll": -float(model.score(test)),
        "tv": total_variation(p, q),
        "tv_by_chance": shot_noise(p, len(train)).expected,
        "mmd2": mmd_squared_exact(p, q, sizes, BANDWIDTH),
        "cpu_seconds": taken,
    }
    print(line, flush=True)
    return line


def parameters(model: Any) -> int | None:
    """Count what was trained step by step."""
    if isinstance(model, MPSBornMachine):
        return sum(core.size for core in model.cores_)
    return len(model.angles_) if hasattr(model, "angles_") else None


def steps(model: Any) -> int | None:
    """Count steps, or two-way sweeps."""
    for name in ("losses_", "train_losses_"):
        if hasattr(model, name):
            return len(getattr(model, name))
    return None


def nltcs(folder: Path) -> list[Line]:
    """Models of 16 variables, everything chosen on validation samples."""
    read = read_density_set(folder, "nltcs")
    train, valid, test = (part.X for part in (read.train, read.valid, read.test))
    models: dict[str, Any] = {
        "MPS, D = 8": MPSBornMachine(8, max_sweeps=200),
        "Chow-Liu": CLASSICAL["chow-liu"](),
        "IQP, pairs, mmd": IQPBornMachine(random_state=0),
        "IQP, pairs, mmd, sampled": IQPBornMachine(method="sampled", random_state=0),
        "IQP, pairs, likelihood": IQPBornMachine(loss="likelihood", random_state=0),
        "IQP, triples, mmd": IQPBornMachine(3, random_state=0),
        "IQP, triples, likelihood": IQPBornMachine(3, loss="likelihood", random_state=0),
        "IQP, up to 4, mmd": IQPBornMachine(4, random_state=0),
        "circuit from MPS": CircuitBornMachine(
            start=MPSBornMachine(8, max_sweeps=200), start_rounds=4, layers=1, random_state=0
        ),
    }
    return [
        described(name, *fitted(model, train, X_valid=valid), train, test)
        for name, model in models.items()
    ]


def start(folder: Path) -> list[Line]:
    """Train a circuit from an MPS, and the same one from random angles, in equal steps."""
    read = read_density_set(folder, "nltcs")
    pictures = make_bars_and_stripes(3, 3).X
    slow, fast = MPSBornMachine(8, max_sweeps=200), MPSBornMachine(8, learning_rate=0.2)
    sets = {
        "nltcs": (slow.fit(read.train.X, X_valid=read.valid.X), read.train.X, read.test.X, 150, 4),
        "bars and stripes 3x3": (fast.fit(pictures), pictures, pictures, 200, 6),
    }
    lines = []
    for name, (mps, train, test, count, rounds) in sets.items():
        for loss in ("likelihood", "mmd"):
            options: Line = {"loss": loss, "max_steps": count, "patience": count, "tol": 0.0}
            model, taken = fitted(
                CircuitBornMachine(
                    start=FrozenEstimator(mps),
                    start_rounds=rounds,
                    layers=1,
                    **options,
                ),
                train,
            )
            begins = {f"from MPS (NLL {-model.start_.score(test):.3f})": (model, taken)}
            for rate in (0.02, 0.1):
                other = CircuitBornMachine(
                    model.ansatz_, learning_rate=rate, random_state=0, **options
                )
                begins[f"random angles, rate {rate}"] = fitted(other, train)
            for begin, (each, seconds) in begins.items():
                line = described(begin, each, seconds, train, test)
                path = each.monitored_losses_.tolist()
                lines.append({"set": name, "loss": loss} | line | {"path": path})
    return lines


def chain(samples: int, variables: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Draw bits of which each differs from the one before it with probability 0.1."""
    changes = generator.random((samples, variables)) < 0.1
    drawn: NDArray[np.int64] = (
        generator.integers(0, 2, size=(samples, 1)) + changes.cumsum(axis=1)
    ) % 2
    return drawn


def discrepancy_lines(name: str, train: Any, valid: Any, test: Any) -> list[Line]:
    """Compare an IQP circuit that has no likelihood with classical models, by discrepancy."""
    model, taken = fitted(IQPBornMachine(random_state=0), train, X_valid=valid)
    estimate = model.mmd(test, random_state=1)
    lines = [
        {
            "set": name,
            "model": "IQP, pairs",
            "parameters": len(model.angles_),
            "mmd2": estimate.value,
            "error": estimate.standard_error,
            "steps": len(model.losses_),
            "cpu_seconds_per_step": taken / len(model.losses_),
            "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
            "cx": model.to_circuit().count_ops()["cx"],
        }
    ]
    for other in ("independent", "chow-liu"):
        drawn = CLASSICAL[other]().fit(train).sample(len(test), random_state=0)
        values = [mmd_squared(drawn, test, width) for width in model.bandwidths_]
        lines.append(
            {"set": name, "model": other, "parameters": None, "mmd2": float(np.mean(values))}
            | dict.fromkeys(list(lines[0])[4:])
        )
    for line in lines:
        print(line, flush=True)
    return lines


def large() -> list[Line]:
    """Chains of 128 and 256 bits."""
    lines = []
    for variables in (128, 256):
        generator = np.random.default_rng(0)
        train, valid, test = (chain(5000, variables, generator) for _ in range(3))
        lines += discrepancy_lines(f"chain of {variables}", train, valid, test)
    return lines


def plants(folder: Path) -> list[Line]:
    """Sixty-nine variables."""
    read = read_density_set(folder, "plants")
    return discrepancy_lines("plants", read.train.X, read.valid.X, read.test.X)


def show(title: str, lines: list[Line]) -> None:
    """Print a table; paths are kept only."""
    cells = [
        [
            f"{value:.4g}" if isinstance(value, float) else str(value)
            for key, value in line.items()
            if key != "path"
        ]
        for line in lines
    ]
    heads = [key for key in lines[0] if key != "path"]
    print(f"\n{title}\n{table(heads, cells, 0)}", flush=True)


def main() -> None:
    """Measure and keep the parts asked for."""
    parts: dict[str, Callable[[], list[Line]]] = {"large": large}
    with_data: dict[str, Callable[[Path], list[Line]]] = {
        "nltcs": nltcs,
        "start": start,
        "plants": plants,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the density-estimation sets")
    parser.add_argument("--parts", nargs="+", choices=[*parts, *with_data])
    given = parser.parse_args()
    # The first step imports PennyLane.
    IQPBornMachine(max_steps=1).fit(np.eye(2, dtype=int))
    for name in given.parts or [*parts, *(with_data if given.data else ())]:
        if name in with_data and given.data is None:
            parser.error(f"the part {name} needs --data")
        lines = with_data[name](given.data) if name in with_data else parts[name]()
        show(name, lines)
        keep(
            RESULTS, name, {"at": now(), "versions": versions("numpy", "pennylane"), "rows": lines}
        )


if __name__ == "__main__":
    main()
