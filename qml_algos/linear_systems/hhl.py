"""HHL: from a linear system to its circuit, and from what was measured back to a solution."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.evolution import DiagonalisedEvolution
from circuits.hhl import hhl
from circuits.reciprocal import reciprocal_filter
from circuits.state_preparation import state_preparation
from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem, condition_from
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.validation import require_epsilon, require_kappa

MAX_DENSE_UNKNOWNS = 1024
"""Largest system diagonalised: its basis change takes half a million CX already."""

_SMALLEST_CLOCK = 3


@dataclass(frozen=True)
class HHL:
    r"""The quantum linear solver of Harrow, Hassidim and Lloyd, for dense matrices.

    A of any square size is padded to a power of two. A Hermitian A is used as it is, with a
    two's-complement clock if it is indefinite; any other goes through its Hermitian dilation,
    one qubit more. Evolution time, clock size and rotation follow from kappa and epsilon (see
    `circuits.reciprocal.reciprocal_filter` for the error budget).

    The evolution is *classically diagonalised*: building the circuit takes the eigenvectors of
    A, which is as much work as solving the system. Nothing found this way is a speedup; what it
    shows is the cost and the behaviour of the circuit.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution. On an exact backend the filter may use all of
        it. With shots, half goes to the filter and half, as a root mean square, to sampling,
        unless the number of shots is given to ``solve``.
    kappa
        Upper bound on the condition number; computed if not given.

    Notes
    -----
    For N = 2**n unknowns and a clock of m qubits: n + m + 1 qubits (n + m + 2 if not
    Hermitian), about ``4**n + 2 m 2**n + 2**m`` CX, success probability
    ``(C ||x|| s / ||b||)**2`` with s the largest singular value and C between 0.7 / kappa and
    1 / kappa, so at least ``0.5 / kappa**2``. Classical work O(N^3).

    References
    ----------
    A. Harrow, A. Hassidim, S. Lloyd, Phys. Rev. Lett. 103, 150502 (2009), arXiv:0811.3171.
    """

    epsilon: float = 1e-2
    kappa: float | None = None
    name: ClassVar[str] = "hhl"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that cannot fit the backend or the machine.

        Raises
        ------
        TooLargeError
            Naming what is needed and what there is.
        """
        data_qubits = Layout.plain(problem.size).total_qubits
        qubits = data_qubits + (not problem.hermitian) + _SMALLEST_CLOCK + 1
        require_qubits(backend.config, qubits, f"HHL for {problem.size:,} unknowns")
        if problem.size > MAX_DENSE_UNKNOWNS:
            raise TooLargeError(
                f"HHL diagonalises A as a dense matrix: {problem.size:,} unknowns, at most "
                f"{MAX_DENSE_UNKNOWNS:,}"
            )

    def build(self, problem: LinearSystem, *, filter_epsilon: float | None = None) -> Program:
        """Build the circuit.

        Parameters
        ----------
        problem
            The system.
        filter_epsilon
            Part of ``epsilon`` that the filter may use; all of it by default.

        Raises
        ------
        SingularMatrixError
            If A is singular to working precision.
        UnsuitableSolverError
            If the kappa given is too small for A, or kappa is too large for the clock.
        """
        start = time.perf_counter()
        spectrum = _decompose(problem)
        classical_seconds = time.perf_counter() - start
        start = time.perf_counter()
        # Unit vectors at a distance e make an angle of 2 arcsin(e / 2); the filter bounds its sine.
        distance = filter_epsilon or self.epsilon
        deviation = float(np.sin(2 * np.arcsin(distance / 2)))
        try:
            reciprocal = reciprocal_filter(
                self._kappa(spectrum), deviation, definite=spectrum.definite
            )
        except ValueError as error:
            raise UnsuitableSolverError(f"HHL: {error}") from None
        layout = Layout.plain(problem.size)
        n = layout.total_qubits
        b = layout.spread(problem.b)
        dilated = not problem.hermitian
        preparation = QuantumCircuit(n + dilated)
        preparation.compose(state_preparation(b), range(n), inplace=True)
        circuit = hhl(preparation, spectrum.evolution(2**n), reciprocal)
        # Above the data: the dilation's qubit in 1, the clock in 0, the flag in 1.
        accepted = dilated + (1 << (dilated + reciprocal.clock_qubits))
        return Program(
            circuit=circuit,
            layout=layout,
            accepted=accepted,
            factor=float(scipy.linalg.norm(problem.b)) / (reciprocal.scale * spectrum.scale),
            real=not (np.iscomplexobj(problem.A) or np.iscomplexobj(problem.b)),
            budget=ErrorBudget(inversion=distance),
            access="evolution in the eigenbasis",
            classical_seconds=classical_seconds,
            build_seconds=time.perf_counter() - start,
            details={"clock qubits": reciprocal.clock_qubits, "kappa": reciprocal.kappa},
        )

    def _kappa(self, spectrum: _Spectrum) -> float:
        if self.kappa is None:
            return spectrum.kappa
        if self.kappa < spectrum.kappa * (1 - 1e-9):
            raise ValueError(
                f"kappa = {self.kappa:.6g} is below the condition number {spectrum.kappa:.6g} of A"
            )
        return self.kappa


@dataclass(frozen=True, eq=False)
class _Spectrum:
    """Eigendecomposition of a Hermitian A or singular value decomposition of any other.

    ``values`` are divided by ``scale``, so that the largest is 1 in magnitude and, if all have
    the same sign, all are positive.
    """

    left: NDArray[Any]
    values: NDArray[np.float64]
    right_conjugated: NDArray[Any] | None
    scale: float
    kappa: float
    definite: bool

    def evolution(self, size: int) -> DiagonalisedEvolution:
        """Evolution of the scaled matrix, padded to ``size`` with the eigenvalue 1."""
        padding = size - self.values.size
        values = np.append(self.values, np.ones(padding))
        left = scipy.linalg.block_diag(self.left, np.eye(padding))
        if self.right_conjugated is None:
            return DiagonalisedEvolution.of_hermitian(values, left)
        right = scipy.linalg.block_diag(self.right_conjugated, np.eye(padding))
        return DiagonalisedEvolution.of_dilation(left, values, right)


def _decompose(problem: LinearSystem) -> _Spectrum:
    if not problem.hermitian:
        left, values, right = scipy.linalg.svd(problem.dense())
        kappa = condition_from(values)
        return _Spectrum(left, values / values[0], right, values[0], kappa, definite=False)
    values, vectors = scipy.linalg.eigh(problem.dense())
    kappa = condition_from(np.abs(values))
    definite = bool(values[0] > 0 or values[-1] < 0)
    scale = float(np.max(np.abs(values)))
    if values[-1] < 0:
        scale = -scale
    return _Spectrum(vectors, values / scale, None, scale, kappa, definite)
