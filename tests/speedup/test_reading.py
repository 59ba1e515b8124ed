"""Saved comparisons, read back; and what is no such thing, refused by file and field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from circuits.costs import GateCounts
from qml_algos.errors import ComparisonFileError
from qml_algos.speedup import Comparison, Row, load_comparisons
from qml_algos.speedup.report import strict_json


def comparison(task: str = "linear-systems") -> Comparison:
    measured = Row(
        problem="tridiagonal 4",
        size=4,
        condition_number=2.5,
        solver="hhl",
        kind="quantum",
        backend="aer",
        target_error=1e-2,
        output="vector",
        error=1e-3,
        qubits=7,
        gates_as_built=GateCounts(qubits=7, two_qubit_gates=12, rotations=3.5),
        caveats=("One.", "Two."),
    )
    projected = replace(measured, size=2**40, status="projected", failure="too large", error=None)
    return Comparison(
        task=task,
        rows=(measured, projected),
        settings={"sizes": [4], "shots": None},
        environment={"python": "3.11"},
        created="2026-01-02T03:04:05+00:00",
    )


def write(directory: Path, document: Any = None) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "comparison.json"
    text = strict_json(comparison()) if document is None else json.dumps(document)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    write(tmp_path)
    assert Comparison.load(tmp_path) == comparison()
    assert Comparison.load(str(tmp_path / "comparison.json")) == comparison()


def test_figures_that_are_not_finite_come_back_as_unknown(tmp_path: Path) -> None:
    [row, _] = comparison().rows
    odd = replace(comparison(), rows=(replace(row, error=float("inf")),))
    write(tmp_path, json.loads(strict_json(odd)))
    assert Comparison.load(tmp_path).rows[0].error is None


def test_a_directory_of_directories_is_read_in_order(tmp_path: Path) -> None:
    for task in ("svm", "fourier"):
        write(tmp_path / task, json.loads(strict_json(comparison(task))))
    (tmp_path / "other").mkdir()
    found = load_comparisons([tmp_path])
    assert [one.task for one in found] == ["fourier", "svm"]
    assert len(load_comparisons([tmp_path, tmp_path / "svm"])) == 2, "none is read twice"


def test_directories_without_a_comparison_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ComparisonFileError, match=r"holds comparison\.json; 'qml-algos compare"):
        load_comparisons([tmp_path])
    with pytest.raises(ComparisonFileError, match="no saved comparison was named"):
        load_comparisons([])
    with pytest.raises(ComparisonFileError, match=r"none: cannot be read \(No such file"):
        load_comparisons([tmp_path / "none"])


def row_with(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["rows"][1].update(values)


def without(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: Any) -> None:
        *above, last = path
        for step in above:
            document = document[step]
        del document[last]

    return change


def with_top(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_top(schema_version=5), "schema_version = 5; this version of qml-algos reads 6 only"),
        (with_top(schema_version=7), "schema_version = 7"),
        (with_top(schema_version="6"), "schema_version = '6'"),
        (without("schema_version"), "schema_version = None"),
        (with_top(task="tea"), "task = 'tea': must be one of linear-systems, fourier"),
        (with_top(task=None), "task = None: must be text"),
        (with_top(rows={}), "rows: a list is needed"),
        (with_top(rows=[3]), "rows[0]: an object is needed"),
        (with_top(settings=[]), "settings = []: must be an object"),
        (with_top(environment={"python": 3}), "environment = {'python': 3}: must be an object"),
        (with_top(extra=1), "has the unknown field extra"),
        (without("created"), "lacks the field created"),
        (without("rows", 1, "flops"), "rows[1]: lacks the field flops"),
        (row_with(luck=7), "rows[1]: has the unknown field luck"),
        (row_with(error="small"), "rows[1].error = 'small': must be a number, or null"),
        (row_with(error=True), "rows[1].error = True"),
        (row_with(error=-1e-3), "rows[1].error = -0.001: must be at least 0"),
        (row_with(size=0), "rows[1].size = 0: must be at least 1"),
        (row_with(size=2.5), "rows[1].size = 2.5: must be an integer"),
        (row_with(size=None), "rows[1].size = None: must be an integer"),
        (row_with(condition_number=0.5), "rows[1].condition_number = 0.5: must be at least 1"),
        (row_with(target_error=0), "rows[1].target_error = 0: must be above 0"),
        (row_with(kind="magic"), "rows[1].kind = 'magic': must be 'quantum' or 'classical'"),
        (row_with(status="lost"), "must be 'measured' or 'projected' or 'failed'"),
        (row_with(status="measured"), "rows[1]: status = 'measured', failure = 'too large'"),
        (row_with(qubits=-1), "rows[1].qubits = -1: must be at least 0"),
        (row_with(caveats="One."), "rows[1].caveats: a list of sentences is needed"),
        (row_with(caveats=[1]), "rows[1].caveats: a list of sentences is needed"),
        (row_with(classically_diagonalised=1), "must be true or false, or null"),
        (row_with(gates_as_built=7), "rows[1].gates_as_built: an object is needed"),
        (row_with(gates_as_built={"qubits": 1}), "gates_as_built: lacks the field two_qubit_gates"),
        (
            without("rows", 0, "gates_as_built", "resets"),
            "rows[0].gates_as_built: lacks the field resets",
        ),
        (
            lambda document: document["rows"][0]["gates_as_built"].update(toffolis="many"),
            "gates_as_built.toffolis = 'many': must be an integer or a number",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_file(
    change: Callable[[dict[str, Any]], None], words: str, tmp_path: Path
) -> None:
    document = json.loads(strict_json(comparison()))
    change(document)
    path = write(tmp_path, document)
    with pytest.raises(ComparisonFileError) as caught:
        Comparison.load(tmp_path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no JSON"),
        (b"{", "is no JSON"),
        (b"[]", "an object is needed"),
        (b'{"schema_version": NaN}', "NaN is no number of JSON"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"[" * 100_000, "is no JSON"),
    ],
)
def test_what_is_no_json_is_refused_by_name(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    with pytest.raises(ComparisonFileError) as caught:
        Comparison.load(path)
    assert "mine.json" in str(caught.value)
    assert words in str(caught.value)
