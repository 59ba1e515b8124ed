"""Solving in the basis of a fast Fourier, sine or cosine transform."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import scipy.fft
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import SingularMatrixError, TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.solution import Solution
from qml_algos.linear_systems.structures import (
    Circulant,
    KroneckerSum,
    Poisson,
    Structure,
    Toeplitz,
)
from qml_algos.linear_systems.structures.base import require_storable
from qml_algos.results import Resources

_EPS = float(np.finfo(float).eps)
_IN_RANGE = 1e-10
"""Part of b in the null space that counts as rounding."""

Transform = Literal["sine", "cosine", "fourier"]


@dataclass(frozen=True, eq=False)
class _Axis:
    """A transform that diagonalises along one axis, and the eigenvalues there."""

    transform: Transform
    eigenvalues: NDArray[Any]


@dataclass(frozen=True)
class FastTransform:
    r"""Solve by fast transforms, for matrices diagonal in a Fourier, sine or cosine basis.

    These are circulant matrices of any size (Fourier), symmetric tridiagonal Toeplitz matrices
    (sine), Poisson matrices with any boundary, and Kronecker sums of these. Where A has a null
    space that b is orthogonal to, the solution is the one of least norm.

    Cost: ``O(N log N)``. The error is rounding times the condition number, so there is no precision
    to choose.

    Notes
    -----
    scipy.fft stays: pyFFTW, planned by estimate and its planning counted, was slower or equal at
    sizes from 2^10 to 2^20 but for a single sine transform of 2^20 - 1, where it would save a
    tenth of a second with a plan used again.

    References
    ----------
    B. Buzbee, G. Golub, C. Nielson, SIAM J. Numer. Anal. 7, 627 (1970).
    G. Strang, SIAM Review 41, 135 (1999).
    """

    name: ClassVar[str] = "fft"

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If A is of none of these kinds.
        SingularMatrixError
            If A is singular and b is not orthogonal to its null space.
        TooLargeError
            If b does not fit into memory.
        """
        b = problem.b
        start = time.perf_counter()
        structure = problem.structure
        axes = list(_axes(structure))
        x, null_space = _solve(axes, b, real=problem.real)
        seconds = time.perf_counter() - start
        caveats = [f"Method: {_names(axes)} transforms of a {structure.description} matrix."]
        if null_space:
            caveats.append(
                "Null space: A is singular and b orthogonal to its null space; of all solutions "
                "this is the one of least norm."
            )
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=seconds),
            residual=_residual(problem, x),
            caveats=tuple(caveats),
        )


def _residual(problem: LinearSystem, x: NDArray[Any]) -> float | None:
    """Relative residual, if A can be written down to multiply with it."""
    try:
        return problem.residual(x)
    except TooLargeError:
        return None


def _axes(structure: Structure) -> Iterator[_Axis]:
    """Give the axes of a structure, the slowest first."""
    match structure:
        case Poisson():
            yield from _poisson_axes(structure)
        case Circulant():
            yield _Axis("fourier", structure.eigenvalues())
        case Toeplitz() if _is_symmetric_tridiagonal(structure):
            yield _toeplitz_axis(structure)
        case KroneckerSum():
            for term in structure.terms:
                yield from _axes(term)
        case _:
            raise UnsuitableSolverError(
                "FastTransform needs a circulant, symmetric tridiagonal Toeplitz or Poisson matrix "
                f"or a Kronecker sum of these; A is {structure.description}: use Direct"
            )


def _is_symmetric_tridiagonal(structure: Toeplitz) -> bool:
    entries = structure.coefficients
    return structure.bandwidth <= 1 and entries.get(1, 0.0) == entries.get(-1, 0.0)


def _toeplitz_axis(structure: Toeplitz) -> _Axis:
    require_storable(structure.size, "the spectrum of a Toeplitz matrix")
    centre, beside = (structure.coefficients.get(k, 0.0) for k in (0, 1))
    angles = np.pi * np.arange(1, structure.size + 1) / (structure.size + 1)
    # c + 2 d cos(t) = (c + 2 d) - 4 d sin(t / 2)^2, which keeps small eigenvalues exact.
    values: NDArray[Any] = (centre + 2 * beside) - 4 * beside * np.sin(angles / 2) ** 2
    if structure.real:
        values = values.real
    return _Axis("sine", values)


def _poisson_axes(structure: Poisson) -> Iterator[_Axis]:
    require_storable(structure.size, "the spectrum of a Poisson matrix")
    kinds: dict[str, Transform] = {
        "dirichlet": "sine",
        "neumann": "cosine",
        "periodic": "fourier",
    }
    first = int(structure.boundary == "dirichlet")
    turn = 1.0 if structure.boundary == "periodic" else 0.5
    shift = structure.shift
    for cells in structure.cells:
        angles = np.pi * turn * np.arange(first, cells) / cells
        values = structure.scale * (4 * np.sin(angles) ** 2 + shift)
        yield _Axis(kinds[structure.boundary], values)
        shift = 0.0  # once for all axes


def _solve(axes: list[_Axis], b: NDArray[Any], *, real: bool) -> tuple[NDArray[Any], bool]:
    """Transform, divide, transform back; tell whether there was a null space."""
    shape = tuple(axis.eigenvalues.size for axis in axes)
    fourier = [k for k, axis in enumerate(axes) if axis.transform == "fourier"]
    # Of a real vector, and a real matrix, half of the last Fourier axis determines the rest.
    half = fourier[-1] if real and fourier else None
    values = [
        axis.eigenvalues[: shape[k] // 2 + 1] if k == half else axis.eigenvalues
        for k, axis in enumerate(axes)
    ]
    grid = _transformed(b.reshape(shape), axes, half)
    sums = functools.reduce(np.add.outer, values)
    rounding = len(axes) * 4 * _EPS * max(float(np.abs(v).max()) for v in values)
    null = np.abs(sums) <= rounding
    if null.any():
        if scipy.linalg.norm(grid[null]) > _IN_RANGE * scipy.linalg.norm(grid):
            raise SingularMatrixError(
                "A is singular to working precision, and b is not orthogonal to its null space; "
                "the system has no solution"
            )
        grid[null] = 0.0
        sums[null] = 1.0
    return _back(grid / sums, axes, half, shape).ravel(), bool(null.any())


def _transformed(grid: NDArray[Any], axes: list[_Axis], half: int | None) -> NDArray[Any]:
    # The sine and cosine transforms come first: they keep a real grid real for the half one.
    for kind, transform in (("sine", scipy.fft.dstn), ("cosine", scipy.fft.dctn)):
        places = _places(axes, kind)
        if places:
            grid = transform(grid, _TYPES[kind], axes=places, norm="ortho")
    places = _places(axes, "fourier")
    if half is not None:
        return scipy.fft.rfftn(grid, axes=places, norm="ortho")
    return scipy.fft.fftn(grid, axes=places, norm="ortho") if places else grid


def _back(
    grid: NDArray[Any], axes: list[_Axis], half: int | None, shape: tuple[int, ...]
) -> NDArray[Any]:
    places = _places(axes, "fourier")
    if half is not None:
        grid = scipy.fft.irfftn(grid, s=[shape[k] for k in places], axes=places, norm="ortho")
    elif places:
        grid = scipy.fft.ifftn(grid, axes=places, norm="ortho")
    for kind, transform in (("sine", scipy.fft.idstn), ("cosine", scipy.fft.idctn)):
        places = _places(axes, kind)
        if places:
            grid = transform(grid, _TYPES[kind], axes=places, norm="ortho")
    return grid


_TYPES = {"sine": 1, "cosine": 2}
"""Types of the transforms: nodes that exclude the ends, and midpoints of cells."""


def _places(axes: list[_Axis], kind: str) -> list[int]:
    return [k for k, axis in enumerate(axes) if axis.transform == kind]


def _names(axes: list[_Axis]) -> str:
    return " and ".join(dict.fromkeys(axis.transform for axis in axes))
