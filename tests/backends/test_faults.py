"""Nothing is lost and nothing is paid twice, whatever happens to us or to the service."""

from __future__ import annotations

import math
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from drivers.programs import FAST, PATTERNS, pubs_of, show, shown
from ibm_loopback.corruption import WAYS

from qml_algos.backends.jobs.records import State
from qml_algos.errors import (
    AccountError,
    BudgetError,
    CorruptResultError,
    JobLostError,
    RequestRefusedError,
    ServiceUnavailableError,
)

STATE = "/jobs/[^/]+"
RESULTS = "/jobs/[^/]+/results"


def wait_until(condition: Callable[[], bool], timeout: float = 30.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def sent(device, *groups):
    """Send, and come back."""
    return device.sampler(0).run(pubs_of(device, *groups or (PATTERNS,)), shots=8)


def seen(job) -> list:
    return [shown(result.data.meas).tolist() for result in job.result()]


def while_held(world, program: Callable[[], object], condition: Callable[[], bool]) -> object:
    """Do something until a condition is met while jobs are held, then let them go; its result."""
    with ThreadPoolExecutor() as pool:
        result = pool.submit(program)
        try:
            wait_until(condition, timeout=10)
        finally:
            world.server.release()
        return result.result()


# -- 1. our process is killed ---------------------------------------------------------------------


def require_finished_by_the_next_run(world) -> None:
    world.server.release()
    assert show(world.open()) == [PATTERNS]
    world.require_once()


def test_killed_before_the_job_is_stored(world) -> None:
    program = world.start_showing("killed")
    world.server.on("POST", "/jobs", "before", program.kill)
    world.server.fail("POST", "/jobs", drop=True)
    program.process.join()
    assert (world.states, world.paid) == ([State.SUBMITTING], [])
    require_finished_by_the_next_run(world)


def test_killed_after_the_job_is_stored_and_before_its_id_comes(world) -> None:
    program = world.start_showing("killed")
    world.server.on("POST", "/jobs", "answer", program.kill)
    program.process.join()
    assert world.states == [State.SUBMITTING]
    require_finished_by_the_next_run(world)
    assert "found by its tag" in world.notes


@pytest.mark.parametrize("state", ["Queued", "Running"])
def test_killed_while_the_job_waits_or_runs(world, state) -> None:
    world.server.hold(state)
    program = world.start_showing("killed")
    wait_until(lambda: world.ledger_path.exists() and world.states == [State(state.upper())])
    program.kill()
    require_finished_by_the_next_run(world)
    assert world.posts == 1


def test_killed_while_results_are_fetched(world) -> None:
    program = world.start_showing("killed")
    world.server.on("GET", RESULTS, "answer", program.kill)
    program.process.join()
    assert not (program.folder / "outcome").exists()
    require_finished_by_the_next_run(world)
    assert world.posts == 1


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(20))
def test_killed_at_any_moment_several_times(world, write_config, attempt) -> None:
    world.config = write_config(max_executions="8", max_shots="8", default_shots="8")
    world.server.latency = 0.2
    rng = np.random.default_rng(attempt)
    for run in range(3):
        program = world.start_showing(f"killed-{run}")
        time.sleep(rng.uniform(0.3, 2.0))
        program.kill()
    assert show(world.open()) == [PATTERNS]
    world.require_once(jobs=3)


# -- 2. the answer to the submission is lost ------------------------------------------------------


@pytest.mark.parametrize("times", [1, 2, pytest.param(math.inf, marks=pytest.mark.slow)])
def test_of_jobs_that_the_client_posted_again_one_is_left(world, times) -> None:
    world.server.hold()
    world.server.fail("POST", "/jobs", status=503, after_store=True, times=times)
    job = sent(world.open())
    assert len(world.paid) == 1
    assert world.posts == len(world.server.jobs) == min(times + 1, 6)
    world.server.release()
    assert seen(job) == [PATTERNS]
    world.require_once()


@pytest.mark.parametrize(
    "fault", [{"drop": True}, {"garbage": True}, {"garbage": "cut"}, {"status": 400}]
)
def test_a_job_whose_id_never_came_is_found_by_its_tag(world, fault) -> None:
    after = {} if "garbage" in fault else {"after_store": True}
    world.server.fail("POST", "/jobs", **fault, **after)
    assert show(world.open()) == [PATTERNS]
    assert world.posts == 1
    world.require_once()


def test_a_job_whose_id_never_came_is_found_although_the_listing_lags(world) -> None:
    world.server.listing_lag = 1.0
    world.server.fail("POST", "/jobs", drop=True, after_store=True)
    assert show(world.open(patience=replace(FAST, settle=2.0))) == [PATTERNS]
    assert world.posts == 1
    world.require_once()


def test_a_twin_is_cancelled_although_the_listing_lags(world) -> None:
    world.server.hold()
    world.server.listing_lag = 0.5
    world.server.fail("POST", "/jobs", status=503, after_store=True)
    job = sent(world.open(patience=replace(FAST, settle=0.8)))
    assert len(world.paid) == 2
    assert while_held(world, lambda: seen(job), lambda: len(world.paid) == 1) == [PATTERNS]
    world.require_once()


def test_a_twin_is_cancelled_by_the_next_process(world) -> None:
    world.server.hold()
    world.server.fail("POST", "/jobs", status=503, after_store=True)
    program = world.start_showing("killed")
    world.server.on("GET", "/jobs", "before", program.kill)
    program.process.join()
    assert len(world.paid) == 2
    device = world.open()
    assert while_held(world, lambda: show(device), lambda: len(world.paid) == 1) == [PATTERNS]
    world.require_once()


def test_a_service_that_cannot_take_a_job_leaves_it_unsent(world) -> None:
    world.server.fail("POST", "/jobs", drop=True, times=2)
    for _ in range(2):
        with pytest.raises(ServiceUnavailableError):
            show(world.open())
        assert world.states == [State.PLANNED]
    assert show(world.open()) == [PATTERNS]
    world.require_once()


def test_too_many_requests_are_waited_out(world) -> None:
    world.server.fail("POST", "/jobs", status=429, times=2)
    assert show(world.open()) == [PATTERNS]
    assert world.posts == 3
    world.require_once()


# -- 3. the service does not answer for a while ---------------------------------------------------


@pytest.mark.parametrize(
    ("status", "seconds", "path"),
    [
        (401, 1, STATE),
        (401, 1, RESULTS),
        (429, 1, STATE),
        (429, 5, RESULTS),
        # The client repeats these by itself, after up to 8 s.
        (503, 5, STATE),
        *(
            pytest.param(status, 40, path, marks=pytest.mark.slow)
            for status in (401, 429, 503)
            for path in (STATE, RESULTS)
        ),
    ],
)
def test_an_outage_while_we_wait_changes_nothing(world, status, seconds, path) -> None:
    world.server.hold()
    job = sent(world.open(patience=replace(FAST, outage=120.0)))
    fault = world.server.fail("GET", path, status=status, seconds=seconds)
    world.server.release()
    assert seen(job) == [PATTERNS]
    assert fault.used > 1
    assert world.posts == 1
    world.require_once()


@pytest.mark.parametrize("fault", [{"garbage": "json"}, {"garbage": "cut"}, {"drop": True}])
def test_answers_that_make_no_sense_are_asked_for_again(world, fault) -> None:
    world.server.hold()
    job = sent(world.open())
    used = world.server.fail("GET", STATE, times=2, **fault)
    world.server.release()
    assert seen(job) == [PATTERNS]
    assert used.used == 2
    world.require_once()


def test_results_do_not_wait_for_what_they_cost(world) -> None:
    world.server.fail("GET", "/jobs/[^/]+/metrics", status=404, times=math.inf)
    assert show(world.open()) == [PATTERNS]
    world.require_once()


def test_an_outage_beyond_patience_is_an_error_and_the_job_is_kept(world) -> None:
    world.server.hold()
    job = sent(world.open(patience=replace(FAST, outage=0.5)))
    world.server.release()
    world.server.fail("GET", STATE, status=429, times=math.inf)
    with pytest.raises(ServiceUnavailableError):
        job.result()
    assert world.states == [State.QUEUED]
    world.server.clear_faults()
    assert show(world.open()) == [PATTERNS]
    world.require_once()


def test_a_session_that_expires_while_we_wait_is_opened_again(world) -> None:
    world.server.hold()
    job = sent(world.open())
    world.server.expire_tokens()
    world.server.release()
    assert seen(job) == [PATTERNS]
    world.require_once()


def test_a_session_that_expires_before_we_send_is_opened_again(world) -> None:
    device = world.open()
    pubs = pubs_of(device, PATTERNS)
    world.server.expire_tokens()
    assert seen(device.sampler(0).run(pubs, shots=8)) == [PATTERNS]
    world.require_once()


def test_tokens_that_live_for_seconds_only_do_not_matter(world) -> None:
    world.server.token_lifetime = 11.0
    world.server.latency = 1.5
    assert show(world.open()) == [PATTERNS]
    world.require_once()


# -- 4. the service ends a job without results ----------------------------------------------------


@pytest.mark.parametrize("end", ["Failed", "Cancelled"])
def test_a_lost_job_is_named_with_the_reason_and_not_sent_again(world, end) -> None:
    world.server.next_outcome(end, reason="a pulse went astray", reason_code=1517)
    for _ in range(2):
        with pytest.raises(JobLostError, match="a pulse went astray"):
            show(world.open())
    assert world.posts == 1
    [job] = world.ledger.jobs()
    assert job.state in (State.FAILED, State.CANCELLED)
    assert job.provider_id in str(world.server.jobs)
    world.require_consistent()


def test_a_lost_job_is_sent_again_once_where_that_is_asked_for(world) -> None:
    world.server.next_outcome("Failed", reason="first", count=1)
    with pytest.raises(JobLostError, match="first"):
        show(world.open())
    world.server.next_outcome("Failed", reason="second", count=1)
    with pytest.raises(JobLostError, match="second"):
        show(world.open(resubmit=True))
    assert world.posts == 2
    assert show(world.open(resubmit=True)) == [PATTERNS]
    assert world.posts == 3
    assert world.states == [State.FAILED, State.FAILED, State.DONE]
    assert show(world.open(resubmit=True)) == [PATTERNS]
    assert world.posts == 3
    world.require_consistent()


def test_a_job_that_fails_while_its_sender_may_resubmit_is_not_sent_again(world) -> None:
    world.server.next_outcome("Failed", reason="again and again", count=9)
    with pytest.raises(JobLostError):
        show(world.open(resubmit=True))
    assert world.posts == 1


def test_other_jobs_of_the_request_are_recorded_although_one_failed(world, write_config) -> None:
    split = write_config(max_executions="8", max_shots="8", default_shots="8")
    world.server.next_outcome("Completed")
    world.server.next_outcome("Failed", reason="the middle one")
    with pytest.raises(JobLostError, match="the middle one"):
        show(world.open(split))
    assert world.states == [State.DONE, State.FAILED, State.DONE]
    assert show(world.open(split, resubmit=True)) == [PATTERNS]
    assert world.posts == 4
    world.require_consistent()


# -- 5. words for a state -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome",
    [
        {"status": "Cancelled", "reason": "Ran too long", "reason_code": 1305},
        {"status": "Cancelled - Ran too long"},
    ],
)
def test_a_job_that_ran_too_long_is_lost(world, outcome) -> None:
    world.server.next_outcome(**outcome)
    with pytest.raises(JobLostError, match=r"(?i)ran too long"):
        show(world.open())
    assert world.posts == 1
    world.require_consistent()


def test_an_unknown_word_for_a_state_is_waited_on_for_a_while_and_changes_nothing(world) -> None:
    world.server.next_outcome("Pondering")
    begun = time.monotonic()
    with pytest.raises(ServiceUnavailableError, match=r"(?i)pondering"):
        show(world.open(patience=replace(FAST, outage=0.5)))
    assert time.monotonic() - begun < 10
    assert world.states == [State.QUEUED]
    world.require_consistent()


# -- 6. the service knows nothing of a job --------------------------------------------------------


def test_a_job_that_the_service_does_not_know_is_lost_to_this_run_only(world) -> None:
    world.server.hold()
    sent(world.open())
    [name] = world.server.jobs
    world.server.forget(name)
    world.server.release()
    for _ in range(2):
        with pytest.raises(JobLostError, match=name):
            show(world.open())
        assert world.states == [State.QUEUED]
    assert world.posts == 1
    assert show(world.open(resubmit=True)) == [PATTERNS]
    assert world.posts == 2
    world.require_once()


# -- 7. several programs at once ------------------------------------------------------------------


@pytest.mark.parametrize("repetition", range(3))
def test_two_processes_with_one_program_send_it_once(world, repetition) -> None:
    barrier = multiprocessing.get_context("forkserver").Barrier(2)
    both = [world.start_showing(f"process-{n}", together=barrier) for n in range(2)]
    assert [program.outcome for program in both] == [[PATTERNS], [PATTERNS]]
    assert world.posts == 1
    world.require_once()


def test_two_processes_with_programs_that_share_a_part_send_it_once(world, write_config) -> None:
    # Every PUB is a job of its own.
    world.config = write_config(max_executions="16", max_shots="8", default_shots="8")
    barrier = multiprocessing.get_context("forkserver").Barrier(2)
    first = world.start_showing("first", [[1, 2], [3, 4]], together=barrier)
    second = world.start_showing("second", [[3, 4], [5, 6]], together=barrier)
    assert first.outcome == [[1, 2], [3, 4]]
    assert second.outcome == [[3, 4], [5, 6]]
    assert world.posts == 3
    world.require_once(jobs=3)


@pytest.mark.parametrize("shared_recorder", [True, False])
def test_threads_with_one_program_send_it_once(world, shared_recorder) -> None:
    one = world.open()
    pubs_of(one)
    devices = [one if shared_recorder else world.open() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(show, devices)) == [[PATTERNS]] * 4
    assert world.posts == 1
    world.require_once()


def test_threads_with_programs_that_share_a_part_send_it_once(world) -> None:
    groups = [([1], [2]), ([2], [3]), ([3], [1]), ([1], [2], [3])]
    devices = [world.open() for _ in groups]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda device, own: show(device, *own), devices, groups))
    assert found == [[*own] for own in groups]
    units = world.rows("SELECT count(*) FROM unit")
    assert units == [(3,)]
    sent_programs = [job.params["quantum_program"] for job in world.server.jobs.values()]
    assert sum(len(program["items"]) for program in sent_programs) == 3
    world.require_once(jobs=world.posts)


def test_a_program_over_budget_takes_nothing_from_one_that_is_sending(world, write_config) -> None:
    """Both ask for the same PUBs, grouped differently, while the first of two jobs is sent."""
    first = write_config(max_executions="16", max_shots="8", default_shots="8")
    poor = write_config("poor.toml", budget="0.1", max_executions="8", max_shots="8",
                        default_shots="8")  # fmt: skip
    refused = []

    def refuse(_: object) -> None:
        other = world.open(poor)
        with pytest.raises(BudgetError):
            show(other, [3], [4, 5])

    rich = world.open(first)
    pubs_of(rich)
    with ThreadPoolExecutor() as pool:
        world.server.on(
            "POST", "/jobs", "before", lambda request: refused.append(pool.submit(refuse, request))
        )
        world.server.fail("POST", "/jobs", delay=1.0)
        assert show(rich, [1, 2], [3], [4], [5, 6]) == [[1, 2], [3], [4], [5, 6]]
        refused[0].result()
    world.require_once(jobs=3)


# -- 9. accounts ----------------------------------------------------------------------------------


def test_a_wrong_key_is_refused_and_not_shown(world, monkeypatch) -> None:
    key = "a-wrong-key-that-nobody-may-see"
    monkeypatch.setenv("QISKIT_IBM_TOKEN", key)
    with pytest.raises(AccountError) as refusal:
        show(world.open())
    assert key not in str(refusal.value)
    assert world.posts == 0
    assert world.states == []


def test_without_an_account_the_message_says_how_to_get_one(world, monkeypatch) -> None:
    for name in ("TOKEN", "INSTANCE", "CHANNEL", "URL"):
        monkeypatch.delenv(f"QISKIT_IBM_{name}")
    with pytest.raises(AccountError, match="qml-algos account save"):
        show(world.open())
    assert world.server.requests == []


def test_an_unreachable_service_is_no_wrong_account(world, monkeypatch) -> None:
    monkeypatch.setenv("IAM_URL", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(ServiceUnavailableError, match="does not answer"):
        show(world.open())
    assert world.posts == 0


def test_a_foreign_instance_is_refused_and_not_shown(world, monkeypatch) -> None:
    number = "0123456789abcdef0123456789abcdef"
    crn = f"crn:v1:bluemix:public:quantum-computing:us-east:a/{number}:elsewhere::"
    monkeypatch.setenv("QISKIT_IBM_INSTANCE", crn)
    with pytest.raises((AccountError, RequestRefusedError)) as refusal:
        show(world.open())
    assert number not in str(refusal.value)
    assert world.posts == 0


# -- 10. the account's quantum time ---------------------------------------------------------------


@pytest.mark.parametrize("left", [0.0, 1.0])
def test_nothing_is_sent_where_the_account_has_too_little_time(world, left) -> None:
    world.server.remaining_seconds = left
    with pytest.raises(BudgetError, match=f"{left:.1f} s of quantum time left"):
        show(world.open())
    assert world.posts == 0
    assert world.states == [State.REFUSED]
    world.server.remaining_seconds = 100.0
    assert show(world.open()) == [PATTERNS]
    world.require_once()


@pytest.mark.parametrize("status", [400, 403, 409, 413])
def test_a_refusal_by_the_service_leaves_the_job_unsent(world, status) -> None:
    world.server.fail("POST", "/jobs", status=status)
    with pytest.raises(RequestRefusedError):
        show(world.open())
    assert world.server.jobs == {}
    assert world.states == [State.PLANNED]
    assert show(world.open()) == [PATTERNS]
    world.require_once()


def test_a_refusal_in_the_middle_leaves_only_the_rest_to_be_sent(world, write_config) -> None:
    split = write_config(max_executions="8", max_shots="8", default_shots="8")

    def refuse_the_next(_: object) -> None:
        world.server.fail("POST", "/jobs", status=400)

    world.server.on("POST", "/jobs", "answer", refuse_the_next)
    world.server.fail("POST", "/jobs", delay=0.0)
    with pytest.raises(RequestRefusedError):
        show(world.open(split))
    assert len(world.server.jobs) == 1
    assert show(world.open(split)) == [PATTERNS]
    assert len(world.server.jobs) == 3
    world.require_once(jobs=3)


# -- 12. the user's budget ------------------------------------------------------------------------


def test_above_the_budget_nothing_is_sent_until_the_budget_is_larger(world, write_config) -> None:
    poor = write_config("poor.toml", budget="1.0")
    for _ in range(2):
        with pytest.raises(BudgetError, match=r"budget of 1\.0 s"):
            show(world.open(poor))
    assert world.posts == 0
    assert world.states == [State.REFUSED]
    assert "budget of 1.0 s" in world.notes
    assert show(world.open()) == [PATTERNS]
    assert world.posts == 1
    world.require_once()


def test_the_budget_is_for_all_that_one_recorder_sends(world, write_config) -> None:
    # A job is estimated at 2 s and a little.
    device = world.open(write_config(budget="5.0"))
    assert show(device, [1]) == [[1]]
    assert show(device, [2]) == [[2]]
    with pytest.raises(BudgetError, match=r"4\.0 s sent before"):
        show(device, [3])
    # What is recorded costs nothing.
    assert show(device, [1]) == [[1]]
    assert world.posts == 2


def test_a_job_that_would_be_stopped_is_refused_with_a_number_that_fits(
    world, write_config
) -> None:
    # 12,800 executions take 3.2 s and more, a job by itself 2 s.
    many = [n % 8 for n in range(128)]
    limits = {"max_shots": "100", "default_shots": "100", "max_execution_time": "4"}
    with pytest.raises(BudgetError, match=r"limits\.max_executions = ") as refusal:
        show(world.open(write_config(**limits)), many, shots=100)
    assert world.posts == 0
    fits = str(refusal.value).split("limits.max_executions = ")[1].split()[0]
    split = write_config(**limits, max_executions=fits)
    assert show(world.open(split), many, shots=100) == [many]
    world.require_once(jobs=2)


def test_a_job_that_no_splitting_makes_short_enough_is_refused(world, write_config) -> None:
    with pytest.raises(BudgetError, match="Nothing was sent; raise max_execution_time"):
        show(world.open(write_config(max_execution_time="1")))
    assert world.posts == 0


# -- 13. damaged results --------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_damaged_results_are_fetched_again(world, way) -> None:
    world.server.fail("GET", RESULTS, corrupt=way)
    assert show(world.open(), [1], [2]) == [[1], [2]]
    world.require_once()


@pytest.mark.parametrize("way", [*WAYS, "json", "cut"])
def test_results_that_stay_damaged_are_an_error_and_can_be_fetched_later(world, way) -> None:
    spoil = {"corrupt": way} if way in WAYS else {"garbage": way}
    world.server.fail("GET", RESULTS, **spoil, times=math.inf)
    # A connection that ends too early is no answer at all.
    expected = ServiceUnavailableError if way == "cut" else CorruptResultError
    with pytest.raises(expected):
        show(world.open(patience=replace(FAST, outage=0.5)), [1], [2])
    assert world.states == [State.QUEUED]
    world.server.clear_faults()
    assert show(world.open(), [1], [2]) == [[1], [2]]
    assert world.posts == 1
    world.require_once()
