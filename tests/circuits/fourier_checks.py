"""What tests of the Fourier transforms compare with."""

import numpy as np
from qiskit_aer import AerSimulator

SIMULATOR = AerSimulator(max_parallel_threads=1)


def fourier_matrix(n):
    """Columns are the transforms of basis states, with the positive exponent."""
    return np.fft.ifft(np.eye(2**n), axis=0, norm="ortho")


def bit_reversal(n):
    """Matrix that reverses the bits of the index."""
    reversed_index = [int(f"{k:0{n}b}"[::-1], 2) for k in range(2**n)]
    return np.eye(2**n)[reversed_index]


def two_qubit_depth(circuit):
    """Layers of two-qubit gates."""
    return circuit.depth(lambda item: item.operation.num_qubits == 2)


def unitary(circuit):
    """Matrix of a circuit, by Aer: faster than `Operator` from 7 qubits on."""
    saved = circuit.copy()
    saved.save_unitary()
    result = AerSimulator(method="unitary", max_parallel_threads=1).run(saved).result()
    return np.asarray(result.get_unitary())


def final_state(circuit):
    """State that a circuit leaves."""
    saved = circuit.copy()
    saved.save_statevector()
    return np.asarray(SIMULATOR.run(saved).result().get_statevector())
