from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians.onsager import ONSAGER_TEMPERATURE
from qml_algos.physics.ising import IsingConfigurations
from qml_algos.physics.phases import SpinAugmenter, SpinNetworkClassifier
from qml_algos.physics.phases.training import Networks, _gradients, fresh


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_is_a_classifier_of_scikit_learn() -> None:
    check_estimator(SpinNetworkClassifier(epochs=20))


def test_gradients_are_those_of_the_mean_log_loss() -> None:
    generator = np.random.default_rng(0)
    start = fresh(5, 2, 3, generator)
    networks = Networks(*(array.astype(float) for array in start.arrays))  # type: ignore[arg-type]
    X, targets = generator.normal(size=(7, 5)), generator.integers(2, size=(7, 2)).astype(float)

    def loss() -> float:
        z = networks.logits(X)  # type: ignore[arg-type]
        weights = np.sum(networks.inner**2) + np.sum(networks.outer**2)
        terms = np.logaddexp(0, z) - targets * z
        return float(terms.mean(axis=0).sum() + 0.05 * weights)

    found = _gradients(networks, X, targets, 0.1)  # type: ignore[arg-type]
    for array, gradient in zip(networks.arrays, found, strict=True):
        for place in list(np.ndindex(array.shape))[:6]:
            array[place] += 1e-6
            above = loss()
            array[place] -= 2e-6
            assert (above - loss()) / 2e-6 == pytest.approx(gradient[place], abs=1e-6)
            array[place] += 1e-6


def test_labellings_are_learnt_apart(ising: IsingConfigurations) -> None:
    up = (ising.bits.mean(axis=1) < 0.5).astype(int)
    first = ising.bits[:, 0].astype(int)
    model = SpinNetworkClassifier(networks=2, epochs=30, random_state=0)
    fitted = model.fit_labellings(ising.bits[::2], np.column_stack([up, 1 - up, first])[::2])
    assert not hasattr(model, "networks_")
    assert np.mean(fitted[0].predict(ising.bits) == up) > 0.95
    assert np.mean(fitted[1].predict(ising.bits) == up) < 0.05
    assert np.mean(fitted[2].predict(ising.bits) == first) > 0.9


def test_bits_and_spins_give_the_same_answers(ising: IsingConfigurations) -> None:
    bits, y = ising.bits[::40], ising.temperatures[::40] > ONSAGER_TEMPERATURE
    model = SpinNetworkClassifier(4, networks=1, epochs=3, random_state=0)
    of_bits = clone(model).fit(bits, y).predict_proba(bits)
    of_spins = clone(model).fit(1 - 2 * bits, y).predict_proba(1 - 2 * bits)
    assert np.array_equal(of_bits, of_spins)


def test_progress_counts_epochs() -> None:
    told: list[tuple[int, int]] = []
    model = SpinNetworkClassifier(epochs=3, random_state=0)
    model.fit(np.eye(4), [0, 0, 1, 1], progress=lambda *a: told.append(a))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    "parameters",
    [
        {"hidden": 0},
        {"networks": 1.5},
        {"epochs": 0},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"penalty": -1},
        {"augmenter": "translations"},
        {"augmenter": SpinAugmenter((3, 3))},
    ],
)
def test_bad_parameters_are_refused_by_name(parameters: dict[str, Any]) -> None:
    name = (
        "shape"
        if isinstance(parameters.get("augmenter"), SpinAugmenter)
        else next(iter(parameters))
    )
    with pytest.raises(InvalidProblemError, match=name):
        SpinNetworkClassifier(**parameters).fit(np.eye(4), [0, 0, 1, 1])


def test_one_class_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="one class only"):
        SpinNetworkClassifier().fit(np.eye(4), [1, 1, 1, 1])
