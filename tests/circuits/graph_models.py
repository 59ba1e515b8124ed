"""Graphs with matrices, and their states by definition."""

import numpy as np

RING = ((0, 1), (1, 2), (2, 3), (3, 0), (3, 4))
TREE = ((0, 3), (3, 1), (3, 2), (2, 4), (5, 6))


def chain(qubits):
    """Edges from each qubit to the next."""
    return tuple((i, i + 1) for i in range(qubits - 1))


def random_matrices(qubits, condition_number=3.0, seed=0):
    """Matrices of one condition number, complex, along random axes."""
    generator = np.random.default_rng(seed)
    gaussian = generator.normal(size=(4, qubits, 2, 2))
    left, right = np.linalg.qr(gaussian[:2] + 1j * gaussian[2:])[0]
    return left @ np.diag([1.0, 1 / condition_number]) @ right


def amplitudes(edges, matrices, projected=()):
    """Amplitudes not normalised, qubit 0 the least significant bit."""
    qubits = len(matrices)
    values = np.arange(2**qubits)[:, None] >> np.arange(qubits) & 1
    signs = np.prod([(-1.0) ** (values[:, i] * values[:, j]) for i, j in edges], axis=0)
    tensor = (signs / 2 ** (qubits / 2)).reshape((2,) * qubits).T
    for qubit, matrix in enumerate(matrices):
        kept = np.diag([1, 0]) @ matrix if qubit in projected else matrix
        tensor = np.moveaxis(np.tensordot(kept, tensor, axes=(1, qubit)), 0, qubit)
    return tensor.T.reshape(-1)


def normalised(vector):
    """Return the unit vector."""
    return vector / np.linalg.norm(vector)


def same_up_to_phase(found, expected, atol=1e-10):
    """Whether unit vectors differ by a phase only."""
    phase = np.vdot(expected, found)
    return np.allclose(found, phase / abs(phase) * expected, atol=atol)
