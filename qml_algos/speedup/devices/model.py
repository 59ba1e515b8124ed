"""What a projection needs to know of a device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from circuits.costs import GateCounts

Kind = Literal["today", "fault-tolerant", "idealised"]


@dataclass(frozen=True)
class Execution:
    """Runs of one circuit on a device.

    Attributes
    ----------
    seconds_per_run
        Of one run, with its reset and repetition delay.
    seconds
        Of all runs, those lost to errors included; infinite where no number of them would do.
    fidelity
        Probability that a run has no error.
    runs
        Number of runs, those lost to errors included.
    qubits
        Physical qubits.
    code_distance
        Of fault-tolerant devices.
    feasible
        Whether the device can do it.
    reason
        Why not, as a whole sentence; ``None`` if it can.
    seconds_by_part
        What the seconds of one run are spent on, by name.
    """

    seconds_per_run: float
    seconds: float
    fidelity: float
    runs: float
    qubits: float
    code_distance: int | None = None
    feasible: bool = True
    reason: str | None = None
    seconds_by_part: dict[str, float] | None = None


class DeviceModel(Protocol):
    """A device that circuits are projected on."""

    @property
    def name(self) -> str:
        """As the command line takes it."""
        ...

    @property
    def kind(self) -> Kind:
        """Which of the families it belongs to."""
        ...

    @property
    def description(self) -> str:
        """One line."""
        ...

    def execution(self, run: GateCounts, runs: float) -> Execution:
        """Project so many runs of a circuit.

        Never raises for a circuit that is too large: the result says that it is not feasible.
        """
        ...

    def to_json(self) -> dict[str, Any]:
        """All constants, each with its unit in its name, and their sources."""
        ...
