"""Classical density estimators of discrete data: likelihood on test data, and time.

Run: OMP_NUM_THREADS=1 python benchmarks/density_baselines.py [--data DIR] [--sets nltcs plants]
The digits of scikit-learn are always measured; DIR holds NAME.train.data and so on of the others.
Whatever is chosen, numbers of components and when to stop, is chosen on validation data. The digits
come without: it is the last 200 of 1,500, from which models that choose nothing learn as well.
Seconds are those of the processor. Each set is kept in results/density_baselines.json.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from linear_report import keep, now, table, versions
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.classical import (
    MADE,
    BernoulliRBMDensity,
    CategoricalMixture,
    ChowLiuMixture,
    ChowLiuTree,
    IndependentModel,
    MarkovChain,
)
from qml_algos.generative.data.density_sets import density_set_names, read_density_set
from qml_algos.generative.data.digits import load_binary_digits

RESULTS = Path(__file__).with_name("results") / "density_baselines.json"
FIXED: dict[str, DiscreteDensity] = {
    "independent": IndependentModel(),
    "Markov chain": MarkovChain(),
    "Chow-Liu tree": ChowLiuTree(),
    "RBM, 16 hidden": BernoulliRBMDensity(16, random_state=0),
    "RBM, 128 hidden": BernoulliRBMDensity(128, annealing_steps=2000, random_state=0),
}
"""What chooses nothing."""
VALIDATED: dict[str, DiscreteDensity] = {
    "mixture of products": CategoricalMixture([60, 240], random_state=0),
    "mixture of trees": ChowLiuMixture([8, 32], random_state=0),
    "MADE, 500 hidden": MADE((500,), random_state=0),
}


def fitted(model: DiscreteDensity, **data: Any) -> tuple[DiscreteDensity, float]:
    """Fit a copy and time it."""
    start = time.process_time()
    found = clone(model).fit(**data)
    return found, time.process_time() - start


def line(
    name: str, model: DiscreteDensity, seconds: float, test: NDArray[np.int64]
) -> dict[str, Any]:
    """Describe a fit: NLL in nats per sample, its standard error, and what was chosen."""
    losses = -model.score_samples(test)
    found = {
        "model": name,
        "test_nll": float(losses.mean()),
        "standard_error": float(losses.std(ddof=1) / np.sqrt(len(losses))),
        "cpu_seconds": seconds,
        "components": getattr(model, "n_components_", None),
        "iterations": getattr(model, "n_iter_", None),
        "log_partition_error": getattr(model, "log_partition_error_", None),
    }
    print(found, file=sys.stderr, flush=True)
    return found


def measured(
    train: NDArray[np.int64],
    valid: NDArray[np.int64],
    test: NDArray[np.int64],
    everything: NDArray[np.int64],
) -> list[dict[str, Any]]:
    """Fit every model, once; those that choose nothing learn from ``everything``."""
    lines = []
    for name, model in FIXED.items():
        lines.append(line(name, *fitted(model, X=everything), test))
    for name, model in VALIDATED.items():
        lines.append(line(name, *fitted(model, X=train, X_valid=valid), test))
    return lines


def show(title: str, lines: list[dict[str, Any]]) -> None:
    """Print a table of one set."""
    cells = [
        [
            row["model"],
            f"{row['test_nll']:.3f}",
            f"{row['standard_error']:.3f}",
            f"{row['log_partition_error']:.3f}" if row["log_partition_error"] else "",
            str(row["components"] or ""),
            str(row["iterations"] or ""),
            f"{row['cpu_seconds']:.3f}",
        ]
        for row in lines
    ]
    header = ["model", "test NLL", "+-", "log Z +-", "components", "iterations", "CPU seconds"]
    print(f"\n{title}\n{table(header, cells, 1)}", flush=True)


def digits() -> list[dict[str, Any]]:
    """Measure the digits."""
    train, test = (part.X for part in load_binary_digits())
    return measured(train[:-200], train[-200:], test, train)


def density_set(folder: Path, name: str) -> list[dict[str, Any]]:
    """Measure one of the density-estimation sets."""
    parts = read_density_set(folder, name)
    return measured(parts.train.X, parts.valid.X, parts.test.X, parts.train.X)


def main() -> None:
    """Measure the sets there are and keep the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of density-estimation sets")
    parser.add_argument("--sets", nargs="+", help="of that folder; all by default")
    given = parser.parse_args()
    names = (given.sets or density_set_names(given.data)) if given.data else ()
    for name in ("digits", *names):
        lines = digits() if name == "digits" else density_set(given.data, name)
        about = {"when": now(), "threads": os.environ.get("OMP_NUM_THREADS", "all")}
        about |= versions("numpy", "scikit-learn")
        keep(RESULTS, name, {"measured": lines, "about": about})
        show(name, lines)


if __name__ == "__main__":
    main()
