"""One-site sweeps and mini-batches."""

import itertools

import numpy as np
import pytest

from qml_algos.generative.mps.batches import BatchSweeper
from qml_algos.generative.mps.chain import log_likelihoods, orthonormalised
from qml_algos.generative.mps.one_site import OneSiteSweeper
from qml_algos.generative.mps.pairs import site_groups
from qml_algos.generative.mps.samples import Samples, distinct
from qml_algos.generative.mps.sweeps import Sweeper
from qml_algos.generative.mps_born_machine import MPSBornMachine

SIZES = (2, 3, 2, 4, 2)


def state(seed: int, *, imaginary: bool) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    shapes = [(1 if k == 0 else 3, size, 1 if k == 4 else 3) for k, size in enumerate(SIZES)]
    cores = [generator.normal(size=shape) for shape in shapes]
    if imaginary:
        cores = [core + 1j * generator.normal(size=core.shape) for core in cores]
    return orthonormalised(cores, 3)


def samples(count: int = 60) -> np.ndarray:
    return np.random.default_rng(0).integers(0, SIZES, size=(count, len(SIZES)))


def sweeper(*, imaginary: bool, shrinkage: float = 0.0) -> OneSiteSweeper:
    data = distinct(samples(), np.ones(60))
    made = OneSiteSweeper(data.X, data.weights, clip=1e4)
    made.start(state(1, imaginary=imaginary), shrinkage)
    return made


def bars_and_stripes() -> np.ndarray:
    bits = np.arange(16)[:, None] >> np.arange(4) & 1
    return np.unique(np.vstack([np.repeat(bits, 4, axis=1), np.tile(bits, (1, 4))]), axis=0)


def test_every_block_holds_its_value_and_leads_to_its_neighbours() -> None:
    X = samples()
    groups = site_groups(X)
    for k, site in enumerate(groups):
        for value, rows in site.blocks:
            assert np.all(X[site.order[rows], k] == value)
        assert sum(rows.stop - rows.start for _, rows in site.blocks) == len(X)
    for before, after in itertools.pairwise(groups):
        np.testing.assert_array_equal(before.order[before.to_next], after.order)
        np.testing.assert_array_equal(after.order[after.to_previous], before.order)


@pytest.mark.parametrize("imaginary", [False, True])
def test_the_gradient_is_that_of_finite_differences(imaginary: bool) -> None:
    trained = sweeper(imaginary=imaginary)
    data = distinct(samples(), np.ones(60))
    core = trained.cores[0]
    generator = np.random.default_rng(0)
    direction = generator.normal(size=core.shape) + 1j * imaginary

    def half_log(step: float) -> float:
        moved = [core + step * direction, *trained.cores[1:]]
        return float(data.weights @ log_likelihoods(moved, data.X)) / 2

    if not imaginary:
        direction = direction.real
    _, gradient = trained.gradient(0, core)
    slope = (half_log(1e-5) - half_log(-1e-5)) / 2e-5
    np.testing.assert_allclose(np.vdot(gradient, direction).real, slope, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("imaginary", [False, True])
def test_gentle_sweeps_raise_the_likelihood_and_keep_the_bonds(imaginary: bool) -> None:
    trained = sweeper(imaginary=imaginary)
    shapes = [core.shape for core in trained.cores]
    reported = [trained.sweep(0.02) for _ in range(6)]
    assert np.all(np.diff(reported) > 0)
    assert [core.shape for core in trained.cores] == shapes
    for core in trained.cores[1:]:
        np.testing.assert_allclose(
            np.einsum("asb,csb->ac", core, core.conj()), np.eye(len(core)), atol=1e-12
        )
    data = distinct(samples(), np.ones(60))
    reached = data.weights @ log_likelihoods(trained.cores, data.X)
    assert 0 < reached - reported[-1] < 0.05


def test_shrinkage_leaves_less_entanglement_in_the_same_bonds() -> None:
    left = []
    for shrinkage in (0.0, 0.4, 100.0):
        trained = sweeper(imaginary=False, shrinkage=shrinkage)
        for _ in range(15):
            trained.sweep(0.05)
        values = np.linalg.svd(trained.cores[0].reshape(2, -1), compute_uv=False)
        left.append(values.sum())
    assert left[2] < left[1] - 0.2 < left[0] - 0.2


@pytest.mark.parametrize("sweeps", ["one-site", "both"])
def test_bars_and_stripes_are_learnt_exactly(sweeps: str) -> None:
    X = bars_and_stripes()
    model = MPSBornMachine(
        16, sweeps=sweeps, order="natural", learning_rate=0.2, tol=1e-7, random_state=0
    ).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-5


def test_parity_is_learnt_by_one_site_sweeps() -> None:
    bits = np.arange(2**6)[:, None] >> np.arange(6) & 1
    X = bits[bits.sum(axis=1) % 2 == 0]
    model = MPSBornMachine(
        4, sweeps="one-site", order="natural", learning_rate=0.1, random_state=0
    ).fit(X)
    assert -model.score(X) < np.log(len(X)) + 1e-3


def test_polishing_goes_on_from_the_best_two_site_state() -> None:
    generator = np.random.default_rng(0)
    prototypes = generator.integers(0, 2, (4, 6))[generator.integers(0, 4, 400)]
    X, valid = np.split(prototypes ^ (generator.random((400, 6)) < 0.08), 2)
    options = {"order": "natural", "shrinkage": 0.05, "random_state": 0}
    first = MPSBornMachine(4, **options).fit(X, X_valid=valid)
    both = MPSBornMachine(4, sweeps="both", **options).fit(X, X_valid=valid)
    count = len(first.train_losses_)
    np.testing.assert_array_equal(both.train_losses_[:count], first.train_losses_)
    assert count < len(both.train_losses_)
    assert both.score(valid) >= first.score(valid)


def test_each_pass_goes_through_all_samples_in_other_batches() -> None:
    X, weights = samples(50), np.arange(1.0, 51)
    seen: list[tuple[np.ndarray, np.ndarray]] = []

    def make(batch: np.ndarray, shares: np.ndarray) -> Sweeper:
        seen.append((batch, shares))
        return Sweeper(batch, shares, SIZES, bond_dimension=3, clip=100)

    trained = BatchSweeper(
        Samples(X, weights), distinct(X, weights), batch_size=20, seed=1, passes=0, make=make
    )
    trained.start(state(1, imaginary=False), 0.0)
    trained.sweep(0.02)
    first, seen = seen, []
    assert len(first) == 3
    assert {tuple(row) for batch, _ in first for row in batch} == {tuple(row) for row in X}
    assert all(shares.sum() == pytest.approx(1) for _, shares in first)
    trained.sweep(0.02)
    assert not np.array_equal(first[0][0], seen[0][0])


def test_mini_batches_learn_and_repeat_themselves() -> None:
    X = np.repeat(bars_and_stripes(), 4, axis=0)
    model = MPSBornMachine(16, batch_size=40, order="natural", max_sweeps=6, random_state=3)
    losses = [model.fit(X).train_losses_ for _ in range(2)]
    np.testing.assert_array_equal(*losses)
    assert -model.score(X) < np.log(30) + 0.15


def test_a_batch_of_all_samples_is_no_batch_but_for_rounding() -> None:
    X = samples(40)
    options = {"order": "natural", "max_sweeps": 3, "random_state": 0}
    whole = MPSBornMachine(4, **options).fit(X)
    batch = MPSBornMachine(4, batch_size=40, **options).fit(X)
    np.testing.assert_allclose(batch.score_samples(X), whole.score_samples(X), rtol=1e-3)
