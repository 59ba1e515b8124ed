"""The generative model of Gao, Zhang and Duan on one core: exactness, time, and what a path costs.

``python benchmarks/factor_graph_model.py --help``. Times are CPU seconds of one BLAS thread, the
best of three.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from linear_report import keep, now, table, versions
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel
from qml_algos.generative.factor_graph.factors import Factor, from_factor_graph
from qml_algos.generative.factor_graph.gradient import log_probability_gradient
from qml_algos.generative.factor_graph.path import condition_by_filters, path_report
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

Array = NDArray[np.complex128]
Edges = tuple[tuple[int, int], ...]
Row = dict[str, Any]

GRAPHS = 200
CONDITION_NUMBERS = (1.8, 3.3, 7.4, 20.0)
SEEDS = (0, 1, 2)
SPIN = np.array([1.0, -1.0])


def grid(rows: int, columns: int) -> Edges:
    """Edges of a grid, row by row; one row is a chain."""
    qubits = np.arange(rows * columns).reshape(rows, columns)
    along = np.stack([qubits[:, :-1].ravel(), qubits[:, 1:].ravel()], axis=1)
    across = np.stack([qubits[:-1].ravel(), qubits[1:].ravel()], axis=1)
    return tuple((int(i), int(j)) for i, j in np.concatenate([along, across]))


def random_matrices(qubits: int, condition_number: float, seed: int) -> Array:
    """Matrices of one condition number along random axes."""
    generator = np.random.default_rng(seed)
    shape = (2, qubits, 2, 2)
    left, right = np.linalg.qr(generator.normal(size=shape) + 1j * generator.normal(size=shape))[0]
    found: Array = left @ np.diag([1.0, 1 / condition_number]) @ right
    return found


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return float(best)


def factor_graphs() -> list[Row]:
    """Largest difference between the model and random factor graphs, by the largest degree."""
    rows = []
    for degree in (2, 3, 4):
        errors, qubits = [], []
        for seed in range(GRAPHS):
            generator = np.random.default_rng(seed)
            factors, joint = _random_factors(generator, 6, degree)
            state = from_factor_graph(factors, 6)
            errors.append(float(np.abs(state.probabilities("contraction") - joint).max()))
            qubits.append(state.n_qubits)
        rows.append({"degree": degree, "largest_error": max(errors), "most_qubits": max(qubits)})
    return rows


def _random_factors(
    generator: np.random.Generator, variables: int, degree: int
) -> tuple[list[Factor], NDArray[np.float64]]:
    """Four factors, and their distribution, variable 0 the least significant bit."""
    joint = np.ones((2,) * variables)
    factors = []
    for _ in range(4):
        members = np.sort(generator.choice(variables, degree, replace=False))
        entries = np.exp(generator.normal(0, 1.5, (2,) * degree))
        factors.append(Factor(tuple(members), entries))
        joint *= entries.reshape([2 if k in members else 1 for k in range(variables)])
    return factors, (joint / joint.sum()).T.reshape(-1)


def contractions() -> list[Row]:
    """Log-likelihood and gradient of 100 samples, all qubits visible."""
    rows = []
    for height, width in ((1, 100), (2, 50), (3, 30), (5, 10), (8, 8)):
        qubits = height * width
        state = QuantumGenerativeState(
            grid(height, width), random_matrices(qubits, 3.0, 0), tuple(range(qubits))
        )
        X = np.random.default_rng(1).integers(0, 2, (100, qubits))
        rows.append(
            {
                "graph": f"{height} x {width}",
                "width": state.width(),
                "width_of_norm": state.width(()),
                "log_likelihood_seconds": seconds(partial(state.log_probability, X)),
                "gradient_seconds": seconds(partial(log_probability_gradient, state, X)),
            }
        )
    return rows


def paths() -> list[Row]:
    """Smallest gaps and overlaps, means over three draws of axes."""
    rows = []
    for height, width in ((1, 8), (1, 12), (3, 3)):
        qubits = height * width
        for value in CONDITION_NUMBERS:
            reports = [
                path_report(
                    QuantumGenerativeState(
                        grid(height, width), random_matrices(qubits, value, seed), (0,)
                    )
                )
                for seed in SEEDS
            ]
            row: Row = {"graph": f"{height} x {width}", "condition_number": value}
            for name in (
                "smallest_overlap",
                "smallest_gap",
                "overlap_product",
                "filter_success",
                "projections",
                "evolution_time",
            ):
                row[name] = float(np.mean([getattr(report, name) for report in reports]))
            rows.append(row)
    return rows


def conditioning() -> list[Row]:
    """Move the cost of conditioning an Ising chain of four spins from chance into the path."""
    bonds = [Factor((i, i + 1), np.exp(0.7 * np.outer(SPIN, SPIN))) for i in range(3)]
    plain = from_factor_graph(bonds + [Factor((i,), np.exp(0.3 * SPIN)) for i in range(4)])
    rows = []
    for value in (1.0, 2.0, 4.0, 8.0, 16.0):
        report = path_report(condition_by_filters(plain, value))
        rows.append(
            {
                "condition_number": value,
                "condition_probability": report.condition_probability,
                "filter_success": report.filter_success,
                "filter_attempts": report.filter_attempts,
                "smallest_gap": report.smallest_gap,
                "evolution_time": report.evolution_time,
            }
        )
    return rows


def training() -> list[Row]:
    """Negative log-likelihoods after training, beside the least there is."""
    stripes = np.array(
        [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    )
    sets = {"bars and stripes 2 x 2": (_links(4, [(0, 1), (0, 2), (1, 2), (0, 1, 2, 3)]), stripes)}
    bonds = [Factor((i, i + 1), np.exp(0.7 * np.outer(SPIN, SPIN))) for i in range(9)]
    chain = from_factor_graph(bonds).sample(2000, 0)
    sets["Ising chain of 10"] = (_links(10, [(i, i + 1) for i in range(9)]), chain)
    rows = []
    for name, ((edges, conditioned), X) in sets.items():
        start = time.process_time()
        model = FactorGraphGenerativeModel(
            edges, range(X.shape[1]), conditioned=conditioned, random_state=0
        ).fit(X)
        spent = time.process_time() - start
        floor = np.log(6)
        if len(X) > len(stripes):
            floor = -float(from_factor_graph(bonds).log_probability(X).mean())
        rows.append(
            {
                "data": name,
                "nll": -model.score(X),
                "nll_of_the_source": float(floor),
                "restart_nlls": model.losses_.tolist(),
                "cpu_seconds": spent,
            }
        )
    return rows


def density_set(folder: Path, name: str = "nltcs", iterations: int = 300) -> list[Row]:
    """Negative log-likelihood of a test set; a conditioned qubit joins pairs up to two apart."""
    data = read_density_set(folder, name)
    train, valid, test = (part.X for part in (data.train, data.valid, data.test))
    variables = train.shape[1]
    pairs = [(i, i + d) for d in (1, 2) for i in range(variables - d)]
    edges, conditioned = _links(variables, pairs)
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = FactorGraphGenerativeModel(
            edges,
            range(variables),
            conditioned=conditioned,
            restarts=1,
            max_iterations=iterations,
            random_state=0,
        ).fit(train, X_valid=valid)
    return [
        {
            "data": name,
            "test_nll": -model.score(test),
            "train_nll": -model.score(train),
            "iterations": model.n_iter_,
            "width": model.state_.width(),
            "cpu_seconds": time.process_time() - start,
        }
    ]


def _links(variables: int, sets: Sequence[tuple[int, ...]]) -> tuple[list[tuple[int, int]], range]:
    """Join a conditioned qubit to each set of variables."""
    edges = [(k, variables + j) for j, members in enumerate(sets) for k in members]
    return edges, range(variables, variables + len(sets))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    place = Path(__file__).parent / "results/factor_graph_model.json"
    parser.add_argument("--out", type=Path, default=place)
    parser.add_argument("--data", type=Path, help="folder of the density-estimation sets")
    parser.add_argument("--part", action="append", help="one part only; may be repeated")
    options = parser.parse_args()
    parts: dict[str, Callable[[], list[Row]]] = {
        part.__name__: part for part in (factor_graphs, contractions, paths, conditioning, training)
    }
    if options.data:
        parts["density_set"] = partial(density_set, options.data)
    for name in options.part or parts:
        rows = parts[name]()
        header = list(rows[0])
        print(table(header, [[_shown(row[column]) for column in header] for row in rows], 1))
        stamp = {"measured": now(), "versions": versions("qml-algos", "numpy", "scipy")}
        keep(options.out, name, stamp | {"rows": rows})


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
