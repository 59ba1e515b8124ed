"""How QSVTInversion grows with the condition number: a part of ``linear_systems.py``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import linregress, t

from hhl import compile_circuit
from linear_report import keep, now, table, versions
from systems import tri

__all__ = ["run"]

EPSILON = 1e-3
SIZE = 8
KAPPAS = np.geomspace(10, 1000, 9)
TARGET_EXPONENT = 1.1
CONFIDENCE = 0.95


def run(options: argparse.Namespace) -> None:
    """Count the gates for each condition number, fit a power law, and print and keep both."""
    results: dict[str, Any] = {"measured": now(), "versions": versions("qml-algos", "qiskit")}
    rows = []
    for name, make in {"definite": _definite, "indefinite": _indefinite}.items():
        counts = [_count(make(kappa)) for kappa in KAPPAS]
        line = linregress(np.log(KAPPAS), np.log(counts))
        half = float(line.stderr * t.ppf((1 + CONFIDENCE) / 2, len(KAPPAS) - 2))
        results[name] = {
            "kappa": KAPPAS.tolist(),
            "cx": counts,
            "exponent": float(line.slope),
            "half_width": half,
        }
        reached = "reached" if line.slope <= TARGET_EXPONENT else "MISSED"
        figures = [f"{counts[0]:,}", f"{counts[-1]:,}", f"{line.slope:.3f} +- {half:.3f}"]
        rows.append([f"tridiagonal {SIZE}, {name}", *figures, reached])
        keep(options.out, "kappa", results)
    header = ["system", "cx at kappa 10", "at 1,000", "exponent (95 %)", "at most 1.1"]
    print(table(header, rows, 1))


def _count(matrix: NDArray[np.float64]) -> int:
    from qml_algos.linear_systems import LinearSystem, QSVTInversion

    program = QSVTInversion(epsilon=EPSILON).build(LinearSystem(matrix, np.ones(SIZE)))
    compiled, _ = compile_circuit(program.circuit)
    return int(compiled.count_ops().get("cx", 0))


def _definite(kappa: float) -> NDArray[np.float64]:
    """Tridiagonal Toeplitz matrix, all eigenvalues positive."""
    off = tri(SIZE).toarray() - np.eye(SIZE)
    return _with_kappa(kappa, lambda d: off + d * np.eye(SIZE), (0.627, 10.0))


def _indefinite(kappa: float) -> NDArray[np.float64]:
    """Tridiagonal Toeplitz matrix with a small diagonal: eigenvalues of both signs."""
    off = tri(SIZE).toarray() - np.eye(SIZE)
    # From the middle between two eigenvalues to one of them.
    low, high = np.linalg.eigvalsh(off)[SIZE // 2 - 1 : SIZE // 2 + 1]
    return _with_kappa(kappa, lambda d: off + d * np.eye(SIZE), ((high - low) * 0.01, high))


def _with_kappa(
    kappa: float, family: Callable[[float], NDArray[np.float64]], ends: tuple[float, float]
) -> NDArray[np.float64]:
    """Choose the member of a family with this condition number."""

    def excess(parameter: float) -> float:
        # The inverse of the condition number stays finite where the matrix is singular.
        return float(1 / np.linalg.cond(family(parameter)) - 1 / kappa)

    return family(float(brentq(excess, *ends)))
