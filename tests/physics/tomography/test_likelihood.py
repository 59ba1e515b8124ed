import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.stats import unitary_group

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.snapshots import Snapshots
from qml_algos.physics.tomography.likelihood import measured_amplitudes
from qml_algos.physics.tomography.objectives import phase_objective, state_objective

ROTATIONS = np.concatenate([unitary_group.rvs(2, size=2, random_state=0), np.eye(2)[None]])


@pytest.fixture(scope="module")
def snapshots(drawn):
    generator = np.random.default_rng(0)
    state = generator.normal(size=8) + 1j * generator.normal(size=8)
    settings = np.concatenate([[[2, 2, 2]], generator.integers(0, 3, (12, 3))])
    return drawn(state, settings, 10, 1, ROTATIONS)


def test_the_likelihood_is_that_of_borns_rule_in_any_bases(snapshots):
    generator = np.random.default_rng(2)
    logs = generator.normal(size=8) + 1j * generator.normal(size=8)
    expected = 0.0
    for setting, bits in zip(snapshots.bases, snapshots.bits, strict=True):
        one, two, three = ROTATIONS[setting]
        turned = np.kron(three, np.kron(two, one)) @ np.exp(logs)
        expected += np.log(np.abs(turned[bits @ [1, 2, 4]]) ** 2)
    for every in (True, False):
        data = measured_amplitudes(snapshots, every=every)
        numbers = ((1 - data.spins) / 2).astype(int) @ [1, 2, 4]
        assert data.log_likelihood(logs[numbers])[0] == pytest.approx(expected)


def test_gradients_are_those_of_finite_differences(snapshots):
    data = measured_amplitudes(snapshots, every=True)
    generator = np.random.default_rng(3)
    x = generator.normal(size=2 * 11)
    moduli = generator.normal(size=8)
    for objective, start, arguments in (
        (state_objective, x, (data, 11, (0.01, 0.02))),
        (state_objective, x[:11], (data, 11, (0.01, 0.0))),
        (phase_objective, x[:11], (data, moduli, 0.01, 0.7)),
    ):
        error = check_grad(
            lambda y, f=objective, a=arguments: f(y, *a)[0],
            lambda y, f=objective, a=arguments: f(y, *a)[1],
            start,
        )
        assert error < 1e-5


def test_folds_part_all_snapshots_those_in_z_alike(snapshots):
    data = measured_amplitudes(snapshots, every=True)
    folds = data.folds(4, np.random.default_rng(0))
    assert np.array_equal(sum(held.counts for _, held in folds), data.counts)
    for rest, held in folds:
        assert np.array_equal(rest.counts + held.counts, data.counts)
        assert held.where(held.diagonal).samples >= data.where(data.diagonal).samples // 4


def test_snapshots_without_any_in_z_are_refused():
    with pytest.raises(InvalidProblemError, match="Z basis on all qubits"):
        measured_amplitudes(Snapshots([[0, 1]], np.array([[0, 2]])), every=True)


def test_outcomes_of_too_many_amplitudes_are_refused():
    bases = np.zeros((2, 25), dtype=int)
    bases[1] = 2
    with pytest.raises(TooLargeError, match="33,554,433 amplitudes"):
        measured_amplitudes(Snapshots(np.zeros((2, 25)), bases), every=False)


def test_more_qubits_than_numbers_have_bits_are_refused():
    with pytest.raises(TooLargeError, match="62"):
        measured_amplitudes(Snapshots(np.zeros((1, 63)), np.full((1, 63), 2)), every=False)
