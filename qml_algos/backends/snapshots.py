"""Calibration snapshots of devices: those that ship with IBM's client, and one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from qiskit.providers import BackendV2

from qml_algos.backends.config import NoisyConfig, stays_inside
from qml_algos.errors import ConfigError

if TYPE_CHECKING:
    from qiskit_ibm_runtime.models import BackendProperties

CONFIGURATION = "configuration.json"
PROPERTIES = "properties.json"
# The largest devices of today take less than one.
MAX_SNAPSHOT_BYTES = 64 * 2**20
# What the noise model reads of every qubit.
_NEEDED = ("prob_meas0_prep1", "prob_meas1_prep0")

_T = TypeVar("_T")


def snapshot_device(config: NoisyConfig) -> BackendV2:
    """Open the device whose noise a backend models.

    Parameters
    ----------
    config
        Names a class of ``qiskit_ibm_runtime.fake_provider`` or a folder with the files that
        `save_snapshot` writes.

    Returns
    -------
    BackendV2
        With a target and with ``properties()``, as IBM's client gives them.

    Raises
    ------
    ConfigError
        If a file of the folder is missing, larger than 64 MiB, outside the folder, not JSON or not
        what it should be, or if the snapshot was not taken on ``calibration.as_of``. The message
        names the file.
    """
    if config.snapshot is not None:
        return _device_in(config.snapshot, config.calibration.as_of)
    assert config.device is not None
    return _shipped(config.device)


@cache
def _shipped(name: str) -> BackendV2:
    # Reading one takes a quarter of a second. Importing them all takes two, which only those who
    # use one should spend.
    from qiskit_ibm_runtime import fake_provider

    # The description allows only names from a list, so no class is looked up by a user's word.
    device: BackendV2 = getattr(fake_provider, name)()
    return device


def save_snapshot(device: Any, folder: str | Path) -> None:
    """Write what a device says of itself into a folder, for the key ``snapshot``.

    Parameters
    ----------
    device
        What ``QiskitRuntimeService().backend("ibm_boston")`` returns, say, or a fake backend:
        anything with ``configuration()`` and ``properties()``.
    folder
        Made if there is none. Earlier files of the same names are replaced.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in ((CONFIGURATION, device.configuration()), (PROPERTIES, device.properties())):
        (folder / name).write_text(json.dumps(part.to_dict(), default=_encode))


def _encode(value: Any) -> Any:
    """Bring into JSON what the client's dictionaries hold beside plain values."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, complex):
        return [value.real, value.imag]
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot")


def _device_in(folder: Path, as_of: date) -> BackendV2:
    configuration = _read_json(folder, CONFIGURATION)
    _read_json(folder, PROPERTIES)
    file = folder / CONFIGURATION
    name = configuration.get("backend_name")
    if not isinstance(name, str):
        raise ConfigError(f"{file}: backend_name: must be the device's name")
    device = _decode(file, lambda: _open(folder, name))
    qubits = _decode(file, lambda: device.configuration().n_qubits)
    properties = _decode(folder / PROPERTIES, device.properties)
    _check_properties(folder / PROPERTIES, properties, qubits, as_of)
    target = _decode(file, lambda: device.target)
    if target.num_qubits != qubits:
        # The client makes room for whatever qubits gates name.
        raise ConfigError(f"{file}: {qubits} qubits, but gates on {target.num_qubits}")
    return device


def _open(folder: Path, name: str) -> BackendV2:
    from qiskit_ibm_runtime.fake_provider.fake_backend import FakeBackendV2

    class Snapshot(FakeBackendV2):
        dirname = str(folder)
        conf_filename = CONFIGURATION
        props_filename = PROPERTIES
        backend_name = name

    device: BackendV2 = Snapshot()
    return device


def _check_properties(file: Path, properties: BackendProperties, qubits: int, as_of: date) -> None:
    """Refuse a calibration of other qubits, of another day, or without readout errors."""
    if len(properties.qubits) != qubits:
        raise ConfigError(
            f"{file}: {len(properties.qubits)} qubits; {CONFIGURATION} beside it has {qubits}"
        )
    for qubit in range(qubits):
        known = {value.name for value in properties.qubits[qubit]}
        missing = [key for key in _NEEDED if key not in known]
        if missing:
            raise ConfigError(f"{file}: qubit {qubit} has no {missing[0]}")
    taken = properties.last_update_date.date()
    # One day may be a matter of time zones.
    if abs(taken - as_of) > timedelta(days=1):
        raise ConfigError(
            f"{file}: last_update_date is {taken}, but calibration.as_of = {as_of} says otherwise"
        )


def _decode(file: Path, decode: Callable[[], _T]) -> _T:
    try:
        return decode()
    except Exception as error:  # The client's decoders raise whatever a wrong file leads to.
        reason = str(error)[:200]
        raise ConfigError(
            f"{file}: not what IBM's client writes ({type(error).__name__}: {reason})"
        ) from None


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    file = folder / name
    if not stays_inside(file, folder):
        raise ConfigError(f"{file}: leads out of its folder")
    if not file.is_file():
        raise ConfigError(f"{file}: cannot be read (no such file)")
    if file.stat().st_size > MAX_SNAPSHOT_BYTES:
        raise ConfigError(f"{file}: too large; at most {MAX_SNAPSHOT_BYTES} bytes are read")
    try:
        content = json.loads(file.read_bytes(), parse_constant=_refuse_constant)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{file}: must hold a JSON object")
    return content


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and infinity, which Python reads but JSON does not have."""
    raise ValueError(f"{name} is no number")
