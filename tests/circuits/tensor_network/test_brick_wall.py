"""Brick walls: short correlations take a depth that hardly grows; circuits do what is claimed."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector
from qiskit.transpiler import CouplingMap, Target

from circuits.matrix_product_state import mps_inner_product, mps_vector, truncate
from circuits.tensor_network.brick_wall import brick_wall
from circuits.tensor_network.preparation import prepare_mps


def two_qubit_depth(circuit):
    return circuit.depth(lambda item: item.operation.num_qubits > 1)


def chain_state(sites, complex_entries=False, seed=0):
    """Square root of a Markov chain of order 1, the phases of its transitions drawn."""
    generator = np.random.default_rng(seed)
    tensors = []
    for _ in range(sites):
        share = generator.uniform(0.15, 0.85, size=2)
        amplitudes = np.sqrt(np.stack([1 - share, share], axis=1))
        if complex_entries:
            amplitudes = amplitudes * np.exp(1j * generator.normal(size=(2, 2)))
        tensors.append(amplitudes[:, :, None] * np.eye(2))
    tensors[0], tensors[-1] = tensors[0][:1], tensors[-1].sum(axis=2, keepdims=True)
    return truncate(tensors, 2)


def cluster_state(sites):
    tensor = np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, -1.0]]])
    return [tensor[:1], *[tensor] * (sites - 2), tensor.sum(axis=2, keepdims=True)]


def ghz_state(sites):
    tensor = np.zeros((2, 2, 2))
    tensor[0, 0, 0] = tensor[1, 1, 1] = 1.0
    first = tensor.sum(axis=0, keepdims=True)
    return [first, *[tensor] * (sites - 2), tensor.sum(axis=2, keepdims=True)]


def simulated_fidelity(circuit, tensors):
    vector = mps_vector(tensors)
    return abs(np.vdot(vector, Statevector(circuit).data)) ** 2 / np.vdot(vector, vector).real


@pytest.mark.parametrize(("sites", "layers"), [(3, 2), (6, 3), (7, 4), (7, 6)])
def test_gates_are_in_layers_on_pairs_by_turns(sites, layers):
    generator = np.random.default_rng(0)
    gates = np.linalg.qr(generator.normal(size=(layers, sites - 1, 4, 4)))[0]
    state = np.eye(1, 2**sites)[0]
    for layer in range(layers):
        for first in range(layer % 2, sites - 1, 2):
            rows = state.reshape(2**first, 4, -1)
            state = (gates[layer, first] @ rows).ravel()
    wall = brick_wall(gates)
    assert len(wall.gates) == sum((sites - layer % 2) // 2 for layer in range(layers))
    assert mps_vector(wall.tensors()) == pytest.approx(state, abs=1e-12)


@pytest.mark.parametrize("complex_entries", [False, True])
def test_wall_is_shallow_and_is_what_is_claimed(complex_entries):
    tensors = chain_state(10, complex_entries)
    prepared = prepare_mps(tensors, fidelity=0.99, objective="depth")
    assert prepared.method == "log-depth"
    assert prepared.fidelity >= 0.99
    assert prepared.fidelity == pytest.approx(
        simulated_fidelity(prepared.circuit, tensors), abs=1e-12
    )
    assert prepared.two_qubit_depth == two_qubit_depth(prepared.circuit) <= 7
    assert prepared.two_qubit_gates == prepared.circuit.num_nonlocal_gates()


def test_tensors_are_the_state_that_the_circuit_prepares():
    prepared = prepare_mps(chain_state(9), fidelity=0.99, objective="depth")
    overlap = np.vdot(mps_vector(prepared.tensors), Statevector(prepared.circuit).data)
    assert abs(overlap) == pytest.approx(1, abs=1e-12)


def test_depth_hardly_grows_with_the_sites_at_the_same_fidelity():
    depths = []
    for sites in (10, 40):
        tensors = chain_state(sites)
        prepared = prepare_mps(tensors, fidelity=0.95, objective="depth")
        assert prepared.fidelity >= 0.95
        assert abs(mps_inner_product(prepared.tensors, tensors)) ** 2 == pytest.approx(
            prepared.fidelity, abs=1e-10
        )
        depths.append(prepared.two_qubit_depth)
    assert depths[1] <= depths[0] + 2 < 10


def test_on_a_line_the_depth_is_that_of_the_circuit():
    line = Target.from_configuration(["cx", "rz", "sx", "x"], coupling_map=CouplingMap.from_line(6))
    tensors = chain_state(6)
    prepared = prepare_mps(tensors, fidelity=0.98, target=line, objective="depth")
    assert prepared.method == "log-depth"
    assert prepared.two_qubit_depth <= two_qubit_depth(prepared.circuit)
    assert prepared.two_qubit_gates <= prepared.circuit.num_nonlocal_gates()


def test_real_state_out_of_reach_of_real_walls_takes_complex_gates():
    tensors = cluster_state(12)
    prepared = prepare_mps(tensors, fidelity=0.99, objective="depth")
    assert prepared.method == "log-depth"
    assert prepared.two_qubit_depth <= 4
    assert prepared.fidelity >= 0.99


def test_long_correlations_are_left_to_a_sequence():
    prepared = prepare_mps(ghz_state(12), fidelity=0.99, objective="depth")
    assert prepared.method == "sequential"
    assert prepared.fidelity == pytest.approx(1)


def test_exact_state_is_left_to_a_sequence():
    prepared = prepare_mps(chain_state(6), objective="depth")
    assert prepared.method == "sequential"
    assert prepared.fidelity == pytest.approx(1, abs=1e-12)


def test_limit_of_gates_goes_before_depth_and_fidelity():
    tensors = chain_state(8)
    prepared = prepare_mps(tensors, fidelity=0.999, max_two_qubit_gates=8, objective="depth")
    assert prepared.two_qubit_gates <= 8
    assert prepared.fidelity < 0.999
    assert prepared.fidelity == pytest.approx(
        simulated_fidelity(prepared.circuit, tensors), abs=1e-12
    )


def test_objective_that_is_none_is_named():
    with pytest.raises(ValueError, match="objective is 'width'"):
        prepare_mps(chain_state(4), objective="width")
