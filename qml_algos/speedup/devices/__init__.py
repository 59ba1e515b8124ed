"""Device models that circuits are projected on: today's, fault-tolerant, and idealised ones."""

from qml_algos.speedup.devices.fault_tolerant import FaultTolerantDevice
from qml_algos.speedup.devices.idealised import IdealisedDevice
from qml_algos.speedup.devices.model import DeviceModel, Execution
from qml_algos.speedup.devices.qdk_estimator import Estimator
from qml_algos.speedup.devices.registry import DEFAULT_DEVICES, DEVICE_MODELS, device_model
from qml_algos.speedup.devices.surface_code import FaultTolerantEstimate
from qml_algos.speedup.devices.today import TodayDevice

__all__ = [
    "DEFAULT_DEVICES",
    "DEVICE_MODELS",
    "DeviceModel",
    "Estimator",
    "Execution",
    "FaultTolerantDevice",
    "FaultTolerantEstimate",
    "IdealisedDevice",
    "TodayDevice",
    "device_model",
]
