"""Programs on PennyLane's devices. Importing this imports PennyLane, which takes seconds."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pennylane as qml
from numpy.typing import NDArray
from pennylane.devices import ExecutionConfig, MCMConfig
from pennylane.ops import Conditional, MeasurementValue
from pennylane.tape import QuantumScript
from qiskit.circuit import Instruction
from qiskit.circuit.library import UnitaryGate

from qml_algos.backends.base import require_qubits
from qml_algos.backends.config import PennyLaneConfig
from qml_algos.backends.pennylane_logic import TRUE, Logic, Signal
from qml_algos.backends.pennylane_translation import (
    GATES,
    INVERSES,
    Apply,
    Program,
    Sense,
    elementary,
)
from qml_algos.errors import ConfigError, TooLargeError, UnsupportedCircuitError

# PennyLane returns samples as 8-byte integers: at most 128 MiB of them at a time.
SAMPLES_AT_ONCE = 2**24


@dataclass(frozen=True)
class Script:
    """A program as PennyLane has it.

    Attributes
    ----------
    tape
        Operations, and what is sampled.
    outcomes
        Numbers of the measurements in the columns of the samples.
    wires
        How many the device needs.
    states
        How many states the device holds at a time.
    """

    tape: QuantumScript
    outcomes: tuple[int, ...]
    wires: int
    states: int


def open_device(
    config: PennyLaneConfig, wires: int, seed: np.random.SeedSequence, *, reproducible: bool
) -> qml.devices.Device:
    """Open the device of a backend.

    Parameters
    ----------
    config
        The backend.
    wires
        How many to open it with.
    seed
        Of its random numbers.
    reproducible
        Whether the seed matters; if not, a device that takes none goes without.

    Raises
    ------
    ConfigError
        If its plugin cannot be loaded, or it takes no seed.
    """
    try:
        factory = qml.plugin_devices[config.device].load()
        takes_seed = "seed" in inspect.signature(factory).parameters
        if reproducible and not takes_seed:
            raise ConfigError(
                f"device = {config.device!r} of backend {config.name!r} takes no seed; "
                "sample without one"
            )
        options = {"seed": seed} if takes_seed else {}
        return qml.device(config.device, wires=wires, **options)
    except (ImportError, qml.exceptions.DeviceError) as error:
        raise ConfigError(
            f"device = {config.device!r} of backend {config.name!r} cannot be opened: {error}"
        ) from error


def check(config: PennyLaneConfig, program: Program, what: str, *, reproducible: bool) -> None:
    """Refuse a program that the device cannot run, without running it.

    Parameters
    ----------
    config
        The backend.
    program
        What is to be run.
    what
        How messages call it.
    reproducible
        Whether it will be run with a seed.

    Raises
    ------
    ConfigError
        If the device cannot be opened.
    TooLargeError
        If it needs more qubits than the backend takes, auxiliary ones included, or more memory
        than the machine has.
    UnsupportedCircuitError
        If PennyLane refuses it.
    """
    require_qubits(config, program.wires, what)
    script = build(config, program)
    if script is None:
        return
    if script.wires > program.wires:
        require_qubits(config, script.wires, f"{what}, with a qubit for each measurement,")
    _require_memory(script, what)
    seed = np.random.SeedSequence()
    device = open_device(config, script.wires, seed, reproducible=reproducible)
    try:
        _preprocess(config, device, script.tape)
    except Exception as error:  # PennyLane has no base class for its own
        raise UnsupportedCircuitError(
            f"{what} cannot be run on PennyLane's {config.device!r}: {error}"
        ) from error


def sample(
    config: PennyLaneConfig,
    programs: Iterator[Program],
    shots: int,
    seed: np.random.SeedSequence,
) -> Iterator[NDArray[np.uint8]]:
    """Run programs one after the other.

    Parameters
    ----------
    config
        The backend.
    programs
        Of the same structure.
    shots
        Of each.
    seed
        Of all together: each goes on with the random numbers where the one before stopped.

    Yields
    ------
    ndarray
        Shape ``(shots, bits)``: the classical bits, 0 or 1.
    """
    device = None
    order = np.random.default_rng(seed.spawn(1)[0])
    for program in programs:
        outcomes: dict[int, NDArray[np.uint8]] = {}
        script = build(config, program)
        if script is not None:
            device = device or open_device(config, script.wires, seed, reproducible=False)
            outcomes = _run(config, device, script, shots)
        bits = program.logic.evaluate(program.bits, outcomes)
        table = np.stack([np.broadcast_to(np.uint8(bit), shots) for bit in bits], axis=1)
        # Branch after branch, a tree's shots would not be interchangeable.
        yield order.permutation(table) if script is not None and script.states > 1 else table


def build(config: PennyLaneConfig, program: Program) -> Script | None:
    """Write a program as PennyLane's operations and measurements.

    Final measurements are sampled from the final state. Of the others, with ``mcm_method``

    - ``"tree-traversal"``, the device follows every branch that has shots, in the order of both
      kinds of samples;
    - ``"one-shot"``, everything is measured as in mid-circuit, as only then all samples surely
      belong to the same shots whatever the device;
    - ``"deferred"``, each gets a wire of its own, and is sampled with the final ones.

    Returns
    -------
    Script or None
        ``None`` if no classical bit depends on any measurement.
    """
    method = config.mcm_method or "deferred"
    finals = program.finals
    steps = program.steps
    if method == "one-shot" and any(isinstance(step, Sense) for step in steps):
        steps += tuple(Sense(outcome, wire, reset=False) for outcome, wire in finals.items())
        finals = {}
    operations, measured = _operations(steps, program.logic)
    needed = program.logic.outcomes(program.bits)
    middle = [number for number in needed if number in measured]
    final = [number for number in needed if number in finals]
    if not middle and not final:
        return None
    samples = [qml.sample([measured[number] for number in middle])] if middle else []
    samples += [qml.sample(wires=[finals[number] for number in final])] if final else []
    tape = QuantumScript(operations, samples)
    if method == "deferred" and measured:
        tape = _deferred(tape)
    return Script(
        tape=tape,
        outcomes=(*middle, *final),
        wires=max(program.wires, *(wire + 1 for wire in tape.wires)),
        states=len(measured) + 1 if method == "tree-traversal" else 1,
    )


def operator(gate: Instruction, wires: Sequence[int]) -> qml.operation.Operator:
    """PennyLane's operator for an elementary gate, phase included."""
    parts = elementary(gate)
    assert parts is not None
    base, controls, state = parts
    targets = wires[controls:]
    result: qml.operation.Operator
    if isinstance(base, UnitaryGate):
        # PennyLane's first wire is the most significant.
        result = qml.QubitUnitary(base.to_matrix(), wires=targets[::-1])
    elif base.base_class in INVERSES:
        result = qml.adjoint(getattr(qml, INVERSES[base.base_class])(wires=targets))
    else:
        values = [float(value) for value in base.params]
        result = getattr(qml, GATES[base.base_class])(*values, wires=targets)
    if controls:
        wanted = [bool(state >> place & 1) for place in range(controls)]
        result = qml.ctrl(result, control=wires[:controls], control_values=wanted)
    return result


def _operations(
    steps: Sequence[Apply | Sense], logic: Logic
) -> tuple[list[Any], dict[int, MeasurementValue]]:
    """PennyLane's operations, and what stands for the outcome of each measurement among them."""
    # Lists rather than PennyLane's queue, into which other threads may write.
    operations: list[Any] = []
    measured: dict[int, MeasurementValue] = {}
    conditions: dict[Signal, MeasurementValue] = {}
    for step in steps:
        if isinstance(step, Sense):
            measured[step.outcome] = qml.measure(step.wire, reset=step.reset)
            operations += measured[step.outcome].measurements
            continue
        applied = operator(step.gate, step.wires)
        if step.condition != TRUE:
            if step.condition not in conditions:
                conditions[step.condition] = _condition(logic, step.condition, measured)
            applied = Conditional(conditions[step.condition], applied)
        operations.append(applied)
    return operations, measured


def _condition(
    logic: Logic, signal: Signal, measured: Mapping[int, MeasurementValue]
) -> MeasurementValue:
    numbers = logic.outcomes([signal])

    @lru_cache(maxsize=1024)
    def computed(outcomes: tuple[int, ...]) -> bool:
        [value] = logic.evaluate([signal], dict(zip(numbers, outcomes, strict=True)))
        return bool(value)

    def holds(*outcomes: Any) -> bool:
        return computed(tuple(map(int, outcomes)))  # some devices give arrays

    sources = [source for number in numbers for source in measured[number].measurements]
    return MeasurementValue(sources, holds)


def _deferred(tape: QuantumScript) -> QuantumScript:
    """Give measurements wires of their own; all are sampled as one, and so shot by shot."""
    [deferred], _ = qml.defer_measurements(tape)
    wires = [
        wire
        for sampled in deferred.measurements
        for part in (sampled.mv if sampled.mv is not None else [sampled])
        for wire in part.wires
    ]
    return deferred.copy(measurements=[qml.sample(wires=wires)])


def _run(
    config: PennyLaneConfig, device: qml.devices.Device, script: Script, shots: int
) -> dict[int, NDArray[np.uint8]]:
    """Outcomes of a script's measurements, an array of all shots for each."""
    columns = len(script.outcomes)
    parts = []
    for part in _portions(shots, max(1, SAMPLES_AT_ONCE // columns)):
        tapes, finish, execution = _preprocess(config, device, script.tape.copy(shots=part))
        [result] = finish(device.execute(tapes, execution))
        samples = [result] if len(script.tape.measurements) == 1 else result
        flat = [np.asarray(kind).astype(np.uint8).reshape(part, -1) for kind in samples]
        parts.append(np.concatenate(flat, axis=1))
    return dict(zip(script.outcomes, np.concatenate(parts).T, strict=True))


def _portions(total: int, largest: int) -> Iterator[int]:
    for start in range(0, total, largest):
        yield min(largest, total - start)


def _preprocess(
    config: PennyLaneConfig, device: qml.devices.Device, tape: QuantumScript
) -> tuple[Any, Callable[..., Any], ExecutionConfig]:
    """Let the device say what it will execute."""
    dynamic = any(isinstance(step, qml.ops.MidMeasure) for step in tape.operations)
    method = config.mcm_method if dynamic else None
    tape = tape if tape.shots else tape.copy(shots=1)
    execution = ExecutionConfig(mcm_config=MCMConfig(mcm_method=method))
    execution = device.setup_execution_config(execution, tape)
    tapes, finish = device.preprocess_transforms(execution)([tape])
    return tapes, finish, execution


def _require_memory(script: Script, what: str) -> None:
    needed = 16 * script.states * 2**script.wires
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if script.states > 1 and needed > available:
        raise TooLargeError(
            f"{what} needs {needed / 2**30:,.1f} GiB of memory: {script.states} states of "
            f"{script.wires} qubits, one for each measurement within the circuit; this machine "
            f"has {available / 2**30:,.1f} GiB"
        )
