"""The circuit Born machine: what it learns, from where, and what it is to scikit-learn."""

import pickle
import warnings

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from scipy.stats import chisquare
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.circuit_born_machine import CircuitBornMachine
from qml_algos.generative.data import all_configurations, make_bars_and_stripes
from qml_algos.generative.metrics import mmd_squared_exact
from qml_algos.generative.mps_born_machine import MPSBornMachine

BARS = make_bars_and_stripes(2, 2).X


def shares(X: np.ndarray) -> np.ndarray:
    numbers = X @ (1 << np.arange(X.shape[1]))
    return np.bincount(numbers, minlength=2 ** X.shape[1]) / len(X)


@pytest.fixture(scope="module")
def from_mps() -> CircuitBornMachine:
    start = MPSBornMachine(4, learning_rate=0.1, max_sweeps=10)
    model = CircuitBornMachine(start=start, start_rounds=2, layers=1, max_steps=30, random_state=0)
    return model.fit(BARS)


def test_a_trained_tensor_network_is_the_better_start(from_mps: CircuitBornMachine) -> None:
    """The same circuit, loss and number of steps."""
    random = CircuitBornMachine(from_mps.ansatz_, max_steps=30, random_state=0).fit(BARS)
    assert random.ansatz_ is from_mps.ansatz_
    assert from_mps.monitored_losses_[0] < random.monitored_losses_[0] - 2
    assert from_mps.score(BARS) > random.score(BARS) + 0.3


def test_training_gains_on_the_start(from_mps: CircuitBornMachine) -> None:
    assert -from_mps.score(BARS) == pytest.approx(from_mps.monitored_losses_.min(), abs=1e-6)
    assert from_mps.monitored_losses_.min() < from_mps.monitored_losses_[0]
    assert len(from_mps.losses_) == 30


@pytest.mark.parametrize("ansatz", ["brick-wall", "staircase", "hardware-efficient"])
@pytest.mark.parametrize("loss", ["likelihood", "mmd"])
def test_every_loss_falls_on_every_ansatz(ansatz: str, loss: str) -> None:
    model = CircuitBornMachine(
        ansatz, loss=loss, learning_rate=0.1, max_steps=20, random_state=1
    ).fit(BARS)
    assert model.monitored_losses_.min() < 0.6 * model.monitored_losses_[0]


def test_the_discrepancy_is_the_metric() -> None:
    model = CircuitBornMachine(loss="mmd", bandwidth=0.8, max_steps=5, random_state=0).fit(BARS)
    found = mmd_squared_exact(model.probabilities(), shares(BARS), [2] * 4, 0.8)
    assert model.monitored_losses_.min() == pytest.approx(found, rel=1e-9)


def test_probabilities_add_up_and_scores_are_their_logarithms(
    from_mps: CircuitBornMachine,
) -> None:
    chances = from_mps.probabilities()
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    scores = from_mps.score_samples(all_configurations([2] * 4))
    np.testing.assert_allclose(np.exp(scores), chances, atol=1e-14)


@pytest.mark.parametrize("backend", [None, "aer"])
def test_samples_follow_the_probabilities(
    from_mps: CircuitBornMachine, backend: str | None
) -> None:
    """Chi-square at a level of 1e-4 for each."""
    drawn = from_mps.sample(4000, random_state=1, backend=backend)
    expected, observed = 4000 * from_mps.probabilities(), 4000 * shares(drawn)
    rare = expected < 5
    observed = [*observed[~rare], observed[rare].sum()]
    assert chisquare(observed, [*expected[~rare], expected[rare].sum()]).pvalue > 1e-4


def test_the_order_of_the_start_does_not_show() -> None:
    X = np.zeros((40, 4), dtype=int)
    X[:, 2] = 1
    X[::5, 0] = 1
    start = MPSBornMachine(2, order=[3, 0, 2, 1], max_sweeps=2)
    model = CircuitBornMachine(start=start, layers=1, max_steps=1, random_state=0).fit(X)
    means = model.sample(400, random_state=2).mean(axis=0)
    # Five standard deviations of 400 bits are at most 0.125.
    np.testing.assert_allclose(means, [0.2, 0, 1, 0], atol=0.125)


def test_a_fitted_start_is_taken_as_it_is_if_frozen() -> None:
    start = MPSBornMachine(4, max_sweeps=2, order="natural").fit(BARS)
    model = CircuitBornMachine(start=FrozenEstimator(start), layers=1, max_steps=1).fit(BARS)
    np.testing.assert_array_equal(model.start_.cores_[0], start.cores_[0])
    assert not hasattr(clone(CircuitBornMachine(start=start)).start, "cores_")


def test_weights_and_validation_samples_count() -> None:
    X, weights = BARS[:6], [3, 0, 1, 0, 2, 1]
    model = CircuitBornMachine(layers=1, max_steps=10, random_state=0)
    weighted = clone(model).fit(X, sample_weight=weights, X_valid=X)
    repeated = clone(model).fit(np.repeat(X, weights, axis=0), X_valid=X)
    np.testing.assert_allclose(weighted.angles_, repeated.angles_, atol=1e-9)


def test_copies_and_seeds_give_the_same(from_mps: CircuitBornMachine) -> None:
    again = clone(from_mps).fit(BARS)
    for other in (again, pickle.loads(pickle.dumps(from_mps))):
        np.testing.assert_allclose(other.probabilities(), from_mps.probabilities(), atol=1e-12)
        np.testing.assert_array_equal(other.sample(9), from_mps.sample(9))


class BinaryCircuit(CircuitBornMachine):
    """The checks of scikit-learn know of categories, not of binary data."""

    def _table(self, *args, **options):
        return np.minimum(super()._table(*args, **options), 1)


def test_every_check_of_scikit_learn_passes_that_applies() -> None:
    not_discrete = {
        "check_sample_weight_equivalence_on_dense_data": "its data is no table of categories"
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(
            BinaryCircuit(layers=1, max_steps=1, random_state=0),
            expected_failed_checks=not_discrete,
            on_fail="raise",
        )
    assert {r["check_name"] for r in results if r["status"] == "xfail"} == set(not_discrete)


def own(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    for qubit, angle in enumerate(ParameterVector("a", qubits)):
        circuit.rx(angle, qubit)
    return circuit


def test_a_circuit_of_ones_own_is_trained() -> None:
    X = np.array([[0, 1], [0, 1], [0, 1], [1, 1]])
    model = CircuitBornMachine(own(2), learning_rate=0.2, max_steps=60, random_state=0).fit(X)
    np.testing.assert_allclose(model.probabilities(), [0, 0, 0.75, 0.25], atol=0.02)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"layers": 0}, "layers = 0: must be a positive integer"),
        ({"start_rounds": 0}, "start_rounds = 0"),
        ({"max_steps": 0}, "max_steps = 0"),
        ({"learning_rate": None}, "learning_rate = None"),
        ({"bandwidth": -1}, "bandwidth = -1"),
        ({"ansatz": own(2)}, "ansatz has 2 qubits and 2 parameters: 3 qubits are needed"),
        ({"ansatz": QuantumCircuit(3)}, "0 parameters"),
        ({"ansatz": "hardware-efficient", "start": MPSBornMachine()}, "begin as the identity"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        CircuitBornMachine(**parameters).fit([[0, 1, 0], [1, 0, 1]])


def test_what_is_too_large_or_unknown_or_not_binary_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown ansatz 'best'"):
        CircuitBornMachine("best").fit([[0, 1], [1, 0]])
    with pytest.raises(UnknownNameError, match="unknown loss 'best'"):
        CircuitBornMachine(loss="best").fit([[0, 1], [1, 0]])
    with pytest.raises(TooLargeError, match="21 columns: circuits of at most 20 qubits"):
        CircuitBornMachine().fit(np.eye(21, dtype=int))
    with pytest.raises(InvalidProblemError, match="binary data only: variable 1 has 3"):
        CircuitBornMachine().fit([[0, 2], [1, 1]])
