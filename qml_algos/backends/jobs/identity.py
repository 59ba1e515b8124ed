"""What makes two requests the same request: a hash of their content."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from qiskit import QuantumCircuit, qpy, transpile

from qml_algos.errors import UnsupportedCircuitError

QPY_VERSION = 17
"""Written always, so that a newer Qiskit hashes alike; readable by Qiskit 2.4 and later."""

# Bytes of a QPY file that name the Qiskit release that wrote it.
_RELEASE = slice(7, 10)

# Values at which formulas of parameters are compared, instead of as text: two formulas that
# differ agree at both with a probability of about 1e-30.
_PROBES = (np.sqrt(2.0) - 1.0, np.sqrt(3.0) - 1.0)

# One way only to write a unitary: with a choice of gates the synthesis may differ between runs.
_LOWERED = ["cx", "u", "delay", "reset", "if_else", "while_loop", "for_loop", "switch_case"]


def dump_circuit(circuit: QuantumCircuit) -> bytes:
    """Serialise a circuit, its layout included.

    Raises
    ------
    UnsupportedCircuitError
        If it holds what QPY cannot write.
    """
    buffer = io.BytesIO()
    try:
        qpy.dump(circuit, buffer, version=QPY_VERSION)
    except Exception as error:
        raise UnsupportedCircuitError(
            f"circuit {circuit.name!r} cannot be recorded: {error}"
        ) from error
    return buffer.getvalue()


def compiled_key(circuit: QuantumCircuit) -> str:
    """Hash of a circuit of standard gates: instructions, parameters, classical registers.

    Names, metadata, layout and global phase do not count; neither does the Qiskit release.
    """
    digest = hashlib.sha256()
    for bound in _at_probes(_bare(circuit)):
        content = bytearray(dump_circuit(_nameless(bound)))
        content[_RELEASE] = bytes(3)
        digest.update(content)
    digest.update(f"{circuit.num_parameters} parameters".encode())
    return digest.hexdigest()


def logical_key(circuit: QuantumCircuit) -> str:
    """Hash of a circuit before compilation, its own and composite gates included."""
    # QPY gives composite gates random names.
    return compiled_key(transpile(circuit, basis_gates=_LOWERED, optimization_level=0))


def content_key(parts: Mapping[str, Any], arrays: Sequence[np.ndarray]) -> str:
    """Hash of JSON values and arrays, bit by bit."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, allow_nan=False).encode())
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _bare(circuit: QuantumCircuit) -> QuantumCircuit:
    """Drop layout, phase, metadata and the names of quantum registers."""
    if [(register.name, register.size) for register in circuit.qregs] == [
        ("q", len(circuit.qubits))
    ]:
        # What compilers return; a copy takes a fraction of the time of composing.
        bare = circuit.copy()
        bare.metadata = {}
        bare._layout = None
    else:
        bare = QuantumCircuit(circuit.num_qubits)
        bare.add_bits(circuit.clbits)
        for register in circuit.cregs:
            bare.add_register(register)
        bare.compose(circuit, range(circuit.num_qubits), circuit.clbits, inplace=True)
    # It cannot be measured, and after compilation it is the longest formula of all.
    bare.global_phase = 0
    return bare


def _at_probes(circuit: QuantumCircuit) -> Iterator[QuantumCircuit]:
    count = circuit.num_parameters
    if not count:
        yield circuit
        return
    for probe in _PROBES:
        yield circuit.assign_parameters(np.modf(probe * np.arange(1, count + 1))[0])


def _nameless(circuit: QuantumCircuit) -> QuantumCircuit:
    """Give a circuit and the blocks within it one and the same name; they are numbered else."""
    circuit.name = "circuit"
    if not circuit.has_control_flow_op():
        return circuit
    # Built anew: to replace an instruction with blocks in a copy is a panic in Qiskit 2.6.
    fresh = circuit.copy_empty_like()
    for instruction in circuit.data:
        if instruction.is_control_flow():
            operation = instruction.operation
            blocks = [_nameless(block.copy()) for block in operation.blocks]
            instruction = instruction.replace(operation=operation.replace_blocks(blocks))
        fresh.append(instruction)
    return fresh
