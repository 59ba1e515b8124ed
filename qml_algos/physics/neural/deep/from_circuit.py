r"""Circuits written as deep Boltzmann machines with the same amplitudes.

The sum over paths through a circuit is a sum over the bits that its qubits have between gates.
Diagonal gates weigh a path without a new bit, and controlled-X, X and swaps only say which parities
of bits qubits carry. So the only gates that need a deep unit are those of one qubit that take both
of its basis states to superpositions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import CircuitInstruction

from qml_algos.errors import InvalidProblemError, UnsupportedCircuitError
from qml_algos.physics.neural.deep.machine import DeepBoltzmannMachine
from qml_algos.physics.neural.deep.units_and_wires import Network, Wire

GATES = ("u", "cx", "cz", "cp", "rzz", "swap")
"""Gates to which circuits are translated."""
_ZERO = 1e-12
"""Entry of a gate below which it is one of rounding."""


def boltzmann_machine_from_circuit(circuit: QuantumCircuit) -> DeepBoltzmannMachine:
    """Write the state that a circuit makes of ``|0...0>`` as a deep Boltzmann machine.

    Exact, norm and global phase included. Gates are translated to ``u``, ``cx``, ``cz``, ``cp``,
    ``rzz`` and ``swap`` first; runs of gates of one qubit become one.

    Parameters
    ----------
    circuit
        Without parameters, resets or conditions; measurements at its end are left away.

    Returns
    -------
    DeepBoltzmannMachine
        At most one deep unit for each gate of one qubit that is neither diagonal nor antidiagonal,
        and for each rotation about a parity of three or more deep units; one hidden unit for each
        of these, for each ``cz``, ``cp`` and ``rzz``, and one for each qubit at most.

    Raises
    ------
    InvalidProblemError
        If it is no circuit, has no qubits, or has parameters.
    UnsupportedCircuitError
        If it holds what is no gate.

    Notes
    -----
    The machine takes O(hidden * (qubits + deep)) to write down. What an amplitude costs is
    `DeepBoltzmannMachine.width`: of a circuit of many layers, exponential in the number of qubits
    or in depth, whichever is less. A machine of polynomial size does not make a circuit simple.

    References
    ----------
    X. Gao and L.-M. Duan, Nature Communications 8, 662 (2017); parities are ours.
    """
    translated = _translated(circuit)
    network = Network(log_scale=1j * float(translated.global_phase))
    wires = [Wire()] * translated.num_qubits
    for instruction in translated.data:
        qubits = [translated.find_bit(qubit).index for qubit in instruction.qubits]
        values = _apply(network, instruction, [wires[qubit] for qubit in qubits])
        for qubit, wire in zip(qubits, values, strict=True):
            wires[qubit] = wire
    return network.machine(wires)


def _translated(circuit: QuantumCircuit) -> QuantumCircuit:
    if not isinstance(circuit, QuantumCircuit):
        raise InvalidProblemError(
            f"circuit is of type {type(circuit).__name__}: a QuantumCircuit is needed"
        )
    if not circuit.num_qubits:
        raise InvalidProblemError("circuit has no qubits: at least one is needed")
    if circuit.parameters:
        names = ", ".join(sorted(parameter.name for parameter in circuit.parameters))
        raise InvalidProblemError(f"circuit has parameters {names}: bind them first")
    measured = circuit.remove_final_measurements(inplace=False)
    kept = [one for one in measured.decompose(["initialize"]).data if one.name != "barrier"]
    for instruction in kept:
        if instruction.name in {"reset", "measure"} or hasattr(instruction.operation, "blocks"):
            raise UnsupportedCircuitError(
                f"circuit holds {instruction.name}: only gates, and measurements at the end, are "
                "accepted"
            )
    # Level 1 merges runs of gates of one qubit, and keeps the qubits where they are.
    return transpile(measured, basis_gates=list(GATES), optimization_level=1)


def _apply(network: Network, gate: CircuitInstruction, wires: list[Wire]) -> list[Wire]:
    """Add a gate to the network; return the wires after it."""
    if gate.name == "barrier":
        return wires
    if gate.name == "cx":
        return [wires[0], wires[1].times(wires[0])]
    if gate.name == "swap":
        return wires[::-1]
    if gate.name == "u":
        return [_rotated(network, gate.operation.to_matrix(), wires[0])]
    if gate.name == "rzz":
        network.tilt(wires[0].times(wires[1]), -0.5j * float(gate.params[0]))
        return wires
    angle = np.pi if gate.name == "cz" else float(gate.params[0])
    first, second = (network.tilt(wire, -0.25j * angle) for wire in wires)
    network.tilt(first.times(second), 0.25j * angle)
    network.log_scale += 0.25j * angle
    return [first, second]


def _rotated(network: Network, matrix: NDArray[np.complex128], wire: Wire) -> Wire:
    if abs(matrix[0, 1]) < _ZERO:
        return _diagonal(network, np.diag(matrix), wire)
    if abs(matrix[0, 0]) < _ZERO:
        return _diagonal(network, np.diag(matrix[::-1]), wire).times(Wire(sign=-1))
    # Rows are values after, columns before, the gate: of the spins +1 and -1.
    logs = np.log(matrix)
    if not wire.units:
        up, down = logs[:, 0 if wire.sign == 1 else 1]
        network.log_scale += (up + down) / 2
        return Wire(frozenset([network.unit((up - down) / 2)]))
    wire = network.tilt(network.single(wire), (logs[:, 0] - logs[:, 1]).sum() / 4)
    after = network.unit((logs[0] - logs[1]).sum() / 4)
    [before] = wire.units
    coupling = (logs[0, 0] + logs[1, 1] - logs[0, 1] - logs[1, 0]) / 4
    network.couple(before, after, wire.sign * coupling)
    network.log_scale += logs.mean()
    return Wire(frozenset([after]))


def _diagonal(network: Network, entries: NDArray[np.complex128], wire: Wire) -> Wire:
    first, second = np.log(entries)
    network.log_scale += (first + second) / 2
    return network.tilt(wire, (first - second) / 2)
