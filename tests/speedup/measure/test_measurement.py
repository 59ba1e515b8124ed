"""Seconds, memory and threads of computations."""

import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.measure import measure


def test_memory_is_that_of_the_arrays_that_are_held_at_once() -> None:
    size = 2**20
    found = measure(lambda: float(np.sum(np.ones(size) + np.ones(size))))
    assert found.peak_memory_bytes is not None
    assert 2 * 8 * size <= found.peak_memory_bytes <= 4 * 8 * size
    assert found.value == 2 * size


def test_waiting_takes_wall_seconds_and_no_processor() -> None:
    found = measure(lambda: time.sleep(0.02), repetitions=3)
    assert found.wall_seconds >= 0.02
    assert found.cpu_seconds < 0.01
    assert found.repetitions == 3


def test_threads_are_pinned_and_stated_and_set_free_again() -> None:
    before = [pool["num_threads"] for pool in threadpool_info()]
    seen: list[int] = []
    found = measure(lambda: seen.extend(pool["num_threads"] for pool in threadpool_info()))
    assert found.threads == 1
    assert set(seen) == {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_what_is_run_once_is_run_once() -> None:
    calls: list[int] = []
    found = measure(lambda: calls.append(1), repetitions=1)
    assert len(calls) == found.repetitions == 1
    # A warm-up, seven that are timed, and one whose memory is traced.
    measure(lambda: calls.append(1))
    assert len(calls) == 10


def test_seconds_that_do_not_count_are_left_out_of_both_clocks() -> None:
    def work() -> float:
        end = time.process_time() + 0.01
        while time.process_time() < end:
            pass
        return 0.001

    found = measure(work, seconds_of=lambda own: own, repetitions=3)
    assert found.wall_seconds == 0.001
    assert 0 < found.cpu_seconds <= 0.0011


def test_costs_have_the_names_of_a_row() -> None:
    found = measure(lambda: None, repetitions=1)
    costs = found.costs(flops=3.0)
    assert costs["flops"] == 3.0
    assert costs["classical_seconds"] == found.wall_seconds
    assert set(costs) == {
        *("classical_seconds", "cpu_seconds", "peak_memory_bytes", "threads", "flops")
    }


@pytest.mark.parametrize("name", ["repetitions", "threads"])
def test_numbers_that_are_no_counts_are_refused(name: str) -> None:
    with pytest.raises(InvalidProblemError, match=f"{name} = 0"):
        measure(lambda: None, **{name: 0})
