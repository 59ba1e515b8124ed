"""The comparison: same systems, same target, every solver."""

import json
from pathlib import Path

import numpy as np
import pytest

from qml_algos.errors import SingularMatrixError, TooLargeError, UnknownNameError
from qml_algos.linear_systems import LinearSystem
from qml_algos.speedup import compare
from qml_algos.speedup.families import FAMILIES, SPD_CONDITION_NUMBER, make_system


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("size", [2, 3, 8, 50])
def test_families_draw_regular_systems_of_the_size_asked_for(family: str, size: int) -> None:
    first, again = (make_system(family, size, np.random.default_rng(5)) for _ in range(2))
    assert first.size == size
    assert np.isfinite(first.condition_number)
    assert np.array_equal(first.dense(), again.dense())
    assert np.array_equal(first.b, again.b)
    assert np.linalg.norm(first.b) == pytest.approx(1)
    if family == "spd":
        assert first.condition_number == pytest.approx(SPD_CONDITION_NUMBER)
        assert np.linalg.eigvalsh(first.dense())[0] > 0


def test_every_solver_reaches_the_target_on_every_system() -> None:
    result = compare("linear-systems", sizes=[2, 4], family="spd", epsilon=1e-2, random_state=1)
    assert [(row.system, row.solver) for row in result.rows] == [
        (f"spd {size}", solver) for size in (2, 4) for solver in ("hhl", "direct", "cg")
    ]
    for row in result.rows:
        assert row.failure is None
        assert row.error is not None
        assert row.error <= row.target_error == 1e-2
        assert row.kind == ("quantum" if row.solver == "hhl" else "classical")
        assert (row.backend == "aer") == (row.kind == "quantum")
        assert row.classically_diagonalised == (True if row.kind == "quantum" else None)
        assert (row.two_qubit_gates is not None) == (row.kind == "quantum")


def test_the_same_seed_draws_the_same_comparison() -> None:
    first, again, other = (
        compare(
            "linear-systems", sizes=[2], backend="aer_shots", shots=500, random_state=seed
        ).rows[0]
        for seed in (3, 3, 4)
    )
    assert first.error == again.error
    assert first.error != other.error
    assert first.error_of == "|x|"
    assert first.shots == 500


@pytest.mark.parametrize("random_state", [None, 7, np.random.default_rng(1)])
def test_the_recorded_seed_draws_the_same_again(random_state: object) -> None:
    arguments = {"sizes": [2], "solvers": ["hhl"], "backend": "aer_shots", "shots": 200}
    first = compare("linear-systems", random_state=random_state, **arguments)  # type: ignore[arg-type]
    again = compare("linear-systems", random_state=first.settings["seed"], **arguments)  # type: ignore[arg-type]
    assert first.rows[0].error == again.rows[0].error
    assert first.settings == again.settings
    if random_state == 7:
        assert first.settings["seed"] == 7


def test_a_solver_that_does_not_apply_has_a_row_that_says_why() -> None:
    result = compare("linear-systems", sizes=[4], family="general", random_state=0)
    failures = {row.solver: row.failure for row in result.rows}
    assert failures["hhl"] is None
    assert failures["direct"] is None
    assert "not Hermitian" in (failures["cg"] or "")


def test_a_circuit_too_large_for_the_backend_has_a_row_with_both_numbers(tmp_path: Path) -> None:
    small = tmp_path / "small.toml"
    text = (Path(__file__).parents[2] / "hardware_configs" / "heron_r3.toml").read_text()
    small.write_text(text.replace("max_qubits = 30", "max_qubits = 12"))
    result = compare(
        "linear-systems", sizes=[2048], family="tridiagonal", solvers=["hhl"], backend=small
    )
    assert "needs 15 qubits" in (result.rows[0].failure or "")
    assert "at most 12" in (result.rows[0].failure or "")


def test_frame_and_json_hold_the_same_rows() -> None:
    result = compare("linear-systems", sizes=[2], random_state=0)
    frame = result.to_frame()
    document = json.loads(json.dumps(result.to_json()))
    assert list(frame.columns) == list(document["rows"][0])
    assert frame["solver"].tolist() == [row["solver"] for row in document["rows"]]
    assert "hhl" in repr(result)


def test_progress_is_told_every_step() -> None:
    calls: list[tuple[int, int, str]] = []
    compare("linear-systems", sizes=[2], progress=lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == [0, 1, 2, 3]
    assert {total for _, total, _ in calls} == {3}


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"task": "tea"}, UnknownNameError, "unknown task 'tea'; known: linear-systems"),
        ({"family": "x"}, UnknownNameError, "known: general, poisson, spd, tridiagonal"),
        ({"solvers": ["x"]}, UnknownNameError, "known: cg, direct, hhl"),
        ({"backend": "x"}, UnknownNameError, "unknown backend 'x'"),
        ({"epsilon": 2.0}, ValueError, "epsilon = 2.0"),
        ({"sizes": [4, 0]}, ValueError, "sizes: 0 given"),
        ({"sizes": []}, ValueError, "nothing to compare"),
        ({"solvers": []}, ValueError, "nothing to compare"),
        ({"shots": 0}, ValueError, "shots = 0"),
        ({"shots": 10**12}, TooLargeError, "at most"),
        ({"random_state": "x"}, ValueError, "random_state = 'x'"),
        (
            {"systems": {"s": LinearSystem(np.ones((2, 2)), np.array([1, 2]))}},
            SingularMatrixError,
            "singul",
        ),
    ],
)
def test_bad_input_is_refused_before_anything_runs(
    arguments: dict[str, object], error: type[Exception], words: str
) -> None:
    def nothing(*_: object) -> None:
        pytest.fail("a step was taken")

    defaults = {"task": "linear-systems", "sizes": [2], "progress": nothing}
    with pytest.raises(error) as caught:
        compare(**(defaults | arguments))  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_interrupt_leaves_no_report(tmp_path: Path) -> None:
    def interrupt(done: int, *_: object) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare("linear-systems", sizes=[2], progress=interrupt).save(tmp_path / "report")
    assert list(tmp_path.iterdir()) == []
