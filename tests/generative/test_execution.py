"""Circuits of trained models: the densities that they reach, exactly and by samples."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from qml_algos import backend
from qml_algos.errors import TooLargeError
from qml_algos.generative.data.families import draw_problem
from qml_algos.generative.data.problem import DensityProblem
from qml_algos.generative.execution import run_model
from qml_algos.generative.metrics import shot_noise
from qml_algos.generative.registry import RUNNABLE, make_model

PROBLEM = draw_problem("bars-and-stripes", 4, np.random.default_rng(0), samples=120)
EVERY = np.array([[k >> v & 1 for v in range(4)] for k in range(16)])


@cache
def trained(name: str) -> Any:
    model = make_model(name, PROBLEM, bond_dimension=4, random_state=0)
    if name in ("iqp", "circuit"):
        model.set_params(max_steps=20)
    return model.fit(PROBLEM.train.X, X_valid=PROBLEM.valid.X)


@pytest.mark.parametrize("name", RUNNABLE)
def test_an_exact_circuit_has_the_probabilities_of_its_model(name: str) -> None:
    model = trained(name)
    run = run_model(model, (2,) * 4, backend("aer"), shots=None, fidelity=1.0)
    found, expected = np.exp(run.density(EVERY)), np.exp(model.score_samples(EVERY))
    # The compiler leaves out rotations by less than 1e-5.
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert run.fidelity == pytest.approx(1)
    assert run.valid_share == pytest.approx(1)
    assert run.samples is None
    assert run.resources.qubits == 4
    assert run.resources.shots is None


@pytest.mark.parametrize("name", RUNNABLE)
def test_samples_are_those_of_the_model(name: str) -> None:
    """By McDiarmid's bound, the distance is above the limit with a probability of 1e-6 at most."""
    model = trained(name)
    shots = 4000
    run = run_model(
        model, (2,) * 4, backend("aer_shots"), shots=shots, fidelity=1.0, random_state=0
    )
    assert run.samples is not None
    assert run.resources.shots == shots == len(run.samples)
    chances = np.exp(model.score_samples(EVERY))
    shares = np.array([(run.samples == row).all(axis=1).mean() for row in EVERY])
    limit = shot_noise(chances / chances.sum(), shots, 1e-6).limit
    assert np.abs(shares - chances).sum() / 2 < limit
    # The density estimated from samples is one.
    assert np.exp(run.density(EVERY)).sum() == pytest.approx(1)


def test_bit_patterns_of_no_category_are_left_out() -> None:
    rng = np.random.default_rng(0)
    columns = [rng.integers(0, 3, 60), rng.integers(0, 2, 60)]
    X = np.column_stack(columns)
    model = make_model("mps", replace_data(X), bond_dimension=2, random_state=0).fit(X)
    run = run_model(model, (3, 2), backend("aer"), shots=None, fidelity=1.0)
    every = np.array([[a, b] for a in range(3) for b in range(2)])
    np.testing.assert_allclose(
        np.exp(run.density(every)), np.exp(model.score_samples(every)), atol=1e-6
    )
    assert run.valid_share == pytest.approx(1)
    assert run.resources.qubits == 3


def test_distributions_of_large_circuits_are_not_written_down() -> None:
    wide = draw_problem("parity", 21, np.random.default_rng(0), samples=40)
    model = make_model("mps", wide, bond_dimension=1, random_state=0).set_params(order="natural")
    model.fit(wide.train.X)
    with pytest.raises(TooLargeError, match="a circuit of 21 qubits: distributions of at most 20"):
        run_model(model, wide.categories, backend("aer"), shots=None, fidelity=0.5)


def replace_data(X: np.ndarray) -> DensityProblem:
    part = replace(
        PROBLEM.train, X=X, categories=(3, 2), variable_names=("a", "b"), shape=None, labels=None
    )
    return DensityProblem(part, part, part)
