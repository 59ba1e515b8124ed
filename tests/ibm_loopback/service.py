"""The loopback service: what IBM Quantum's servers answer, on 127.0.0.1."""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs

from qiskit_ibm_runtime import QiskitRuntimeService

from .devices import Device
from .faults import Moment, Rule, Rules
from .handler import Answer, Request, Server
from .iam import Iam
from .jobs import QUEUED, Job, JobStore, Outcome, selected

PLAN_ID = "loopback-plan"
DEFAULT_LIMIT = 200
# Large, so that a server shared by many tests is not spent: the client then warns at each job.
LIMIT_SECONDS = 1_000_000
USAGE_DAYS = 28

_Route = Callable[[Request, str], Answer]


class LoopbackService:
    """A server for the unmodified client of qiskit-ibm-runtime; use it as a context manager.

    Parameters
    ----------
    device : str
        Class name of a fake backend of qiskit-ibm-runtime.
    devices : sequence of str, optional
        Several of them, instead of ``device``.
    seed : int
        The n-th job of two services with the same seed gives the same samples.
    readout_error : float
        Probability that a measurement reports the wrong bit; nothing else is noisy.

    Attributes
    ----------
    url, token, instance : str
        Base URL, API key, and CRN.
    devices : dict of str to Device
        By name; queue length and status can be changed.
    latency : float
        Seconds from POST to the end of a job: the first half queued, the second half running.
    listing_lag : float
        Seconds for which a stored job is missing from GET /jobs.
    refuse_over_limit : bool
        Answer POST /jobs with 409 when no time is left.
    errors : list of str
        What went wrong in the loopback itself or in a test's callback; empty if all is well.
    """

    def __init__(
        self,
        device: str = "FakeBoston",
        seed: int = 0,
        *,
        devices: tuple[str, ...] = (),
        readout_error: float = 0.0,
    ) -> None:
        served = [Device.of_snapshot(name) for name in devices or (device,)]
        self.devices = {served_device.name: served_device for served_device in served}
        self.token = "loopback-" + secrets.token_hex(16)
        self.instance = (
            f"crn:v1:bluemix:public:quantum-computing:us-east:a/{secrets.token_hex(16)}:loopback::"
        )
        self.latency = 0.0
        self.listing_lag = 0.0
        self.refuse_over_limit = False
        self.limit_seconds: float = LIMIT_SECONDS
        self.errors: list[str] = []
        self.rules = Rules()
        self._iam = Iam(self.token)
        self._store = JobStore(seed, readout_error)
        self._sessions: dict[str, dict[str, Any]] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._server = Server(self)

    def __enter__(self) -> LoopbackService:
        self._server.start()
        # Whatever proxy the environment names is not for 127.0.0.1.
        self._no_proxy = _environment(_without_proxy())
        self._no_proxy.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._no_proxy.__exit__(None, None, None)
        self._server.stop()

    # --- for clients ---

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def environment(self) -> dict[str, str]:
        """Variables with which ``QiskitRuntimeService()`` of another process comes here."""
        return {
            **_without_proxy(),
            **self._addresses(),
            "QISKIT_IBM_CHANNEL": "ibm_quantum_platform",
            "QISKIT_IBM_TOKEN": self.token,
            "QISKIT_IBM_INSTANCE": self.instance,
            # The client leaves a URL with this word alone; from any other it drops the port.
            "QISKIT_IBM_URL": f"{self.url}/experimental/api/v1",
        }

    def service(
        self, token: str | None = None, instance: str | None = None
    ) -> QiskitRuntimeService:
        """A new client. The environment is changed only while it is constructed.

        That suffices for one instance. A client for several (no ``instance`` given to it) makes
        connections later, and needs the variables of ``environment`` all the time.
        """
        with _environment(self._addresses()):
            return QiskitRuntimeService(
                channel="ibm_quantum_platform",
                token=token or self.token,
                instance=instance or self.instance,
                url_resolver=lambda *_: f"{self.url}/api/v1",
            )

    def _addresses(self) -> dict[str, str]:
        return {
            "IAM_URL": self.url,
            "GLOBAL_SEARCH_URL": self.url,
            "GLOBAL_CATALOG_URL": f"{self.url}/catalog",
        }

    # --- what has happened ---

    @property
    def jobs(self) -> dict[str, Job]:
        """Stored jobs by id, oldest first; a copy."""
        return self._store.all()

    @property
    def requests(self) -> list[Request]:
        """All requests so far; a copy."""
        with self._lock:
            return list(self._requests)

    def count(self, method: str, path: str) -> int:
        """Number of requests so far; the path is a pattern as in ``fail``."""
        rule = Rule(method, path)
        return sum(rule.matches(request.method, request.path) for request in self.requests)

    def wait_for(self, method: str, path: str, count: int = 1, timeout: float = 30.0) -> None:
        """Wait until so many requests have come; ``TimeoutError`` if they do not."""
        deadline = time.monotonic() + timeout
        while self.count(method, path) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {method} {path} in {timeout} s")
            time.sleep(0.01)

    def reset(self) -> None:
        """Forget jobs, requests, faults and settings; clients stay connected."""
        self.rules.clear()
        self._store.clear()
        with self._lock:
            self._requests.clear()
        self.errors.clear()
        self.latency = self.listing_lag = 0.0
        self.refuse_over_limit = False
        self.limit_seconds = LIMIT_SECONDS
        self._iam.restore()
        self._iam.lifetime = 3600.0
        for device in self.devices.values():
            device.pending_jobs, device.operational, device.status = 0, True, "active"

    # --- how jobs fare ---

    def hold(self, status: str = QUEUED) -> None:
        """Keep new jobs queued (or "Running") until ``release``."""
        self._store.hold(status)

    def release(self) -> None:
        """Let jobs that were held go on, and new ones too."""
        self._store.release()

    def next_outcome(
        self,
        status: str,
        reason: str | None = None,
        reason_code: int | None = None,
        count: int = 1,
    ) -> None:
        """How the next ``count`` jobs end: "Failed", "Cancelled" or any string at all."""
        self._store.next_outcome(Outcome(status, reason, reason_code), count)

    def forget(self, job_id: str) -> None:
        """Lose a job: 404, and in no listing."""
        self._store.forget(job_id)

    @property
    def consumed_seconds(self) -> float:
        return sum(job.used_seconds for job in self.jobs.values())

    @property
    def remaining_seconds(self) -> float:
        """QPU seconds left. Jobs use them up; set it to give more or none."""
        return max(self.limit_seconds - self.consumed_seconds, 0)

    @remaining_seconds.setter
    def remaining_seconds(self, seconds: float) -> None:
        self.limit_seconds = self.consumed_seconds + seconds

    # --- faults ---

    def fail(
        self,
        method: str,
        path: str,
        status: int | None = None,
        *,
        drop: bool = False,
        garbage: bool | Literal["json", "cut"] = False,
        corrupt: str | None = None,
        delay: float = 0.0,
        after_store: bool = False,
        headers: dict[str, str] | None = None,
        times: float | None = None,
        seconds: float | None = None,
    ) -> Rule:
        """Make requests fail: once, or ``times`` times, or for ``seconds``. See ``Rule``."""
        rule = Rule(
            method,
            path,
            status=status,
            after_store=after_store,
            drop=drop,
            garbage="json" if garbage is True else garbage or None,
            corrupt=corrupt,
            delay=delay,
            headers=headers or {},
        )
        return self.rules.add(rule, times, seconds)

    def on(
        self,
        method: str,
        path: str,
        when: Moment,
        callback: Callable[[Request], object],
        *,
        times: float | None = None,
        seconds: float | None = None,
    ) -> Rule:
        """Call back "before" a request has its effect, "after" it, or before the "answer"."""
        rule = Rule(method, path, callback=callback, moment=when)
        return self.rules.add(rule, times, seconds)

    def clear_faults(self) -> None:
        self.rules.clear()

    def expire_tokens(self) -> None:
        """Refuse every bearer token issued so far, until ``reset``.

        A client does not fetch a new one before the old one says so: its connection is dead.
        """
        self._iam.expire()

    @property
    def token_lifetime(self) -> float:
        """Seconds that tokens issued from now on are valid."""
        return self._iam.lifetime

    @token_lifetime.setter
    def token_lifetime(self, seconds: float) -> None:
        self._iam.lifetime = seconds

    # --- answers ---

    def log(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def answer(self, request: Request) -> Answer:
        """Do what a request asks for."""
        if not request.is_api:
            return self._cloud(request)
        authorization = request.headers.get("authorization", "")
        if not self._iam.accepts(authorization):
            return Answer.error(401, "Unauthorized.", 1200, "Use a valid token.")
        if request.headers.get("service-crn") != self.instance:
            return Answer.error(403, "No access to this instance.", 1210)
        for method, pattern, route in self._routes():
            match = re.fullmatch(pattern, request.path)
            if match is not None and method == request.method:
                return route(request, *match.groups() or ("",))
        return Answer.error(404, f"The loopback has no {request.method} {request.path}.")

    def _routes(self) -> Iterator[tuple[str, str, _Route]]:
        yield "GET", "/backends", self._get_backends
        for name in ("configuration", "properties", "status"):
            yield "GET", f"/backends/([^/]+)/{name}", getattr(self, f"_get_backend_{name}")
        yield "GET", "/instances/usage", self._get_usage
        yield "POST", "/jobs", self._post_job
        yield "GET", "/jobs", self._get_jobs
        yield "POST", "/sessions", self._post_session
        yield "GET", "/sessions/([^/]+)", self._get_session
        yield "PATCH", "/sessions/([^/]+)", self._patch_session
        yield "DELETE", "/sessions/([^/]+)/close", self._close_session
        for method, rest, answer in (
            ("GET", "", self._get_job),
            ("DELETE", "", self._delete_job),
            ("GET", "/results", self._get_results),
            ("POST", "/cancel", self._cancel_job),
            ("GET", "/metrics", self._get_metrics),
            ("GET", "/logs", self._get_logs),
            ("PUT", "/tags", self._put_tags),
        ):
            yield method, f"/jobs/([^/]+){rest}", self._about_job(answer)

    def _about_job(self, answer: Callable[[Request, Job], Answer]) -> _Route:
        def route(request: Request, job_id: str) -> Answer:
            job = self._store.get(job_id)
            request.job_id = job_id
            if job is None:
                return Answer.error(404, f"Job not found. Job ID: {job_id}", 1291)
            return answer(request, job)

        return route

    def _cloud(self, request: Request) -> Answer:
        """IBM Cloud: tokens, instances, plans."""
        if request.path == "/identity/token":
            return self._post_token(request)
        if not self._iam.accepts(request.headers.get("authorization", "")):
            return Answer.error(401, "Unauthorized.")
        if request.path == "/v3/resources/search":
            instance = {
                "crn": self.instance,
                "name": "loopback",
                "service_plan_unique_id": PLAN_ID,
                "tags": [],
                "doc": {"extensions": [{"backends": list(self.devices)}]},
            }
            return Answer.of_json({"items": [instance], "limit": 100})
        if request.path == f"/catalog/{PLAN_ID}":
            names = {"en": {"display_name": "Open"}}
            plan = {"id": PLAN_ID, "overview_ui": names, "metadata": {"pricing": {"type": "free"}}}
            return Answer.of_json(plan)
        return Answer.error(404, f"The loopback has no {request.method} {request.path}.")

    def _post_token(self, request: Request) -> Answer:
        form = parse_qs(request.body.decode())
        if form.get("apikey") == [self._iam.api_key]:
            return Answer.of_json(self._iam.issue())
        refusal = {
            "errorCode": "BXNIM0415E",
            "errorMessage": "Provided API key could not be found.",
            "context": {"requestId": "loopback", "requestType": "incoming.Identity_Token"},
        }
        return Answer.of_json(refusal, 400)

    def _get_backends(self, _request: Request, _: str) -> Answer:
        return Answer.of_json({"devices": [device.listing() for device in self.devices.values()]})

    def _get_backend_configuration(self, _request: Request, name: str) -> Answer:
        return self._of_device(name, lambda device: device.configuration)

    def _get_backend_properties(self, _request: Request, name: str) -> Answer:
        return self._of_device(name, lambda device: device.properties)

    def _get_backend_status(self, _request: Request, name: str) -> Answer:
        return self._of_device(name, Device.state)

    def _of_device(self, name: str, part: Callable[[Device], dict[str, Any]]) -> Answer:
        if name not in self.devices:
            return Answer.error(404, f"Backend not found: {name}", 1007)
        return Answer.of_json(part(self.devices[name]))

    def _get_usage(self, _request: Request, _: str) -> Answer:
        now = datetime.now(UTC)
        usage = {
            "instance_id": self.instance,
            "plan_id": PLAN_ID,
            "usage_period": {
                "start_time": (now - timedelta(days=USAGE_DAYS)).isoformat(),
                "end_time": now.isoformat(),
            },
            "usage_consumed_seconds": self.consumed_seconds,
            "usage_limit_seconds": self.limit_seconds,
            "usage_limit_reached": self.remaining_seconds <= 0,
        }
        return Answer.of_json(usage)

    def _post_job(self, request: Request, _: str) -> Answer:
        if self.refuse_over_limit and self.remaining_seconds <= 0:
            return Answer.error(409, "Usage exceeds instance limit.", 1304)
        asked = json.loads(request.body)
        if asked.get("backend") not in self.devices:
            return Answer.error(404, f"Backend not found: {asked.get('backend')}", 1007)
        if asked["program_id"] != "executor":
            return Answer.error(404, f"The loopback has no program {asked['program_id']!r}.")
        # Random, so that no id of another service, or of another run, is ever valid here.
        job = self._store.add(secrets.token_hex(10), request.body, self.latency)
        request.job_id = job.id
        private = bool(asked.get("private"))
        return Answer.of_json({"id": job.id, "backend": job.backend, "private": private})

    def _get_jobs(self, request: Request, _: str) -> Answer:
        found = selected(self.jobs.values(), request.query, self.listing_lag)
        offset = int(request.query.get("offset", ["0"])[0])
        limit = int(request.query.get("limit", [DEFAULT_LIMIT])[0])
        page = found[offset : offset + limit]
        with_params = request.query.get("exclude_params") == ["false"]
        return Answer.of_json(
            {
                "jobs": [job.described(with_params) for job in page],
                "count": len(found),
                "limit": limit,
                "offset": offset,
            }
        )

    def _get_job(self, request: Request, job: Job) -> Answer:
        with_params = request.query.get("exclude_params") != ["true"]
        return Answer.of_json(job.described(with_params))

    def _delete_job(self, _request: Request, job: Job) -> Answer:
        if not job.is_final:
            return Answer.error(400, "Job is not in a terminal state.")
        self._store.forget(job.id)
        return Answer(204)

    def _get_results(self, _request: Request, job: Job) -> Answer:
        if not job.is_final:
            message = "Cannot get results for a job in a non-terminal state."
            return Answer.error(400, message, 1234, "Try again when job has ended.")
        if job.status.upper() != "COMPLETED":
            return Answer(204)
        try:
            result = job.result()
        except Exception as error:
            self.errors.append(f"{job.id}: {traceback.format_exc()}")
            return Answer.error(400, f"The loopback cannot execute this job: {error}")
        return Answer.of_json(result)

    def _cancel_job(self, _request: Request, job: Job) -> Answer:
        if job.cancel():
            return Answer(204)
        return Answer.error(409, f"Job is in a terminal state. Job ID: {job.id}", 1293)

    def _get_metrics(self, _request: Request, job: Job) -> Answer:
        return Answer.of_json(job.metrics())

    def _get_logs(self, _request: Request, job: Job) -> Answer:
        return Answer(200, f"loopback job {job.id}\n".encode(), "text/plain")

    def _put_tags(self, request: Request, job: Job) -> Answer:
        job.tags = list(json.loads(request.body)["tags"])
        return Answer(204)

    def _post_session(self, request: Request, _: str) -> Answer:
        asked = json.loads(request.body)
        session = {
            "id": secrets.token_hex(10),
            "backend_name": asked.get("backend"),
            "mode": asked.get("mode", "dedicated"),
            "max_ttl": asked.get("max_ttl"),
            "state": "open",
            "accepting_jobs": True,
        }
        self._sessions[session["id"]] = session
        return Answer.of_json(session)

    def _get_session(self, _request: Request, session_id: str) -> Answer:
        if session_id not in self._sessions:
            return Answer.error(404, f"Session not found: {session_id}")
        return Answer.of_json(self._sessions[session_id])

    def _patch_session(self, request: Request, session_id: str) -> Answer:
        if session_id not in self._sessions:
            return Answer.error(404, f"Session not found: {session_id}")
        self._sessions[session_id].update(json.loads(request.body))
        return Answer(204)

    def _close_session(self, _request: Request, session_id: str) -> Answer:
        if session_id not in self._sessions:
            return Answer.error(404, f"Session not found: {session_id}")
        self._sessions[session_id].update(state="closed", accepting_jobs=False)
        return Answer(204)


def _without_proxy() -> dict[str, str]:
    names = ("NO_PROXY", "no_proxy")
    return {name: ",".join(filter(None, [os.environ.get(name), "127.0.0.1"])) for name in names}


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set variables, and put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
