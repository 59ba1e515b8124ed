from __future__ import annotations

import numpy as np
import pytest
from feature_map_states import same_state, state_of
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import zz_feature_map

from circuits.feature_maps import IQPMap, PauliMap, ZZMap
from circuits.feature_maps.pair_phases import layer_gates
from circuits.overlap import uncomputed_overlap

LAYOUTS = [("full", "all"), ("full", "line"), ("linear", "all"), ("circular", "all")]


def _row(n: int) -> np.ndarray:
    return np.random.default_rng(n).normal(size=n)


@pytest.mark.parametrize(("entanglement", "connectivity"), LAYOUTS)
@pytest.mark.parametrize("repetitions", [1, 2, 3])
def test_zz_map_prepares_the_state_of_qiskit(repetitions, entanglement, connectivity):
    for n in (2, 3, 4, 5, 6):
        state = state_of(ZZMap(repetitions, entanglement, connectivity), _row(n))
        peer = zz_feature_map(n, repetitions, entanglement).assign_parameters(_row(n))
        assert same_state(state, peer)


@pytest.mark.parametrize("connectivity", ["all", "line"])
@pytest.mark.parametrize("repetitions", [1, 2])
def test_iqp_map_prepares_the_state_of_its_definition(repetitions, connectivity):
    """RZ by the features and RZZ by their products, as PennyLane's IQPEmbedding."""
    for n in (1, 2, 5):
        row = _row(n)
        literal = QuantumCircuit(n)
        for _ in range(repetitions):
            literal.h(range(n))
            for i in range(n):
                literal.rz(row[i], i)
                for j in range(i):
                    literal.rzz(row[i] * row[j], i, j)
        state = state_of(IQPMap(repetitions, connectivity=connectivity), row)
        assert same_state(state, literal)


def test_pair_maps_are_pauli_maps_by_fewer_gates():
    row = _row(4)
    for short, long in [
        (ZZMap(), PauliMap()),
        (IQPMap(), PauliMap(repetitions=1, scale=1.0, data_map="products")),
    ]:
        assert same_state(state_of(short, row), state_of(long, row))
        assert short.two_qubit_gates(4) < long.two_qubit_gates(4)


@pytest.mark.parametrize(("entanglement", "connectivity"), LAYOUTS)
def test_cx_and_rotations_are_as_many_as_stated(entanglement, connectivity):
    for n in range(1, 13):
        for repetitions in (1, 2, 3):
            feature_map = ZZMap(repetitions, entanglement, connectivity)
            counts = feature_map.circuit(n).count_ops()
            assert counts.get("cx", 0) == feature_map.two_qubit_gates(n)
            assert counts["p"] == feature_map.rotations(n)


def test_closed_form_of_the_docstring():
    for n in range(2, 12):
        for r in (1, 2, 5):
            assert ZZMap(r).two_qubit_gates(n) == r * (n * n + n - 2) // 2 - (n - 1)
            line = r * ((n - 2) ** 2 + n // 2 - 1 + 2 * (n - 1)) - (n - 1)
            assert ZZMap(r, connectivity="line").two_qubit_gates(n) == line
            assert ZZMap(r, "linear").two_qubit_gates(n) == (2 * r - 1) * (n - 1)


def test_one_cx_for_each_pair_in_the_first_layer():
    assert [layer_gates(n, "full", "all")[0] for n in (2, 3, 8)] == [1, 3, 28]


def test_on_a_line_only_neighbours_meet():
    for n in (2, 3, 6, 7):
        circuit = ZZMap(3, connectivity="line").circuit(n)
        for gate in circuit:
            places = [circuit.find_bit(qubit).index for qubit in gate.qubits]
            assert len(places) == 1 or abs(places[0] - places[1]) == 1


@pytest.mark.parametrize("connectivity", ["all", "line"])
def test_two_qubit_depth_is_linear(connectivity):
    depths = [
        ZZMap(connectivity=connectivity).circuit(n).depth(lambda gate: len(gate.qubits) == 2)
        for n in (8, 16, 24)
    ]
    assert depths[2] - depths[1] == depths[1] - depths[0]


def test_walk_back_cancels_in_overlaps():
    n = 5
    circuit = ZZMap().circuit(n)
    other = circuit.assign_parameters(np.arange(circuit.num_parameters) / 7)
    both = uncomputed_overlap(circuit.assign_parameters(np.ones(circuit.num_parameters)), other)
    compiled = transpile(both, basis_gates=["cx", "h", "p"], optimization_level=1)
    assert compiled.count_ops()["cx"] == 2 * ZZMap().two_qubit_gates(n) - 2 * (n - 1)
