"""Find phase angles with qsppack.

Runs in the environment of ``requirements-qrisp.txt`` in this folder, and needs nothing else of
the project: ``python qsppack_phases.py SERIES.npy PHASES.npy OUT.json --method Newton``.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from qsppack.solver import solve


def main() -> None:
    """Read the odd Chebyshev coefficients, and write the phases and what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", type=Path, help=".npy file with the odd Chebyshev coefficients")
    parser.add_argument("phases", type=Path, help=".npy file for all phases, in radians")
    parser.add_argument("report", type=Path, help="where the measurements are written, as JSON")
    parser.add_argument("--method", choices=["Newton", "NLFT", "FPI"], default="Newton")
    options = parser.parse_args()

    series = np.load(options.series)
    start = time.perf_counter()
    phases, facts = solve(series, 1, {"method": options.method, "criteria": 1e-12})
    seconds = time.perf_counter() - start
    np.save(options.phases, phases)
    report = {
        "seconds": seconds,
        "iterations": int(facts["iter"]),
        "versions": {name: version(name) for name in ("qsppack", "numpy")},
    }
    options.report.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
