"""Bills of linear solvers: those of the circuits that the solvers build, gate by gate."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from projection_worlds import quantum_rows

from circuits.costs import GateCounts, count_gates
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.linear_systems import (
    HHL,
    ChebyshevLCU,
    Circulant,
    LinearSystem,
    QSVTInversion,
    SpectralInversion,
)
from qml_algos.linear_systems.families import make_system
from qml_algos.linear_systems.program import Program
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.bills.linear_systems import (
    CIRCUIT_SHARE,
    OUTPUTS,
    bill_law,
    linear_system_bill,
)
from qml_algos.speedup.bills.spectral_circuits import HEATED_LINES
from qml_algos.speedup.bills.system_families import SYSTEM_FAMILIES, family_named
from qml_algos.speedup.record import Row

EPSILON = 1e-2
SOLVERS = {"qsvt": QSVTInversion, "chebyshev": ChebyshevLCU, "hhl": HHL}


def system(family: str, size: int) -> LinearSystem:
    """Return a system of a family whose b is loaded without gates: the first unit vector."""
    b = np.eye(size)[0]
    if family == "circulant":
        return LinearSystem(Circulant(size, {0: 1, 1: -1 / 3, -1: -1 / 3}), b)
    drawn = make_system(family, size, np.random.default_rng(0))
    return LinearSystem(drawn.structure, b)


def built(solver: str, problem: LinearSystem) -> Program:
    """Build a solver's circuit for the part of the error that bills leave to it."""
    return SOLVERS[solver](epsilon=EPSILON).build(problem, filter_epsilon=CIRCUIT_SHARE * EPSILON)


EXACT = [
    ("qsvt", "tridiagonal"),
    ("qsvt", "poisson"),
    ("qsvt", "circulant"),
    ("chebyshev", "tridiagonal"),
    ("chebyshev", "circulant"),
    ("hhl", "circulant"),
]


@pytest.mark.parametrize("size", [4, 8, 16])
@pytest.mark.parametrize(("solver", "family"), EXACT)
def test_a_bill_is_that_of_the_circuit_that_the_solver_builds(
    solver: str, family: str, size: int
) -> None:
    problem = system(family, size)
    program = built(solver, problem)
    counted = count_gates(program.circuit)
    bill = linear_system_bill(solver, family, size, epsilon=EPSILON, loaded=False)
    for field in fields(GateCounts):
        counts, billed = getattr(counted, field.name), getattr(bill.run, field.name)
        if field.name.endswith("depth"):
            assert counts <= billed, field.name
        elif field.name != "measurements":
            assert counts == billed, field.name
    # The mean over random b has the amplitude that the solver's factor is the inverse of.
    spectrum = family_named(family).spectrum(size)
    amplitude = np.sqrt(bill.success_probability / spectrum.mean_inverse_square)
    assert amplitude == pytest.approx(1 / abs(program.factor), rel=7e-3)
    assert spectrum.condition_number == pytest.approx(problem.condition_number)


@pytest.mark.parametrize("size", [4, 8, 16])
def test_a_walsh_function_is_loaded_by_one_rotation_a_qubit(size: int) -> None:
    problem = make_system("walsh", size, np.random.default_rng(0))
    program = built("qsvt", problem)
    bill = linear_system_bill("qsvt", "walsh", size, epsilon=EPSILON)
    assert bill.preparation.rotations == np.log2(size)
    assert bill.preparation.two_qubit_gates == 0
    counted = count_gates(program.circuit)
    assert counted.two_qubit_gates == bill.run.two_qubit_gates
    assert counted.rotations == bill.run.rotations


@pytest.mark.parametrize("size", [4, 8, 16])
def test_dense_matrices_are_billed_by_a_bound_for_what_eigenvectors_make(size: int) -> None:
    program = built("hhl", system("spd", size))
    counted = count_gates(program.circuit)
    bill = linear_system_bill("hhl", "spd", size, epsilon=EPSILON, loaded=False)
    assert program.details["clock qubits"] == 6
    assert counted.qubits == bill.run.qubits
    assert 0.5 * bill.run.two_qubit_gates < counted.two_qubit_gates <= bill.run.two_qubit_gates
    assert 0.5 * bill.run.rotations < counted.rotations <= bill.run.rotations


@pytest.mark.slow
@pytest.mark.parametrize("size", [4, 8, 16])
def test_dense_matrices_are_billed_by_a_bound_for_a_dilation(size: int) -> None:
    program = built("qsvt", system("spd", size))
    counted = count_gates(program.circuit)
    bill = linear_system_bill("qsvt", "spd", size, epsilon=EPSILON, loaded=False)
    assert counted.qubits == bill.run.qubits
    assert 0.3 * bill.run.two_qubit_gates < counted.two_qubit_gates <= bill.run.two_qubit_gates
    assert 0.3 * bill.run.rotations < counted.rotations <= bill.run.rotations


def test_loading_all_entries_takes_the_square_of_the_size() -> None:
    for solver in ("qsvt", "hhl"):
        small, large = (linear_system_bill(solver, "spd", 2**n) for n in (40, 80))
        growth = large.algorithm.two_qubit_gates / small.algorithm.two_qubit_gates
        assert growth == pytest.approx(4.0**40)


TRIDIAGONAL = ["tridiagonal", "poisson", "circulant"]


@pytest.mark.parametrize("family", TRIDIAGONAL)
def test_the_success_probability_is_the_mean_over_random_right_hand_sides(family: str) -> None:
    size = 64
    problem = system(family, size)
    rng = np.random.default_rng(0)
    # The mean of 2,000 draws, whose deviation from its own mean has a standard error of some
    # percent: 5 of those are never reached in practice.
    b = rng.normal(size=(size, 2000))
    x = np.linalg.solve(problem.dense(), b / np.linalg.norm(b, axis=0))
    squares = np.sum(x**2, axis=0)
    error = np.std(squares) / np.sqrt(squares.size)
    assert abs(family_named(family).spectrum(size).mean_inverse_square - squares.mean()) < 5 * error


@pytest.mark.parametrize("family", TRIDIAGONAL)
def test_means_over_a_spectrum_meet_their_limits(family: str) -> None:
    summed, limit = (family_named(family).spectrum(size) for size in (4096, 4097))
    assert summed.mean_inverse_square == pytest.approx(limit.mean_inverse_square, rel=2e-3)


def test_bills_go_up_to_a_size_of_1e30() -> None:
    for output in OUTPUTS:
        for family in SYSTEM_FAMILIES:
            bill = linear_system_bill("qsvt", family, 10**30, output=output)
            assert all(
                np.isfinite(float(value or np.nan))
                for value in (bill.shots, bill.estimation_uses, bill.run.two_qubit_gates)
            )
            assert bill.success_probability > 0


def test_the_tridiagonal_algorithm_grows_as_the_logarithm_of_its_size_and_loading_as_the_size() -> (
    None
):
    small, large = (linear_system_bill("qsvt", "tridiagonal", 2**n) for n in (25, 100))
    assert large.algorithm.t_gates / small.algorithm.t_gates == pytest.approx(99 / 24)
    assert large.preparation.rotations / small.preparation.rotations == pytest.approx(2**75)


@pytest.mark.slow
@pytest.mark.parametrize("family", HEATED_LINES)
def test_spectral_inversion_is_billed_within_a_tenth_of_circuits_that_were_not_counted(
    family: str,
) -> None:
    for cells in (2**10, 2**14):
        problem = make_system(family, cells, np.random.default_rng(0))
        counted = count_gates(SpectralInversion().build(problem, filter_epsilon=1e-3).circuit)
        bill = linear_system_bill("spectral", family, problem.size, epsilon=EPSILON)
        for name in ("two_qubit_gates", "rotations", "two_qubit_depth"):
            ratio = getattr(bill.run, name) / getattr(counted, name)
            assert ratio == pytest.approx(1, abs=0.25 if cells == 2**10 else 0.1)


@pytest.mark.slow
def test_a_smooth_source_is_resolved_by_a_coarse_grid() -> None:
    law = bill_law(request([], solver="spectral", family="periodic"))
    [check] = [check for check in law.checks if check.check == "resolution"]
    assert check.figure is not None
    assert 8 <= check.figure <= 256
    assert law.bill is not None
    assert law.bill(2**40).source == "fitted"
    assert check.tone == "bad"


@pytest.mark.parametrize(
    ("arguments", "options", "named"),
    [
        (("newton", "poisson", 8), {}, "newton"),
        (("hhl", "poisson", 8), {}, "hhl"),
        (("qsvt", "hilbert", 8), {}, "hilbert"),
        (("qsvt", "poisson", 8), {"output": "norm"}, "norm"),
    ],
)
def test_unknown_names_are_refused(
    arguments: tuple[str, str, int], options: dict[str, Any], named: str
) -> None:
    with pytest.raises(UnknownNameError, match=named):
        linear_system_bill(*arguments, **options)


def test_a_size_that_is_no_count_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="size"):
        linear_system_bill("qsvt", "poisson", 0)


def request(rows: list[Row], **changes: Any) -> BillRequest:
    """Ask for bills of qsvt on tridiagonal systems."""
    asked = BillRequest(tuple(rows), "qsvt", "tridiagonal", {}, "observable", EPSILON, 0.95)
    return replace(asked, **changes)


def test_a_law_bills_what_building_took_as_a_line_over_the_gates() -> None:
    def gates(size: int) -> float:
        bill = linear_system_bill("qsvt", "tridiagonal", size)
        return float(
            bill.algorithm.two_qubit_gates + bill.algorithm.t_gates + bill.algorithm.rotations
        )

    rows = [
        replace(row, build_seconds=0.1 + 1e-3 * gates(row.size))
        for row in quantum_rows("qsvt", [4, 8, 16])
    ]
    law = bill_law(request(rows))
    assert law.bill is not None
    expected = 0.1 + 1e-3 * gates(2**60)
    assert law.bill(2**60).preprocessing_seconds == pytest.approx(expected)
    assert {check.check for check in law.checks} == {"sparsity", "rank"}


def counted_rows(sizes: list[int]) -> list[Row]:
    """Rows whose circuits grow as N^2, but for the success probability."""
    return [
        replace(row, gates_as_built=GateCounts(qubits=9, two_qubit_gates=3 * row.size**2))
        for row in quantum_rows("hhl", sizes)
    ]


def test_a_solver_without_formulas_is_billed_by_a_fit_to_its_counted_circuits() -> None:
    law = bill_law(request(counted_rows([4, 8, 16, 32, 64]), solver="hhl", family="plates"))
    assert law.bill is not None
    bill = law.bill(2**40)
    assert bill.source == "fitted"
    assert float(bill.algorithm.two_qubit_gates) == pytest.approx(3 * 2.0**80, rel=1e-3)
    assert bill.algorithm.qubits == 9
    assert bill.success_probability == pytest.approx(0.25)


def test_too_few_circuits_for_a_fit_give_the_reason() -> None:
    law = bill_law(request(counted_rows([4, 8]), solver="hhl", family="plates"))
    assert law.bill is None
    assert "2 given" in (law.reason or "")


def test_an_output_without_bills_gives_the_reason() -> None:
    law = bill_law(request([], output="norm"))
    assert law.bill is None
    assert "norm" in (law.reason or "")
