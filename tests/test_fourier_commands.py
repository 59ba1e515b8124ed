"""``run``, ``compare`` and ``resume`` of spectra, from files and drawn."""

import json
from pathlib import Path

import numpy as np
import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import main
from qml_algos.errors import LedgerError
from qml_algos.tasks import task_from_json
from qml_algos.tasks.fourier import FourierTask


@pytest.fixture(autouse=True)
def ledger_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(path))
    return path


@pytest.fixture
def tone(tmp_path: Path) -> str:
    """50 samples a second of a tone of 6.25 Hz, 40 samples."""
    path = tmp_path / "tone.csv"
    samples = np.cos(2 * np.pi * 6.25 * np.arange(40) / 50)
    path.write_text("volts\n" + "\n".join(map(str, samples)))
    return str(path)


def test_a_file_is_asked_for_its_strongest_frequency(
    capsys: pytest.CaptureFixture[str], tone: str
) -> None:
    options = ["--signal", tone, "--rate", "50", "--fit", "trim", "--count", "1"]
    assert main(["run", "fourier", *options]) == 0
    printed = capsys.readouterr().out
    assert "solver qft on aer" in printed
    assert "  6.25 +- " in printed
    assert "to prepare the signal" in printed


def test_a_length_that_no_register_holds_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], tone: str
) -> None:
    assert main(["run", "fourier", "--signal", tone]) == 2
    assert "40 samples" in capsys.readouterr().err


def test_power_in_bins_is_resumed_without_new_jobs(
    capsys: pytest.CaptureFixture[str], ledger_path: Path
) -> None:
    options = ["--size", "8", "--bins", "1", "2", "--backend", "aer_shots", "--shots", "500"]
    assert main(["submit", "fourier", *options]) == 0
    computation = capsys.readouterr().out.strip()
    assert main(["resume", computation]) == 0
    assert "bin, frequency, share of the power" in capsys.readouterr().out
    jobs = len(Ledger(ledger_path).jobs())
    assert jobs >= 1
    assert main(["run", "fourier", *options]) == 0
    assert len(Ledger(ledger_path).jobs()) == jobs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--bins", "1", "--phase", "1", "2"], "--bins and --phase: give one of them"),
        (["--size", "12"], "12 given; every size must be a power of two"),
        (["--solver", "fft", "--shots", "10"], "--shots: fft is a classical solver"),
        (["--bins", "99"], "64 samples have bins 0 to 63"),
        (["--solver", "dft"], "unknown solver 'dft'"),
        (["--signal", "missing.csv"], "missing.csv"),
    ],
)
def test_bad_options_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["run", "fourier", *options]) == 2
    assert message in capsys.readouterr().err


def test_a_comparison_tells_loading_from_transforming(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "report"
    command = ["compare", "fourier", "--sizes", "16", "32", "--family", "formula", "--out"]
    assert main([*command, str(out)]) == 0
    rows = json.loads((out / "comparison.json").read_text())["rows"]
    assert [(row["problem"], row["solver"]) for row in rows] == [
        (f"formula {size}", solver) for size in (16, 32) for solver in ("qft", "fft")
    ]
    for row in rows:
        assert row["failure"] is None
        if row["kind"] == "quantum":
            assert 0 < row["preparation_gates"] < row["two_qubit_gates"]
    printed = capsys.readouterr().out
    assert "load the data, anew for each shot" in printed
    assert (out / "comparison.png").stat().st_size > 10_000


def test_a_task_is_read_as_it_was_written() -> None:
    task = FourierTask("qft", 0.1, 100, 3, family="tones", size=16, phase=(14, 2))
    written = json.loads(json.dumps(task.to_json()))
    assert task_from_json("fourier", written) == task
    with pytest.raises(LedgerError, match="it has the unknown colour"):
        task_from_json("fourier", {**written, "colour": 1})
