"""The generative model of Gao, Zhang and Duan on gradients from shots, beside exact ones.

``python benchmarks/factor_graph_training.py --help``. Times are CPU seconds of one BLAS thread.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linear_report import keep, now, table, versions
from qml_algos.generative import FactorGraphGenerativeModel
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.measured_gradient import measured_gradient
from qml_algos.generative.factor_graph.structure import Structure

Row = dict[str, Any]

SEEDS = 10
SPIN = np.array([1.0, -1.0])
STRIPES = np.array(
    [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
)
# A conditioned qubit for three pairs of the four pixels, and one for all of them.
LINKS = ((0, 1), (0, 2), (1, 2), (0, 1, 2, 3))
LINKED: dict[str, Any] = {
    "graph": [(k, 4 + j) for j, members in enumerate(LINKS) for k in members],
    "conditioned": (4, 5, 6, 7),
}


def ising(variables: int) -> NDArray[np.int64]:
    """1,000 samples of a chain of spins in a field."""
    bonds = [Factor((i, i + 1), np.exp(0.7 * np.outer(SPIN, SPIN))) for i in range(variables - 1)]
    fields = [Factor((i,), np.exp(0.2 * SPIN)) for i in range(variables)]
    return from_factor_graph(bonds + fields).sample(1000, 0)


def gradients() -> list[Row]:
    """Measured gradients at a random beginning, against exact ones; means over seeds."""
    X = ising(4)
    structure = Structure.chain(4)
    state, slopes = structure.state_and_slopes(
        structure.random_values(np.random.default_rng(0), 4.0)
    )
    _, by_entry = log_probability_gradient(state, X)
    exact = np.einsum("mba,mpba->mp", by_entry.mean(axis=0).conj(), slopes).real[structure.free]
    rows = []
    for preparation in ("staircase", "filters"):
        for shots in (500, 5000, 50_000):
            start = time.process_time()
            found = [
                measured_gradient(
                    state, X, slopes, shots=shots, preparation=preparation, random_state=seed
                )
                for seed in range(SEEDS)
            ]
            spent = time.process_time() - start
            differences = np.array([each.gradient[structure.free] - exact for each in found])
            errors = np.array([each.standard_errors[structure.free] for each in found])
            rows.append(
                {
                    "preparation": preparation,
                    "shots": shots,
                    "settings": found[0].settings,
                    "accepted": float(np.mean([each.accepted for each in found])),
                    "largest_entry": float(np.abs(exact).max()),
                    "rms_difference": float(np.sqrt(np.mean(differences**2))),
                    "rms_standard_error": float(np.sqrt(np.mean(errors**2))),
                    "rms_in_errors": float(np.sqrt(np.mean((differences / errors) ** 2))),
                    "cpu_seconds": spent / SEEDS,
                }
            )
    return rows


def training() -> list[Row]:
    """Likelihoods reached by Adam on shots and by L-BFGS-B, from the same beginnings."""
    sets: list[tuple[str, NDArray[np.int64], Row, Row]] = [
        ("Ising chain of 3, filters", ising(3), {}, {"shots": 2000, "preparation": "filters"}),
        ("Ising chain of 5", ising(5), {}, {"shots": 250}),
        ("Ising chain of 5", ising(5), {}, {"shots": 1000}),
        ("bars and stripes 2 x 2", STRIPES, LINKED, {"shots": 1000}),
        ("bars and stripes 2 x 2", STRIPES, LINKED, {"shots": 4000}),
    ]
    rows = []
    for name, X, graph, options in sets:
        counts = np.unique(X, axis=0, return_counts=True)[1] / len(X)
        for seed in (0, 1):
            exact = FactorGraphGenerativeModel(**graph, restarts=1, random_state=seed).fit(X)
            start = time.process_time()
            model = FactorGraphGenerativeModel(
                **graph, **options, restarts=1, max_iterations=100, random_state=seed
            ).fit(X)
            rows.append(
                {
                    "data": name,
                    "seed": seed,
                    "shots": options["shots"],
                    "entropy": float(-counts @ np.log(counts)),
                    "nll_exact": -exact.score(X),
                    "nll_sampled": -model.score(X),
                    "circuits": model.circuits_,
                    "all_shots": model.shots_,
                    "condition": model.state_.condition_probability(),
                    "cpu_seconds": time.process_time() - start,
                }
            )
    return rows


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    place = Path(__file__).parent / "results/factor_graph_training.json"
    parser.add_argument("--out", type=Path, default=place)
    parser.add_argument("--part", action="append", help="one part only; may be repeated")
    options = parser.parse_args()
    parts = {part.__name__: part for part in (gradients, training)}
    for name in options.part or parts:
        rows = parts[name]()
        header = list(rows[0])
        print(table(header, [[_shown(row[column]) for column in header] for row in rows], 1))
        stamp = {"measured": now(), "versions": versions("qml-algos", "numpy", "pennylane")}
        keep(options.out, name, stamp | {"rows": rows})


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
