"""Readout errors beside the simulation: misread bits, not misbehaving qubits.

Aer 0.18 draws readout errors wrongly when trajectories share branches: the distribution is off by
tens of per cent where each alone is right. Here they never reach Aer. A bit that nothing in the
circuit looks at is flipped after the simulation. A bit that control flow looks at, or writes, is
replaced within the circuit by a coin thrown with the probabilities of that outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Clbit, ControlFlowOp, Instruction, Measure, Qubit, Reset
from qiskit.primitives.containers import BitArray

MEASUREMENTS = frozenset({"measure", "measure_2"})
# Aer knows these only under their plain names.
_PLAIN = {"measure_2": Measure, "reset_2": Reset}


@dataclass(frozen=True)
class Misreading:
    """Probabilities of reading a qubit wrongly."""

    zero_as_one: float
    one_as_zero: float


@dataclass(frozen=True)
class ReadoutPlan:
    """A circuit to simulate without readout errors, and what to flip afterwards.

    Attributes
    ----------
    circuit
        For Aer. If bits had to be misread within, it has one qubit more, the coin.
    flips
        For each classical bit still to be misread, how.
    """

    circuit: QuantumCircuit
    flips: Mapping[Clbit, Misreading]


def plan_readout(
    circuit: QuantumCircuit, table: Mapping[tuple[str, int], Misreading]
) -> ReadoutPlan:
    """Take the readout errors out of a simulation.

    Parameters
    ----------
    circuit
        As `qml_algos.backends.cut.cut_circuit` returns it.
    table
        Misreadings by name of the measurement and qubit.

    Returns
    -------
    ReadoutPlan
    """
    fed = {
        bit
        for item in circuit.data
        if isinstance(item.operation, ControlFlowOp)
        for bit in item.clbits
    }
    # Without control flow the last measurement into a bit is the one that counts.
    flips = {
        item.clbits[0]: table[item.operation.name, circuit.find_bit(item.qubits[0]).index]
        for item in circuit.data
        if item.operation.name in MEASUREMENTS and item.clbits[0] not in fed
    }
    coin = Qubit() if fed else None
    places = list(range(circuit.num_qubits))
    return ReadoutPlan(_rebuild(circuit, places, coin, set(flips), table), flips)


def _rebuild(
    circuit: QuantumCircuit,
    places: list[int],
    coin: Qubit | None,
    left_alone: set[Clbit],
    table: Mapping[tuple[str, int], Misreading],
) -> QuantumCircuit:
    """Give instructions the names Aer knows, and throw a coin after measurements.

    ``places`` are the names of the qubits in ``table``; measurements into bits ``left_alone`` get
    no coin.
    """
    rebuilt = circuit.copy_empty_like()
    if coin is not None:
        rebuilt.add_bits([coin])
    for item in circuit.data:
        operation: Instruction = item.operation
        qubits = list(item.qubits)
        positions = [places[circuit.find_bit(qubit).index] for qubit in qubits]
        if isinstance(operation, ControlFlowOp):
            blocks = [_rebuild(block, positions, coin, set(), table) for block in operation.blocks]
            assert coin is not None
            rebuilt.append(operation.replace_blocks(blocks), [*qubits, coin], item.clbits)
            continue
        plain = _PLAIN.get(operation.name)
        rebuilt.append(plain() if plain else operation, qubits, item.clbits)
        if operation.name in MEASUREMENTS and item.clbits[0] not in left_alone:
            assert coin is not None
            _throw(rebuilt, coin, item.clbits[0], table[operation.name, positions[0]])
    return rebuilt


def _throw(circuit: QuantumCircuit, coin: Qubit, bit: Clbit, misreading: Misreading) -> None:
    """Replace an outcome by what is read: a coin whose bias depends on the outcome."""
    if_one = _biased_coin(1 - misreading.one_as_zero)
    if_zero = _biased_coin(misreading.zero_as_one)
    circuit.reset(coin)
    circuit.if_else((bit, True), if_one, if_zero, [coin], [bit])
    circuit.measure(coin, bit)


def _biased_coin(probability: float) -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.ry(2 * np.arcsin(np.sqrt(probability)), 0)
    return circuit


def misread(bits: BitArray, how: Mapping[int, Misreading], rng: np.random.Generator) -> BitArray:
    """Flip bits as a device would misread them, each on its own.

    Parameters
    ----------
    bits
        Outcomes without readout errors.
    how
        Misreading of each bit that can be misread, by its index.
    rng
        Source of the randomness.

    Returns
    -------
    BitArray
        Of the same shape.
    """
    array: NDArray[np.bool_] = bits.to_bool_array(order="little")
    # Bit by bit: a random number for each bit of each shot takes 64 times the memory of the bits.
    for index, misreading in how.items():
        column = array[..., index]
        rates = np.where(column, misreading.one_as_zero, misreading.zero_as_one)
        array[..., index] = column ^ (rng.random(column.shape) < rates)
    return BitArray.from_bool_array(array, order="little")
