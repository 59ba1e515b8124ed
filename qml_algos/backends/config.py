"""Backend descriptions: TOML in, validated values out."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from qiskit.circuit.library import get_standard_gate_name_mapping

from qml_algos.backends.credentials import (
    HIDDEN,
    find_credential,
    hide_credentials,
    holds_credential,
    names_credential,
)
from qml_algos.errors import ConfigError, UnknownNameError

T = TypeVar("T")

MAX_FILE_BYTES = 65_536
# No description is nested half as deep, and no line of one holds a tenth as many dots. Python's
# TOML parser takes half a minute for a dotted key that fills the file.
MAX_DEPTH = 8
MAX_DOTS = 200


def _one_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("must be a line of printable text")
    return text


def _not_in_the_future(day: date) -> date:
    # The latest date that any place on Earth has: whoever measured may live east of the reader.
    today = datetime.now(timezone(timedelta(hours=14))).date()
    if day > today:
        raise ValueError(f"must not be in the future; today is {today}")
    return day


def _known_gate(name: str) -> str:
    known = get_standard_gate_name_mapping()
    if name not in known:
        raise ValueError(f"no gate of Qiskit; known: {', '.join(sorted(known))}")
    return name


def _inside_folder(given: object, info: ValidationInfo) -> Path:
    """Absolute path of a folder that a description names relative to the folder it is in."""
    if not isinstance(given, str) or not given or not given.isprintable():
        raise ValueError("must be the name of a folder")
    home = (info.context or {}).get("folder")
    if home is None:
        raise ValueError("only a description in a folder of its own can name one")
    relative = PurePosixPath(given)
    if relative.is_absolute() or given.startswith("~") or ".." in relative.parts:
        raise ValueError("must be a folder inside that of this file, without '..'")
    folder = Path(home) / relative
    if not stays_inside(folder, Path(home)):
        raise ValueError("leads out of the folder of this file")
    if not folder.is_dir():
        raise ValueError("there is no such folder beside this file")
    return folder.resolve()


def stays_inside(path: Path, folder: Path) -> bool:
    """Whether a path is inside a folder once all links are followed; one that loops is not."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


Text = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
PastDate = Annotated[date, AfterValidator(_not_in_the_future)]
Gate = Annotated[str, AfterValidator(_known_gate)]
FolderBeside = Annotated[Path, BeforeValidator(_inside_folder)]
# A second is far above any duration of a gate: who writes nanoseconds is told so.
Duration = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
CoherenceTime = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


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

    basis_gates: Annotated[list[Gate], Field(min_length=1)]
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
    source: Text
    as_of: PastDate


class Calibration(_Sourced):
    """Where a noise model's figures come from.

    Attributes
    ----------
    source
        A sentence a reader can check.
    as_of
        Date of the calibration.
    qubits
        Number of qubits of the device, more than can be simulated; for projections.
    """

    qubits: Annotated[int, Field(ge=1)] | None = None


class Timing(_Sourced):
    """How long a device takes, in seconds; the basis of cost estimates.

    Attributes
    ----------
    one_qubit_gate, two_qubit_gate, measure, reset
        Typical durations, each at most 1. ``reset`` is left out for a device that has none.
    repetition_delay
        Wait between one execution and the next.
    per_job
        Overhead of a job, whatever is in it.
    source, as_of
        Where the figures come from, and when they held.
    """

    one_qubit_gate: Duration
    two_qubit_gate: Duration
    measure: Duration
    reset: Duration | None = None
    repetition_delay: Duration
    per_job: Seconds


class ErrorRates(_Sourced):
    """Typical error probabilities of a device.

    Attributes
    ----------
    one_qubit_gate, two_qubit_gate, readout
        Medians over the device.
    t1, t2
        Coherence times in seconds: of relaxation and of dephasing, medians over the device.
    source, as_of
        Where the figures come from, and when they held.
    """

    one_qubit_gate: Probability
    two_qubit_gate: Probability
    readout: Probability
    t1: CoherenceTime | None = None
    t2: CoherenceTime | None = None


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
        Twirled readout error extinction (TREX): of expectation values only. Twirls measurements.
    zero_noise_extrapolation
        Expectation values at amplified noise, extrapolated to none.
    zne_noise_factors
        The amplifications, each at least 1, increasing.
    zne_extrapolator
        What is fitted.
    """

    dynamical_decoupling: Literal["off", "XX", "XpXm", "XY4"] = "off"
    twirl_gates: bool = False
    twirl_measurements: bool = False
    randomizations: Annotated[int, Field(ge=1, le=100_000)] | None = None
    measurement_mitigation: bool = False
    zero_noise_extrapolation: bool = False
    zne_noise_factors: Annotated[
        list[Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)]],
        Field(min_length=2, max_length=20),
    ] = [1.0, 3.0, 5.0]
    zne_extrapolator: Literal["linear", "exponential"] = "exponential"

    @model_validator(mode="after")
    def _noise_factors_increase(self) -> Mitigation:
        factors = self.zne_noise_factors
        if any(first >= second for first, second in itertools.pairwise(factors)):
            raise ValueError(f"zne_noise_factors = {factors}: must increase")
        return self

    @model_validator(mode="after")
    def _every_key_has_an_effect(self) -> Mitigation:
        given = self.model_fields_set
        idle = sorted(given & {"zne_noise_factors", "zne_extrapolator"})
        if idle and not self.zero_noise_extrapolation:
            raise ValueError(f"{idle[0]}: needs zero_noise_extrapolation = true")
        twirls = self.twirl_gates or self.twirl_measurements or self.measurement_mitigation
        if self.randomizations is not None and not twirls:
            raise ValueError(
                "randomizations: needs twirl_gates, twirl_measurements or measurement_mitigation"
            )
        return self


class _Common(_Strict):
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    description: Text
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
    max_seconds
        Longest simulation of a PUB, as estimated before it.
    """

    density_matrix: Annotated[int, Field(ge=0, le=14)]
    branching: Annotated[int, Field(ge=0, le=26)]
    matrix_product_state: Annotated[int, Field(ge=0, le=100)]
    max_seconds: Annotated[float, Field(gt=0)]

    @property
    def largest(self) -> int:
        """Largest number of qubits that a method takes."""
        return max(self.density_matrix, self.branching, self.matrix_product_state)


SnapshotDevice = Literal[
    "FakeBoston", "FakePittsburgh", "FakeAachen", "FakeKingston", "FakeMiami", "FakeBerlin"
]


class NoisyConfig(_Common):
    """An Aer simulation with the noise of a real device.

    Attributes
    ----------
    device
        Calibration snapshot in ``qiskit_ibm_runtime.fake_provider``.
    snapshot
        Instead of ``device``: a folder beside the description with a snapshot of one's own, see
        `qml_algos.backends.snapshots`. Relative in the file, absolute here.
    methods
        Which method simulates how many qubits.
    calibration
        Source and date of the snapshot.
    """

    kind: Literal["noisy"]
    compile: CompileOptions
    device: SnapshotDevice | None = None
    snapshot: FolderBeside | None = None
    methods: NoiseMethods
    calibration: Calibration
    timing: Timing

    @model_validator(mode="after")
    def _one_device(self) -> NoisyConfig:
        if (self.device is None) == (self.snapshot is None):
            raise ValueError("exactly one of 'device' and 'snapshot' is needed")
        return self

    @model_validator(mode="after")
    def _a_method_for_every_size(self) -> NoisyConfig:
        largest = self.methods.largest
        if self.limits.max_qubits > largest:
            raise ValueError(
                f"limits.max_qubits = {self.limits.max_qubits}: no method takes more than {largest}"
            )
        return self


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


PENNYLANE_SIMULATORS = frozenset(
    {
        "default.clifford",
        "default.mixed",
        "default.qubit",
        "lightning.gpu",
        "lightning.kokkos",
        "lightning.qubit",
    }
)
"""Devices of PennyLane that are known to run on this machine."""


class PennyLaneConfig(_Common):
    """A PennyLane device.

    Attributes
    ----------
    device
        Name under which a plugin of PennyLane makes it known.
    mcm_method
        How it treats mid-circuit measurements; ``"deferred"`` if not given, where each takes a
        qubit of its own.
    """

    kind: Literal["pennylane"]
    compile: CompileOptions
    device: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$", max_length=60)]
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
    if not isinstance(name_or_path, str | Path) or "\0" in str(name_or_path):
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
    return check_table(file, read_table(file), _ADAPTER)


def read_table(file: Path | Traversable) -> dict[str, Any]:
    """Read a TOML file that holds no credential.

    Raises
    ------
    ConfigError
        If it is missing, too large or not TOML, or something in it looks like a credential.
    """
    return _parse(file, _content(file))


def check_table(file: Path | Traversable, table: dict[str, Any], adapter: TypeAdapter[T]) -> T:
    """Make a description of what a file holds.

    Parameters
    ----------
    file
        Named in the error.
    table
        Of `read_table`.
    adapter
        Of the description.

    Raises
    ------
    ConfigError
        If a key is missing or unknown, or a value not allowed; the message names all of them.
    """
    folder = file.parent if isinstance(file, Path) else None
    try:
        return adapter.validate_python(table, context={"folder": folder})
    except ValidationError as error:
        details = "; ".join(_explain(item) for item in error.errors())
        raise ConfigError(f"{file}: {details}") from None


def _content(file: Path | Traversable) -> bytes:
    try:
        if isinstance(file, Path) and file.exists() and not file.is_file():
            # Reading a pipe would wait for ever.
            raise ConfigError(f"{file}: cannot be read (not a regular file)")
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    if len(content) > MAX_FILE_BYTES:
        raise ConfigError(f"{file}: too large; at most {MAX_FILE_BYTES} bytes are read")
    return content


def _parse(file: Path | Traversable, content: bytes) -> dict[str, Any]:
    """Parse TOML that holds no credential, be it in a key, a value or a comment."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    _refuse_long_keys(file, text)
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: an integer of 5000 digits raises a plain ValueError.
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        _refuse_credentials_in_text(file, text)
        raise ConfigError(f"{file}: not valid TOML: {reason}") from None
    _refuse_credentials(file, table)
    _refuse_credentials_in_text(file, text)
    return table


def _refuse_long_keys(file: Path | Traversable, text: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS:
            raise ConfigError(f"{file}: line {number} holds more than {MAX_DOTS} dots")


_ADVICE = (
    "looks like a credential, which no file here may hold; save an account with 'qml-algos "
    "account' and write its name as 'account', or set QISKIT_IBM_TOKEN"
)


def _refuse_credentials(file: Path | Traversable, table: dict[str, Any]) -> None:
    for path, value in _entries(file, table):
        key = ".".join(path)
        # Dots may divide what is one long value in another place: keys are looked at one by one.
        suspicious = any(names_credential(name) or holds_credential(name) for name in path)
        if suspicious or (isinstance(value, str) and holds_credential(value)):
            raise ConfigError(f"{file}: {hide_credentials(key)} = {HIDDEN}: {_ADVICE}")


def _refuse_credentials_in_text(file: Path | Traversable, text: str) -> None:
    """Refuse what is in comments, or in a file that is not TOML."""
    position = find_credential(text)
    if position is not None:
        line = text.count("\n", 0, position) + 1
        raise ConfigError(f"{file}: line {line} {HIDDEN}: {_ADVICE}")


def _entries(
    file: Path | Traversable, table: dict[str, Any]
) -> Iterator[tuple[Sequence[str], object]]:
    """All keys of a table and of those within it, each with its value; lists have several."""
    # Not by recursion: a dotted key can nest deeper than Python's stack.
    left: list[tuple[tuple[str, ...], object]] = [((), table)]
    while left:
        path, value = left.pop()
        if len(path) > MAX_DEPTH:
            raise ConfigError(f"{file}: nested too deeply")
        if isinstance(value, dict):
            left += [((*path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            left += [(path, inner) for inner in value]
        if path:
            yield path, value


def _explain(item: object) -> str:
    assert isinstance(item, dict)
    # The discriminator's value leads the location of every error inside a variant.
    location = [str(part) for part in item["loc"]]
    key = ".".join(location[location[:1] != [] and location[0] in KINDS :])
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "union_tag_not_found":
        return f"kind: is missing; one of {', '.join(KINDS)}"
    if item["type"] == "missing":
        return f"{key}: is missing"
    if item["type"] == "extra_forbidden":
        return f"{key}: unknown key"
    if isinstance(item["input"], dict):
        return f"{key}: {message}" if key else message
    return f"{key} = {_shown(item['input'])}: {message}"


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:
        # Python does not write integers of thousands of digits.
        return "(too long to show)"
    return text if len(text) <= 200 else f"{text[:200]}..."
