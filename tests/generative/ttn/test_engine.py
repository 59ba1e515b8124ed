"""The parts of the tree-tensor-network Born machine, against enumeration of all samples."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.checks import MISSING
from qml_algos.generative.mps.chain import log_likelihoods as chain_log_likelihoods
from qml_algos.generative.mps.chain import orthonormalised as orthonormalised_chain
from qml_algos.generative.mps.markov import markov_cores
from qml_algos.generative.mps.samples import distinct
from qml_algos.generative.mps.truncation import kept
from qml_algos.generative.ttn.chains import markov_tree
from qml_algos.generative.ttn.marginals import distribution
from qml_algos.generative.ttn.sampling import complete, draw
from qml_algos.generative.ttn.state import (
    TreeState,
    log_likelihoods,
    matricised,
    orthonormalised,
    perturbed,
)
from qml_algos.generative.ttn.structures import as_tree, balanced
from qml_algos.generative.ttn.sweeps import Sweeper
from qml_algos.generative.ttn.tree import Tree

SIZES = (2, 3, 2, 4, 2, 2)
TREE = Tree(((3, 1), (0, 6), (2, 5), (4, 8), (7, 9)))
few = settings(derandomize=True, max_examples=5, deadline=None)
seeds = st.integers(0, 1000)


def state(seed: int, bond: int = 3) -> TreeState:
    generator = np.random.default_rng(seed)
    shapes = [
        [bond if leg >= TREE.leaves else SIZES[leg] for leg in TREE.legs[node]]
        for node in TREE.inner
    ]
    return orthonormalised(TreeState(TREE, [generator.normal(size=shape) for shape in shapes]), 99)


def everything() -> np.ndarray:
    return np.array(list(itertools.product(*map(range, SIZES))))


def table(given_state: TreeState) -> np.ndarray:
    return np.exp(log_likelihoods(given_state, everything())).reshape(SIZES)


def samples(seed: int, count: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, SIZES, size=(count, len(SIZES)))


def sweeper(seed: int, shrinkage: float = 0.0, bond: int = 6) -> Sweeper:
    data = distinct(samples(seed), np.ones(60))
    generator = np.random.default_rng(0)
    made = Sweeper(TREE, data.X, data.weights, bond_dimension=bond, clip=1e4, generator=generator)
    made.start(state(seed), shrinkage)
    return made


@few
@given(seeds)
def test_probabilities_are_squares_of_contractions_and_add_up_to_one(seed: int) -> None:
    found = state(seed)
    names = {frozenset((node, leg)): leg for node in TREE.inner[:-1] for leg in TREE.legs[node]}
    names |= {frozenset((TREE.top, leg)): leg for leg in TREE.legs[TREE.top]}
    for node in TREE.inner[:-1]:
        names[frozenset((node, TREE.legs[node][2]))] = node
    arguments = []
    for node, core in zip(TREE.inner, found.cores, strict=True):
        arguments += [core, [names[frozenset((node, leg))] for leg in TREE.legs[node]]]
    dense = np.einsum(*arguments, list(range(6)))
    np.testing.assert_allclose(table(found), dense**2, atol=1e-14)
    assert abs(table(found).sum() - 1) < 1e-12


@few
@given(seeds)
def test_all_cores_but_the_top_one_are_isometries_also_after_sweeps(seed: int) -> None:
    trained = sweeper(seed)
    trained.sweep(0.05)
    for found in (state(seed), trained.state):
        for core in found.cores[:-1]:
            matrix = matricised(core, 2)
            np.testing.assert_allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=1e-12)
        assert abs(np.linalg.norm(found.cores[-1]) - 1) < 1e-12


def test_thousands_of_variables_do_not_underflow() -> None:
    count = 2048
    tree = Tree(tuple((2 * k, 2 * k + 1) for k in range(count - 1)))
    shapes = [[1 if leg >= count else 2 for leg in tree.legs[node]] for node in tree.inner]
    even = TreeState(tree, [np.full(shape, np.sqrt(1 / np.prod(shape))) for shape in shapes])
    found = log_likelihoods(even, np.zeros((1, count), dtype=int))
    np.testing.assert_allclose(found, -count * np.log(2))


@few
@given(seeds)
def test_the_start_has_the_probabilities_of_the_markov_chain_of_the_leaves(seed: int) -> None:
    X, order = samples(seed), TREE.order
    chain = markov_cores(X[:, order], np.ones(60), [SIZES[leaf] for leaf in order])
    expected = chain_log_likelihoods(orthonormalised_chain(chain, 99), everything()[:, order])
    found = markov_tree(TREE, X, np.ones(60), SIZES, 16)
    np.testing.assert_allclose(log_likelihoods(found, everything()), expected, atol=1e-10)
    assert max(found.bond_dimensions) <= 16


def test_bonds_are_cut_off_at_their_smallest_schmidt_values() -> None:
    whole = state(0, bond=4)
    cut = orthonormalised(whole, 3)
    assert max(cut.bond_dimensions) == 3
    assert abs(table(cut).sum() - 1) < 1e-12
    amplitudes = np.sqrt(table(whole).ravel() * table(cut).ravel()).sum()
    assert amplitudes > 0.7
    widened = perturbed(whole, np.random.default_rng(0))
    assert np.array_equal(widened.bond_dimensions, whole.bond_dimensions + 2)


@few
@given(seeds)
def test_the_gradient_is_that_of_finite_differences(seed: int) -> None:
    trained, edge = sweeper(seed), TREE.tour[0]
    data = distinct(samples(seed), np.ones(60))
    before = trained.state
    gradient = trained.merged(edge, 1.0)[0].dense()
    here, there = (TREE.inner.index(node) for node in edge)
    own = TREE.legs[edge[0]].index(edge[1])
    direction = np.random.default_rng(seed).normal(size=gradient.shape)
    isometry = matricised(before.cores[there], TREE.legs[edge[1]].index(edge[0]))

    def half_log(step: float) -> float:
        # Along directions in the span of the other core, which leave it as it is.
        cores = list(before.cores)
        moved = matricised(cores[here], own) + step * direction @ isometry
        cores[here] = np.moveaxis(moved.reshape(*np.delete(cores[here].shape, own), -1), 2, own)
        return float(data.weights @ log_likelihoods(TreeState(TREE, cores), data.X)) / 2

    slope = (half_log(1e-5) - half_log(-1e-5)) / 2e-5
    np.testing.assert_allclose(
        np.sum((gradient @ isometry) * (direction @ isometry)), slope, rtol=2e-3, atol=2e-3
    )


def test_the_reduced_merged_tensor_keeps_the_largest_singular_values() -> None:
    generator = np.random.default_rng(1)
    count, bond = 300, 4
    tree = as_tree(balanced(12), 12, np.zeros((12, 12)))
    X = np.unique(generator.integers(0, 2, size=(count, 12)), axis=0)
    weights = np.full(len(X), 1 / len(X))
    start = markov_tree(tree, X, np.ones(len(X)), [2] * 12, 16)
    trained = Sweeper(tree, X, weights, bond_dimension=16, clip=100, generator=generator)
    trained.start(start, 0.0)
    for _ in range(6):
        trained.sweep(0.05)
    merged, projected, _ = trained.merged(tree.tour[0], 0.04)
    exact = np.linalg.svd(merged.dense(), compute_uv=False)
    basis, rest, columns = merged.reduced(projected, bond + merged.centre.shape[1], generator)
    found = np.linalg.svd(rest, compute_uv=False)
    np.testing.assert_allclose(found[:8], exact[:8], rtol=1e-2)
    np.testing.assert_allclose(rest, basis.T @ merged.dense(), atol=1e-5)
    np.testing.assert_allclose(columns, basis.T @ merged.own, atol=1e-5)


def test_gentle_sweeps_raise_the_likelihood_and_report_it() -> None:
    trained = sweeper(3)
    data = distinct(samples(3), np.ones(60))
    reported = [trained.sweep(0.02) for _ in range(8)]
    assert np.all(np.diff(reported) > 0)
    reached = data.weights @ log_likelihoods(trained.state, data.X)
    assert 0 < reached - reported[-1] < 0.05
    assert abs(table(trained.state).sum() - 1) < 1e-12


def test_shrinkage_leaves_less_entanglement() -> None:
    left = []
    for shrinkage in (0.0, 0.4):
        trained = sweeper(4, shrinkage=shrinkage)
        for _ in range(20):
            trained.sweep(0.05)
        values = np.linalg.svd(matricised(trained.state.cores[-1], 2), compute_uv=False)
        left.append(values.sum())
    assert left[1] < left[0] - 0.02


def test_any_shrinkage_leaves_a_state() -> None:
    trained = sweeper(5, shrinkage=100.0)
    trained.sweep(0.05)
    assert set(trained.state.bond_dimensions) == {1}
    assert abs(table(trained.state).sum() - 1) < 1e-12


def test_no_more_values_are_kept_than_there_are_or_may_be() -> None:
    gram = np.diag([0.0, 1e-14, 0.25, 0.75])
    assert kept(gram, 4, 0.0)[0].shape == (4, 2)
    vectors, factors = kept(gram, 1, 0.1)
    np.testing.assert_allclose(abs(vectors[:, 0]), [0, 0, 0, 1])
    np.testing.assert_allclose(factors, [1 - 0.1 / np.sqrt(0.75)])


def test_samples_have_the_distribution_of_the_state() -> None:
    # Chi-square of 192 outcomes at 99.9999 %: a false alarm once in a million seeds.
    found, drawn = state(1), draw(state(1), 40_000, np.random.default_rng(0))
    expected = 40_000 * table(found).ravel()
    counts = np.bincount(np.ravel_multi_index(tuple(drawn.T), SIZES), minlength=expected.size)
    kept_outcomes = expected > 1
    assert np.sum((counts - expected)[kept_outcomes] ** 2 / expected[kept_outcomes]) < 294


def test_completions_have_the_conditional_distribution_and_keep_what_is_known() -> None:
    # Chi-square of 12 outcomes at 99.9999 %.
    found = state(2)
    X = np.tile([1, MISSING, 0, 2, MISSING, MISSING], (6000, 1))
    drawn = complete(found, X, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn[:, [0, 2, 3]], X[:, [0, 2, 3]])
    chances = table(found)[1, :, 0, 2]
    expected = 6000 * (chances / chances.sum()).ravel()
    counts = np.bincount(
        np.ravel_multi_index(tuple(drawn[:, [1, 4, 5]].T), (3, 2, 2)), minlength=12
    )
    assert np.sum((counts - expected) ** 2 / expected) < 49


@few
@given(seeds, st.permutations([0, 1, 3, 5]))
def test_distributions_are_those_of_the_table(seed: int, variables: list[int]) -> None:
    found, whole = state(seed), table(state(seed))
    expected = np.einsum(whole, range(6), variables)
    np.testing.assert_allclose(distribution(found, variables, {}), expected, atol=1e-12)
    given_one = np.einsum(whole[:, :, 1], [0, 1, 3, 4, 5], variables)
    known = distribution(found, variables, {2: 1})
    np.testing.assert_allclose(known, given_one / given_one.sum(), atol=1e-12)


def test_what_cannot_happen_and_what_does_not_fit_is_refused() -> None:
    tree = as_tree(balanced(4), 4, np.zeros((4, 4)))
    lower = np.array([[[1.0], [0.0]], [[0.0], [0.0]]])
    certain = TreeState(tree, [lower, lower])
    with pytest.raises(InvalidProblemError, match="evidence: it has probability 0"):
        distribution(certain, [0], {1: 1})
    gaps = np.array([[0, 0, MISSING, 0], [1, 0, MISSING, 0]])
    with pytest.raises(InvalidProblemError, match=r"X\[1\]: the known entries have probability 0"):
        complete(certain, gaps, np.random.default_rng(0))
    assert log_likelihoods(certain, np.array([[0, 0, 0, 1]])) == -np.inf
    count = 40
    wide = as_tree(balanced(count), count, np.zeros((count, count)))
    cores = [np.ones([1 if leg >= count else 2 for leg in wide.legs[node]]) for node in wide.inner]
    with pytest.raises(TooLargeError, match="variables: the distribution of 30"):
        distribution(TreeState(wide, cores), range(30), {})
