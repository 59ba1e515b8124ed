"""What the recorder asks of a service that runs jobs elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from qiskit.primitives.containers import PubResult
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.jobs.records import State

Pub: TypeAlias = "SamplerPub | EstimatorPub"


@dataclass(frozen=True)
class RemoteJob:
    """A job as the service describes it.

    Attributes
    ----------
    provider_id
        The service's name for it.
    state
        QUEUED, RUNNING, DONE, FAILED or CANCELLED; ``None`` if the service said a word that is
        not known.
    message
        What the service said beside it.
    used
        Seconds of quantum time charged; ``None`` if not known yet.
    """

    provider_id: str
    state: State | None
    message: str = ""
    used: float | None = None


class Service(Protocol):
    """A service that stores jobs under a tag.

    Every method raises `ServiceUnavailableError` for what may be different in a while (no
    connection, too many requests, maintenance, an expired session) and `RequestRefusedError`
    for what will not.
    """

    def account(self) -> str:
        """Something that tells this account from others, and nothing else of it."""
        ...

    def send(self, pubs: Sequence[Pub], tag: str) -> str:
        """Store PUBs as one job and return the service's name for it.

        `RequestRefusedError` says that nothing was stored; after any other error the job may or
        may not exist.
        """
        ...

    def together(self) -> AbstractContextManager[None]:
        """Jobs sent within run close together, where the service can do that."""
        ...

    def find(self, tag: str) -> list[RemoteJob]:
        """All jobs with a tag, oldest first."""
        ...

    def ask(self, provider_id: str) -> RemoteJob:
        """State of a job."""
        ...

    def fetch(self, provider_id: str) -> list[PubResult]:
        """Results of a finished job, one for each PUB."""
        ...

    def cancel(self, provider_id: str) -> None:
        """Cancel a job; one that has ended stays as it is."""
        ...

    def seconds_left(self) -> float | None:
        """Quantum time left to the account; ``None`` if it has no limit or does not say."""
        ...
