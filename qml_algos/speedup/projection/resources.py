"""Physical resources of the circuits that were built, by a resource estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qml_algos.errors import TooLargeError
from qml_algos.speedup.devices import Estimator, FaultTolerantDevice, FaultTolerantEstimate
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.projection.quantum import QuantumCurve


@dataclass(frozen=True)
class PhysicalResources:
    """What one run of a circuit that was built takes on a fault-tolerant device.

    Attributes
    ----------
    solver, problem, device
        Names; of each solver the largest problem whose circuit was counted.
    estimate
        Of one run.
    """

    solver: str
    problem: str
    device: str
    estimate: FaultTolerantEstimate


def physical_resources(
    quantum: Sequence[QuantumCurve],
    devices: Sequence[DeviceModel],
    estimator: Estimator = "auto",
) -> tuple[PhysicalResources, ...]:
    """Estimate the largest counted circuit of each solver on each fault-tolerant device.

    Parameters
    ----------
    quantum
        Solvers with their rows.
    devices
        Those that are not fault-tolerant are passed over.
    estimator
        As for `FaultTolerantDevice.estimate`.

    Returns
    -------
    tuple of PhysicalResources
        Circuits beyond the device are left out. Cost: about 0.3 s for each where qdk is asked.

    Raises
    ------
    MissingExtraError, NotConvergedError
        If qdk is asked for and not installed, or does not finish.
    """
    found = []
    for curve in quantum:
        counted = [row for row in curve.rows if row.gates_as_built is not None]
        if not counted:
            continue
        row = max(counted, key=lambda row: row.size)
        assert row.gates_as_built is not None
        for device in devices:
            if not isinstance(device, FaultTolerantDevice):
                continue
            try:
                run = device.estimate(row.gates_as_built, estimator=estimator)
            except TooLargeError:
                continue
            found.append(PhysicalResources(curve.solver, row.problem, device.name, run))
    return tuple(found)
