"""Any backend of this machine with a ledger: what it has computed once is read the next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import PubResult
from qiskit.transpiler import Target

from qml_algos.backends.base import Backend, target_of
from qml_algos.backends.config import BackendConfig
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.backends.jobs.recorded import RecordedSampler
from qml_algos.backends.jobs.recorder import Recorder
from qml_algos.backends.jobs.source import Source
from qml_algos.backends.jobs.units import Unit


@dataclass(frozen=True)
class RecordedBackend:
    """A backend of this machine whose samples are recorded.

    Statevectors are not: they cost no more the second time.
    """

    inner: Backend
    recorder: Recorder

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return itself: an open backend is shared by copies of what holds it, as in `clone`."""
        return self

    def __repr__(self) -> str:
        return repr(self.inner)

    @property
    def config(self) -> BackendConfig:
        """The description it was opened from."""
        return self.inner.config

    @property
    def name(self) -> str:
        """Name of the backend."""
        return self.inner.name

    @property
    def exact(self) -> bool:
        """Whether `statevector` is available."""
        return self.inner.exact

    @property
    def noisy(self) -> bool:
        """Whether results carry noise beyond that of finitely many shots."""
        return self.inner.noisy

    @property
    def calibrated(self) -> date | None:
        """Date of the calibration that circuits are compiled to."""
        return self.inner.calibrated

    @property
    def target(self) -> Target | None:
        """Of the backend inside; see `target_of`."""
        return target_of(self.inner)

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Compile circuits; see `Backend.compile`."""
        return self.inner.compile(circuits)

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler that records."""
        return RecordedSampler(self.recorder, self, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator: exact values are not recorded, measured ones are."""
        if self.exact:
            return self.inner.estimator(seed)
        return SamplingEstimator(self.sampler(seed))

    def seconds(self, circuit: QuantumCircuit) -> float | None:
        """Quantum time of one execution; see `Backend.seconds`."""
        return self.inner.seconds(circuit)

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Simulate the final state; see `Backend.statevector`."""
        return self.inner.statevector(circuit)

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
