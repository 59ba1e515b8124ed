"""Runs the parameters of an "executor" job and encodes the result, in IBM's schema v2.0."""

from __future__ import annotations

from datetime import UTC, datetime
from math import prod
from typing import Any

import numpy as np
from ibm_quantum_schemas.common import CompressedTensorModel, PauliLindbladMapModel
from ibm_quantum_schemas.executor.version_2_0.models import (
    ChunkPart,
    ChunkSpan,
    CircuitItemModel,
    ItemMetadataModel,
    MetadataModel,
    ParamsModel,
    QuantumProgramResultItemModel,
    QuantumProgramResultModel,
    SamplexItemModel,
)
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from samplomatic.samplex import Samplex
from samplomatic.tensor_interface import TensorInterface

from .simulate import sample


def run(params: dict[str, Any], seed: list[int], readout_error: float = 0.0) -> dict[str, Any]:
    """Execute the ``params`` of a request, and return the JSON a client gets as the result.

    Raises
    ------
    pydantic.ValidationError, ValueError
        If the parameters break IBM's schema, or ask for what the loopback cannot do.
    """
    started = datetime.now(UTC)
    program = ParamsModel.model_validate(params).quantum_program
    if program.meas_level != "classified":
        raise ValueError(f"the loopback returns bits only, not meas_level {program.meas_level!r}")
    rng = np.random.default_rng(seed)
    data = []
    for circuit, item in zip(program.circuits.to_python(), program.items, strict=True):
        item_rng = rng.spawn(1)[0]
        if isinstance(item, SamplexItemModel):
            found = _run_samplex(circuit, item, program.shots, item_rng, readout_error)
        else:
            found = _run_circuit(circuit, item, program.shots, item_rng, readout_error)
        tensors = {name: CompressedTensorModel.from_numpy(array) for name, array in found.items()}
        data.append(QuantumProgramResultItemModel(results=tensors, metadata=ItemMetadataModel()))
    result = QuantumProgramResultModel(
        data=data,
        metadata=MetadataModel(chunk_timing=[_span(started, program.items)]),
        # The client's post-processing is chosen and steered by these two, which the server echoes.
        passthrough_data=program.passthrough_data,
        semantic_role=program.semantic_role,
    )
    return result.model_dump(mode="json")


def executions(params: dict[str, Any]) -> int:
    """Shots of all circuits of a request, read without decoding a circuit."""
    program = params["quantum_program"]
    return program["shots"] * sum(prod(_shape(item)) for item in program["items"])


def _shape(item: dict[str, Any]) -> list[int]:
    if item["item_type"] == "samplex":
        return item["shape"]
    return item["circuit_arguments"]["shape"][:-1]


def _run_circuit(
    circuit: QuantumCircuit,
    item: CircuitItemModel,
    shots: int,
    rng: np.random.Generator,
    readout_error: float,
) -> dict[str, NDArray[Any]]:
    return dict(sample(circuit, item.circuit_arguments.to_numpy(), shots, rng, readout_error))


def _run_samplex(
    circuit: QuantumCircuit,
    item: SamplexItemModel,
    shots: int,
    rng: np.random.Generator,
    readout_error: float,
) -> dict[str, NDArray[Any]]:
    samplex = item.samplex.to_samplex()
    # A decoded samplex cannot be sampled before this.
    samplex.finalize()
    arguments = samplex.inputs().make_broadcastable()
    for name, value in item.samplex_arguments.items():
        if isinstance(value, CompressedTensorModel):
            arguments[name] = value.to_numpy()
        elif isinstance(value, PauliLindbladMapModel):
            arguments[name] = value.to_pauli_lindblad_map()
        else:
            arguments[name] = value
    randomised = randomise(samplex, arguments, tuple(item.shape), rng)
    values = randomised.pop("parameter_values")
    # Among the rest are the flips by which the client undoes measurement twirling.
    return {**randomised, **sample(circuit, values, shots, rng, readout_error)}


def randomise(
    samplex: Samplex, arguments: TensorInterface, shape: tuple[int, ...], rng: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """Sample a samplex over a whole shape, every element with an independent randomisation.

    Axes along which the arguments vary are a sweep; along all others only randomisations differ.
    """
    argument_shape = (1,) * (len(shape) - arguments.ndim) + tuple(arguments.shape)
    sweep = tuple(size if size > 1 else 1 for size in argument_shape)
    repeats = tuple(1 if size > 1 else total for size, total in zip(sweep, shape, strict=True))
    found: dict[str, NDArray[Any]] = {}
    for index in np.ndindex(*sweep):
        own_index = index[len(shape) - arguments.ndim :]
        sampled = samplex.sample(arguments[own_index], num_randomizations=prod(repeats), rng=rng)
        where = tuple(i if size > 1 else slice(None) for i, size in zip(index, sweep, strict=True))
        left = tuple(n for n, size in zip(repeats, sweep, strict=True) if size == 1)
        for name, array in dict(sampled).items():
            whole = found.setdefault(name, np.empty((*shape, *array.shape[1:]), array.dtype))
            whole[where] = array.reshape(*left, *array.shape[1:])
    return found


def _span(started: datetime, items: list[Any]) -> ChunkSpan:
    parts = []
    for index, item in enumerate(items):
        shape = _shape(item.model_dump(include={"item_type", "shape", "circuit_arguments"}))
        size = prod(shape)
        parts.append(
            ChunkPart(
                idx_item=index,
                size=size,
                permutation=list(range(len(shape))),
                element_range=(0, size, 1),
            )
        )
    return ChunkSpan(start=started, stop=datetime.now(UTC), parts=parts)
