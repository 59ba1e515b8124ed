"""What stands around a backend and passes on all that it does not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.transpiler import Target

from qml_algos.backends.base import Backend, target_of
from qml_algos.backends.config import BackendConfig


@dataclass(frozen=True)
class BackendWrapper:
    """A backend that leaves everything to the one inside; see `Backend` for the methods.

    Attributes
    ----------
    inner
        Where circuits run.
    """

    inner: Backend

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return itself: an open backend is shared by copies of what holds it, as in `clone`."""
        return self

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
        """Compile circuits."""
        return self.inner.compile(circuits)

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler."""
        return self.inner.sampler(seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator."""
        return self.inner.estimator(seed)

    def seconds(self, circuit: QuantumCircuit) -> float | None:
        """Quantum time of one execution."""
        return self.inner.seconds(circuit)

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Simulate the final state."""
        return self.inner.statevector(circuit)
