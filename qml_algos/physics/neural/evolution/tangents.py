"""What an equation of motion needs of a state: weights, derivatives and local energies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit.quantum_info import SparsePauliOp

from qml_algos.results import Estimate


@dataclass(frozen=True, eq=False)
class Tangent:
    """Configurations of a state, and how their amplitudes change.

    Attributes
    ----------
    weights
        That add up to 1, shape ``(samples,)``.
    derivatives
        Of ``log psi`` by the parameters, shape ``(count, samples)``.
    energies
        Local ones, shape ``(samples,)``.
    """

    weights: NDArray[np.float64]
    derivatives: NDArray[np.complex128]
    energies: NDArray[np.complex128]

    def rate(self, cutoff: float) -> NDArray[np.complex128]:
        r"""Return the parameters' velocity per unit of ``-i dt``: what best follows ``H psi``.

        The least squares of :math:`\sum_k (O_k - \langle O_k\rangle) v_k = E - \langle E\rangle`,
        weighted. Directions of singular values below ``cutoff`` times the largest do not move the
        state by more than rounding or noise does; they are damped smoothly, so that the velocity
        is smooth in time.

        Takes O(count^2 * samples).
        """
        columns, target = self._equations()
        # By products, the singular values below 1e-8 would be lost.
        triangle, turned = _reduced(columns.T, target)
        left, values, right = np.linalg.svd(triangle, full_matrices=False)
        bound = cutoff * values[0]
        with np.errstate(over="ignore", divide="ignore"):
            inverse = 1 / (values * (1 + (bound / values) ** 6))
        inverse[~np.isfinite(inverse)] = 0
        return np.asarray(right.conj().T @ (inverse * (left.conj().T @ turned)))

    def residual(self, rate: NDArray[np.complex128]) -> float:
        """Return the share of ``(H - E) psi``, by norm, that a velocity leaves."""
        columns, target = self._equations()
        size = float(np.linalg.norm(target))
        # What rounding leaves of the energy of an eigenstate goes nowhere.
        scale = np.finfo(float).eps * float(np.abs(self.energies).max(initial=1))
        if size <= 100 * scale:
            return 0.0
        return float(np.linalg.norm(columns.T @ rate - target)) / size

    def _equations(self) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        roots = np.sqrt(self.weights)
        columns = (self.derivatives - (self.derivatives @ self.weights)[:, None]) * roots
        return columns, (self.energies - self.energies @ self.weights) * roots


def _reduced(
    matrix: NDArray[np.complex128], target: NDArray[np.complex128]
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    if len(matrix) <= matrix.shape[1]:
        return matrix, target
    basis, triangle = np.linalg.qr(matrix)
    return triangle, basis.conj().T @ target


class Configurations(Protocol):
    """Configurations over which averages are taken: all, or samples."""

    def tangent(self, parameters: NDArray[Any]) -> Tangent:
        """Evaluate a state of the parameters given."""
        ...

    def expectation(self, parameters: NDArray[Any], observable: SparsePauliOp) -> Estimate:
        """Average an observable in the state of the parameters given."""
        ...
