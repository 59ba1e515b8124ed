"""``run``, ``compare`` and ``resume`` of generative models."""

import json
import re
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.errors import TaskChangedError
from qml_algos.generative import MPSBornMachine
from qml_algos.generative.data import read_discrete
from qml_algos.generative.data.families import draw_problem
from qml_algos.generative.data.problem import read_problem
from qml_algos.generative.evaluation import ABOVE_ENTROPY, OF_TEST_SAMPLES
from qml_algos.speedup import compare
from qml_algos.speedup.generative import GenerativeContest
from qml_algos.tasks import task_from_json
from qml_algos.tasks.generative import GenerativeTask

SMALL = ["--size", "4", "--samples", "120", "--bond-dimension", "4"]


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


@pytest.fixture
def colours(tmp_path: Path) -> str:
    """60 samples of a word and a bit that goes with it."""
    rng = np.random.default_rng(0)
    words = rng.choice(["red", "green", "blue"], 60)
    bits = np.where(rng.random(60) < 0.9, words == "red", words != "red").astype(int)
    rows = [f"{word},{bit}" for word, bit in zip(words, bits, strict=True)]
    path = tmp_path / "colours.csv"
    path.write_text("\n".join(["colour,lit", *rows]) + "\n")
    return str(path)


def timeless(printed: str) -> str:
    return re.sub(r"trained in \S+ s", "", printed)


def test_a_model_is_trained_and_set_beside_the_baselines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "generative", *SMALL, "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    problem = draw_problem("bars-and-stripes", 4, np.random.default_rng(3), samples=120)
    machine = MPSBornMachine(4, n_categories=(2,) * 4, random_state=3)
    machine.fit(problem.train.X, X_valid=problem.valid.X)
    assert "bars-and-stripes-2x2, 4 variables, solver mps\n" in printed
    assert "72 training, 18 validation and 30 test samples" in printed
    assert f"test NLL: {-machine.score(problem.test.X):.4f} nats, 95% interval" in printed
    for baseline in ("independent", "chow-liu"):
        assert f"test NLL of {baseline}: " in printed
    assert "entropy of the data: 1.7918 nats; Kullback-Leibler divergence" in printed
    assert f"bond dimensions: {' '.join(map(str, machine.bond_dimensions_))}\n" in printed
    assert "mps is classically easy" in printed


def test_samples_of_a_backend_are_recorded_and_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path, tmp_path: Path
) -> None:
    options = [*SMALL, "--backend", "aer_shots", "--shots", "300"]
    options += ["--samples-out", str(tmp_path / "drawn.csv")]
    options += ["--samples-png", str(tmp_path / "drawn.png")]
    assert main(["submit", "generative", *options]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    first = capsys.readouterr().out
    assert "solver mps on aer_shots" in first
    assert re.search(r"\d+ two-qubit gates", first)
    assert "total variation from the model: " in first
    assert "test NLL by these samples: " in first
    assert len(Ledger(ledger_path).jobs()) == 1
    assert read_discrete(tmp_path / "drawn.csv").samples == 300
    assert matplotlib.image.imread(tmp_path / "drawn.png").shape[1] == 1000
    assert main(["run", "generative", *options]) == 0
    assert timeless(capsys.readouterr().out) == timeless(first)
    assert len(Ledger(ledger_path).jobs()) == 1


def test_other_models_are_circuits_too(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--size", "4", "--samples", "60", "--solver", "iqp", "--backend", "aer_shots"]
    assert main(["run", "generative", *options, "--epsilon", "0.05"]) == 0
    printed = capsys.readouterr().out
    assert "solver iqp on aer_shots" in printed
    assert re.search(r"circuit: 4 qubits, \d+ two-qubit gates in depth \d+, 400 shots", printed)
    assert "test NLL by these samples: " in printed
    assert "believed to be classically hard" in printed


def test_a_table_of_words_is_learnt_and_drawn_from(
    capsys: pytest.CaptureFixture[str], colours: str, tmp_path: Path
) -> None:
    out = tmp_path / "drawn.csv"
    assert main(["run", "generative", "--data", colours, "--samples-out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "colours, 2 variables, solver mps\n36 training, 9 validation and 15 test" in printed
    assert f"Written: {out}" in printed
    lines = out.read_text().splitlines()
    assert lines[0] == "colour,lit"
    assert len(lines) == 1001
    assert {line.split(",")[0] for line in lines[1:]} == {"red", "green", "blue"}


def test_a_set_of_three_files_is_learnt_as_it_is_parted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    for part, count in (("train", 30), ("valid", 10), ("test", 12)):
        table = rng.integers(0, 2, (count, 4))
        np.savetxt(tmp_path / f"small.{part}.data", table, fmt="%d", delimiter=",")
    options = ["--data", str(tmp_path / "small"), "--solver", "chow-liu", "--shape", "2", "2"]
    options += ["--samples-png", str(tmp_path / "drawn.png")]
    assert main(["run", "generative", *options]) == 0
    printed = capsys.readouterr().out
    assert "small, 4 variables, solver chow-liu\n30 training, 10 validation and 12 test" in printed
    assert "test NLL of independent" in printed
    assert "test NLL of chow-liu" not in printed
    assert (tmp_path / "drawn.png").exists()
    files = GenerativeTask.input_files(str(tmp_path / "small"))
    task = GenerativeTask("chow-liu", 0.1, None, 0, **files)
    (tmp_path / "small.test.data").write_text("1,1,1,1\n0,0,0,0\n")
    with pytest.raises(TaskChangedError, match=r"small\.test\.data has changed"):
        task.problem()


def test_quantum_and_classical_models_share_data_and_a_report(tmp_path: Path) -> None:
    contest = GenerativeContest(samples=200, bond_dimension=4)
    solvers = ["mps", "factor-graph", "chow-liu", "independent"]
    result = compare(contest, sizes=[4], solvers=solvers, epsilon=0.1, random_state=0)
    result.save(tmp_path)
    rows = json.loads((tmp_path / "comparison.json").read_text())["rows"]
    mps, graph, tree, independent = rows
    assert [row["kind"] for row in rows] == ["quantum", "quantum", "classical", "classical"]
    assert mps["error"] < tree["error"] < independent["error"]
    assert independent["error"] == pytest.approx(4 * np.log(2) - np.log(6), abs=0.02)
    assert {row["error_of"] for row in rows} == {ABOVE_ENTROPY}
    for row in (mps, graph):
        assert row["qubits"] == 4
        assert row["two_qubit_gates"] > 0
        assert row["classical_seconds"] > 0
        assert any("classically easy" in text for text in row["caveats"])
        assert any("of the exact distribution of the circuit" in text for text in row["caveats"])
    assert all("against chow-liu on the same samples" in row["caveats"][0] for row in rows[:2])


def test_a_note_says_that_a_circuit_has_no_smoothing() -> None:
    contest = GenerativeContest(samples=80, bond_dimension=2)
    [row] = compare(contest, sizes=[6], solvers=["mps"], random_state=0).rows
    assert any("the circuit prepares the state alone" in text for text in row.caveats)


def test_with_shots_the_error_is_that_of_what_was_drawn() -> None:
    contest = GenerativeContest(samples=200, bond_dimension=4)
    settings = {"sizes": [4], "solvers": ["mps"], "epsilon": 0.1, "random_state": 0}
    [exact] = compare(contest, **settings).rows
    [drawn] = compare(contest, **settings, backend="aer_shots").rows
    assert drawn.shots == 100
    assert drawn.error > exact.error
    assert any("estimated from 100 samples of aer_shots" in text for text in drawn.caveats)


def test_of_a_file_the_error_is_the_likelihood_of_test_samples(colours: str) -> None:
    problem = read_problem(colours, np.random.default_rng(0))
    [row] = compare(GenerativeContest(), problems={"words": problem}, solvers=["chow-liu"]).rows
    assert row.error_of == OF_TEST_SAMPLES
    assert row.error_standard_error is not None
    assert row.size == 2


def test_a_model_too_large_for_the_backend_keeps_its_likelihood() -> None:
    contest = GenerativeContest(samples=60, bond_dimension=1)
    [row] = compare(contest, sizes=[30], family="parity", solvers=["mps"]).rows
    assert row.failure is None
    assert row.error is not None
    assert row.two_qubit_gates is None
    assert any("was not run: " in text and "30 qubits" in text for text in row.caveats)


def test_a_model_without_circuit_has_a_likelihood_and_no_backend() -> None:
    contest = GenerativeContest(samples=60, bond_dimension=2)
    [row] = compare(contest, sizes=[4], solvers=["ttn"], backend="aer_shots").rows
    assert (row.kind, row.backend, row.failure) == ("quantum", None, None)
    assert row.error is not None
    assert "ttn was not run: no circuit is made of a TTNBornMachine" in row.caveats[-1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--solver", "gan"], "unknown solver 'gan'; known: categorical-mixture"),
        (["--solver", "made", "--shots", "10"], "--shots: not for made, but for mps, factor-"),
        (["--solver", "ttn", "--shots", "10"], "--shots: not for ttn, but for mps, factor-"),
        (["--solver", "made", "--bond-dimension", "4"], "--bond-dimension: not for made, but for"),
        (["--solver", "iqp", "--max-two-qubit-gates", "4"], "--max-two-qubit-gates: not for iqp"),
        (["--solver", "made", "--fidelity", "0.9"], "--fidelity: not for made, but for mps"),
        (["--fidelity", "1.5"], "fidelity = 1.5: must be above 0 and at most 1"),
        (["--epsilon", "1.5"], "epsilon = 1.5"),
        (["--size", "7"], "size = 7: bars and stripes have height * width pixels"),
        (["--family", "digits", "--size", "10"], "size = 10: digits have a square number"),
        (["--family", "digits", "--size", "16", "--test-share", "0.2"], "comes with a test set"),
        (["--test-share", "1.5"], "test_share = 1.5: must lie between 0 and 1"),
        (["--samples", "3"], "of 3 samples 1 are test samples"),
        (["--shape", "2", "2"], "--shape: drawn pictures have a shape already"),
        (["--size", "64", "--shots", "10"], "a model of 64 variables needs 64 qubits"),
        (["--samples-out", "drawn.txt"], "--samples-out: "),
        (["--samples-png", "no/such/folder.png"], "--samples-png: no folder"),
        (["--family", "parity", "--samples-png", "drawn.png"], "holds no pictures; --shape says"),
        (["--data", "missing.csv"], "missing.csv"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], ledger_path: Path, options: list[str], message: str
) -> None:
    assert main(["run", "generative", *options]) == 2
    assert message in capsys.readouterr().err
    assert not Ledger(ledger_path).computations()


@pytest.mark.parametrize("command", ["run", "compare"])
def test_files_that_do_not_fit_are_refused(
    capsys: pytest.CaptureFixture[str], colours: str, tmp_path: Path, command: str
) -> None:
    assert main([command, "generative", "--data", colours, "--shape", "2", "2"]) == 2
    assert "shape = (2, 2): a height and a width are needed with 2 pixels" in (
        capsys.readouterr().err
    )
    heights = tmp_path / "heights.csv"
    heights.write_text("height\n1.5\n2.5\n")
    assert main([command, "generative", "--data", str(heights)]) == 2
    assert "column 'height' holds 1.5" in capsys.readouterr().err


def test_models_of_bits_refuse_words(capsys: pytest.CaptureFixture[str], colours: str) -> None:
    assert main(["run", "generative", "--data", colours, "--solver", "made"]) == 2
    assert "made takes bits only: colours has a variable of 3" in capsys.readouterr().err


def test_a_task_survives_its_record(colours: str) -> None:
    files = GenerativeTask.input_files(colours)
    task = GenerativeTask("mps", 0.1, 100, 3, **files, samples=20, shape=(1, 2), bond_dimension=3)
    assert task_from_json("generative", json.loads(json.dumps(task.to_json()))) == task
    assert task.problem().train.shape == (1, 2)


def test_a_cost_is_known_before_anything_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    options = [*SMALL, "--backend", "heron_r3", "--shots", "500"]
    assert main(["cost", "generative", *options]) == 0
    printed = capsys.readouterr().out
    assert "1 job, 1 circuit" in printed
    assert "first step" not in printed
