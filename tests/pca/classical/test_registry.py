"""Classical estimators are interchangeable: one name, the same fitted attributes."""

import numpy as np
import pytest

from qml_algos.pca.classical import CLASSICAL, CLASSICAL_FOR_CIRCUITS, ShadowPCA

ATTRIBUTES = (
    *("components_", "explained_variance_", "explained_variance_ratio_", "singular_values_"),
    *("mean_", "n_components_", "noise_variance_", "n_features_in_"),
)


@pytest.mark.parametrize("name", CLASSICAL)
def test_every_name_gives_the_same_components_of_small_data(name):
    X = np.random.default_rng(0).normal(size=(300, 6)) * [5, 3, 2, 0.1, 0.1, 0.1] + 1
    exact = CLASSICAL["svd"](n_components=3).fit(X)
    # IncrementalPCA forgets a little at every batch; two batches it has here.
    options = {"batch_size": 150} if name == "incremental" else {}
    options |= {"row_samples": 300} if name == "dequantised" else {}
    found = CLASSICAL[name](n_components=3, **options).fit(X)
    for attribute in ATTRIBUTES:
        np.testing.assert_allclose(
            getattr(found, attribute), getattr(exact, attribute), atol=2e-2, err_msg=attribute
        )
    np.testing.assert_allclose(found.transform(X), exact.transform(X), atol=2e-2)
    returned = found.inverse_transform(found.transform(X))
    np.testing.assert_allclose(returned, exact.inverse_transform(exact.transform(X)), atol=2e-2)


def test_shadows_are_for_circuits():
    assert {"shadows": ShadowPCA} == CLASSICAL_FOR_CIRCUITS
