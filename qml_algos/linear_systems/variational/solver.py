"""The variational linear solver: a short circuit whose angles are found by optimisation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from typing import ClassVar, Literal

import numpy as np
import scipy.linalg
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qml_algos.backends import Backend
from qml_algos.backends.base import require_qubits
from qml_algos.errors import NotConvergedError, TooLargeError, UnsuitableSolverError
from qml_algos.linear_systems.layout import Layout
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.program import ErrorBudget, Program
from qml_algos.linear_systems.variational.costs import CostKind, LinearCost, cost_needed
from qml_algos.linear_systems.variational.measurement import CostMeasurement, MeasuredDescent
from qml_algos.linear_systems.variational.training import Descent, SimulatedDescent, train
from qml_algos.validation import require_epsilon, require_kappa

MAX_SIMULATED_QUBITS = 10
"""Of training in simulation, whose operators are dense: 16 MiB each if complex."""

MAX_MEASURED_QUBITS = 5
"""Of training on a backend, which measures up to 3**n bases: 243."""

_ROUNDING = 1e-14
"""Costs below this cannot be told from zero in double precision."""


@dataclass(frozen=True)
class VariationalLinearSolver:
    r"""The variational quantum linear solver, for today's devices.

    The angles of a hardware-efficient ansatz are changed until A takes its state to ``|b>``. The
    circuit that remains is shallow, has no ancilla and accepts every shot. The optimisation stops
    at a cost that *guarantees* the error (see `costs.cost_needed`), for any square A, Hermitian
    or not, or raises: it never returns what merely came out.

    There is no speedup to be claimed. The needed cost falls as ``1 / kappa**2``, gradients of the
    global cost vanish exponentially in n, those of the local one in the depth, and an arbitrary
    solution takes ``2**n`` angles, whatever finds them. Measured here for random right-hand
    sides: the circuit has to hold about 1.5 times as many angles as the solution has entries.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution. With shots, half goes to training and half, as
        a root mean square, to sampling, unless the number of shots is given to ``solve``.
    cost
        ``"local"``: mean over qubits, trainable on more of them; ``"global"``: the residual
        itself, n times as lenient.
    layers
        Entangling layers, or ``"auto"``: 1, and twice as many whenever an attempt does not
        converge, until the circuit holds twice as many angles as any state needs.
    kappa
        Upper bound on the condition number; computed if not given.
    max_iterations
        Of the optimiser, over all attempts.
    training
        ``"simulation"``: L-BFGS on exact costs, with gradients by PennyLane's adjoint method; a
        backend then runs the finished circuit only. ``"backend"``: Adam on costs and
        parameter-shift gradients measured on the backend; the promise then holds up to the chance
        of a deviation of three standard errors, and of noise only what the cost shows of it. An
        exact backend measures nothing and is simulated.

    Notes
    -----
    Training in simulation holds matrices of ``4**n`` numbers. On a backend an iteration runs up to
    ``3**n`` circuits with ``2 P + 1`` sets of P angles, and to certify a cost C takes about
    ``1 / C**2`` shots, so ``kappa**4 / epsilon**4``: this is for small kappa and large epsilon.

    References
    ----------
    C. Bravo-Prieto, R. LaRose, M. Cerezo, Y. Subasi, L. Cincio, P. Coles, Quantum 7, 1188 (2023),
    arXiv:1909.05820. M. Cerezo, A. Sone, T. Volkoff, L. Cincio, P. Coles, Nat. Commun. 12, 1791
    (2021), arXiv:2001.00550 (barren plateaus).
    """

    epsilon: float = 1e-2
    cost: CostKind = "local"
    layers: int | Literal["auto"] = "auto"
    kappa: float | None = None
    max_iterations: int = 2000
    training: Literal["simulation", "backend"] = "simulation"
    name: ClassVar[str] = "variational"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        require_kappa(self.kappa)
        _require_one_of("cost", self.cost, ("local", "global"))
        _require_one_of("training", self.training, ("simulation", "backend"))
        if self.layers != "auto":
            _require_count("layers", self.layers, 0, "a non-negative integer or 'auto'")
        _require_count("max_iterations", self.max_iterations, 1, "a positive integer")

    def check_fits(self, problem: LinearSystem, backend: Backend) -> None:
        """Refuse, before any work on it, a system that cannot fit the backend or the machine.

        Raises
        ------
        TooLargeError
            Naming what is needed and what there is.
        UnsuitableSolverError
            If A has a known null space, of which any part could be added to what was found.
        SingularMatrixError
            If A is singular to working precision.
        """
        qubits = Layout.plain(problem.size).total_qubits
        require_qubits(
            backend.config, qubits, f"VariationalLinearSolver for {problem.size:,} unknowns"
        )
        measured = self._measures(backend)
        limit = MAX_MEASURED_QUBITS if measured else MAX_SIMULATED_QUBITS
        if qubits > limit:
            where = f"on {backend.name!r}" if measured else "in simulation"
            raise TooLargeError(
                f"VariationalLinearSolver trains {where} with at most {2**limit:,} unknowns: "
                f"{problem.size:,} given"
            )
        if _has_null_space(problem):
            raise UnsuitableSolverError(
                "VariationalLinearSolver needs a regular A, and this one has a null space; use HHL"
            )

    def build(
        self,
        problem: LinearSystem,
        backend: Backend,
        seed: int,
        *,
        filter_epsilon: float | None = None,
    ) -> Program:
        """Train, and build the circuit that was found.

        Parameters
        ----------
        problem
            The system.
        backend
            Where costs are measured, if they are.
        seed
            Of the starting points, and of a simulator's shots: the same one gives the same result.
        filter_epsilon
            Part of ``epsilon`` that training may use; all of it by default.

        Raises
        ------
        UnsuitableSolverError
            If the cost needed cannot be told from zero.
        NotConvergedError
            If ``max_iterations`` did not lead to the cost needed.
        """
        start = time.perf_counter()
        kappa = problem.condition_number if self.kappa is None else self.kappa
        cost = LinearCost.of(problem, self.cost)
        distance = filter_epsilon or self.epsilon
        needed = cost_needed(self.cost, cost.qubits, kappa, distance)
        if needed < _ROUNDING:
            raise UnsuitableSolverError(
                f"VariationalLinearSolver: kappa = {kappa:.3g} and epsilon = {distance:.1e} need a "
                f"cost of {needed:.1e}, which cannot be told from zero; use Direct"
            )
        classical_seconds = time.perf_counter() - start
        start = time.perf_counter()
        found = self._train(cost, needed, backend, seed)
        circuit = found.ansatz.assign_parameters(found.parameters)
        circuit.metadata = {"classically_diagonalised": False}
        unit = scipy.linalg.norm(problem.b) / cost.unit
        return Program(
            circuit=circuit,
            layout=Layout.plain(problem.size),
            accepted=0,
            factor=unit * self._factor(cost, found, circuit, backend, seed),
            real=cost.real,
            budget=ErrorBudget(inversion=distance),
            access=f"{self.cost} cost, trained {self._where(backend)}",
            classical_seconds=classical_seconds,
            build_seconds=time.perf_counter() - start,
            details={
                "kappa": kappa,
                "Pauli terms": cost.pauli_terms,
                "layers": found.layers,
                "parameters": found.parameters.size,
                "iterations": found.iterations,
                "cost evaluations": found.evaluations,
                "cost": found.cost,
                "cost needed": needed,
            },
        )

    def _measures(self, backend: Backend) -> bool:
        return self.training == "backend" and not backend.exact

    def _where(self, backend: Backend) -> str:
        return f"on {backend.name}" if self._measures(backend) else "in exact simulation"

    def _train(self, cost: LinearCost, needed: float, backend: Backend, seed: int) -> Descent:
        generator = np.random.default_rng(seed)
        optimiser = (
            MeasuredDescent(cost, needed, backend, count(seed))
            if self._measures(backend)
            else SimulatedDescent(cost, needed)
        )
        found = train(optimiser, cost, self.layers, self.max_iterations, generator)
        if not found.converged:
            advice = "a larger max_iterations, a larger epsilon, or another seed"
            if self.layers != "auto":
                advice = f"more layers, or layers='auto'; else {advice}"
            elif self._measures(backend):
                advice += ", or training='simulation'"
            raise NotConvergedError(
                f"VariationalLinearSolver reached a {self.cost} cost of {found.cost:.2e} with "
                f"{found.layers} layers in {found.iterations:,} iterations, trained "
                f"{self._where(backend)}; the error promised needs {needed:.2e}. Try {advice}"
            )
        return found

    def _factor(
        self,
        cost: LinearCost,
        found: Descent,
        circuit: QuantumCircuit,
        backend: Backend,
        seed: int,
    ) -> complex:
        """Multiple of the state that solves the system with ``|b>`` and A over ``unit``."""
        if self._measures(backend):
            # The phase is not measured, nor are signs where the solution is read by shots.
            measurement = CostMeasurement.of(backend, cost, found.ansatz)
            return measurement.measure(found.parameters, seed).denominator ** -0.5
        image = cost.matrix @ Statevector(circuit).data
        return complex(np.vdot(image, cost.b) / scipy.linalg.norm(image) ** 2)


def _has_null_space(problem: LinearSystem) -> bool:
    try:
        return problem.spectrum.null_space
    except UnsuitableSolverError:
        return False  # its structure knows of none, and kappa has to be given


def _require_one_of(name: str, given: object, accepted: tuple[str, ...]) -> None:
    if given not in accepted:
        raise ValueError(f"{name} = {given!r}: must be one of {', '.join(map(repr, accepted))}")


def _require_count(name: str, given: object, smallest: int, accepted: str) -> None:
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < smallest:
        raise ValueError(f"{name} = {given!r}: must be {accepted}")
