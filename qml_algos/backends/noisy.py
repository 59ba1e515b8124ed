"""Noisy models of real devices: compiled for the whole device, simulated on the qubits used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import PrimitiveResult, SamplerPubLike, SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers import BackendV2
from qiskit.transpiler import Target, generate_preset_pass_manager
from qiskit_aer.noise import NoiseModel, ReadoutError
from qiskit_aer.noise.device import basic_device_gate_errors
from qiskit_aer.primitives import SamplerV2

from qml_algos.backends.aer import COMPILER_SEED
from qml_algos.backends.base import require_qubits
from qml_algos.backends.config import NoisyConfig
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.errors import NotExactError


@dataclass(frozen=True)
class NoisyBackend:
    """A device's connectivity, gate errors, relaxation and readout errors, simulated by Aer.

    The noise acts on gates and readout. What is left out: crosstalk, leakage, drift, and the
    decay of qubits that wait.
    """

    config: NoisyConfig

    @property
    def name(self) -> str:
        """Name of the backend."""
        return self.config.name

    @property
    def exact(self) -> bool:
        """Never."""
        return False

    @property
    def noisy(self) -> bool:
        """Always."""
        return True

    def __repr__(self) -> str:
        return f"Backend({self.name!r}: {self.config.description})"

    @cached_property
    def device(self) -> BackendV2:
        """The calibration snapshot."""
        # Importing it takes two seconds, which only those who use it should spend.
        from qiskit_ibm_runtime import fake_provider

        device: BackendV2 = getattr(fake_provider, self.config.device)()
        return device

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Lay out, route and translate for the whole device; see `Backend.compile`."""
        for circuit in circuits:
            require_qubits(self.config, circuit.num_qubits, f"circuit {circuit.name!r}")
        manager = generate_preset_pass_manager(
            optimization_level=self.config.compile.optimization_level,
            backend=self.device,
            seed_transpiler=COMPILER_SEED,
        )
        compiled = [manager.run(circuit) for circuit in circuits]
        for circuit in compiled:
            what = f"circuit {circuit.name!r}, once routed,"
            require_qubits(self.config, len(used_qubits(circuit)), what)
        return compiled

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler with the device's noise."""
        return NoisySampler(self.device, self.config, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator that measures with the device's noise."""
        return SamplingEstimator(self.sampler(seed))

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:  # noqa: ARG002
        """Refuse: a device has no statevector to read."""
        raise NotExactError(
            f"backend {self.name!r} returns shots, not a statevector; use backend 'aer'"
        )


class NoisySampler(BaseSamplerV2):
    """Sample circuits compiled for a device under its noise.

    Circuit and noise model are cut to the qubits used: for a few qubits of a large device that
    takes a fraction of a second, where the whole device's model takes many.
    """

    def __init__(self, device: BackendV2, config: NoisyConfig, seed: int | None) -> None:
        self._device = device
        self._config = config
        self._seed = seed

    def run(
        self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None
    ) -> PrimitiveJob[PrimitiveResult[SamplerPubResult], str]:
        """Run PUBs of circuits compiled for the device; see `BaseSamplerV2.run`."""
        default = shots or self._config.limits.default_shots
        coerced = [SamplerPub.coerce(pub, default) for pub in pubs]
        job: PrimitiveJob[PrimitiveResult[SamplerPubResult], str] = PrimitiveJob(self._run, coerced)
        job._submit()
        return job

    def _run(self, pubs: list[SamplerPub]) -> PrimitiveResult[SamplerPubResult]:
        results = [self._run_pub(pub, index) for index, pub in enumerate(pubs)]
        return PrimitiveResult(results, metadata={"version": 2})

    def _run_pub(self, pub: SamplerPub, index: int) -> SamplerPubResult:
        qubits = used_qubits(pub.circuit)
        require_qubits(self._config, len(qubits), f"circuit {pub.circuit.name!r}")
        options = {
            "method": self._config.method,
            "noise_model": cut_noise_model(self._device, qubits),
        }
        # PUBs of one job must not share their random numbers.
        seed = None if self._seed is None else self._seed + index
        sampler = SamplerV2(seed=seed, options={"backend_options": options})
        cut = cut_circuit(pub.circuit, qubits)
        result: SamplerPubResult = sampler.run([(cut, pub.parameter_values, pub.shots)]).result()[0]
        return result


def used_qubits(circuit: QuantumCircuit) -> list[int]:
    """Find the indices of the qubits that any instruction but a barrier acts on."""
    used = {
        circuit.find_bit(qubit).index
        for instruction in circuit.data
        if instruction.operation.name != "barrier"
        for qubit in instruction.qubits
    }
    return sorted(used)


def cut_circuit(circuit: QuantumCircuit, qubits: Sequence[int]) -> QuantumCircuit:
    """Keep only some qubits of a circuit, renumbered in order; barriers are dropped."""
    position = {circuit.qubits[qubit]: index for index, qubit in enumerate(qubits)}
    cut = QuantumCircuit(len(qubits), name=circuit.name, global_phase=circuit.global_phase)
    for register in circuit.cregs:
        cut.add_register(register)
    for instruction in circuit.data:
        if instruction.operation.name != "barrier":
            targets = [position[qubit] for qubit in instruction.qubits]
            cut.append(instruction.operation, targets, instruction.clbits)
    return cut


def cut_noise_model(device: BackendV2, qubits: Sequence[int]) -> NoiseModel:
    """Noise of some of a device's qubits, renumbered in order.

    Gate errors are depolarising plus relaxation, as Aer derives them from error rate, duration,
    T1 and T2. Readout keeps its asymmetry: a device's 1 is misread more often than its 0.
    """
    model = NoiseModel(basis_gates=[*device.target.operation_names])
    for name, places, error in basic_device_gate_errors(target=_cut_target(device.target, qubits)):
        model.add_quantum_error(error, name, places)
    properties = device.properties()
    for index, qubit in enumerate(qubits):
        readout = properties.qubit_property(qubit)
        one_read_as_zero = readout["prob_meas0_prep1"][0]
        zero_read_as_one = readout["prob_meas1_prep0"][0]
        table = [
            [1 - zero_read_as_one, zero_read_as_one],
            [one_read_as_zero, 1 - one_read_as_zero],
        ]
        model.add_readout_error(ReadoutError(table), [index])
    return model


def _cut_target(target: Target, qubits: Sequence[int]) -> Target:
    position = {qubit: index for index, qubit in enumerate(qubits)}
    cut = Target(
        num_qubits=len(qubits),
        dt=target.dt,
        qubit_properties=[target.qubit_properties[qubit] for qubit in qubits],
    )
    for name in target.operation_names:
        places = {
            tuple(position[qubit] for qubit in place): properties
            for place, properties in (target[name] or {}).items()
            if place is not None and all(qubit in position for qubit in place)
        }
        if places:
            cut.add_instruction(target.operation_from_name(name), places, name=name)
    return cut
