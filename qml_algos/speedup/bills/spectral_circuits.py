"""What spectral inversion takes for a heated line: counted at some sizes, and extrapolated.

From some ten qubits on, every further one splits off one more octave of modes and lengthens the
truncated transform and the matrix product state of the source by as much as the one before: gates
grow in proportion to log N.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from circuits.costs import GateCounts, count_gates
from qml_algos.linear_systems import FastTransform, LinearSystem, SpectralInversion, solve
from qml_algos.linear_systems.classical import SquareShare
from qml_algos.linear_systems.families import make_system
from qml_algos.linear_systems.polynomial import prepare
from qml_algos.speedup.bills.inversion_circuits import SolverCost
from qml_algos.speedup.bills.law import Check
from qml_algos.speedup.bills.system_families import qubits_for

HEATED_LINES = ("dirichlet", "neumann", "periodic")
"""Families of Poisson problems on a line with a Gaussian source."""

_COUNTED = (4, 8, 12, 16)
_SEED = 0
_RESOLVED, _COARSEST = 12, 3

_ASSUMPTION = (
    "Gates of spectral inversion are counted at 2^4, 2^8, 2^12 and 2^16 cells and grow in "
    "proportion to the qubits between and beyond; from 2^20 cells on, angles need more digits than "
    "double precision has."
)
_SMOOTH = (
    "The source is a Gaussian a tenth of the line wide, prepared as a matrix product state; the "
    "success probability is that of one place of it."
)


@dataclass(frozen=True)
class _Counts:
    loading: tuple[GateCounts, ...]
    algorithm: tuple[GateCounts, ...]
    success_probability: float


def heated_line_cost(family: str, size: int, epsilon: float) -> tuple[GateCounts, SolverCost]:
    """Bill `qml_algos.linear_systems.SpectralInversion` for a line with a Gaussian source.

    Parameters
    ----------
    family
        One of `HEATED_LINES`.
    size
        Unknowns; billed as the next power of two of cells.
    epsilon
        Error of the circuit.

    Returns
    -------
    loading : GateCounts
        Of the source.
    cost : SolverCost
        Of the rest. The first call for a family and an epsilon builds four circuits, which takes
        some seconds.
    """
    counted = _counted(family, epsilon)
    qubits = qubits_for(size + (family == "dirichlet"))
    loading, algorithm = (_at(qubits, counts) for counts in (counted.loading, counted.algorithm))
    cost = SolverCost(
        algorithm=algorithm,
        success_probability=counted.success_probability,
        kappa_exponent=0.0,
        assumptions=(_ASSUMPTION, _SMOOTH),
        source="fitted",
    )
    return loading, cost


@cache
def resolution_check(family: str, epsilon: float) -> Check:
    """Find how coarse a grid gives the same answer: the solution is as smooth as its source.

    Parameters
    ----------
    family
        One of `HEATED_LINES`.
    epsilon
        Largest error of the share of the first half of the line in the squared norm.

    Returns
    -------
    Check
        With the least number of cells, a power of two, from which on the share differs by no more
        from that of 4,096 cells.
    """
    shares = [_share(family, 2**power) for power in range(_COARSEST, _RESOLVED + 1)]
    off = np.abs(np.array(shares) - shares[-1]) > epsilon
    cells = 2 ** (_COARSEST + int(np.max(np.flatnonzero(off), initial=-1)) + 1)
    return Check(
        "resolution",
        f"{cells} cells are enough",
        float(cells),
        "bad",
        f"The source is smooth, and so is the solution: a grid of {cells} cells already gives the "
        f"observable to {epsilon:g}. A classical solver need not take a larger one, whatever N is.",
    )


@cache
def _counted(family: str, epsilon: float) -> _Counts:
    loading, algorithm = [], []
    for qubits in _COUNTED:
        problem = _drawn(family, 2**qubits)
        program = SpectralInversion().build(problem, filter_epsilon=epsilon)
        magnification = program.details["magnification"]
        preparation, _ = prepare(problem, epsilon, magnification)
        whole, part = count_gates(program.circuit), count_gates(preparation)
        loading.append(part)
        algorithm.append(replace(whole + part * -1, qubits=whole.qubits))
    problem = _drawn(family, 2 ** _COUNTED[1])
    program = SpectralInversion().build(problem, filter_epsilon=epsilon)
    x = solve(problem, FastTransform()).x
    success = float(np.linalg.norm(x) ** 2 / abs(program.factor) ** 2)
    return _Counts(tuple(loading), tuple(algorithm), success)


def _drawn(family: str, cells: int) -> LinearSystem:
    return make_system(family, cells, np.random.default_rng(_SEED))


def _share(family: str, cells: int) -> float:
    problem = _drawn(family, cells)
    x = solve(problem, FastTransform()).x
    weights = SquareShare().matrix(problem.structure.layout.shape)
    return float(np.sum(weights * np.abs(x) ** 2) / np.linalg.norm(x) ** 2)


def _at(qubits: int, counts: Sequence[GateCounts]) -> GateCounts:
    """Interpolate linearly in the number of qubits, and go on with the last slope."""
    place = int(np.clip(np.searchsorted(_COUNTED, qubits), 1, len(_COUNTED) - 1))
    low, high = _COUNTED[place - 1], _COUNTED[place]
    share = (qubits - low) / (high - low)
    values = {}
    for field in fields(GateCounts):
        start, end = (getattr(counts[k], field.name) for k in (place - 1, place))
        values[field.name] = max(0.0, start + share * (end - start))
    return replace(GateCounts(**values), qubits=math.ceil(values["qubits"]))
