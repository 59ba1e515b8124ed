"""Linear systems as a contest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import (
    InvalidProblemError,
    TooLargeError,
    UnknownNameError,
    UnsuitableSolverError,
)
from qml_algos.linear_systems import (
    SOLVERS,
    Circulant,
    Encoded,
    LinearSystem,
    PauliSum,
    Solution,
    Toeplitz,
    make_solver,
    solve,
    solver_named,
)
from qml_algos.linear_systems.classical import Observable, SquareShare
from qml_algos.linear_systems.families import FAMILIES, make_system
from qml_algos.linear_systems.hhl.evolutions import structured_matrix
from qml_algos.linear_systems.reference import is_fourier_diagonal, reference_solution
from qml_algos.linear_systems.right_hand_side import DenseVector
from qml_algos.linear_systems.solvers import QuantumSolver
from qml_algos.linear_systems.structures import Dense
from qml_algos.speedup.contest import Demand, Setting
from qml_algos.speedup.linear_outputs import (
    LOCAL_SOLVERS,
    OUTPUTS,
    Output,
    entry_error,
    entry_row,
    exact_value,
    observable_row,
)
from qml_algos.speedup.measure import measure, work_of
from qml_algos.speedup.record import Row

DEFAULT_SOLVERS = ("hhl", "qsvt", "spectral", "direct", "cg", "fft")
"""Of them, ``spectral`` and ``fft`` only where a transform diagonalises the matrix, and ``qsvt``
not where it would take a large dense unitary."""

_FOURIER_SOLVERS = ("spectral", "fft")
_DENSE_COPIES = 2
"""Of a dense matrix: scaled, and factorised."""
_VECTORS = 8
"""Of N entries, that any solver holds at once."""
_DENSELY_ENCODED = 16
"""Unknowns of a matrix without structure: with 56, a circuit has 300,000 two-qubit gates and takes
minutes to compile."""
_LOCAL_FROM = {"entry": 2**6, "observable": 2**18}
"""Unknowns from which local solvers are compared: below, windows and samples are most of them."""


@dataclass(frozen=True)
class LinearSystemsContest:
    """Solve ``A x = b`` for all of x, for one entry of it, or for an observable.

    Attributes
    ----------
    output
        ``"vector"``: the error is that of the normalised solution. ``"entry"``: that of one entry,
        relative to the largest one in absolute value. ``"observable"``: the absolute error of an
        expectation value of the normalised solution.
    index
        Of the entry; by default that in the middle.
    observable
        By default the share of the first half of the unknowns in the squared norm, which a quantum
        computer reads from one qubit.

    Raises
    ------
    UnknownNameError
        If the output is none of these.
    InvalidProblemError
        If the index is negative.
    """

    output: Output = "vector"
    index: int | None = None
    observable: Observable = field(default_factory=SquareShare)

    name = "linear-systems"
    default_sizes = (4, 8, 16, 32, 1024, 2**15, 2**20)

    def __post_init__(self) -> None:
        if self.output not in OUTPUTS:
            raise UnknownNameError("output", self.output, OUTPUTS)
        if self.index is not None and self.index < 0:
            raise InvalidProblemError(f"index = {self.index}: must be at least 0")

    @property
    def families(self) -> Collection[str]:
        """Of systems, the first the default."""
        return FAMILIES

    def draw(self, family: str, size: int, rng: np.random.Generator) -> LinearSystem:
        """Draw a system."""
        return make_system(family, size, rng)

    def require_solver(self, name: str) -> None:
        """Refuse an unknown one, and a local one that has another output."""
        own = LOCAL_SOLVERS.get(self.output)
        if name in LOCAL_SOLVERS.values() and name != own:
            raise UnknownNameError(
                f"solver (for the output {self.output})", name, [*SOLVERS, *([own] if own else [])]
            )
        if name != own:
            solver_named(name)

    def default_solvers(self, problem: LinearSystem) -> list[str]:
        """Name those of `DEFAULT_SOLVERS` that suit, and the local one for the output."""
        left_out = () if is_fourier_diagonal(problem) else _FOURIER_SOLVERS
        structured = isinstance(problem.structure, Toeplitz | Circulant | PauliSum | Encoded)
        if not structured and problem.size > _DENSELY_ENCODED:
            left_out = (*left_out, "qsvt")
        names = [name for name in DEFAULT_SOLVERS if name not in left_out]
        local = self.output != "vector" and not isinstance(problem.structure, Dense)
        if local and problem.size >= _LOCAL_FROM[self.output]:
            names.append(LOCAL_SOLVERS[self.output])
        return names

    def reference(self, problem: LinearSystem) -> NDArray[Any] | None:
        """Solve it by fast transforms or directly.

        Of a system that is too large for that there is none, unless all of x is asked for.
        """
        try:
            return reference_solution(problem)
        except TooLargeError:
            if self.output == "vector":
                raise
            return None

    def demand(self, problem: LinearSystem, solver: str) -> Demand:
        """Memory of a dense factorisation or of an iteration's vectors; a gate for each entry."""
        if solver in LOCAL_SOLVERS.values():
            return Demand()
        size, dense = problem.size, isinstance(problem.structure, Dense)
        if issubclass(solver_named(solver), QuantumSolver):
            eigenbasis = solver == "hhl" and structured_matrix(problem, "auto", None) is None
            loaded = size if isinstance(problem.right_hand_side, DenseVector) else 0
            return Demand(gates=loaded + size**2 * (dense or eigenbasis))
        entry = 8 if problem.structure.real else 16
        numbers = _DENSE_COPIES * size**2 if dense and solver == "direct" else _VECTORS * size
        return Demand(memory=entry * numbers)

    def row(
        self,
        problem: LinearSystem,
        solver: str,
        reference: NDArray[Any] | None,
        setting: Setting,
    ) -> Row:
        """Run a solver."""
        bare, index = self.failed(problem, solver, setting), self._index(problem)
        if solver == LOCAL_SOLVERS["entry"]:
            return entry_row(bare, problem, index, reference)
        if solver == LOCAL_SOLVERS["observable"]:
            return observable_row(bare, problem, self.observable, reference, setting.seed)
        instance = make_solver(solver, setting.epsilon)

        def run() -> Solution:
            return solve(
                problem,
                instance,
                setting.backend,
                shots=setting.shots,
                observables=self._observables(problem),
                reference=reference if self.output == "vector" else None,
                random_state=setting.seed,
            )

        if isinstance(instance, QuantumSolver):
            solution, costs = run(), {}
        else:
            measured = measure(run, seconds_of=lambda found: found.resources.classical_seconds)
            solution = measured.value
            work = work_of(problem, solution)
            costs = measured.costs(None if work is None else work.flops)
        row = replace(_measured(bare, solution), **costs)
        return self._judged(row, problem, solution, reference)

    def failed(self, problem: LinearSystem, solver: str, setting: Setting) -> Row:
        """Return what is known without a solution."""
        local = solver in LOCAL_SOLVERS.values()
        quantum = not local and issubclass(solver_named(solver), QuantumSolver)
        return Row(
            problem="",
            size=problem.size,
            condition_number=_condition_number(problem),
            solver=solver,
            kind="quantum" if quantum else "classical",
            backend=setting.backend.name if quantum else None,
            target_error=setting.epsilon,
            output=self.output if quantum or local else "vector",
            error_of=self._error_of(),
        )

    def _index(self, problem: LinearSystem) -> int:
        index = problem.size // 2 if self.index is None else self.index
        if index >= problem.size:
            raise InvalidProblemError(f"index = {index:,}: there are {problem.size:,} unknowns")
        return index

    def _observables(self, problem: LinearSystem) -> dict[str, Any]:
        if self.output != "observable":
            return {}
        return {self.output: self.observable.matrix(problem.structure.layout.shape)}

    def _error_of(self) -> str:
        match self.output:
            case "entry":
                return "error of one entry of x, relative to the largest"
            case "observable":
                return f"absolute error of the {self.observable.description}"
            case _:
                return "x"

    def _judged(
        self,
        row: Row,
        problem: LinearSystem,
        solution: Solution,
        reference: NDArray[Any] | None,
    ) -> Row:
        """Put the error of the output asked for in place of that of all of x."""
        match self.output:
            case "entry":
                index = self._index(problem)
                return replace(row, **entry_error(solution, index, reference), promised_error=None)
            case "observable":
                found = solution.observables[self.output]
                true = exact_value(problem, self.observable, reference)
                error = None if true is None else abs(found.value / solution.norm**2 - true)
                return replace(row, error=error, promised_error=None)
            case _:
                return replace(row, error_of="x" if solution.signs_known else "|x|")


def _condition_number(problem: LinearSystem) -> float | None:
    """Return it, or None where the structure does not tell."""
    try:
        return problem.condition_number
    except UnsuitableSolverError:
        return None


def _measured(row: Row, solution: Solution) -> Row:
    """Add the figures of a solution; those of its resources have the same names in a row."""
    return replace(
        row,
        error=solution.error,
        promised_error=solution.promised_error,
        access=solution.access or None,
        gates_per_accepted_shot=solution.gates_per_accepted_shot,
        residual=solution.residual,
        success_probability=solution.success_probability,
        caveats=solution.caveats,
        **vars(solution.resources),
    )
