"""Linear systems that a Fourier, sine or cosine transform diagonalises."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from qiskit import QuantumCircuit

from circuits.fourier_diagonal import FourierDiagonal
from circuits.spectral import SpectralInverse, spectral_inverse, transform_error
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import UnsuitableSolverError
from qml_algos.linear_systems.deviation import allowed_deviation, resulting_distance
from qml_algos.linear_systems.fourier_structures import diagonalised_by_transform
from qml_algos.linear_systems.polynomial import prepare
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.structures import Structure
from qml_algos.validation import require_epsilon

MAX_CONDITION_NUMBER = 1e12
"""Beyond it double precision does not tell the angles of the smallest amplitudes."""

_TRANSFORM_SHARE = 0.1
_WRITTEN_QUBITS = 22
_ROUNDING = 1e-9


@dataclass(frozen=True)
class SpectralInversion:
    r"""Inversion in the basis of a quantum Fourier, sine or cosine transform.

    For Laplacians on grids of ``2**n`` cells with any boundary, circulant matrices of ``2**n``
    rows, and Kronecker sums of these. The transform takes b to the eigenbasis, a flag is turned by
    the reciprocal of the eigenvalue, which is a function of the index there, and the transform is
    undone. There is neither phase estimation nor a polynomial, nothing is diagonalised
    classically, and the condition number enters the success probability only.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution. On an exact backend it is split between the
        reciprocal, the transforms (a tenth each at most) and, where it is not exact, the
        preparation of b (a quarter); with shots half goes there and half to sampling.
    max_qubits
        Within so many qubits the circuit with the fewest CX is taken, if there is one; else, and
        always with ``None``, the one with the fewest CX whatever its qubits. The default is what an
        exact simulator takes in its stride.

    Notes
    -----
    Success probability ``(C ||x|| / ||b||)**2`` with C the smallest singular value up to the
    reciprocal's error, so about ``1 / kappa**2`` at least and as large as b allows. Cost: see
    `circuits.spectral.spectral_inverse`; polynomial in log N on one axis, and on several where A is
    definite (a null space aside) and the axes are symmetric. A null space of constants is projected
    out.

    References
    ----------
    Y. Cao, A. Papageorgiou, I. Petras, J. Traub, S. Kais, New J. Phys. 15, 013021 (2013),
    arXiv:1207.2485, for Poisson's equation by sine transforms.
    """

    epsilon: float = 1e-2
    max_qubits: int | None = 26
    name: ClassVar[str] = "spectral"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        limit = self.max_qubits
        if limit is not None and (type(limit) is not int or limit < 1):
            raise ValueError(f"max_qubits = {limit!r}: a positive integer or None is needed")

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that does not suit or cannot fit the backend.

        Raises
        ------
        UnsuitableSolverError
            If no transform of a register of qubits diagonalises the matrix.
        TooLargeError
            Naming what is needed and what there is.
        """
        matrix = fourier_diagonal(problem.structure)
        qubits = matrix.system_qubits + matrix.mirrors + 1
        require_qubits(backend.config, qubits, f"spectral inversion of {problem.size:,} unknowns")

    def build(self, problem: LinearSystem, *, filter_epsilon: float | None = None) -> Program:
        """Build the circuit.

        Parameters
        ----------
        problem
            The system.
        filter_epsilon
            Part of ``epsilon`` that preparation, transforms and reciprocal may use; all of it by
            default.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision, beside a null space of constants.
        UnsuitableSolverError
            If no transform diagonalises A, or it has too many modes for a table and is not of the
            kinds that need none.
        """
        start = time.perf_counter()
        epsilon = filter_epsilon or self.epsilon
        structure = problem.structure
        matrix = fourier_diagonal(structure)
        problem.require_in_range()
        spectrum = structure.spectrum
        kappa = spectrum.condition_number
        if kappa > MAX_CONDITION_NUMBER:
            raise UnsuitableSolverError(
                f"SpectralInversion: the condition number is {kappa:.2g}, at most "
                f"{MAX_CONDITION_NUMBER:.0e} is accepted; the amplitudes would be rounding errors"
            )
        magnification = _magnification(problem, matrix, kappa)
        preparation, state_error = prepare(problem, epsilon, magnification)
        share = _TRANSFORM_SHARE * epsilon
        tolerances = (share / magnification, share)
        there, back = (transform_error(matrix, tolerance) for tolerance in tolerances)
        transforms = magnification * there + back
        deviation = allowed_deviation(epsilon - state_error - transforms)
        inverse = _inverse(matrix, spectrum.smallest, deviation, tolerances, self.max_qubits)
        circuit = _circuit(preparation, inverse)
        return Program(
            circuit=circuit,
            layout=structure.layout,
            accepted=1 << (circuit.num_qubits - matrix.system_qubits - 1),
            factor=problem.right_hand_side.norm() / inverse.scale,
            real=problem.real,
            budget=ErrorBudget(state_error, transforms, resulting_distance(deviation)),
            access=f"eigenbasis by quantum transforms, {inverse.method}",
            classical_seconds=0.0,
            build_seconds=time.perf_counter() - start,
            details={"kappa": kappa, "magnification": magnification},
        )


def fourier_diagonal(structure: Structure) -> FourierDiagonal:
    """Describe a matrix by axes and symbols.

    Raises
    ------
    UnsuitableSolverError
        If no Fourier, sine or cosine transform of a register of qubits diagonalises it.
    """
    matrix = diagonalised_by_transform(structure)
    if matrix is None:
        raise UnsuitableSolverError(
            f"SpectralInversion: no transform of qubits diagonalises a matrix given as "
            f"{structure.description!r} of {structure.size:,} rows; it takes Poisson problems, "
            "circulant matrices of 2**n rows and Kronecker sums of these, Dirichlet axes with "
            "their like only"
        )
    return matrix


def _magnification(problem: LinearSystem, matrix: FourierDiagonal, kappa: float) -> float:
    r"""By how much at most the relative error of b is magnified in x.

    With v the eigenvector of the smallest eigenvalue, a formula, :math:`\|x\| \ge |\langle v|b
    \rangle| / \sigma_{\min}`, so that it is :math:`\|b\| / |\langle v|b\rangle|`: for smooth b
    about 1, far below kappa. One scalar product with b, where b and the spectrum can be written
    down; kappa where not.
    """
    layout = problem.structure.layout
    if layout.total_qubits > _WRITTEN_QUBITS:
        return kappa
    modes = [np.arange(2**axis.qubits) for axis in matrix.axes]
    sizes = np.abs(matrix.eigenvalues(modes))
    smallest = problem.structure.spectrum.smallest
    sizes[np.isnan(sizes) | (sizes < smallest / 2)] = np.inf
    lowest = np.unravel_index(np.argmin(sizes), [k.size for k in modes])
    overlap = layout.spread(problem.b).reshape([k.size for k in modes])
    for axis, mode in zip(matrix.axes, lowest, strict=True):
        overlap = np.tensordot(axis.mode(int(mode)).conj(), overlap, axes=(0, 0))
    cosine = float(np.abs(overlap)) / problem.right_hand_side.norm()
    return min(kappa, 1 / cosine) if cosine > 0 else kappa


def _inverse(
    matrix: FourierDiagonal,
    smallest: float,
    deviation: float,
    tolerances: tuple[float, float],
    max_qubits: int | None,
) -> SpectralInverse:
    least = smallest * (1 - _ROUNDING)
    try:
        return spectral_inverse(matrix, least, deviation, tolerances, max_qubits)
    except ValueError as error:
        raise UnsuitableSolverError(f"SpectralInversion: {error}") from None


def _circuit(preparation: QuantumCircuit, inverse: SpectralInverse) -> QuantumCircuit:
    circuit = QuantumCircuit(*inverse.circuit.qregs, name="spectral_inversion")
    circuit.metadata = {"classically_diagonalised": False}
    circuit.compose(preparation, range(preparation.num_qubits), inplace=True)
    return circuit.compose(inverse.circuit)
