"""Generators of labelled data: what their papers say of them, and scikit-learn's contract."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn.svm import SVC

from circuits.feature_maps import ZZMap
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.data import (
    make_ad_hoc,
    make_bars_and_stripes,
    make_hidden_manifold,
    make_hyperplanes,
    make_linearly_separable,
    make_two_curves,
)

GENERATORS = [
    make_ad_hoc,
    make_bars_and_stripes,
    make_hidden_manifold,
    make_hyperplanes,
    make_linearly_separable,
    make_two_curves,
]


@pytest.mark.parametrize("make", GENERATORS)
def test_classes_are_balanced_and_seeds_repeat_themselves(make) -> None:
    X, y = make(41, random_state=3)
    assert X.shape[0] == 41
    assert X.dtype == np.float64
    assert np.unique(y).tolist() == [-1, 1]
    assert y.sum() == 1
    assert {-2, 2} <= set(np.diff(y))
    again, labels = make(41, random_state=np.random.default_rng(3))
    np.testing.assert_array_equal(again, X)
    np.testing.assert_array_equal(labels, y)
    other, _ = make(41, random_state=np.random.RandomState(3))
    assert not np.array_equal(other, X)


@pytest.mark.parametrize("make", GENERATORS)
def test_bad_arguments_are_named(make) -> None:
    with pytest.raises(
        InvalidProblemError, match="n_samples = 1: must be an integer of at least 2"
    ):
        make(1)
    with pytest.raises(InvalidProblemError, match="random_state = 'x'"):
        make(10, random_state="x")
    with pytest.raises(TooLargeError, match="134,217,728"):
        make(2**40)


@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        (make_ad_hoc, {"n_features": 7}, "n_features = 7: at most 6"),
        (make_ad_hoc, {"n_features": 1}, "n_features = 1: must be an integer of at least 2"),
        (make_ad_hoc, {"gap": 1.0}, "gap = 1.0: must be below 1"),
        (make_ad_hoc, {"gap": -0.1}, "gap = -0.1: must be a finite number at least 0"),
        (make_ad_hoc, {"n_features": 5, "gap": 0.95}, "gap = 0.95 at 5 qubits: .* drawn"),
        (make_bars_and_stripes, {"height": 1}, "height = 1"),
        (make_bars_and_stripes, {"noise": np.nan}, "noise = nan"),
        (make_hidden_manifold, {"manifold_dimension": 0}, "manifold_dimension = 0"),
        (make_hyperplanes, {"n_hyperplanes": 2.5}, "n_hyperplanes = 2.5"),
        (make_linearly_separable, {"margin": 2}, "margin = 2: must be below n_features = 2"),
        (make_linearly_separable, {"n_features": True}, "n_features = True"),
        (make_two_curves, {"degree": 0}, "degree = 0"),
        (make_two_curves, {"offset": "far"}, "offset = 'far'"),
    ],
)
def test_each_option_has_its_range(make, options, message) -> None:
    with pytest.raises((InvalidProblemError, TooLargeError), match=message):
        make(4, random_state=0, **options)


@pytest.mark.parametrize("qubits", [2, 3])
def test_ad_hoc_data_are_told_apart_by_the_zz_kernel(qubits) -> None:
    """An observable of 4^n parameters makes the labels, so the classes are separable exactly."""
    X, y = make_ad_hoc(120, qubits, random_state=1)
    assert X.min() >= 0
    assert X.max() < 2 * np.pi
    gram = FidelityKernel(ZZMap())(X)
    machine = SVC(kernel="precomputed", C=1e6).fit(gram[:, :80][:80], y[:80])
    assert machine.score(gram[:80, :80], y[:80]) == 1
    if qubits == 2:
        assert machine.score(gram[80:, :80], y[80:]) >= 0.9


def test_a_hyperplane_separates_linearly_separable_data_with_its_margin() -> None:
    X, y = make_linearly_separable(200, 10, random_state=0)
    np.testing.assert_array_equal(np.sign(X.sum(axis=1)), y)
    assert 0.2 < np.abs(X.sum(axis=1)).min() < 0.4
    assert np.abs(X).max() <= 1


def test_two_curves_span_what_their_degree_allows() -> None:
    """Two directions for each frequency, and one for the offset."""
    X, _ = make_two_curves(100, 10, degree=2, noise=0, random_state=0)
    assert np.linalg.matrix_rank(X, tol=1e-8) == 5
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X.std(axis=0), 1)
    same, _ = make_two_curves(100, 10, degree=2, noise=0, offset=0, random_state=0)
    assert np.linalg.matrix_rank(same, tol=1e-8) == 4


def test_a_hidden_manifold_has_its_dimension() -> None:
    X, _ = make_hidden_manifold(100, 10, manifold_dimension=3, random_state=0)
    straight = np.arctanh(X)
    assert np.linalg.matrix_rank(straight - straight.mean(axis=0), tol=1e-8) == 3


def test_one_hyperplane_is_linear_and_two_are_not() -> None:
    for planes, separable in ((1, True), (2, False)):
        X, y = make_hyperplanes(200, 6, n_hyperplanes=planes, random_state=2)
        assert np.linalg.matrix_rank(X, tol=1e-8) == 3
        # A plane with y (w . x + b) >= 1 for all: feasible or not.
        sides = -y[:, np.newaxis] * np.column_stack([X, np.ones(len(X))])
        found = linprog(np.zeros(7), sides, -np.ones(len(X)), bounds=(None, None))
        assert found.success == separable


def test_bars_have_equal_columns_and_stripes_equal_rows() -> None:
    X, y = make_bars_and_stripes(60, height=3, width=5, noise=0, random_state=0)
    pictures = X.reshape(60, 3, 5)
    assert np.all(np.abs(pictures) == 1)
    assert np.all(pictures[y == -1] == pictures[y == -1][:, :1, :])
    assert np.all(pictures[y == 1] == pictures[y == 1][:, :, :1])
    noisy, _ = make_bars_and_stripes(4000, noise=0.5, random_state=0)
    # 64,000 normal deviates: the estimate is off by 5 % with a probability below 1e-60.
    assert abs(np.std(np.abs(noisy)[np.abs(noisy) > 1] - 1, mean=0) / 0.5 - 1) < 0.05
