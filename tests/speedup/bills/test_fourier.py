"""Bills of spectra: those of the circuits that the solvers build for shots."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from projection_worlds import quantum_rows

from circuits.costs import GateCounts, count_gates
from qml_algos.errors import InvalidProblemError, UnknownNameError, UnsuitableSolverError
from qml_algos.fourier import (
    DominantFrequencies,
    Question,
    RelativePhase,
    Signal,
    SpectralPower,
    draw,
    make_solver,
)
from qml_algos.fourier.precision import shots_for
from qml_algos.speedup import compare
from qml_algos.speedup.bills.fourier import SOLVERS, bill_law, fourier_bill
from qml_algos.speedup.bills.law import BillRequest
from qml_algos.speedup.fourier import FourierContest
from qml_algos.speedup.options import options_of

EPSILON = 1e-2
QUESTIONS = (DominantFrequencies(3), SpectralPower([1, 2]), RelativePhase((1, 6)))


def noise(qubits: int) -> Signal:
    """Return a signal without any structure."""
    return Signal(np.random.default_rng(qubits).normal(size=2**qubits))


def counted(solver: str, signal: Signal, question: Question) -> GateCounts:
    """Count the larger one of the circuits for shots."""
    program = make_solver(solver, EPSILON).build(signal, question)
    return count_gates(program.circuits[-1])


def assert_equal(counts: GateCounts, bill: GateCounts) -> None:
    for field in fields(GateCounts):
        found, billed = getattr(counts, field.name), getattr(bill, field.name)
        if field.name.endswith("depth"):
            assert found <= billed, field.name
        else:
            assert found == billed, field.name


@pytest.mark.parametrize("qubits", [9, 10, 11])
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: type(question).__name__)
def test_a_bill_is_that_of_the_circuit_that_the_solver_builds(
    question: Question, qubits: int
) -> None:
    for solver in ("qft", "full-qft"):
        bill = fourier_bill(question, 2**qubits, solver=solver, epsilon=EPSILON)
        assert_equal(counted(solver, noise(qubits), question), bill.run)


@pytest.mark.parametrize("qubits", [9, 10, 11])
def test_the_semiclassical_bill_has_no_two_qubit_gate_beside_loading(qubits: int) -> None:
    question = DominantFrequencies(3)
    bill = fourier_bill(question, 2**qubits, solver="semiclassical", epsilon=EPSILON)
    assert_equal(counted("semiclassical", noise(qubits), question), bill.run)
    assert bill.algorithm.two_qubit_gates == 0
    assert bill.estimation_uses is None


@pytest.mark.parametrize("qubits", [5, 6, 8, 12])
def test_loading_by_a_formula_is_an_upper_bound_and_a_close_one(qubits: int) -> None:
    signal = draw("formula", 2**qubits, np.random.default_rng(0))
    question = SpectralPower([3])
    counts = counted("qft", signal, question)
    bill = fourier_bill(question, 2**qubits, epsilon=EPSILON, loading="tones")
    assert counts.two_qubit_gates <= bill.run.two_qubit_gates <= 1.05 * counts.two_qubit_gates
    assert bill.run.rotations == pytest.approx(counts.rotations, rel=0.05)


def test_a_bill_is_that_of_the_row_of_a_comparison_that_takes_shots() -> None:
    contest = FourierContest(SpectralPower([1, 2]))
    result = compare(
        contest,
        sizes=[512],
        family="tones",
        solvers=["qft"],
        backend="aer_shots",
        epsilon=0.1,
        random_state=0,
    )
    for row in result.rows:
        assert row.gates_as_built is not None
        bill = fourier_bill(contest.question, row.size, epsilon=0.1)
        assert_equal(row.gates_as_built, bill.run)
        # Of both, half of epsilon is left to shots: for a root mean square error by the solver, for
        # a probability by the bill.
        assert row.shots == shots_for(contest.question, 0.05)
        assert bill.shots == pytest.approx(2 * np.log(2 * 2 / 0.05) * row.shots)


@pytest.mark.parametrize("question", [QUESTIONS[0], QUESTIONS[2]])
def test_shots_are_those_of_the_solver_times_the_square_of_the_quantile(
    question: Question,
) -> None:
    # 2.394 and 1.960 standard errors: of three answers together, and of one.
    quantile = 2.394 if isinstance(question, DominantFrequencies) else 1.960
    program = make_solver("qft", EPSILON).build(noise(4), question)
    bill = fourier_bill(question, 16, epsilon=EPSILON)
    assert program.shots is not None
    assert bill.shots == pytest.approx(quantile**2 * program.shots, rel=1e-3)


def test_so_many_shots_keep_to_the_error_as_often_as_asked() -> None:
    # The share of the strongest of two bins, from the multinomial distribution itself. Of 4,000
    # repetitions at most 5 % may miss: 7 % would be 6 standard errors more.
    question, share = SpectralPower([2, 6]), 0.5
    bill = fourier_bill(question, 8, epsilon=0.04)
    rng = np.random.default_rng(0)
    seen = rng.binomial(round(bill.shots), share, size=4000) / round(bill.shots)
    assert np.mean(np.abs(seen - share) > 0.02) < 0.07


def test_only_what_is_a_probability_is_estimated() -> None:
    frequencies, powers, phase = (fourier_bill(question, 64) for question in QUESTIONS)
    assert frequencies.estimation_uses is None
    assert powers.estimation_uses is not None
    assert phase.estimation_uses is not None
    assert powers.estimation_uses < powers.shots
    assert phase.estimation_uses < phase.shots


@pytest.mark.parametrize("loading", ["dense", "tones", "none"])
def test_bills_go_up_to_a_size_of_1e30(loading: Any) -> None:
    for solver in SOLVERS:
        bill = fourier_bill(DominantFrequencies(3), 10**30, solver=solver, loading=loading)
        assert np.isfinite(float(bill.run.rotations))
    assert bill.run.qubits == 100
    # N amplitudes one by one; 100 sites of a few dozen gates.
    expected = {"dense": 2**100 - 1, "tones": 3e4, "none": 0}[loading]
    assert bill.preparation.rotations == pytest.approx(expected, rel=0.5)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="newton"):
        fourier_bill(DominantFrequencies(), 8, solver="newton")
    with pytest.raises(UnknownNameError, match="qram"):
        fourier_bill(DominantFrequencies(), 8, loading="qram")  # type: ignore[arg-type]
    with pytest.raises(UnsuitableSolverError, match="RelativePhase"):
        fourier_bill(RelativePhase((1, 2)), 8, solver="semiclassical")
    with pytest.raises(InvalidProblemError, match="size"):
        fourier_bill(DominantFrequencies(), 0)


def request(family: str, question: Question | None = None, **changes: Any) -> BillRequest:
    """Ask for bills of the approximate transform."""
    rows = tuple(
        replace(row, preparation_gates=row.size - 2)
        for row in quantum_rows("qft", [64, 256], family=family)
    )
    contest = FourierContest(question or DominantFrequencies(3))
    settings = {"options": options_of(contest)}
    asked = BillRequest(rows, "qft", family, settings, "vector", EPSILON, 0.95)
    return replace(asked, **changes)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_law_reads_the_question_from_the_comparison(question: Question) -> None:
    law = bill_law(request("tones", question))
    assert law.bill is not None
    assert law.bill(2**20) == fourier_bill(question, 2**20, epsilon=EPSILON)
    assert "fft" in law.structured_rivals
    sampled = [] if isinstance(question, DominantFrequencies) else ["classical sampling"]
    assert [check.check for check in law.checks] == ["output", "sampled data", *sampled]


@pytest.mark.parametrize(
    ("question", "error_of"),
    [
        (SpectralPower([3]), lambda power, _: power),
        (RelativePhase((3, 6), threshold=0.25), lambda _, phase: phase),
    ],
)
def test_so_many_samples_at_random_are_enough_classically(
    question: Question, error_of: Callable[[float, float], float]
) -> None:
    # Of two tones of equal power, so that the share is 1/2. Over 400 repetitions a standard
    # deviation is known to 3.5 %: 1.15 times the error would be four of that.
    law = bill_law(request("tones", question, epsilon=0.05))
    samples = round(law.checks[-1].figure or 0)
    rng = np.random.default_rng(0)
    places = rng.integers(2**20, size=(400, samples))
    turns = 2j * np.pi / 2**20 * places
    values = np.exp(3 * turns) + np.exp(6 * turns + 1j)
    first, second = (np.mean(values * np.exp(-k * turns), axis=1) for k in (3, 6))
    power = np.abs(first) ** 2 / np.mean(np.abs(values) ** 2, axis=1)
    phase = np.angle(second * first.conj())
    found = np.array([error_of(*pair) for pair in zip(power - 0.5, phase - 1, strict=True)])
    assert np.sqrt(np.mean(found**2)) < 1.15 * 0.05


def test_loading_is_known_from_the_family_or_from_the_gates_that_it_took() -> None:
    rotations = {}
    for family in ("formula", "tones", "recording"):
        law = bill_law(request(family))
        assert law.bill is not None
        rotations[family] = law.bill(2**40).preparation.rotations
    assert rotations["recording"] == rotations["tones"] == 2**40 - 1
    assert rotations["formula"] < 10**5


def test_a_recording_of_few_sizes_that_was_cheap_to_load_has_no_bill_but_a_reason() -> None:
    cheap = tuple(replace(row, preparation_gates=9) for row in quantum_rows("qft", [64, 256]))
    law = bill_law(request("recording", rows=cheap))
    assert law.bill is None
    assert law.reason


def test_a_comparison_without_its_question_gives_the_reason() -> None:
    law = bill_law(request("tones", settings={}))
    assert law.bill is None
    assert "question" in (law.reason or "")
