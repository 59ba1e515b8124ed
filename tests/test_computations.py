"""run, submit, resume, cost, jobs and cancel on this machine; devices are in tests/backends."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.errors import LedgerError, TaskChangedError, UnknownNameError
from qml_algos.linear_systems import SOLVERS
from qml_algos.linear_systems.solvers import QuantumSolver
from qml_algos.tasks import InputFile, task_from_json
from qml_algos.tasks.linear_systems import LinearSystemsTask

ROOT = Path(__file__).parents[1]
A = ROOT / "examples" / "data" / "heat_plate_A.mtx"
B = ROOT / "examples" / "data" / "heat_plate_b.mtx"
SAMPLED = ["linear-systems", "--size", "2", "--epsilon", "0.1", "--backend", "aer_shots"]


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


def shown(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main(command) == 0
    return capsys.readouterr().out


def test_submit_then_resume_prints_what_run_prints(capsys: pytest.CaptureFixture[str]) -> None:
    at_once = shown(capsys, "run", *SAMPLED)
    assert re.search(r"2 unknowns, solver hhl on aer_shots\n.* shots, success probability", at_once)
    name = shown(capsys, "submit", *SAMPLED, "--seed", "7").strip()
    assert re.fullmatch(r"[0-9a-f]{8}", name)
    resumed = shown(capsys, "resume", name[:5])
    assert resumed == shown(capsys, "resume", name), "again, it is read"
    assert resumed == shown(capsys, "run", *SAMPLED, "--seed", "7")
    assert resumed != at_once


def test_an_interrupted_computation_is_not_done_twice(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    shown(capsys, "run", *SAMPLED)
    jobs = len(Ledger(ledger_path).jobs())
    assert jobs >= 1
    shown(capsys, "run", *SAMPLED)
    assert len(Ledger(ledger_path).jobs()) == jobs


@pytest.mark.parametrize("solver", sorted(SOLVERS))
def test_every_solver_runs_by_name_or_says_why_not(
    solver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # No transform of qubits diagonalises this matrix, and its rank is full.
    unsuitable = {
        "spectral": "no transform of qubits",
        "dequantised": "LowRank",
        "pseudo-inverse": "LowRank",
    }
    command = ["run", "linear-systems", "--size", "4", "--solver", solver, "--epsilon", "0.05"]
    if solver in unsuitable:
        assert main(command) == 2
        assert unsuitable[solver] in capsys.readouterr().err
        return
    text = shown(capsys, *command)
    assert f"4 unknowns, solver {solver}" in text
    if issubclass(SOLVERS[solver], QuantumSolver):
        found = re.search(r"relative error promised: (\S+) .*achieved, .*: (\S+); residual", text)
        assert found
        assert float(found[2]) <= float(found[1]) <= 0.05
        assert "access to A: " in text
        assert "two-qubit gates per accepted shot" in text


@pytest.mark.parametrize(
    ("family", "unknowns"), [("dirichlet", 7), ("periodic", 8), ("neumann", 8), ("poisson2d", 9)]
)
def test_grids_are_solved_by_transforms(
    family: str, unknowns: int, capsys: pytest.CaptureFixture[str]
) -> None:
    size = "4" if family == "poisson2d" else "8"
    task = ["linear-systems", "--family", family, "--size", size]
    for solver in ("spectral", "fft"):
        text = shown(capsys, "run", *task, "--solver", solver)
        assert f"{unknowns} unknowns, solver {solver}" in text


def test_amplification_raises_the_success_probability(capsys: pytest.CaptureFixture[str]) -> None:
    task = ["linear-systems", "--size", "4", "--solver", "qsvt"]
    plain = shown(capsys, "run", *task)
    amplified = shown(capsys, "run", *task, "--amplification", "exact")
    assert "rounds of amplification" in amplified
    before, after = (
        float(re.findall(r"success probability (\S+),", text)[0]) for text in (plain, amplified)
    )
    assert before < 0.5
    assert after > 0.99


def test_signs_and_mitigation_are_printed_and_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("mthree")
    task = ["linear-systems", "--size", "2", "--solver", "qsvt", "--backend", "heron_r3"]
    command = ["submit", *task, "--shots", "2000", "--epsilon", "0.1", "--signs", "--mitigation"]
    name = shown(capsys, *command).strip()
    text = shown(capsys, "resume", name)
    assert "\nx (signs are wrong with probabilities below 0.001 unless said)" in text
    assert "corrected for read-out errors (success probability" in text
    assert len(re.findall(r"^ +\d  -?[0-9.]+ \+- \S+  [0-9.]+ \+- \S+$", text, re.M)) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--solver", "kernel-reflection"], "the norm of the solution, measured twice"),
        (["--solver", "qsvt", "--amplification", "grover"], "the rounds of amplification"),
        (["--solver", "qsvt", "--mitigation"], "two calibration circuits follow"),
        (["--solver", "qsvt", "--signs"], "amplitudes that the first circuits leave apart"),
    ],
)
def test_cost_says_what_it_cannot_know(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    task = ["linear-systems", "--size", "2", "--epsilon", "0.1", "--backend", "heron_r3"]
    text = shown(capsys, "cost", *task, *options)
    assert "s of quantum time" in text
    assert re.search(rf"That is the first step, not all: .*{words}.* Later steps cost more", text)
    assert Ledger(ledger_path).jobs() == []


@pytest.mark.parametrize(
    "solver", [name for name, kind in SOLVERS.items() if issubclass(kind, QuantumSolver)]
)
def test_cost_works_for_every_quantum_solver(
    solver: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grid = ["--family", "dirichlet", "--size", "4", "--solver", solver, "--epsilon", "0.1"]
    text = shown(capsys, "cost", "linear-systems", *grid, "--backend", "heron_r3")
    assert "s of quantum time" in text
    assert ("not all" in text) == (solver == "kernel-reflection")


@pytest.mark.parametrize("solver", ["direct", "cg", "hhl"])
def test_solvers_run_on_a_file(solver: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(
        capsys, "run", "linear-systems", "--matrix", str(A), "--rhs", str(B), "--solver", solver
    )
    assert f"56 unknowns, solver {solver}" in text
    assert "... and 24 more" in text
    assert ("Classically diagonalised" in text) == (solver == "hhl")


def test_cost_says_circuits_executions_and_seconds_and_runs_nothing(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    task = ["linear-systems", "--size", "2", "--epsilon", "0.1", "--shots", "500"]
    text = shown(capsys, "cost", *task, "--backend", "heron_r3")
    found = re.search(
        r"1 job, 1 circuit, 1 parameter set, 500 shots each, 500 executions, about (.*) s of", text
    )
    assert found
    assert 2 + 500 * 250e-6 - 0.1 < float(found[1]) < 3
    assert shown(capsys, "run", *task, "--backend", "heron_r3", "--dry-run") == text
    assert "no device whose time it takes" in shown(capsys, "cost", *task, "--backend", "aer_shots")
    assert "nothing needs sending" in shown(capsys, "cost", *task, "--backend", "aer")
    assert Ledger(ledger_path).jobs() == []
    assert Ledger(ledger_path).computations() == []


def test_jobs_are_listed_with_their_history(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    assert "No jobs" in shown(capsys, "jobs")
    shown(capsys, "run", *SAMPLED)
    name = shown(capsys, "submit", *SAMPLED, "--seed", "3").strip()
    listing = shown(capsys, "jobs")
    assert re.search(rf"{name} +linear-systems +aer_shots", listing)
    assert re.search(r"aer_shots +DONE +100,000", listing)
    shown(capsys, "resume", name)
    history = shown(capsys, "jobs", name)
    assert "PLANNED" in history
    assert "DONE" in history
    assert "qiskit-aer" in history
    assert "no jobs to cancel" in shown(capsys, "cancel", name)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["resume", "zzzz"], "unknown computation 'zzzz'"),
        (["cancel", "zzzz"], "unknown computation"),
        (["jobs", "zzzz"], "unknown computation"),
        (["run", *SAMPLED, "--epsilon", "3"], "epsilon = 3.0"),
        (["run", *SAMPLED, "--solver", "magic"], "unknown solver 'magic'"),
        (["submit", *SAMPLED, "--backend", "nowhere"], "unknown backend 'nowhere'"),
        (["run", *SAMPLED, "--matrix", str(A)], "give both or neither"),
        (["run", *SAMPLED, "--matrix", "none.mtx", "--rhs", str(B)], "none.mtx"),
        (["run", *SAMPLED, "--size", "1"], "at least 2"),
        (["run", *SAMPLED, "--family", "periodic"], "2 given; a size of periodic is a number"),
        (["run", *SAMPLED, "--solver", "cg", "--signs"], "--signs: cg is a classical solver"),
        (["cost", *SAMPLED, "--solver", "fft", "--mitigation"], "--mitigation: fft is a classical"),
        (
            ["run", *SAMPLED, "--solver", "direct", "--amplification", "exact"],
            "--amplification: direct is a classical solver",
        ),
        (["run", *SAMPLED, "--shots", "999999999"], "takes at most"),
        (["run", "linear-systems", "--size", "1025"], "at most 1,024"),
    ],
)
def test_mistakes_leave_nothing_behind(
    command: list[str], words: str, capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    assert main(command) == 2
    assert words in capsys.readouterr().err
    assert Ledger(ledger_path).computations() == []


def test_a_damaged_ledger_is_an_error_of_one_line(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    ledger_path.write_bytes(b"no database at all" * 100)
    assert main(["jobs"]) == 2
    assert str(ledger_path) in capsys.readouterr().err


def test_a_changed_file_is_not_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matrix = tmp_path / "A.mtx"
    matrix.write_bytes(A.read_bytes())
    files = ["--matrix", str(matrix), "--rhs", str(B)]
    command = ["submit", "linear-systems", *files, "--backend", "aer_shots", "--epsilon", "0.5"]
    name = shown(capsys, *command).strip()
    matrix.write_text(A.read_text() + "\n")
    assert main(["resume", name]) == 2
    assert "A.mtx has changed" in capsys.readouterr().err
    matrix.unlink()
    assert main(["resume", name]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_tasks_come_back_from_their_record() -> None:
    drawn = LinearSystemsTask("hhl", 0.1, 100, 3, family="spd", size=4)
    read = LinearSystemsTask("cg", 0.1, None, 0, matrix=InputFile.of(A), rhs=InputFile.of(B))
    amplified = LinearSystemsTask(
        "qsvt", 0.1, 100, 3, family="spd", size=4, amplification="exact", signs=True
    )
    for task in (drawn, read, amplified):
        assert task_from_json(task.name, task.to_json()) == task
        assert task.problem().size in (4, 56)
    with pytest.raises(UnknownNameError):
        task_from_json("juggling", {})
    with pytest.raises(TaskChangedError):
        InputFile(str(A), "0" * 64).unchanged()


def test_records_without_the_later_options_mean_their_defaults() -> None:
    drawn = LinearSystemsTask("hhl", 0.1, 100, 3, family="spd", size=4)
    record = drawn.to_json()
    for name in ("amplification", "mitigation", "signs"):
        del record[name]
    assert task_from_json(drawn.name, record) == drawn


def test_records_that_cannot_be_read_are_refused_by_field() -> None:
    record = LinearSystemsTask("hhl", 0.1, 100, 3, family="spd", size=4).to_json()
    with pytest.raises(LedgerError, match="it has the unknown colour"):
        task_from_json("linear-systems", {**record, "colour": "blue"})
    del record["seed"]
    with pytest.raises(LedgerError, match="it lacks seed"):
        task_from_json("linear-systems", record)
    with pytest.raises(ValueError, match="--amplification: 'twice' given; known: grover"):
        LinearSystemsTask("hhl", 0.1, 100, 3, family="spd", size=4, amplification="twice")  # type: ignore[arg-type]


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, ledger_path: Path) -> None:
    files = ["--matrix", str(A), "--rhs", str(B)]
    command = ["run", "linear-systems", *files, "--backend", "aer_shots", "--epsilon", "0.02"]
    process = subprocess.Popen(
        [sys.executable, "-m", "qml_algos.cli", *command],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
    )
    deadline = time.monotonic() + 120
    while not _begun(ledger_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 130
    [name] = re.findall(r"qml-algos resume ([0-9a-f]{8})", error)
    assert _begun(ledger_path) == [(name,)]


def _begun(ledger_path: Path) -> list[tuple[str]]:
    """Computations that a ledger knows, if there is one."""
    if not ledger_path.exists():
        return []
    try:
        return sqlite3.connect(ledger_path).execute("SELECT id FROM computation").fetchall()
    except sqlite3.OperationalError:
        return []
