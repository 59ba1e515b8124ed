"""The quantum Fourier transform against numpy's discrete Fourier transform."""

from types import SimpleNamespace

import numpy as np
import pytest
from fourier_checks import bit_reversal, fourier_matrix, two_qubit_depth, unitary
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.quantum_info import Operator
from qiskit.transpiler import CouplingMap, Target

from circuits import qft
from circuits.fourier import fourier_design

SIZES = range(1, 8)
# A line of five with a qubit on a branch.
TREE = CouplingMap([[0, 1], [1, 2], [2, 3], [3, 4], [2, 5]])


@pytest.mark.parametrize("n", SIZES)
def test_unitary_is_the_discrete_fourier_transform(n):
    np.testing.assert_allclose(Operator(qft(n)).data, fourier_matrix(n), atol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_exponent_is_positive_and_qubit_0_least_significant(n):
    size = 2**n
    x, k = np.meshgrid(np.arange(size), np.arange(size))
    expected = np.exp(2j * np.pi * x * k / size) / np.sqrt(size)
    np.testing.assert_allclose(Operator(qft(n)).data, expected, atol=1e-10)


@pytest.mark.parametrize("swaps", [True, False])
@pytest.mark.parametrize("n", SIZES)
def test_inverse_undoes_the_transform(n, swaps):
    both = qft(n, swaps=swaps).compose(qft(n, swaps=swaps, inverse=True))
    np.testing.assert_allclose(Operator(both).data, np.eye(2**n), atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_inverse_is_the_conjugate_transpose(n):
    inverse = Operator(qft(n, inverse=True)).data
    np.testing.assert_allclose(inverse, fourier_matrix(n).conj().T, atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_without_swaps_the_bits_of_k_are_reversed(n):
    unswapped = Operator(qft(n, swaps=False)).data
    np.testing.assert_allclose(bit_reversal(n) @ unswapped, fourier_matrix(n), atol=1e-10)


@pytest.mark.parametrize("n", SIZES)
def test_inverse_without_swaps_expects_the_bits_of_k_reversed(n):
    unswapped = Operator(qft(n, swaps=False, inverse=True)).data
    expected = fourier_matrix(n).conj().T
    np.testing.assert_allclose(unswapped @ bit_reversal(n), expected, atol=1e-10)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("n", [2, 3, 7, 10])
def test_gate_counts_are_the_closed_form_of_the_docstring(n, swaps, inverse):
    compiled = transpile(
        qft(n, swaps=swaps, inverse=inverse), basis_gates=["cx", "u"], optimization_level=0
    )
    assert compiled.count_ops()["cx"] == n * (n - 1) // 2 + 2 * n - 3 + 3 * swaps * (n // 2)


@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("n", [3, 8])
def test_gate_counts_on_a_line_are_those_of_the_docstring(n, swaps):
    circuit = qft(n, CouplingMap.from_line(n), swaps=swaps)
    if swaps:
        assert circuit.num_nonlocal_gates() <= n * n + 5 * n
    else:
        assert circuit.num_nonlocal_gates() == n * n - 2


TARGETS = {
    "coupling map": CouplingMap.from_grid(2, 3),
    "directed": CouplingMap([[0, 1], [2, 1], [2, 3], [3, 4], [5, 4], [5, 0]]),
    "target": Target.from_configuration(["cz", "rz", "sx", "x"], coupling_map=TREE),
    "backend": GenericBackendV2(6, coupling_map=CouplingMap.from_ring(6), seed=1),
    "has a coupling map": SimpleNamespace(coupling_map=CouplingMap.from_line(7)),
}


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("name", TARGETS)
def test_compiled_for_its_layout_it_is_the_transform_without_any_routing(name, swaps, inverse):
    target = TARGETS[name]
    design = fourier_design(5, target, swaps=swaps, inverse=inverse)
    matrix = Operator(qft(5, target, swaps=swaps, inverse=inverse)).data
    expected = fourier_matrix(5).conj().T if inverse else fourier_matrix(5)
    if not swaps:
        expected = expected @ bit_reversal(5) if inverse else bit_reversal(5) @ expected
    np.testing.assert_allclose(matrix, expected, rtol=0, atol=1e-10)
    coupling = getattr(target, "coupling_map", target)
    if isinstance(coupling, Target):
        coupling = coupling.build_coupling_map()
    compiled = transpile(
        design.circuit,
        coupling_map=coupling,
        basis_gates=["cz", "rz", "sx", "x"],
        initial_layout=list(design.layout),
        optimization_level=1,
    )
    assert compiled.count_ops()["cz"] <= design.two_qubit_gates
    assert compiled.layout.routing_permutation() == list(range(coupling.size()))


@given(
    st.integers(1, 6),
    st.sampled_from([0.0, 1e-3, 1e-2, 0.2]),
    st.sampled_from(["count", "depth", "balanced"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_designs_keep_their_promises(n, epsilon, metric, line, swaps, inverse):
    target = CouplingMap.from_line(n) if line and n > 2 else None
    design = fourier_design(n, target, epsilon, metric=metric, swaps=swaps, inverse=inverse)
    # Bit permutation[i] of k is on qubit i.
    place = [
        sum((k >> i & 1) << bit for i, bit in enumerate(design.permutation)) for k in range(2**n)
    ]
    exact = fourier_matrix(n)[place]
    made = unitary(design.circuit)
    made = made.conj().T if inverse else made
    infidelity = 1 - abs(np.vdot(exact, made) / 2**n) ** 2
    assert infidelity <= design.process_infidelity + 1e-12
    assert design.process_infidelity <= epsilon
    assert np.linalg.norm(made - exact, 2) <= design.operator_norm_bound + 1e-10
    compiled = transpile(design.circuit, basis_gates=["cx", "u"], optimization_level=0)
    assert compiled.num_nonlocal_gates() == design.two_qubit_gates
    assert two_qubit_depth(compiled) == design.two_qubit_depth
    assert swaps is False or design.permutation == tuple(range(n))


@pytest.mark.parametrize("epsilon", [0.0, 1e-6, 1e-2])
@pytest.mark.parametrize("n", [8, 32])
def test_each_metric_is_least_where_it_is_asked_for(n, epsilon):
    line = CouplingMap.from_line(n)
    designs = {
        metric: fourier_design(n, line, epsilon, metric=metric, swaps=False)
        for metric in ("count", "depth", "balanced")
    }
    fewest = min(d.two_qubit_gates for d in designs.values())
    assert designs["count"].two_qubit_gates == fewest
    assert designs["depth"].two_qubit_depth == min(d.two_qubit_depth for d in designs.values())
    near = [d.two_qubit_depth for d in designs.values() if d.two_qubit_gates <= 1.3 * fewest]
    assert designs["balanced"].two_qubit_gates <= 1.3 * fewest
    assert designs["balanced"].two_qubit_depth == min(near)


@pytest.mark.parametrize(
    ("n", "exact", "close", "rough", "depth"),
    [
        (8, 62, 62, 50, 36),
        (16, 254, 250, 150, 80),
        (32, 1022, 710, 370, 170),
        (64, 4094, 1640, 900, 340),
    ],
)
def test_a_line_takes_no_more_than_was_promised(n, exact, close, rough, depth):
    line = CouplingMap.from_line(n)
    for epsilon, gates in ((0.0, exact), (1e-6, close), (1e-2, rough)):
        assert fourier_design(n, line, epsilon, swaps=False).two_qubit_gates <= gates
    assert fourier_design(n, line, 1e-6, metric="depth").two_qubit_depth <= depth


@pytest.mark.parametrize(("n", "gates"), [(8, 44), (16, 130), (32, 342), (64, 840)])
def test_any_two_qubits_take_no_more_than_was_promised(n, gates):
    assert fourier_design(n, epsilon=1e-2, swaps=False).two_qubit_gates <= gates


def test_exact_designs_promise_no_error():
    design = fourier_design(7)
    assert design.process_infidelity == design.operator_norm_bound == 0
    assert design.layout is None


@pytest.mark.parametrize(
    "target", [CouplingMap.from_full(4), Target.from_configuration(["cz", "rz"], num_qubits=4)]
)
def test_a_target_where_all_qubits_meet_needs_no_line(target):
    assert fourier_design(4, target).layout is None


@pytest.mark.parametrize("epsilon", [-1e-9, 1.0, float("nan")])
def test_an_epsilon_that_is_no_infidelity_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon = "):
        qft(3, epsilon=epsilon)


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="metric = 'time': known are 'count', 'depth'"):
        fourier_design(3, metric="time")


@pytest.mark.parametrize("target", ["fez", 5, object()])
def test_what_is_no_target_is_refused(target):
    with pytest.raises(TypeError, match=r"target = .*CouplingMap"):
        qft(3, target)


def test_more_qubits_than_a_target_has_are_refused():
    with pytest.raises(ValueError, match="n = 5: the target has 4 qubits"):
        qft(5, CouplingMap.from_line(4))


def test_a_target_without_a_long_enough_line_is_refused_by_how_long_it_is():
    star = CouplingMap([[0, leaf] for leaf in range(1, 6)])
    with pytest.raises(ValueError, match=r"n = 4: the longest line .* has 3 of its 6 qubits"):
        qft(4, star)


@pytest.mark.parametrize("n", [0, -1])
def test_fewer_than_one_qubit_is_refused(n):
    with pytest.raises(ValueError, match=f"n = {n}"):
        qft(n)


def test_every_call_returns_a_new_circuit():
    first = qft(2)
    first.x(0)
    np.testing.assert_allclose(Operator(qft(2)).data, fourier_matrix(2), atol=1e-10)
    assert isinstance(first, QuantumCircuit)
