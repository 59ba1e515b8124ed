"""Ground states by quimb's two-site DMRG.

Runs in the environment of ``requirements-quimb.txt`` in this folder, and needs nothing else of the
project: ``python quimb_dmrg.py PROBLEMS.json REPORT.json``.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import quimb.operator as operators  # type: ignore[import-not-found]
import quimb.tensor as tensors  # type: ignore[import-not-found]


def solved(problem: dict[str, Any]) -> dict[str, Any]:
    """Run the algorithm on a sum of Pauli operators, ``[coefficient, [[letter, site], ..]]``."""
    start = time.process_time()
    builder = operators.SparseOperatorBuilder()
    for coefficient, factors in problem["terms"]:
        builder += coefficient, *((letter.lower(), site) for letter, site in factors)
    run = tensors.DMRG2(
        builder.build_mpo(), bond_dims=problem["bonds"], cutoffs=problem["truncation"]
    )
    run.solve(tol=problem["tolerance"], max_sweeps=problem["sweeps"], verbosity=0)
    seconds = time.process_time() - start
    return {"energy": float(run.energy.real), "seconds": seconds, "sweeps": len(run.energies)}


def main() -> None:
    """Solve the problems, and write energies and seconds of the processor.

    The first is solved twice: the first time, functions are compiled.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", type=Path)
    parser.add_argument("report", type=Path)
    options = parser.parse_args()
    problems = json.loads(options.problems.read_text())
    report = {
        "warm_up_seconds": solved(problems[0])["seconds"],
        "found": [solved(problem) for problem in problems],
        "versions": {name: version(name) for name in ("quimb", "numba", "numpy")},
    }
    options.report.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
