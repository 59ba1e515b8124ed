"""Time and error of phase angles, ours and others': a part of ``linear_systems.py``."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from linear_report import keep, now, table, versions

__all__ = ["run"]

EPSILON = 1e-2
KAPPAS = (3.6, 10.0, 35.0, 50.0, 190.0)
TARGET_DEGREE, TARGET_SECONDS, TARGET_ERROR = 1_000, 10.0, 1e-10
QSPPACK_SCRIPT = Path(__file__).parent / "peers" / "qsppack_phases.py"
# PennyLane takes powers of x, whose coefficients pass the largest double near this degree; its
# default fails for polynomials that come closer to 1, and the other takes minutes from here on.
LARGEST_DEGREE, LARGEST_VALUE, LARGEST_ITERATIVE = 300, 0.5, 20

Found = tuple[NDArray[np.float64], float]


def run(options: argparse.Namespace) -> None:
    """Find phases of inversion polynomials of several degrees with each method."""
    from circuits.inversion import odd_inversion

    rows: list[dict[str, Any]] = []
    qrisp = options.pythons.get("qrisp")
    for kappa in KAPPAS:
        series = odd_inversion(kappa, EPSILON).coefficients
        methods: dict[str, Callable[[NDArray[np.float64]], Found]] = {"qml-algos": _ours}
        if series.size <= LARGEST_DEGREE:
            methods["PennyLane, root-finding"] = lambda c: _pennylane(c, "root-finding")
        if series.size <= LARGEST_ITERATIVE:
            methods["PennyLane, iterative"] = lambda c: _pennylane(c, "iterative")
        if qrisp is not None:
            for method in ("Newton", "NLFT"):
                methods[f"qsppack, {method}"] = lambda c, m=method: _qsppack(  # type: ignore[misc]
                    c, m, qrisp, options.timeout
                )
        for name, find in methods.items():
            scaled = series * LARGEST_VALUE if name.startswith("PennyLane") else series
            rows.append({"degree": series.size - 1, "method": name, **_measured(find, scaled)})
            keep(
                options.out,
                "phases",
                {
                    "measured": now(),
                    "versions": versions("qml-algos", "pennylane", "numpy"),
                    "rows": rows,
                },
            )
    print(
        table(
            ["method", "degree", "s", "error", ""],
            [[row["method"], f"{row['degree']:,}", *_figures(row)] for row in rows],
            1,
        )
    )
    for row in rows:
        if row["method"] == "qml-algos" and row["degree"] >= TARGET_DEGREE:
            reached = row["seconds"] <= TARGET_SECONDS and row["error"] <= TARGET_ERROR
            text = f"degree {row['degree']}: {row['seconds']:.2f} s (at most {TARGET_SECONDS:g})"
            text += f", error {row['error']:.1e} (at most {TARGET_ERROR:g})"
            print(f"{'reached' if reached else 'MISSED '}  {text}")


def _figures(row: dict[str, Any]) -> list[str]:
    if "failure" in row:
        return ["-", "-", row["failure"][:60]]
    return [f"{row['seconds']:.3f}", f"{row['error']:.1e}", ""]


def _measured(
    find: Callable[[NDArray[np.float64]], Found], series: NDArray[np.float64]
) -> dict[str, Any]:
    """Seconds taken, and the largest deviation of the response from the polynomial."""
    from circuits.phases import response

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            phases, seconds = find(series)
    except subprocess.TimeoutExpired as error:
        return {"failure": f"not found within {error.timeout:g} s"}
    except subprocess.CalledProcessError as error:
        return {"failure": error.stderr.strip().rpartition("\n")[2]}
    except Exception as error:
        return {"failure": f"{type(error).__name__}: {error}"}
    x = np.cos(np.linspace(0, np.pi, 2 * series.size + 1))
    deviation = np.max(np.abs(response(phases, x).real - chebyshev.chebval(x, series)))
    return {"seconds": seconds, "error": float(deviation)}


def _ours(series: NDArray[np.float64]) -> Found:
    from circuits.phases import signal_processing_phases

    start = time.perf_counter()
    return signal_processing_phases(series), time.perf_counter() - start


def _pennylane(series: NDArray[np.float64], solver: str) -> Found:
    import pennylane as qml

    monomials = chebyshev.cheb2poly(series)
    monomials[::2] = 0.0
    start = time.perf_counter()
    angles = qml.poly_to_angles(monomials, "QSP", angle_solver=solver)
    return np.asarray(angles, dtype=float), time.perf_counter() - start


def _qsppack(series: NDArray[np.float64], method: str, python: str, timeout: float) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        given, found, report = (Path(folder, name) for name in ("in.npy", "out.npy", "out.json"))
        np.save(given, series[1::2])
        command = [python, "-W", "ignore", *map(str, (QSPPACK_SCRIPT, given, found, report))]
        subprocess.run(
            [*command, "--method", method],
            check=True,
            timeout=timeout,
            capture_output=True,
            text=True,
        )
        return np.load(found), float(json.loads(report.read_text())["seconds"])
