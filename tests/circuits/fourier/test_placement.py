"""Lines of neighbouring qubits on devices."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit.library import CXGate, CZGate
from qiskit.transpiler import CouplingMap, InstructionProperties, Target
from qiskit_ibm_runtime.fake_provider import FakeFez, FakeTorino

from circuits.fourier.placement import Connectivity, connectivity, find_line


def assert_line(device, line, n):
    assert len(line) == len(set(line)) == n
    for pair in pairwise(line):
        assert (min(pair), max(pair)) in device.errors


@pytest.mark.parametrize("backend", [FakeFez, FakeTorino])
@pytest.mark.parametrize("n", [1, 2, 17, 64, 80])
def test_heavy_hex_devices_have_a_line_of_80(backend, n):
    device = connectivity(backend())
    assert_line(device, find_line(device, n), n)


@pytest.mark.parametrize("n", [8, 64, 120])
def test_a_square_lattice_of_120_has_a_line_through_all_of_it(n):
    device = connectivity(CouplingMap.from_grid(10, 12))
    assert_line(device, find_line(device, n), n)


@given(st.integers(2, 12), st.integers(0, 2**32 - 1), st.floats(0.1, 0.7))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_path_of_any_graph_is_one(qubits, seed, density):
    rng = np.random.default_rng(seed)
    edges = {
        (i, j): 0.0 for i in range(qubits) for j in range(i + 1, qubits) if rng.random() < density
    }
    device = Connectivity(qubits, edges)
    for n in range(1, qubits + 1):
        try:
            line = find_line(device, n)
        except ValueError:
            assert n > 2 or not edges
        else:
            assert_line(device, line, n)


def test_the_stretch_with_the_best_gates_is_taken():
    errors = {(q, q + 1): 0.001 if q in (5, 6, 7) else 0.01 for q in range(11)}
    assert set(find_line(Connectivity(12, errors), 4)) == {5, 6, 7, 8}


def test_gates_that_always_fail_are_none_and_the_best_of_two_counts():
    target = Target(num_qubits=3)
    target.add_instruction(
        CZGate(),
        {(0, 1): InstructionProperties(error=1.0), (1, 2): InstructionProperties(error=0.1)},
    )
    target.add_instruction(CXGate(), {(2, 1): InstructionProperties(error=0.05)})
    assert connectivity(target).errors == {(1, 2): 0.05}
