"""``run``, ``submit``, ``cost`` and ``compare`` of ground states."""

import json
import re
from pathlib import Path

import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.tasks import task_from_json
from qml_algos.tasks.ground_state import GroundStateTask

PAIR = "-1 ZZ\n-1 XI\n-1 IX\n"


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


def test_a_circuit_reaches_the_exact_energy_and_is_drawn(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plot = tmp_path / "ground.png"
    assert main(["run", "ground-state", "--size", "4", "--plot", str(plot)]) == 0
    printed = capsys.readouterr().out
    assert "Ising ring 4, field 1, 4 spins, 8 terms, solver circuit on aer" in printed
    assert "energy: -5.22625186\n" in printed
    assert "fidelity with the ground state: 1.000000" in printed
    assert "its parameters were found by simulating it" in printed
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_what_was_measured_is_told_and_drawn_with_its_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plot = tmp_path / "ground.png"
    where = ["--backend", "heron_r3", "--shots", "100", "--plot", str(plot)]
    assert main(["run", "ground-state", "--size", "4", *where]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^energy: -\d\.\d\d \+- 0\.\d\d", printed, flags=re.MULTILINE)
    assert re.search(r"^variance of the energy: \d.* \+- ", printed, flags=re.MULTILINE)
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("solver", "words"), [("exact", "16 parameters"), ("mps", "solver mps\n")])
def test_other_solvers_run_without_a_backend(
    solver: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plot = ["--plot", str(tmp_path / "ground.png")]
    assert main(["run", "ground-state", "--size", "4", "--solver", solver, *plot]) == 0
    printed = capsys.readouterr().out
    assert words in printed
    assert "ground energy, by free fermions: -5.22625186" in printed


def test_a_file_of_pauli_operators_is_solved_and_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "pair.txt"
    path.write_text(PAIR)
    assert main(["run", "ground-state", "--hamiltonian", str(path), "--solver", "exact"]) == 0
    assert "energy: -2.236067977" in capsys.readouterr().out
    command = ["compare", "ground-state", "--hamiltonian", str(path), "--solvers", "exact"]
    assert main(command) == 0
    printed = capsys.readouterr().out
    assert "pair.txt   N = 2, ground energy -2.23606798" in printed
    assert "No projection is made" in printed


def test_a_measured_energy_is_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = ["--size", "4", "--layers", "1", "--backend", "aer_shots", "--shots", "300"]
    assert main(["submit", "ground-state", *options]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    assert " +- " in capsys.readouterr().out
    jobs = len(Ledger(ledger_path).jobs())
    assert jobs >= 1
    assert main(["run", "ground-state", *options]) == 0
    assert len(Ledger(ledger_path).jobs()) == jobs


def test_cost_tells_the_quantum_time_and_sends_nothing(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = ["--size", "4", "--layers", "1", "--backend", "heron_r3", "--shots", "100"]
    assert main(["cost", "ground-state", *options]) == 0
    printed = capsys.readouterr().out
    assert "s of quantum time" in printed
    assert "not all" not in printed
    assert Ledger(ledger_path).jobs() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--family", "heisenberg", "--size", "7"], "size = 7: a periodic heisenberg lattice"),
        (["--field", "-1"], "field = -1.0: must be a finite number above 0"),
        (["--size", "22"], "size = 22: circuit writes states down, for at most 20 spins"),
        (["--size", "30", "--solver", "exact"], "exact writes states down, for at most 24 spins"),
        (["--solver", "annealer"], "unknown solver 'annealer'"),
        (["--solver", "circuit-noisy"], "--solver: circuit-noisy is for comparisons"),
        (["--solver", "exact", "--layers", "2"], "--layers: not for exact, but for circuit"),
        (["--solver", "mps", "--shots", "9"], "--shots: not for mps, but for circuit"),
        (["--bond-dimension", "9"], "--bond-dimension: not for circuit, but for mps"),
        (["--plot", "ground.pdf"], "does not end in .png"),
        (["--plot", "nowhere/ground.png"], "--plot: no folder"),
        (["--hamiltonian", "missing.txt"], "missing.txt"),
        (["--epsilon", "2"], "epsilon = 2.0"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str, ledger_path: Path
) -> None:
    assert main(["run", "ground-state", *options]) == 2
    assert message in capsys.readouterr().err
    assert not ledger_path.exists() or Ledger(ledger_path).computations() == []


def test_a_model_option_beside_a_file_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "pair.txt"
    path.write_text(PAIR)
    assert main(["run", "ground-state", "--hamiltonian", str(path), "--field", "1"]) == 2
    assert "--field: the Hamiltonian is read from a file" in capsys.readouterr().err


def test_unknown_models_are_refused_by_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", "ground-state", "--family", "potts"])
    assert stopped.value.code == 2
    assert "'potts'" in capsys.readouterr().err


def test_a_task_is_read_as_it_was_written() -> None:
    task = GroundStateTask("mps", 0.1, None, 3, family="tfim", size=4, bond_dimension=8)
    assert task_from_json("ground-state", json.loads(json.dumps(task.to_json()))) == task
