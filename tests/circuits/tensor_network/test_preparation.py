"""Preparation of matrix product states: what is claimed of a circuit is what it does."""

import itertools

import numpy as np
import pytest
from qiskit import transpile
from qiskit.quantum_info import Statevector
from qiskit.transpiler import CouplingMap, Target

from circuits.matrix_product_state import mps_of_vector, mps_preparation, mps_vector
from circuits.tensor_network.preparation import prepare_mps


def decaying_tensors(sites, bond, complex_entries=False, seed=0):
    """Random tensors whose entries fall off along the right bond."""
    generator = np.random.default_rng(seed)
    bonds = [1, *[min(bond, 2 ** min(i, sites - i)) for i in range(1, sites)], 1]
    tensors = []
    for left, right in itertools.pairwise(bonds):
        tensor = generator.normal(size=(left, 2, right))
        if complex_entries:
            tensor = tensor + 1j * generator.normal(size=tensor.shape)
        tensors.append(tensor * np.exp(-0.5 * np.arange(right)))
    return tensors


def simulated_fidelity(circuit, tensors):
    vector = mps_vector(tensors)
    prepared = Statevector(circuit).data
    return abs(np.vdot(vector, prepared)) ** 2 / np.vdot(vector, vector).real


@pytest.fixture(scope="module")
def tensors():
    return decaying_tensors(7, 4)


@pytest.fixture(scope="module")
def network(tensors):
    return prepare_mps(tensors, fidelity=0.99)


@pytest.mark.parametrize(("complex_entries", "method"), [(False, "network"), (True, "sequential")])
def test_default_is_exact_and_no_dearer_than_closed_formulas(complex_entries, method):
    tensors = decaying_tensors(8, 4, complex_entries)
    prepared = prepare_mps(tensors)
    assert prepared.method == method
    closed = mps_preparation(tensors).num_nonlocal_gates()
    assert prepared.two_qubit_gates <= (closed if complex_entries else 0.9 * closed)
    assert prepared.fidelity == pytest.approx(1, abs=1e-12)
    assert simulated_fidelity(prepared.circuit, tensors) == pytest.approx(1, abs=1e-12)


def test_fidelity_asked_for_is_reached_by_fewer_gates_and_is_that_of_the_circuit(tensors, network):
    assert network.method == "network"
    assert network.fidelity >= 0.99
    assert network.fidelity == pytest.approx(
        simulated_fidelity(network.circuit, tensors), abs=1e-12
    )
    assert network.two_qubit_gates <= 18


def test_stated_count_is_that_after_transpilation(network):
    compiled = transpile(network.circuit, basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.count_ops()["cx"] == network.two_qubit_gates


def test_complex_state_is_prepared_at_the_fidelity_claimed():
    tensors = decaying_tensors(5, 4, complex_entries=True, seed=1)
    prepared = prepare_mps(tensors, fidelity=0.995)
    assert prepared.method == "network"
    assert prepared.fidelity >= 0.995
    assert prepared.fidelity == pytest.approx(
        simulated_fidelity(prepared.circuit, tensors), abs=1e-12
    )


def test_larger_limits_give_better_states_within_them():
    tensors = decaying_tensors(5, 4)
    fidelities = []
    for limit in (0, 7, 11):
        prepared = prepare_mps(tensors, max_two_qubit_gates=limit)
        assert prepared.two_qubit_gates <= limit
        assert prepared.fidelity == pytest.approx(
            simulated_fidelity(prepared.circuit, tensors), abs=1e-12
        )
        fidelities.append(prepared.fidelity)
    assert all(np.diff(fidelities) > 0.004)


def test_low_fidelity_is_met_by_truncation(tensors):
    prepared = prepare_mps(tensors, fidelity=0.3)
    assert prepared.method == "sequential"
    assert 0.3 <= prepared.fidelity < 0.9
    assert prepared.fidelity == pytest.approx(simulated_fidelity(prepared.circuit, tensors))


def test_on_a_line_no_gate_is_spent_on_swaps(tensors):
    line = Target.from_configuration(["cx", "rz", "sx", "x"], coupling_map=CouplingMap.from_line(7))
    prepared = prepare_mps(tensors, fidelity=0.97, target=line)
    assert prepared.method == "network"
    assert prepared.fidelity >= 0.97
    pairs = [
        sorted(map(prepared.circuit.find_bit, item.qubits), key=lambda bit: bit.index)
        for item in prepared.circuit.data
        if len(item.qubits) == 2
    ]
    assert all(second.index - first.index == 1 for first, second in pairs)
    compiled = transpile(prepared.circuit, target=line, optimization_level=2, seed_transpiler=0)
    assert compiled.num_nonlocal_gates() == prepared.two_qubit_gates
    assert prepared.two_qubit_gates <= prepared.circuit.num_nonlocal_gates()


def test_equal_probabilities_of_bars_and_stripes_take_few_gates():
    """All 14 pictures of 3 x 3 pixels, on which growth from bond 2 makes no way."""
    rows = np.array(list(itertools.product((0, 1), repeat=3)))
    pictures = np.concatenate([np.repeat(rows, 3, axis=1), np.tile(rows, 3)])
    vector = np.zeros(512)
    vector[pictures @ (1 << np.arange(9)[::-1])] = 14**-0.5
    tensors = mps_of_vector(vector)
    prepared = prepare_mps(tensors, fidelity=0.99)
    assert prepared.fidelity >= 0.99
    assert prepared.two_qubit_gates <= 100
    assert simulated_fidelity(prepared.circuit, tensors) == pytest.approx(prepared.fidelity)


@pytest.mark.parametrize("sites", [1, 2, 3])
def test_few_sites_are_prepared(sites):
    tensors = decaying_tensors(sites, 4)
    prepared = prepare_mps(tensors, fidelity=0.999)
    assert simulated_fidelity(prepared.circuit, tensors) >= 0.999


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"fidelity": 0.0}, "fidelity"),
        ({"fidelity": 1.1}, "fidelity"),
        ({"fidelity": float("nan")}, "fidelity"),
        ({"max_two_qubit_gates": -1}, "max_two_qubit_gates"),
        ({"target": Target(num_qubits=3)}, "target"),
    ],
)
def test_argument_out_of_range_is_named(tensors, arguments, name):
    with pytest.raises(ValueError, match=name):
        prepare_mps(tensors, **arguments)


@pytest.mark.parametrize(
    "bad", [[], [np.ones((1, 3, 1))], [np.full((1, 2, 1), np.nan)], [np.ones((1, 2))]]
)
def test_bad_tensors_are_named(bad):
    with pytest.raises(ValueError, match="tensors"):
        prepare_mps(bad)
