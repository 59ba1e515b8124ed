"""Counting zeros on packed bits, with and without misreading."""

import numpy as np
import pytest
from qiskit.primitives.containers import BitArray

from qml_algos.backends.readout_mitigation import ReadoutCalibration
from qml_algos.kernels.sampled.zeros import count_zeros, weigh_zeros

QUBITS, SHOTS = 11, 20_000


def packed(bits: np.ndarray) -> dict[str, BitArray]:
    return {"read": BitArray.from_bool_array(bits, order="little")}


def sample() -> np.ndarray:
    """Of two parameter sets: a third of the shots, and a tenth, are zeros."""
    rng = np.random.default_rng(0)
    zeros = rng.random((2, SHOTS, 1)) < [[[1 / 3]], [[0.1]]]
    return (rng.random((2, SHOTS, QUBITS)) < 0.5) & ~zeros


def test_zeros_are_counted_beyond_a_byte() -> None:
    bits = sample()
    found = count_zeros("read")(packed(bits))
    expected = (~bits.any(axis=-1)).sum(axis=-1)
    assert (found == expected[:, None]).all()


def test_misreading_is_taken_out() -> None:
    """Within five standard errors, which hold with a probability of 1 - 1e-6."""
    rng = np.random.default_rng(1)
    up, down = rng.uniform(0.01, 0.1, (2, QUBITS))
    bits = sample()
    read = np.where(bits, rng.random(bits.shape) >= down, rng.random(bits.shape) < up)
    matrices = [np.array([[1 - u, d], [u, 1 - d]]) for u, d in zip(up, down, strict=True)]
    weigh, largest = weigh_zeros("read", ReadoutCalibration((*range(QUBITS),), (*matrices,)))
    total, squares = weigh(packed(read)).T
    mean = total / SHOTS
    errors = np.sqrt((squares / SHOTS - mean**2) / SHOTS)
    exact = count_zeros("read")(packed(bits))[:, 0] / SHOTS
    assert (abs(mean - exact) < 5 * errors).all()
    assert (abs(count_zeros("read")(packed(read))[:, 0] / SHOTS - exact) > 10 * errors).all()
    assert largest == pytest.approx(np.prod((1 - down) / (1 - up - down)))
