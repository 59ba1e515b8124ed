"""Costs of graph states with matrices, held against what is counted."""

import numpy as np
import pytest
from cost_checks import check_bound, check_closed_form
from graph_models import RING, TREE, chain, random_matrices

from circuits.costs.graph_state import (
    chain_preparation_bound,
    filtered_graph_state_cost,
    graph_state_cost,
    kernel_frame_bound,
    parent_step_bound,
    path_preparation_bound,
    tree_preparation_cost,
)
from circuits.graph_state.chain import chain_order, chain_preparation
from circuits.graph_state.filters import filtered_graph_state
from circuits.graph_state.graph import graph_state
from circuits.graph_state.ground_path import Stage, path_preparation
from circuits.graph_state.parent import kernel_frame, parent_terms
from circuits.graph_state.parent_evolution import ParentEvolution
from circuits.graph_state.tree import tree_preparation

GRAPHS = [(chain(3), 3), (RING, 5), (TREE, 7)]


@pytest.mark.parametrize(("edges", "qubits"), GRAPHS)
def test_graph_states_are_exact(edges, qubits):
    check_closed_form(graph_state_cost(qubits, len(edges)), graph_state(edges, qubits))


@pytest.mark.parametrize("reuse", [False, True])
@pytest.mark.parametrize("projected", [(), (1,)])
@pytest.mark.parametrize(("edges", "qubits"), GRAPHS)
def test_filtered_graph_states_are_exact(edges, qubits, projected, reuse):
    matrices = random_matrices(qubits)
    matrices[0] = np.array([[0.6, 0.8], [0.8, -0.6]])
    circuit = filtered_graph_state(edges, matrices, projected=projected, reuse=reuse)
    found = len(projected)
    cost = filtered_graph_state_cost(
        qubits, len(edges), filtered=qubits - 1 - found, turned=1, projected=found, reuse=reuse
    )
    check_closed_form(cost, circuit)


@pytest.mark.parametrize(
    ("edges", "qubits", "projected", "trees"),
    [
        (chain(7), 7, (), 1),
        (chain(7), 7, (1,), 1),
        (TREE, 7, (), 2),
        (TREE, 7, (5,), 2),
        (TREE, 7, (5, 6), 1),
        ((), 3, (0,), 2),
    ],
)
def test_trees_are_exact(edges, qubits, projected, trees):
    circuit = tree_preparation(edges, random_matrices(qubits), projected=projected)
    cost = tree_preparation_cost(qubits, trees, kept=qubits - len(projected))
    check_closed_form(cost, circuit)


@pytest.mark.parametrize("projected", [(), (1, 2)])
@pytest.mark.parametrize(("edges", "qubits"), GRAPHS)
def test_chains_are_bounded(edges, qubits, projected):
    matrices = random_matrices(qubits)
    frontier = chain_order(edges, qubits)[1]
    kept = qubits - len(projected)
    for each in (matrices, matrices.real.copy()):
        circuit = chain_preparation(edges, each, projected=projected)
        real = not np.iscomplexobj(each)
        bound = chain_preparation_bound(qubits, frontier, kept=kept, real=real)
        check_bound(bound, circuit, within=0.3)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_frames_of_terms_are_bounded_and_those_of_small_and_plain_ones_exact(size):
    star = tuple((0, leaf) for leaf in range(1, size))
    term = parent_terms(star, random_matrices(size))[0]
    circuit, bound = kernel_frame(term)[0], kernel_frame_bound(size)
    check_bound(bound, circuit, within=0.9)
    if size < 3:
        check_closed_form(bound, circuit)
    plain = parent_terms(star, np.array([np.eye(2)] * size))[0]
    check_closed_form(kernel_frame_bound(size, plain=True), kernel_frame(plain)[0])


@pytest.mark.parametrize("qubits", [2, 3, 4])
def test_steps_of_the_parent_hamiltonian_are_bounded(qubits):
    terms = parent_terms(chain(qubits), random_matrices(qubits))
    step = ParentEvolution(terms, qubits, 0.3).controlled_step
    bound = parent_step_bound(qubits, [len(term.qubits) for term in terms])
    check_bound(bound, step, within=0.9)


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_paths_over_plain_terms_and_pairs_are_exact(rounds):
    matrices, stages = random_matrices(4), [Stage(0, 0.3, 2, rounds), Stage(3, 0.2, 3, 1)]
    edges = ((0, 1), (2, 3))
    steps = [parent_step_bound(4, [2, 2], [2, 2]), parent_step_bound(4, [2, 2, 2, 2])]
    circuit = path_preparation(edges, matrices, stages, projected=[2])
    bound = path_preparation_bound(4, 2, steps, stages, projected=1)
    check_closed_form(bound, circuit)


def test_a_hundred_qubits_are_counted_in_whole_numbers():
    assert tree_preparation_cost(100).two_qubit_gates == 198
    assert chain_preparation_bound(100, 3).two_qubit_gates < 53 * 100
    step = parent_step_bound(100, [3] * 100)
    stage = Stage(0, 0.1, 60, 1)
    cost = path_preparation_bound(100, 99, [step], [stage])
    assert cost.two_qubit_gates == 99 + (2**60 - 1) * 100 * (2 * 14 + 2)


def test_numbers_of_qubits_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="qubits = 2: at least 3"):
        filtered_graph_state_cost(2, 1, filtered=2, projected=1)
    with pytest.raises(ValueError, match="kept = 1: at least 2"):
        tree_preparation_cost(4, 2, kept=1)
    with pytest.raises(ValueError, match="steps has 0 entries"):
        path_preparation_bound(2, 1, [], [Stage(0, 0.1, 1, 1)])
