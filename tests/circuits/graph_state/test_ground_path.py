"""The path as a circuit: what is in it, and that its bits are those of phase estimation."""

import numpy as np
from graph_models import chain, random_matrices

from circuits.graph_state.ground_path import Stage, filtered_along, path_preparation, polar

STAGES = (Stage(1, 1.2, 2, 2), Stage(0, 1.1, 3, 1))


def test_polar_factors_are_unitary_and_positive_of_norm_one():
    matrices = 5 * random_matrices(4, 3.0)
    left, positive = polar(matrices)
    np.testing.assert_allclose(left @ left.conj().swapaxes(1, 2), [np.eye(2)] * 4, atol=1e-12)
    np.testing.assert_allclose(np.linalg.eigvalsh(positive), [[1 / 3, 1]] * 4)
    np.testing.assert_allclose(5 * left @ positive, matrices, atol=1e-12)


def test_filters_are_added_one_by_one():
    positive = polar(random_matrices(3))[1]
    first, second = filtered_along(positive, STAGES)
    np.testing.assert_array_equal(first, [np.eye(2), positive[1], np.eye(2)])
    np.testing.assert_array_equal(second, [positive[0], positive[1], np.eye(2)])


def test_every_bit_waits_for_those_before_it():
    circuit = path_preparation(chain(3), random_matrices(3), STAGES, projected=(2,))
    tests = [item.operation for item in circuit.data if item.operation.name == "if_else"]
    assert len(tests) == 2 * 2 + 3
    assert all(test.condition == (circuit.cregs[0][0], 0) for test in tests)
    phases = [test.blocks[0].count_ops()["cp"] for test in tests]
    assert phases == [3, 6, 3, 6, 3, 6, 12]
    assert [register.name for register in circuit.cregs] == ["failed", "conditions"]
    assert [stage.steps for stage in STAGES] == [6, 7]
