from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.phases import SpinAugmenter


def bonds(spins: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    lattice = spins.reshape(-1, *shape).astype(int)
    axes = range(1, len(shape) + 1)
    products = sum(lattice * np.roll(lattice, 1, axis=axis) for axis in axes)
    return np.asarray(products).reshape(len(spins), -1).sum(axis=1)


@settings(max_examples=20, deadline=None)
@given(rows=st.integers(1, 5), columns=st.integers(1, 5), seed=st.integers(0, 2**31))
def test_images_keep_energy_and_modulus_of_magnetisation(
    rows: int, columns: int, seed: int
) -> None:
    spins = 1 - 2 * np.random.default_rng(seed).integers(2, size=(20, rows * columns))
    spins[0, 0] = -1
    found = SpinAugmenter((rows, columns), random_state=seed).fit_transform(spins)
    assert np.array_equal(np.abs(found.sum(axis=1)), np.abs(spins.sum(axis=1)))
    assert np.array_equal(bonds(found, (rows, columns)), bonds(spins, (rows, columns)))


def test_bits_come_back_as_spins() -> None:
    bits = np.array([[0, 0, 1, 1], [0, 1, 0, 0]])
    kept = SpinAugmenter(translations=False, flips=False).fit_transform(bits)
    assert np.array_equal(kept, 1 - 2 * bits)


def test_every_translation_and_both_signs_appear() -> None:
    bits = np.zeros((2000, 6), dtype=np.int8)
    bits[:, 0] = 1
    found = SpinAugmenter((2, 3), random_state=0).fit_transform(bits)
    assert len(np.unique(found, axis=0)) == 12


def test_a_second_transformation_differs() -> None:
    bits = np.random.default_rng(0).integers(2, size=(40, 9))
    augmenter = SpinAugmenter((3, 3), random_state=0).fit(bits)
    assert not np.array_equal(augmenter.transform(bits), augmenter.transform(bits))


@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 3), (0, 8), (-2, -4), (2.0, 4)])
def test_a_shape_of_other_sites_is_refused(shape: Any) -> None:
    with pytest.raises(InvalidProblemError, match="shape"):
        SpinAugmenter(shape).fit(np.eye(8))


def test_other_encodings_than_the_fits_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="bits 0 and 1"):
        SpinAugmenter().fit(np.eye(4)).transform(1 - 2 * np.eye(4))
    with pytest.raises(InvalidProblemError, match="spins -1 and"):
        SpinAugmenter().fit(1 - 2 * np.eye(4)).transform(np.eye(4))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_is_a_transformer_of_scikit_learn() -> None:
    check_estimator(SpinAugmenter())
