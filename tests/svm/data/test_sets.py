"""Data sets of scikit-learn, and families by size."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.svm.data import DATASETS, FAMILIES, draw_labelled, load


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("iris", (150, 4), 3),
        ("wine", (178, 13), 3),
        ("breast_cancer", (569, 30), 2),
        ("digits", (1797, 64), 10),
    ],
)
def test_sets_are_loaded_by_name(name, shape, classes) -> None:
    data = load(name)
    assert (data.samples, data.features) == data.X.shape == shape
    assert len(data.feature_names) == shape[1]
    assert len(data.target_names) == classes
    assert np.unique(data.y).tolist() == list(range(classes))


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="known: breast-cancer, digits, iris, wine"):
        load("mnist")


@pytest.mark.parametrize("name", [*FAMILIES, *DATASETS])
def test_a_family_has_the_features_and_samples_asked_for(name) -> None:
    data = draw_labelled(name, 4, np.random.default_rng(0), samples=60)
    assert data.X.shape == (60, 4)
    assert len(data.feature_names) == 4
    assert len(data.target_names) == len(np.unique(data.y))
    again = draw_labelled(name, 4, np.random.default_rng(0), samples=60)
    np.testing.assert_array_equal(again.X, data.X)


def test_a_set_is_cut_to_its_principal_components_with_the_shares_of_its_classes() -> None:
    data = draw_labelled("breast-cancer", 2, np.random.default_rng(0), samples=100)
    assert np.bincount(data.y).tolist() == [37, 63]
    whole = draw_labelled("iris", 4, np.random.default_rng(0), samples=1000)
    assert whole.samples == 150
    variances = whole.X.var(axis=0)
    assert np.all(np.diff(variances) < 0)
    np.testing.assert_allclose(variances.sum(), 4)


def test_a_part_keeps_the_shares_of_the_classes() -> None:
    data = load("wine")
    part = data.part(50, seed=1)
    assert np.bincount(part.y).tolist() == [17, 20, 13]
    assert part.feature_names == data.feature_names
    np.testing.assert_array_equal(data.part(50, seed=1).X, part.X)
    assert data.part(176, seed=1) is data
    with pytest.raises(InvalidProblemError, match="samples = 2: must be an integer of at least 3"):
        data.part(2, seed=1)


def test_sizes_out_of_range_are_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InvalidProblemError, match="features = 5: iris has 4"):
        draw_labelled("iris", 5, rng)
    with pytest.raises(InvalidProblemError, match=r"features = 7: .* height \* width"):
        draw_labelled("bars-and-stripes", 7, rng)
    with pytest.raises(InvalidProblemError, match="features = 0"):
        draw_labelled("two-curves", 0, rng)
    with pytest.raises(InvalidProblemError, match="samples = 9: must be an integer of at least 10"):
        draw_labelled("digits", 2, rng, samples=9)
    with pytest.raises(UnknownNameError, match="hidden-manifold"):
        draw_labelled("magic", 2, rng)
