"""Residues labelled by logarithms: the definition, the kernel, and what it achieves."""

import numpy as np
import pytest
from sklearn.svm import SVC

from circuits.feature_maps.discrete_log import DiscreteLogMap
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.svm.data.discrete_log import discrete_logarithm_kernel, make_discrete_logarithm


@pytest.mark.parametrize(("prime", "generator", "start"), [(13, 2, 0), (31, 3, 20), (251, 6, 249)])
def test_labels_say_which_half_the_logarithm_lies_in(prime, generator, start):
    X, y = make_discrete_logarithm(
        prime - 1, prime=prime, generator=generator, start=start, random_state=0
    )
    logarithm = {pow(generator, i, prime): i for i in range(prime - 1)}
    inside = {(start + i) % (prime - 1) for i in range((prime - 3) // 2 + 1)}
    assert sorted(X[:, 0]) == list(range(1, prime))
    for x, label in zip(X[:, 0], y, strict=True):
        assert label == (1 if logarithm[int(x)] in inside else -1)


def test_samples_are_different_residues_half_of_each_class_and_follow_the_seed():
    X, y = make_discrete_logarithm(101, prime=4093, random_state=7)
    assert X.shape == (101, 1)
    assert X.dtype == np.float64
    assert len(np.unique(X)) == 101
    assert np.sum(y == 1) == 51
    again, labels = make_discrete_logarithm(101, prime=4093, random_state=7)
    np.testing.assert_array_equal(again, X)
    np.testing.assert_array_equal(labels, y)
    assert not np.array_equal(make_discrete_logarithm(101, prime=4093, random_state=8)[0], X)


def test_large_primes_need_no_table():
    X, y = make_discrete_logarithm(10, prime=2147483647, start=5, random_state=0)
    assert np.all((X >= 1) & (np.floor(X) == X))
    assert np.sum(y) == 0


@pytest.mark.parametrize(("prime", "k"), [(5, 2), (13, 3), (31, 2), (251, 4)])
def test_kernel_is_the_fidelity_of_the_states(prime, k):
    X = np.arange(1, prime)[:, np.newaxis]
    states = DiscreteLogMap(prime, k=k).states(X)
    kernel = discrete_logarithm_kernel(X, prime=prime, k=k)
    np.testing.assert_allclose(kernel, (states @ states.T) ** 2, atol=1e-12)
    part = discrete_logarithm_kernel(X[:3], X, prime=prime, k=k)
    np.testing.assert_array_equal(part, kernel[:3])


def test_the_circuits_kernel_is_the_analytic_one_and_learns_the_concept():
    prime = 101
    X, y = make_discrete_logarithm(100, prime=prime, random_state=1)
    kernel = FidelityKernel(DiscreteLogMap(prime))(X)
    np.testing.assert_allclose(kernel, discrete_logarithm_kernel(X, prime=prime), atol=1e-12)
    classifier = SVC(kernel="precomputed").fit(kernel[:70, :70], y[:70])
    # Guessing 26 of 30 right or more has a probability of 3e-5.
    assert classifier.score(kernel[70:, :70], y[70:]) > 26 / 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prime": 21}, "prime = 21: 3 divides it"),
        ({"prime": 13.0}, r"prime = 13\.0: an integer is needed"),
        ({"prime": 13, "generator": 5}, "generator = 5: its power 4 is 1"),
        ({"n_samples": 13, "prime": 13}, "n_samples = 13: there are 12 residues"),
        ({"n_samples": 1}, "n_samples = 1"),
        ({"prime": 13, "n_samples": 6, "start": 12}, "start = 12: at most 11"),
        ({"start": -1}, "start = -1"),
        ({"random_state": "x"}, "random_state = 'x'"),
    ],
)
def test_impossible_arguments_are_refused(arguments, message):
    with pytest.raises(InvalidProblemError, match=message):
        make_discrete_logarithm(**arguments)


def test_the_kernel_refuses_what_is_no_residue():
    with pytest.raises(InvalidProblemError, match="whole numbers from 1 to 12"):
        discrete_logarithm_kernel([[1], [13]], prime=13)
    with pytest.raises(InvalidProblemError, match="k = 9"):
        discrete_logarithm_kernel([[1]], prime=13, k=9)
