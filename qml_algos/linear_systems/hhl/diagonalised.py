"""Evolution of a dense matrix in its eigenbasis, computed classically."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from circuits.evolution import DiagonalisedEvolution
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.structures import Spectrum
from qml_algos.linear_systems.structures.spectra import condition_from


@dataclass(frozen=True, eq=False)
class DiagonalisedMatrix:
    """Eigendecomposition of a Hermitian matrix, or singular value decomposition of any other.

    ``right_conjugated`` is ``None`` in the first case. See `evolutions.EvolvedMatrix`.
    """

    left: NDArray[Any]
    values: NDArray[np.float64]
    right_conjugated: NDArray[Any] | None
    layout: Layout
    spectrum: Spectrum
    exact: bool = True
    description: str = "evolution in the eigenbasis"

    @classmethod
    def of(cls, problem: LinearSystem) -> Self:
        """Decompose, O(N^3).

        Raises
        ------
        SingularMatrixError
            If the matrix is singular to working precision.
        """
        layout = Layout.plain(problem.size)
        if problem.hermitian:
            values, left = scipy.linalg.eigh(problem.dense())
            right = None
        else:
            left, values, right = scipy.linalg.svd(problem.dense())
        sizes = np.abs(values)
        condition_from(sizes)
        ends = (float(np.min(values)), float(np.max(values))) if right is None else (None, None)
        spectrum = Spectrum(float(np.min(sizes)), float(np.max(sizes)), *ends)
        return cls(left, values, right, layout, spectrum)

    @property
    def dilated(self) -> bool:
        """Whether the matrix is not Hermitian."""
        return self.right_conjugated is not None

    def evolution(self, unit: float, time: float, deviation: float) -> DiagonalisedEvolution:  # noqa: ARG002
        """Evolution of the matrix divided by ``unit``, padded with the eigenvalue 1."""
        padding = 2**self.layout.total_qubits - self.values.size
        values = np.append(self.values / unit, np.ones(padding))
        left = scipy.linalg.block_diag(self.left, np.eye(padding))
        if self.right_conjugated is None:
            return DiagonalisedEvolution.of_hermitian(values, left)
        right = scipy.linalg.block_diag(self.right_conjugated, np.eye(padding))
        return DiagonalisedEvolution.of_dilation(left, values, right)
