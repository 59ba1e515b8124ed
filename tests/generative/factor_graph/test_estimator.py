"""The model as a density estimator of scikit-learn."""

import copy
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.factor_graph.estimator import FactorGraphGenerativeModel

# Four variables, and a conditioned qubit for each of three pairs and for all of them.
LINKS = ((0, 1), (0, 2), (1, 2), (0, 1, 2, 3))
GRAPH = tuple((k, 4 + j) for j, members in enumerate(LINKS) for k in members)
STRIPES = np.array(
    [[0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
)


def model(**options: object) -> FactorGraphGenerativeModel:
    defaults = {"conditioned": (4, 5, 6, 7), "random_state": 0, "restarts": 2}
    return FactorGraphGenerativeModel(GRAPH, (0, 1, 2, 3), **(defaults | options))


@pytest.fixture(scope="module")
def trained() -> FactorGraphGenerativeModel:
    return model().fit(STRIPES)


def test_bars_and_stripes_are_learned_to_the_entropy_of_the_data(
    trained: FactorGraphGenerativeModel,
) -> None:
    assert -trained.score(STRIPES) == pytest.approx(np.log(6), abs=1e-4)
    assert trained.losses_.shape == (2,)
    assert trained.losses_[trained.best_restart_] == pytest.approx(-trained.score(STRIPES))
    assert {tuple(x) for x in trained.sample(200, 1)} == {tuple(x) for x in STRIPES}


def test_the_condition_number_keeps_its_bound(trained: FactorGraphGenerativeModel) -> None:
    assert trained.state_.condition_numbers.max() <= 4.0 + 1e-9
    skewed = np.repeat([[0], [1]], [999, 1], axis=0)
    # All that one qubit can do is a filter; the bound is what stops it.
    single = FactorGraphGenerativeModel([(0, 1)], (0,), condition_number=1.5, random_state=0)
    fitted = single.fit(skewed)
    assert fitted.state_.condition_numbers.max() == pytest.approx(1.5)


def test_weights_stand_for_repeated_samples() -> None:
    weighted = model(restarts=1).fit(STRIPES[:3], sample_weight=[3, 1, 0])
    repeated = model(restarts=1).fit(STRIPES[[0, 0, 0, 1]])
    np.testing.assert_allclose(weighted.losses_, repeated.losses_)


def test_validation_data_chooses_the_restart() -> None:
    found = model(restarts=3, max_iterations=40).fit(STRIPES[:4], X_valid=STRIPES[4:])
    alone = model(restarts=3, max_iterations=40).fit(STRIPES[:4])
    np.testing.assert_array_equal(found.losses_, alone.losses_)
    assert found.score(STRIPES[4:]) >= alone.score(STRIPES[4:])


def test_hidden_qubits_are_trained_by_contraction_as_by_statevector() -> None:
    graph = [(0, 3), (1, 3), (1, 4), (2, 4)]
    X = np.array([[0, 0, 0], [1, 1, 1], [1, 1, 0], [0, 0, 1]])
    options = {"restarts": 1, "random_state": 2, "tol": 1e-4}
    fits = [
        FactorGraphGenerativeModel(graph, (0, 1, 2), method=method, **options).fit(X)
        for method in ("statevector", "contraction")
    ]
    assert fits[0].losses_[0] == pytest.approx(fits[1].losses_[0], abs=1e-6)
    assert fits[0].state_.hidden == (3, 4)


def test_marginals_and_conditionals_come_from_the_state(
    trained: FactorGraphGenerativeModel,
) -> None:
    np.testing.assert_allclose(trained.marginal((2,)), [0.5, 0.5], atol=1e-2)
    np.testing.assert_allclose(
        trained.conditional((3, 2), {0: 1, 1: 1}), [[0.5, 0], [0, 0.5]], atol=1e-2
    )
    joint = trained.marginal((0, 3, 1))
    assert joint.shape == (2, 2, 2)
    rows = np.array([[0, 1, k, 1] for k in (0, 1)])
    assert joint[0, 1, 1] == pytest.approx(np.exp(trained.score_samples(rows)).sum())


def test_gaps_are_filled_with_what_goes_with_the_rest(
    trained: FactorGraphGenerativeModel,
) -> None:
    gap = np.nan
    given = np.array([[1, 1, gap, 0], [gap, 0, gap, 1], [0, 1, 0, 1], [gap] * 4] * 50)
    filled = trained.inpaint(given, random_state=0)
    assert {tuple(row) for row in filled} <= {tuple(row) for row in STRIPES}
    np.testing.assert_array_equal(filled[~np.isnan(given)], given[~np.isnan(given)])


def test_without_a_graph_it_is_a_chain_with_hidden_qubits_between() -> None:
    X = np.random.default_rng(0).integers(0, 2, (20, 3))
    found = FactorGraphGenerativeModel(restarts=1, random_state=0, tol=1e-3).fit(X)
    assert found.state_.edges == ((0, 1), (1, 2), (2, 3), (3, 4))
    assert found.state_.visible == (0, 2, 4)
    assert found.state_.hidden == (1, 3)


class Bits(FactorGraphGenerativeModel):
    """The checks of scikit-learn know of categories, not of binary data."""

    def _table(self, *args, **options):
        return np.minimum(super()._table(*args, **options), 1)


def test_every_check_of_scikit_learn_passes_that_applies() -> None:
    not_discrete = {
        "check_sample_weight_equivalence_on_dense_data": "its data is no table of categories"
    }
    model = Bits((), restarts=1, max_iterations=2, tol=0.1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(model, expected_failed_checks=not_discrete, on_fail="raise")
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(not_discrete)


def test_it_is_an_estimator_of_scikit_learn(trained: FactorGraphGenerativeModel) -> None:
    copied = clone(trained)
    assert copied.get_params() == trained.get_params()
    with pytest.raises(NotFittedError):
        copied.score_samples(STRIPES)
    again = copied.fit(STRIPES)
    np.testing.assert_array_equal(again.score_samples(STRIPES), trained.score_samples(STRIPES))
    for restored in (pickle.loads(pickle.dumps(trained)), copy.deepcopy(trained)):
        np.testing.assert_array_equal(restored.sample(5, 0), trained.sample(5, 0))
    assert trained.n_features_in_ == 4


def test_too_few_iterations_are_said() -> None:
    with pytest.warns(ConvergenceWarning, match="max_iterations = 1"):
        model(max_iterations=1, restarts=1).fit(STRIPES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"condition_number": 1.0}, "condition_number"),
        ({"condition_number": np.nan}, "condition_number"),
        ({"restarts": 0}, "restarts"),
        ({"max_iterations": 2.5}, "max_iterations"),
        ({"tol": 0.0}, "tol"),
        ({"condition_number": "4"}, "condition_number"),
        ({"n_qubits": 6}, "from 0 to 5"),
        ({"n_qubits": 8.0}, "n_qubits"),
        ({"conditioned": (0,)}, "both visible and conditioned"),
        ({"graph": [(0, 0)]}, "itself"),
        ({"visible": ()}, "visible is empty"),
        ({"visible": (0, 1, 2)}, r"X has shape \(samples, 4\)"),
        ({"graph": None}, "graph = None"),
        ({"learning_rate": 0.0}, "learning_rate"),
    ],
)
def test_bad_parameters_are_named_before_any_work(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        model().set_params(**options).fit(STRIPES)


def test_bad_data_and_methods_are_named() -> None:
    with pytest.raises(InvalidProblemError, match=r"X\[0, 0\] = 2"):
        model().fit(STRIPES + 2)
    with pytest.raises(InvalidProblemError, match="shape"):
        model().fit(STRIPES[:, :3])
    with pytest.raises(InvalidProblemError, match="NaN"):
        model().fit(np.full((2, 4), np.nan))
    with pytest.raises(UnknownNameError, match="method"):
        model(method="magic").fit(STRIPES)
    with pytest.raises(UnknownNameError, match="preparation"):
        model(preparation="magic").fit(STRIPES)
    with pytest.raises(UnknownNameError, match="nowhere"):
        model(backend="nowhere").fit(STRIPES)
    with pytest.raises(ValueError, match="shots = 0"):
        model(shots=0).fit(STRIPES)
    wide = [(j, i) for i in range(40) for j in range(i)]
    with pytest.raises(TooLargeError, match="treewidth"):
        FactorGraphGenerativeModel(wide, range(40)).fit(np.zeros((2, 40)))
