"""The projection in a terminal."""

import io

from projection_worlds import GateClock, classical_rows, comparison, quantum_rows
from rich.console import Console

from qml_algos.speedup.projection import project
from qml_algos.speedup.projection.table import render_projection

SIZES = [2**power for power in range(6, 23, 2)]


def printed(*, local: bool) -> str:
    """Print a projection whose rival for all unknowns takes 1e-8 N^2 seconds."""
    rows = [
        *quantum_rows("qsvt", [4, 8, 16]),
        *classical_rows("cg", lambda size: 1e-8 * size**2, SIZES),
    ]
    if local:
        rows += classical_rows("local", lambda size: 2e-4, SIZES, output="observable")
    stream = io.StringIO()
    found = project(comparison(rows), devices=[GateClock()], output="observable")
    render_projection(found, Console(file=stream, width=100))
    return stream.getvalue()


def test_the_size_and_the_interval_stand_under_each_strategy() -> None:
    text = printed(local=False)
    assert "Projection: tridiagonal, observable to 0.01, sizes in unknowns" in text
    for strategy in ("sampling", "amplification", "estimation"):
        assert strategy in text
    [line] = [line for line in text.splitlines() if line.startswith("qsvt")]
    assert "none" not in line
    assert ".." in text.splitlines()[text.splitlines().index(line) + 1]
    assert "In brackets" not in text


def test_rivals_for_the_whole_solution_stand_aside_in_brackets() -> None:
    lines = printed(local=True).splitlines()
    [main, aside] = [line for line in lines if line.startswith("qsvt")]
    assert "local" in main
    assert main.count("none") == 3
    assert "(cg)" in aside
    assert any("are no advantage" in line for line in lines)
