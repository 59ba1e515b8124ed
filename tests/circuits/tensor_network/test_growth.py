"""Growth of networks: to the fidelity, within the limit, and not on where hope is lost."""

import itertools
import math

import numpy as np
import pytest

import circuits.tensor_network.growth as module
from circuits.matrix_product_state import truncate
from circuits.tensor_network.gate_network import staircase
from circuits.tensor_network.growth import grown_network
from circuits.tensor_network.optimisation import with_more_gates
from circuits.tensor_network.prepared import compiler

PAIRS = list(itertools.combinations(range(3), 2))


@pytest.fixture
def rounds(monkeypatch):
    """Count the rounds."""
    seen = []

    def counted(*arguments):
        seen.append(arguments)
        return with_more_gates(*arguments)

    monkeypatch.setattr(module, "with_more_gates", counted)
    return seen


@pytest.fixture(scope="module")
def state():
    generator = np.random.default_rng(1)
    bonds = [min(4, 2 ** min(site, 8 - site)) for site in range(9)]
    return truncate([generator.normal(size=(bonds[i], 2, bonds[i + 1])) for i in range(8)], 4)


def grown(state, fidelity, limit, hopeful):
    start = staircase(truncate(state, 2), 3)
    return grown_network(state, start, fidelity, limit, compiler(None), PAIRS, hopeful=hopeful)


def test_fidelity_is_reached_and_no_more(state):
    network = grown(state, 0.9, math.inf, True)
    assert 0.9 <= network.fidelity < 0.95


def test_growth_that_would_not_reach_the_fidelity_ends_after_a_round(state, rounds):
    short = grown(state, 0.9999, 29, False)
    assert len(rounds) == 1
    better = grown(state, 0.9999, 29, True)
    assert short.fidelity < better.fidelity < 0.9999
    assert better.two_qubit_gates <= 29


def test_start_above_the_limit_is_none(state):
    assert grown(state, 0.9, 3, True) is None
