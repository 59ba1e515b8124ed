"""Exact probabilities of IQP circuits and their derivatives, against Qiskit and differences."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from circuits.iqp import iqp_circuit
from qml_algos.generative.iqp.statevector import loss_and_gradient, probabilities
from qml_algos.generative.iqp.words import local_words, masks_of
from qml_algos.generative.objectives import discrepancy_objective, likelihood_objective

WORDS = local_words(5, 3, None)


def angles(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=0.5, size=len(WORDS))


def test_probabilities_are_those_of_the_circuit() -> None:
    state = Statevector(iqp_circuit(5, masks_of(WORDS), angles()))
    np.testing.assert_allclose(probabilities(WORDS, angles()), state.probabilities(), atol=1e-12)


@pytest.mark.parametrize("kind", ["likelihood", "mmd"])
def test_gradients_are_differences(kind: str) -> None:
    q = np.random.default_rng(1).dirichlet(np.ones(32))
    objective = likelihood_objective(q) if kind == "likelihood" else discrepancy_objective(q, (1,))
    _, gradient = loss_and_gradient(WORDS, angles(), objective)
    for place in (0, 7, 20):
        step = 1e-5 * np.eye(len(WORDS))[place]
        above, below = (
            loss_and_gradient(WORDS, angles() + sign * step, objective)[0] for sign in (1, -1)
        )
        assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-5, abs=1e-9)
