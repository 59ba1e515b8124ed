"""The tree-tensor-network Born machine beside the chain: likelihoods reached, seconds per sweep.

Run: OMP_NUM_THREADS=1 python benchmarks/ttn_born_machine.py [--data DIR] [--parts bars sweeps ...]
Seconds are those of the processor, the least of several runs where a run is short. The part
"density" needs the folder with the files NAME.train.data, NAME.valid.data and NAME.test.data of
nltcs and plants. Each part is kept in results/ttn_born_machine.json under its name.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from born_machine import ORDERS, seconds, show
from linear_report import keep, now, versions
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.data.structured import make_bars_and_stripes
from qml_algos.generative.mps.order import dependence
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.generative.ttn.chains import markov_tree
from qml_algos.generative.ttn.structures import as_tree, grid
from qml_algos.generative.ttn.sweeps import Sweeper
from qml_algos.generative.ttn_born_machine import TTNBornMachine

RESULTS = Path(__file__).with_name("results") / "ttn_born_machine.json"
DENSITY = (
    ("nltcs", "mps", 8),
    ("nltcs", "ttn", 8),
    ("nltcs", "ttn", 16),
    ("plants", "mps", 32),
    ("plants", "ttn", 8),
    ("plants", "ttn", 16),
)
"""Sets, models and bond dimensions."""


def bars() -> list[dict[str, Any]]:
    """Bars and stripes of 4 x 4 pixels: the whole fit, from data to the state."""
    X = make_bars_and_stripes(4, 4).X
    lines = []
    for tree in ("grid", "balanced"):
        model = TTNBornMachine(16, tree=tree, shape=(4, 4), learning_rate=0.2, max_sweeps=7)
        fitted, taken = seconds(partial(model.fit, X), 10)
        line = {"tree": tree, "sweeps": fitted.n_sweeps_, "nll": -fitted.score(X)}
        lines.append(line | {"cpu_seconds": taken})
    return lines


def sweeps() -> list[dict[str, Any]]:
    """One two-way sweep over 1,500 binarised digits on the grid tree, bonds fully grown."""
    X = load_binary_digits()[0].X.astype(np.intp)
    counts, sizes = np.ones(len(X)), [2] * X.shape[1]
    tree = as_tree(grid((8, 8)), X.shape[1], dependence(X, counts, sizes))
    lines = []
    for bond in (8, 16, 32):
        sweeper = Sweeper(
            tree,
            X,
            counts / len(X),
            bond_dimension=bond,
            clip=100,
            generator=np.random.default_rng(0),
        )
        sweeper.start(markov_tree(tree, X, counts, sizes, bond), 0.0)
        for _ in range(4):
            sweeper.sweep(0.03)
        _, taken = seconds(partial(sweeper.sweep, 0.03), 15)
        lines.append({"bond_dimension": bond, "cpu_seconds": taken})
    return lines


def digits() -> list[dict[str, Any]]:
    """Binarised digits; "best test" stops on the test set, as the figures of other programs do."""
    train, test = (part.X for part in load_binary_digits())
    held_out = np.random.default_rng(0).permutation(len(train)) < 250
    models: dict[str, Any] = {
        "mps, columns, 32": MPSBornMachine(32, order=ORDERS["columns"]),
        "ttn, grid, 8": TTNBornMachine(8, shape=(8, 8), random_state=0),
        "ttn, grid, 16": TTNBornMachine(16, shape=(8, 8), random_state=0),
        "ttn, grid, 24": TTNBornMachine(24, shape=(8, 8), random_state=0),
        "ttn, balanced, 16": TTNBornMachine(16, tree="balanced", random_state=0),
        "ttn, mutual-information, 16": TTNBornMachine(16, random_state=0),
    }
    lines = []
    for name, model in models.items():
        for stopping, X, valid in (
            ("best test", train, test),
            ("250 held out", train[~held_out], train[held_out]),
        ):
            lines.append({"model": name, "stopping": stopping} | fitted_line(model, X, valid, test))
    return lines


def density(folder: Path) -> list[dict[str, Any]]:
    """Train on sets of the density-estimation literature, everything chosen on validation."""
    lines = []
    for name, model, bond in DENSITY:
        read = read_density_set(folder, name)
        made: Any = (
            MPSBornMachine(bond, max_sweeps=200)
            if model == "mps"
            else TTNBornMachine(bond, max_sweeps=200, random_state=0)
        )
        line = fitted_line(made, read.train.X, read.valid.X, read.test.X)
        lines.append({"set": name, "model": model} | line)
    return lines


def sampling() -> list[dict[str, Any]]:
    """Draw from models of the digits."""
    X = load_binary_digits()[0].X
    lines = []
    for bond in (8, 16):
        model = TTNBornMachine(bond, shape=(8, 8), max_sweeps=10, random_state=0).fit(X)
        drawn, taken = seconds(partial(model.sample, 10_000, random_state=0), 3)
        lines.append(
            {
                "bond_dimension": bond,
                "us_per_sample": 1e6 * taken / len(drawn),
                "nll": -model.score(drawn),
            }
        )
    return lines


def fitted_line(
    model: Any, train: NDArray[Any], valid: NDArray[Any], test: NDArray[Any]
) -> dict[str, Any]:
    """Fit and describe in one line of a table."""
    fitted, taken = seconds(partial(model.fit, train, X_valid=valid), 1)
    line = {
        "bond_dimension": model.bond_dimension,
        "sweeps": fitted.n_sweeps_,
        "shrinkage": fitted.shrinkage_,
        "train_nll": -fitted.score(train),
        "valid_nll": -fitted.score(valid),
        "test_nll": -fitted.score(test),
        "cpu_seconds": taken,
        "cpu_seconds_per_sweep": taken / len(fitted.train_losses_),
    }
    print(line, flush=True)
    return line


def main() -> None:
    """Measure and keep the parts asked for."""
    parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "bars": bars,
        "sweeps": sweeps,
        "digits": digits,
        "sampling": sampling,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the density-estimation sets")
    parser.add_argument("--parts", nargs="+", choices=[*parts, "density"])
    given = parser.parse_args()
    if given.data is not None:
        parts["density"] = lambda: density(given.data)
    for name in given.parts or parts:
        if name not in parts:
            parser.error("the part density needs --data")
        lines = parts[name]()
        show(name, lines)
        keep(RESULTS, name, {"at": now(), "versions": versions("numpy", "scipy"), "rows": lines})


if __name__ == "__main__":
    main()
