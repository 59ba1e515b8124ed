"""Bases in which all few-qubit Paulis are measured."""

from itertools import combinations

import numpy as np
import pytest

from qml_algos.kernels.sampled.bases import measurement_bases


@pytest.mark.parametrize("qubits", [2, 3, 4, 5, 9, 10, 16, 27])
def test_every_pair_of_qubits_sees_all_nine_pairs_of_letters(qubits: int) -> None:
    bases = measurement_bases(qubits, 2)
    for a, b in combinations(range(qubits), 2):
        assert len(np.unique(bases[:, [a, b]], axis=0)) == 9


@pytest.mark.parametrize(
    ("qubits", "bases"), [(1, 9), (2, 9), (4, 9), (5, 15), (9, 15), (16, 17), (27, 21), (64, 25)]
)
def test_bases_for_pairs_grow_with_the_logarithm(qubits: int, bases: int) -> None:
    assert len(measurement_bases(qubits, 2)) <= bases


def test_single_qubits_take_three_bases() -> None:
    assert sorted(measurement_bases(5, 1).tolist()) == [[0] * 5, [1] * 5, [2] * 5]
