"""Arguments of solve and what it says of wrong ones; the solution as a value."""

import numpy as np
import pytest
import scipy.sparse as sp

from qml_algos.errors import ConfigError, InvalidProblemError, QmlAlgosError, UnknownNameError
from qml_algos.linear_systems import (
    HHL,
    SOLVERS,
    ConjugateGradient,
    Direct,
    LinearSystem,
    solve,
    solver_named,
)

PROBLEM = LinearSystem([[2.0, 1.0], [1.0, 3.0]], [1.0, -1.0])
X = np.linalg.solve(PROBLEM.A, PROBLEM.b)
SOLVER_INSTANCES = [HHL(0.1), Direct(), ConjugateGradient()]


@pytest.mark.parametrize("name", ["nonesuch", "AER", "aer ", "../aer"])
def test_unknown_backend_is_refused_with_the_known_ones(name):
    with pytest.raises(UnknownNameError, match=r"backend.*aer, aer_mps, aer_shots,.* heron_r3"):
        solve(PROBLEM, HHL(0.1), name)


@pytest.mark.parametrize("backend", [42, ["aer"], object()])
def test_backend_of_a_wrong_type_is_refused_by_name(backend):
    with pytest.raises((TypeError, QmlAlgosError), match="backend"):
        solve(PROBLEM, HHL(0.1), backend)


def test_empty_backend_name_is_refused():
    with pytest.raises(QmlAlgosError, match="backend"):
        solve(PROBLEM, HHL(0.1), "")


def test_missing_backend_file_is_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match="absent"):
        solve(PROBLEM, HHL(0.1), tmp_path / "absent.toml")


def test_unknown_solver_is_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"solver 'lu'.*cg, .*direct, .*hhl, .*qsvt"):
        solver_named("lu")


def test_solvers_are_found_by_their_names():
    assert {"hhl", "qsvt", "spectral", "variational", "direct", "cg", "fft"} <= set(SOLVERS)
    for name in SOLVERS:
        assert solver_named(name).name == name


@pytest.mark.parametrize("problem", [None, PROBLEM.A, (PROBLEM.A, PROBLEM.b), "A"])
def test_problem_of_a_wrong_type_is_a_type_error(problem):
    with pytest.raises(TypeError, match="problem"):
        solve(problem, Direct())


@pytest.mark.parametrize("solver", [None, "hhl", HHL, object()])
def test_solver_of_a_wrong_type_is_a_type_error(solver):
    with pytest.raises(TypeError, match="solver"):
        solve(PROBLEM, solver)


@pytest.mark.parametrize("solver", SOLVER_INSTANCES, ids=lambda s: s.name)
@pytest.mark.parametrize("bad", [np.eye(3), np.ones(3), 1.0, np.ones((2, 1)), sp.eye_array(3)])
def test_observable_of_wrong_shape_is_refused_by_name(solver, bad):
    with pytest.raises(InvalidProblemError, match=r"observable 'flux' has shape .*\(2, 2\)"):
        solve(PROBLEM, solver, observables={"flux": bad})


@pytest.mark.parametrize("scale", [1, 1e-9, 1e9])
@pytest.mark.parametrize("bad", [[[0, 1], [0, 0]], [[1j, 0], [0, 1]], [[1, 1j], [1j, 1]]])
def test_observable_that_is_not_hermitian_is_refused_at_any_scale(bad, scale):
    with pytest.raises(InvalidProblemError, match="observable 'flux' is not Hermitian"):
        solve(PROBLEM, HHL(0.1), observables={"flux": scale * np.array(bad)})


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_observable_that_is_not_finite_is_refused(bad):
    with pytest.raises(InvalidProblemError, match="observable 'flux' contains NaN or infinity"):
        solve(PROBLEM, HHL(0.1), observables={"flux": [[1, bad], [bad, 1]]})


@pytest.mark.parametrize("bad", [[["a", "b"], ["c", "d"]], np.eye(2, dtype=object)])
def test_observable_that_is_no_numbers_is_refused(bad):
    with pytest.raises(InvalidProblemError, match="observable 'flux'"):
        solve(PROBLEM, HHL(0.1), observables={"flux": bad})


def test_rounding_does_not_make_an_observable_non_hermitian():
    basis, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(2, 2)))
    matrix = basis @ np.diag([1e3, -2.0]) @ basis.T
    found = solve(PROBLEM, HHL(0.1), observables={"m": matrix})
    assert found.observables["m"].value == pytest.approx(np.vdot(found.x, matrix @ found.x).real)


def test_callers_observables_and_reference_are_not_changed():
    matrix, reference = np.diag([1.0, 2.0]), X.copy()
    for solver in SOLVER_INSTANCES:
        solve(PROBLEM, solver, observables={"m": matrix}, reference=reference)
    np.testing.assert_array_equal(matrix, np.diag([1.0, 2.0]))
    np.testing.assert_array_equal(reference, X)


@pytest.mark.parametrize("solver", SOLVER_INSTANCES, ids=lambda s: s.name)
@pytest.mark.parametrize("bad", [np.ones(3), np.ones((2, 1)), 1.0, []])
def test_reference_of_wrong_shape_is_refused(solver, bad):
    with pytest.raises(InvalidProblemError, match=r"reference has shape .*\(2,\)"):
        solve(PROBLEM, solver, reference=bad)


@pytest.mark.parametrize("bad", [[0, 0], [np.nan, 1], [np.inf, 1], ["a", "b"]])
def test_reference_that_is_zero_or_not_finite_is_refused(bad):
    with pytest.raises(InvalidProblemError, match="reference"):
        solve(PROBLEM, Direct(), reference=bad)


def test_error_counts_direction_sign_and_phase_but_not_the_norm():
    solution = solve(PROBLEM, Direct())
    assert solution.error is None
    assert solution.error_against(X) < 1e-15
    assert solution.error_against(1e6 * X) < 1e-15
    assert solution.error_against(-X) == pytest.approx(2)
    assert solution.error_against(1j * X) == pytest.approx(np.sqrt(2))
    orthogonal = np.array([-X[1], X[0]])
    assert solution.error_against(orthogonal) == pytest.approx(np.sqrt(2))


def test_error_is_computed_against_the_reference_given():
    assert solve(PROBLEM, Direct(), reference=-X).error == pytest.approx(2)


def test_error_without_signs_compares_absolute_values():
    solution = solve(PROBLEM, HHL(1e-3), "aer_shots", shots=100_000, random_state=0)
    assert solution.error_against(X) == pytest.approx(solution.error_against(np.abs(X)))
    assert solution.error_against(X) < 0.05


def test_norm_is_euclidean():
    solution = solve(PROBLEM, Direct())
    assert solution.norm == pytest.approx(np.linalg.norm(X))


def test_repr_of_an_exact_solution_is_one_short_line():
    text = repr(solve(PROBLEM, HHL(1e-2), reference=X))
    assert text.startswith("Solution(hhl: 2 unknowns, norm ")
    for words in ("residual", "error", "success probability", "two-qubit gates"):
        assert words in text
    assert "\n" not in text
    assert len(text) < 160


def test_repr_of_a_classical_solution_leaves_out_what_does_not_apply():
    text = repr(solve(PROBLEM, Direct()))
    assert text.startswith("Solution(direct: 2 unknowns, norm 1, residual ")
    assert "gates" not in text
    assert "probability" not in text
    assert "error" not in text
    assert len(text) < 100


def test_repr_from_shots_says_that_signs_are_not_known():
    text = repr(solve(PROBLEM, HHL(0.1), "aer_shots", shots=100, random_state=0))
    assert "absolute values only" in text
    assert "residual" not in text


def test_repr_of_a_large_solution_stays_short():
    size = 10_000
    solution = solve(LinearSystem(sp.eye_array(size), np.ones(size)), Direct())
    assert len(repr(solution)) < 100
