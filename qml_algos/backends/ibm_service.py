"""IBM's client library behind the recorder's `Service`; with `ibm`, all that imports it."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qiskit.primitives.containers import PubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers import BackendV2, QiskitBackendNotFoundError

from qml_algos.backends.accounts import accounts_file, warn_if_exposed
from qml_algos.backends.config import IBMConfig
from qml_algos.backends.credentials import hide_credentials
from qml_algos.backends.ibm_options import estimator_options, sampler_options
from qml_algos.backends.jobs.records import State
from qml_algos.backends.jobs.service import Pub, RemoteJob
from qml_algos.errors import (
    AccountError,
    CorruptResultError,
    QmlAlgosError,
    RequestRefusedError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnknownJobError,
)

if TYPE_CHECKING:
    from qiskit_ibm_runtime import Batch, QiskitRuntimeService, RuntimeJobV2

Connect = Callable[[], "QiskitRuntimeService"]

# The client's words, and what it passes on from the service as it is.
_STATES = {
    "INITIALIZING": State.QUEUED,
    "QUEUED": State.QUEUED,
    "RUNNING": State.RUNNING,
    "DONE": State.DONE,
    "ERROR": State.FAILED,
    "CANCELLED": State.CANCELLED,
    "CANCELLED - RAN TOO LONG": State.FAILED,
}
_LISTED = 20
_TOO_MANY_REQUESTS = 429
_NOT_FOUND = 404
# No answer, an expired session, a time-out, too many requests.
_PASSING = (-1, 401, 408, 425, _TOO_MANY_REQUESTS)


class IBMService:
    """Jobs at IBM Quantum.

    Parameters
    ----------
    config
        Description of the device.
    connect
        Opens IBM's client; called again where a session has expired.
    """

    def __init__(self, config: IBMConfig, connect: Connect) -> None:
        self._config = config
        self._connect = connect
        self._client: QiskitRuntimeService | None = None
        self._device: BackendV2 | None = None
        self._batch: Batch | None = None
        self._jobs: dict[str, RuntimeJobV2] = {}
        self.device_name = None if config.device == "least_busy" else config.device

    def __repr__(self) -> str:
        return f"IBMService({self._config.device!r})"

    @property
    def client(self) -> QiskitRuntimeService:
        """IBM's client, connected on first use.

        Raises
        ------
        AccountError
            If there is no account or its key is refused.
        ServiceUnavailableError
            If the service does not answer.
        """
        if self._client is None:
            self._client = self._connect()
        return self._client

    @property
    def device(self) -> BackendV2:
        """The device, as the client describes it.

        Raises
        ------
        RequestRefusedError
            If the account has no such device.
        ServiceUnavailableError
            If the service does not answer.
        """
        return self.open_device()

    def open_device(self, qubits: int = 1) -> BackendV2:
        """Open the device; where the description says so, the least busy one of enough qubits.

        Once chosen, by this method or through ``device_name``, it stays.
        """
        if self._device is None:
            with self._translated():
                if self.device_name is None:
                    self._device = self.client.least_busy(
                        operational=True, simulator=False, min_num_qubits=qubits
                    )
                else:
                    self._require_device(self.device_name)
                    self._device = self.client.backend(self.device_name)
                # Fetches the calibration; from here on nothing about the device is asked.
                _ = self._device.target
            self.device_name = str(self._device.name)
        return self._device

    # -- jobs.service.Service ---------------------------------------------------------------

    def account(self) -> str:
        """Hash of the numbers of the accounts that the key belongs to."""
        with self._translated():
            names = [str(instance["crn"]) for instance in self.client.instances()]
        # crn:v1:bluemix:public:quantum-computing:us-east:a/ACCOUNT:INSTANCE::
        numbers = sorted({(name.split(":") + [""] * 7)[6] for name in names})
        return hashlib.sha256("".join(numbers).encode()).hexdigest()[:12]

    def send(self, pubs: Sequence[Pub], tag: str) -> str:
        """Send PUBs of one kind as one job."""
        from qiskit_ibm_runtime.executor_estimator import Estimator
        from qiskit_ibm_runtime.executor_sampler import Sampler

        with self._translated():
            mode = self._mode()
            if isinstance(pubs[0], SamplerPub):
                job = Sampler(mode, sampler_options(self._config, tag)).run(pubs)
            else:
                job = Estimator(mode, estimator_options(self._config, tag)).run(pubs)
            name = str(job.job_id())
            self._jobs[name] = job
            return name

    def _mode(self) -> BackendV2 | Batch:
        from qiskit_ibm_runtime import Batch

        if self._config.mode == "job":
            return self.device
        if self._batch is None:
            self._batch = Batch(backend=self.device)
        return self._batch

    @contextmanager
    def together(self) -> Iterator[None]:
        """In the mode ``batch``, send jobs within as one batch."""
        try:
            yield
        finally:
            batch, self._batch = self._batch, None
            if batch is not None:
                # Closed to further jobs; those in it run. The service closes it by itself, too.
                with suppress(Exception):
                    batch.close()

    def find(self, tag: str) -> list[RemoteJob]:
        """All jobs with a tag, oldest first, in all instances of the account."""
        with self._translated():
            instances = [instance["crn"] for instance in self.client.instances()] or [None]
            jobs = [
                job
                for instance in instances
                for job in self.client.jobs(
                    limit=_LISTED, job_tags=[tag], descending=False, instance=instance
                )
                if tag in job.tags
            ]
            for job in jobs:
                self._jobs[job.job_id()] = job
            return [_remote(job) for job in jobs]

    def ask(self, provider_id: str) -> RemoteJob:
        """State of a job."""
        with self._translated():
            return _remote(self._job(provider_id))

    def fetch(self, provider_id: str) -> list[PubResult]:
        """Results of a finished job."""
        with self._translated():
            job = self._job(provider_id)
            try:
                results = list(job.result())
                # Without a note of who asked, the client hands out what it received as it is.
                if not all(isinstance(result, PubResult) for result in results):
                    raise TypeError(f"not results of PUBs: {[type(r).__name__ for r in results]}")
                return results
            except Exception as error:
                # What the client says of a damaged answer varies: anything but a failed request.
                if _status(error) is not None:
                    raise
                raise CorruptResultError(
                    hide_credentials(f"results of job {provider_id} cannot be read: {error!r}")
                ) from None

    def cancel(self, provider_id: str) -> None:
        """Cancel a job; one that has ended stays as it is."""
        from qiskit_ibm_runtime.exceptions import RuntimeInvalidStateError

        with self._translated():
            try:
                self._job(provider_id).cancel()
            except RuntimeInvalidStateError:
                pass  # it has ended
            finally:
                # The client believes that it is cancelled, whatever the service says later.
                self._jobs.pop(provider_id, None)

    def seconds_left(self) -> float | None:
        """Quantum time left to the instance."""
        with self._translated():
            usage = self.client.usage()
        if usage.get("usage_limit_reached"):
            return 0.0
        left = usage.get("usage_remaining_seconds")
        return None if left is None else float(left)

    # -- inside -----------------------------------------------------------------------------

    def _require_device(self, name: str) -> None:
        # The client says "no backend matches" also where its question was not answered.
        known = sorted(device.name for device in self.client.backends())
        if known and name not in known:
            raise RequestRefusedError(
                f"the account has no device {name!r}; it has {', '.join(known)}. Correct 'device' "
                f"in the file of backend {self._config.name!r}."
            )

    def _job(self, provider_id: str) -> RuntimeJobV2:
        if provider_id not in self._jobs:
            self._jobs[provider_id] = self.client.job(provider_id)
        return self._jobs[provider_id]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the client's exceptions into ours, and keep its advice on usage from the user."""
        try:
            with warnings.catch_warnings():
                # We ask for the usage ourselves, and stop; a token that could not be had shows in
                # the answer.
                warnings.filterwarnings(
                    "ignore", message="This instance|There is currently no|Unable to retrieve IBM"
                )
                yield
        except QmlAlgosError:
            raise
        except Exception as error:
            if _status(error) == 401 or isinstance(error, QiskitBackendNotFoundError):
                # The session has expired: the next question opens another one.
                self._client = self._device = None
                self._jobs.clear()
            # The client's own message may name the account's instance.
            raise translate(error) from None


def open_client(config: IBMConfig) -> QiskitRuntimeService:
    """Open IBM's client with a saved account, or the one of the environment.

    Raises
    ------
    AccountError
        If there is no such account or its key is refused.
    ServiceUnavailableError
        If the service does not answer.
    """
    from qiskit_ibm_runtime import QiskitRuntimeService
    from qiskit_ibm_runtime.accounts import AccountNotFoundError, InvalidAccountError
    from qiskit_ibm_runtime.exceptions import IBMInputValueError, IBMNotAuthorizedError

    warn_if_exposed(accounts_file())
    refusals = (
        AccountNotFoundError,
        InvalidAccountError,
        IBMInputValueError,
        IBMNotAuthorizedError,
    )
    try:
        return QiskitRuntimeService(name=config.account)
    except Exception as error:
        # The client calls an account invalid also where nobody answered. Nobody has a session yet
        # that could have expired.
        status = _status(error)
        if isinstance(error, refusals) and (status == 401 or not _may_pass(status)):
            raise AccountError(
                f"backend {config.name!r}: {hide_credentials(str(error))} Set QISKIT_IBM_TOKEN and "
                "QISKIT_IBM_INSTANCE, or save an account with 'qml-algos account save NAME'."
            ) from None
        raise translate(error) from None


def translate(error: BaseException) -> Exception:
    """Our exception for one of the client's: what will not change, and what may."""
    from qiskit_ibm_runtime.exceptions import IBMInputValueError, RuntimeJobNotFound

    status = _status(error)
    what = "IBM Quantum does not answer" if status == -1 else "IBM Quantum"
    message = hide_credentials(f"{what}: {error}")
    if isinstance(error, RuntimeJobNotFound) or status == _NOT_FOUND:
        return UnknownJobError(message)
    if status == _TOO_MANY_REQUESTS:
        return TooManyRequestsError(message)
    if status is not None and not _may_pass(status):
        return RequestRefusedError(message)
    if isinstance(error, IBMInputValueError) and status is None:
        return RequestRefusedError(message)
    return ServiceUnavailableError(message)


def _may_pass(status: int | None) -> bool:
    """Whether what was answered with a status may be answered otherwise in a while."""
    return status is not None and (status >= 500 or status in _PASSING)


def _status(error: BaseException | None) -> int | None:
    """HTTP status of an error or of what caused it.

    -1 if there was no answer, ``None`` if no request failed.
    """
    import requests
    from ibm_cloud_sdk_core import ApiException
    from qiskit_ibm_runtime.api.exceptions import RequestsApiError
    from qiskit_ibm_runtime.exceptions import IBMNotAuthorizedError

    while error is not None:
        if isinstance(error, IBMNotAuthorizedError):
            return 401
        if isinstance(error, RequestsApiError | ApiException):
            return int(error.status_code)
        if isinstance(error, requests.ConnectionError | requests.Timeout):
            return -1
        error = error.__cause__ or error.__context__
    return None


def _remote(job: RuntimeJobV2) -> RemoteJob:
    word = str(job.status())
    state = _STATES.get(word.upper())
    message = ""
    used = None
    if state in (State.FAILED, State.CANCELLED):
        # The client tells the service's reason of a failure, but of a cancellation only here.
        reason = getattr(job, "_reason", None)
        message = hide_credentials(str(reason or job.error_message() or word)).strip()
    elif state is None:
        message = word
    elif state is State.DONE:
        # Of interest, but nothing that results should wait for.
        with suppress(Exception):
            used = float(job.usage() or 0.0) or None
    return RemoteJob(str(job.job_id()), state, message, used)
