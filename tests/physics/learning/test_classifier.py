"""MPSClassifier as a classifier of scikit-learn, and as a quantum state."""

import warnings
from itertools import product

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps_born_machine import MPSBornMachine
from qml_algos.physics.learning import MPSClassifier, stacked_cores


def parity(bits: int) -> tuple[np.ndarray, np.ndarray]:
    X = np.array(list(product([0, 1], repeat=bits)))
    return X, X.sum(axis=1) % 2


def dense(model: MPSClassifier, X: np.ndarray) -> np.ndarray:
    """Outputs by the full weight vectors."""
    weights = model.cores_[0][0]
    for core in model.cores_[1:]:
        weights = np.moveaxis(np.tensordot(weights, core, (-2, 0)), -3, -1)
    scaled = (X - model.minimum_) / (model.maximum_ - model.minimum_)
    found = []
    for row in model.angle * scaled:
        value = weights[..., 0, :]
        for angle in row:
            value = np.tensordot([np.cos(angle), np.sin(angle)], value, 1)
        found.append(value)
    return np.array(found)


def test_the_checks_of_scikit_learn_pass() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(MPSClassifier(4))


def test_digits_are_told_apart_better_than_97_percent() -> None:
    X, y = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7, stratify=y)
    model = MPSClassifier(10).fit(train, y_train)
    assert max(core.shape[0] for core in model.cores_) == 10
    assert model.score(test, y_test) > 0.97


def test_parity_is_learnt_with_bonds_of_two() -> None:
    X, y = parity(8)
    model = MPSClassifier(2, angle=np.pi / 2, regularisation=1e-9, sweeps=4).fit(X, y)
    assert model.score(X, y) == 1


def test_outputs_are_those_of_the_full_weight_vector() -> None:
    generator = np.random.default_rng(0)
    X, y = generator.random((60, 5)), generator.integers(0, 3, 60)
    model = MPSClassifier(3, sweeps=2).fit(X, y)
    np.testing.assert_allclose(model.decision_function(X), dense(model, X), atol=1e-12)


def test_with_all_directions_kept_the_fit_is_ridge_regression() -> None:
    generator = np.random.default_rng(1)
    X, y = generator.random((80, 4)), generator.integers(0, 2, 80)
    model = MPSClassifier(16, regularisation=1e-12, sweeps=3).fit(X, y)
    angles = model.angle * (X - model.minimum_) / (model.maximum_ - model.minimum_)
    design = np.ones((80, 1))
    for angle in angles.T:
        design = np.einsum("ni,ns->nis", design, np.stack([np.cos(angle), np.sin(angle)], 1))
        design = design.reshape(80, -1)
    residual = np.eye(2)[y] - design @ np.linalg.lstsq(design, np.eye(2)[y], rcond=None)[0]
    assert model.losses_[-1] == pytest.approx(np.mean(residual**2), rel=1e-3)


def test_the_entropies_are_those_of_the_state_of_all_classes() -> None:
    X, y = parity(6)
    model = MPSClassifier(2, angle=np.pi / 2, regularisation=1e-9, sweeps=4).fit(X, y)
    # Each class is an equal sum of two states on either side of any cut.
    np.testing.assert_allclose(model.entanglement_entropies(), 1, atol=1e-6)


def test_the_state_of_a_class_draws_members_of_it() -> None:
    X, y = parity(6)
    model = MPSClassifier(2, angle=np.pi / 2, regularisation=1e-9, sweeps=4).fit(X, y)
    drawn = model.class_state(1).draw(200, np.random.default_rng(0))
    assert np.all(drawn.sum(axis=1) % 2 == 1)
    with pytest.raises(InvalidProblemError, match="label = 7"):
        model.class_state(7)


def test_born_machines_of_the_classes_are_a_classifier_to_start_from() -> None:
    X, y = parity(6)
    machines = [
        MPSBornMachine(4, order="natural", learning_rate=0.1, max_sweeps=30, random_state=0)
        .fit(X[y == label])
        .cores_
        for label in range(2)
    ]
    cores = stacked_cores(machines, 8)
    for label, machine in enumerate(machines):
        row = X[y == label][3]
        value, alone = cores[0][0, row[0], :, label], machine[0][0, row[0]]
        for core, own, bit in zip(cores[1:], machine[1:], row[1:], strict=True):
            value, alone = value @ core[:, bit], alone @ own[:, bit]
        assert abs(value[0]) == pytest.approx(abs(alone[0]) / np.sqrt(2), abs=1e-9)
    start = [cores[0][..., 0], *cores[1:]]
    model = MPSClassifier(8, angle=np.pi / 2, regularisation=1e-9, start=start).fit(X, y)
    assert model.score(X, y) == 1


def test_a_constant_feature_and_values_beyond_those_seen_are_taken() -> None:
    X = np.array([[0.0, 5.0], [1.0, 5.0], [0.1, 5.0], [0.9, 5.0]])
    model = MPSClassifier(2).fit(X, ["a", "b", "a", "b"])
    assert model.predict([[-9.0, 7.0], [9.0, 5.0]]).tolist() == ["a", "b"]


def test_fits_repeat_themselves_and_report_progress() -> None:
    X, y = parity(4)
    reports = []
    model = MPSClassifier(2, sweeps=2).fit(X, y, progress=lambda *counts: reports.append(counts))
    again = clone(model).fit(X, y)
    np.testing.assert_array_equal(model.decision_function(X), again.decision_function(X))
    assert reports == [(k, 12) for k in range(1, 13)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bond_dimension": 0}, "bond_dimension"),
        ({"sweeps": 1.5}, "sweeps"),
        ({"angle": 0}, "angle"),
        ({"regularisation": 0}, "regularisation"),
        ({"start": [np.ones((1, 2, 1))]}, "start"),
    ],
)
def test_bad_parameters_are_refused(changes: dict, message: str) -> None:
    X, y = parity(3)
    with pytest.raises(InvalidProblemError, match=message):
        MPSClassifier(**changes).fit(X, y)


def test_machines_that_do_not_fit_together_are_refused() -> None:
    one, other = np.ones((1, 2, 1)), np.ones((1, 3, 1))
    with pytest.raises(InvalidProblemError, match="same number"):
        stacked_cores([[one], [one, one]], 2)
    with pytest.raises(InvalidProblemError, match="binary"):
        stacked_cores([[one], [other]], 2)
    with pytest.raises(InvalidProblemError, match="real"):
        stacked_cores([[one], [one * 1j]], 2)
    with pytest.raises(InvalidProblemError, match="one class only"):
        MPSClassifier().fit([[0.0], [1.0]], [1, 1])
