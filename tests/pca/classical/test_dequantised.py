"""Sampled rows: components as near as stated, from every form of data, and refusals that help."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.decomposition import PCA
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, UnsuitableSolverError
from qml_algos.linear_systems.classical import SampledEntries, SampledProduct
from qml_algos.pca.classical import DequantisedPCA

ROWS, COLUMNS = 6000, 30


def factors(seed=0, rows=ROWS, columns=COLUMNS):
    generator = np.random.default_rng(seed)
    left = generator.normal(size=(rows, 3)) * [4, 3, 2] + 1
    return left, np.linalg.qr(generator.normal(size=(columns, 3)))[0]


def low_rank_data(noise=0.05):
    left, right = factors()
    generator = np.random.default_rng(1)
    mean = generator.normal(size=COLUMNS)
    return left @ right.T + mean + noise * generator.normal(size=(ROWS, COLUMNS))


def sine(found, exact):
    """Frobenius norm of the sines of the angles between two subspaces."""
    outside = found - found @ exact.T @ exact
    return np.linalg.norm(outside)


def forms():
    left, right = factors()
    X = low_rank_data()
    sparse = sp.csr_array(np.where(np.abs(X) > 1, X, 0))
    return {
        "dense": (X, X),
        "single": (X.astype(np.float32), X),
        "sparse": (sparse, sparse.toarray()),
        "factors": (SampledProduct(left, right), left @ right.T),
        "sampled": (SampledEntries(left @ right.T), left @ right.T),
    }


@pytest.mark.parametrize("form", forms())
def test_every_form_of_data_gives_components_within_epsilon(form):
    """Eigenvalues at five standard errors of at most 10 %: chance 2e-6 each."""
    given, dense = forms()[form]
    exact = PCA(3).fit(dense)
    found = DequantisedPCA(3, epsilon=0.1, random_state=0).fit(given)
    assert found.row_samples_ < ROWS / 2
    assert found.subspace_error_ <= 0.1
    assert sine(found.components_, exact.components_) <= max(4 * found.subspace_error_, 1e-6)
    errors = found.explained_variance_standard_error_
    assert np.all(errors <= 0.1 * found.explained_variance_)
    assert np.all(np.abs(found.explained_variance_ - exact.explained_variance_) <= 5 * errors)
    if form != "sampled":
        np.testing.assert_allclose(found.mean_, exact.mean_, atol=1e-4)


def test_standard_errors_are_those_of_repeated_samples():
    """Mean of 40 x 3 (and 40 x 90) squared deviations in units of the error: 1 within 5 sigma."""
    X = low_rank_data()
    exact = PCA(3).fit(X)
    values, entries, sines = [], [], []
    for seed in range(40):
        found = DequantisedPCA(3, epsilon=0.1, row_samples=800, random_state=seed).fit(X)
        deviation = found.explained_variance_ - exact.explained_variance_
        values.append(deviation / found.explained_variance_standard_error_)
        signs = np.sign(np.sum(found.components_ * exact.components_, axis=1))[:, None]
        deviation = found.components_ * signs - exact.components_
        entries.append(deviation / found.components_standard_error_)
        sines.append(sine(found.components_, exact.components_) / found.subspace_error_)
    assert abs(np.mean(np.square(values)) - 1) <= 5 * np.sqrt(2 / 120)
    # Entries of a component err together: as few as three independent ones each.
    assert abs(np.mean(np.square(entries)) - 1) <= 5 * np.sqrt(2 / 240)
    assert abs(np.mean(np.square(sines)) - 1) <= 0.3


def test_components_are_the_combinations_of_rows_described():
    X = low_rank_data()
    found = DequantisedPCA(3, random_state=0).fit(X)
    combined = found.weights_.T @ (X[found.rows_] - found.mean_)
    np.testing.assert_allclose(combined, found.components_, atol=1e-10)
    np.testing.assert_allclose(found.components_ @ found.components_.T, np.eye(3), atol=1e-10)


def test_taking_all_rows_is_exact():
    X = low_rank_data()[:500]
    exact = PCA(4).fit(X)
    found = DequantisedPCA(4, row_samples=500).fit(X)
    np.testing.assert_allclose(found.explained_variance_, exact.explained_variance_, rtol=1e-10)
    np.testing.assert_allclose(np.abs(found.components_), np.abs(exact.components_), atol=1e-9)
    assert not found.components_standard_error_.any()
    assert found.subspace_error_ == 0


def test_columns_are_sampled_where_both_sides_are_long():
    """The tilt that sampling columns adds is bounded by the residual, not by chance."""
    left, right = factors(rows=2000, columns=600)
    X = left @ right.T + 0.01 * np.random.default_rng(2).normal(size=(2000, 600))
    found = DequantisedPCA(3, epsilon=0.1, row_samples=900, random_state=0).fit(X)
    # Directions of the factors, to within noise: 0.01 sqrt(600) / (2 sqrt(900)) each.
    assert sine(found.components_, right.T) <= 0.02
    combined = found.weights_.T @ (X[found.rows_] - found.mean_)
    np.testing.assert_allclose(combined, found.components_, atol=1e-3)


def test_the_number_of_rows_read_does_not_grow_with_the_data():
    read = {}
    for rows in (10_000, 80_000):
        left, right = factors(rows=rows)
        found = DequantisedPCA(3, random_state=0).fit(SampledProduct(left, right))
        read[rows] = found.row_samples_
    assert read[80_000] <= 1.5 * read[10_000]


def test_a_memory_mapped_file_is_read_in_blocks(tmp_path):
    X = low_rank_data().astype(np.float32)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    kept = DequantisedPCA(3, random_state=0).fit(X)
    np.testing.assert_array_equal(
        DequantisedPCA(3, random_state=0).fit(mapped).components_, kept.components_
    )


def test_data_far_from_the_origin_is_centred():
    X = low_rank_data() + 1e6
    exact = PCA(3).fit(X)
    found = DequantisedPCA(3, epsilon=0.1, random_state=0).fit(X)
    assert found.row_samples_ < ROWS / 2
    assert sine(found.components_, exact.components_) <= 4 * found.subspace_error_


@pytest.mark.parametrize(
    ("X", "options", "message"),
    [
        (np.ones((5, 3)), {}, "rank zero"),
        (sp.csr_array(np.ones((5, 3))), {}, "rank zero"),
        (np.outer(np.arange(5), [1, 2, 3]), {"n_components": 2}, "rank 1"),
        (np.eye(5, 3), {"n_components": 4}, "at most 3"),
        (np.eye(5, 3), {"n_components": 0}, "n_components = 0"),
        (np.eye(5, 3), {"row_samples": 2, "n_components": 2}, "at least 3"),
        (np.eye(5, 3), {"row_samples": -1}, "row_samples = -1"),
        (np.eye(5, 3), {"epsilon": 2.0}, "epsilon = 2.0"),
        (np.array([[1.0, np.nan], [2, 3]]), {}, "NaN"),
        (SampledProduct(np.ones((4, 1)), np.ones((3, 1))), {}, "rank zero"),
        (SampledProduct(1j * np.eye(4), np.eye(4)), {}, "complex"),
    ],
)
def test_bad_input_is_refused_by_name(X, options, message):
    with pytest.raises(ValueError, match=message):
        DequantisedPCA(**options).fit(X)


def test_too_few_rows_are_refused_with_the_number_needed():
    X = low_rank_data()
    with pytest.raises(
        UnsuitableSolverError, match=r"row_samples = 50: .* needs about [\d,]+ rows"
    ):
        DequantisedPCA(3, epsilon=0.02, row_samples=50, random_state=0).fit(X)


def test_a_rank_that_is_not_low_is_refused(monkeypatch):
    """A flat spectrum has no leading components, and no sample finds them."""
    monkeypatch.setattr("qml_algos.pca.classical.dequantised.MAX_ENTRIES", 10**5)
    flat = np.random.default_rng(0).normal(size=(2000, 100))
    with pytest.raises(UnsuitableSolverError, match="the rank is not low enough"):
        DequantisedPCA(3, random_state=0).fit(flat)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_scikit_learn_finds_nothing_to_complain_about():
    failed = {
        result["check_name"]: result["exception"]
        for result in check_estimator(DequantisedPCA(), on_fail=None)
        if result["status"] == "failed"
    }
    assert not failed


def test_a_matrix_that_holds_nan_is_refused_when_its_rows_are_read():
    class Broken(SampledProduct):
        def entries(self, rows, columns):
            return np.full((rows.size, columns.size), np.nan)

    class OnlySampled:
        """Hides that it is a product."""

        def __init__(self, matrix):
            self.shape = matrix.shape
            self.frobenius_norm = matrix.frobenius_norm
            self.sample_rows, self.row_norms = matrix.sample_rows, matrix.row_norms
            self.entries = matrix.entries

    with pytest.raises(InvalidProblemError, match="NaN"):
        DequantisedPCA(3).fit(OnlySampled(Broken(*factors())))
