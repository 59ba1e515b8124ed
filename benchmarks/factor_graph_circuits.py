"""The model of Gao, Zhang and Duan as circuits: what three ways to prepare it cost and draw.

``python benchmarks/factor_graph_circuits.py --help``. Filters and staircases run on Aer. Paths are
followed on a statevector, every step of evolution, and samples drawn from what is kept; one that is
short enough runs on Aer, gate by gate and shot by shot. P-values are those of chi-square tests
against the exact distribution of the visible qubits, and of homogeneity for all three.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from factor_graph_model import grid, random_matrices
from linear_report import keep, now, table, versions
from qml_algos.backends import backend
from qml_algos.generative.factor_graph.path_plan import PathPlan, plan_path
from qml_algos.generative.factor_graph.preparation import ERROR, preparation
from qml_algos.generative.factor_graph.preparation_path import KeptState, kept_state
from qml_algos.generative.factor_graph.preparation_sampling import SampledModel, sample_on
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

Row = dict[str, Any]
Counts = NDArray[np.int64]

GRAPHS = ((1, 8), (3, 3), (1, 12))
CONDITION_NUMBERS = (1.8, 3.3, 7.4)
VISIBLE = 6
"""Qubits that are measured, the first ones; the others are hidden."""

SAMPLES = 4000
"""Of each route, on average."""

MOST_SHOTS = 10_000_000
PATH_SHOTS = 600


def model(height: int, width: int, condition_number: float) -> QuantumGenerativeState:
    """Matrices of one condition number on a grid, along random axes."""
    matrices = random_matrices(height * width, condition_number, 0)
    return QuantumGenerativeState(grid(height, width), matrices, tuple(range(VISIBLE)))


def counted(samples: NDArray[np.int64]) -> Counts:
    """How often each outcome was drawn."""
    return np.bincount(samples @ (1 << np.arange(VISIBLE)), minlength=2**VISIBLE)


def p_value(counts: Counts, probabilities: NDArray[np.float64]) -> float:
    """Of the counts, rare outcomes put together so that each cell is expected 5 times or more."""
    expected = probabilities * counts.sum()
    order = np.argsort(expected)
    cells = np.floor(np.cumsum(expected[order]) / 5).astype(int)
    cells = np.minimum(cells, cells[-1] - 1)
    found, wanted = (np.bincount(cells, weights=values[order]) for values in (counts, expected))
    return float(scipy.stats.chisquare(found[wanted > 0], wanted[wanted > 0]).pvalue)


def routes() -> list[Row]:
    """Costs and samples of the three routes."""
    rows = []
    for height, width in GRAPHS:
        for value in CONDITION_NUMBERS:
            state = model(height, width, value)
            success = preparation(state, "filters").success_probability
            shots = min(int(SAMPLES / success), MOST_SHOTS)
            filters = sample_on(
                state, backend("aer_shots"), shots, method="filters", random_state=1
            )
            certain = sample_on(state, backend("aer_shots"), SAMPLES, random_state=2)
            plan = plan_path(state, ERROR)
            kept = kept_state(state, plan)
            row = {"graph": f"{height} x {width}", "condition_number": value}
            row |= _costs(filters, certain, plan, kept)
            rows.append(row | _agreement(state, filters, certain, kept))
    return rows


def _costs(filters: SampledModel, certain: SampledModel, plan: PathPlan, kept: KeptState) -> Row:
    stages = plan.stages
    return {
        "filter_success": filters.preparation.success_probability,
        "filter_seen": filters.acceptance.value,
        "filter_deviation": filters.deviation,
        "filter_gates": filters.costs["two_qubit_gates"],
        "filter_gates_a_sample": filters.costs["two_qubit_gates"] * filters.preparation.attempts,
        "staircase_gates": certain.costs["two_qubit_gates"],
        "path_success": kept.probability,
        "path_infidelity": kept.infidelity,
        "smallest_overlap": min(planned.step.overlap for planned in stages),
        "smallest_gap": min(planned.step.gap for planned in stages),
        "smallest_phase_gap": min(planned.phase_gap for planned in stages),
        "most_clock_bits": max(planned.stage.clock_bits for planned in stages),
        "path_steps": sum(planned.stage.steps for planned in stages),
        "path_gates": plan.two_qubit_gates,
        "path_gates_a_sample": plan.post_selected_gates,
        "path_gates_rewound": plan.rewound_gates,
    }


def _agreement(
    state: QuantumGenerativeState, filters: SampledModel, certain: SampledModel, kept: KeptState
) -> Row:
    probabilities = state.probabilities()
    table_of_kept = (np.abs(kept.amplitudes) ** 2).reshape(-1, 2**VISIBLE).sum(axis=0)
    drawn = np.random.default_rng(3).multinomial(SAMPLES, table_of_kept / table_of_kept.sum())
    counts = [counted(filters.samples), counted(certain.samples), drawn]
    every = np.array(counts)
    together = scipy.stats.chi2_contingency(every[:, every.sum(axis=0) > 0])
    names = ("p_filters", "p_staircase", "p_path")
    row: Row = {
        name: p_value(each, probabilities) for name, each in zip(names, counts, strict=True)
    }
    return row | {"p_homogeneous": float(together.pvalue)}


def path_on_aer() -> list[Row]:
    """Run the path of a chain of eight gate by gate."""
    state = model(1, 8, CONDITION_NUMBERS[0])
    sampled = sample_on(state, backend("aer_shots"), PATH_SHOTS, method="path", random_state=4)
    return [
        {
            "graph": "1 x 8",
            "condition_number": CONDITION_NUMBERS[0],
            "shots": PATH_SHOTS,
            "success": sampled.preparation.success_probability,
            "seen": sampled.acceptance.value,
            "deviation": sampled.deviation,
            "compiled_two_qubit_gates": sampled.costs["two_qubit_gates"],
            "p_path": p_value(counted(sampled.samples), state.probabilities()),
        }
    ]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    place = Path(__file__).parent / "results/factor_graph_circuits.json"
    parser.add_argument("--out", type=Path, default=place)
    parser.add_argument("--part", action="append", help="one part only; may be repeated")
    options = parser.parse_args()
    parts = {part.__name__: part for part in (routes, path_on_aer)}
    for name in options.part or parts:
        rows = parts[name]()
        cases = [[_shown(value) for value in row.values()] for row in rows]
        columns = zip(rows[0], *cases, strict=True)
        print(table(["", *map(str, range(len(rows)))], [[*column] for column in columns], 1))
        stamp = {"measured": now(), "versions": versions("qml-algos", "numpy", "qiskit")}
        keep(options.out, name, stamp | {"rows": rows})


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
