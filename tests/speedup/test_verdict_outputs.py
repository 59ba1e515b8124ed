"""Verdicts where solvers of a comparison answer different things."""

from dataclasses import replace

from projection_worlds import classical_rows, quantum_rows

from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.verdict import verdict


def rows(quick: str | None, slow: str | None) -> list[Row]:
    """Return a quantum row, and classical ones of two outputs, of which the first is quicker."""
    [circuit] = quantum_rows("mps", [8])
    return [
        replace(circuit, output=quick, classical_seconds=2.0, build_seconds=0.0),
        *classical_rows("sampler", lambda _: 1e-3, [8], output=quick),
        *classical_rows("tree", lambda _: 1e-1, [8], output=slow),
    ]


def sentences(given: list[Row]) -> str:
    """Return the verdict as one text."""
    return " ".join(verdict(Record("generative", tuple(given), {}, {}, "")))


def test_the_quickest_solver_is_named_for_each_output() -> None:
    text = sentences(rows("batch of samples", "density"))
    assert "sampler took the least time of the classical solvers for one batch of samples" in text
    assert "tree took the least time of the classical solvers for one density" in text
    whole = sentences(rows("entry", "vector"))
    assert "tree took the least time of the classical solvers of the whole solution" in whole


def test_work_before_the_first_gate_is_set_beside_what_gives_the_whole_solution() -> None:
    assert "the whole solution by tree" in sentences(rows("batch of samples", "density"))


def test_one_output_is_not_named() -> None:
    text = sentences(rows(None, None))
    assert "sampler took the least time of the classical solvers that reached the target" in text
    assert "tree" not in text
