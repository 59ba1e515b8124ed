"""The record of a comparison: rows of measured figures, one for each solver on each system."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Row:
    """One solver on one system.

    Figures that do not apply are ``None``: gates of a classical solver, say.

    Attributes
    ----------
    system
        Name of the system, unique within a comparison ("tridiagonal 8", "plate.mtx").
    size
        Number of unknowns.
    condition_number
        Ratio of largest to smallest singular value.
    solver
        Name of the solver, as the command line takes it.
    kind
        ``"quantum"`` or ``"classical"``.
    backend
        Name of the backend; ``None`` for classical solvers.
    target_error
        Relative error asked for, the same for every solver of a comparison.
    error
        Relative error reached, against a solution by fast transforms or a direct solver.
    error_of
        What ``error`` compares: ``"x"``, or ``"|x|"`` where the signs were not measured.
    promised_error
        What a quantum solver gives for ``error``: a bound for its circuit, and a root mean square
        for sampling; noise is not in it.
    residual
        ``||b - A x|| / ||b||``; ``None`` where the signs are not known.
    success_probability
        Of the post-selection.
    access
        How the circuit gets at the matrix, in words.
    qubits, two_qubit_gates, two_qubit_depth, depth
        Of the compiled circuit.
    gates_per_accepted_shot
        Two-qubit gates divided by the success probability.
    shots
        Repetitions run; ``None`` for an exact simulation.
    classical_seconds
        Classical solvers: solving time, the median of several runs unless they are slow. Quantum
        ones: classical work on the matrix before any circuit is built (diagonalisation, say).
    build_seconds, compile_seconds, run_seconds
        Of the quantum path; ``run_seconds`` on a simulator says nothing of a device.
    classically_diagonalised
        Whether building the circuit took the eigenvectors of the matrix.
    caveats
        Sentences that belong beside the figures.
    failure
        Why there is no result; ``None`` if there is one.
    """

    system: str
    size: int
    condition_number: float | None
    solver: str
    kind: Literal["quantum", "classical"]
    backend: str | None
    target_error: float
    error: float | None = None
    error_of: Literal["x", "|x|"] = "x"
    promised_error: float | None = None
    residual: float | None = None
    success_probability: float | None = None
    access: str | None = None
    qubits: int | None = None
    two_qubit_gates: int | None = None
    two_qubit_depth: int | None = None
    depth: int | None = None
    gates_per_accepted_shot: float | None = None
    shots: int | None = None
    classical_seconds: float | None = None
    build_seconds: float | None = None
    compile_seconds: float | None = None
    run_seconds: float | None = None
    classically_diagonalised: bool | None = None
    caveats: tuple[str, ...] = ()
    failure: str | None = None


@dataclass(frozen=True)
class Record:
    """What a comparison measured; `Comparison` adds what can be done with it.

    Attributes
    ----------
    task
        Name of the task, ``"linear-systems"``.
    rows
        Ordered by system, then solver.
    settings
        What was asked: arguments of ``compare`` as JSON values.
    environment
        Versions of the packages, of Python, and the processor.
    created
        ISO 8601 time, UTC.
    """

    task: str
    rows: tuple[Row, ...]
    settings: dict[str, object]
    environment: dict[str, str]
    created: str

    def __repr__(self) -> str:
        systems = len({row.system for row in self.rows})
        solvers = ", ".join(dict.fromkeys(row.solver for row in self.rows))
        return f"{type(self).__name__}({self.task}: {systems} systems, solvers {solvers})"

    def to_json(self) -> dict[str, object]:
        """Return the document written to ``comparison.json`` (see ``docs/comparison.md``)."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}
