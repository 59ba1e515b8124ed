"""Lanczos' steps: exact in a full space, stopped by the residual."""

from typing import Any

import numpy as np
import pytest

from qml_algos.physics.tensor_networks.lanczos import lowest_eigenvector


@pytest.mark.parametrize("real", [True, False])
def test_a_full_krylov_space_holds_the_lowest_eigenvector(real: bool) -> None:
    parts = np.random.default_rng(0).normal(size=(2, 12, 12))
    matrix = parts[0] if real else parts[0] + 1j * parts[1]
    matrix = matrix + matrix.conj().T
    start = np.ones(12, dtype=matrix.dtype)
    energy, vector = lowest_eigenvector(lambda v: matrix @ v, start, 1e-12, 50)
    assert energy == pytest.approx(np.linalg.eigvalsh(matrix)[0])
    np.testing.assert_allclose(matrix @ vector, energy * vector, atol=1e-9)


def test_an_eigenvector_is_known_after_one_product() -> None:
    calls: list[Any] = []

    def apply(vector: Any) -> Any:
        calls.append(vector)
        return np.arange(4) * vector

    energy, vector = lowest_eigenvector(apply, np.array([0, 0, 2.0, 0]), 1e-8, 9)
    assert len(calls) == 1
    assert energy == 2
    np.testing.assert_array_equal(vector, [0, 0, 1, 0])
