"""``compare all``, ``report``, and comparisons that are interrupted and gone on with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from qml_algos.backends import Ledger
from qml_algos.cli import comparison as command
from qml_algos.cli import main
from qml_algos.speedup import Comparison, compare, figure
from qml_algos.speedup.compare import CONTESTS

TASKS = ["linear-systems", "fourier", "pca", "svm", "generative", "ground-state"]
SMALL = ["compare", "linear-systems", "--sizes", "2", "--solvers", "direct", "cg"]


@pytest.fixture
def plain_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare tests that are not about the figure the second it takes to draw one."""
    monkeypatch.setattr(figure, "write_figure", lambda _, path: path.write_bytes(b"\x89PNG"))


@pytest.fixture
def saved(tmp_path: Path, plain_figure: None) -> Path:
    directory = tmp_path / "saved"
    compare("linear-systems", sizes=[2], solvers=["direct"], random_state=0).save(directory)
    return directory


# compare


@pytest.mark.usefixtures("plain_figure")
def test_all_compares_every_task_with_one_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, dict[str, Any]] = {}

    def small(task: str, **arguments: Any) -> Comparison:
        asked[task] = arguments
        return Comparison(task, (), {}, {}, "2026-01-02T03:04:05+00:00")

    monkeypatch.setattr(command, "compare", small)
    assert main(["compare", "all", "--out", str(tmp_path), "--epsilon", "0.1"]) == 0
    assert list(asked) == TASKS
    for arguments in asked.values():
        assert arguments["epsilon"] == 0.1
        assert arguments["jobs"] == -1
        assert arguments["resume"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(TASKS)
    assert all((tmp_path / task / "comparison.json").is_file() for task in TASKS)
    assert f"qml-algos report {tmp_path}" in capsys.readouterr().out.replace("\n", "")


def test_every_task_has_four_default_sizes_or_more() -> None:
    for task in TASKS:
        assert len(CONTESTS[task]().default_sizes) >= 4


def test_the_same_command_reads_what_it_measured_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(SMALL) == 0
    first = capsys.readouterr().out
    assert main(SMALL) == 0
    assert capsys.readouterr().out == first, "measured seconds included"


def test_anew_measures_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def noting(*arguments: Any, **named: Any) -> Comparison:
        asked.append(named)
        return compare(*arguments, **named)

    monkeypatch.setattr(command, "compare", noting)
    assert main([*SMALL, "--anew", "--jobs", "2", "--max-seconds", "5"]) == 0
    [named] = asked
    assert (named["resume"], named["jobs"], named["max_seconds"]) == (False, 2, 5.0)
    assert isinstance(named["ledger"], Ledger)


@pytest.mark.parametrize("task", ["linear-systems", "all"])
def test_ctrl_c_says_that_finished_points_are_kept(
    task: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: Any, **__: Any) -> Comparison:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "compare", interrupted)
    assert main(["compare", task, "--out", str(tmp_path / "out")]) == 130
    assert "finished points are kept. Run the same command again" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [["--jobs", "0"], ["--jobs", "two"], ["--sizes", "0"]])
def test_numbers_that_are_none_are_refused_by_the_parser(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*SMALL, *options])
    assert stopped.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_limit_of_seconds_must_be_a_positive_number(
    seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--max-seconds", seconds]) == 2
    assert "max_seconds" in capsys.readouterr().err


def test_a_ledger_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("no ledger", encoding="utf-8")
    monkeypatch.setenv("QML_ALGOS_LEDGER", str(tmp_path / "text"))
    assert main(SMALL) == 2
    assert str(tmp_path / "text") in capsys.readouterr().err


# report


@pytest.fixture
def studies(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the writer of the page was asked for, in place of the page."""
    asked: list[dict[str, Any]] = []

    def write_study(
        comparisons: Sequence[Comparison],
        directory: Path,
        **options: Any,
    ) -> Path:
        tasks = [comparison.task for comparison in comparisons]
        asked.append({"tasks": tasks, "directory": directory, **options})
        return directory / "study.html"

    module = ModuleType("qml_algos.speedup.study")
    module.write_study = write_study  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return asked


def test_report_collects_saved_comparisons(
    saved: Path, studies: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page"
    options = ["--out", str(out), "--devices", "heron_r3", "surface_ns", "--pdf"]
    options += ["--machine", "a100"]
    assert main(["report", str(saved), *options]) == 0
    assert studies == [
        {
            "tasks": ["linear-systems"],
            "directory": out,
            "devices": ["heron_r3", "surface_ns"],
            "machine": "a100",
            "pdf": True,
        }
    ]
    shown = capsys.readouterr().out
    assert "linear-systems: 1 problems, solvers direct" in shown
    assert str(out / "study.html") in shown


def test_report_reads_the_directory_comparison_by_default(
    saved: Path, studies: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved.rename(saved.parent / "comparison")
    monkeypatch.chdir(saved.parent)
    assert main(["report"]) == 0
    assert studies[0]["directory"] == Path("report")
    assert studies[0]["devices"] is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "neither it nor a directory in it holds comparison.json"),
        ('{"schema_version": 5}', "schema_version = 5; this version of qml-algos reads 6 only"),
        ("{", "is no JSON"),
    ],
)
def test_report_of_what_is_no_comparison_ends_with_one_line_and_status_2(
    content: str | None,
    words: str,
    studies: list[dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if content is not None:
        (tmp_path / "comparison.json").write_text(content, encoding="utf-8")
    assert main(["report", str(tmp_path)]) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1
    assert error[0].startswith(f"qml-algos: error: {tmp_path}")
    assert words in error[0]
    assert studies == []
