"""The parts of the matrix-product-state Born machine, against enumeration of all samples."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.mps.chain import log_likelihoods, orthonormalised
from qml_algos.generative.mps.marginals import distribution
from qml_algos.generative.mps.markov import markov_cores
from qml_algos.generative.mps.order import dependence, linear_arrangement
from qml_algos.generative.mps.pairs import pair_groups
from qml_algos.generative.mps.samples import distinct
from qml_algos.generative.mps.sampling import MISSING, complete, draw
from qml_algos.generative.mps.sweeps import Sweeper

SIZES = (2, 3, 2, 4, 2)
few = settings(derandomize=True, max_examples=8, deadline=None)
seeds = st.integers(0, 1000)


def state(seed: int, sizes: tuple[int, ...] = SIZES, bond: int = 3) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    bonds = [1, *[bond] * (len(sizes) - 1), 1]
    cores = [generator.normal(size=(bonds[k], size, bonds[k + 1])) for k, size in enumerate(sizes)]
    return orthonormalised(cores, bond)


def everything(sizes: tuple[int, ...] = SIZES) -> np.ndarray:
    return np.array(list(itertools.product(*map(range, sizes))))


def table(cores: list[np.ndarray], sizes: tuple[int, ...] = SIZES) -> np.ndarray:
    return np.exp(log_likelihoods(cores, everything(sizes))).reshape(sizes)


def samples(seed: int, count: int = 60, sizes: tuple[int, ...] = SIZES) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, sizes, size=(count, len(sizes)))


def sweeper(seed: int, shrinkage: float = 0.0) -> Sweeper:
    data = distinct(samples(seed), np.ones(60))
    made = Sweeper(data.X, data.weights, SIZES, bond_dimension=6, clip=1e4)
    made.start(state(seed), shrinkage)
    return made


@few
@given(seeds)
def test_probabilities_add_up_to_one_and_are_squares_of_products(seed: int) -> None:
    cores = state(seed)
    dense = cores[0]
    for core in cores[1:]:
        dense = np.tensordot(dense, core, 1)
    np.testing.assert_allclose(table(cores), dense[0, ..., 0] ** 2, atol=1e-14)
    assert abs(table(cores).sum() - 1) < 1e-12


@few
@given(seeds)
def test_all_cores_but_the_first_are_right_orthonormal(seed: int) -> None:
    for core in state(seed)[1:]:
        np.testing.assert_allclose(
            np.einsum("asb,csb->ac", core, core), np.eye(len(core)), atol=1e-12
        )


def test_hundreds_of_variables_do_not_underflow() -> None:
    count = 3000
    cores = [np.full((1, 2, 1), np.sqrt(0.5))] * count
    found = log_likelihoods(cores, np.zeros((1, count), dtype=int))
    np.testing.assert_allclose(found, -count * np.log(2))


@few
@given(seeds)
def test_the_start_has_the_probabilities_of_the_markov_chain(seed: int) -> None:
    X = samples(seed)
    cores = markov_cores(X, np.ones(len(X)), SIZES)
    expected = np.bincount(X[:, 0], minlength=2) + 0.5
    expected = expected / expected.sum()
    for k in range(1, len(SIZES)):
        pairs = np.zeros(SIZES[k - 1 : k + 1])
        np.add.at(pairs, (X[:, k - 1], X[:, k]), 1)
        pairs += 1 / pairs.size
        expected = expected[..., None] * (pairs / pairs.sum(axis=1, keepdims=True))
    assert [core.shape[2] for core in cores] == [*SIZES[:-1], 1]
    np.testing.assert_allclose(table(orthonormalised(cores, 4)), expected, atol=1e-12)


@few
@given(seeds)
def test_every_block_of_a_pair_holds_its_values(seed: int) -> None:
    X = samples(seed)
    groups = pair_groups(X, SIZES)
    for k, pair in enumerate(groups):
        for both, rows in pair.blocks:
            assert np.all(X[pair.order[rows], k : k + 2] == divmod(both, SIZES[k + 1]))
        for place, blocks in ((k, pair.first_blocks), (k + 1, pair.last_blocks)):
            for value, rows in blocks:
                assert np.all(X[pair.order[rows], place] == value)
            assert sum(rows.stop - rows.start for _, rows in blocks) == len(X)
    for before, after in itertools.pairwise(groups):
        np.testing.assert_array_equal(before.order[before.to_next], after.order)
        np.testing.assert_array_equal(after.order[after.to_previous], before.order)


@few
@given(seeds)
def test_the_gradient_is_that_of_finite_differences(seed: int) -> None:
    trained = sweeper(seed)
    data = distinct(samples(seed), np.ones(60))
    merged = np.tensordot(trained.cores[0], trained.cores[1], 1)
    direction = np.random.default_rng(seed).normal(size=merged.shape)

    def half_log(step: float) -> float:
        first, rest = merged + step * direction, trained.cores[2:]
        tensors = first.reshape(1, 6, -1)
        X = np.column_stack([data.X[:, 0] * 3 + data.X[:, 1], data.X[:, 2:]])
        return float(data.weights @ log_likelihoods([tensors, *rest], X)) / 2

    _, gradient = trained.gradient(0, merged)
    slope = (half_log(1e-5) - half_log(-1e-5)) / 2e-5
    np.testing.assert_allclose(np.sum(gradient * direction), slope, rtol=2e-3, atol=2e-3)


def test_gentle_sweeps_raise_the_likelihood_and_report_it() -> None:
    trained = sweeper(3)
    data = distinct(samples(3), np.ones(60))
    reported = [trained.sweep(0.02) for _ in range(8)]
    assert np.all(np.diff(reported) > 0)
    reached = data.weights @ log_likelihoods(trained.cores, data.X)
    assert 0 < reached - reported[-1] < 0.05
    assert abs(table(trained.cores).sum() - 1) < 1e-12


def test_shrinkage_leaves_less_entanglement() -> None:
    left = []
    for shrinkage in (0.0, 0.4):
        trained = sweeper(4, shrinkage=shrinkage)
        for _ in range(20):
            trained.sweep(0.05)
        merged = np.tensordot(trained.cores[0], trained.cores[1], 1)
        left.append(np.linalg.svd(merged.reshape(2, -1), compute_uv=False).sum())
    assert left[1] < left[0] - 0.02


def test_any_shrinkage_leaves_a_state() -> None:
    trained = sweeper(5, shrinkage=100.0)
    trained.sweep(0.05)
    assert [core.shape[2] for core in trained.cores] == [1] * 5
    assert abs(table(trained.cores).sum() - 1) < 1e-12


def test_samples_have_the_distribution_of_the_state() -> None:
    # Chi-square of 96 outcomes at 99.9999 %: a false alarm once in a million seeds.
    cores, drawn = state(1), draw(state(1), 20_000, np.random.default_rng(0))
    expected = 20_000 * table(cores).ravel()
    counts = np.bincount(np.ravel_multi_index(tuple(drawn.T), SIZES), minlength=expected.size)
    kept = expected > 1
    assert np.sum((counts - expected)[kept] ** 2 / expected[kept]) < 172


def test_completions_have_the_conditional_distribution_and_keep_what_is_known() -> None:
    # Chi-square of 6 outcomes at 99.9999 %.
    cores = state(2)
    X = np.tile([1, MISSING, 0, 2, MISSING], (6000, 1))
    drawn = complete(cores, X, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn[:, [0, 2, 3]], X[:, [0, 2, 3]])
    chances = table(cores)[1, :, 0, 2, :]
    expected = 6000 * (chances / chances.sum()).ravel()
    counts = np.bincount(drawn[:, 1] * 2 + drawn[:, 4], minlength=6)
    assert np.sum((counts - expected) ** 2 / expected) < 36


@few
@given(seeds, st.permutations([0, 1, 3]))
def test_distributions_are_those_of_the_table(seed: int, places: list[int]) -> None:
    cores, whole = state(seed), table(state(seed))
    expected = np.einsum(whole, [0, 1, 2, 3, 4], places)
    np.testing.assert_allclose(distribution(cores, places, {}), expected, atol=1e-12)
    given_one = np.einsum(whole[:, :, 1], [0, 1, 3, 4], places)
    found = distribution(cores, places, {2: 1})
    np.testing.assert_allclose(found, given_one / given_one.sum(), atol=1e-12)


def test_what_cannot_happen_and_what_does_not_fit_is_refused() -> None:
    certain = [np.array([[[1.0], [0.0]]])] * 3
    with pytest.raises(InvalidProblemError, match="evidence: it has probability 0"):
        distribution(certain, [0], {1: 1})
    gaps = np.array([[0, 0, MISSING], [1, 0, MISSING]])
    with pytest.raises(InvalidProblemError, match=r"X\[1\]: the known entries have probability 0"):
        complete(certain, gaps, np.random.default_rng(0))
    with pytest.raises(TooLargeError, match="variables: the distribution of 30"):
        distribution([np.full((1, 2, 1), np.sqrt(0.5))] * 40, range(30), {})


def test_a_shuffled_chain_is_put_in_order_again() -> None:
    generator = np.random.default_rng(0)
    X = np.zeros((4000, 9), dtype=int)
    X[:, 0] = generator.integers(0, 2, 4000)
    for k in range(1, 9):
        X[:, k] = X[:, k - 1] ^ (generator.random(4000) < 0.15)
    mixed = generator.permutation(9)
    information = dependence(X[:, mixed], np.ones(4000), [2] * 9)
    found = mixed[linear_arrangement(information)]
    assert list(found) in (list(range(9)), list(range(8, -1, -1)))


@few
@given(seeds)
def test_no_move_of_one_variable_betters_an_arrangement(seed: int) -> None:
    half = np.random.default_rng(seed).random((6, 6))
    weights = np.triu(half, 1) + np.triu(half, 1).T

    def cost(order: np.ndarray) -> float:
        place = np.argsort(order)
        return float(np.sum(weights * np.abs(place[:, None] - place)))

    order = linear_arrangement(weights)
    for variable, place in itertools.product(range(6), repeat=2):
        moved = np.insert(order[order != variable], place, variable)
        assert cost(moved) > cost(order) - 1e-6
