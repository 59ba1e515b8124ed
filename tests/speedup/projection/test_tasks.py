"""Projections of the other tasks: bills of all of them, with the fine print that only they know."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from projection_worlds import GateClock, classical_rows, quantum_rows

from qml_algos.fourier import DominantFrequencies, SpectralPower
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.generative import SAMPLING, GenerativeContest
from qml_algos.speedup.options import options_of
from qml_algos.speedup.pca import PCAContest
from qml_algos.speedup.projection import Projection, project
from qml_algos.speedup.record import Record, Row
from qml_algos.speedup.svm import SVMContest

SIZES = [2**power for power in range(4, 12)]


def projected(contest: Contest, rows: Sequence[Row]) -> Projection:
    """Project rows as a comparison by the contest has them."""
    settings = {"options": options_of(contest), "shots": None}
    record = Record(contest.name, tuple(rows), settings, {}, "")
    return project(record, devices=[GateClock(limit=1e40)])


def rows_of(
    family: str, quantum: str, classical: str, output: str, exponent: float = 1.0
) -> list[Row]:
    """Rows of a quantum solver at small sizes, and of a rival with a known law."""
    small = [
        replace(row, output=output, preparation_gates=row.size)
        for row in quantum_rows(quantum, [8, 16], family=family)
    ]
    law = classical_rows(
        classical, lambda size: 1e-7 * size**exponent, SIZES, output=output, family=family
    )
    return [*small, *law]


CASES = {
    "fourier": (
        FourierContest(DominantFrequencies(3)),
        rows_of("tones", "qft", "fft", "set of frequencies"),
    ),
    "shares": (
        FourierContest(SpectralPower([3])),
        rows_of("tones", "qft", "fft", "set of shares"),
    ),
    "pca": (
        PCAContest(),
        rows_of("spiked", "phase-estimation", "covariance", "set of components", 3),
    ),
    "svm": (SVMContest(), rows_of("two-curves", "fidelity", "rbf-svc", "classifier")),
    "generative": (
        GenerativeContest(),
        rows_of("parity", "mps", SAMPLING, "batch of samples"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_task_is_projected_to_1e30_with_one_line_of_fine_print_a_check(case: str) -> None:
    found = projected(*CASES[case])
    [curve] = found.quantum
    assert curve.sizes[-1] > 1e29
    assert all(np.isfinite(line.quantum_seconds) for line in found.crossovers)
    assert found.crossovers
    checks = [line.check.check for line in found.fine_print]
    assert len(checks) == len(set(checks))
    assert "output" in checks
    json.dumps(found.to_json(), allow_nan=False)


def test_loading_samples_one_by_one_leaves_no_crossover_with_a_fast_transform() -> None:
    found = projected(*CASES["fourier"])
    assert all(line.size is None for line in found.crossovers)
    assert {line.strategy for line in found.crossovers} == {"sampling", "amplification"}


def test_reading_shares_has_the_caveat_that_a_few_samples_tell_them_classically() -> None:
    found = projected(*CASES["shares"])
    [line] = [line for line in found.fine_print if line.check.check == "classical sampling"]
    assert line.check.figure == pytest.approx(6e4)


def test_a_sampler_of_the_same_state_is_never_overtaken_whatever_its_overheads_were() -> None:
    contest, rows = CASES["generative"]
    # From its small sizes alone, the sampler would seem to grow as the square.
    bent = rows_of("parity", "mps", SAMPLING, "batch of samples", 2)
    found = projected(contest, [*rows[:2], *bent[2:]])
    [curve] = found.classical
    assert curve.law is None
    growth = curve.sizes[-1] / curve.sizes[-20]
    assert curve.seconds[-1] / curve.seconds[-20] == pytest.approx(growth)
    assert found.to_json()["classical"][0]["law"]["form"] == "proportional"
    assert all(line.size is None for line in found.crossovers)


def test_where_no_device_has_the_qubits_the_verdict_says_so() -> None:
    contest, rows = CASES["svm"]
    record = Record(contest.name, tuple(rows), {"options": options_of(contest)}, {}, "")
    found = project(record, devices=[GateClock(limit=100)])
    assert "none of the devices can do it" in found.verdict[0]


@pytest.mark.parametrize("case", ["fourier", "pca", "svm"])
def test_a_rival_that_reads_all_data_grows_in_proportion_whatever_its_overheads_were(
    case: str,
) -> None:
    contest, rows = CASES[case]
    flat = [
        row if row.kind == "quantum" else replace(row, classical_seconds=1e-3 + 1e-9 * row.size)
        for row in rows
    ]
    [curve] = projected(contest, flat).classical
    assert curve.law is None
    assert "data it reads" in (curve.reason or "")
    growth = curve.sizes[-1] / curve.sizes[-20]
    assert curve.seconds[-1] / curve.seconds[-20] == pytest.approx(growth)
