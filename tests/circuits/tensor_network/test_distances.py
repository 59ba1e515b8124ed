"""Distances of distributions: of the circuit's outcomes, and the sampled ones within errors."""

import math

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

import circuits.tensor_network.distances as module
from circuits.matrix_product_state import mps_vector, truncate
from circuits.tensor_network.distances import distribution_distances
from circuits.tensor_network.preparation import prepare_mps


@pytest.fixture(scope="module")
def tensors():
    generator = np.random.default_rng(3)
    bonds = [1, 2, 4, 4, 4, 2, 1]
    shapes = [(bonds[site], 2, bonds[site + 1]) for site in range(6)]
    return truncate([generator.normal(size=shape) for shape in shapes], 4)


@pytest.fixture(scope="module")
def prepared(tensors):
    return prepare_mps(tensors, fidelity=0.9)


def test_listed_outcomes_are_those_of_the_circuit(tensors, prepared):
    p = np.abs(mps_vector(tensors)) ** 2
    q = Statevector(prepared.circuit).probabilities()
    found = distribution_distances(prepared, [3.0 * tensor for tensor in tensors])
    assert found.kl_divergence == pytest.approx(np.sum(p * np.log(p / q)), rel=1e-9)
    assert found.total_variation == pytest.approx(np.abs(p - q).sum() / 2, rel=1e-9)
    assert found.total_variation > 0.05
    assert (found.kl_error, found.total_variation_error, found.samples) == (0.0, 0.0, None)


def test_samples_agree_with_the_list_within_their_errors(tensors, prepared, monkeypatch):
    exact = distribution_distances(prepared, tensors)
    monkeypatch.setattr(module, "LARGEST_ENUMERATED", 5)
    sampled = distribution_distances(prepared, tensors, samples=20_000)
    # Four standard errors: each fails with probability 6e-5 over seeds.
    for name in ("kl", "total_variation"):
        value = "kl_divergence" if name == "kl" else name
        error = getattr(sampled, f"{name}_error")
        assert 0 < error < 0.02
        assert abs(getattr(sampled, value) - getattr(exact, value)) < 4 * error
    assert sampled.samples == 20_000


@pytest.mark.parametrize("largest", [1, 20])
def test_outcome_that_is_not_prepared_makes_the_divergence_infinite(largest, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_ENUMERATED", largest)
    zero, plus = np.array([1.0, 0.0]), np.ones(2)
    prepared = prepare_mps([zero.reshape(1, 2, 1)] * 2)
    found = distribution_distances(prepared, [plus.reshape(1, 2, 1)] * 2, samples=100)
    assert math.isinf(found.kl_divergence)
    # Of 100 samples, 25 are expected where both agree, with a standard deviation of 4.3.
    assert found.total_variation == pytest.approx(0.75, abs=0.2)


def test_state_prepared_exactly_is_at_no_distance(tensors):
    found = distribution_distances(prepare_mps(tensors), tensors)
    assert found.kl_divergence == pytest.approx(0, abs=1e-9)
    assert found.total_variation == pytest.approx(0, abs=1e-9)


def test_bad_arguments_are_named(tensors, prepared):
    with pytest.raises(ValueError, match="tensors has 5 sites"):
        distribution_distances(prepared, tensors[:5])
    with pytest.raises(ValueError, match="samples is 1"):
        distribution_distances(prepared, tensors, samples=1)
