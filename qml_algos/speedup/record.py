"""The record of a comparison: rows of measured figures, one for each solver on each problem."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from circuits.costs import GateCounts
from qml_algos.speedup.words import WORDS, Words

SCHEMA_VERSION = 6

Status = Literal["measured", "projected", "failed"]
"""What a row's figures are: measured in a run; known without the run, which was too large to be
tried; or missing."""


@dataclass(frozen=True)
class Row:
    """One solver on one problem.

    Figures that do not apply are ``None``: gates of a classical solver, say.

    Attributes
    ----------
    problem
        Name of the problem, unique within a comparison ("tridiagonal 8", "plate.mtx").
    size
        Number of unknowns, of samples of a signal, of features, of variables, or of spins.
    condition_number
        Ratio of largest to smallest singular value; of linear systems.
    solver
        Name of the solver, as the command line takes it.
    kind
        ``"quantum"`` or ``"classical"``.
    backend
        Name of the backend; ``None`` for classical solvers.
    target_error
        Error asked for, the same for every solver of a comparison.
    status
        ``"measured"``; ``"projected"`` where a run was too large to be tried, so that only costs
        stand here that are known without it; or ``"failed"``.
    output
        What is answered, in words, where that differs within a comparison: the whole solution, one
        entry of it, an observable. Only solvers with the same output are rivals.
    error
        Error reached, against a classical solution: of linear systems the relative error, of
        principal components the angle between subspaces in radians. Of support vector machines
        the share of wrong labels. Of generative models nats: the negative log-likelihood, above
        the entropy of the data where that is known. Of ground states the relative error of the
        energy.
    error_standard_error
        Of ``error``, where it is a mean over held-out data, or of an energy that was sampled.
    error_of
        What ``error`` compares: for linear systems ``"x"``, or ``"|x|"`` where the signs were not
        measured.
    promised_error
        What a quantum solver gives for ``error``: a bound for its circuit, and a root mean square
        for sampling; noise is not in it.
    residual
        ``||b - A x|| / ||b||``; ``None`` where the signs are not known.
    energy, energy_standard_error
        Of the state found for a ground state, and what sampling leaves open of it; 0 if nothing.
    reference_energy
        Ground energy that ``error`` is measured against.
    fidelity
        With the exact ground state, where both can be written down.
    v_score
        ``N variance / (E - E_mixed)^2``, 0 for an eigenstate: it needs no reference.
    parameters
        Free real parameters of a state.
    success_probability
        Of the post-selection.
    access
        How the circuit gets at the data, in words.
    preparation_gates
        Two-qubit gates of the compiled circuit that load the data, where they stand apart.
    qubits, two_qubit_gates, two_qubit_depth, depth
        Of the compiled circuit.
    gates_as_built
        Gates of the same circuit before compilation, data loading and measurements included.
    measurements
        Qubits measured in one run of the circuit.
    amplification_rounds
        Rounds of amplitude amplification that would bring the success probability nearest to 1.
    gates_per_accepted_shot
        Two-qubit gates divided by the success probability.
    shots
        Repetitions run; ``None`` for an exact simulation.
    copies
        Copies of the state that all shots together took, where the data are states.
    classical_seconds
        Classical solvers: solving time, the median of several runs unless they are slow. Quantum
        ones: classical work on the data before any circuit is built (diagonalisation, say).
    cpu_seconds, threads
        Classical solvers: processor time of one solution, and the threads it may take.
    peak_memory_bytes
        Classical solvers: memory taken on top of what holds the problem, at most.
    flops
        Classical solvers: floating-point operations of one solution.
    build_seconds, compile_seconds, run_seconds
        Of the quantum path; ``run_seconds`` on a simulator says nothing of a device.
    postprocessing_seconds
        Of the quantum path: classical work on what was measured.
    classically_diagonalised
        Whether building the circuit took the eigenvectors of the matrix.
    classically_trained
        Whether the circuit's parameters were found by simulating it.
    caveats
        Sentences that belong beside the figures.
    failure
        Why there is no measured result; ``None`` if there is one.

    Raises
    ------
    ValueError
        If ``status`` and ``failure`` contradict each other.
    """

    problem: str
    size: int
    condition_number: float | None
    solver: str
    kind: Literal["quantum", "classical"]
    backend: str | None
    target_error: float
    status: Status = "measured"
    output: str | None = None
    error: float | None = None
    error_standard_error: float | None = None
    error_of: str = "x"
    promised_error: float | None = None
    residual: float | None = None
    energy: float | None = None
    energy_standard_error: float | None = None
    reference_energy: float | None = None
    fidelity: float | None = None
    v_score: float | None = None
    parameters: int | None = None
    success_probability: float | None = None
    access: str | None = None
    preparation_gates: int | None = None
    qubits: int | None = None
    two_qubit_gates: int | None = None
    two_qubit_depth: int | None = None
    depth: int | None = None
    gates_as_built: GateCounts | None = None
    measurements: int | None = None
    amplification_rounds: int | None = None
    gates_per_accepted_shot: float | None = None
    shots: int | None = None
    copies: int | None = None
    classical_seconds: float | None = None
    cpu_seconds: float | None = None
    threads: int | None = None
    peak_memory_bytes: int | None = None
    flops: float | None = None
    build_seconds: float | None = None
    compile_seconds: float | None = None
    run_seconds: float | None = None
    postprocessing_seconds: float | None = None
    classically_diagonalised: bool | None = None
    classically_trained: bool | None = None
    caveats: tuple[str, ...] = ()
    failure: str | None = None

    def __post_init__(self) -> None:
        if (self.failure is None) != (self.status == "measured"):
            raise ValueError(
                f"status = {self.status!r}, failure = {self.failure!r}: a row is measured, or says "
                "why it is not"
            )


@dataclass(frozen=True)
class Record:
    """What a comparison measured; `Comparison` adds what can be done with it.

    Attributes
    ----------
    task
        Name of the task: ``"linear-systems"``, ``"fourier"``, ``"pca"``, ``"svm"``,
        ``"generative"`` or ``"ground-state"``.
    rows
        Ordered by problem, then solver.
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
        problems = len({row.problem for row in self.rows})
        solvers = ", ".join(dict.fromkeys(row.solver for row in self.rows))
        return f"{type(self).__name__}({self.task}: {problems} problems, solvers {solvers})"

    @property
    def words(self) -> Words:
        """What things are called in this task."""
        return WORDS[self.task]

    @property
    def error_in_full(self) -> str:
        """What an error is, with its unit if it has one."""
        spelt = {row.error_of for row in self.rows} - {"x", "|x|"}
        return spelt.pop() if len(spelt) == 1 else self.words.error

    def to_json(self) -> dict[str, object]:
        """Return the document written to ``comparison.json`` (see ``docs/comparison.md``)."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}
