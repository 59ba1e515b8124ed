"""How the circuits grow with the number of qubits: a part of ``linear_systems.py``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hhl import compile_circuit
from linear_cases import bump
from linear_report import keep, now, table, versions

__all__ = ["fit", "run"]

EPSILON = 1e-2
TARGET_EXPONENT = 2.5
LEAST_IMPROVEMENT = 2.0
# Simulated sizes end at 10 qubits; beyond them gates are only counted. A Poisson problem of more
# than 20 is refused for its condition number.
SIMULATED = 10
COUNTED = {"Dirichlet, smooth b": 20}
MOST_COUNTED = 30


def run(options: argparse.Namespace) -> None:
    """Count the gates of every family, fit them, and print and keep both."""
    results: dict[str, Any] = {}
    rows = []
    for name, (make, solver) in _families().items():
        largest = COUNTED.get(name, MOST_COUNTED)
        counts = {n: _count(make(n), solver) for n in range(2, largest + 1)}
        fits = {
            f"n = 2 to {end}": fit([n for n in counts if n <= end], counts)
            for end in (SIMULATED, largest)
        }
        results[name] = {"solver": solver, "cx": counts, "fits": fits}
        rows += [[name, solver, label, *_figures(found)] for label, found in fits.items()]
        keep(options.out, "growth", {"measured": now(), "versions": _versions(), **results})
        print(f"{name}: {', '.join(f'{n}: {cx:,}' for n, cx in counts.items())}", flush=True)
    header = ["system", "solver", "range", "exponent p", "AIC selects", "BIC selects", "reached"]
    print(table(header, rows, 3))


def fit(sizes: Sequence[int], counts: dict[int, int]) -> dict[str, Any]:
    """Fit laws to the counts g(n), and choose among them by AIC and by BIC.

    Two comparisons: a power law against an exponential, ``log g = a + p log n`` against
    ``a + c n``; and a cubic polynomial against the same with a term in 2^n, by relative
    deviations, since a power law with an offset looks like a slow exponential to the first.
    Residuals are taken as normal and independent. An added term that improves the criterion by
    less than 2 is not selected, nor is a negative one.
    """
    n = np.array(sizes, dtype=float)
    g = np.array([counts[k] for k in sizes], dtype=float)
    one = np.ones_like(n)
    polynomial = np.vander(n, 4) / g[:, None]
    models = {
        "power": _least_squares(np.column_stack([one, np.log(n)]), np.log(g)),
        "exponential": _least_squares(np.column_stack([one, n]), np.log(g)),
        "cubic": _least_squares(polynomial, one),
        "cubic and 2^n": _least_squares(np.column_stack([polynomial, 2**n / g]), one),
    }
    found: dict[str, Any] = {"exponent": models["power"]["parameters"][1], "models": models}
    for criterion in ("aic", "bic"):
        score = {name: model[criterion] for name, model in models.items()}
        positive = models["cubic and 2^n"]["parameters"][-1] > 0
        found[criterion] = {
            "law": min(("power", "exponential"), key=score.__getitem__),
            "exponential term": bool(
                positive and score["cubic and 2^n"] < score["cubic"] - LEAST_IMPROVEMENT
            ),
        }
    return found


def _least_squares(design: NDArray[np.float64], y: NDArray[np.float64]) -> dict[str, Any]:
    """Fit, with the criterion of Akaike (corrected for few points) and that of Schwarz."""
    scale = np.linalg.norm(design, axis=0)
    parameters = np.linalg.lstsq(design / scale, y)[0]
    points = len(y)
    free = len(scale) + 1  # and the variance
    # Counts jump where a degree or a precision does: residuals below a hundredth mean nothing.
    variance = max(float(np.mean((y - design / scale @ parameters) ** 2)), 1e-4)
    likelihood = points * float(np.log(variance))
    return {
        "parameters": (parameters / scale).tolist(),
        "rms": variance**0.5,
        "aic": likelihood + 2 * free + 2 * free * (free + 1) / (points - free - 1),
        "bic": likelihood + free * float(np.log(points)),
    }


def _figures(found: dict[str, Any]) -> list[str]:
    choices = [found["aic"], found["bic"]]
    reached = found["exponent"] <= TARGET_EXPONENT and not any(
        choice["law"] == "exponential" or choice["exponential term"] for choice in choices
    )
    shown = [
        choice["law"] + (", term in 2^n" if choice["exponential term"] else "")
        for choice in choices
    ]
    return [f"{found['exponent']:.2f}", *shown, "reached" if reached else "MISSED"]


def _count(problem: Any, solver: str) -> int:
    from qml_algos import linear_systems

    # Circuits that are counted need not fit a simulator.
    options = {"max_qubits": None} if solver == "SpectralInversion" else {}
    program = getattr(linear_systems, solver)(epsilon=EPSILON, **options).build(problem)
    compiled, _ = compile_circuit(program.circuit)
    return int(compiled.count_ops().get("cx", 0))


def _versions() -> dict[str, str]:
    return versions("qml-algos", "qiskit")


def _families() -> dict[str, tuple[Callable[[int], Any], str]]:
    """System on n qubits and the solver for it, by name."""
    from qml_algos.linear_systems import LinearSystem
    from qml_algos.linear_systems.right_hand_side import ProductVector, SmoothFunction
    from qml_algos.linear_systems.structures import Circulant, Poisson, Structure, Toeplitz

    def tri(n: int) -> Toeplitz:
        return Toeplitz(2**n, {-1: -1 / 3, 0: 1.0, 1: -1 / 3})

    def smooth(matrix: Structure, function: Callable[[Any], Any]) -> LinearSystem:
        return LinearSystem(matrix, SmoothFunction.on(matrix, function))

    return {
        "tri, b = 1": (
            lambda n: LinearSystem(tri(n), ProductVector([np.ones(2)] * n)),
            "QSVTInversion",
        ),
        "tri, smooth b": (lambda n: smooth(tri(n), bump), "QSVTInversion"),
        "Dirichlet, smooth b": (
            lambda n: smooth(Poisson((2**n,), "dirichlet"), bump),
            "SpectralInversion",
        ),
        "periodic, smooth b": (
            lambda n: smooth(Circulant(2**n, {-1: -1 / 3, 0: 1.0, 1: -1 / 3}), bump),
            "SpectralInversion",
        ),
    }
