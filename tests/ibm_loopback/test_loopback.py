"""The real client of qiskit-ibm-runtime, unmodified, against the loopback service."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Parameter
from qiskit.circuit.library import efficient_su2
from qiskit.quantum_info import SparsePauliOp, Statevector
from qiskit_ibm_runtime import IBMBackend, QiskitRuntimeService, RuntimeJobV2, Session
from qiskit_ibm_runtime.accounts.exceptions import InvalidAccountError
from qiskit_ibm_runtime.api.exceptions import RequestsApiError
from qiskit_ibm_runtime.circuit import MidCircuitMeasure
from qiskit_ibm_runtime.exceptions import (
    IBMInputValueError,
    IBMNotAuthorizedError,
    IBMRuntimeError,
    RuntimeInvalidStateError,
    RuntimeJobFailureError,
    RuntimeJobMaxTimeoutError,
    RuntimeJobNotFound,
    RuntimeJobTimeoutError,
)
from qiskit_ibm_runtime.executor_estimator import Estimator
from qiskit_ibm_runtime.executor_sampler import Sampler
from requests.exceptions import JSONDecodeError

from . import LoopbackService, Request

SHOTS = 2000
# The total variation distance between sampled and exact distribution over k outcomes has a mean
# below sqrt(k / (2 pi SHOTS)), 0.05 for k = 32, and exceeds it by 0.05 with probability
# exp(-2 * SHOTS * 0.05**2) = 5e-5 at most. The seeds are fixed: these tests pass or fail for ever.
TOLERANCE = 0.1


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackService]:
    with LoopbackService(devices=("FakeBoston", "FakeMiami")) as running:
        yield running


@pytest.fixture(autouse=True)
def clean(server: LoopbackService) -> Iterator[None]:
    server.reset()
    yield
    assert not server.errors


@pytest.fixture(scope="module")
def service(server: LoopbackService) -> QiskitRuntimeService:
    return server.service()


@pytest.fixture(scope="module")
def backend(service: QiskitRuntimeService) -> IBMBackend:
    return service.backend("ibm_boston")


def compiled(circuit: QuantumCircuit, backend: IBMBackend) -> QuantumCircuit:
    return transpile(circuit, backend, optimization_level=1, seed_transpiler=0)


def ghz(qubits: int = 3) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    return circuit


@pytest.fixture(scope="module")
def isa(backend: IBMBackend) -> QuantumCircuit:
    return compiled(ghz().measure_all(inplace=False), backend)


def submit(backend: IBMBackend, isa: QuantumCircuit, tag: str = "a-tag") -> RuntimeJobV2:
    sampler = Sampler(backend)
    sampler.options.environment.job_tags = [tag]
    return sampler.run([isa], shots=10)


def distance(bits: np.ndarray, exact: np.ndarray) -> float:
    """Total variation distance of bits, shape (shots, n), from probabilities, shape (2**n,)."""
    words = bits @ (1 << np.arange(bits.shape[-1]))
    found = np.bincount(words, minlength=exact.size) / len(bits)
    return float(np.abs(found - exact).sum() / 2)


def test_connects_and_lists_devices(server: LoopbackService, service: QiskitRuntimeService) -> None:
    assert service.active_instance() == server.instance
    assert [found["name"] for found in service.instances()] == ["loopback"]
    assert {backend.name for backend in service.backends()} == {"ibm_boston", "ibm_miami"}


def test_the_least_busy_device_is_the_one_with_the_shortest_queue(server: LoopbackService) -> None:
    for busy, free in (("ibm_boston", "ibm_miami"), ("ibm_miami", "ibm_boston")):
        server.devices[busy].pending_jobs, server.devices[free].pending_jobs = 7, 2
        service = server.service()
        assert service.least_busy().name == free
        assert service.backend(busy).status().pending_jobs == 7


def test_a_device_has_calibrations(backend: IBMBackend) -> None:
    assert isinstance(backend, IBMBackend)
    assert backend.num_qubits == 156
    assert "if_else" in backend.target.operation_names
    properties = backend.properties()
    assert 0 < properties.readout_error(0) < 0.5
    assert properties.t1(0) > 1e-5
    assert backend.status().operational


def test_samples_follow_the_exact_distribution(backend: IBMBackend) -> None:
    circuit = efficient_su2(5, reps=2)
    values = np.random.default_rng(0).uniform(-np.pi, np.pi, (2, 3, circuit.num_parameters))
    swept = compiled(circuit.measure_all(inplace=False), backend)
    plain = compiled(ghz().measure_all(inplace=False), backend)
    job = Sampler(backend).run([plain, (swept, values)], shots=SHOTS)
    one, sweep = job.result()
    exact = Statevector(ghz()).probabilities()
    assert distance(one.data.meas.to_bool_array(order="little"), exact) < TOLERANCE
    assert sweep.data.meas.shape == (2, 3)
    bits = sweep.data.meas.to_bool_array(order="little")
    for index in np.ndindex(2, 3):
        exact = Statevector(circuit.assign_parameters(values[index])).probabilities()
        assert distance(bits[index], exact) < TOLERANCE


def test_a_large_sweep_takes_little_time(backend: IBMBackend) -> None:
    circuit = compiled(efficient_su2(5, reps=2).measure_all(inplace=False), backend)
    values = np.random.default_rng(0).uniform(-np.pi, np.pi, (190, circuit.num_parameters))
    job = Sampler(backend).run([(circuit, values)], shots=1000)
    begun = time.monotonic()
    assert job.result()[0].data.meas.array.shape[:2] == (190, 1000)
    assert time.monotonic() - begun < 5


def test_twirling_and_dynamical_decoupling_leave_the_distribution(backend: IBMBackend) -> None:
    circuit = efficient_su2(3, reps=1)
    values = np.random.default_rng(1).uniform(-np.pi, np.pi, (2, circuit.num_parameters))
    sampler = Sampler(backend)
    sampler.options.twirling.enable_gates = True
    sampler.options.twirling.enable_measure = True
    sampler.options.twirling.num_randomizations = 10
    sampler.options.dynamical_decoupling.enable = True
    isa = compiled(circuit.measure_all(inplace=False), backend)
    [found] = sampler.run([(isa, values)], shots=SHOTS).result()
    assert found.data.meas.num_shots == SHOTS
    bits = found.data.meas.to_bool_array(order="little")
    for row, own in zip(values, bits, strict=True):
        exact = Statevector(circuit.assign_parameters(row)).probabilities()
        assert distance(own, exact) < TOLERANCE


def test_dynamic_circuits_with_reset_and_parameters(backend: IBMBackend) -> None:
    angle = Parameter("angle")
    first, last = ClassicalRegister(1, "first"), ClassicalRegister(2, "last")
    circuit = QuantumCircuit(QuantumRegister(2), first, last)
    circuit.ry(angle, 0)
    circuit.measure(0, first[0])
    with circuit.if_test((first, 1)):
        circuit.ry(angle, 1)
    circuit.reset(0)
    circuit.measure([0, 1], last)
    angles = np.array([0.0, np.pi, 1.0])
    [found] = Sampler(backend).run([(compiled(circuit, backend), angles)], shots=SHOTS).result()
    one = np.sin(angles / 2) ** 2
    first_bits = found.data.first.to_bool_array(order="little")[..., 0]
    last_bits = found.data.last.to_bool_array(order="little")
    assert np.allclose(first_bits.mean(axis=-1), one, atol=0.05)
    assert not last_bits[..., 0].any()
    assert np.allclose(last_bits[..., 1].mean(axis=-1), one**2, atol=0.05)
    assert not (last_bits[..., 1] & ~first_bits).any()


def test_a_register_may_choose_a_branch(backend: IBMBackend) -> None:
    register = ClassicalRegister(3, "bits")
    circuit = QuantumCircuit(QuantumRegister(4), register)
    circuit.x(2)
    circuit.append(MidCircuitMeasure(), [2], [2])
    circuit.sx(2)
    circuit.measure(2, 0)
    with circuit.switch(register) as case:
        with case(0b101):
            circuit.x(3)
        with case(case.DEFAULT):
            circuit.reset(3)
    circuit.measure(3, 1)
    [found] = Sampler(backend).run([circuit], shots=SHOTS).result()
    counts = found.data.bits.get_counts()
    assert set(counts) == {"100", "111"}
    assert abs(counts["111"] / SHOTS - 0.5) < 0.05


OBSERVABLE = SparsePauliOp(["ZZI", "XXX", "IIZ"], [0.5, 0.25, 0.5])
TILTED = ghz()
TILTED.ry(0.4, range(3))
EXACT = float(Statevector(TILTED).expectation_value(OBSERVABLE).real)


def estimate(backend: IBMBackend, level: int) -> float:
    isa = compiled(TILTED, backend)
    estimator = Estimator(backend)
    estimator.options.resilience_level = level
    estimator.options.default_precision = 0.02
    job = estimator.run([(isa, OBSERVABLE.apply_layout(isa.layout))])
    return float(job.result()[0].data.evs)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_estimates(backend: IBMBackend, level: int) -> None:
    assert abs(estimate(backend, level) - EXACT) < 0.1


def test_readout_error_shows_in_samples_and_is_what_trex_takes_out() -> None:
    with LoopbackService(readout_error=0.1) as server:
        backend = server.service().backend("ibm_boston")
        isa = compiled(ghz().measure_all(inplace=False), backend)
        [found] = Sampler(backend).run([isa], shots=SHOTS).result()
        flips = [0.1 ** k.bit_count() * 0.9 ** (3 - k.bit_count()) for k in range(8)]
        exact = (np.array(flips) + np.array(flips)[::-1]) / 2
        assert distance(found.data.meas.to_bool_array(order="little"), exact) < TOLERANCE
        raw = float(OBSERVABLE.coeffs.real @ _shrunk())
        assert abs(estimate(backend, 0) - raw) < 0.1
        assert abs(raw - EXACT) > 0.2
        assert abs(estimate(backend, 1) - EXACT) < 0.1
        assert not server.errors


def _shrunk() -> np.ndarray:
    """Each Pauli's exact value, times 0.8 for every qubit it measures with 10 % flips."""
    terms = OBSERVABLE.paulis
    exact = [Statevector(TILTED).expectation_value(pauli).real for pauli in terms]
    return np.array(exact) * 0.8 ** (terms.z | terms.x).sum(axis=1)


def test_the_same_seed_gives_the_same_samples(isa: QuantumCircuit) -> None:
    found = []
    for seed in (3, 3, 4):
        with LoopbackService(seed=seed) as server:
            backend = server.service().backend("ibm_boston")
            jobs = [Sampler(backend).run([isa], shots=60) for _ in range(2)]
            found.append([job.result()[0].data.meas.get_bitstrings() for job in jobs])
    assert found[0] == found[1]
    assert found[0] != found[2]
    assert found[0][0] != found[0][1]


def test_the_request_is_stored_as_it_came(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    sampler = Sampler(backend)
    sampler.options.environment.job_tags = ["one", "two"]
    sampler.options.max_execution_time = 77
    handle = sampler.run([isa], shots=10)
    [job] = server.jobs.values()
    assert job.id == handle.job_id()
    assert (job.tags, job.backend, job.program_id) == (["one", "two"], "ibm_boston", "executor")
    assert job.max_execution_time == 77
    assert b'"cost": 77' in job.body
    assert server.count("POST", "/jobs") == 1
    [post] = [request for request in server.requests if request.method == "POST"]
    assert post.request_bytes > len(job.body)
    assert (post.status, post.job_id) == (200, job.id)
    assert post.response_bytes > 0


def test_reattaching_by_id_from_a_fresh_client(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    job_id = submit(backend, isa).job_id()
    again = server.service().job(job_id)
    assert again.status() == "DONE"
    assert again.tags == ["a-tag"]
    assert again.result()[0].data.meas.num_shots == 10
    assert abs(datetime.now().astimezone() - again.creation_date) < timedelta(minutes=1)


def test_finding_jobs(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    begun = datetime.now().astimezone()
    ids = [submit(backend, isa, tag).job_id() for tag in ("red", "red", "blue")]
    server.hold()
    ids.append(submit(backend, isa, "red").job_id())

    def found(**query: object) -> list[str]:
        return [job.job_id() for job in service.jobs(**query)]

    assert found(job_tags=["red"]) == [ids[3], ids[1], ids[0]]
    assert found(job_tags=["red"], limit=1) == [ids[3]]
    assert found(job_tags=["red"], limit=1, skip=1) == [ids[1]]
    assert found(job_tags=["red"], descending=False) == [ids[0], ids[1], ids[3]]
    assert found(job_tags=["red", "blue"]) == []
    assert found(job_tags=["red"], pending=True) == [ids[3]]
    assert found(job_tags=["red"], pending=False) == [ids[1], ids[0]]
    assert found(backend_name="ibm_miami") == []
    assert len(found(created_after=begun, limit=None)) == 4
    assert found(created_before=begun) == []
    service.job(ids[0]).update_tags(["green"])
    assert found(job_tags=["green"]) == [ids[0]]


def test_listings_may_lag_behind(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    server.listing_lag = 0.5
    job_id = submit(backend, isa).job_id()
    assert service.jobs(job_tags=["a-tag"]) == []
    assert service.job(job_id).status() == "DONE"
    time.sleep(0.6)
    assert len(service.jobs(job_tags=["a-tag"])) == 1


def test_a_job_is_queued_then_running_then_done(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.latency = 0.6
    job = submit(backend, isa)
    seen = [job.status()]
    while seen[-1] != "DONE":
        time.sleep(0.05)
        seen.append(job.status())
    assert list(dict.fromkeys(seen)) == ["QUEUED", "RUNNING", "DONE"]


def test_a_held_job_waits_for_its_release(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.hold()
    job = submit(backend, isa)
    assert job.status() == "QUEUED"
    with pytest.raises(RuntimeJobTimeoutError):
        job.result(timeout=0.1, poll_interval=0.1)
    server.release()
    assert job.result()[0].data.meas.num_shots == 10


def test_a_failed_job(server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit) -> None:
    server.next_outcome("Failed", reason="the fridge is warm", reason_code=1517)
    job = submit(backend, isa)
    assert job.status() == "ERROR"
    with pytest.raises(RuntimeJobFailureError, match="Error code 1517; the fridge is warm"):
        job.result()
    assert submit(backend, isa).status() == "DONE"


def test_a_job_that_ran_too_long(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.next_outcome("Cancelled", reason="Ran too long", reason_code=1305)
    job = submit(backend, isa)
    assert job.status() == "ERROR"
    with pytest.raises(RuntimeJobMaxTimeoutError):
        job.result()


@pytest.mark.parametrize("status", ["Cancelled - Ran too long", "Pondering"])
def test_a_status_the_client_does_not_know_never_ends(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit, status: str
) -> None:
    server.next_outcome(status)
    job = submit(backend, isa)
    assert job.status() == status.upper()
    with pytest.raises(RuntimeJobTimeoutError):
        job.result(timeout=0.1, poll_interval=0.1)


@pytest.mark.parametrize("status", ["Queued", "Running"])
def test_cancelling_before_the_end(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit, status: str
) -> None:
    server.hold(status)
    job = submit(backend, isa)
    job.cancel()
    assert server.jobs[job.job_id()].cancels == 1
    assert server.service().job(job.job_id()).status() == "CANCELLED"
    with pytest.raises(RuntimeInvalidStateError):
        job.result()


def test_cancelling_after_the_end(backend: IBMBackend, isa: QuantumCircuit) -> None:
    job = submit(backend, isa)
    with pytest.raises(RuntimeInvalidStateError, match="409"):
        job.cancel()
    assert job.status() == "DONE"


def test_a_job_the_service_has_forgotten(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    job = submit(backend, isa)
    server.forget(job.job_id())
    with pytest.raises(RuntimeJobNotFound):
        service.job(job.job_id())
    with pytest.raises(RequestsApiError) as caught:
        job.status()
    assert caught.value.status_code == 404
    assert service.jobs() == []


def test_an_unknown_job(service: QiskitRuntimeService) -> None:
    with pytest.raises(RuntimeJobNotFound):
        service.job("no-such-job")


def test_a_wrong_key_and_a_wrong_instance(server: LoopbackService) -> None:
    with pytest.raises(InvalidAccountError):
        server.service(token="wrong")
    with pytest.raises(IBMInputValueError, match="does not have access"):
        server.service(instance=server.instance.replace("loopback", "another"))


def test_a_bearer_token_that_expired_before_its_time(
    server: LoopbackService, isa: QuantumCircuit
) -> None:
    client = server.service()
    job = submit(client.backend("ibm_boston"), isa)
    server.expire_tokens()
    # The client keeps a token for as long as the token itself says, whatever the service answers.
    for _ in range(2):
        with pytest.raises(IBMNotAuthorizedError):
            client.job(job.job_id())
    assert server.service().job(job.job_id()).status() == "DONE"


def test_the_client_fetches_a_new_token_in_time(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    job_id = submit(backend, isa).job_id()
    # The client renews a token that has ten seconds left: this one has nine after two.
    server.token_lifetime = 11
    client = server.service()
    time.sleep(2)
    before = server.count("POST", "/identity/token")
    # The next one lasts, so that a slow machine does not make the client fetch yet another.
    server.token_lifetime = 3600
    client.job(job_id)
    assert server.count("POST", "/identity/token") == before + 1


def test_503_after_storing_makes_two_jobs_of_one_run(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    server.fail("POST", "/jobs", status=503, after_store=True)
    job = submit(backend, isa)
    assert server.count("POST", "/jobs") == 2
    first, second = server.jobs
    assert job.job_id() == second
    assert [found.job_id() for found in service.jobs(job_tags=["a-tag"])] == [second, first]


def test_503_before_storing_makes_one_job(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.fail("POST", "/jobs", status=503)
    submit(backend, isa)
    assert server.count("POST", "/jobs") == 2
    assert len(server.jobs) == 1


def test_a_socket_dropped_after_storing_leaves_a_job_that_its_tag_finds(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    server.fail("POST", "/jobs", drop=True, after_store=True)
    with pytest.raises(IBMRuntimeError, match="Remote end closed connection"):
        submit(backend, isa)
    [found] = service.jobs(job_tags=["a-tag"])
    assert list(server.jobs) == [found.job_id()]
    assert found.result()[0].data.meas.num_shots == 10


def test_a_socket_dropped_before_storing_leaves_nothing(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.fail("POST", "/jobs", drop=True)
    with pytest.raises(IBMRuntimeError, match="Remote end closed connection"):
        submit(backend, isa)
    assert not server.jobs


@pytest.mark.parametrize("status", [400, 403, 409, 429])
def test_a_refused_submission(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit, status: int
) -> None:
    server.fail("POST", "/jobs", status=status)
    with pytest.raises(IBMRuntimeError, match=str(status)):
        submit(backend, isa)
    assert server.count("POST", "/jobs") == 1


def test_too_many_requests_while_polling(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    job = submit(backend, isa)
    server.fail("GET", "/jobs/", status=429, seconds=0.3)
    with pytest.raises(RequestsApiError) as caught:
        job.result()
    assert caught.value.status_code == 429
    time.sleep(0.4)
    assert job.result()[0].data.meas.num_shots == 10


def test_the_client_gets_over_a_dropped_socket_when_it_reads(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    job = submit(backend, isa)
    server.fail("GET", "/jobs/[^/]+/results", drop=True)
    assert job.result()[0].data.meas.num_shots == 10
    assert server.count("GET", "/jobs/[^/]+/results") == 2


def test_garbage_in_answers(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    server.fail("POST", "/jobs", garbage=True)
    with pytest.raises(JSONDecodeError):
        submit(backend, isa)
    [stored] = server.jobs
    job = server.service().job(stored)
    server.fail("GET", "/jobs/[^/]+/results", garbage="cut")
    with pytest.raises(RequestsApiError, match="IncompleteRead"):
        job.result()
    server.fail("GET", "/jobs/[^/]+/results", garbage=True)
    with pytest.raises(TypeError):
        job.result()


def test_corrupt_results(server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit) -> None:
    job = submit(backend, isa)
    path = "/jobs/[^/]+/results"
    for way in ("wrong_schema", "no_data", "wrong_shape", "not_base64", "no_passthrough"):
        server.fail("GET", path, corrupt=way)
        with pytest.raises(ValueError, match=r"."):
            job.result()
    # The client hands these on without a word.
    server.fail("GET", path, corrupt="fewer_items")
    assert len(job.result()) == 0
    server.fail("GET", path, corrupt="fewer_shots")
    assert job.result()[0].data.meas.num_shots == 9
    server.fail("GET", path, corrupt="renamed_register")
    assert list(job.result()[0].data) == ["other_meas"]


def test_faults_add_up(server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit) -> None:
    moments: list[str] = []

    def note(moment: str) -> None:
        for when in ("before", "after", "answer"):
            server.on(
                "POST", "/jobs", when, lambda _, w=when: moments.append(f"{moment} {w} {stored()}")
            )

    def stored() -> int:
        return len(server.jobs)

    note("first")
    server.fail("POST", "/jobs", delay=0.2)
    slow = server.fail("POST", "/jobs", status=500, after_store=True)
    begun = time.monotonic()
    submit(backend, isa)
    assert time.monotonic() - begun > 0.2
    assert moments == ["first before 0", "first after 1", "first answer 1"]
    assert slow.used == 1
    assert stored() == 2


def test_usage(
    server: LoopbackService,
    service: QiskitRuntimeService,
    backend: IBMBackend,
    isa: QuantumCircuit,
) -> None:
    server.remaining_seconds = 600
    assert service.usage()["usage_remaining_seconds"] == 600
    job = submit(backend, isa)
    assert job.usage() == 2
    assert service.usage()["usage_remaining_seconds"] == 598
    server.remaining_seconds = 0
    assert service.usage()["usage_limit_reached"]
    with pytest.warns(UserWarning, match="usage limit"):
        submit(backend, isa)
    server.refuse_over_limit = True
    with (
        pytest.warns(UserWarning, match="usage limit"),
        pytest.raises(IBMRuntimeError, match="409"),
    ):
        submit(backend, isa)
    assert len(server.jobs) == 2


def test_sessions(backend: IBMBackend, server: LoopbackService, isa: QuantumCircuit) -> None:
    with Session(backend=backend, max_time=60) as session:
        job = Sampler(session).run([isa], shots=10)
        assert job.result()[0].data.meas.num_shots == 10
    [stored] = server.jobs.values()
    assert stored.session_id == session.session_id
    assert session.details()["accepting_jobs"] is False


def test_many_threads_at_once(
    server: LoopbackService, backend: IBMBackend, isa: QuantumCircuit
) -> None:
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda n: submit(backend, isa, f"tag-{n}"), range(8)))
        results = list(pool.map(RuntimeJobV2.result, jobs))
    assert len(server.jobs) == len({job.job_id() for job in jobs}) == 8
    assert all(len(result) == 1 for result in results)


CLIENT = """
from qiskit import QuantumCircuit
from qiskit_ibm_runtime import QiskitRuntimeService
from qiskit_ibm_runtime.executor_sampler import Sampler

circuit = QuantumCircuit(1, 1)
circuit.measure(0, 0)
sampler = Sampler(QiskitRuntimeService().backend("ibm_boston"))
sampler.options.environment.job_tags = ["a-tag"]
print(len(sampler.run([circuit], shots=10).result()))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killing_a_client_that_knows_the_service_from_its_environment(
    server: LoopbackService, service: QiskitRuntimeService, moment: str
) -> None:
    environment = {**os.environ, **server.environment()}
    with subprocess.Popen([sys.executable, "-c", CLIENT], env=environment) as client:

        def kill(_: Request) -> None:
            client.send_signal(signal.SIGKILL)
            client.wait()

        server.on("POST", "/jobs", moment, kill)
        server.fail("POST", "/jobs", drop=True, after_store=moment == "after")
        assert client.wait(60) == -signal.SIGKILL
    stored = 1 if moment == "after" else 0
    assert len(service.jobs(job_tags=["a-tag"])) == len(server.jobs) == stored
