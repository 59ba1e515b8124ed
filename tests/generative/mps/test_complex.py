"""Complex matrix-product states: the same claims as of real ones, and what they are good for."""

import itertools

import numpy as np

from qml_algos.generative.checks import MISSING
from qml_algos.generative.mps.chain import log_likelihoods, orthonormalised
from qml_algos.generative.mps.marginals import distribution
from qml_algos.generative.mps.markov import markov_cores, phased
from qml_algos.generative.mps.sampling import complete, draw, log_evidence
from qml_algos.generative.mps.sweeps import Sweeper
from qml_algos.generative.mps_born_machine import MPSBornMachine

SIZES = (2, 3, 2, 2)


def everything(sizes: tuple[int, ...] = SIZES) -> np.ndarray:
    return np.array(list(itertools.product(*map(range, sizes))))


def state(seed: int, sizes: tuple[int, ...] = SIZES, bond: int = 3) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    bonds = [1, *[bond] * (len(sizes) - 1), 1]
    shapes = [(bonds[k], size, bonds[k + 1]) for k, size in enumerate(sizes)]
    cores = [generator.normal(size=shape) + 1j * generator.normal(size=shape) for shape in shapes]
    return orthonormalised(cores, bond)


def table(cores: list[np.ndarray]) -> np.ndarray:
    return np.exp(log_likelihoods(cores, everything())).reshape(SIZES)


def test_probabilities_are_squared_moduli_of_products() -> None:
    dense = (cores := state(0))[0]
    for core in cores[1:]:
        dense = np.tensordot(dense, core, 1)
    np.testing.assert_allclose(table(cores), np.abs(dense[0, ..., 0]) ** 2, atol=1e-14)
    assert abs(table(cores).sum() - 1) < 1e-12
    for core in cores[1:]:
        np.testing.assert_allclose(
            np.einsum("asb,csb->ac", core, core.conj()), np.eye(len(core)), atol=1e-12
        )


def test_marginals_evidence_and_samples_are_those_of_the_table() -> None:
    cores, whole = state(1), table(state(1))
    found = distribution(cores, [2, 0], {1: 2})
    expected = whole[:, 2].sum(axis=2).T
    np.testing.assert_allclose(found, expected / expected.sum(), atol=1e-12)
    rows = np.array([[MISSING, 2, MISSING, MISSING], [1, MISSING, 0, 1], [MISSING] * 4])
    known = [whole[:, 2].sum(), whole[1, :, 0, 1].sum(), 1]
    np.testing.assert_allclose(log_evidence(cores, rows), np.log(known), atol=1e-12)
    # Chi-square of 24 and of 3 outcomes at 99.9999 %: a false alarm once in 500,000 seeds.
    drawn = draw(cores, 20_000, np.random.default_rng(0))
    counts = np.bincount(np.ravel_multi_index(tuple(drawn.T), SIZES), minlength=24)
    assert chi_square(counts, whole.ravel()) < 75
    completed = complete(cores, np.tile(rows[1], (20_000, 1)), np.random.default_rng(0))
    np.testing.assert_array_equal(completed[:, [0, 2, 3]], np.tile([1, 0, 1], (20_000, 1)))
    assert chi_square(np.bincount(completed[:, 1], minlength=3), whole[1, :, 0, 1]) < 28


def chi_square(counts: np.ndarray, chances: np.ndarray) -> float:
    expected = counts.sum() * chances / chances.sum()
    return float(np.sum((counts - expected) ** 2 / expected))


def test_the_gradient_is_that_of_finite_differences() -> None:
    X = np.unique(np.random.default_rng(2).integers(0, SIZES, size=(30, 4)), axis=0)
    sweeper = Sweeper(X, np.full(len(X), 1 / len(X)), SIZES, bond_dimension=6, clip=1e4)
    sweeper.start(state(2), 0.0)
    merged = np.tensordot(sweeper.cores[0], sweeper.cores[1], 1)
    _, gradient = sweeper.gradient(0, merged)
    pairs = np.column_stack([X[:, 0] * 3 + X[:, 1], X[:, 2:]])

    def half_log(tensor: np.ndarray) -> float:
        cores = [tensor.reshape(1, 6, -1), *sweeper.cores[2:]]
        return float(np.mean(log_likelihoods(cores, pairs))) / 2

    generator = np.random.default_rng(3)
    direction = generator.normal(size=merged.shape) + 1j * generator.normal(size=merged.shape)
    slope = (half_log(merged + 1e-5 * direction) - half_log(merged - 1e-5 * direction)) / 2e-5
    np.testing.assert_allclose(np.vdot(gradient, direction).real, slope, rtol=2e-3)


def test_random_phases_leave_the_probabilities_of_the_markov_chain() -> None:
    X = np.random.default_rng(4).integers(0, SIZES, size=(50, 4))
    chain = markov_cores(X, np.ones(50), SIZES)
    turned = orthonormalised(phased(chain, np.random.default_rng(0)), 4)
    assert np.abs(turned[0].imag).max() > 1e-3
    np.testing.assert_allclose(table(turned), table(orthonormalised(chain, 4)), atol=1e-12)


def test_complex_amplitudes_learn_at_bond_2_what_real_ones_do_not() -> None:
    # The distribution of a complex state of bond 2 on 8 qubits, whole: no chance is involved.
    X = everything((2,) * 8)
    logs = log_likelihoods(state(3, (2,) * 8, 2), X)
    weights = np.exp(logs)
    excess = {}
    for dtype in ("float64", "complex128"):
        model = MPSBornMachine(
            2, dtype=dtype, order="natural", learning_rate=0.1, max_sweeps=60, random_state=1
        ).fit(X, sample_weight=1e4 * weights)
        assert {core.dtype for core in model.cores_} == {np.dtype(dtype)}
        excess[dtype] = float(weights @ (logs - model.score_samples(X)))
    assert excess["complex128"] < 0.001
    assert excess["float64"] > 0.04
