"""The variational linear solver: error achieved beside the one promised, and what it took.

Random definite and general systems of a condition number, and tridiagonal ones, trained in exact
simulation from one seed each. Prints a row for each and writes them all as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import qml_algos
from qml_algos.errors import NotConvergedError
from qml_algos.linear_systems import LinearSystem
from qml_algos.linear_systems.readout import read_exact
from qml_algos.linear_systems.variational import VariationalLinearSolver
from systems import right_hand_side, spd, tri

RESULTS = Path(__file__).parent / "results" / "variational.json"


def systems(size: int, kappas: list[float]) -> Iterator[tuple[str, LinearSystem]]:
    """Name systems of a size."""
    generator = np.random.default_rng(size)
    yield "tri", LinearSystem(tri(size), right_hand_side(size, generator))
    for kappa in kappas:
        matrix = spd(size, kappa, generator)
        yield f"spd, kappa {kappa:g}", LinearSystem(matrix, right_hand_side(size, generator))


def run(problem: LinearSystem, solver: VariationalLinearSolver) -> dict[str, Any]:
    """Solve a system, and compare."""
    backend = qml_algos.backend("aer")
    start = time.perf_counter()
    try:
        program = solver.build(problem, backend, 0)
    except NotConvergedError as error:
        return {"failed": str(error), "seconds": time.perf_counter() - start}
    seconds = time.perf_counter() - start
    reading = read_exact(program, backend)
    exact = np.linalg.solve(problem.dense(), problem.b)
    difference = reading.x / np.linalg.norm(reading.x) - exact / np.linalg.norm(exact)
    return {
        "promised": solver.epsilon,
        "achieved": float(np.linalg.norm(difference)),
        "two_qubit_gates": reading.circuit.num_nonlocal_gates(),
        "seconds": seconds,
        **program.details,
    }


def main() -> None:
    """Run all sizes and costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2, 4, 8, 16, 32, 64])
    parser.add_argument("--kappas", type=float, nargs="+", default=[3.0, 10.0, 30.0])
    parser.add_argument("--epsilon", type=float, default=1e-2)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows = []
    for size in options.sizes:
        for name, problem in systems(size, options.kappas):
            for kind in ("local", "global"):
                solver = VariationalLinearSolver(options.epsilon, kind)
                rows.append({"system": name, "N": size, "kind": kind, **run(problem, solver)})
                print(json.dumps(rows[-1]), flush=True)
    options.out.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
