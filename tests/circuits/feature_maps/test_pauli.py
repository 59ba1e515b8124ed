from __future__ import annotations

import numpy as np
import pytest
from feature_map_states import same_state, state_of
from qiskit.circuit.library import pauli_feature_map, z_feature_map

from circuits.feature_maps import PauliMap, ZMap


@pytest.mark.parametrize("entanglement", ["full", "linear", "circular"])
@pytest.mark.parametrize(
    "paulis", [("Z", "ZZ"), ("Y", "XX"), ("ZY",), ("X", "ZYX", "YZ"), ("XYZZ",)]
)
def test_pauli_map_prepares_the_state_of_qiskit(paulis, entanglement):
    for n in (4, 5):
        row = np.random.default_rng(n).normal(size=n)
        peer = pauli_feature_map(
            n, 2, entanglement=entanglement, paulis=list(paulis), alpha=1.3
        ).assign_parameters(row)
        state = state_of(PauliMap(paulis, 2, entanglement, 1.3), row)
        assert same_state(state, peer)


def test_z_map_prepares_the_state_of_qiskit():
    row = np.random.default_rng(1).normal(size=3)
    assert same_state(state_of(ZMap(), row), z_feature_map(3).assign_parameters(row))


def test_products_do_not_shift_the_data():
    angles = PauliMap(("Z", "ZZZ"), scale=1.0, data_map="products").angles([[2.0, 3.0, 5.0]])
    np.testing.assert_allclose(angles, [[2, 3, 5, 30]])


def test_a_single_string_is_one_string():
    assert PauliMap("ZZ").paulis == ("ZZ",)
