"""Samplers and estimators whose results are bought once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BasePrimitiveJob, BaseSamplerV2
from qiskit.primitives.containers import (
    EstimatorPubLike,
    PrimitiveResult,
    PubResult,
    SamplerPubLike,
)
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.base import coerce_pubs
from qml_algos.backends.config import BackendConfig, IBMConfig
from qml_algos.backends.estimator import DEFAULT_PRECISION, require_precision
from qml_algos.backends.jobs.executions import (
    executions_of_estimator,
    executions_of_sampler,
    shots_of_sampler,
)
from qml_algos.backends.jobs.identity import compiled_key, content_key
from qml_algos.backends.jobs.recorder import Recorder
from qml_algos.backends.jobs.records import AT_SERVICE, LOST, State
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.jobs.units import Unit, join, split

# What a description says that no result depends on.
_NOT_CONTENT = {"name", "description", "limits", "timing", "errors", "compile"}
_OF_SAMPLES = {"dynamical_decoupling", "twirl_gates", "twirl_measurements", "randomizations"}


class Recordable(Protocol):
    """What a recording sampler needs to know of its backend."""

    @property
    def config(self) -> BackendConfig:
        """Its description."""
        ...

    def check(self, circuit: QuantumCircuit) -> None:
        """Refuse a circuit that it cannot run as it is."""
        ...

    def source(self, device: str | None, calibrated: str | None) -> Source:
        """Where requests go, for circuits kept with this device and calibration date, if any."""
        ...


class RecordedJob(BasePrimitiveJob[PrimitiveResult[PubResult], str]):
    """A request, which may be several jobs, or none where everything was recorded."""

    def __init__(
        self,
        recorder: Recorder,
        source: Source,
        units: Sequence[Unit],
        interpret: Callable[[list[PubResult]], list[PubResult]],
    ) -> None:
        super().__init__(job_id=content_key({"units": [unit.key for unit in units]}, [])[:16])
        self._recorder = recorder
        self._source = source
        self._units = units
        self._interpret = interpret

    def result(self) -> PrimitiveResult[PubResult]:
        """Wait for all results.

        Raises
        ------
        JobLostError
            If a job failed or was cancelled; all other results are recorded first.
        ServiceUnavailableError
            If the service did not answer for long; nothing is lost, ask again.
        """
        results = self._recorder.results(self._source, self._units)
        return PrimitiveResult(self._interpret(results), metadata={"version": 2})

    def status(self) -> str:
        """State of the job that is furthest from done, as last heard."""
        return min(self._states(), key=list(State).index, default=State.PLANNED)

    def done(self) -> bool:
        """Whether all results are recorded."""
        return self.status() == State.DONE

    def running(self) -> bool:
        """Whether a job is at the service, as last heard."""
        return any(state in AT_SERVICE for state in self._states())

    def cancelled(self) -> bool:
        """Whether a job was cancelled."""
        return State.CANCELLED in self._states()

    def in_final_state(self) -> bool:
        """Whether nothing is waited for."""
        states = self._states()
        return bool(states) and all(state in (State.DONE, *LOST) for state in states)

    def cancel(self) -> None:
        """Cancel all jobs of the request that have not ended."""
        if self._source.service is not None:
            self._recorder.cancel(self._source.service, self._recorder.jobs(self._units))

    def _states(self) -> list[State]:
        return [job.state for job in self._recorder.jobs(self._units)]


class RecordedSampler(BaseSamplerV2):
    """Sample compiled circuits; what the ledger holds is read, the rest is sent once.

    Parameters
    ----------
    recorder
        With the ledger.
    backend
        Where circuits run.
    seed
        Part of a request's identity: another seed asks for other shots. On a device, where
        shots cannot be seeded, it counts repetitions.
    """

    def __init__(self, recorder: Recorder, backend: Recordable, seed: int | None) -> None:
        self._recorder = recorder
        self._backend = backend
        self._seed = seed

    def run(self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None) -> RecordedJob:
        """Ask for PUBs of compiled circuits; see `BaseSamplerV2.run`.

        Raises
        ------
        NotCompiledError, TooLargeError, ValueError
            If a PUB is wrong.
        BudgetError, JobLostError, RequestRefusedError, ServiceUnavailableError, LedgerError
            See `Recorder.request`.
        """
        config = self._backend.config
        coerced = coerce_pubs(config, pubs, shots)
        for pub in coerced:
            self._backend.check(pub.circuit)
        pieces = [
            split(pub, config.limits.max_executions, shots_of_sampler(config, pub.shots))
            for pub in coerced
        ]
        identity = _Identity(self._recorder, self._backend, "sampler", self._seed)
        units = [identity.sampler_unit(piece) for parts in pieces for piece in parts]

        def interpret(results: list[PubResult]) -> list[PubResult]:
            queue = iter(results)
            return [
                join(pub, [next(queue) for _ in parts])
                for pub, parts in zip(coerced, pieces, strict=True)
            ]

        return _requested(self._recorder, identity.source, units, interpret)


class RecordedEstimator(BaseEstimatorV2):
    """Estimate observables on a service that does so itself; recorded as by `RecordedSampler`."""

    def __init__(self, recorder: Recorder, backend: Recordable, seed: int | None) -> None:
        self._recorder = recorder
        self._backend = backend
        self._seed = seed

    def run(
        self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None
    ) -> RecordedJob:
        """Ask for PUBs of compiled circuits and observables; see `BaseEstimatorV2.run`.

        Raises
        ------
        ValueError
            If a precision is not positive and finite.
        NotCompiledError, BudgetError, JobLostError, RequestRefusedError, ServiceUnavailableError, LedgerError
            As of `RecordedSampler.run`.
        """  # noqa: E501
        wanted = DEFAULT_PRECISION if precision is None else precision
        coerced = [EstimatorPub.coerce(pub, wanted) for pub in pubs]
        for pub in coerced:
            require_precision(pub.precision)
            self._backend.check(pub.circuit)
        identity = _Identity(self._recorder, self._backend, "estimator", self._seed)
        units = [identity.estimator_unit(pub) for pub in coerced]
        return _requested(self._recorder, identity.source, units, lambda results: results)


def _requested(
    recorder: Recorder,
    source: Source,
    units: list[Unit],
    interpret: Callable[[list[PubResult]], list[PubResult]],
) -> RecordedJob:
    recorder.request(source, units)
    return RecordedJob(recorder, source, units, interpret)


class _Identity:
    """Turns the PUBs of one request into units."""

    def __init__(
        self, recorder: Recorder, backend: Recordable, kind: str, seed: int | None
    ) -> None:
        self._recorder = recorder
        self._backend = backend
        self._config = backend.config
        self._common = {"kind": kind, "seed": seed, "options": _content(backend.config, kind)}
        self._circuits: dict[int, str] = {}
        self._seen: Counter[str] = Counter()
        self._kept_with: tuple[str | None, str | None] = (None, None)

    @property
    def source(self) -> Source:
        """Where the units go."""
        return self._backend.source(*self._kept_with)

    def sampler_unit(self, pub: SamplerPub) -> Unit:
        names = tuple(pub.circuit.parameters)
        values = pub.parameter_values.as_array(names) if names else np.zeros((*pub.shape, 0))
        executions = executions_of_sampler(self._config, pub)
        return self._unit(pub, {"shots": pub.shots}, [values], executions)

    def estimator_unit(self, pub: EstimatorPub) -> Unit:
        names = tuple(pub.circuit.parameters)
        values = pub.parameter_values.as_array(names) if names else np.zeros((*pub.shape, 0))
        observables = np.asarray(pub.observables.tolist(), dtype=object)
        labels = [sorted(observable.items()) for observable in observables.flat]
        parts = {
            "precision": float(pub.precision),
            "observables": [[label, float(weight)] for items in labels for label, weight in items],
            "terms": [len(items) for items in labels],
            "observables_shape": list(observables.shape),
        }
        return self._unit(pub, parts, [values], executions_of_estimator(self._config, pub))

    def _unit(
        self, pub: Any, parts: dict[str, object], arrays: Sequence[np.ndarray], executions: int
    ) -> Unit:
        content = {**self._common, **parts, **self._circuit(pub.circuit)}
        plain = content_key(content, arrays)
        # Equal PUBs of one request are independent of each other.
        repetition = self._seen[plain]
        self._seen[plain] += 1
        key = content_key({"content": plain, "repetition": repetition}, [])
        return Unit(key, pub, executions)

    def _circuit(self, circuit: QuantumCircuit) -> dict[str, str | None]:
        """Hash of a circuit, and device and calibration that it was compiled to."""
        if id(circuit) not in self._circuits:
            self._circuits[id(circuit)] = compiled_key(circuit)
        bare = self._circuits[id(circuit)]
        device = self._backend.source(None, None).device
        kept = self._recorder.ledger.calibrated(bare, device)
        if kept is not None:
            self._kept_with = kept
        return {"circuit": bare, "device": device, "calibrated": kept and kept[1]}


def _content(config: BackendConfig, kind: str) -> dict[str, object]:
    """Pick what a result depends on in a description."""
    if isinstance(config, IBMConfig):
        every = set(type(config.mitigation).model_fields)
        mitigation = _OF_SAMPLES if kind == "sampler" else every
        return config.model_dump(mode="json", include={"kind": True, "mitigation": mitigation})
    return config.model_dump(mode="json", exclude=_NOT_CONTENT)
