"""The systems of the benchmark of linear solvers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg
from numpy.typing import NDArray

from systems import right_hand_side, spd, tri

__all__ = ["KAPPA", "Case", "bump", "dirichlet", "make_cases", "periodic", "wave"]

KAPPA = 10.0


@dataclass(frozen=True, eq=False)
class Case:
    """A linear system.

    Attributes
    ----------
    name
        As the tables show it.
    matrix, b
        Written down.
    problem
        Makes the ``LinearSystem`` that our solvers are given, where it is stated as a structure
        instead of detected from the matrix; ``None`` if not.
    null_space
        Whether constants solve the homogeneous system: the solution is then the one without mean.
    """

    name: str
    matrix: sp.csr_array
    b: NDArray[np.float64]
    problem: Callable[[], Any] | None = None
    null_space: bool = False

    @property
    def size(self) -> int:
        """Number of unknowns."""
        return len(self.b)

    @cached_property
    def solution(self) -> NDArray[np.float64]:
        """The exact solution, of least norm, by a sparse factorisation."""
        matrix = self.matrix
        if self.null_space:
            matrix = matrix + np.full((self.size, self.size), 1 / self.size)
            return np.asarray(np.linalg.solve(matrix, self.b))
        return np.asarray(scipy.sparse.linalg.spsolve(matrix.tocsc(), self.b))

    @cached_property
    def smallest(self) -> float:
        """Smallest singular value."""
        return float(np.linalg.norm(self.matrix.toarray(), -2))

    def linear_system(self) -> Any:
        """Return the system as our solvers take it."""
        from qml_algos.linear_systems import LinearSystem

        return LinearSystem(self.matrix, self.b) if self.problem is None else self.problem()


def dirichlet(cells: int, dimensions: int = 1) -> sp.csr_array:
    """Minus the Laplacian in stencil units, zero at both ends of every axis."""
    return _kronecker_sum(_second_difference(cells - 1), dimensions)


def periodic(cells: int) -> sp.csr_array:
    """Minus the Laplacian in stencil units on a ring."""
    ring = _second_difference(cells).tolil()
    ring[0, -1] = ring[-1, 0] = -1.0
    return sp.csr_array(ring)


def bump(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth right-hand side on [0, 1]."""
    return np.asarray(np.exp(-20 * (t - 0.4) ** 2))


def wave(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth right-hand side of period 1 and mean 0, with all frequencies in it."""
    return np.asarray(np.exp(np.sin(2 * np.pi * t)) - np.i0(1.0))


def make_cases(seed: int) -> list[Case]:
    """Make all systems, each reproducible on its own."""
    cases = [_random(f"tri {n}", tri(n), [seed, n]) for n in (4, 8, 16, 32)]
    nodes = np.arange(1024) / 1024
    cases += [
        Case("tri 1024, b = 1", tri(1024), _unit(np.ones(1024)), _tri_ones),
        Case("tri 1024, smooth b", tri(1024), _unit(bump(nodes)), _tri_smooth),
        _random("Dirichlet 16", dirichlet(16), [seed, 16]),
        Case(
            "Dirichlet 1024, smooth b",
            dirichlet(1024),
            _unit(bump(nodes[1:])),
            _dirichlet_smooth,
        ),
        _random("periodic 16", periodic(16), [seed, 16], null_space=True),
        Case(
            "periodic 1024, smooth b",
            periodic(1024),
            _unit(wave(nodes)),
            _periodic_smooth,
            null_space=True,
        ),
        _random("Dirichlet 16x16", dirichlet(16, 2), [seed, 256]),
    ]
    for n in (4, 16):
        rng = np.random.default_rng([seed, n])
        matrix = spd(n, KAPPA, rng)
        cases.append(Case(f"spd {n}", matrix, right_hand_side(n, rng)))
    return cases


def _random(name: str, matrix: sp.csr_array, seed: list[int], *, null_space: bool = False) -> Case:
    b = right_hand_side(matrix.shape[0], np.random.default_rng(seed))
    if null_space:
        b = _unit(b - np.mean(b))
    return Case(name, matrix, b, null_space=null_space)


def _unit(b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(b / np.linalg.norm(b))


def _second_difference(n: int) -> sp.csr_array:
    ones = np.ones(n - 1)
    return sp.csr_array(sp.diags_array([-ones, np.full(n, 2.0), -ones], offsets=[-1, 0, 1]))


def _kronecker_sum(matrix: sp.csr_array, dimensions: int) -> sp.csr_array:
    total = matrix
    for _ in range(dimensions - 1):
        total = sp.kronsum(matrix, total)
    return sp.csr_array(total)


# How the large systems are stated to our solvers.


def _tri_ones() -> Any:
    from qml_algos.linear_systems import LinearSystem
    from qml_algos.linear_systems.right_hand_side import ProductVector

    return LinearSystem(_toeplitz(), ProductVector([np.ones(2)] * 10))


def _tri_smooth() -> Any:
    return _smooth(_toeplitz(), bump)


def _dirichlet_smooth() -> Any:
    from qml_algos.linear_systems.structures import Poisson

    return _smooth(Poisson((1024,), "dirichlet"), bump)


def _periodic_smooth() -> Any:
    from qml_algos.linear_systems.structures import Poisson

    return _smooth(Poisson((1024,), "periodic"), wave)


def _toeplitz() -> Any:
    from qml_algos.linear_systems.structures import Toeplitz

    return Toeplitz(1024, {-1: -1 / 3, 0: 1.0, 1: -1 / 3})


def _smooth(matrix: Any, function: Callable[[Any], Any]) -> Any:
    from qml_algos.linear_systems import LinearSystem
    from qml_algos.linear_systems.right_hand_side import SmoothFunction

    return LinearSystem(matrix, SmoothFunction.on(matrix, function))
