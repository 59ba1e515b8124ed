"""``qml-algos devices``, as a user types it."""

import subprocess
import sys
from pathlib import Path

import pytest

from qml_algos.cli import main
from qml_algos.speedup.devices import DEVICE_MODELS

BELL = """
include "stdgates.inc";
qubit[2] q;
bit[2] c;
h q[0];
cx q[0], q[1];
rz(0.3) q[1];
rz(pi / 4) q[1];
c = measure q;
"""


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Run the command and return its rows: the last word of each by the others."""
    assert main(["devices", *words]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    return {" ".join(row[:-1]): row[-1] for row in rows if len(row) > 1}


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["devices", *words]) == 2
    return capsys.readouterr().err


def test_all_models_are_listed_with_their_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    kinds = {row[0]: row[1] for row in rows if row and row[0] in DEVICE_MODELS}
    assert set(kinds) == set(DEVICE_MODELS)
    assert set(kinds.values()) == {"today", "fault-tolerant", "idealised"}


def test_a_model_shows_its_constants_and_where_they_come_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = shown(capsys, "superconducting_e3")
    assert rows["code.threshold"] == "0.01"
    assert rows["synthesis.offset"] == "4.86"
    assert any(row.startswith("code: qecScheme surface_code of qdk") for row in rows)
    assert shown(capsys, "heron_r3")["limits.qubits"] == "156"


def test_counts_are_estimated(capsys: pytest.CaptureFixture[str]) -> None:
    counts = ["qubits=16", "t_gates=45", "rotations=315", "rotation_depth=55", "measurements=16"]
    rows = shown(capsys, "superconducting_e3", "--estimator", "formulas", "--counts", *counts)
    assert rows["physical qubits"] == "731,770"
    assert rows["code distance"] == "13"
    assert rows["seconds of a run"] == "0.006531"
    assert rows["estimated by"] == "formulas"


def test_depths_that_are_not_given_are_those_of_gates_one_after_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = shown(capsys, "idealised_1mhz", "--counts", "qubits=3", "toffolis=2", "rotations=4")
    assert (rows["two qubit depth"], rows["rotation depth"]) == ("2", "4")
    assert rows["seconds of a run"] == "6e-06"


@pytest.mark.parametrize("version", ["OPENQASM 3.0;", ""])
def test_a_circuit_file_is_counted_and_estimated(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, version: str
) -> None:
    path = tmp_path / "bell.qasm"
    path.write_text(version + BELL)
    rows = shown(capsys, "heron_r3", "--qasm", str(path), "--runs", "100")
    assert (rows["two qubit gates"], rows["t gates"], rows["rotations"]) == ("1", "1", "1")
    assert float(rows["runs, those lost included"]) > 100


def test_openqasm_2_is_read_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "two.qasm"
    path.write_text('OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nccx q[0],q[1],q[2];\n')
    assert shown(capsys, "trapped_ion_e4", "--qasm", str(path))["T states"] == "4"


def test_what_a_device_cannot_do_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "heron_r3", "--counts", "qubits=500"]) == 0
    shown = capsys.readouterr().out
    assert "Not feasible. It needs 500 qubits; heron_r3 has 156." in shown


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["aer"], "a simulator of this machine"),
        (["supercomputer"], "unknown device"),
        (["heron_r3", "--counts", "qubit=3"], "must be KEY=NUMBER of qubits"),
        (["heron_r3", "--counts", "qubits=three"], "a finite number from 0"),
        (["heron_r3", "--counts", "qubits=inf"], "a finite number from 0"),
        (["heron_r3", "--counts", "t_gates=3"], "at least qubits=1"),
        (["heron_r3", "--counts", "qubits=3", "--runs", "0"], "--runs 0.0"),
        (["--counts", "qubits=3"], "name the one to estimate on"),
        (["heron_r3", "--qasm", "nowhere.qasm"], "nowhere.qasm: cannot be read"),
    ],
)
def test_mistakes_are_named(
    capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    assert named in refused(capsys, *words).replace("\n", " ")


@pytest.mark.parametrize("text", ["OPENQASM 3.0;\nqubit[2] q;\nfly q[0];\n", "\0", "hello"])
def test_files_that_hold_no_circuit_are_refused_by_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str
) -> None:
    path = tmp_path / "mine.qasm"
    path.write_text(text)
    assert "mine.qasm" in refused(capsys, "heron_r3", "--qasm", str(path))


def test_the_command_line_starts_without_the_device_models() -> None:
    code = "import sys, qml_algos.cli; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"qml_algos.speedup.devices.registry", "qdk", "qiskit_qasm3_import"} & set(modules)
