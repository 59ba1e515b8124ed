"""Independent variables, chains and trees: exact values."""

import itertools
import os
from pathlib import Path

import numpy as np
import pytest

from qml_algos.errors import TooLargeError
from qml_algos.generative.checks import Categories, categories_of
from qml_algos.generative.classical import ChowLiuTree, IndependentModel, MarkovChain
from qml_algos.generative.classical.components import chow_liu, fit_trees, mutual_information
from qml_algos.generative.data.density_sets import read_density_set
from qml_algos.generative.data.digits import load_binary_digits

DATA = Path(os.environ.get("DENSITY_SETS", "density-sets"))
"""Folder of the density-estimation sets."""


def chained(samples: int, seed: int = 0) -> np.ndarray:
    """A tree of variables of 2, 3, 2 and 4 categories, noisy."""
    generator = np.random.default_rng(seed)
    a = generator.integers(0, 2, size=samples)
    b = (a + (generator.random(samples) < 0.3) * generator.integers(1, 3, size=samples)) % 3
    c = (b > 0) ^ (generator.random(samples) < 0.2)
    d = (2 * c + generator.integers(0, 3, size=samples)) % 4
    return np.stack([a, b, c, d], axis=1).astype(int)


def counted(X: np.ndarray, v: int, category: int) -> int:
    return int(np.sum(X[:, v] == category))


def test_independent_variables_have_the_smoothed_shares() -> None:
    X = chained(40)
    model = IndependentModel(3.0).fit(X)
    for x in ([0, 0, 0, 0], [1, 2, 1, 3]):
        expected = sum(
            np.log((counted(X, v, x[v]) + 3 / size) / 43) for v, size in enumerate((2, 3, 2, 4))
        )
        assert model.score_samples([x])[0] == pytest.approx(expected, abs=1e-12)


def test_a_chain_has_the_smoothed_transitions_in_its_order() -> None:
    X, order = chained(40), [2, 0, 3, 1]
    sizes = categories_of(X).sizes
    model = MarkovChain(order, smoothing=4.0).fit(X)
    for x in X[:5]:
        first = order[0]
        expected = np.log((counted(X, first, x[first]) + 4 / sizes[first]) / 44)
        for u, v in itertools.pairwise(order):
            both = np.sum((X[:, u] == x[u]) & (X[:, v] == x[v])) + 4 / (sizes[u] * sizes[v])
            expected += np.log(both / (counted(X, u, x[u]) + 4 / sizes[u]))
        assert model.score_samples([x])[0] == pytest.approx(expected, abs=1e-12)


def spanning_trees(variables: int) -> list[np.ndarray]:
    """Parents of all trees with root 0."""
    found = []
    for parents in itertools.product(range(variables), repeat=variables - 1):
        full = np.array([-1, *parents])
        reached = {0}
        for _ in range(variables):
            reached |= {v for v in range(variables) if full[v] in reached}
        if len(reached) == variables:
            found.append(full)
    return found


def test_no_tree_is_likelier_than_chow_lius() -> None:
    """All 16 trees of four variables, almost without smoothing."""
    X = chained(60, seed=5)
    best = ChowLiuTree(1e-9).fit(X)
    trees = spanning_trees(4)
    assert len(trees) == 16

    def likelihood(parents: np.ndarray) -> float:
        order = [0]
        while len(order) < 4:
            order += [v for v in range(4) if parents[v] in order and v not in order]
        fitted = fit_trees(
            X, best.categories_, np.ones((60, 1)), 1e-9, lambda *_: (parents, np.array(order))
        )
        return float(fitted.log_likelihoods(X).mean())

    every = [likelihood(parents) for parents in trees]
    assert best.score(X) == pytest.approx(max(every), abs=1e-12)
    assert best.score(X) >= MarkovChain(smoothing=1e-9).fit(X).score(X) - 1e-12


def test_the_tree_that_made_the_data_is_found() -> None:
    assert ChowLiuTree().fit(chained(5000)).parents_.tolist() == [-1, 0, 1, 2]


def test_mutual_information_of_copies_is_the_entropy() -> None:
    joint = np.diag([0.25, 0.75])
    joint = np.block([[joint, joint], [joint, joint]])
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    found = mutual_information(8 * joint, Categories((2, 2)))
    np.testing.assert_allclose(found, np.full((2, 2), entropy), atol=1e-12)


def test_a_single_variable_is_a_tree() -> None:
    X = np.array([[0], [1], [2], [2]])
    tree = ChowLiuTree(3.0).fit(X)
    np.testing.assert_allclose(np.exp(tree.score_samples([[0], [1], [2]])) * 7, [2, 2, 3])
    assert chow_liu(np.diag([1.0, 2.0]), Categories((2,)))[0].tolist() == [-1]


def test_tables_of_pairs_that_do_not_fit_are_refused() -> None:
    with pytest.raises(TooLargeError, match="12000 x 12000 counts of pairs"):
        ChowLiuTree(n_categories=1000).fit(np.zeros((1, 12), dtype=int))


def test_binarised_digits_have_the_likelihoods_known() -> None:
    """25.21 and 20.80 nats, as found with other code."""
    train, test = (part.X for part in load_binary_digits())
    assert -IndependentModel().fit(train).score(test) == pytest.approx(25.21, abs=0.005)
    assert -ChowLiuTree().fit(train).score(test) == pytest.approx(20.80, abs=0.005)


@pytest.mark.skipif(
    not DATA.is_dir(), reason="the density-estimation sets are no part of the project"
)
@pytest.mark.parametrize(("name", "published"), [("nltcs", 6.759), ("plants", 16.524)])
def test_density_sets_have_the_published_likelihoods(name: str, published: float) -> None:
    data = read_density_set(DATA, name)
    found = -ChowLiuTree().fit(data.train.X).score(data.test.X)
    assert found == pytest.approx(published, abs=0.0005)
