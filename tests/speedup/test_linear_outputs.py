"""Linear systems compared on a part of the solution, and what classical rows say of their cost."""

import numpy as np
import pytest

from qml_algos.cli import main
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.linear_systems import LinearSystem, ProductVector, Toeplitz
from qml_algos.linear_systems.classical import NeighbourCorrelation, SquareShare
from qml_algos.speedup import Row, compare
from qml_algos.speedup.contest import Contest
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.generative import GenerativeContest
from qml_algos.speedup.ground_state import GroundStateContest
from qml_algos.speedup.linear_systems import LinearSystemsContest
from qml_algos.speedup.pca import PCAContest
from qml_algos.speedup.svm import SVMContest

TRIDIAGONAL = {-1: -1 / 3, 0: 1.0, 1: -1 / 3}


def row_of(contest: Contest, solver: str, **options: object) -> Row:
    [row] = compare(contest, solvers=[solver], random_state=0, **options).rows
    assert row.failure is None
    return row


@pytest.mark.parametrize(
    ("solver", "backend"), [("qsvt", "aer"), ("qsvt", "aer_shots"), ("cg", "aer")]
)
def test_errors_are_those_of_the_output_asked_for(solver: str, backend: str) -> None:
    options = {"sizes": [4], "backend": backend, "epsilon": 0.05}
    for contest in (
        LinearSystemsContest("entry", index=0),
        LinearSystemsContest("observable", observable=NeighbourCorrelation()),
    ):
        row = row_of(contest, solver, **options)
        assert row.error is not None
        # 0.05 of all of x is at most 0.1 of an entry of four, and 0.1 of an observable.
        assert row.error < 0.1
        assert row.output == (contest.output if row.kind == "quantum" else "vector")
        assert row.error_of.startswith(("error of one entry", "absolute error of"))
        unsigned = any("its sign was not measured" in caveat for caveat in row.caveats)
        assert unsigned == (
            contest.output == "entry" and row.kind == "quantum" and backend == "aer_shots"
        )


def test_a_local_entry_is_within_what_it_promises() -> None:
    row = row_of(LinearSystemsContest("entry"), "local", sizes=[1000])
    assert row.kind == "classical"
    assert row.output == "entry"
    assert row.error is not None
    assert row.promised_error is not None
    assert row.error <= row.promised_error <= 1e-2
    assert row.flops is not None
    assert row.flops < 10_000


def test_local_sampling_reaches_the_target_and_gives_its_standard_error() -> None:
    row = row_of(LinearSystemsContest("observable"), "local-sampling", sizes=[2**18])
    assert row.error is not None
    assert row.error_standard_error is not None
    # Four standard errors: missed by chance with probability 6e-5.
    assert row.error < 4 * row.error_standard_error < 4e-2


@pytest.mark.parametrize("output", ["entry", "observable"])
def test_a_trillion_unknowns_are_left_to_the_local_solver(output: str) -> None:
    b = ProductVector([[1, 0.97]] * 20 + [[1, -0.98]] * 20)
    problem = LinearSystem(Toeplitz(2**40, TRIDIAGONAL), b)
    rows = compare(LinearSystemsContest(output), problems={"large": problem}, random_state=0).rows
    *others, local = rows
    assert all(row.status == "projected" for row in others)
    assert local.status == "measured"
    assert local.error is not None
    assert local.error <= 1e-2
    assert any("too large to be solved whole" in caveat for caveat in local.caveats)


def test_the_local_solver_is_a_default_rival_of_its_output_alone() -> None:
    rng = np.random.default_rng(0)
    for output, size, solver in (
        ("vector", 2**18, None),
        ("entry", 64, "local"),
        ("observable", 64, None),
        ("observable", 2**18, "local-sampling"),
    ):
        contest = LinearSystemsContest(output)
        problem = contest.draw("tridiagonal", size, rng)
        names = set(contest.default_solvers(problem)) & {"local", "local-sampling"}
        assert names == ({solver} if solver else set())
    dense = LinearSystemsContest("entry").draw("general", 64, rng)
    assert "local" not in LinearSystemsContest("entry").default_solvers(dense)


def test_what_does_not_fit_an_output_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="output"):
        LinearSystemsContest("norm")
    with pytest.raises(InvalidProblemError, match="index = -1"):
        LinearSystemsContest("entry", index=-1)
    for output, solver in (("vector", "local"), ("entry", "local-sampling"), ("entry", "magic")):
        with pytest.raises(UnknownNameError, match=solver):
            LinearSystemsContest(output).require_solver(solver)


def test_an_index_beyond_the_system_fails_in_its_row() -> None:
    contest = LinearSystemsContest("entry", index=100)
    rows = compare(contest, sizes=[64], solvers=["direct", "local"], random_state=0).rows
    assert {row.status for row in rows} == {"failed"}
    assert all("index = 100" in (row.failure or "") for row in rows)


def test_an_observable_has_the_same_value_whichever_way_it_is_computed() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=24) + 1j * rng.normal(size=24)
    lines = x.reshape(4, 6)
    correlation = NeighbourCorrelation().matrix((4, 6))
    expected = np.sum(np.conj(lines[:, :-1]) * lines[:, 1:]).real
    assert np.vdot(x, correlation @ x).real == pytest.approx(expected)
    share = SquareShare(0.25, 0.5).matrix((4, 6))
    assert np.flatnonzero(share).tolist() == list(range(6, 12))


@pytest.mark.parametrize(
    ("contest", "solver", "size", "flops"),
    [
        (LinearSystemsContest(), "cg", 64, True),
        (FourierContest(), "fft", 64, True),
        (PCAContest(), "covariance", 4, True),
        (SVMContest(samples=12, folds=2), "rbf-svc", 2, False),
        (GenerativeContest(samples=100), "independent", 6, False),
        (GroundStateContest(), "mps", 4, False),
    ],
    ids=["linear systems", "fourier", "pca", "svm", "generative", "ground state"],
)
def test_classical_rows_of_every_task_state_their_cost(
    contest: Contest, solver: str, size: int, flops: bool
) -> None:
    row = row_of(contest, solver, sizes=[size])
    assert row.threads == 1
    assert row.cpu_seconds is not None
    assert row.classical_seconds is not None
    assert row.cpu_seconds > 0
    assert row.classical_seconds > 0
    assert row.peak_memory_bytes is not None
    assert row.peak_memory_bytes >= 0
    assert (row.flops is not None) == flops


def test_quantum_rows_state_the_gates_of_their_circuit_as_built() -> None:
    row = row_of(LinearSystemsContest("entry"), "qsvt", sizes=[8])
    assert row.gates_as_built is not None
    assert row.gates_as_built.two_qubit_gates > 0
    assert row.cpu_seconds is None
    assert row.flops is None


def test_the_command_line_asks_for_an_output(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--output", "entry", "--sizes", "256", "--solvers", "local", "direct"]
    assert main(["compare", "linear-systems", *options]) == 0
    assert "local" in capsys.readouterr().out
