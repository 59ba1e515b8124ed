"""``run``, ``compare`` and ``resume`` of support vector machines."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from circuits import ZZMap
from qml_algos import backend
from qml_algos.backends import Ledger, Recorder
from qml_algos.cli import main
from qml_algos.speedup import compare
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.svm import SVMContest
from qml_algos.svm import FidelityKernel, QuantumKernelSVC, QuantumLeastSquaresSVC
from qml_algos.svm.data import make_ad_hoc
from qml_algos.tasks import task_from_json
from qml_algos.tasks.svm import SVMTask


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


@pytest.fixture
def flowers(tmp_path: Path) -> str:
    """36 samples of two features, their classes as words."""
    rng = np.random.default_rng(0)
    kind = np.repeat(["rose", "tulip"], 18)
    shift = np.where(kind == "rose", -1.0, 1.0)
    table = {"petal": rng.normal(shift, 0.6), "leaf": rng.normal(-shift, 0.6), "kind": kind}
    path = tmp_path / "flowers.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    return str(path)


def accuracy(printed: str) -> float:
    [line] = [line for line in printed.splitlines() if line.startswith("held-out accuracy")]
    return float(line.split()[2])


def test_a_file_is_classified_as_the_estimator_does_it(
    capsys: pytest.CaptureFixture[str], flowers: str
) -> None:
    options = ["--target", "kind", "--bandwidth", "0.2", "--backend", "aer_shots", "--shots", "300"]
    assert main(["run", "svm", "--data", flowers, *options]) == 0
    printed = capsys.readouterr().out
    assert "flowers, 2 features, 2 classes, solver fidelity on aer_shots" in printed
    assert "27 training and 9 test samples" in printed
    assert "Gram matrix: relative error" in printed
    table = pd.read_csv(flowers)
    X, y = table[["petal", "leaf"]].to_numpy(), table["kind"].to_numpy()
    split = train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)
    exact = make_pipeline(StandardScaler(), QuantumKernelSVC(FidelityKernel(bandwidth=0.2)))
    expected = exact.fit(split[0], split[2]).score(split[1], split[3])
    # 300 shots move entries by 0.03 at most: one of nine labels may turn.
    assert accuracy(printed) == pytest.approx(expected, abs=0.12)


def test_quantum_and_classical_solvers_share_folds_and_a_report(tmp_path: Path) -> None:
    contest = SVMContest(samples=40, folds=3, bandwidth=1.0)
    solvers = ["fidelity", "rbf-svc", "linear-svc"]
    result = compare(contest, sizes=[2], family="ad-hoc", solvers=solvers, random_state=0)
    result.save(tmp_path)
    rows = json.loads((tmp_path / "comparison.json").read_text())["rows"]
    fidelity, rbf, linear = rows
    assert [row["kind"] for row in rows] == ["quantum", "classical", "classical"]
    assert fidelity["error"] < 0.2 < rbf["error"]
    assert linear["error_standard_error"] > 0
    assert fidelity["error_of"] == "share of held-out samples with a wrong label"
    assert fidelity["qubits"] == 2
    assert fidelity["two_qubit_gates"] == 4
    assert any("against rbf-svc on the same folds" in text for text in fidelity["caveats"])
    assert any("labelled by the ZZ feature map itself" in text for text in fidelity["caveats"])


def test_a_computation_on_shots_is_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = ["--family", "linearly-separable", "--size", "2", "--samples", "12"]
    options += ["--backend", "aer_shots", "--shots", "100"]
    assert main(["submit", "svm", *options]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    first = capsys.readouterr().out
    # The Gram matrix, and test samples against support vectors.
    assert len(Ledger(ledger_path).jobs()) == 2
    assert main(["run", "svm", *options]) == 0
    assert capsys.readouterr().out == first
    assert len(Ledger(ledger_path).jobs()) == 2


def test_least_squares_takes_a_quantum_linear_solver(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--family", "linearly-separable", "--size", "2", "--samples", "11"]
    least_squares = ["run", "svm", *options, "--solver", "least-squares"]
    assert main([*least_squares, "--linear-solver", "hhl"]) == 0
    quantum = capsys.readouterr().out
    assert "two-qubit gates, exact; 100% of the labels are those of its exact" in quantum
    assert main(least_squares) == 0
    direct = capsys.readouterr().out
    assert "linear system: classical" in direct
    assert accuracy(quantum) == accuracy(direct)


def test_few_shots_are_called_too_few(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--family", "linearly-separable", "--size", "3", "--samples", "8", "--no-scaling"]
    assert main(["run", "svm", *options, "--backend", "aer_shots", "--shots", "4"]) == 0
    assert "too few shots to tell the entries apart" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--solver", "perceptron"], "unknown solver 'perceptron'"),
        (["--solver", "rbf-svc", "--shots", "10"], "--shots: rbf-svc is a classical solver"),
        (["--linear-solver", "hhl"], "--linear-solver: fidelity solves no linear system"),
        (["--test-share", "1.5"], "--test-share: 1.5 is not between 0 and 1"),
        (["--bandwidth", "-1"], "bandwidth = -1.0: must be a positive number"),
        (["--family", "iris", "--size", "5"], "features = 5: iris has 4"),
        (["--size", "99"], "a feature map of 99 features needs 99 qubits"),
        (["--samples", "12", "--test-share", "0.01"], "cannot be parted"),
        (["--data", "missing.csv", "--target", "kind"], "missing.csv"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["run", "svm", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_file_needs_a_target_that_it_has(
    capsys: pytest.CaptureFixture[str], flowers: str, command: str
) -> None:
    assert main([command, "svm", "--data", flowers]) == 2
    assert "--target: name the column" in capsys.readouterr().err
    assert main([command, "svm", "--data", flowers, "--target", "colour"]) == 2
    assert "no column 'colour'; its columns are: petal, leaf, kind" in capsys.readouterr().err


def test_a_task_survives_its_record(flowers: str) -> None:
    task = SVMTask("fidelity", 0.1, 100, 3, family="iris", size=2, samples=20, feature_map="iqp")
    assert task_from_json("svm", json.loads(json.dumps(task.to_json()))) == task
    assert task.problem().samples == 20


def test_a_cost_says_what_it_cannot_know(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--family", "iris", "--size", "2", "--samples", "16", "--backend", "aer_shots"]
    assert main(["cost", "svm", *options]) == 0
    assert "support vectors" in capsys.readouterr().out


def test_shots_in_a_comparison_are_those_of_a_training_gram_matrix() -> None:
    contest = SVMContest(samples=12, folds=2)
    settings = {"family": "linearly-separable", "backend": "aer_shots", "shots": 50}
    result = compare(contest, sizes=[2], solvers=["fidelity", "least-squares"], **settings)
    for row in result.rows:
        assert row.shots == 50 * 6 * 5 / 2
        assert any("Shots: of the training Gram matrix of one fold" in c for c in row.caveats)


def test_fewer_samples_than_folds_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--family", "two-curves", "--sizes", "2", "--samples", "8"]
    assert main(["compare", "svm", *options]) == 2
    assert "folds = 5: must be from 2 to 4" in capsys.readouterr().err


def test_copies_of_an_estimator_share_an_open_backend(ledger_path: Path) -> None:
    device = backend("aer_shots", recorder=Recorder(Ledger(ledger_path)))
    copy = clone(QuantumLeastSquaresSVC(FidelityKernel(backend=device), backend=device))
    assert copy.backend is copy.kernel.backend is device


def test_ad_hoc_data_are_not_scaled_and_training_takes_a_map_with_weights() -> None:
    X, y = make_ad_hoc(20, 2, random_state=0)
    contest = SVMContest()
    data = contest.draw("ad-hoc", 2, np.random.default_rng(0))
    setting = Setting(backend("aer"), 0.1, 50, 0)
    scaler, machine = contest.classifier(data, "fidelity", setting)
    assert scaler == "passthrough"
    assert (machine.kernel.feature_map, machine.kernel.bandwidth) == (ZZMap(), 1.0)
    trained = contest.classifier(data, "trained", setting)[-1]
    assert trained.kernel.feature_map.weights(2) > 0
    assert trained.train_kernel
    assert machine.fit(X, y).score(X, y) > 0.9
