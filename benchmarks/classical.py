"""The classical competition: the dequantised solver against N, and who is fastest on which system.

Run: python benchmarks/classical.py [--parts sampling factorisations solvers]
Each part is kept in results/classical.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import scipy.stats
from numpy.typing import NDArray

from linear_report import keep, now, table, versions
from qml_algos.errors import QmlAlgosError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.classical import (
    GMRES,
    MINRES,
    ConjugateGradient,
    Direct,
    FastTransform,
    PseudoInverse,
    SampledProduct,
    sample_solution,
)
from qml_algos.linear_systems.structures import LowRank, Poisson

RESULTS = Path(__file__).with_name("results") / "classical.json"
RANK = 5
REPETITIONS = 7
EPSILON = 5e-2
READ_OUT = 40_000
"""Samples of each observable."""


def observable(indices: NDArray[Any]) -> NDArray[np.float64]:
    """Diagonal of the observable: positive, and different at every scale."""
    return np.asarray(1 + np.cos(0.01 * indices) * np.cos(1e-4 * indices**0.5))


def sampling_case(size: int, generator: np.random.Generator) -> dict[str, float]:
    """Time the dequantised solver on one random system of rank 5, and compare with the truth."""
    left, right = generator.normal(size=(2, size, RANK)) * np.linspace(1, 0.4, RANK)
    b = left @ generator.normal(size=RANK)
    start = time.perf_counter()
    matrix = SampledProduct(left, right)
    built = time.perf_counter()
    found = sample_solution(matrix, b, RANK, EPSILON, generator)
    solved = time.perf_counter()
    estimate = found.expectation(observable, READ_OUT, generator)
    end = time.perf_counter()
    exact = PseudoInverse().solve(LinearSystem(LowRank(left, right), b))
    truth = float(exact.x @ (observable(np.arange(size)) * exact.x))
    return {
        "size": size,
        "build_seconds": built - start,
        "solve_seconds": solved - built,
        "observable_seconds": end - solved,
        "entries_read": found.entries_read,
        "observable_relative_error": abs(estimate.value - truth) / truth,
        "stated_relative_error": estimate.standard_error / truth,
        "exact_seconds": exact.resources.classical_seconds,
    }


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> dict[str, float]:
    """Fit ``seconds ~ size^a``; the interval holds a with 95 % confidence."""
    fit = scipy.stats.linregress(np.log(sizes), np.log(seconds))
    half = float(scipy.stats.t.ppf(0.975, len(sizes) - 2) * fit.stderr)
    return {
        "exponent": float(fit.slope),
        "low": float(fit.slope) - half,
        "high": float(fit.slope) + half,
    }


def sampling() -> dict[str, Any]:
    """Rank-5 systems from a thousand to a million rows."""
    generator = np.random.default_rng(0)
    sizes = [10**3, 10**4, 10**5, 10**6]
    sampling_case(1000, generator)  # warms up
    cases = [sampling_case(size, generator) for size in sizes for _ in range(REPETITIONS)]
    rows = []
    for size in sizes:
        own = [case for case in cases if case["size"] == size]

        def middle(key: str, own: list[dict[str, float]] = own) -> float:
            return float(np.median([case[key] for case in own]))

        worst = max(case["observable_relative_error"] for case in own)
        rows.append(
            [
                f"{size:,}",
                f"{middle('build_seconds'):.3f}",
                f"{middle('solve_seconds') + middle('observable_seconds'):.3f}",
                f"{middle('entries_read'):,.0f}",
                f"{100 * middle('observable_relative_error'):.2f} %",
                f"{100 * worst:.2f} %",
                f"{middle('exact_seconds'):.4f}",
            ]
        )
    header = ["N", "build s", "sampling s", "entries read", "error", "worst", "exact s"]
    print(table(header, rows, 0))
    seconds = [case["solve_seconds"] + case["observable_seconds"] for case in cases]
    fits = {
        "sampling": exponent([case["size"] for case in cases], seconds),
        "exact": exponent(
            [case["size"] for case in cases], [case["exact_seconds"] for case in cases]
        ),
    }
    for name, fit in fits.items():
        print(f"{name}: N^{fit['exponent']:.2f} (95 %: {fit['low']:.2f} to {fit['high']:.2f})")
    return {"cases": cases, "fits": fits, "epsilon": EPSILON, "repetitions": REPETITIONS}


def random_sparse(size: int, generator: np.random.Generator, *, symmetric: bool) -> sp.csr_array:
    """Sparse matrix with about four random entries in a row beside its diagonal."""
    normal = generator.normal
    matrix = sp.random_array(
        (size, size), density=2 / size, rng=generator, data_sampler=lambda size: normal(size=size)
    )
    matrix = matrix + (matrix.T if symmetric else 0 * matrix.T)
    return sp.csr_array(matrix + 10 * sp.eye_array(size))


def factorisations() -> list[dict[str, Any]]:
    """Sparse direct solution, on grids and random matrices."""
    generator = np.random.default_rng(0)
    systems: dict[str, Callable[[], sp.csr_array]] = {
        "2D Poisson 512 x 512": lambda: Poisson((512, 512)).matrix(),
        "3D Poisson 32^3": lambda: Poisson((32, 32, 32)).matrix(),
        "random symmetric 4,000": lambda: random_sparse(4000, generator, symmetric=True),
        "random general 6,000": lambda: random_sparse(6000, generator, symmetric=False),
    }
    results = []
    for name, make in systems.items():
        matrix = make()
        solution = Direct().solve(LinearSystem(matrix, generator.normal(size=matrix.shape[0])))
        seconds = solution.resources.classical_seconds
        results.append({"system": name, "seconds": seconds, "method": solution.caveats[0]})
        print(f"{name}: {seconds:.2f} s. {solution.caveats[0]}", flush=True)
    return results


def solvers() -> list[dict[str, Any]]:
    """All solvers of Poisson's equation at the same error, against the number of unknowns."""
    candidates: dict[str, Any] = {
        "direct": Direct(),
        "fft": FastTransform(),
        "cg": ConjugateGradient(1e-2),
        "cg, amg": ConjugateGradient(1e-2, preconditioner="amg"),
        "minres": MINRES(1e-2),
        "gmres, amg": GMRES(1e-2, preconditioner="amg"),
    }
    grids = [
        (2**k,) * d for d, ks in ((1, (8, 12, 16)), (2, (4, 6, 8)), (3, (3, 4, 5))) for k in ks
    ]
    results: list[dict[str, Any]] = []
    for cells in grids:
        structure = Poisson(cells)
        b = np.random.default_rng(0).normal(size=structure.size)
        problem = LinearSystem(structure, b)
        exact = FastTransform().solve(problem).x
        row: dict[str, Any] = {"system": structure.description, "cells": list(cells)}
        for name, solver in candidates.items():
            # Iterations without multigrid take minutes on long lines.
            if name in ("cg", "minres") and cells[0] > 4096:
                continue
            try:
                solution = solver.solve(problem)
            except QmlAlgosError as error:
                row[name] = {"refused": str(error)}
                continue
            row[name] = {
                "seconds": solution.resources.classical_seconds,
                "error": solution.error_against(exact),
            }
        results.append(row)
        print(
            cells, {k: f"{v.get('seconds', np.nan):.4f}" for k, v in row.items() if k in candidates}
        )
    return results


PARTS: dict[str, Callable[[], Any]] = {
    "sampling": sampling,
    "factorisations": factorisations,
    "solvers": solvers,
}


def main() -> None:
    """Run the parts asked for and keep their results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    for part in parser.parse_args().parts:
        print(f"\n{part}", flush=True)
        value = {
            "date": now(),
            "versions": versions("numpy", "scipy", "pyamg", "cvxopt"),
            "results": PARTS[part](),
        }
        keep(RESULTS, part, value)


if __name__ == "__main__":
    main()
