"""The comparison: same systems, same target, every solver."""

import json
from pathlib import Path

import numpy as np
import pytest

from qml_algos.errors import SingularMatrixError, TooLargeError, UnknownNameError
from qml_algos.linear_systems import FastTransform, LinearSystem, Poisson, solve
from qml_algos.linear_systems.families import FAMILIES, SPD_CONDITION_NUMBER, make_system
from qml_algos.speedup import compare
from qml_algos.speedup.linear_systems import LinearSystemsContest

OF_UNKNOWNS = sorted(
    name for name, family in FAMILIES.items() if not (family.cells or family.power_of_two)
)


@pytest.mark.parametrize("family", OF_UNKNOWNS)
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


@pytest.mark.parametrize(
    ("family", "unknowns"),
    [("dirichlet", 15), ("neumann", 16), ("periodic", 16), ("poisson2d", 225)],
)
def test_a_size_of_a_grid_is_its_number_of_cells_on_an_axis(family: str, unknowns: int) -> None:
    first, again = (make_system(family, 16, np.random.default_rng(5)) for _ in range(2))
    assert first.size == unknowns
    assert isinstance(first.structure, Poisson)
    assert np.array_equal(first.b, again.b)
    assert np.linalg.norm(first.b) == pytest.approx(1)
    x = solve(first, FastTransform()).x
    assert first.residual(x) < 1e-12


def test_a_walsh_function_is_one_of_plus_and_minus_the_same() -> None:
    first, again = (make_system("walsh", 64, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(np.abs(first.b), np.ones(64))
    assert np.array_equal(first.b, again.b)
    assert np.array_equal(
        first.dense(), make_system("tridiagonal", 64, np.random.default_rng(0)).dense()
    )
    with pytest.raises(ValueError, match="sizes: 12 given; a size of walsh is a power of two"):
        make_system("walsh", 12, np.random.default_rng(0))


def test_a_large_random_system_has_the_condition_number_that_is_said() -> None:
    drawn, again = (make_system("spd", 400, np.random.default_rng(5)) for _ in range(2))
    assert drawn.condition_number == pytest.approx(SPD_CONDITION_NUMBER, rel=1e-6)
    assert abs(drawn.A - again.A).max() == 0


@pytest.mark.parametrize("size", [2, 12, 15])
def test_a_grid_of_another_number_of_cells_is_refused_by_name(size: int) -> None:
    with pytest.raises(ValueError, match=f"sizes: {size} given; a size of periodic is a number"):
        make_system("periodic", size, np.random.default_rng(0))


def test_a_system_that_does_not_fit_into_memory_is_refused() -> None:
    with pytest.raises(TooLargeError, match="a dense matrix of 1,000,000 rows"):
        make_system("general", 10**6, np.random.default_rng(0))
    with pytest.raises(TooLargeError, match="a grid of"):
        make_system("poisson2d", 2**15, np.random.default_rng(0))


def test_a_million_unknowns_are_compared_without_a_dense_matrix() -> None:
    result = compare("linear-systems", sizes=[2**20], family="dirichlet", solvers=["fft", "direct"])
    assert [row.size for row in result.rows] == [2**20 - 1] * 2
    assert all(row.error is not None and row.error < 1e-2 for row in result.rows)


def test_every_solver_reaches_the_target_on_every_system() -> None:
    result = compare("linear-systems", sizes=[2, 4], family="spd", epsilon=1e-2, random_state=1)
    assert [(row.problem, row.solver) for row in result.rows] == [
        (f"spd {size}", solver) for size in (2, 4) for solver in ("hhl", "qsvt", "direct", "cg")
    ]
    for row in result.rows:
        assert row.failure is None
        assert row.error is not None
        assert row.error <= row.target_error == 1e-2
        quantum = row.solver in ("hhl", "qsvt")
        assert row.kind == ("quantum" if quantum else "classical")
        assert (row.backend == "aer") == quantum
        assert row.classically_diagonalised == (row.solver == "hhl" if quantum else None)
        assert (row.two_qubit_gates is not None) == quantum
        assert (row.access is not None) == quantum
        if quantum:
            assert row.error <= (row.promised_error or 0) <= 1e-2
            assert row.two_qubit_gates is not None
            assert row.success_probability is not None
            assert row.gates_per_accepted_shot == row.two_qubit_gates / row.success_probability


def test_solvers_by_transforms_are_compared_where_they_apply() -> None:
    grid = compare("linear-systems", sizes=[4], family="periodic", random_state=0)
    results = {row.solver: row.failure for row in grid.rows}
    assert list(results) == ["hhl", "qsvt", "spectral", "direct", "cg", "fft"]
    assert results.pop("direct") is not None, "the matrix is singular, b orthogonal to constants"
    assert set(results.values()) == {None}
    asked = compare("linear-systems", sizes=[4], family="spd", solvers=["spectral"])
    assert "no transform of qubits" in (asked.rows[0].failure or "")


def test_no_large_dense_unitary_is_synthesised_unasked() -> None:
    drawn = (make_system(family, 32, np.random.default_rng(0)) for family in ("spd", "tridiagonal"))
    spd, tridiagonal = (LinearSystemsContest().default_solvers(system) for system in drawn)
    assert spd == ["hhl", "direct", "cg"]
    assert tridiagonal == ["hhl", "qsvt", "direct", "cg"]


def test_a_matrix_that_a_transform_solves_has_its_exact_error() -> None:
    result = compare("linear-systems", sizes=[16], family="dirichlet", solvers=["spectral"])
    [row] = result.rows
    assert row.error is not None
    assert row.error <= 1e-2
    assert row.classically_diagonalised is False


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
    small.write_text(text.replace("max_qubits = 30", "max_qubits = 5"))
    result = compare(
        "linear-systems", sizes=[16], family="tridiagonal", solvers=["hhl"], backend=small
    )
    assert result.rows[0].status == "projected"
    assert "needs 8 qubits" in (result.rows[0].failure or "")
    assert "at most 5" in (result.rows[0].failure or "")


def test_frame_and_json_hold_the_same_rows() -> None:
    result = compare("linear-systems", sizes=[2], random_state=0)
    frame = result.to_frame()
    document = json.loads(json.dumps(result.to_json()))
    assert list(frame.columns) == list(document["rows"][0])
    assert frame["solver"].tolist() == [row["solver"] for row in document["rows"]]
    assert "hhl" in repr(result)


def test_progress_is_told_every_step() -> None:
    calls: list[tuple[int, int, str]] = []
    compare("linear-systems", sizes=[4], progress=lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == [0, 1, 2, 3, 4]
    assert {total for _, total, _ in calls} == {4}


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (
            {"task": "tea"},
            UnknownNameError,
            "unknown task 'tea'; known: fourier, generative, ground-state, linear-systems",
        ),
        (
            {"family": "x"},
            UnknownNameError,
            "known: dirichlet, general, neumann, periodic, poisson, poisson2d, spd",
        ),
        (
            {"solvers": ["x"]},
            UnknownNameError,
            "known: cg, chebyshev, dequantised, direct, fft, gmres, hhl",
        ),
        ({"backend": "x"}, UnknownNameError, "unknown backend 'x'"),
        ({"epsilon": 2.0}, ValueError, "epsilon = 2.0"),
        ({"sizes": [4, 0]}, ValueError, "sizes: 0 given"),
        ({"sizes": []}, ValueError, "nothing to compare"),
        ({"solvers": []}, ValueError, "nothing to compare"),
        ({"shots": 0}, ValueError, "shots = 0"),
        ({"shots": 10**12}, TooLargeError, "at most"),
        ({"random_state": "x"}, ValueError, "random_state = 'x'"),
        (
            {"sizes": (), "problems": {"s": LinearSystem(np.ones((2, 2)), np.array([1, 2]))}},
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
