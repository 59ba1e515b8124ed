"""Whether the error promised is kept on random systems: a part of ``linear_systems.py``."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linear_report import keep, now, table, versions

__all__ = ["random_system", "run"]

SOLVERS = ("HHL", "QSVTInversion")
SYSTEMS = 200
EPSILONS = (1e-1, 3e-2, 1e-2, 1e-3)


def run(options: argparse.Namespace) -> None:
    """Solve the systems with each solver; print and keep how often a promise was broken."""
    results: dict[str, Any] = {"measured": now(), "versions": versions("qml-algos", "qiskit")}
    rows = []
    for solver in SOLVERS:
        ratios, failures = _ratios(solver, options.seed)
        broken = sum(ratio > 1 for ratio in ratios)
        results[solver] = {
            "solved": len(ratios),
            "broken": broken,
            "error / epsilon": {
                "median": float(np.median(ratios)) if ratios else None,
                "worst": max(ratios, default=None),
            },
            "failures": failures,
        }
        median, worst = (f"{f(ratios):.2f}" if ratios else "-" for f in (np.median, np.max))
        rows.append([solver, f"{len(ratios)}", f"{len(failures)}", median, worst, f"{broken}"])
        keep(options.out, "promise", results)
        print("\n".join(failures[:5]))
    header = ["solver", "solved", "not solved", "median error / epsilon", "worst", "above 1"]
    print(table(header, rows, 1))


def _ratios(solver: str, seed: int) -> tuple[list[float], list[str]]:
    """Achieved over promised error for each system, and what went wrong with the others."""
    from qml_algos import linear_systems
    from qml_algos.linear_systems import LinearSystem

    kind = getattr(linear_systems, solver)
    ratios: list[float] = []
    failures: list[str] = []
    for k in range(SYSTEMS):
        rng = np.random.default_rng([seed, k])
        a, b, what = random_system(rng)
        epsilon = float(rng.choice(EPSILONS))
        try:
            solution = linear_systems.solve(
                LinearSystem(a, b), kind(epsilon=epsilon), reference=np.linalg.solve(a, b)
            )
        except Exception as error:
            failures.append(f"{solver}, system {k} ({what}): {type(error).__name__}: {error}")
        else:
            assert solution.error is not None
            ratios.append(solution.error / epsilon)
    return ratios, failures


def random_system(rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any], str]:
    """Draw a system: size 2 to 8, condition number 1.5 to 30, of one of six kinds.

    Real or complex; definite, indefinite, or not Hermitian at all. The singular values between
    the two ends are spread evenly over the logarithm.
    """
    n = int(rng.integers(2, 9))
    kappa = float(np.exp(rng.uniform(np.log(1.5), np.log(30))))
    kind = str(rng.choice(["definite", "indefinite", "general"]))
    field = str(rng.choice(["real", "complex"]))

    def normal(*shape: int) -> NDArray[Any]:
        values = rng.normal(size=shape)
        return values + 1j * rng.normal(size=shape) if field == "complex" else values

    values = kappa ** -rng.uniform(size=n)
    values[:2] = 1.0, 1 / kappa
    if kind == "indefinite":
        values *= rng.choice([-1.0, 1.0], size=n)
    left = np.linalg.qr(normal(n, n))[0]
    right = np.linalg.qr(normal(n, n))[0] if kind == "general" else left
    a = (left * values) @ right.conj().T
    if kind != "general":
        a = (a + a.conj().T) / 2
    scale = float(np.exp(rng.normal()))
    return scale * a, normal(n), f"{field}, {kind}, {n} unknowns, kappa {kappa:.1f}"
