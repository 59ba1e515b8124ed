"""Bills of principal components: those of the circuits that phase estimation builds."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from projection_worlds import quantum_rows

from circuits.costs import GateCounts, count_gates
from qml_algos.backends import backend
from qml_algos.errors import InvalidProblemError, UnknownNameError, UnsuitableSolverError
from qml_algos.pca.clock import WalkClock
from qml_algos.pca.families import make_data
from qml_algos.pca.programs import EigenbasisProgram, WalkProgram, measured
from qml_algos.pca.readout import Basis
from qml_algos.pca.state import DensityInput, input_from_data
from qml_algos.speedup import compare
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.bills.pca import bill_law, pca_bill
from qml_algos.speedup.bills.variance_shares import samples_of, variance_shares

EPSILON = 0.1
SHARES = (0.6, 0.25, 0.1)


def density(family: str, features: int) -> DensityInput:
    """Return the covariance of drawn data, over its trace."""
    data = make_data(family, features, np.random.default_rng(0))
    return input_from_data(data - data.mean(axis=0))


@pytest.mark.parametrize("features", [3, 4, 8, 16])
@pytest.mark.parametrize("family", ["low-rank", "spiked"])
def test_a_bill_of_the_walk_is_that_of_the_circuit_that_the_solver_builds(
    family: str, features: int
) -> None:
    source = density(family, features)
    # An epsilon that three clock qubits are enough for.
    bill = pca_bill((0.9, 0.0), features, source.rank, epsilon=0.2)
    n = source.system_qubits
    program = WalkProgram(source, WalkClock(3))
    counts = count_gates(measured(program, Basis(2**n - 1).circuit(n), 0.5))
    for field in fields(GateCounts):
        found, billed = getattr(counts, field.name), getattr(bill.run, field.name)
        if field.name.endswith("depth"):
            assert found <= billed, field.name
        else:
            assert found == billed, field.name
    assert bill.preparation.rotations % program.copies == 0


@pytest.mark.parametrize("features", [4, 8, 16])
def test_a_bill_in_the_eigenbasis_bounds_the_circuit_that_the_solver_builds(features: int) -> None:
    source = density("low-rank", features)
    shares = variance_shares("low-rank", features, 3)
    billed = pca_bill(shares, features, source.rank, evolution="eigenbasis", epsilon=EPSILON).run
    n = source.system_qubits
    program = EigenbasisProgram.of(source, int(billed.qubits) - source.copy.num_qubits)
    counts = count_gates(measured(program, Basis(2**n - 1).circuit(n), 0.5))
    assert billed.qubits == counts.qubits
    assert billed.measurements == counts.measurements
    assert counts.two_qubit_gates <= billed.two_qubit_gates <= 1.05 * counts.two_qubit_gates
    assert counts.rotations <= billed.rotations <= 1.15 * counts.rotations
    assert counts.two_qubit_depth <= billed.two_qubit_depth


def test_the_clock_is_as_long_as_that_of_a_comparison() -> None:
    result = compare(
        "pca", sizes=[4], solvers=["phase-estimation"], epsilon=EPSILON, random_state=0
    )
    counts = result.rows[0].gates_as_built
    assert counts is not None
    shares = variance_shares("low-rank", 4, 3)
    bill = pca_bill(shares, 4, 4, evolution="eigenbasis", epsilon=EPSILON)
    assert bill.run.qubits == counts.qubits


def test_half_of_what_a_walk_takes_in_shows_an_eigenvector() -> None:
    source = density("low-rank", 4)
    assert source.matrix is not None
    values, vectors = np.linalg.eigh(source.matrix)
    states = WalkProgram(source, WalkClock(5)).exact(backend("aer"))
    kept = states.weighted(np.ones((1, 32)))[0]
    leading = vectors[:, -1]
    bill = pca_bill((values[-1], values[-2]), 4, 4, epsilon=EPSILON)
    assert leading @ kept @ leading == pytest.approx(bill.success_probability, abs=0.02)


@pytest.mark.parametrize("family", ["low-rank", "spiked"])
def test_shares_of_variance_are_the_limits_of_those_of_drawn_data(family: str) -> None:
    data = make_data(family, 256, np.random.default_rng(0))
    values = np.linalg.svd(data - data.mean(axis=0), compute_uv=False) ** 2
    # Of 1,024 samples a variance has a relative standard error of sqrt(2 / 1024) = 4.4 %: 4 of it.
    assert variance_shares(family, 256, 3) == pytest.approx(values[:3] / values.sum(), rel=0.18)
    assert variance_shares("low-rank", 10**30, 6)[4:] == (0, 0)


def test_shares_and_samples_of_a_data_set_are_held_beyond_its_features() -> None:
    assert variance_shares("wine", 13, 2) == variance_shares("wine", 10**20, 2)
    assert samples_of("wine", 10**20) == 178
    assert samples_of("spiked", 10**20) == 4 * 10**20


def test_loading_grows_as_the_square_of_the_features_and_shots_as_the_features() -> None:
    small, large = (pca_bill(SHARES, 2**n, 4 * 2**n) for n in (20, 100))
    assert large.preparation.rotations / small.preparation.rotations == pytest.approx(2.0**160)
    assert large.shots / small.shots == pytest.approx(2.0**80 * 101 / 21, rel=1e-2)
    assert large.algorithm.toffolis < 10 * small.algorithm.toffolis
    assert large.estimation_uses is not None
    assert large.estimation_uses < large.shots / large.success_probability


def test_a_narrow_gap_takes_a_longer_clock() -> None:
    wide, narrow = (pca_bill((0.5, gap), 64, 64) for gap in (0.1, 0.499))
    assert narrow.algorithm.two_qubit_gates > 8 * wide.algorithm.two_qubit_gates
    with pytest.raises(UnsuitableSolverError, match="told apart"):
        pca_bill((0.5, 0.5), 64, 64)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="trotter"):
        pca_bill(SHARES, 4, 4, evolution="trotter")  # type: ignore[arg-type]
    with pytest.raises(InvalidProblemError, match="shares"):
        pca_bill((0.0, 0.0), 4, 4)
    with pytest.raises(InvalidProblemError, match="features"):
        pca_bill(SHARES, 0, 4)
    with pytest.raises(UnknownNameError, match="faces"):
        variance_shares("faces", 4, 2)


def request(**changes: Any) -> BillRequest:
    """Ask for bills of two components of spiked data."""
    rows = tuple(quantum_rows("phase-estimation", [4, 8], family="spiked"))
    settings = {"options": {"components": 2}}
    asked = BillRequest(rows, "phase-estimation", "spiked", settings, "vector", EPSILON, 0.95)
    return replace(asked, **changes)


def test_a_law_loads_all_samples_of_the_family() -> None:
    law = bill_law(request())
    assert law.bill is not None
    bill = law.bill(2**10)
    assert bill.preparation.rotations % (2**22 - 1) == 0
    assert bill.success_probability == pytest.approx(variance_shares("spiked", 2**10, 2)[1] / 2)
    assert [check.check for check in law.checks] == ["output", "rank"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"solver": "two-copy"}, "two-copy"),
        ({"family": "faces"}, "faces"),
        ({"settings": {}}, "how many components"),
    ],
)
def test_what_has_no_bill_gives_the_reason(changes: dict[str, Any], named: str) -> None:
    law = bill_law(request(**changes))
    assert law.bill is None
    assert named in (law.reason or "")
