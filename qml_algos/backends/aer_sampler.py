"""Shots from Aer: many parameter sets of one circuit at once, and no shot simulated twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import ControlledGate, ParameterExpression
from qiskit.primitives.containers import SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.result import Result
from qiskit_aer import AerError, AerSimulator

from qml_algos.backends.base import require_qubits
from qml_algos.backends.clifford import require_clifford, sample_clifford, without_angles
from qml_algos.backends.config import AerConfig
from qml_algos.backends.isa import require_gates
from qml_algos.backends.sampler import LocalSampler, pub_result
from qml_algos.errors import TooLargeError

# From here on Aer spends all cores on one statevector; below, threads cost more than they save.
_OPENMP_QUBITS = 14
# 8 MiB of probabilities a parameter set; with more qubits measured Aer draws the shots itself.
_MAX_PROBABILITY_QUBITS = 20
_MAX_PROBABILITIES = 2**25
_CONTROL_FLOW = ("if_else", "while_loop", "for_loop", "switch_case", "break_loop", "continue_loop")
_DYNAMIC = frozenset([*_CONTROL_FLOW, "reset", "store"])
_PASSIVE = frozenset(["barrier", "delay", "measure"])


@cache
def known_instructions(method: str) -> frozenset[str]:
    """Names of all that a method of Aer simulates without noise and without saving a state."""
    found = AerSimulator(method=method).configuration()
    gates = set(found.basis_gates) - set(found.custom_instructions)
    return frozenset(gates | _DYNAMIC | _PASSIVE)


def with_visible_parameters(circuit: QuantumCircuit) -> QuantumCircuit:
    """Write controlled gates with parameters as other gates.

    Aer takes their angles for 0 and says nothing: Qiskit's gates of this kind keep their
    parameters elsewhere than Aer looks (cp, crx, cry, crz, cu, cu1, cu3; qiskit-aer 0.18).
    """
    while hidden := {
        operation.name
        for operation in (instruction.operation for instruction in circuit.data)
        if isinstance(operation, ControlledGate)
        and any(isinstance(value, ParameterExpression) for value in operation.params)
    }:
        circuit = circuit.decompose([*hidden])
    return circuit


class AerSampler(LocalSampler):
    """Sample compiled circuits.

    Where all measurements are final, the state is simulated once for each parameter set, however
    many shots are drawn; with at most 20 qubits measured this holds for statevectors, with any
    number for stabilizer states. Otherwise Aer draws the shots. Parameter sets have random numbers
    of their own, as PUBs have.

    Refused are circuits with instructions that the method does not simulate (NotCompiledError) and,
    by the method ``stabilizer``, those that with their parameters are not Clifford
    (UnsupportedCircuitError).
    """

    _config: AerConfig

    def _check(self, pub: SamplerPub) -> None:
        config, circuit = self._config, pub.circuit
        require_qubits(config, circuit.num_qubits, f"circuit {circuit.name!r}")
        require_gates(circuit, known_instructions(config.method), config.name)
        if config.method == "stabilizer":
            for bound in _bound(pub):
                require_clifford(bound, config.name)

    def _run_pub(self, pub: SamplerPub, seed: np.random.SeedSequence) -> SamplerPubResult:
        return pub_result(pub, self._sample(pub, np.random.default_rng(seed)))

    def _sample(self, pub: SamplerPub, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Bits of shape ``(parameter sets, shots, classical bits)``."""
        shape = (pub.parameter_values.size, pub.shots, pub.circuit.num_clbits)
        bits = np.zeros(shape, dtype=bool)
        final = _final_measurements(pub.circuit)
        if 0 in shape or (final is not None and not final.measured):
            return bits
        if final is not None and self._config.method == "stabilizer":
            self._from_tableaus(pub, final, bits, rng)
        elif (
            final is not None
            and self._config.method == "statevector"
            and len(final.measured) <= _MAX_PROBABILITY_QUBITS
        ):
            self._from_probabilities(pub, final, bits, rng)
        else:
            self._from_memory(pub, bits, rng)
        return bits

    def _from_probabilities(
        self, pub: SamplerPub, final: _Final, bits: NDArray[np.bool_], rng: np.random.Generator
    ) -> None:
        circuit = with_visible_parameters(final.gates).copy()
        circuit.save_probabilities(final.measured)
        size = 2 ** len(final.measured)
        patterns = (np.arange(size)[:, None] >> np.arange(len(final.measured)) & 1).astype(bool)
        simulator = self._simulator(_options(circuit))
        step = max(1, _MAX_PROBABILITIES // size)
        for start in range(0, len(bits), step):
            sets = range(start, min(start + step, len(bits)))
            result = _run(simulator, circuit, pub, sets)
            for index, experiment in zip(sets, result.results, strict=True):
                # Inverting the cumulative distribution takes log2 of its size a shot; Aer's own
                # sampling takes up to the whole size.
                cumulative = np.cumsum(experiment.data.probabilities)
                drawn = np.searchsorted(
                    cumulative, rng.random(pub.shots) * cumulative[-1], side="right"
                )
                bits[index][:, final.clbits] = patterns[drawn][:, final.columns]

    def _from_tableaus(
        self, pub: SamplerPub, final: _Final, bits: NDArray[np.bool_], rng: np.random.Generator
    ) -> None:
        for index, bound in enumerate(_bound(pub)):
            circuit = without_angles(bound)
            result = _run_list(self._simulator({}), [circuit], 1, rng)
            [outcome] = _unpacked(result.results[0], bound.num_clbits)
            gates = without_angles(_gates_of(bound))
            qubits = [final.measured[column] for column in final.columns]
            bits[index][:, final.clbits] = sample_clifford(
                gates, qubits, outcome[final.clbits], pub.shots, rng
            )

    def _from_memory(
        self, pub: SamplerPub, bits: NDArray[np.bool_], rng: np.random.Generator
    ) -> None:
        circuits = _bound(pub)
        if self._config.method == "stabilizer":
            circuits = [without_angles(circuit) for circuit in circuits]
        # As many circuits at a time as there are cores; a single one has all cores.
        simulator = self._simulator({"max_parallel_experiments": 0})
        result = _run_list(simulator, circuits, pub.shots, rng)
        for index, experiment in enumerate(result.results):
            bits[index] = _unpacked(experiment, bits.shape[-1])

    def _simulator(self, options: dict[str, Any]) -> AerSimulator:
        return AerSimulator(method=self._config.method, **options)


@dataclass(frozen=True)
class _Final:
    """Measurements that nothing follows.

    Attributes
    ----------
    gates
        The circuit without them.
    measured
        Qubits, each once.
    clbits, columns
        Classical bits written, and which of ``measured`` each holds.
    """

    gates: QuantumCircuit
    measured: list[int]
    clbits: list[int]
    columns: list[int]


def _final_measurements(circuit: QuantumCircuit) -> _Final | None:
    """Find the measurements; ``None`` if anything follows one or the circuit is dynamic."""
    written: dict[int, int] = {}
    touched: set[int] = set()
    for instruction in circuit.data:
        name = instruction.operation.name
        qubits = {circuit.find_bit(qubit).index for qubit in instruction.qubits}
        if name == "measure":
            written[circuit.find_bit(instruction.clbits[0]).index] = min(qubits)
            touched |= qubits
        elif name not in _PASSIVE and (name in _DYNAMIC or not qubits.isdisjoint(touched)):
            return None
    measured = sorted({*written.values()})
    column = {qubit: index for index, qubit in enumerate(measured)}
    columns = [column[qubit] for qubit in written.values()]
    return _Final(_gates_of(circuit), measured, [*written], columns)


def _gates_of(circuit: QuantumCircuit) -> QuantumCircuit:
    """Leave out measurements, and the phase that they do not show."""
    gates = circuit.copy_empty_like()
    gates.global_phase = 0
    for instruction in circuit.data:
        if instruction.operation.name not in _PASSIVE:
            gates._append(instruction)
    return gates


def _options(circuit: QuantumCircuit) -> dict[str, Any]:
    """Choose what Aer does at the same time; all cores that the process may use are used.

    Small circuits: a circuit is loaded once, and its parameter sets are shared out among the
    cores, each simulated by one thread. With this setting Aer fails at parameters in the global
    phase and ends the process at parameters within control flow, neither of which gets here; and
    it spends one core only on larger circuits. These are simulated side by side as memory allows,
    and a single one on all cores.
    """
    if circuit.num_qubits < _OPENMP_QUBITS and circuit.num_parameters:
        return {"runtime_parameter_bind_enable": True}
    return {"max_parallel_experiments": 0}


def _bound(pub: SamplerPub) -> list[QuantumCircuit]:
    """Put values for parameters, one circuit for each set."""
    if not pub.circuit.num_parameters:
        return [pub.circuit] * pub.parameter_values.size
    return [*np.ravel(pub.parameter_values.bind_all(pub.circuit))]


def _run(simulator: AerSimulator, circuit: QuantumCircuit, pub: SamplerPub, sets: range) -> Result:
    """Simulate a circuit that saves its result, with some of the parameter sets of a PUB."""
    if not circuit.num_parameters:
        return _checked(simulator.run([circuit] * len(sets), shots=1).result())
    parameters = pub.circuit.parameters
    values = pub.parameter_values.as_array(parameters).reshape(-1, len(parameters))[sets]
    # The phase had parameters too, perhaps, which Aer must not be told.
    columns = zip(parameters, values.T, strict=True)
    binds = {name: column for name, column in columns if name in circuit.parameters}
    return _checked(simulator.run([circuit], parameter_binds=[binds], shots=1).result())


def _run_list(
    simulator: AerSimulator,
    circuits: Sequence[QuantumCircuit],
    shots: int,
    rng: np.random.Generator,
) -> Result:
    """Let Aer draw shots; it gives every circuit of the list a seed of its own."""
    seed = int(rng.integers(2**31))
    return _checked(
        simulator.run([*circuits], shots=shots, memory=True, seed_simulator=seed).result()
    )


def _checked(result: Result) -> Result:
    """Refuse the empty results that Aer returns where it fails."""
    if result.success:
        return result
    reasons = [result.status, *(str(experiment.status) for experiment in result.results)]
    message = f"Aer failed: {'; '.join(dict.fromkeys(map(str, reasons)))}"
    raise TooLargeError(message) if "memory" in message.lower() else AerError(message)


def _unpacked(experiment: Any, num_clbits: int) -> NDArray[np.bool_]:
    """Bits of Aer's hexadecimal shots, shape ``(shots, num_clbits)``."""
    memory = getattr(experiment.data, "memory", None)
    if not memory:  # nothing was measured
        return np.zeros((experiment.shots, num_clbits), dtype=bool)
    # Aer leaves out leading zeros, and adds bits of its own above those of the circuit.
    digits = max(2 * -(-num_clbits // 8), *(len(shot) - 2 for shot in memory))
    digits += digits % 2
    joined = bytes.fromhex("".join(shot[2:].zfill(digits) for shot in memory))
    packed = np.frombuffer(joined, dtype=np.uint8).reshape(len(memory), -1)
    bits = np.unpackbits(packed[:, ::-1], axis=1, bitorder="little")
    return bits[:, :num_clbits].astype(bool)
