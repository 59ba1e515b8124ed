"""Backend descriptions: TOML in, validated values out."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from qml_algos.errors import ConfigError, UnknownNameError

MAX_FILE_BYTES = 65_536


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CompileOptions(_Strict):
    """How circuits are compiled.

    Attributes
    ----------
    basis_gates
        Names of the gates that compiled circuits consist of, in Qiskit's spelling.
    optimization_level
        Of Qiskit's preset pass manager.
    """

    basis_gates: Annotated[list[str], Field(min_length=1)]
    optimization_level: Annotated[int, Field(ge=0, le=3)]


class Limits(_Strict):
    """What a backend can take.

    Attributes
    ----------
    max_qubits
        Largest number of qubits that a compiled circuit may use.
    max_shots
        Largest number of shots of one circuit.
    default_shots
        Shots where neither the user nor a solver says a number.
    """

    max_qubits: Annotated[int, Field(ge=1)]
    max_shots: Annotated[int, Field(ge=1)]
    default_shots: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _default_within_maximum(self) -> Limits:
        if self.default_shots > self.max_shots:
            raise ValueError(f"default_shots must be at most max_shots = {self.max_shots}")
        return self


class Calibration(_Strict):
    """Where a noise model's figures come from.

    Attributes
    ----------
    source
        A sentence a reader can check.
    as_of
        Date of the calibration.
    """

    source: Annotated[str, Field(min_length=1)]
    as_of: date


class _Common(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    description: Annotated[str, Field(min_length=1)]
    compile: CompileOptions
    limits: Limits


class AerConfig(_Common):
    """A noiseless Aer simulator.

    Attributes
    ----------
    method
        Aer's simulation method.
    exact
        Whether the final statevector may be read; otherwise only sampled shots.
    """

    kind: Literal["aer"]
    method: Literal["statevector", "matrix_product_state"]
    exact: bool

    @model_validator(mode="after")
    def _exact_needs_statevector(self) -> AerConfig:
        if self.exact and self.method != "statevector":
            raise ValueError("exact = true needs method = 'statevector'")
        return self


class NoisyConfig(_Common):
    """An Aer simulation with the noise of a real device.

    Attributes
    ----------
    device
        Calibration snapshot in ``qiskit_ibm_runtime.fake_provider``.
    method
        Aer's simulation method.
    calibration
        Source and date of the snapshot.
    """

    kind: Literal["noisy"]
    device: Literal["FakeBoston", "FakePittsburgh", "FakeAachen", "FakeKingston"]
    method: Literal["density_matrix"]
    calibration: Calibration


BackendConfig = AerConfig | NoisyConfig

_ADAPTER: TypeAdapter[BackendConfig] = TypeAdapter(
    Annotated[BackendConfig, Field(discriminator="kind")]
)


def shipped_names() -> list[str]:
    """Names of the backends that ship with the package."""
    entries = resources.files("hardware_configs").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if _is_toml(entry.name))


def load_config(name_or_path: str | Path) -> BackendConfig:
    """Read a backend's description.

    Parameters
    ----------
    name_or_path
        Name of a shipped backend, or path of a file that ends in ``.toml``.

    Returns
    -------
    AerConfig or NoisyConfig

    Raises
    ------
    UnknownNameError
        If no backend of this name ships; the message lists those that do.
    ConfigError
        If the file is missing, too large, not TOML, or holds a wrong key or value; the message
        names file, key, value and what is allowed.
    """
    if not isinstance(name_or_path, str | Path):
        raise ConfigError(
            f"backend: {name_or_path!r} is neither a name nor the path of a .toml file"
        )
    if _is_toml(str(name_or_path)):
        return _read(Path(name_or_path))
    if name_or_path not in shipped_names():
        raise UnknownNameError("backend", str(name_or_path), shipped_names())
    return _read(resources.files("hardware_configs") / f"{name_or_path}.toml")


def _is_toml(name: str) -> bool:
    return name.endswith(".toml")


def _read(file: Path | Traversable) -> BackendConfig:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{file}: {len(content)} bytes; at most {MAX_FILE_BYTES} are read")
    try:
        table = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    try:
        return _ADAPTER.validate_python(table)
    except ValidationError as error:
        details = "; ".join(_explain(item) for item in error.errors())
        raise ConfigError(f"{file}: {details}") from None


def _explain(item: object) -> str:
    assert isinstance(item, dict)
    # The discriminator's value leads the location of every error inside a variant.
    location = [str(part) for part in item["loc"] if part not in ("aer", "noisy")]
    key = ".".join(location) or "(whole file)"
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "missing":
        return f"{key}: is missing"
    if item["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    return f"{key} = {item['input']!r}: {message}" if location else message
