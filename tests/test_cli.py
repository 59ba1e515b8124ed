"""The command line, as a user types it."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qml_algos.cli import main

ROOT = Path(__file__).parents[1]
A = str(ROOT / "examples" / "data" / "heat_plate_A.mtx")
B = str(ROOT / "examples" / "data" / "heat_plate_b.mtx")


def test_backends_are_listed_with_qubits_gates_and_limits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["backends"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"aer +aer +26 +10,000,000 +cx rz sx x", shown)
    assert re.search(r"heron_r3 +noisy +30 +1,000,000 +cz rz sx x", shown)


def test_compare_writes_the_whole_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "report"
    command = ["compare", "linear-systems", "--sizes", "2", "4", "--solvers", "hhl", "direct"]
    assert main([*command, "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "comparison.html",
        "comparison.json",
        "comparison.png",
    ]
    rows = json.loads((out / "comparison.json").read_text())["rows"]
    assert [(row["size"], row["solver"]) for row in rows] == [
        (2, "hhl"),
        (2, "direct"),
        (4, "hhl"),
        (4, "direct"),
    ]
    shown = capsys.readouterr().out
    assert str((out / "comparison.html").resolve()) in shown.replace("\n", "")
    assert "No speedup is claimed" in shown


def test_real_files_are_read_and_named(tmp_path: Path) -> None:
    command = ["compare", "linear-systems", "--matrix", A, "--rhs", B, "--solvers", "direct", "cg"]
    assert main([*command, "--out", str(tmp_path)]) == 0
    rows = json.loads((tmp_path / "comparison.json").read_text())["rows"]
    assert [(row["problem"], row["size"]) for row in rows] == [("heat_plate_A.mtx", 56)] * 2
    assert all(row["error"] < 1e-2 for row in rows)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--backend", "nowhere"], "unknown backend 'nowhere'; known: aer, "),
        (
            ["--solvers", "magic"],
            "unknown solver 'magic'; known: cg, chebyshev, dequantised, direct",
        ),
        (["--epsilon", "7"], "epsilon = 7.0"),
        (["--matrix", A], "--matrix and --rhs: give both or neither"),
        (["--matrix", "none.mtx", "--rhs", B], "none.mtx: no such file"),
        (["--matrix", B, "--rhs", B], "A has shape (56, 1): a square matrix is needed"),
        (["--matrix", A, "--rhs", A], "not a vector"),
        (["--backend", "none.toml"], "none.toml: cannot be read"),
        (["--shots", "99999999999"], "takes at most"),
        (["--family", "dirichlet"], "sizes: 2 given; a size of dirichlet is a number of cells"),
    ],
)
def test_mistakes_end_with_one_line_and_status_2(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "report"
    assert main(["compare", "linear-systems", "--sizes", "2", "--out", str(out), *options]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("qml-algos: error: ")
    assert words in error
    assert not out.exists()


@pytest.mark.parametrize("token", [None, "a-key-that-nobody-may-see-123456"])
def test_accounts_are_saved_listed_and_deleted(
    token: str | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("QISKIT_IBM_TOKEN", raising=False)
    if token is None:
        assert main(["account", "save", "mine"]) == 2
        assert "set QISKIT_IBM_TOKEN" in capsys.readouterr().err
        return
    monkeypatch.setenv("QISKIT_IBM_TOKEN", token)
    assert main(["account", "save", "mine"]) == 0
    assert main(["account", "save", "mine"]) == 2
    assert main(["account", "list"]) == 0
    assert main(["account", "delete", "mine"]) == 0
    assert main(["account", "delete", "mine"]) == 2
    shown = "".join(capsys.readouterr())
    assert "\nmine\n" in shown
    assert token not in shown


def test_ctrl_c_leaves_no_half_written_report(tmp_path: Path) -> None:
    out = tmp_path / "report"
    # Large enough to be still at work when the signal comes.
    command = ["compare", "linear-systems", "--family", "poisson", "--sizes", *map(str, [24] * 20)]
    process = subprocess.Popen(
        [sys.executable, "-m", "qml_algos.cli", *command, "--out", str(out), "--seed", "1"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    # As long as it takes to start, and a while for the work to begin.
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "qml_algos.cli", "--version"], check=True)
    time.sleep(2 + 0.5 * (time.monotonic() - start))
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "interrupted; finished points are kept. Run the same command again" in error
    assert list(tmp_path.iterdir()) == []
