"""A backend that is watched: what it cannot simulate is refused, what it compiled is known."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil
from qiskit import QuantumCircuit

from qml_algos.backends.config import BackendConfig, PennyLaneConfig
from qml_algos.backends.noise_cost import PER_AMPLITUDE
from qml_algos.backends.wrapper import BackendWrapper
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
class WatchedBackend(BackendWrapper):
    """A backend that refuses circuits before they are run, and remembers those compiled.

    Attributes
    ----------
    limits
        Of simulations; ``None`` for devices.
    seen
        The last circuits that were compiled.
    """

    limits: Limits | None
    seen: deque[Compiled] = field(default_factory=lambda: deque(maxlen=_REMEMBERED), repr=False)

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
