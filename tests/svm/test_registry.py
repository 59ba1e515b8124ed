"""Classifiers by name."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from circuits.feature_maps import ReuploadingMap, ZZMap
from qml_algos.errors import UnknownNameError
from qml_algos.svm.classical import CLASSICAL
from qml_algos.svm.registry import FEATURE_MAPS, METHODS, make_classifier


@pytest.mark.parametrize("name", [*METHODS, "linear-svc"])
def test_all_methods_have_one_interface(name: str) -> None:
    X, y = make_blobs(24, centers=2, random_state=3)
    classifier = make_classifier(name, bandwidth=0.1, random_state=0).fit(X[::2], y[::2])
    assert classifier.score(X, y) > 0.8


@pytest.mark.parametrize("name", FEATURE_MAPS)
def test_every_feature_map_has_a_method(name: str) -> None:
    X, y = make_blobs(12, centers=2, n_features=3, random_state=3)
    method = "trained" if FEATURE_MAPS[name].weights(3) else "fidelity"
    made = make_classifier(method, feature_map=FEATURE_MAPS[name], random_state=0).fit(X, y)
    assert made.kernel_.feature_map == FEATURE_MAPS[name]


def test_options_reach_the_classifier_and_its_kernel() -> None:
    made = make_classifier("fidelity", shots=7, C=3.0, kernel__feature_map__repetitions=1)
    assert made.C == 3.0
    assert made.kernel.shots == 7
    assert made.kernel.feature_map == ZZMap(repetitions=1)
    solver = make_classifier("least-squares", solver="hhl", backend="aer_shots")
    assert (solver.solver, solver.backend, solver.kernel.backend) == ("hhl", *["aer_shots"] * 2)
    trained = make_classifier("trained", feature_map=ReuploadingMap(layers=1))
    assert trained.train_kernel
    assert trained.kernel.feature_map == ReuploadingMap(layers=1)
    assert make_classifier("mlp", random_state=np.random.default_rng(0), n_jobs=2).n_jobs == 2


def test_a_wrong_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"fidelity.*rbf-svc.*trained"):
        make_classifier("magic")
    assert not METHODS.keys() & CLASSICAL.keys()
