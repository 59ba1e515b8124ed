"""States that tests of preparation share."""

import numpy as np

from qml_algos.generative.factor_graph.state import QuantumGenerativeState

CHAIN = tuple((i, i + 1) for i in range(4))


def filtered(qubits: int, condition_number: float, seed: int = 0) -> np.ndarray:
    """Random matrices of one condition number."""
    generator = np.random.default_rng(seed)
    gaussian = generator.normal(size=(2, qubits, 2, 2)) + 1j * generator.normal(
        size=(2, qubits, 2, 2)
    )
    left, right = np.linalg.qr(gaussian)[0]
    return left @ np.diag([1.0, 1 / condition_number]) @ right


def chain(condition_number: float, qubits: int = 5) -> QuantumGenerativeState:
    """Return a chain, all of it visible."""
    edges = tuple((i, i + 1) for i in range(qubits - 1))
    return QuantumGenerativeState(edges, filtered(qubits, condition_number), range(qubits))
