"""Matrix product states of functions sampled on grids too fine to be written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.interpolate
import scipy.linalg
from numpy.typing import NDArray

from circuits.matrix_product_state import ROUNDING, Tensor

_MOST_NODES = {1: 128, 2: 64, 3: 32}
_PROBES = 512


@dataclass(frozen=True, eq=False)
class SampledFunction:
    """A function as a matrix product state.

    Attributes
    ----------
    tensors
        As in `circuits.matrix_product_state`.
    error
        Largest deviation found at random points, divided by the root mean square there: an
        estimate of the relative error.
    """

    tensors: list[Tensor]
    error: float


def sampled_function(
    function: Callable[..., Any],
    qubits: Sequence[int],
    *,
    offset: float = 0.0,
    zero_first: bool = False,
) -> SampledFunction:
    r"""Sample a smooth function at ``(i + offset) / 2**q`` on each axis, for any q.

    Parameters
    ----------
    function
        Takes an array of coordinates in [0, 1] for each axis, of one shape; returns the values.
    qubits
        Of each axis; the first axis is the most significant. At most three axes.
    offset
        From 0 to 1.
    zero_first
        Whether amplitudes with i = 0 on any axis are exactly zero.

    Returns
    -------
    SampledFunction
        From an interpolant on p Chebyshev nodes for each axis, with p doubled until the error is
        rounding or does not fall: at most 128 nodes for one axis, 64 for two, 32 for three.

    Notes
    -----
    Restricted to either half of an interval, a polynomial is one of the same degree: with
    Lagrange's basis :math:`L_k` on nodes :math:`y_j`, :math:`L_k((s + y) / 2) = \sum_j L_k((s +
    y_j) / 2) L_j(y)`. So each bit of i is one matrix, of size p (2 p with ``zero_first``).

    References
    ----------
    M. Lindsey, arXiv:2311.12554 (2023), section 2.
    """
    axes = len(qubits)
    if axes not in _MOST_NODES:
        raise ValueError(f"qubits has {axes} axes: one to three are supported")
    probes = np.random.default_rng(0).random((axes, _PROBES))
    wanted = np.asarray(function(*probes))
    size = float(np.sqrt(np.mean(np.abs(wanted) ** 2)))
    nodes, error = 8, np.inf
    basis, values = _Basis(nodes), np.zeros((nodes,) * axes)
    while size and nodes <= _MOST_NODES[axes] and error > 10 * ROUNDING:
        candidate = _Basis(nodes)
        sampled = np.asarray(function(*np.meshgrid(*[candidate.nodes] * axes, indexing="ij")))
        found = _interpolated(candidate, sampled, probes)
        reached = float(np.max(np.abs(found - wanted))) / size
        if reached < error:
            basis, values, error = candidate, sampled, reached
        nodes *= 2
    return SampledFunction(_tensors(basis, values, qubits, offset, zero_first), error)


class _Basis:
    """Lagrange's polynomials on Chebyshev nodes in [0, 1]."""

    def __init__(self, count: int) -> None:
        self.nodes = (1 - np.cos(np.pi * (np.arange(count) + 0.5) / count)) / 2
        self._interpolator = scipy.interpolate.BarycentricInterpolator(self.nodes, np.eye(count))

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values; shape ``(points, polynomials)``."""
        values: NDArray[np.float64] = self._interpolator(points)
        return values


def _interpolated(basis: _Basis, values: NDArray[Any], points: NDArray[np.float64]) -> Any:
    result: Any = np.broadcast_to(values, (points.shape[1], *values.shape))
    for axis in points:
        result = np.einsum("pk,pk...->p...", basis.at(axis), result)
    return result


def _tensors(
    basis: _Basis, values: NDArray[Any], qubits: Sequence[int], offset: float, zero_first: bool
) -> list[Tensor]:
    tensors: list[Tensor] = []
    halves = np.stack([basis.at((s + basis.nodes) / 2).T for s in (0, 1)], axis=1)
    last = basis.at(np.array([offset]))[0]
    cores = _train(values)
    for core, count in zip(cores, qubits, strict=True):
        tensors += _axis(core, halves, last, count, zero_first)
    return tensors


def _train(values: NDArray[Any]) -> list[NDArray[Any]]:
    """Tensor train of the values at the nodes; cores of shape ``(left, nodes, right)``."""
    cores = []
    rest = values.reshape(1, -1)
    for nodes in values.shape[:-1]:
        left, singular, right = scipy.linalg.svd(
            rest.reshape(rest.shape[0] * nodes, -1), full_matrices=False
        )
        kept = max(1, int(np.sum(singular > ROUNDING * singular[0])))
        cores.append(left[:, :kept].reshape(-1, nodes, kept))
        rest = singular[:kept, None] * right[:kept]
    return [*cores, rest.reshape(rest.shape[0], -1, 1)]


def _axis(
    core: NDArray[Any], halves: Tensor, last: NDArray[Any], count: int, zero_first: bool
) -> list[Tensor]:
    """Sites of one axis; inner bonds hold (any bit was 1, polynomial, bond to later axes)."""
    through = core.shape[2]
    bit = np.zeros((2, 2, 2))
    bit[0, 0, 0] = bit[0, 1, 1] = bit[1, 0, 1] = bit[1, 1, 1] = 1
    if not zero_first:
        bit = np.ones((1, 2, 1))
    site = np.einsum("fsg,kst,ab->fkasgtb", bit, halves, np.eye(through))
    inner = bit.shape[0] * halves.shape[0] * through
    site = site.reshape(inner, 2, inner)
    start = np.zeros((core.shape[0], bit.shape[0], *core.shape[1:]), dtype=core.dtype)
    start[:, 0] = core
    end = np.zeros((bit.shape[0], halves.shape[0], through, through))
    end[-1] = last[:, None, None] * np.eye(through)
    sites = [site] * count
    sites[0] = np.tensordot(start.reshape(-1, inner), sites[0], axes=1)
    sites[-1] = np.tensordot(sites[-1], end.reshape(inner, through), axes=1)
    return sites
