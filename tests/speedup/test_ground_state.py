"""Ground states as a contest: what is measured, and what is said beside it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from qml_algos.backends import Ledger
from qml_algos.backends import backend as open_backend
from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.ground_states import make_model
from qml_algos.physics.hamiltonians import SpinHamiltonian, exact_ground_state
from qml_algos.physics.states.statevector import StatevectorState
from qml_algos.speedup import Comparison, Row, compare
from qml_algos.speedup.bills.registry import UNPROJECTED
from qml_algos.speedup.contest import Setting
from qml_algos.speedup.figure import write_figure
from qml_algos.speedup.ground_state import COMPARED, NOISY, GroundStateContest
from qml_algos.speedup.ground_state_notes import gap_note
from qml_algos.speedup.ground_state_reference import Known, known_of
from qml_algos.speedup.projection import project
from qml_algos.speedup.verdict import verdict


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Solvers of every kind on a ring of 4 spins."""
    return compare(
        "ground-state",
        sizes=[4],
        solvers=["exact", "mps", "circuit", NOISY],
        shots=200,
        random_state=1,
    )


def rows_of(comparison: Comparison, solver: str) -> list[Row]:
    return [row for row in comparison.rows if row.solver == solver]


def test_classical_solvers_have_the_ground_state_and_what_it_took(comparison: Comparison) -> None:
    for solver in ("exact", "mps"):
        for row in rows_of(comparison, solver):
            assert row.kind == "classical"
            assert row.error is not None
            assert row.error < 1e-9
            assert row.energy == pytest.approx(row.reference_energy)
            assert row.fidelity == pytest.approx(1)
            assert row.v_score == pytest.approx(0, abs=1e-9)
            assert row.parameters
            assert row.cpu_seconds
            assert row.classical_seconds
            assert row.peak_memory_bytes is not None


def test_a_circuit_on_shots_has_its_errors_and_gates_and_was_trained_classically(
    comparison: Comparison,
) -> None:
    for row in rows_of(comparison, "circuit"):
        assert (row.kind, row.backend) == ("quantum", "aer")
        assert row.classically_trained
        assert row.shots
        assert row.energy is not None
        assert row.reference_energy is not None
        assert row.energy_standard_error
        # Below 1e-6: the chance of a distance of five standard errors.
        assert abs(row.energy - row.reference_energy) < 5 * row.energy_standard_error + 1e-9
        assert row.error_standard_error == pytest.approx(
            row.energy_standard_error / abs(row.reference_energy)
        )
        assert row.two_qubit_gates
        assert row.gates_as_built is not None
        assert row.fidelity == pytest.approx(1)


def test_noise_costs_energy_and_the_fidelity_without_it_is_not_claimed(
    comparison: Comparison,
) -> None:
    for row in rows_of(comparison, NOISY):
        assert row.backend == "heron_r3"
        assert row.energy is not None
        assert row.reference_energy is not None
        assert row.energy > row.reference_energy
        assert row.fidelity is None
        assert any("without shots and noise" in note for note in row.caveats)


def test_no_speedup_is_claimed_of_circuits_that_were_simulated(comparison: Comparison) -> None:
    first = verdict(comparison)[0]
    assert first.startswith("No speedup is claimed: the circuits were built from parameters found")


def test_it_is_written_and_read_back_as_it_was(comparison: Comparison, tmp_path: Path) -> None:
    page = comparison.save(tmp_path).read_text(encoding="utf-8")
    for words in ("V-score", "fidelity", "parameters", "ground energy -5.22625186", "heron_r3"):
        assert words in page
    assert Comparison.load(tmp_path).rows == comparison.rows
    assert (tmp_path / "comparison.png").read_bytes().startswith(b"\x89PNG")


def test_it_is_not_projected_and_says_why(comparison: Comparison) -> None:
    with pytest.raises(InvalidProblemError, match="how many layers a variational circuit needs"):
        project(comparison)
    assert "No projection is made" in UNPROJECTED[comparison.task]


def test_figures_are_drawn_without_fidelities_and_v_scores_too(tmp_path: Path) -> None:
    bare = Comparison(
        "ground-state",
        tuple(
            Row("tfim 4", 4, None, "exact", "classical", None, 1e-2, error=error, energy=-5.0)
            for error in (0.0, 1e-3)
        ),
        {},
        {},
        "",
    )
    write_figure(bare, tmp_path / "bare.pdf")
    empty = Comparison("ground-state", (), {}, {}, "")
    write_figure(empty, tmp_path / "empty.png")
    assert (tmp_path / "bare.pdf").stat().st_size > 1000


def test_finished_points_are_kept_in_the_ledger(tmp_path: Path) -> None:
    def again() -> Comparison:
        return compare(
            "ground-state",
            sizes=[4],
            solvers=["exact"],
            random_state=0,
            ledger=Ledger(tmp_path / "ledger.sqlite"),
        )

    assert again().rows == again().rows, "measured seconds included"


def test_all_that_suits_a_size_is_compared_by_default() -> None:
    contest = GroundStateContest()
    assert contest.default_solvers(make_model("tfim", 8)) == list(COMPARED)
    assert contest.default_solvers(make_model("tfim", 16)) == ["exact", "mps", "rbm"]
    assert contest.default_solvers(make_model("heisenberg", 40)) == ["mps", "rbm"]
    assert len(contest.default_sizes) >= 4


def test_what_is_too_large_to_write_down_is_projected() -> None:
    rows = compare("ground-state", sizes=[40], solvers=["exact", "circuit"], random_state=0).rows
    assert [row.status for row in rows] == ["projected", "projected"]


def test_a_hamiltonian_without_known_energy_has_a_v_score_but_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qml_algos.speedup.ground_state_reference.MOST_WITH_STATE", 3)
    model = make_model("heisenberg", 4)
    problem = SpinHamiltonian(model.operator, "mine", model.layers)
    [row] = compare("ground-state", problems={"mine": problem}, solvers=["exact"]).rows
    assert (row.error, row.fidelity, row.reference_energy) == (None, None, None)
    assert row.v_score == pytest.approx(0, abs=1e-12)
    assert row.caveats[0].startswith("The ground energy of mine is not known here")


# The reference


def test_a_close_next_level_is_told_where_the_target_error_allows_it() -> None:
    ordered = make_model("tfim", 6, 0.3)
    known = known_of(ordered)
    assert known.gap is not None
    assert known.gap < 0.01
    [note] = gap_note(ordered, known, 1e-2)
    assert "A state may have the energy asked for and a low fidelity" in note
    disordered = make_model("tfim", 6, 2.0)
    assert list(gap_note(disordered, known_of(disordered), 1e-3)) == []


def test_a_state_of_the_wrong_symmetry_has_the_energy_and_no_fidelity() -> None:
    model = make_model("tfim", 6, 0.3)
    spectrum = exact_ground_state(model, states=2)
    known = known_of(model)
    first, second = (StatevectorState(state) for state in spectrum.states)
    assert known.fidelity_of(first) == pytest.approx(1)
    assert known.fidelity_of(second) == pytest.approx(0, abs=1e-9)
    close = SimpleNamespace(energy_=spectrum.energies[1], energy_error_=0.0)
    error, _ = known.error_of(close)
    assert error is not None
    assert error < 1e-2


def test_fidelity_is_with_all_states_of_a_degenerate_level() -> None:
    model = make_model("heisenberg", 4)
    states = np.eye(16)[:2]
    known = Known(-1.0, "nowhere", states, 0.0)
    mixed = StatevectorState(np.eye(16)[0] - np.eye(16)[1])
    assert known.fidelity_of(mixed) == pytest.approx(1)
    [note] = gap_note(model, known, 1e-2)
    assert "degenerate" in note


# Mistakes


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"layers": 0}, InvalidProblemError, "layers = 0"),
        ({"bond_dimension": 1.5}, InvalidProblemError, "bond_dimension = 1.5"),
        ({"alpha": -1}, InvalidProblemError, "alpha = -1"),
    ],
)
def test_options_that_are_none_are_refused(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        GroundStateContest(**options)


def test_unknown_solvers_and_models_are_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="unknown solver 'annealer'; known: circuit"):
        compare("ground-state", sizes=[4], solvers=["annealer"])
    with pytest.raises(UnknownNameError, match="unknown family 'potts'"):
        compare("ground-state", sizes=[4], family="potts")


def test_the_noisy_circuit_needs_a_noisy_model() -> None:
    contest = GroundStateContest(noisy_backend="aer")
    setting = Setting(open_backend("aer"), 1e-2, None, 0)
    with pytest.raises(InvalidProblemError, match="noisy_backend = 'aer': a noisy model is needed"):
        contest.failed(make_model("tfim", 4), NOISY, setting)


@pytest.mark.slow
def test_machines_of_the_contest_reach_the_target_on_rings_of_eight_to_sixteen() -> None:
    rows = compare("ground-state", sizes=[8, 12, 16], solvers=["rbm"], random_state=0).rows
    for row in rows:
        assert row.error is not None
        assert row.error < 1e-3
        assert row.energy_standard_error
