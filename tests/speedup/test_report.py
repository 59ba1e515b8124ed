"""Reports of a comparison: what is written, what is printed, and what is claimed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import matplotlib
import pytest
from rich.console import Console

from circuits.costs import GateCounts
from qml_algos.speedup import Comparison, Row, figure, report
from qml_algos.speedup.layout import layout_of
from qml_algos.speedup.report import render_table, strict_json, verdict, write_report
from qml_algos.speedup.wording import number, scientific, seconds

SCHEMA_PATH = Path(__file__).parents[2] / "docs" / "comparison.schema.json"
PREPARATION = "State preparation of b is included in the gate counts."
READOUT = "Reading all entries of x from a device takes many repetitions."


def hhl(problem: str, size: int, **figures: Any) -> Row:
    row = Row(
        problem=problem,
        size=size,
        condition_number=2.5 * size,
        solver="hhl",
        kind="quantum",
        backend="aer",
        target_error=1e-2,
        error=1e-3 * size,
        promised_error=1e-3 * size,
        access="evolution in the eigenbasis",
        residual=2e-3 * size,
        success_probability=0.5 / size,
        qubits=size,
        two_qubit_gates=40 * size**3,
        gates_per_accepted_shot=80.0 * size**4,
        two_qubit_depth=30 * size**3,
        depth=70 * size**3,
        classical_seconds=2e-5 * size,
        build_seconds=0.01 * size,
        compile_seconds=0.1 * size,
        run_seconds=0.02 * size,
        classically_diagonalised=True,
        caveats=(PREPARATION, READOUT),
    )
    return replace(row, **figures)


def failed_hhl(problem: str, size: int) -> Row:
    return Row(
        problem=problem,
        size=size,
        condition_number=None,
        solver="hhl",
        kind="quantum",
        backend="aer",
        target_error=1e-2,
        caveats=(PREPARATION,),
        status="failed",
        failure="24 qubits are more than the 20 allowed.",
    )


def projected_hhl(problem: str, size: int) -> Row:
    return replace(
        failed_hhl(problem, size),
        status="projected",
        failure="simulating 40 qubits takes about 16,384 GiB",
        qubits=40,
        gates_as_built=GateCounts(qubits=40, two_qubit_gates=1234, toffolis=5),
    )


def classical(problem: str, size: int, solver: str = "direct", **figures: Any) -> Row:
    row = Row(
        problem=problem,
        size=size,
        condition_number=2.5 * size,
        solver=solver,
        kind="classical",
        backend=None,
        target_error=1e-2,
        error=1e-16 * size,
        residual=1e-16,
        classical_seconds=1e-6 * size,
    )
    return replace(row, **figures)


def comparison_of(*rows: Row) -> Comparison:
    return Comparison(
        task="linear-systems",
        rows=rows,
        settings={"solvers": ["hhl", "direct", "cg"], "target_error": 1e-2, "shots": None},
        environment={"python": "3.12.1", "processor": "x86_64"},
        created="2025-01-02T03:04:05Z",
    )


@pytest.fixture
def comparison() -> Comparison:
    rows: list[Row] = []
    for size in (4, 8, 16):
        name = f"tridiagonal {size}"
        rows += [hhl(name, size), classical(name, size)]
        rows += [classical(name, size, "cg", error=5e-3, classical_seconds=1e-4)]
    rows += [failed_hhl("plate.mtx", 33), classical("plate.mtx", 33)]
    return comparison_of(*rows)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return document


@pytest.fixture
def plain_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare tests that are not about the figure the second it takes to draw one."""
    monkeypatch.setattr(figure, "write_figure", lambda _, path: path.write_bytes(b"\x89PNG"))


def printed(comparison: Comparison, width: int) -> str:
    file = StringIO()
    render_table(comparison, Console(width=width, file=file))
    return file.getvalue()


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(comparison: Comparison, directory: Path) -> Page:
    return Page(write_report(comparison, directory).read_text(encoding="utf-8"))


# comparison.json


@pytest.mark.usefixtures("plain_figure")
def test_written_json_validates_against_the_published_schema(
    comparison: Comparison, schema: dict[str, Any], tmp_path: Path
) -> None:
    write_report(comparison, tmp_path)
    document = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert len(document["rows"]) == len(comparison.rows)


def test_schema_has_exactly_the_fields_of_the_dataclasses(schema: dict[str, Any]) -> None:
    row_names = [field.name for field in fields(Row)]
    names = ["schema_version", *(field.name for field in fields(Comparison))]
    row_schema = schema["$defs"]["row"]
    for described, expected in ((row_schema, row_names), (schema, names)):
        assert list(described["properties"]) == expected
        assert described["required"] == expected
        assert described["additionalProperties"] is False


def test_documentation_names_every_field(schema: dict[str, Any]) -> None:
    text = SCHEMA_PATH.with_name("comparison.md").read_text(encoding="utf-8")
    for name in (*schema["properties"], *schema["$defs"]["row"]["properties"]):
        assert f"| `{name}` |" in text


@pytest.mark.usefixtures("plain_figure")
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_figures_that_are_not_finite_become_null(
    value: float, schema: dict[str, Any], tmp_path: Path
) -> None:
    row = hhl("a", 4, error=value, condition_number=value, run_seconds=value)
    comparison = replace(comparison_of(row), settings={"limits": [1.0, value]})
    write_report(comparison, tmp_path)
    document = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    written = document["rows"][0]
    assert (written["error"], written["condition_number"], written["run_seconds"]) == (None,) * 3
    assert document["settings"]["limits"] == [1.0, None]


@pytest.mark.usefixtures("plain_figure")
def test_json_is_utf_8_and_keeps_names_readable(tmp_path: Path) -> None:
    write_report(comparison_of(classical("Größe.mtx", 4)), tmp_path)
    assert "Größe.mtx".encode() in (tmp_path / "comparison.json").read_bytes()


# comparison.html


@pytest.mark.usefixtures("plain_figure")
def test_page_refers_to_nothing_outside_itself(comparison: Comparison, tmp_path: Path) -> None:
    page = page_of(comparison, tmp_path)
    references = [
        value for _, name, value in page.attributes if name in {"src", "href", "srcset", "action"}
    ]
    assert references
    assert all(value is not None and value.startswith("data:") for value in references)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & set(page.tags)
    html = (tmp_path / "comparison.html").read_text(encoding="utf-8")
    assert "http://" not in html
    assert "https://" not in html
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.usefixtures("plain_figure")
def test_page_escapes_every_string_it_is_given(tmp_path: Path) -> None:
    evil = '<script>alert("&")</script>'
    row = hhl(evil, 4, solver=evil, backend=evil, caveats=(evil,))
    comparison = Comparison(
        task="linear-systems",
        rows=(row, replace(failed_hhl(evil, 4), failure=evil)),
        settings={evil: evil},
        environment={evil: evil},
        created=evil,
    )
    page = page_of(comparison, tmp_path)
    assert "script" not in page.tags
    assert page.text.count(evil) >= 8


@pytest.mark.usefixtures("plain_figure")
def test_page_has_one_table_with_caption_and_scopes(comparison: Comparison, tmp_path: Path) -> None:
    page = page_of(comparison, tmp_path)
    assert (page.tags.count("table"), page.tags.count("caption")) == (1, 1)
    scopes = [value for tag, name, value in page.attributes if (tag, name) == ("th", "scope")]
    assert scopes.count("row") == len(comparison.rows)
    assert scopes.count("rowgroup") == len({row.problem for row in comparison.rows})
    assert len(scopes) == page.tags.count("th")
    assert ("html", "lang", "en") in page.attributes
    assert any(tag == "img" and name == "alt" and value for tag, name, value in page.attributes)


@pytest.mark.usefixtures("plain_figure")
def test_page_and_terminal_give_the_same_verdict_caveats_and_failures(
    comparison: Comparison, tmp_path: Path
) -> None:
    page = page_of(comparison, tmp_path).text
    terminal = printed(comparison, width=1000)
    for sentence in (*verdict(comparison), PREPARATION, READOUT, str(failed_hhl("", 1).failure)):
        assert sentence in page
        assert sentence in terminal


# comparison.png


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((), id="no rows"),
        pytest.param((failed_hhl("a", 4),), id="only a failure"),
        pytest.param((hhl("a", 4), classical("a", 4, error=0.0)), id="one problem"),
        pytest.param((hhl("a", 4), hhl("b", 4), classical("b", 4)), id="equal sizes"),
        pytest.param((classical("a 4", 4), classical("a 8", 8)), id="classical only"),
        pytest.param((hhl("a", 4, two_qubit_gates=0), hhl("b", 8)), id="no two-qubit gates"),
        pytest.param((hhl("$\\frac$", 4, solver="$\\frac$"), hhl("$\\", 8)), id="odd names"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_figure_is_drawn_for(rows: tuple[Row, ...], tmp_path: Path) -> None:
    write_report(comparison_of(*rows), tmp_path)
    png = (tmp_path / "comparison.png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") == 1600
    assert len(png) > 1000


def test_figure_leaves_matplotlib_settings_alone(comparison: Comparison, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    write_report(comparison, tmp_path)
    assert dict(matplotlib.rcParams) == before


def test_lines_join_only_systems_of_one_family() -> None:
    names = {"grid 4": 4, "grid 16": 16, "grid 8": 8, "plate.mtx": 8, "beam 3": 9, "grid": 33}
    layout = layout_of([classical(name, size) for name, size in names.items()])
    assert layout.lines == {"grid": ["grid 4", "grid 8", "grid 16"]}
    assert layout.lone == ["plate.mtx", "beam 3", "grid"]
    assert [layout.positions[name] for name in layout.lines["grid"]] == [4, 8, 16]
    assert layout.positions["plate.mtx"] > 8


def test_lines_do_not_join_systems_of_equal_size() -> None:
    names = {"random 1": 8, "random 2": 8, "random 3": 16}
    assert layout_of([classical(name, size) for name, size in names.items()]).lines == {}


# What was too large to run


@pytest.mark.usefixtures("plain_figure")
def test_projected_rows_are_marked_with_their_costs_and_reason_everywhere(tmp_path: Path) -> None:
    comparison = comparison_of(hhl("a", 4), projected_hhl("b", 8), classical("b", 8))
    page = page_of(comparison, tmp_path).text
    terminal = printed(comparison, width=1000)
    line = next(text for text in terminal.splitlines() if "projected" in text)
    assert line.split()[:3] == ["hhl", "aer", "projected"]
    assert " 40 " in line
    why = "hhl (aer) was not run: simulating 40 qubits takes about 16,384 GiB."
    for text in (page, terminal):
        assert why in text
        assert "rojected: too large to be run here" in text
        assert "1 quantum run was too large to be tried here, from N = 8" in text
        assert "failed" not in text
        assert "gave no result" not in text


def test_verdict_of_projected_rows_only_has_no_result() -> None:
    sentences = verdict(comparison_of(projected_hhl("a", 4), projected_hhl("b", 8)))
    assert "None of the quantum runs gave a result." in sentences
    assert any("2 quantum runs were too large" in text for text in sentences)


def test_pages_without_projected_rows_do_not_speak_of_them(comparison: Comparison) -> None:
    assert "projected" not in printed(comparison, 200)


def test_a_projected_row_keeps_to_the_schema(schema: dict[str, Any]) -> None:
    document = json.loads(strict_json(comparison_of(projected_hhl("a", 4))))
    jsonschema.validate(document, schema)
    assert document["rows"][0]["gates_as_built"]["toffolis"] == 5


@pytest.mark.parametrize(
    "figures",
    [{"status": "failed"}, {"status": "projected"}, {"status": "measured", "failure": "why"}],
)
def test_a_row_whose_status_and_failure_contradict_each_other_is_refused(
    figures: dict[str, Any],
) -> None:
    with pytest.raises(ValueError, match="a row is measured, or says why it is not"):
        hhl("a", 4, **figures)


# Interruptions


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_interrupted_report_leaves_nothing_behind(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure, "write_figure", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(comparison, tmp_path / "new" / "report")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("plain_figure")
def test_interrupted_report_leaves_an_earlier_one_untouched(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(comparison, tmp_path)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(figure, "write_figure", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(comparison_of(classical("other", 4)), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.usefixtures("plain_figure")
@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize("moved_before", [0, 1, 2])
def test_report_interrupted_between_two_files_replaces_none(
    comparison: Comparison,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    earlier: bool,
    moved_before: int,
) -> None:
    if earlier:
        write_report(comparison, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(Path, "replace", interrupted_once(Path.replace, moved_before))
    with pytest.raises(KeyboardInterrupt):
        write_report(comparison_of(classical("other", 4)), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def interrupted_once(
    move: Callable[[Path, Path], Path], moved_before: int
) -> Callable[[Path, Path], Path]:
    calls = iter(range(1000))

    def replacement(self: Path, to: Path) -> Path:
        if next(calls) == moved_before:
            raise KeyboardInterrupt
        return move(self, to)

    return replacement


@pytest.mark.usefixtures("plain_figure")
def test_new_report_replaces_an_earlier_one(comparison: Comparison, tmp_path: Path) -> None:
    write_report(comparison, tmp_path)
    other = comparison_of(classical("other", 4))
    assert write_report(other, tmp_path) == tmp_path / "comparison.html"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(report.NAMES)
    written = (tmp_path / "comparison.json").read_text(encoding="utf-8")
    assert [row["problem"] for row in json.loads(written)["rows"]] == ["other"]


@pytest.mark.usefixtures("plain_figure")
def test_report_into_a_file_is_refused_by_name(comparison: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match="taken"):
        write_report(comparison, path)
    with pytest.raises(OSError, match="taken"):
        write_report(comparison, path / "below")
    assert path.read_text(encoding="utf-8") == "mine"


# The table


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_table_fits_the_console_and_cuts_no_figure(comparison: Comparison, width: int) -> None:
    text = printed(comparison, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for figure_text in ("163,840", "122,880", "1.60 s", "320 µs", "160 ms", "320 ms", "1,2,3"):
        assert figure_text in text


def test_table_has_all_columns_in_one_line_at_120_columns(comparison: Comparison) -> None:
    lines = [line for line in printed(comparison, 120).splitlines() if line.startswith("hhl ")]
    assert " ".join(lines[0].split()) == (
        "hhl aer 4.0e-3 ok 4.0e-3 0.125 4 2,560 20,480 1,920 80.0 µs 40.0 ms 400 ms 80.0 ms 1,2,3"
    )


def test_table_tells_reached_from_missed_without_colour(comparison: Comparison) -> None:
    text = printed(comparison, 100)
    assert "8.0e-3 ok" in text
    assert "1.6e-2 no" in text


def test_table_lists_each_caveat_once(comparison: Comparison) -> None:
    assert printed(comparison, 200).count(PREPARATION) == 1


def test_table_and_page_say_how_circuits_get_at_the_matrix(comparison: Comparison) -> None:
    assert "Access to the matrix: evolution in the eigenbasis." in printed(comparison, 200)


def test_table_takes_names_literally() -> None:
    assert "[red]odd[/].mtx" in printed(comparison_of(classical("[red]odd[/].mtx", 4)), 100)


# The verdict


def test_verdict_disclaims_circuits_from_classical_eigenvectors(comparison: Comparison) -> None:
    assert verdict(comparison)[0] == (
        "No speedup is claimed: the circuits were built from classically computed eigenvectors, "
        "which is as much work as solving the system."
    )


def test_verdict_names_the_solver_if_only_some_circuits_took_eigenvectors() -> None:
    other = hhl("a", 4, solver="vqls", classically_diagonalised=False)
    assert "the circuits of hhl were" in verdict(comparison_of(hhl("a", 4), other))[0]


DILATED = "dilation to a unitary, column by column"


def test_verdict_disclaims_circuits_from_dense_unitaries() -> None:
    dense = hhl("a", 4, solver="qsvt", classically_diagonalised=False, access=DILATED)
    sentence = verdict(comparison_of(dense))[0]
    assert sentence.startswith(
        "No speedup is claimed: the circuits were built from a dense unitary"
    )
    assert sentence.endswith("as much as solving the system.")


def test_verdict_tells_each_solver_what_stands_against_it() -> None:
    own = {"classically_diagonalised": False}
    rows = (
        hhl("a", 4),
        hhl("a", 4, solver="qsvt", access=DILATED, **own),
        hhl("b", 8, solver="qsvt", access="shifts", **own),
        hhl("a", 4, solver="spectral", access="transforms", **own),
    )
    sentence = verdict(comparison_of(*rows))[0]
    assert "the circuits of hhl were built from classically computed eigenvectors" in sentence
    assert "the circuits of qsvt for a were built from a dense unitary" in sentence
    assert "the quantum figures count gates, the classical ones seconds" in sentence


def test_verdict_names_the_quantum_solver_with_the_fewest_gates_per_accepted_shot() -> None:
    rows = (
        hhl("a", 4, solver="cheap elsewhere", gates_per_accepted_shot=1.0),
        hhl("b", 8, gates_per_accepted_shot=500.0),
        hhl("b", 8, solver="qsvt", gates_per_accepted_shot=200.0),
        hhl("b", 8, solver="wrong", gates_per_accepted_shot=2.0, error=0.5),
    )
    [sentence] = [text for text in verdict(comparison_of(*rows)) if "accepted shot" in text]
    assert "on b, qsvt took the fewest" in sentence
    assert sentence.endswith("200.")
    assert not any("accepted shot" in text for text in verdict(comparison_of(*rows[:2])))


def test_verdict_counts_promises_that_were_not_kept() -> None:
    rows = (hhl("a", 4, promised_error=1e-3), hhl("b", 4))
    assert any(text.startswith("In 1 of 2 quantum") for text in verdict(comparison_of(*rows)))
    assert not any("promised" in text for text in verdict(comparison_of(*rows[1:])))


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (failed_hhl("a", 4),),
        (hhl("a", 4, access=DILATED, classically_diagonalised=False), hhl("a", 4, solver="qsvt")),
        (classical("a", 4),),
        (hhl("a", 4, classically_diagonalised=False), classical("a", 4, classical_seconds=1e9)),
        (hhl("a", 4, error=0.0), hhl("b", 8, error_of="|x|"), classical("a", 4, error=1.0)),
    ],
)
def test_verdict_never_claims_a_speedup(rows: tuple[Row, ...]) -> None:
    sentences = verdict(comparison_of(*rows))
    assert sentences
    for sentence in sentences:
        unclaimed = sentence.removeprefix("No speedup is claimed")
        assert not re.search("faster|speed|times as|advantage", unclaimed)


def test_verdict_does_not_depend_on_simulator_run_times(comparison: Comparison) -> None:
    slower = tuple(
        replace(row, run_seconds=row.run_seconds and 1e6 * row.run_seconds)
        for row in comparison.rows
    )
    assert verdict(replace(comparison, rows=slower)) == verdict(comparison)


def test_verdict_counts_results_and_failures(comparison: Comparison) -> None:
    sentences = verdict(comparison)
    assert "2 of 3 quantum results reached the target error of 1e-2." in sentences
    assert "1 quantum run gave no result." in sentences
    assert "7 of 7 classical results reached the target error of 1e-2." in sentences


def test_verdict_says_where_only_absolute_values_were_compared() -> None:
    rows = (hhl("a", 4, error_of="|x|"), hhl("b", 4))
    assert "In 1 of these 2 only |x| was compared." in verdict(comparison_of(*rows))


def test_verdict_names_the_best_classical_solver_at_the_largest_size() -> None:
    rows = (
        classical("a", 4, "lucky", classical_seconds=1e-9),
        classical("b", 8, "wrong", classical_seconds=1e-8, error=0.5),
        classical("b", 8, "cg", classical_seconds=2e-5),
        classical("b", 8, "direct", classical_seconds=3e-5),
    )
    sentences = [text for text in verdict(comparison_of(*rows)) if "largest size" in text]
    assert len(sentences) == 1
    assert "8 unknowns (b), cg took the least time" in sentences[0]
    assert sentences[0].endswith("20.0 µs.")


def test_verdict_gives_the_classical_work_before_the_first_gate(comparison: Comparison) -> None:
    assert verdict(comparison)[-1] == (
        "tridiagonal 16 (16 unknowns) is the largest system with a quantum result; classical work "
        "before the first gate of hhl (aer) took 1.76 s, and the whole solution by direct 16.0 µs."
    )


# Digits


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (0.0, "0 s"),
        (4.12e-8, "0.0412 µs"),
        (41.25e-6, "41.2 µs"),
        (0.0009996, "1.00 ms"),
        (0.41, "410 ms"),
        (9.87, "9.87 s"),
        (999.9, "1,000 s"),
        (12345, "12,300 s"),
    ],
)
def test_seconds_have_three_digits_and_a_unit(value: float | None, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.0613, "0.0613"), (0.00072, "7.2e-4"), (999.7, "1,000"), (1e300, "1.0e300")],
)
def test_numbers_are_plain_where_that_is_short(value: float, text: str) -> None:
    assert number(value) == text


def test_scientific_figures_have_short_exponents() -> None:
    assert [scientific(value) for value in (0.0104, 0.0, 1e-16)] == ["1.04e-2", "0", "1.00e-16"]
