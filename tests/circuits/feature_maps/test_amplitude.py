from __future__ import annotations

import numpy as np
import pytest
from feature_map_states import state_of
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits.feature_maps import AmplitudeMap

SETTINGS = settings(max_examples=25, deadline=None, derandomize=True)
ENTRIES = st.floats(-5, 5, allow_subnormal=False)


@SETTINGS
@given(st.lists(ENTRIES, min_size=2, max_size=16).filter(any))
def test_features_are_amplitudes_with_their_signs(row):
    state = state_of(AmplitudeMap(), row)
    padded = np.zeros(state.size)
    padded[: len(row)] = row
    padded /= np.max(np.abs(padded))
    np.testing.assert_allclose(state, padded / np.linalg.norm(padded), atol=1e-12)


@pytest.mark.parametrize(("features", "qubits"), [(2, 1), (3, 2), (4, 2), (5, 3), (64, 6)])
def test_costs_of_the_docstring(features, qubits):
    feature_map = AmplitudeMap()
    counts = feature_map.circuit(features).count_ops()
    assert feature_map.qubits(features) == qubits
    assert counts.get("cz", 0) == 2**qubits - qubits - 1
    assert counts["ry"] == 2**qubits - 1


def test_huge_and_tiny_rows_are_normalised():
    rows = np.array([[3e300, -4e300], [3e-300, -4e-300]])
    for row in rows:
        np.testing.assert_allclose(state_of(AmplitudeMap(), row), [0.6, -0.8], atol=1e-12)


def test_zero_row_is_refused():
    with pytest.raises(ValueError, match="X: row 1 is zero"):
        AmplitudeMap().angles([[1.0, 2.0], [0.0, 0.0]])
