"""``run``, ``submit`` and ``cost`` of phases, of circuits and of a user's own snapshots."""

import json
from pathlib import Path

import numpy as np
import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.physics.snapshots import Snapshots
from qml_algos.tasks import TASKS, task_from_json
from qml_algos.tasks.phases import PhasesTask

SWEEP = ["--size", "4", "--fields", "0.2", "0.5", "0.8", "1.1", "1.4", "1.7", "2.0"]
SWEEP += ["--layers", "1", "--backend", "aer_shots", "--shots", "60"]


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


def magnet(samples: int = 60, parameters: int = 7) -> Snapshots:
    """Six spins that are all alike below 1, up or down, and independent above."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.linspace(0.2, 1.8, parameters), samples)
    ordered = rng.integers(2, size=(len(labels), 1)) * np.ones((1, 6), dtype=int)
    bits = np.where((labels < 1.0)[:, None], ordered, rng.integers(2, size=(len(labels), 6)))
    return Snapshots(bits.astype(np.int8), np.full(bits.shape, 2), labels=labels)


def boundary(printed: str, method: str) -> float:
    [line] = [line for line in printed.splitlines() if line.startswith(f"boundary, {method}")]
    return float(line.partition(": ")[2].split()[0])


def test_snapshots_of_a_users_own_show_where_they_change(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, plot = tmp_path / "magnet.npz", tmp_path / "phases.png"
    magnet().save(path)
    assert main(["run", "phases", "--snapshots", str(path), "--plot", str(plot)]) == 0
    printed = capsys.readouterr().out
    assert "420 snapshots of 6 spins at 7 parameters" in printed
    # The values next to 1 are 0.73 and 1.0, of which the second is disordered.
    assert boundary(printed, "network") == pytest.approx(0.87, abs=0.2)
    assert boundary(printed, "clusters") == pytest.approx(0.87, abs=0.2)
    assert "infinite chain" not in printed
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_circuits_are_measured_once_and_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    assert main(["submit", "phases", *SWEEP]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    printed = capsys.readouterr().out
    jobs = len(Ledger(ledger_path).jobs())
    assert jobs >= 1
    assert "420 snapshots of 4 spins at 7 parameters, backend aer_shots" in printed
    assert "the infinite chain has its transition at 1;" in printed
    assert "the circuits were trained by simulating them" in printed
    assert main(["run", "phases", *SWEEP]) == 0
    assert capsys.readouterr().out == printed
    assert len(Ledger(ledger_path).jobs()) == jobs


def test_cost_tells_the_quantum_time_of_all_circuits(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = [option if option != "aer_shots" else "heron_r3" for option in SWEEP]
    assert main(["cost", "phases", *options]) == 0
    printed = capsys.readouterr().out
    assert "s of quantum time" in printed
    assert "not all" not in printed
    assert Ledger(ledger_path).jobs() == []


def test_phases_have_no_solvers_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert "phases" in TASKS
    with pytest.raises(SystemExit) as stopped:
        main(["compare", "phases"])
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert "ground-state" in error
    assert "invalid choice: 'phases'" in error


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fields", "0.5", "1", "1.5"], "--fields: different values: 6 needed at the least, 3"),
        (["--fields", *["1"] * 9], "--fields: different values: 6 needed at the least, 1 given"),
        (["--fields", "-0.5", *map(str, range(1, 9))], "--fields = -0.5"),
        (["--size", "2"], "at least 3 sites"),
        (["--size", "21"], "--size: 21 spins; circuits are trained for at most 20"),
        (["--shots", "99999999999"], "takes at most"),
        (["--snapshots", "missing.npz"], "missing.npz"),
        (["--plot", "phases.svg"], "does not end in .png"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str, ledger_path: Path
) -> None:
    assert main(["run", "phases", *options]) == 2
    assert message in capsys.readouterr().err
    assert not ledger_path.exists() or Ledger(ledger_path).computations() == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", "bits,label\n", "empty.csv holds no snapshots"),
        ("empty.json", "{}", "empty.json holds no snapshots"),
        ("bare.csv", "bits\n01\n10\n", "has no labels: each sample needs its field"),
        ("few.csv", "bits,label\n01,1\n10,2\n", "6 needed at the least, 2 given"),
        ("bases.csv", "bits,basis,label\n01,ZZ,1\n10,XZ,2\n", "has several bases"),
        ("table.xlsx", "", "unknown ending of a file of snapshots '.xlsx'"),
    ],
)
def test_snapshots_that_show_no_boundary_are_refused_by_name(
    name: str, content: str, message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert main(["run", "phases", "--snapshots", str(path)]) == 2
    assert message in capsys.readouterr().err


def test_options_of_circuits_beside_a_file_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "magnet.npz"
    magnet(parameters=6).save(path)
    assert main(["run", "phases", "--snapshots", str(path), "--size", "4"]) == 2
    assert "--size: the snapshots are read from a file" in capsys.readouterr().err


def test_a_task_is_read_as_it_was_written() -> None:
    fields = (0.1, 0.4, 0.8, 1.2, 1.6, 2.0)
    task = PhasesTask(3, size=6, fields=fields, shots=10, unlearnt=(0.5, 1.5))
    assert task_from_json("phases", json.loads(json.dumps(task.to_json()))) == task
