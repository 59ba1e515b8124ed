"""Device models by name or from a file."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from qml_algos.backends.config import (
    KINDS,
    BackendConfig,
    IBMConfig,
    NoisyConfig,
    check_table,
    load_config,
    read_table,
    shipped_names,
)
from qml_algos.errors import ConfigError, UnknownNameError, UnsuitableDeviceError
from qml_algos.speedup.devices.descriptions import FaultTolerantDescription, IdealisedDescription
from qml_algos.speedup.devices.fault_tolerant import FaultTolerantDevice
from qml_algos.speedup.devices.idealised import IdealisedDevice
from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.devices.today import TodayDevice

_TODAY = ("heron_r3", "nighthawk")
_FOLDERS = ("fault_tolerant", "idealised")
_KINDS = {"fault-tolerant": FaultTolerantDescription, "idealised": IdealisedDescription}


def _shipped() -> dict[str, Traversable]:
    """Files of the models that are no backends, by name."""
    root = resources.files("hardware_configs")
    return {
        file.name.removesuffix(".toml"): file
        for folder in _FOLDERS
        for file in sorted((root / folder).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }


DEVICE_MODELS: tuple[str, ...] = (*_TODAY, *_shipped())
"""Names of the device models that ship with the package."""

DEFAULT_DEVICES = ("heron_r3", "superconducting_e3", "superconducting_e4", "idealised_1mhz")
"""Devices that are projected on unless others are asked for."""


def device_model(name_or_path: str | Path) -> DeviceModel:
    """Open a device model.

    Parameters
    ----------
    name_or_path
        One of `DEVICE_MODELS`, or the path of a ``.toml`` file: a backend with ``timing`` and
        ``errors``, a fault-tolerant device or an idealised one.

    Returns
    -------
    TodayDevice, FaultTolerantDevice or IdealisedDevice

    Raises
    ------
    UnknownNameError
        If no model and no backend of this name ships; the message lists the models.
    UnsuitableDeviceError
        If it is a backend that nothing can be projected on: a simulator of no device, or one whose
        description has no ``timing`` or no ``errors``.
    ConfigError
        If a file is missing, malformed or holds a wrong key or value; the message names it.
    """
    if not isinstance(name_or_path, str | Path) or "\0" in str(name_or_path):
        raise ConfigError(
            f"device: {name_or_path!r} is neither a name nor the path of a .toml file"
        )
    if str(name_or_path).endswith(".toml"):
        return _from_file(Path(name_or_path))
    shipped = _shipped()
    if name_or_path in shipped:
        return _from_file(shipped[str(name_or_path)])
    if name_or_path not in shipped_names():
        raise UnknownNameError("device", str(name_or_path), DEVICE_MODELS)
    return _today(load_config(name_or_path))


def _from_file(file: Path | Traversable) -> DeviceModel:
    table = read_table(file)
    kind = table.get("kind")
    if kind in KINDS:
        assert isinstance(file, Path)
        return _today(load_config(file))
    if kind == "fault-tolerant":
        return FaultTolerantDevice(_described(file, table, FaultTolerantDescription))
    if kind == "idealised":
        return IdealisedDevice(_described(file, table, IdealisedDescription))
    accepted = ", ".join(map(repr, (*_KINDS, *KINDS)))
    raise ConfigError(f"{file}: kind = {kind!r}: must be one of {accepted}")


def _described(file: Path | Traversable, table: dict[str, Any], description: type[Any]) -> Any:
    return check_table(file, table, TypeAdapter(description))


def _today(config: BackendConfig) -> TodayDevice:
    if not isinstance(config, NoisyConfig | IBMConfig):
        raise UnsuitableDeviceError(
            f"device {config.name!r}: a simulator of this machine ({config.kind}) is no device; "
            f"models: {', '.join(DEVICE_MODELS)}"
        )
    missing = [name for name in ("timing", "errors") if getattr(config, name) is None]
    if missing:
        raise UnsuitableDeviceError(
            f"device {config.name!r}: its description has no [{missing[0]}] to project from"
        )
    assert config.timing is not None
    assert config.errors is not None
    qubits = config.calibration.qubits if isinstance(config, NoisyConfig) else None
    return TodayDevice(
        name=config.name,
        description=config.description,
        qubits=qubits or config.limits.max_qubits,
        max_executions=config.limits.max_executions,
        timing=config.timing,
        errors=config.errors,
    )
