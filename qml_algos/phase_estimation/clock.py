"""Circuits whose clock is measured: the same outcomes by three circuits."""

from __future__ import annotations

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.iterative_phase_estimation import iterative_phase_estimation
from circuits.phase_estimation import measured_phase_estimation, phase_estimation
from qml_algos.phase_estimation.problem import PhaseProblem

CLOCK_METHODS = ("standard", "semiclassical", "iterative")


def clock_circuit(
    problem: PhaseProblem, method: str, time_qubits: int, guard_qubits: int = 0
) -> QuantumCircuit:
    """Build phase estimation with a classical register ``phase``, its lowest bit first.

    Parameters
    ----------
    problem
        State and evolution.
    method
        ``standard`` has a clock of many qubits and a coherent Fourier transform, ``semiclassical``
        a transform without two-qubit gates by feed-forward, ``iterative`` one clock qubit.
    time_qubits, guard_qubits
        Bits of the outcome, those that lengthen the evolution and those that do not; the iterative
        method has only the former.
    """
    evolution, time = problem.evolution, problem.time
    if method == "iterative":
        return iterative_phase_estimation(problem.preparation, evolution, time_qubits, time)
    clock = time_qubits + guard_qubits
    system = QuantumRegister(evolution.system_qubits, "system")
    clock_register = QuantumRegister(clock, "clock")
    phase = ClassicalRegister(clock, "phase")
    circuit = QuantumCircuit(system, clock_register, phase, name=f"{method}_phase_estimation")
    circuit.compose(problem.preparation, system, inplace=True)
    circuit.compose(evolution.enter(), system, inplace=True)
    if method == "semiclassical":
        measured = measured_phase_estimation(evolution, clock, time, guard_qubits=guard_qubits)
        circuit.compose(measured, circuit.qubits, phase, inplace=True)
    else:
        estimation = phase_estimation(evolution, clock, time, guard_qubits=guard_qubits)
        circuit.compose(estimation, circuit.qubits, inplace=True)
        circuit.measure(clock_register, phase)
    return circuit
