"""Sites of any number of levels written on qubits: the same vector, level x at the bits of x."""

import itertools

import numpy as np
import pytest

from circuits.matrix_product_state import mps_vector
from circuits.tensor_network.qubits import qubit_tensors


def random_cores(levels, bond=3, complex_entries=False):
    generator = np.random.default_rng(0)
    bonds = [1, *[bond] * (len(levels) - 1), 1]
    cores = []
    for d, (left, right) in zip(levels, itertools.pairwise(bonds), strict=True):
        core = generator.normal(size=(left, d, right))
        cores.append(core + 1j * generator.normal(size=core.shape) if complex_entries else core)
    return cores


def amplitude(cores, word):
    row = np.ones((1, 1))
    for core, level in zip(cores, word, strict=True):
        row = row @ core[:, level]
    return row[0, 0]


@pytest.mark.parametrize("complex_entries", [False, True])
@pytest.mark.parametrize("levels", [(3, 2, 5), (1, 4, 1, 2, 1), (6,), (1, 1, 3, 1)])
def test_levels_are_at_their_bits_and_nothing_is_elsewhere(levels, complex_entries):
    cores = random_cores(levels, complex_entries=complex_entries)
    expected = np.zeros(2 ** sum((d - 1).bit_length() for d in levels), dtype=complex)
    for word in itertools.product(*map(range, levels)):
        index = 0
        for d, level in zip(levels, word, strict=True):
            index = (index << (d - 1).bit_length()) + level
        expected[index] = amplitude(cores, word)
    tensors = qubit_tensors(cores)
    assert all(tensor.shape[1] == 2 for tensor in tensors)
    assert np.iscomplexobj(tensors[0]) == complex_entries
    assert mps_vector(tensors) == pytest.approx(expected, abs=1e-12)


def test_two_levels_are_left_as_they_are():
    cores = random_cores((2, 2, 2))
    for tensor, core in zip(qubit_tensors(cores), cores, strict=True):
        np.testing.assert_array_equal(tensor, core)


def test_inner_bonds_are_the_ranks_within_a_site():
    core = np.zeros((1, 8, 1))
    core[0, [0, 7], 0] = 1.0
    assert [tensor.shape for tensor in qubit_tensors([core])] == [(1, 2, 2), (2, 2, 2), (2, 2, 1)]


@pytest.mark.parametrize(
    "bad",
    [
        [],
        [np.ones((1, 1, 1))],
        [np.ones((1, 3))],
        [np.ones((1, 3, 2))],
        [np.ones((1, 3, 2)), np.ones((3, 2, 1))],
        [np.ones((1, 0, 1))],
    ],
)
def test_bad_cores_are_named(bad):
    with pytest.raises(ValueError, match="cores"):
        qubit_tensors(bad)
