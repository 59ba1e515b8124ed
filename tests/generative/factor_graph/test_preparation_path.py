"""The exact prediction of what a path keeps, against its gates."""

import numpy as np
import pytest
from factor_graph_models import filtered
from qiskit.quantum_info import Operator

from qml_algos.generative.factor_graph.path_plan import plan_path
from qml_algos.generative.factor_graph.preparation_path import kept_state, path_circuit
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

TRIANGLE = ((0, 1), (1, 2), (0, 2))


@pytest.mark.parametrize("projected", [(), (1,)])
def test_the_kept_branch_of_all_gates_is_the_one_predicted(projected: tuple[int, ...]) -> None:
    """Gate by gate, with every measured bit projected on 0."""
    state = QuantumGenerativeState(TRIANGLE, filtered(3, 1.5), (0,), (1,))
    plan = plan_path(state, 0.1)
    circuit = path_circuit(state, plan, projected)
    branch = np.eye(16, dtype=complex)[:, 0]
    zeros = np.arange(16) < 8
    for item in circuit.data:
        operation, qubits = item.operation, [circuit.find_bit(q).index for q in item.qubits]
        if operation.name == "if_else":
            body = operation.blocks[0].copy()
            body.data = [i for i in body.data if i.operation.name not in ("reset", "measure")]
            branch = np.where(zeros, on_all(Operator(body).data, qubits) @ branch, 0)
        elif operation.name == "measure":
            branch = np.where(np.arange(16) >> qubits[0] & 1, 0, branch)
        else:
            branch = on_all(Operator(operation).data, qubits) @ branch
    kept = kept_state(state, plan, projected)
    assert np.linalg.norm(branch) ** 2 == pytest.approx(kept.probability)
    overlap = abs(np.vdot(branch[:8], kept.amplitudes)) / np.linalg.norm(branch)
    assert overlap == pytest.approx(1)
    assert kept.infidelity < 0.1


def on_all(matrix: np.ndarray, qubits: list[int]) -> np.ndarray:
    """Matrix of a gate on four qubits, qubit 0 the least significant bit."""
    k = len(qubits)
    axes = [3 - qubit for qubit in reversed(qubits)]
    tensor = np.eye(16, dtype=complex).reshape(2, 2, 2, 2, 16)
    moved = np.tensordot(matrix.reshape((2,) * 2 * k), tensor, (range(k, 2 * k), axes))
    return np.moveaxis(moved, range(k), axes).reshape(16, 16)
