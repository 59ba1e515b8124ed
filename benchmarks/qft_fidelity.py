"""How far a compiled circuit is from the exact Fourier transform, at any number of qubits.

Of a basis state x the transform makes a product state, and a circuit that is nearly the transform
nearly that. The mean over x of their overlap is the trace in the process fidelity. Circuits that
pass parities around keep little entanglement on a basis state, so matrix product states hold it
exactly; x is sampled.
"""

from __future__ import annotations

import numpy as np
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator

__all__ = ["sampled_infidelity"]

_STATEVECTOR = 10


def sampled_infidelity(
    compiled: QuantumCircuit, permutation: tuple[int, ...], samples: int, seed: int = 0
) -> tuple[float, float]:
    """Estimate 1 - F of a compiled circuit from random basis states, and its standard error.

    Parameters
    ----------
    compiled
        The circuit, with the layout of the transpiler.
    permutation
        Which bit of k stands on each qubit before compilation.
    samples
        Number of basis states.
    seed
        Of their choice.
    """
    n = len(permutation)
    first = compiled.layout.initial_index_layout(filter_ancillas=True)
    last = compiled.layout.final_index_layout(filter_ancillas=True)
    used = sorted({*first, *last})
    place = {physical: index for index, physical in enumerate(used)}
    rng = np.random.default_rng(seed)
    circuits = []
    for _ in range(samples):
        bits = rng.integers(2, size=n)
        x = sum(int(bit) << index for index, bit in enumerate(bits))
        circuit = QuantumCircuit(len(used), global_phase=compiled.global_phase)
        for one in np.flatnonzero(bits):
            circuit.x(place[first[one]])
        for item in compiled.data:
            circuit.append(
                item.operation, [place[compiled.find_bit(qubit).index] for qubit in item.qubits]
            )
        for qubit, bit in enumerate(permutation):
            turns = ((x << bit) % 2**n) / 2**n
            circuit.p(-2 * np.pi * turns, place[last[qubit]])
            circuit.h(place[last[qubit]])
        circuit.save_amplitudes([0])
        circuits.append(circuit)
    method = "matrix_product_state" if n > _STATEVECTOR else "statevector"
    simulator = AerSimulator(method=method, max_parallel_threads=1)
    result = simulator.run(circuits).result()
    overlaps = np.array([result.data(index)["amplitudes"][0] for index in range(samples)])
    mean = overlaps.mean()
    scatter = np.std(np.abs(overlaps), ddof=1) / np.sqrt(samples)
    return float(1 - abs(mean) ** 2), float(2 * abs(mean) * scatter)
