"""Devices of IBM Quantum."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from functools import partial

from qiskit import QuantumCircuit, qpy
from qiskit.exceptions import QiskitError
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.providers import BackendV2
from qiskit.transpiler import Target, generate_preset_pass_manager

from qml_algos.backends.base import COMPILER_SEED, DescribedBackend, require_qubits
from qml_algos.backends.config import IBMConfig
from qml_algos.backends.durations import circuit_seconds
from qml_algos.backends.ibm_service import Connect, IBMService, open_client
from qml_algos.backends.isa import require_isa
from qml_algos.backends.jobs.identity import (
    compiled_key,
    content_key,
    dump_circuit,
    logical_key,
)
from qml_algos.backends.jobs.ledger import Ledger
from qml_algos.backends.jobs.recorded import RecordedEstimator, RecordedSampler
from qml_algos.backends.jobs.recorder import Recorder
from qml_algos.backends.jobs.records import Compilation
from qml_algos.backends.jobs.source import Source
from qml_algos.errors import LedgerError, TooLargeError, UnsupportedCircuitError

DEFAULT_REPETITION_DELAY = 250e-6
"""Of Heron processors, in seconds."""


class IBMBackend(DescribedBackend):
    """A device of IBM Quantum; every job goes through the ledger.

    Nothing is connected before it is needed: what the ledger holds is read without an account.

    Parameters
    ----------
    config
        Description of the device.
    recorder
        With the ledger; by default the user's own.
    connect
        Opens IBM's client, for accounts that `ibm_service.open_client` cannot.
    """

    config: IBMConfig

    def __init__(
        self, config: IBMConfig, recorder: Recorder | None = None, connect: Connect | None = None
    ) -> None:
        self.config = config
        self.recorder = recorder or Recorder(Ledger())
        self.service = IBMService(config, connect or partial(open_client, config))
        self._calibrated: str | None = None

    @property
    def noisy(self) -> bool:
        """Always."""
        return True

    @property
    def device(self) -> BackendV2:
        """The device, from IBM's client; see `IBMService.open_device`."""
        return self.service.device

    @property
    def target(self) -> Target:
        """The device's gates and connectivity; asks for it if need be."""
        return self.device.target

    @property
    def calibrated(self) -> date | None:
        """Date of the calibration that the last circuit was compiled to; ``None`` before one."""
        # Not the device's latest: nothing here may connect, since `isinstance` looks at it.
        return None if self._calibrated is None else date.fromisoformat(self._calibrated)

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Compile for the device; a circuit compiled before is taken from the ledger.

        A device is calibrated anew every day, and compiled to differently then. A circuit whose
        jobs are on their way must stay what it was, so that they are found again.

        Raises
        ------
        TooLargeError, UnsupportedCircuitError
            If a circuit cannot run there.
        AccountError, ServiceUnavailableError, RequestRefusedError
            If the device must be asked for and cannot be.
        """
        for circuit in circuits:
            require_qubits(self.config, circuit.num_qubits, f"circuit {circuit.name!r}")
        keys = [self._key(circuit) for circuit in circuits]
        kept = [None if self.recorder.refresh else self._kept(key) for key in keys]
        if None in kept:
            self.service.open_device(max(circuit.num_qubits for circuit in circuits))
        return [
            known if known is not None else self._compile(circuit, key)
            for circuit, key, known in zip(circuits, keys, kept, strict=True)
        ]

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler. Its seed counts repetitions: another one asks for shots of its own."""
        return RecordedSampler(self.recorder, self, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open IBM's estimator with the mitigation described; seeds are as of `sampler`."""
        return RecordedEstimator(self.recorder, self, seed)

    def seconds(self, circuit: QuantumCircuit) -> float:
        """Quantum time of one execution, the delay after it included."""
        timing = self.config.timing
        delay = timing.repetition_delay if timing is not None else self._default_delay
        return circuit_seconds(circuit, self.device.target) + delay

    def check(self, circuit: QuantumCircuit) -> None:
        """Refuse a circuit that was not compiled for the device."""
        kept = self.recorder.ledger.calibrated(compiled_key(circuit), self.service.device_name)
        if kept is None:
            require_isa(circuit, self.device.target, self.name)
        else:
            self.service.device_name, _ = kept

    def source(self, device: str | None, calibrated: str | None) -> Source:
        """Where requests go: see `Recordable`."""
        return Source(
            config=self.config,
            device=device or self.service.device_name or self.device.name,
            details={
                "calibrated": calibrated,
                "mitigation": self.config.mitigation.model_dump(mode="json"),
            },
            seconds=self.seconds,
            service=self.service,
        )

    # -- inside -----------------------------------------------------------------------------

    @property
    def _default_delay(self) -> float:
        return float(getattr(self.device, "default_rep_delay", None) or DEFAULT_REPETITION_DELAY)

    def _key(self, circuit: QuantumCircuit) -> str:
        options = self.config.compile.model_dump(mode="json")
        return content_key(
            {"circuit": logical_key(circuit), "device": self.config.device, **options}, []
        )

    def _kept(self, key: str) -> QuantumCircuit | None:
        found = self.recorder.ledger.compilation(key, self.service.device_name)
        if found is None:
            return None
        self.service.device_name = found.device
        self._calibrated = found.calibrated
        try:
            # The ledger has made sure that these are the bytes that we wrote.
            [circuit] = qpy.load(io.BytesIO(found.circuit))
        except (QiskitError, ValueError) as error:
            raise LedgerError(
                f"{self.recorder.ledger.path}: a compiled circuit cannot be read: {error}"
            ) from None
        return circuit

    def _compile(self, circuit: QuantumCircuit, key: str) -> QuantumCircuit:
        target = self.device.target
        if circuit.num_qubits > target.num_qubits:
            raise TooLargeError(
                f"circuit {circuit.name!r} needs {circuit.num_qubits} qubits; device "
                f"{self.device.name} has {target.num_qubits}"
            )
        manager = generate_preset_pass_manager(
            optimization_level=self.config.compile.optimization_level,
            target=target,
            seed_transpiler=COMPILER_SEED,
        )
        try:
            compiled = manager.run(circuit)
        except QiskitError as error:
            raise UnsupportedCircuitError(
                f"circuit {circuit.name!r} cannot be compiled for {self.device.name}: {error}"
            ) from None
        parameters = compiled.num_parameters
        phase = compiled.global_phase
        # It cannot be measured, and is sent as the longest formula of all.
        compiled.global_phase = 0
        if compiled.num_parameters != parameters:
            compiled.global_phase = phase
        properties = self.device.properties()
        self._calibrated = properties and properties.last_update_date.date().isoformat()
        kept = Compilation(self.device.name, self._calibrated, dump_circuit(compiled))
        anew = self.recorder.refresh
        self.recorder.ledger.keep_compilation(key, compiled_key(compiled), kept, anew=anew)
        # Another process may have been faster; all go on with the same circuit.
        return self._kept(key) or compiled
