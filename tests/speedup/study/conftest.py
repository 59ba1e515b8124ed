"""One report that all tests of it read: the first comparison has bills, the last none at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from projection_worlds import classical_rows, quantum_rows

from qml_algos.speedup.projection.project import project
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.study import write_study

DEVICES = ("heron_r3", "superconducting_e4", "idealised_1mhz")
SIZES = tuple(2**power for power in range(4, 13))
HOSTILE = "</script><img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Study:
    """A report that was written, and the projection of its first comparison."""

    page: Path
    comparisons: list[Record]
    projection: Projection


def scattered(law: Callable[[int], float]) -> Callable[[int], float]:
    """Return a law of which every second size is a tenth above, every other a tenth below."""
    return lambda size: law(size) * (1.1 if size.bit_length() % 2 else 0.9)


def linear_systems() -> Record:
    rows = [
        *(
            replace(row, output="observable")
            for row in quantum_rows("qsvt", SIZES[:4], seconds=0.5)
        ),
        *classical_rows("direct", scattered(lambda size: 1e-7 * size), SIZES, output="vector"),
    ]
    return Record(
        "linear-systems", tuple(rows), {"epsilon": 1e-2, "output": "observable"}, {}, "2026-11-26"
    )


def signals() -> Record:
    rows = [
        *quantum_rows("qft", SIZES[:2], family="tones"),
        *classical_rows(HOSTILE, scattered(lambda size: 1e-8 * size), SIZES, family="tones"),
    ]
    return Record("fourier", tuple(rows), {"note": HOSTILE}, {"python": HOSTILE}, "2026-11-26")


def ground_states() -> Record:
    rows = [
        Row(
            f"tfim {size}",
            size,
            None,
            solver,
            kind,
            backend,
            1e-2,
            error=1e-3 / size,
            energy=-1.27 * size,
            reference_energy=-1.28 * size,
            v_score=1e-4,
            fidelity=0.99,
            classical_seconds=1e-3 * size,
            caveats=(HOSTILE,),
        )
        for size in (4, 6, 8)
        for solver, kind, backend in (("circuit", "quantum", "aer"), ("mps", "classical", None))
    ]
    return Record("ground-state", tuple(rows), {"note": HOSTILE}, {}, "2026-11-26")


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    comparisons = [linear_systems(), signals(), signals(), ground_states()]
    page = write_study(
        comparisons, tmp_path_factory.mktemp("study") / "report", devices=DEVICES, pdf=True
    )
    return Study(page, comparisons, project(comparisons[0], devices=DEVICES))
