"""Where the units of a request come from and go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.primitives.containers import PubResult

from qml_algos.backends.config import BackendConfig
from qml_algos.backends.jobs.service import Service
from qml_algos.backends.jobs.units import Unit


@dataclass(frozen=True)
class Source:
    """Where units come from and go to.

    Attributes
    ----------
    config
        Description of the backend.
    device
        Name of what runs them.
    details
        What to write down beside a job: options, calibration date.
    seconds
        Quantum time of one execution of a circuit; see `Backend.seconds`.
    service
        A service elsewhere, or ``None`` if ``run_here`` does it.
    run_here
        Runs units on this machine.
    """

    config: BackendConfig
    device: str
    details: dict[str, object]
    seconds: Callable[[QuantumCircuit], float | None]
    service: Service | None = None
    run_here: Callable[[Sequence[Unit]], list[PubResult]] | None = None

    def __post_init__(self) -> None:
        assert (self.service is None) != (self.run_here is None)
