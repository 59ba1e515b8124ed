"""Walsh-Hadamard transforms: against the definition, and their inverse."""

import numpy as np
import pytest

from qml_algos.generative.walsh import walsh_transform


@pytest.mark.parametrize("bits", [0, 1, 5, 6, 7])
def test_a_transform_is_the_sum_over_signs_of_parities(bits):
    generator = np.random.default_rng(bits)
    values = generator.normal(size=2**bits) + 1j * generator.normal(size=2**bits)
    indices = np.arange(2**bits)
    signs = (-1.0) ** np.bitwise_count(indices[:, None] & indices)
    np.testing.assert_allclose(walsh_transform(values), signs @ values, atol=1e-12)
    np.testing.assert_allclose(walsh_transform(values.real), signs @ values.real, atol=1e-12)


def test_applied_twice_it_is_a_multiple_of_the_identity():
    values = np.random.default_rng(0).normal(size=2**13)
    np.testing.assert_allclose(walsh_transform(walsh_transform(values)), 2**13 * values, atol=1e-8)
