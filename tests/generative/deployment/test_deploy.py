"""Deployment: samples on every kind of backend, judged; what cannot work is refused before."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from qml_algos.errors import InvalidProblemError, NothingAcceptedError, TooLargeError
from qml_algos.generative import MPSBornMachine
from qml_algos.generative.data.digits import load_binary_digits
from qml_algos.generative.deployment import deploy as module
from qml_algos.generative.deployment.deploy import deploy


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("name", ["aer", "aer_mps", "lightning"])
def test_simulators_draw_samples_of_the_model(machine, name, complex_entries) -> None:
    """The limit of shot noise is exceeded once in 100 seeds, five errors once in a million."""
    sizes, order = (2, 3, 2, 2), (3, 1, 0, 2)
    model = machine(sizes, order=order, bond=2, complex_entries=complex_entries)
    found = deploy(model, name, 2000, fidelity=1.0, random_state=0)
    assert found.samples.shape == (2000, 4)
    assert found.valid_share == 1
    assert found.total_variation < found.shot_noise.limit
    gap = found.cross_entropy.value - found.entropy.value
    assert abs(gap) < 5 * found.cross_entropy.standard_error
    assert found.resources.qubits == 5
    assert found.resources.shots == 2000
    assert found.fidelity == pytest.approx(1, abs=1e-9)


def test_noise_shows_in_every_figure_and_leaves_bit_patterns_that_are_no_categories(
    machine,
) -> None:
    model = machine((3, 2, 3, 2), bond=4)
    found = deploy(model, "heron_r3", 40_000, fidelity=1.0, random_state=0)
    assert 0.5 < found.valid_share < 1
    assert len(found.samples) == round(40_000 * found.valid_share)
    assert np.all(found.samples < model.categories_.sizes)
    assert found.cross_entropy.value > found.entropy.value + 0.05
    assert found.total_variation > found.shot_noise.limit


def test_digits_of_64_pixels_run_as_a_matrix_product_state() -> None:
    """Five errors of a difference: missed once in a million seeds."""
    train, test = load_binary_digits()
    model = MPSBornMachine(2, order="natural", max_sweeps=1).fit(train.X)
    found = deploy(model, "aer_mps", 400, X_test=test.X, random_state=0)
    assert found.resources.qubits == 64
    error = np.hypot(found.cross_entropy.standard_error, found.entropy.standard_error)
    # The fidelity asked for is 0.99, and the nats that the rest may take are few.
    assert abs(found.cross_entropy.value - found.entropy.value) < 5 * error + 0.2
    assert found.total_variation is None
    assert abs(found.test_nll.excess.value) < 0.5
    assert "too many configurations" in str(found)


def test_the_same_seed_gives_the_same_figures(machine) -> None:
    model = machine((2, 2, 3))
    X_test = model.sample(50, random_state=0)
    first, again, other = (
        deploy(model, "aer", 300, X_test=X_test, random_state=seed) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first.samples, again.samples)
    assert first.test_nll == again.test_nll
    assert first.test_nll.exact_samples != other.test_nll.exact_samples


def test_the_pure_part_of_a_smoothed_model_is_compared_and_the_text_says_so(machine) -> None:
    model = machine((2, 2, 3))
    pure = deploy(model, "aer", 300, random_state=0)
    model.smoothing_ = 0.2
    smoothed = deploy(model, "aer", 300, random_state=0)
    assert smoothed.cross_entropy == pure.cross_entropy
    assert smoothed.entropy == pure.entropy
    assert "classical component, of weight 0.2, is not in the circuit" in str(smoothed)
    assert "classical component" not in str(pure)


def test_the_text_has_every_figure_beside_what_it_is_compared_with(machine) -> None:
    model = machine((2, 2, 3))
    found = deploy(model, "aer", 300, X_test=model.sample(50, random_state=0), random_state=0)
    text = str(found)
    for words in (
        "3 variables on 4 qubits of backend 'aer', 300 shots",
        f"{found.resources.two_qubit_gates} two-qubit gates",
        "shots that show categories: 100.00%",
        "cross-entropy under the model",
        "by shot noise alone",
        "by as many exact ones",
        "paired difference",
    ):
        assert words in text
    assert f"test NLL {found.test_nll.device.value:.4f}" in repr(found)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"shots": 0}, ValueError, "shots = 0: must be a positive integer"),
        ({"shots": 1}, InvalidProblemError, "shots = 1: at least 2"),
        ({"shots": 10**9}, TooLargeError, "takes at most"),
        ({"fidelity": 2.0}, InvalidProblemError, "fidelity = 2.0"),
        ({"max_two_qubit_gates": -2}, InvalidProblemError, "max_two_qubit_gates = -2"),
        ({"X_test": [[0, 0, 3], [0, 0, 0]]}, InvalidProblemError, "X_test.*variable 2"),
        ({"X_test": [[0, 0], [1, 1]]}, InvalidProblemError, "X_test has 2 columns"),
        ({"X_test": [[0, 0, 0]]}, InvalidProblemError, "X_test has one row"),
        ({"X_test": [[0, 0, np.nan]] * 2}, InvalidProblemError, "X_test.*NaN"),
        ({"random_state": -1}, ValueError, "random_state = -1"),
        ({"model": MPSBornMachine()}, NotFittedError, "not fitted"),
        ({"model": "mps"}, TypeError, "model: str given"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_run(
    machine, monkeypatch, changed, error, message
) -> None:
    monkeypatch.setattr(module, "execute", lambda *_: pytest.fail("it is run"))
    arguments = {"model": machine((2, 2, 3)), "backend": "aer", "shots": 100} | changed
    with pytest.raises(error, match=message):
        deploy(**arguments)


def test_a_backend_that_is_too_small_is_named(machine, monkeypatch) -> None:
    monkeypatch.setattr(module, "execute", lambda *_: pytest.fail("it is run"))
    with pytest.raises(TooLargeError, match=r"needs 31 qubits.*'heron_r3' takes at most 30"):
        deploy(machine((2,) * 31, bond=1), "heron_r3", 100)


def test_shots_of_which_none_shows_categories_are_no_samples(machine, monkeypatch) -> None:
    run = module.execute

    def all_ones(*arguments):
        executed = run(*arguments)
        executed.outcomes[0]["meas"][:] = True
        return executed

    monkeypatch.setattr(module, "execute", all_ones)
    with pytest.raises(NothingAcceptedError, match="of 50 shots on backend 'aer' 0 show"):
        deploy(machine((3, 2)), "aer", 50, random_state=0)
