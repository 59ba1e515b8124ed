"""``run``, ``compare`` and ``resume`` of principal components, of data and of states."""

import json
from pathlib import Path

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm2

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.errors import InvalidProblemError
from qml_algos.pca.sources import Data, PreparedState, read_source
from qml_algos.tasks import task_from_json
from qml_algos.tasks.pca import PCATask


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


@pytest.fixture
def table(tmp_path: Path) -> str:
    """30 samples of three features, one of which varies most."""
    path = tmp_path / "table.csv"
    samples = np.random.default_rng(0).normal(size=(30, 3)) * [1.0, 4.0, 0.2]
    np.savetxt(path, samples, delimiter=",", header="a,b,c", comments="")
    return str(path)


@pytest.fixture
def state(tmp_path: Path) -> str:
    """A Bell pair, one half mixed by a third qubit."""
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.ry(0.6, 2)
    circuit.cz(2, 1)
    path = tmp_path / "bell.qasm"
    path.write_text(qasm2.dumps(circuit))
    return str(path)


def test_a_file_of_data_has_its_components(capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert main(["run", "pca", "--data", table, "--components", "1"]) == 0
    printed = capsys.readouterr().out
    assert "3 features, solver phase-estimation on aer" in printed
    [share] = [line for line in printed.splitlines() if line.startswith("component 1")]
    values = np.linalg.eigvalsh(np.cov(np.loadtxt(table, delimiter=",", skiprows=1).T))
    assert float(share.split()[-1]) == pytest.approx(values[-1] / values.sum(), abs=1e-3)


def test_a_state_is_compared_with_classical_shadows(
    capsys: pytest.CaptureFixture[str], state: str, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    options = ["--data", state, "--system-qubits", "2", "--components", "1", "--epsilon", "0.1"]
    assert main(["compare", "pca", *options, "--out", str(out)]) == 0
    document = json.loads((out / "comparison.json").read_text())
    assert document["task"] == "pca"
    quantum, shadows = document["rows"]
    assert (quantum["solver"], quantum["kind"]) == ("phase-estimation", "quantum")
    assert (shadows["solver"], shadows["kind"]) == ("shadows", "classical")
    assert quantum["failure"] is None
    assert quantum["classically_diagonalised"] is False
    assert quantum["error"] < 0.05
    assert shadows["copies"] >= 1000
    assert "bell.qasm" in capsys.readouterr().out


def test_a_computation_on_shots_is_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = ["--family", "low-rank", "--size", "2", "--components", "1"]
    options += ["--backend", "aer_shots", "--shots", "300"]
    assert main(["submit", "pca", *options]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    assert "+- " in capsys.readouterr().out
    jobs = len(Ledger(ledger_path).jobs())
    assert jobs >= 1
    assert main(["run", "pca", *options]) == 0
    assert len(Ledger(ledger_path).jobs()) == jobs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--components", "5"], "--components: 5 asked for, of 4 features"),
        (["--family", "wine", "--size", "99"], "wine has 13"),
        (["--solver", "covariance", "--shots", "10"], "--shots: covariance is a classical solver"),
        (["--solver", "eigenfaces"], "unknown solver 'eigenfaces'"),
        (["--solver", "shadows"], "shadows takes a circuit"),
        (["--copies", "9"], "--copies: phase-estimation is not told how many there are"),
        (
            ["--solver", "density-matrix-exponentiation", "--copies", "9", "--components", "1"],
            "copies = 9",
        ),
        (["--data", "missing.csv"], "missing.csv"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["run", "pca", *options]) == 2
    assert message in capsys.readouterr().err


def test_classical_solvers_of_data_refuse_a_state(
    capsys: pytest.CaptureFixture[str], state: str
) -> None:
    assert main(["run", "pca", "--data", state, "--solver", "covariance"]) == 2
    assert "covariance takes data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "1,2\n3\n", "samples of [1, 2] entries"),
        ("a.csv", "1,2\n3,x\n", "sample 1 is '3,x': numbers are needed"),
        ("a.qasm", "OPENQASM 2.0; qreg", "cannot be read"),
        ("a.xlsx", "", "read are .npy, .csv, .txt"),
    ],
)
def test_malformed_files_are_refused_by_name(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InvalidProblemError, match=name) as refusal:
        read_source(path)
    assert message in str(refusal.value)


def test_files_are_what_they_say(tmp_path: Path, table: str, state: str) -> None:
    data = read_source(table)
    assert isinstance(data, Data)
    assert data.values.shape == (30, 3)
    np.save(tmp_path / "table.npy", data.values)
    again = read_source(tmp_path / "table.npy")
    assert isinstance(again, Data)
    assert np.array_equal(again.values, data.values)
    prepared = read_source(state, 2)
    assert isinstance(prepared, PreparedState)
    assert prepared.features == 4
    with pytest.raises(InvalidProblemError, match="system qubits are of circuits"):
        read_source(table, 2)


def test_a_task_is_read_as_it_was_written() -> None:
    task = PCATask("phase-estimation", 0.1, 100, 3, family="spiked", size=4, components=1)
    assert task_from_json("pca", json.loads(json.dumps(task.to_json()))) == task
