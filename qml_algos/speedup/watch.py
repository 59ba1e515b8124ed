"""A backend that is watched: what it cannot simulate is refused, what it compiled is known."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Self

import numpy as np
import psutil
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.transpiler import Target

from qml_algos.backends import Backend
from qml_algos.backends.base import target_of
from qml_algos.backends.config import BackendConfig, PennyLaneConfig
from qml_algos.backends.noise_cost import PER_AMPLITUDE
from qml_algos.errors import TooLargeError

_STATES = 3
"""Statevectors that a simulation holds at once: its own, the one saved, the one returned."""
_REMEMBERED = 64
"""Circuits: programs that compile one for each step do not keep them all."""

Compiled = tuple[QuantumCircuit, QuantumCircuit | None]
"""A circuit as built and as compiled; ``None`` where the backend did not take it."""


@dataclass(frozen=True)
class Limits:
    """What may be spent on one step of a comparison.

    Attributes
    ----------
    seconds
        Of simulating one circuit, as estimated.
    share
        Of the memory that is free, 0 to 1: others run beside it.
    """

    seconds: float
    share: float = 1.0

    def require_memory(self, needed: int, what: str) -> None:
        """Refuse what does not fit into the memory that is free now.

        Raises
        ------
        TooLargeError
            Giving both numbers.
        """
        free = self.share * psutil.virtual_memory().available
        if needed > free:
            raise TooLargeError(
                f"{what} takes about {gibibytes(needed)} of memory; {gibibytes(free)} are free"
            )


@dataclass(frozen=True)
class WatchedBackend:
    """A backend that refuses circuits before they are run, and remembers those compiled.

    Attributes
    ----------
    inner
        Where circuits run.
    limits
        Of simulations; ``None`` for devices.
    seen
        The last circuits that were compiled.
    """

    inner: Backend
    limits: Limits | None
    seen: deque[Compiled] = field(default_factory=lambda: deque(maxlen=_REMEMBERED), repr=False)

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
        """Compile circuits; see `Backend.compile`.

        Raises
        ------
        TooLargeError
            If simulating one of them takes more than the limits.
        """
        try:
            compiled = self.inner.compile(circuits)
        except TooLargeError:
            self.seen.extend((circuit, None) for circuit in circuits)
            raise
        self.seen.extend(zip(circuits, compiled, strict=True))
        for circuit in compiled:
            self._require_feasible(circuit)
        return compiled

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler; see `Backend.sampler`."""
        return self.inner.sampler(seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator; see `Backend.estimator`."""
        return self.inner.estimator(seed)

    def seconds(self, circuit: QuantumCircuit) -> float | None:
        """Quantum time of one execution; see `Backend.seconds`."""
        return self.inner.seconds(circuit)

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Simulate the final state; see `Backend.statevector`."""
        return self.inner.statevector(circuit)

    def _require_feasible(self, circuit: QuantumCircuit) -> None:
        """Refuse a circuit whose statevector is too large, or takes too long."""
        if self.limits is None or not _by_statevector(self.config):
            return
        amplitudes, what = 2**circuit.num_qubits, f"simulating {circuit.num_qubits} qubits"
        self.limits.require_memory(16 * _STATES * amplitudes, what)
        seconds = PER_AMPLITUDE * circuit.size() * amplitudes
        if seconds > self.limits.seconds:
            raise TooLargeError(
                f"{what} and {circuit.size():,} gates takes about {seconds:,.0f} s; the limit is "
                f"{self.limits.seconds:,.0f} s"
            )


def _by_statevector(config: BackendConfig) -> bool:
    """Whether a backend holds all amplitudes; noisy ones have limits of their own."""
    return isinstance(config, PennyLaneConfig) or getattr(config, "method", None) == "statevector"


def gibibytes(count: float) -> str:
    """Return a number of bytes in GiB, as text."""
    return f"{count / 2**30:,.3g} GiB"
