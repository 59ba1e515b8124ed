"""The files of a report."""

import json
import re

import pandas as pd
import pytest

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.speedup.study import write_study
from qml_algos.speedup.study.page import render_page
from qml_algos.speedup.study.payload import Task, study_json

MEGABYTE = 1_000_000


def test_a_report_is_a_page_its_data_and_figures_under_numbered_names_of_the_tasks(study) -> None:
    kinds = (".pdf", ".png", "-curves.csv", "-measured.csv")
    named = {
        f"{task}{kind}" for task in ("fourier", "fourier-2", "linear-systems") for kind in kinds
    }
    # What is not projected has no curves.
    named |= {f"ground-state{kind}" for kind in (".pdf", ".png", "-measured.csv")}
    assert {file.name for file in study.page.parent.iterdir()} == {
        "report.html",
        "report.json",
        *named,
    }


def test_the_data_are_strict_json_and_tables(study) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = (study.page.parent / "report.json").read_text()
    document = json.loads(text, parse_constant=refuse)
    assert [task["name"] for task in document["tasks"]] == [
        "linear-systems",
        "fourier",
        "fourier-2",
        "ground-state",
    ]
    assert set(document["tasks"][3]) == {"name", "task", "rows"}
    assert len(document["tasks"][3]["rows"]) == 6
    assert len(document["tasks"][0]["rows"]) == len(study.comparisons[0].rows)
    curves = pd.read_csv(study.page.parent / "linear-systems-curves.csv")
    assert len(curves) == len(study.projection.to_frame())


def test_pdf_figures_are_vectors_with_outlines_of_truetype_fonts(study) -> None:
    content = (study.page.parent / "linear-systems.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/Subtype /Image" not in content
    assert b"/Type3" not in content


def test_the_page_names_no_address_to_fetch_from(study) -> None:
    markup = re.sub(r"<script.*?</script>", "", study.page.read_text(), flags=re.DOTALL)
    assert not re.search(r"\b(src|href|action|data)\s*=\s*[\"'](?!#|data:image/png)", markup)
    assert "url(" not in markup
    assert "default-src 'none'" in markup


def test_five_comparisons_stay_under_three_megabytes(study) -> None:
    tasks = [Task(f"task-{place}", study.comparisons[0], study.projection) for place in range(5)]
    page = render_page(tasks, study_json(tasks))
    assert len(page.encode()) < 3 * MEGABYTE


def test_what_is_not_projected_has_its_figure_its_figures_and_the_reason(study) -> None:
    page = study.page.read_text()
    panel = page[page.index('data-panel id="ground-state"') :]
    panel = panel[: panel.index("</section>")]
    assert "No projection is made. For no Hamiltonian here is it known how many layers" in panel
    assert "data:image/png;base64," in panel
    assert "-10.16" in panel
    assert "<select" not in panel


def test_a_report_of_nothing_projected_is_written(study, tmp_path) -> None:
    page = write_study([study.comparisons[3]], tmp_path).read_text()
    assert "No comparison here is projected on any." in page


def test_no_comparison_is_refused(tmp_path) -> None:
    with pytest.raises(InvalidProblemError, match="comparisons is empty"):
        write_study([], tmp_path)


def test_a_file_in_place_of_the_directory_is_refused(study, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="not a directory"):
        write_study(study.comparisons, tmp_path / "file")


def test_an_unknown_device_is_refused_before_anything_is_written(study, tmp_path) -> None:
    with pytest.raises(UnknownNameError, match="abacus"):
        write_study(study.comparisons, tmp_path / "report", devices=["abacus"])
    assert not (tmp_path / "report").exists()
