"""Noisy models of real devices: compiled for the whole device, simulated on the qubits used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ControlFlowOp
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import (
    BitArray,
    DataBin,
    SamplerPubResult,
)
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers import BackendV2
from qiskit.transpiler import Target, generate_preset_pass_manager
from qiskit.transpiler.exceptions import TranspilerError

from qml_algos.backends.base import COMPILER_SEED, DescribedBackend
from qml_algos.backends.config import NoisyConfig
from qml_algos.backends.cut import along_a_chain, cut_circuit, used_qubits
from qml_algos.backends.durations import circuit_seconds
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.backends.isa import require_isa
from qml_algos.backends.noise_methods import (
    Method,
    choose_method,
    require_method,
    require_time,
    simulate,
)
from qml_algos.backends.noise_model import NoiseCache
from qml_algos.backends.readout_errors import Misreading, misread, plan_readout
from qml_algos.backends.sampler import LocalSampler
from qml_algos.backends.snapshots import snapshot_device
from qml_algos.errors import UnsupportedCircuitError

# What the compiler cannot express in other instructions, control flow aside.
DYNAMIC = frozenset({"reset", "store"})


@dataclass(frozen=True, repr=False)
class NoisyBackend(DescribedBackend):
    """A device's connectivity, gate errors, relaxation and readout errors, simulated by Aer.

    The noise acts on gates and readout. What is left out: crosstalk, leakage, drift, and the
    decay of qubits that wait, explicit delays and measurements of other qubits included.
    """

    config: NoisyConfig

    @property
    def noisy(self) -> bool:
        """Always."""
        return True

    @property
    def calibrated(self) -> date:
        """Date of the snapshot."""
        return self.config.calibration.as_of

    @cached_property
    def device(self) -> BackendV2:
        """The calibration snapshot."""
        return snapshot_device(self.config)

    @property
    def target(self) -> Target:
        """The device's gates and connectivity."""
        return self.device.target

    @cached_property
    def _noise(self) -> NoiseCache:
        return NoiseCache(self.device)

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Lay out, route and translate for the whole device; see `Backend.compile`.

        Raises
        ------
        TooLargeError
            If a circuit has too many qubits, before or after routing.
        UnsupportedCircuitError
            If it needs what the device cannot do, a reset or control flow on Nighthawk say.
        """
        for circuit in circuits:
            require_method(self.config, circuit.num_qubits, f"circuit {circuit.name!r}")
            self._require_dynamics(circuit)
        manager = generate_preset_pass_manager(
            optimization_level=self.config.compile.optimization_level,
            backend=self.device,
            seed_transpiler=COMPILER_SEED,
        )
        try:
            compiled = [manager.run(circuit) for circuit in circuits]
        except TranspilerError as error:
            raise UnsupportedCircuitError(
                f"a circuit cannot be compiled for backend {self.name!r}: {error.message}"
            ) from error
        for circuit in compiled:
            choose_method(self.config, circuit)
        return compiled

    def _require_dynamics(self, circuit: QuantumCircuit) -> None:
        """Refuse resets, stores and control flow where the device has none."""
        missing = sorted(dynamic_operations(circuit) - set(self.device.target.operation_names))
        if missing:
            raise UnsupportedCircuitError(
                f"circuit {circuit.name!r} uses {missing[0]!r}, which the device of backend "
                f"{self.name!r} does not have"
            )

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler with the device's noise."""
        return NoisySampler(self._noise, self.config, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator that measures with the device's noise."""
        return SamplingEstimator(self.sampler(seed))

    def seconds(self, circuit: QuantumCircuit) -> float:
        """Time the device itself would take for one execution; see `Backend.seconds`.

        From the snapshot's duration of every gate, and the repetition delay of ``[timing]``.

        Raises
        ------
        NotCompiledError
            If the circuit was not compiled for the device.
        """
        require_isa(circuit, self.device.target, self.name)
        return circuit_seconds(circuit, self.device.target) + self.config.timing.repetition_delay


def dynamic_operations(circuit: QuantumCircuit) -> set[str]:
    """Names of resets, stores and control-flow instructions in a circuit, blocks included."""
    found = set()
    for item in circuit.data:
        operation = item.operation
        if operation.name in DYNAMIC or isinstance(operation, ControlFlowOp):
            found.add(operation.name)
        for block in operation.blocks if isinstance(operation, ControlFlowOp) else ():
            found |= dynamic_operations(block)
    return found


class NoisySampler(LocalSampler):
    """Sample circuits compiled for a device under its noise.

    Circuit and noise model are cut to the qubits used: for a few qubits of a large device that
    takes a fraction of a second, where the whole device's model takes many. See `choose_method`
    for how it is simulated.

    4,096 shots of a shallow circuit take 0.05 s of a processor on 5 qubits and 0.6 s on 10 (density
    matrix), 1.5 s on 15 and 20 s on 18 (branching). Branching gains from what trajectories share:
    where nearly every one is hit by an error, deep circuits that is, it costs shots times gates
    times 2**qubits. Matrix product states are simulated shot by shot, 20 ms each for 25 qubits and
    two layers of gates between neighbours; that grows like the cube of the bond dimension, which
    doubles with every further layer up to 2**(qubits / 2), so deep circuits of many qubits are out
    of reach: 2 s a shot at 14 qubits. Nothing is truncated.

    Refused are circuits with what the device does not have there, whose noise would be lost
    (NotCompiledError), and what would take longer than ``methods.max_seconds`` (TooLargeError).
    """

    _config: NoisyConfig

    def __init__(self, noise: NoiseCache, config: NoisyConfig, seed: int | None) -> None:
        super().__init__(config, seed)
        self._noise = noise

    def _check(self, pub: SamplerPub) -> None:
        require_isa(pub.circuit, self._noise.device.target, self._config.name)
        require_time(self._config, pub, choose_method(self._config, pub.circuit))

    def _run_pub(self, pub: SamplerPub, seed: np.random.SeedSequence) -> SamplerPubResult:
        method = choose_method(self._config, pub.circuit)
        # A circuit that does nothing still has zeros to read.
        qubits = used_qubits(pub.circuit) or [0]
        if method is Method.MATRIX_PRODUCT_STATE:
            qubits = along_a_chain(pub.circuit, qubits)
        noise = self._noise.cut(qubits)
        plan = plan_readout(cut_circuit(pub.circuit, qubits), noise.readout)
        simulated = SamplerPub(plan.circuit, pub.parameter_values, pub.shots)
        for_gates, for_rest = seed.spawn(2)
        bits = simulate(simulated, method, noise.gates, for_gates)
        rng = np.random.default_rng(for_rest)
        # Aer returns the shots of one branch together.
        order = rng.permutation(pub.shots)
        for register in plan.circuit.cregs:
            how: dict[int, Misreading] = {
                index: plan.flips[bit] for index, bit in enumerate(register) if bit in plan.flips
            }
            shuffled = BitArray(bits[register.name].array[..., order, :], register.size)
            bits[register.name] = misread(shuffled, how, rng)
        return SamplerPubResult(
            DataBin(**bits, shape=pub.shape),
            metadata={
                "shots": pub.shots,
                "circuit_metadata": pub.circuit.metadata,
                "method": method.value,
                "qubits": len(qubits),
            },
        )
