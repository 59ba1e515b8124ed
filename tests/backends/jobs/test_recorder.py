"""The recorder, against a service in memory: what is sent, how often, and what is kept."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.primitives import StatevectorSampler

import qml_algos
from qml_algos.backends import Ledger, Recorder
from qml_algos.backends.config import load_config
from qml_algos.backends.jobs.cost import Plan
from qml_algos.backends.jobs.courier import Courier, Patience
from qml_algos.backends.jobs.recorded import RecordedSampler
from qml_algos.backends.jobs.records import State
from qml_algos.backends.jobs.service import RemoteJob
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.recorded import RecordedBackend
from qml_algos.errors import (
    BudgetError,
    ComputationChangedError,
    JobLostError,
    JobsPendingError,
    RequestRefusedError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnknownJobError,
)

QUICK = Patience(settle=0.01, outage=0.3, first_poll=0.001, longest_poll=0.01)


class Memory:
    """A service in memory. ``trouble`` holds what its next answers to ``send`` are."""

    def __init__(self) -> None:
        self.jobs: dict[str, tuple[str, Sequence, State]] = {}
        self.trouble: list[BaseException | str] = []
        self.ends_as: list[State] = []
        self.left: float | None = None
        self.cancelled: list[str] = []
        self.stored = 0
        self.name = "mine"

    def send(self, pubs: Sequence, tag: str) -> str:
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, BaseException):
            raise trouble
        name = f"job-{self.stored}"
        self.stored += 1
        state = self.ends_as.pop(0) if self.ends_as else State.DONE
        self.jobs[name] = (tag, pubs, state)
        if trouble == "answer lost":
            raise ServiceUnavailableError("socket closed")
        if trouble == "twin":
            return self.send(pubs, tag)
        return name

    def account(self) -> str:
        return self.name

    def together(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def find(self, tag: str) -> list[RemoteJob]:
        return [self.ask(name) for name, (found, *_) in self.jobs.items() if found == tag]

    def ask(self, provider_id: str) -> RemoteJob:
        if provider_id not in self.jobs:
            raise UnknownJobError(f"no {provider_id}")
        return RemoteJob(provider_id, self.jobs[provider_id][2], "because", 1.5)

    def fetch(self, provider_id: str) -> list:
        return list(StatevectorSampler(seed=0).run(self.jobs[provider_id][1]).result())

    def cancel(self, provider_id: str) -> None:
        self.cancelled.append(provider_id)
        tag, pubs, state = self.jobs[provider_id]
        if state in (State.QUEUED, State.RUNNING):
            self.jobs[provider_id] = (tag, pubs, State.CANCELLED)

    def seconds_left(self) -> float | None:
        return self.left


class Device:
    """A backend on the service in memory: a second for a thousand executions."""

    def __init__(self, service: Memory, **limits: int) -> None:
        config = load_config("ibm_device")
        limits = {"default_shots": 10, "max_shots": 100, **limits}
        self.config = config.model_copy(
            update={
                "limits": config.limits.model_copy(update=limits),
                "timing": config.timing.model_copy(update={"per_job": 1.0}),
                "budget": 100.0,
                "max_execution_time": 60,
            }
        )
        self.service = service

    def check(self, circuit: QuantumCircuit) -> None:
        pass

    def source(self, device: str | None, calibrated: str | None) -> Source:
        return Source(self.config, "memory", {}, lambda _: 1e-3, self.service)


def coin(angle: float = 0.4) -> QuantumCircuit:
    circuit = QuantumCircuit(1)
    circuit.ry(angle, 0)
    circuit.measure_all()
    return circuit


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with contextlib.closing(Ledger(tmp_path / "ledger.sqlite")) as opened:
        yield opened


@pytest.fixture
def service() -> Memory:
    return Memory()


def sample(ledger: Ledger, device: Device, pubs: list, seed: int = 0, **options):
    recorder = Recorder(ledger, patience=QUICK, **options)
    return RecordedSampler(recorder, device, seed).run(pubs).result()


def counts(result) -> list[dict[str, int]]:
    return [pub.data.meas.get_counts() for pub in result]


def test_a_result_is_bought_once(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    first = sample(ledger, device, [coin(), coin(1.0)])
    assert len(service.jobs) == 1
    assert counts(sample(ledger, device, [coin(), coin(1.0)])) == counts(first)
    assert counts(sample(ledger, device, [coin(1.0)])) == counts(first)[1:]
    assert len(service.jobs) == 1
    sample(ledger, device, [coin(), coin(2.0)])
    assert len(service.jobs) == 2
    assert len(service.jobs["job-1"][1]) == 1, "only what is missing is sent"


def test_shots_seed_options_and_angles_make_another_request(
    ledger: Ledger, service: Memory
) -> None:
    device = Device(service)
    sample(ledger, device, [coin()])
    sample(ledger, device, [(coin(), None, 20)])
    sample(ledger, device, [coin()], seed=1)
    sample(ledger, device, [coin(0.4 + 1e-12)])
    mitigated = device.config.mitigation.model_copy(update={"twirl_gates": True})
    device.config = device.config.model_copy(update={"mitigation": mitigated})
    sample(ledger, device, [coin()])
    assert len(service.jobs) == 5


def test_budget_description_and_limits_do_not(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    sample(ledger, device, [coin()])
    about_values = device.config.mitigation.model_copy(update={"measurement_mitigation": False})
    assert about_values != device.config.mitigation
    device.config = device.config.model_copy(
        update={
            "budget": 1.0,
            "description": "other",
            "name": "other",
            "mode": "batch",
            "mitigation": about_values,
        }
    )
    sample(ledger, device, [coin()])
    assert len(service.jobs) == 1


def test_equal_pubs_of_one_request_are_bought_each(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    result = sample(ledger, device, [coin(), coin()])
    assert [len(pubs) for _, pubs, _ in service.jobs.values()] == [2]
    assert len(result) == 2


def test_a_sweep_is_one_pub_and_is_split_only_by_the_limit(ledger: Ledger, service: Memory) -> None:
    angle = Parameter("angle")
    values = np.linspace(0, 3, 190)[:, None]
    sample(ledger, Device(service), [(coin(angle), values)])
    assert [len(pubs) for _, pubs, _ in service.jobs.values()] == [1]
    service.jobs.clear()
    whole = sample(ledger, Device(service, max_executions=500), [(coin(angle), values)], seed=1)
    assert [pubs[0].size for _, pubs, _ in service.jobs.values()] == [50, 50, 50, 40]
    assert whole[0].data.meas.shape == (190,)


def test_an_answer_that_got_lost_is_found_by_tag(ledger: Ledger, service: Memory) -> None:
    service.trouble = ["answer lost"]
    sample(ledger, Device(service), [coin()])
    assert len(service.jobs) == 1
    [job] = ledger.jobs()
    assert any("found by its tag" in event.note for event in ledger.events(job.id))


def test_a_job_that_was_not_stored_is_reported_and_sent_next_time(
    ledger: Ledger, service: Memory
) -> None:
    service.trouble = [ServiceUnavailableError("down")]
    with pytest.raises(ServiceUnavailableError, match="down"):
        sample(ledger, Device(service), [coin()])
    assert [job.state for job in ledger.jobs()] == [State.PLANNED]
    sample(ledger, Device(service), [coin()])
    assert len(service.jobs) == 1


def test_a_refusal_leaves_the_job_planned(ledger: Ledger, service: Memory) -> None:
    service.trouble = [RequestRefusedError("bad")]
    with pytest.raises(RequestRefusedError):
        sample(ledger, Device(service), [coin()])
    assert [job.state for job in ledger.jobs()] == [State.PLANNED]


def test_too_many_requests_are_waited_out(ledger: Ledger, service: Memory) -> None:
    service.trouble = [TooManyRequestsError("slow down")] * 2
    sample(ledger, Device(service), [coin()])
    assert len(service.jobs) == 1


def test_twins_are_cancelled(ledger: Ledger, service: Memory) -> None:
    service.trouble = ["twin"]
    service.ends_as = [State.QUEUED, State.DONE]
    sample(ledger, Device(service), [coin()])
    assert service.cancelled == ["job-0"]


def test_the_twin_that_has_run_is_kept_even_if_the_other_cannot_be_cancelled(
    ledger: Ledger, service: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_: str) -> None:
        raise ServiceUnavailableError("down")

    monkeypatch.setattr(service, "cancel", unreachable)
    service.trouble = ["twin"]
    service.ends_as = [State.DONE, State.QUEUED]
    sample(ledger, Device(service), [coin()])
    [job] = ledger.jobs()
    assert (job.state, job.provider_id) == (State.DONE, "job-0")


@pytest.mark.parametrize("end", [State.FAILED, State.CANCELLED])
def test_a_lost_job_is_sent_again_only_when_told(
    ledger: Ledger, service: Memory, end: State
) -> None:
    device = Device(service, max_executions=100)
    pubs = [(coin(0.1 * i), None, 100) for i in range(3)]
    service.ends_as = [State.DONE, end, State.DONE]
    for _ in range(2):
        with pytest.raises(JobLostError, match=f"{end}: because.*--resubmit"):
            sample(ledger, device, pubs)
        assert len(service.jobs) == 3
    states = [job.state for job in ledger.jobs()]
    assert sorted(states) == sorted([State.DONE, end, State.DONE]), "the others are recorded"
    service.ends_as = [end]
    with pytest.raises(JobLostError):
        sample(ledger, device, pubs, resubmit=True)
    assert len(service.jobs) == 4, "once for each time it is told, however that ends"
    sample(ledger, device, pubs, resubmit=True)
    assert len(service.jobs) == 5


def test_an_unknown_job_may_belong_to_another_account(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    service.ends_as = [State.QUEUED]
    with pytest.raises(JobsPendingError):
        sample(ledger, device, [coin()], wait=False)
    elsewhere = service.jobs.pop("job-0")
    with pytest.raises(JobLostError, match="not known to the account"):
        sample(ledger, device, [coin()])
    assert [job.state for job in ledger.jobs()] == [State.QUEUED]
    service.jobs["job-0"] = (*elsewhere[:2], State.DONE)
    sample(ledger, device, [coin()])
    assert len(service.jobs) == 1


def test_another_account_cannot_say_that_a_job_was_not_sent(
    ledger: Ledger, service: Memory
) -> None:
    device = Device(service)
    service.trouble = [KeyboardInterrupt()]  # while the answer is awaited
    with pytest.raises(KeyboardInterrupt):
        sample(ledger, device, [coin()])
    service.name = "other"
    with pytest.raises(RequestRefusedError, match="with another account"):
        sample(ledger, device, [coin()])
    assert service.jobs == {}
    [job] = ledger.jobs()
    assert job.state is State.SUBMITTING
    assert Courier(ledger, service, QUICK).cancel(job) is State.CANCELLED
    with pytest.raises(JobLostError, match="another account may have it"):
        sample(ledger, device, [coin()])
    sample(ledger, device, [coin()], resubmit=True)
    assert len(service.jobs) == 1


def test_given_up_for_lost_it_is_sent_again(ledger: Ledger, service: Memory) -> None:
    service.ends_as = [State.QUEUED]
    with pytest.raises(JobsPendingError):
        sample(ledger, Device(service), [coin()], wait=False)
    service.jobs.clear()
    sample(ledger, Device(service), [coin()], resubmit=True)
    assert len(service.jobs) == 1


def test_not_waiting_says_what_is_on_its_way(ledger: Ledger, service: Memory) -> None:
    service.ends_as = [State.RUNNING]
    for _ in range(2):
        with pytest.raises(JobsPendingError, match=r"1 job\(s\) on their way to memory"):
            sample(ledger, Device(service), [coin()], wait=False)
    assert len(service.jobs) == 1


def test_above_the_budget_nothing_is_sent(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    pubs = [(coin(0.001 * i), None, 100) for i in range(1200)]
    with pytest.raises(BudgetError, match="max_execution_time = 60"):
        sample(ledger, device, pubs)
    device.config = device.config.model_copy(update={"max_execution_time": 1000})
    with pytest.raises(BudgetError, match=r"about 121\.0 s.*above the budget of 100\.0 s"):
        sample(ledger, device, pubs)
    assert service.jobs == {}
    assert {job.state for job in ledger.jobs()} == {State.REFUSED}
    device.config = device.config.model_copy(update={"budget": 200.0})
    sample(ledger, device, pubs)
    assert len(service.jobs) == 1


def test_the_budget_is_one_for_all_requests(ledger: Ledger, service: Memory) -> None:
    recorder = Recorder(ledger, patience=QUICK)
    sampler = RecordedSampler(recorder, Device(service, max_shots=60_000), 0)
    sampler.run([(coin(), None, 50_000)]).result()
    with pytest.raises(BudgetError, match=r"with 51\.0 s sent before"):
        sampler.run([(coin(1.0), None, 50_000)])
    assert len(service.jobs) == 1


@pytest.mark.parametrize("left", [0.0, 1.0])
def test_an_account_without_time_is_not_charged(
    ledger: Ledger, service: Memory, left: float
) -> None:
    service.left = left
    with pytest.raises(BudgetError, match=rf"has {left} s of quantum time left"):
        sample(ledger, Device(service), [coin()])
    assert service.jobs == {}


def test_approval_comes_before_anything_is_sent(ledger: Ledger, service: Memory) -> None:
    seen: list[Plan] = []

    def approve(plan: Plan) -> None:
        assert service.jobs == {}
        seen.append(plan)

    sample(ledger, Device(service), [coin(), coin(1.0)], approve=approve)
    sample(ledger, Device(service), [coin(), coin(1.0)], approve=approve)
    [plan] = seen
    assert plan.executions == 20
    assert plan.seconds == pytest.approx(1.02)
    assert "1 job, 2 circuits, 2 parameter sets, 10 shots each, 20 executions, about 1.0 s" in str(
        plan
    )


def test_a_resumed_computation_must_ask_for_the_same(ledger: Ledger, service: Memory) -> None:
    begun = ledger.begin("task", {})
    sample(ledger, Device(service), [coin()], computation=begun.id)
    sample(ledger, Device(service), [coin()], computation=begun.id)
    with pytest.raises(ComputationChangedError, match="request number 1"):
        sample(ledger, Device(service), [coin(0.5)], computation=begun.id)
    assert len(service.jobs) == 1


def test_cancelling_leaves_a_finished_job_alone(ledger: Ledger, service: Memory) -> None:
    device = Device(service)
    service.ends_as = [State.QUEUED]
    with pytest.raises(JobsPendingError):
        sample(ledger, device, [coin()], wait=False)
    [job] = ledger.jobs()
    tag, pubs, _ = service.jobs["job-0"]
    service.jobs["job-0"] = (tag, pubs, State.DONE)
    courier = Courier(ledger, service, QUICK)
    assert courier.cancel(job) is State.QUEUED
    assert counts(sample(ledger, device, [coin()]))
    service.ends_as = [State.QUEUED]
    with pytest.raises(JobsPendingError):
        sample(ledger, device, [coin(0.9)], wait=False)
    assert courier.cancel(ledger.jobs()[-1]) is State.CANCELLED


def test_what_runs_here_is_recorded_and_read(ledger: Ledger) -> None:
    circuits = [coin(0.1 * i) for i in range(4)]

    def run(pubs: list[QuantumCircuit]):
        backend = qml_algos.backend("aer_shots", recorder=Recorder(ledger))
        return counts(backend.sampler(5).run(backend.compile(pubs), shots=50).result())

    part = run(circuits[:2])
    assert run(circuits)[:2] == part
    assert [job.executions for job in ledger.jobs()] == [100, 100]


def test_an_interruption_changes_nothing_and_keeps_what_is_finished(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qml_algos.backends.jobs.units._PORTION", 100)
    plain = qml_algos.backend("aer_shots")
    circuits = plain.compile([coin(0.1 * i) for i in range(6)])
    begun = []

    class Interrupted(RecordedBackend):
        def _run(self, units: Sequence) -> list:
            begun.append(len(units))
            if len(begun) == 2:
                raise KeyboardInterrupt
            return super()._run(units)

    with pytest.raises(KeyboardInterrupt):
        Interrupted(plain, Recorder(ledger)).sampler(5).run(circuits, shots=30).result()
    assert [job.executions for job in ledger.jobs()] == [30 * begun[0]]
    resumed = RecordedBackend(plain, Recorder(ledger)).sampler(5).run(circuits, shots=30).result()
    assert sum(job.executions for job in ledger.jobs()) == 180
    with contextlib.closing(Ledger(ledger.path.with_name("other.sqlite"))) as other:
        backend = RecordedBackend(plain, Recorder(other))
        assert counts(backend.sampler(5).run(circuits, shots=30).result()) == counts(resumed)


def test_states_of_a_request_are_told(ledger: Ledger, service: Memory) -> None:
    recorder = Recorder(ledger, patience=QUICK)
    service.ends_as = [State.RUNNING]
    job = RecordedSampler(recorder, Device(service), 0).run([coin()])
    assert job.running()
    assert not job.done()
    assert not job.in_final_state()
    job.cancel()
    assert job.cancelled()
    assert job.in_final_state()
    with pytest.raises(JobLostError):
        job.result()
