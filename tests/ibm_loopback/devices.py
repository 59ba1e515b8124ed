"""The devices the loopback serves: IBM's own snapshots of configuration and calibrations."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qiskit_ibm_runtime import fake_provider


@dataclass
class Device:
    """One device. The fields may be changed while the service runs.

    Attributes
    ----------
    pending_jobs : int
        Length of its queue, as the status tells it; ``least_busy`` goes by it.
    operational : bool
    status : str
        "active", or what the client is to warn of: "internal", "maintenance".
    """

    name: str
    configuration: dict[str, Any] = field(repr=False)
    properties: dict[str, Any] = field(repr=False)
    pending_jobs: int = 0
    operational: bool = True
    status: str = "active"

    @classmethod
    def of_snapshot(cls, class_name: str) -> Device:
        """Serve a fake backend of qiskit-ibm-runtime, such as "FakeBoston", as "ibm_boston"."""
        fake = getattr(fake_provider, class_name)
        folder = Path(fake.dirname)
        name = fake.backend_name.replace("fake_", "ibm_")
        configuration = json.loads((folder / fake.conf_filename).read_text())
        properties = json.loads((folder / fake.props_filename).read_text())
        return cls(
            name,
            {**configuration, "backend_name": name},
            {**properties, "backend_name": name},
        )

    def listing(self) -> dict[str, Any]:
        """Its entry in GET /backends."""
        return {
            "name": self.name,
            "qubits": self.configuration["n_qubits"],
            "queue_length": self.pending_jobs,
            "status": {
                "name": "online" if self.operational else "offline",
                "reason": "available" if self.operational else self.status,
            },
            "is_simulator": False,
            "processor_type": self.configuration.get("processor_type"),
        }

    def state(self) -> dict[str, Any]:
        """The answer to GET /backends/{name}/status."""
        return {
            "state": self.operational,
            "status": self.status,
            "message": "available" if self.operational else self.status,
            "length_queue": self.pending_jobs,
            "backend_version": self.configuration["backend_version"],
        }
