"""The seam: all that an algorithm sees of a device or a simulator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import SamplerPubLike
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.transpiler import Target, generate_preset_pass_manager

from qml_algos.backends.config import AerConfig, BackendConfig, IBMConfig, PennyLaneConfig
from qml_algos.errors import NotExactError, TooLargeError
from qml_algos.validation import seed_from

COMPILER_SEED = 0


@runtime_checkable
class Backend(Protocol):
    """A place to run circuits, as a file in ``hardware_configs`` describes it."""

    @property
    def config(self) -> BackendConfig:
        """The description it was opened from."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def exact(self) -> bool:
        """Whether `statevector` is available."""
        ...

    @property
    def noisy(self) -> bool:
        """Whether results carry noise beyond that of finitely many shots."""
        ...

    @property
    def calibrated(self) -> date | None:
        """Date of the calibration that circuits were compiled to, if one is known."""
        ...

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Compile circuits to the backend's gates and connectivity.

        Deterministic: the compiler's seed is fixed.

        Raises
        ------
        TooLargeError
            If a circuit needs more qubits than the backend has; nothing is compiled then.
        """
        ...

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler for compiled circuits."""
        ...

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator for compiled circuits."""
        ...

    def seconds(self, circuit: QuantumCircuit) -> float | None:
        """Quantum time of one execution of a compiled circuit, the delay after it included.

        ``None`` for a backend that models no device.
        """
        ...

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Return the exact final state of a compiled circuit without measurements.

        Amplitudes are in the qubit order of the circuit before compilation, qubit 0 the least
        significant bit.

        Raises
        ------
        NotExactError
            If the backend returns shots only.
        """
        ...


class DescribedBackend:
    """What follows from a description alone, for backends that are read by shots."""

    config: BackendConfig

    @property
    def name(self) -> str:
        """Name of the backend."""
        return self.config.name

    @property
    def exact(self) -> bool:
        """Never, unless a subclass says otherwise."""
        return False

    @property
    def noisy(self) -> bool:
        """Never, unless a subclass says otherwise."""
        return False

    @property
    def calibrated(self) -> date | None:
        """No device, no calibration, unless a subclass says otherwise."""
        return None

    @property
    def target(self) -> Target | None:
        """What Qiskit knows of the device, for circuits made to its measure; see `target_of`.

        ``None`` where any two qubits may meet: no device, unless a subclass says otherwise.
        """
        return None

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return itself: an open backend is shared by copies of what holds it, as in `clone`."""
        return self

    def __repr__(self) -> str:
        return f"Backend({self.name!r}: {self.config.description})"

    def seconds(self, circuit: QuantumCircuit) -> float | None:  # noqa: ARG002
        """No device, no quantum time, unless a subclass says otherwise."""
        return None

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:  # noqa: ARG002
        """Refuse: only shots are read."""
        raise NotExactError(
            f"backend {self.name!r} returns shots, not a statevector; use backend 'aer'"
        )


def target_of(backend: Backend) -> Target | None:
    """Return what Qiskit knows of a backend's device; ``None`` where any two qubits may meet.

    No attribute of the protocol, since ``isinstance`` looks at all of those, and a device would be
    asked for before it is needed.
    """
    target: Target | None = getattr(backend, "target", None)
    return target


def compile_all_to_all(
    config: AerConfig | PennyLaneConfig, circuits: Sequence[QuantumCircuit]
) -> list[QuantumCircuit]:
    """Translate circuits to a description's gates, on any qubits; control flow stays.

    Raises
    ------
    TooLargeError
        If a circuit has too many qubits; nothing is compiled then.
    """
    for circuit in circuits:
        require_qubits(config, circuit.num_qubits, f"circuit {circuit.name!r}")
    manager = generate_preset_pass_manager(
        optimization_level=config.compile.optimization_level,
        basis_gates=config.compile.basis_gates,
        seed_transpiler=COMPILER_SEED,
    )
    return [manager.run(circuit) for circuit in circuits]


def runs_elsewhere(backend: Backend) -> bool:
    """Whether jobs are sent away: they take time and money, and are always recorded."""
    return isinstance(backend.config, IBMConfig)


def seed_for(backend: Backend, random_state: int | np.random.Generator | None) -> int:
    """Seed of a program's jobs.

    A device's shots have no seed. There it counts repetitions: a program that is run again without
    a state of its own asks for the same one, and finds what it has paid for.

    Raises
    ------
    ValueError
        If the state is neither a seed nor a generator.
    """
    return 0 if random_state is None and runs_elsewhere(backend) else seed_from(random_state)


def require_qubits(config: BackendConfig, needed: int, what: str) -> None:
    """Refuse what has more qubits than a backend takes.

    Raises
    ------
    TooLargeError
        Naming both numbers, and the memory that simulating a statevector would take.
    """
    limit = config.limits.max_qubits
    if needed <= limit:
        return
    exponent = needed if getattr(config, "method", "") == "statevector" else None
    memory = f" ({_bytes(16 * 2**exponent)} of memory)" if exponent is not None else ""
    raise TooLargeError(
        f"{what} needs {needed} qubits{memory}; backend {config.name!r} takes at most {limit}"
    )


def coerce_pubs(
    config: BackendConfig, pubs: Iterable[SamplerPubLike], shots: int | None
) -> list[SamplerPub]:
    """Bring PUBs into their full form and refuse those above the limits of a backend.

    Shots of a PUB go before ``shots``, and these before the backend's default.

    Raises
    ------
    ValueError
        If shots are no positive integer, or a circuit measures nothing.
    TooLargeError
        If a PUB exceeds the backend's shots.
    """
    if shots is not None:
        require_shots(config, shots)
    default = config.limits.default_shots if shots is None else int(shots)
    coerced = [SamplerPub.coerce(pub, default) for pub in pubs]
    for pub in coerced:
        require_shots(config, pub.shots)
        if not pub.circuit.num_clbits:
            raise ValueError(f"circuit {pub.circuit.name!r} has no classical bits to measure into")
    return coerced


def require_shots(config: BackendConfig, shots: int) -> None:
    """Refuse a number of shots that is not positive or above the backend's limit.

    Raises
    ------
    ValueError
        If it is not a positive integer.
    TooLargeError
        If it is above the limit.
    """
    if isinstance(shots, bool) or not isinstance(shots, int | np.integer) or shots < 1:
        raise ValueError(f"shots = {shots!r}: must be a positive integer")
    if shots > config.limits.max_shots:
        raise TooLargeError(
            f"shots = {shots:,}; backend {config.name!r} takes at most "
            f"{config.limits.max_shots:,} a circuit"
        )


def _bytes(count: int) -> str:
    units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    power = (count.bit_length() - 1) // 10
    if power >= len(units):
        return f"2^{count.bit_length() - 1} bytes"
    return f"{count / 1024**power:,.0f} {units[power]}"
