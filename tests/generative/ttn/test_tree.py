"""Trees of variables, and the structures that they are made from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.ttn.groups import all_sides
from qml_algos.generative.ttn.structures import as_tree, balanced, clustered, grid
from qml_algos.generative.ttn.tree import Tree

few = settings(derandomize=True, max_examples=5, deadline=None)


def random_tree(seed: int, leaves: int) -> Tree:
    generator = np.random.default_rng(seed)
    nodes, rows = list(range(leaves)), []
    while len(nodes) > 1:
        generator.shuffle(nodes)
        rows.append((nodes.pop(), nodes.pop()))
        nodes.append(leaves + len(rows) - 1)
    return Tree(tuple(rows))


def leaves_below(tree: Tree, node: int) -> set[int]:
    if node < tree.leaves:
        return {node}
    return set.union(*(leaves_below(tree, below) for below in tree.children[node - tree.leaves]))


@few
@given(st.integers(0, 1000), st.integers(4, 12))
def test_legs_are_mutual_and_the_tour_crosses_each_edge_both_ways(seed: int, leaves: int) -> None:
    tree = random_tree(seed, leaves)
    inner = {(node, leg) for node in tree.inner for leg in tree.legs[node] if leg >= leaves}
    assert all(edge[::-1] in inner for edge in inner)
    assert len(inner) == 2 * (leaves - 3)
    assert sorted(tree.tour) == sorted(inner)
    here = tree.top
    for start, end in tree.tour:
        assert start == here
        here = end
    assert here == tree.top


@few
@given(st.integers(0, 1000), st.integers(4, 12))
def test_the_leaves_below_a_node_are_neighbours_in_the_order(seed: int, leaves: int) -> None:
    tree = random_tree(seed, leaves)
    places = np.argsort(tree.order)
    for node in tree.inner:
        below = sorted(places[leaf] for leaf in leaves_below(tree, node))
        assert below == list(range(below[0], below[-1] + 1))


def test_blocks_of_a_picture_are_of_neighbouring_blocks() -> None:
    assert grid((2, 2)) == ((0, 2), (1, 3))
    assert grid((1, 3)) == ((0, 1), 2)
    tree = as_tree(grid((4, 8)), 32, np.zeros((32, 32)))
    for node in tree.inner:
        pixels = np.array(sorted(leaves_below(tree, node)))
        rows, columns = np.unique(pixels // 8), np.unique(pixels % 8)
        assert len(rows) * len(columns) == len(pixels)
        assert np.ptp(rows) == len(rows) - 1
        assert np.ptp(columns) == len(columns) - 1
        assert len(columns) / len(rows) in (0.5, 1, 2)


def test_halves_are_balanced() -> None:
    assert balanced(5) == (((0, 1), 2), (3, 4))


def test_dependent_variables_are_clustered_and_turned_towards_each_other() -> None:
    dependence = np.zeros((5, 5))
    for first, second, value in ((0, 3, 0.9), (1, 4, 0.8), (3, 1, 0.3), (4, 2, 0.2)):
        dependence[first, second] = dependence[second, first] = value
    assert clustered(dependence) == ((0, 3), (2, (1, 4)))
    order = list(as_tree(((3, 0), (2, (4, 1))), 5, dependence).order)
    assert order in ([0, 3, 1, 4, 2], [2, 4, 1, 3, 0])


@pytest.mark.parametrize("variables", [1, 2, 3])
def test_few_variables_are_joined_by_trivial_leaves(variables: int) -> None:
    tree = as_tree(balanced(variables), variables, np.zeros((variables, variables)))
    assert tree.leaves == 4
    assert len(tree.tour) == 2


def test_a_deep_tree_is_no_problem() -> None:
    nested: object = 0
    for leaf in range(1, 1500):
        nested = (nested, leaf)
    with pytest.raises(InvalidProblemError, match="each of the variables 0 to 1500 once"):
        as_tree(nested, 1501, np.zeros((1501, 1501)))


@pytest.mark.parametrize(
    ("nested", "message"),
    [
        ((0, (1, 2, 3)), r"tree: \(1, 2, 3\) is neither a variable nor a pair"),
        (((0, "1"), (2, 3)), "tree: '1' is neither"),
        (((0, True), (2, 3)), "tree: True is neither"),
        (((0, 1), (2, 2)), r"each of the variables 0 to 3 once; it has \[0, 1, 2, 2\]"),
        (((0, 1), (2, 4)), "each of the variables 0 to 3 once"),
    ],
)
def test_what_is_no_tree_of_the_variables_is_refused(nested: object, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        as_tree(nested, 4, np.zeros((4, 4)))


@few
@given(st.integers(0, 1000))
def test_configurations_on_a_side_are_those_of_its_variables(seed: int) -> None:
    tree = random_tree(seed, 7)
    X = np.random.default_rng(seed).integers(0, 2, size=(30, 7))
    sides = all_sides(tree, X)
    for node in tree.inner[:-1]:
        below = sorted(leaves_below(tree, node))
        others = [leaf for leaf in range(7) if leaf not in below]
        above = tree.legs[node][2]
        for edge, variables in (((node, above), below), ((above, node), others)):
            place = sides[edge].place
            same = np.all(X[:, None, variables] == X[None, :, variables], axis=2)
            np.testing.assert_array_equal(place[:, None] == place[None, :], same)
            assert len(sides[edge].first) == place.max() + 1
