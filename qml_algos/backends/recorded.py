"""Any backend of this machine with a ledger: what it has computed once is read the next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import PubResult

from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.backends.jobs.recorded import RecordedSampler
from qml_algos.backends.jobs.recorder import Recorder
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.jobs.units import Unit
from qml_algos.backends.wrapper import BackendWrapper


@dataclass(frozen=True, repr=False)
class RecordedBackend(BackendWrapper):
    """A backend of this machine whose samples are recorded.

    Statevectors are not: they cost no more the second time.

    Attributes
    ----------
    recorder
        Keeps them.
    """

    recorder: Recorder

    def __repr__(self) -> str:
        return repr(self.inner)

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler that records."""
        return RecordedSampler(self.recorder, self, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator: exact values are not recorded, measured ones are."""
        if self.exact:
            return self.inner.estimator(seed)
        return SamplingEstimator(self.sampler(seed))

    def check(self, circuit: QuantumCircuit) -> None:
        """Leave it to the sampler inside, which refuses before anything is recorded."""

    def source(self, device: str | None, calibrated: str | None) -> Source:  # noqa: ARG002
        """Where requests go: see `Recordable`."""
        return Source(
            config=self.config,
            device=self.name,
            details={},
            seconds=self.seconds,
            run_here=self._run,
        )

    def _run(self, units: Sequence[Unit]) -> list[PubResult]:
        # A seed from what is asked for: what is left to do after a crash gives what it would have.
        seed = int(units[0].key[:8], 16) >> 1
        return list(self.inner.sampler(seed).run([unit.pub for unit in units]).result())
