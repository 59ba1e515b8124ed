"""Backend descriptions: TOML in, validated values out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from qml_algos.errors import ConfigError, UnknownNameError

MAX_FILE_BYTES = 65_536

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1)]


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


class DeviceCompileOptions(_Strict):
    """How circuits are compiled to a device that states its gates itself.

    Attributes
    ----------
    optimization_level
        Of Qiskit's preset pass manager.
    """

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
    max_executions
        Largest number of executions of one job: circuits, one for each parameter set, times
        shots. What exceeds it is split over several jobs.
    """

    max_qubits: Annotated[int, Field(ge=1)]
    max_shots: Annotated[int, Field(ge=1)]
    default_shots: Annotated[int, Field(ge=1)]
    max_executions: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _default_within_maximum(self) -> Limits:
        if self.default_shots > self.max_shots:
            raise ValueError(f"default_shots must be at most max_shots = {self.max_shots}")
        if self.max_shots > self.max_executions:
            raise ValueError(f"max_shots must be at most max_executions = {self.max_executions}")
        return self


class _Sourced(_Strict):
    source: Annotated[str, Field(min_length=1)]
    as_of: date


class Calibration(_Sourced):
    """Where a noise model's figures come from.

    Attributes
    ----------
    source
        A sentence a reader can check.
    as_of
        Date of the calibration.
    """


class Timing(_Sourced):
    """How long a device takes, in seconds; the basis of cost estimates.

    Attributes
    ----------
    one_qubit_gate, two_qubit_gate, measure, reset
        Typical durations.
    repetition_delay
        Wait between one execution and the next.
    per_job
        Overhead of a job, whatever is in it.
    source, as_of
        Where the figures come from, and when they held.
    """

    one_qubit_gate: Seconds
    two_qubit_gate: Seconds
    measure: Seconds
    reset: Seconds | None = None
    repetition_delay: Seconds
    per_job: Seconds


class ErrorRates(_Sourced):
    """Typical error probabilities of a device.

    Attributes
    ----------
    one_qubit_gate, two_qubit_gate, readout
        Medians over the device.
    source, as_of
        Where the figures come from, and when they held.
    """

    one_qubit_gate: Probability
    two_qubit_gate: Probability
    readout: Probability


class Mitigation(_Strict):
    """Error mitigation that IBM's client does around a circuit.

    Attributes
    ----------
    dynamical_decoupling
        Pulse sequence on waiting qubits, or ``"off"``. Not possible with dynamic circuits.
    twirl_gates, twirl_measurements
        Random Paulis around two-qubit gates, and before measurements.
    randomizations
        Number of random circuits when twirling; the client's choice if not given.
    measurement_mitigation
        Twirled readout error extinction (TREX): of expectation values only.
    zero_noise_extrapolation
        Expectation values at amplified noise, extrapolated to none.
    zne_noise_factors
        The amplifications, each at least 1.
    zne_extrapolator
        What is fitted.
    """

    dynamical_decoupling: Literal["off", "XX", "XpXm", "XY4"] = "off"
    twirl_gates: bool = False
    twirl_measurements: bool = False
    randomizations: Annotated[int, Field(ge=1)] | None = None
    measurement_mitigation: bool = False
    zero_noise_extrapolation: bool = False
    zne_noise_factors: Annotated[list[Annotated[float, Field(ge=1)]], Field(min_length=2)] = [
        1.0,
        3.0,
        5.0,
    ]
    zne_extrapolator: Literal["linear", "exponential"] = "exponential"


class _Common(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    description: Annotated[str, Field(min_length=1)]
    limits: Limits
    timing: Timing | None = None
    errors: ErrorRates | None = None


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
    compile: CompileOptions
    method: Literal["statevector", "matrix_product_state", "stabilizer"]
    exact: bool

    @model_validator(mode="after")
    def _exact_needs_statevector(self) -> AerConfig:
        if self.exact and self.method != "statevector":
            raise ValueError("exact = true needs method = 'statevector'")
        return self


class NoiseMethods(_Strict):
    """Up to how many qubits each method of noisy simulation is used.

    Attributes
    ----------
    density_matrix
        Exact noise; 16 bytes times 4**qubits.
    branching
        Trajectories that share what they have in common; statistically exact.
    matrix_product_state
        Trajectories on matrix product states; cost grows with entanglement.
    """

    density_matrix: Annotated[int, Field(ge=0, le=14)]
    branching: Annotated[int, Field(ge=0, le=26)]
    matrix_product_state: Annotated[int, Field(ge=0, le=100)]


SnapshotDevice = Literal[
    "FakeBoston", "FakePittsburgh", "FakeAachen", "FakeKingston", "FakeMiami", "FakeBerlin"
]


class NoisyConfig(_Common):
    """An Aer simulation with the noise of a real device.

    Attributes
    ----------
    device
        Calibration snapshot in ``qiskit_ibm_runtime.fake_provider``.
    methods
        Which method simulates how many qubits.
    calibration
        Source and date of the snapshot.
    """

    kind: Literal["noisy"]
    compile: CompileOptions
    device: SnapshotDevice
    methods: NoiseMethods
    calibration: Calibration
    timing: Timing


class IBMConfig(_Common):
    """A device of IBM Quantum.

    Attributes
    ----------
    device
        Its name, ``"ibm_boston"`` say, or ``"least_busy"``.
    account
        Name of an account saved with ``qml-algos account``; without it the environment
        variables QISKIT_IBM_TOKEN and QISKIT_IBM_INSTANCE, or the default account.
    mode
        ``"job"``, or ``"batch"`` for jobs that run close together.
    max_execution_time
        Seconds of quantum time after which the service stops a job.
    budget
        Seconds of estimated quantum time that may be sent without asking.
    mitigation
        What IBM's client does about errors.
    """

    kind: Literal["ibm"]
    compile: DeviceCompileOptions
    device: Annotated[str, Field(pattern=r"^(least_busy|[a-z][a-z0-9_]{2,40})$")]
    account: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,40}$")] | None = None
    mode: Literal["job", "batch"]
    max_execution_time: Annotated[int, Field(ge=1, le=10_800)]
    budget: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    mitigation: Mitigation = Mitigation()


class PennyLaneConfig(_Common):
    """A PennyLane device.

    Attributes
    ----------
    device
        Name under which PennyLane knows it, ``"lightning.qubit"`` say.
    mcm_method
        How it treats mid-circuit measurements; its own choice if not given.
    """

    kind: Literal["pennylane"]
    compile: CompileOptions
    device: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
    mcm_method: Literal["tree-traversal", "one-shot", "deferred"] | None = None


BackendConfig = AerConfig | NoisyConfig | IBMConfig | PennyLaneConfig
KINDS = ("aer", "noisy", "ibm", "pennylane")

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
    AerConfig, NoisyConfig, IBMConfig or PennyLaneConfig

    Raises
    ------
    UnknownNameError
        If no backend of this name ships; the message lists those that do.
    ConfigError
        If the file is missing, too large, not TOML, or holds a wrong key or value; the message
        names file, key, value and what is allowed. A value that looks like a credential is
        refused without being shown.
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
    except RecursionError:
        raise ConfigError(f"{file}: not valid TOML: nested too deeply") from None
    _refuse_credentials(file, table)
    try:
        return _ADAPTER.validate_python(table)
    except ValidationError as error:
        details = "; ".join(_explain(item) for item in error.errors())
        raise ConfigError(f"{file}: {details}") from None


# A key that is called so, or a long unbroken value of mixed characters, is one; so are JSON web
# tokens and cloud resource names, which hold an account's number.
_CREDENTIAL_KEY = re.compile(r"token|secret|passw|api_?key|credential|instance|crn", re.IGNORECASE)
_CREDENTIAL_VALUE = re.compile(
    r"eyJ[\w-]{8,}|crn:v\d|(?=\S{0,63}\d)(?=\S{0,63}[A-Za-z])[\w+/=-]{32,}"
)


def _refuse_credentials(file: Path | Traversable, table: dict[str, Any]) -> None:
    for key, value in _leaves(table):
        if _CREDENTIAL_KEY.search(key) or _CREDENTIAL_VALUE.search(str(value)):
            raise ConfigError(
                f"{file}: {_CREDENTIAL_VALUE.sub('(hidden)', key)} = (hidden): looks like a "
                "credential, which no file here may hold; save an account with 'qml-algos "
                "account' and write its name as 'account', or set QISKIT_IBM_TOKEN"
            )


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """All values that are no tables or lists, each with its dotted key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value


def _explain(item: object) -> str:
    assert isinstance(item, dict)
    # The discriminator's value leads the location of every error inside a variant.
    location = [str(part) for part in item["loc"]]
    key = ".".join(location[location[0] in KINDS :] if location else []) or "(whole file)"
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "missing":
        return f"{key}: is missing"
    if item["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    return f"{key} = {item['input']!r}: {message}" if location else message
