import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from qml_algos.physics.ground_states import GROUND_STATE_SOLVERS
from qml_algos.physics.hamiltonians import transverse_field_ising
from qml_algos.physics.threads import one_thread


def threads():
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return {pool["filepath"]: pool["num_threads"] for pool in pools}


def test_products_keep_to_one_thread_and_what_follows_does_not():
    with threadpool_limits(limits=2, user_api="blas"):
        before = threads()
        with one_thread():
            assert set(threads().values()) == {1}
        assert threads() == before


@pytest.mark.parametrize("solver", ["circuit", "mps"])
def test_ground_states_are_found_on_one_thread(solver):
    seen = []
    with threadpool_limits(limits=2, user_api="blas"):
        before = threads()
        GROUND_STATE_SOLVERS[solver](random_state=0).fit(
            transverse_field_ising(4), progress=lambda *_: seen.extend(threads().values())
        )
        # A simulator may have loaded a library of its own.
        assert before.items() <= threads().items()
    assert set(seen) == {1}
