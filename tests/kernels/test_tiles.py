"""Tiles: the same Gram matrix however it is cut, in little memory, on other processes."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import joblib
import numpy as np
import pytest
from dask.distributed import Client

from circuits.feature_maps import AngleMap, ZZMap
from qml_algos.errors import TooLargeError
from qml_algos.kernels.state_cache import STATES, StateCache
from qml_algos.kernels.states import StateProgram
from qml_algos.kernels.tiles import StateSource, fidelities

EXAMPLE = Path(__file__).parents[2] / "examples" / "kernel_on_a_cluster.py"
SOURCE = StateSource(AngleMap(), 4, "complex128")
PLENTY = 2**30


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    STATES.clear()


def angles(rows: int, seed: int = 0, features: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, 2 * np.pi, (rows, features))


def by_formula(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return np.prod(np.cos((X[:, None] - Y[None]) / 2) ** 2, axis=-1)


@pytest.mark.parametrize("rows", [1, 255, 256, 257, 600])
def test_any_number_of_rows_gives_all_pairs(rows: int) -> None:
    X = angles(rows)
    np.testing.assert_allclose(
        fidelities(SOURCE, X, max_bytes=PLENTY), by_formula(X, X), atol=1e-13
    )


@pytest.mark.parametrize(("rows", "columns"), [(1, 600), (600, 1), (300, 520), (520, 300)])
@pytest.mark.parametrize("max_bytes", [PLENTY, 2**17, 2**15])
def test_any_shape_gives_all_pairs_in_any_memory(rows: int, columns: int, max_bytes: int) -> None:
    X, Y = angles(rows), angles(columns, 1)
    found = fidelities(SOURCE, X, Y, max_bytes=max_bytes)
    np.testing.assert_allclose(found, by_formula(X, Y), atol=1e-13)


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_number_of_jobs_does_not_change_a_bit(jobs: int) -> None:
    X, Y = angles(700), angles(300, 1)
    alone = fidelities(SOURCE, X, max_bytes=PLENTY), fidelities(SOURCE, Y, X, max_bytes=PLENTY)
    STATES.clear()
    assert np.array_equal(alone[0], fidelities(SOURCE, X, max_bytes=PLENTY, n_jobs=jobs))
    with joblib.parallel_config(backend="threading", n_jobs=jobs):
        assert np.array_equal(alone[1], fidelities(SOURCE, Y, X, max_bytes=PLENTY))


def test_tiles_of_little_memory_are_those_of_much() -> None:
    X = angles(300)
    alone = fidelities(SOURCE, X, max_bytes=PLENTY)
    for max_bytes in (2**18, 2**16, 2**14):
        STATES.clear()
        np.testing.assert_allclose(
            fidelities(SOURCE, X, max_bytes=max_bytes), alone, rtol=0, atol=1e-14
        )


def test_memory_stays_within_the_limit_where_the_states_do_not() -> None:
    """The states of all rows take 37.5 MiB; of the rest the simulation of a block takes most."""
    source = StateSource(ZZMap(), 13, "complex128")
    X = ZZMap().angles(angles(300, features=13))
    source.states(X[:1], 0)
    tracemalloc.start()
    fidelities(source, X, max_bytes=3 * 2**22)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 28 * 2**20
    assert STATES.nbytes == 0


def test_states_are_made_once_if_they_fit_and_once_a_band_if_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []
    original = StateProgram.states

    def counting(self: StateProgram, rows: np.ndarray, dtype: type) -> np.ndarray:
        made.append(len(rows))
        return original(self, rows, dtype)

    monkeypatch.setattr(StateProgram, "states", counting)
    X = angles(600)
    fidelities(SOURCE, X, max_bytes=600 * SOURCE.state_bytes)
    assert sum(made) == 600
    made.clear()
    STATES.clear()
    # Blocks of 64 rows, three of them held and one passing by.
    fidelities(SOURCE, X, max_bytes=256 * SOURCE.state_bytes)
    assert sum(made) == 600 + 408 + 216 + 24
    made.clear()
    fidelities(SOURCE, angles(50, 1), X, max_bytes=256 * SOURCE.state_bytes)
    assert sum(made) == 650


def test_progress_is_told_task_by_task() -> None:
    told = []
    X = angles(600)
    fidelities(SOURCE, X, max_bytes=PLENTY, n_jobs=2, report=lambda *done: told.append(done))
    assert told == [(i, 6) for i in range(1, 7)]


def test_two_states_must_fit_into_the_share_of_each_job() -> None:
    with pytest.raises(TooLargeError, match="max_bytes"):
        fidelities(SOURCE, angles(3), max_bytes=511)
    with pytest.raises(TooLargeError, match="max_bytes"):
        fidelities(SOURCE, angles(3), max_bytes=1000, n_jobs=2)


def test_what_was_unused_for_longest_is_given_up_first() -> None:
    cache, calls = StateCache(), []

    def compute(name: str) -> np.ndarray:
        calls.append(name)
        return np.zeros(10)

    for name in "ab" + "a" + "c" + "ab":
        found = cache.get(name, lambda name=name: compute(name), 160)
        assert cache.nbytes <= 160
    assert calls == ["a", "b", "c", "b"]
    assert not found.flags.writeable
    cache.get("large", lambda: np.zeros(1000), 160)
    assert cache.nbytes == 160
    cache.clear()
    assert cache.nbytes == 0


def test_a_cluster_is_where_joblibs_configuration_says() -> None:
    X = angles(600)
    alone = fidelities(SOURCE, X, max_bytes=PLENTY)
    STATES.clear()
    with (
        Client(processes=False, n_workers=2, threads_per_worker=1, dashboard_address=None),
        joblib.parallel_config(backend="dask"),
    ):
        assert np.array_equal(alone, fidelities(SOURCE, X, max_bytes=PLENTY))


def test_two_processes_of_a_dask_cluster_give_the_same_bits() -> None:
    shown = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", EXAMPLE],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout
    assert "largest difference from one process: 0.0e+00" in shown
